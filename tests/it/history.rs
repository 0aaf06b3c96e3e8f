//! A scripted history: edits, moves, re-posts, withdrawals, restorations and look-alikes. Each article keeps its id,
//! and `updated` moves with edits only.

use chrono::TimeDelta;

use crate::town::{Piece, State, World, subject};

/// What happens between two visits.
type Event = (&'static str, fn(&mut World));

fn edits() -> Vec<Event> {
    vec![
        ("nothing but noise", |_| {}),
        ("a body is edited", |w| w.pieces[0].edit(None, Some("更正：开放时间为每天早上七点。"))),
        ("a title is edited a little", |w| w.pieces[1].edit(Some("老城菜场完成改造工程"), None)),
        ("a title is edited whole", |w| w.pieces[2].edit(Some("公交集团：夜间班次有调整"), None)),
        ("title and body are edited", |w| w.pieces[3].edit(Some("学校场地开放"), Some("报名从周一开始。"))),
        ("an edit is taken back", |w| w.pieces[1].edit(Some("老城菜场完成改造"), None)),
        ("two are edited at once", |w| {
            w.pieces[0].edit(Some("河堤步道本周末开放"), None);
            w.pieces[4].edit(None, Some("详情见馆内公告。"));
        }),
    ]
}

fn moves() -> Vec<Event> {
    vec![
        ("a path moves", |w| w.pieces[4].path = "/article/2026/104.shtml".to_owned()),
        ("one is posted again, its title edited a little", |w| {
            w.pieces[5].path = "/news/show-905.html".to_owned();
            w.pieces[5].edit(Some("青石桥封闭检修三天（更新）"), None);
        }),
        ("a session stands in the list", |w| w.pieces[6].query = "?sid=3f9c01d7e2b845a6"),
        ("another session", |w| w.pieces[6].query = "?sid=a04e77b91c5d2f38"),
        ("the list counts clicks", |w| w.pieces[7].query = "?utm_source=list&from=index"),
        ("the list links the print view", |w| w.pieces[8].query = "?print=1"),
        ("the print view is a folder", |w| w.pieces[8].query = "/print"),
        ("and the page again", |w| w.pieces[8].query = ""),
        ("the AMP page is listed", |w| w.pieces[7].query = "?amp=1"),
        ("path and body change, the portal's number stays", |w| {
            w.pieces[9].path = "/content/post_109.html".to_owned();
            w.pieces[9].edit(None, Some("补充：咨询电话已经开通。"));
        }),
        ("a page says which address is its own", |w| {
            w.pieces[10].canonical = Some("/news/show-110.html".to_owned());
        }),
        ("path and body change, the canonical address stays", |w| {
            w.pieces[10].path = "/zt/spring/index-a.html".to_owned();
            w.pieces[10].edit(None, Some("补充：活动改在周日。"));
        }),
        ("one is posted again as it was", |w| w.pieces[11].path = "/news/show-911.html".to_owned()),
        ("and once more", |w| {
            w.pieces[11].path = "/news/show-912.html".to_owned();
        }),
        ("a redesign moves ten", |w| {
            for n in 0..10 {
                w.pieces[n].path = format!("/v2/{}.html", 100 + n);
                w.pieces[n].query = "";
            }
        }),
        ("one that moved is edited", |w| w.pieces[3].edit(None, Some("名额有限。"))),
    ]
}

fn notice(n: u32, day: u32) -> Piece {
    let body = format!(
        "因管网检修，第{n}期停水安排如下：新华路以东、建设街以北的居民楼夜间停水，请提前储水，停水时间以现场通知为准。"
    );
    Piece::new(&format!("/notice/{n}.html"), &format!("第{n}期停水通知"), &body, day, 60 + n)
}

/// The same words on another day.
fn again(day: u32) -> Piece {
    let body = "本周便民服务队在镇广场设点，提供理发、磨刀、小家电维修等服务，欢迎居民前往，雨天顺延。";
    Piece::new(&format!("/notice/fuwu-{day}.html"), "便民服务通知", body, day, 200)
}

/// One of several that all name one page as canonical.
fn misled(n: u32, canonical: &str) -> Piece {
    let body = format!(
        "现将{n}号小区的门禁升级安排公布如下，请居民携带证件到物业办理，过期将影响出入，不便之处请谅解。"
    );
    let mut piece = Piece::new(&format!("/notice/menjin-{n}.html"), "门禁升级通知", &body, 19, 210 + n);
    piece.canonical = Some(canonical.to_owned());
    piece
}

fn look_alikes() -> Vec<Event> {
    vec![
        ("thirty weekly notices with near-equal titles and texts", |w| {
            for n in 1..=30 {
                w.add(notice(n, n.min(19)));
            }
        }),
        ("and two more of the same day", |w| {
            w.add(notice(31, 19));
            w.add(notice(32, 19));
        }),
        ("the same words on three days", |w| {
            for day in [5, 12, 19] {
                w.add(again(day));
            }
        }),
        ("two name the front page as canonical", |w| {
            w.add(misled(1, "/"));
            w.add(misled(2, "/"));
        }),
        ("one names a section", |w| w.add(misled(3, "/notice/"))),
        ("then another of the same title and day", |w| w.add(misled(4, "/notice/"))),
        ("and a third", |w| w.add(misled(5, "/notice/"))),
        ("the first notice leaves the list, one with the next number comes", |w| {
            let at = w.pieces.iter().position(|piece| piece.title == "第19期停水通知").unwrap();
            w.pieces[at].listed = false;
            w.add(notice(33, 19));
        }),
        ("a notice is edited", |w| {
            let at = w.pieces.iter().position(|piece| piece.title == "第7期停水通知").unwrap();
            w.pieces[at].edit(None, Some("更正：改为周四夜间。"));
        }),
        ("all notices move", |w| {
            for piece in
                w.pieces.iter_mut().filter(|piece| piece.listed && piece.path.starts_with("/notice/"))
            {
                piece.path = piece.path.replace("/notice/", "/tongzhi/2026/");
            }
        }),
    ]
}

fn withdrawals() -> Vec<Event> {
    vec![
        ("two are gone, 404 and 410", |w| {
            w.pieces[0].state = State::Status(404);
            w.pieces[1].state = State::Status(410);
        }),
        ("seen for the second time; two more say so in words and by a redirect", |w| {
            w.pieces[0].withdrawn = true;
            w.pieces[1].withdrawn = true;
            w.pieces[2].state = State::Soft;
            w.pieces[3].state = State::Home;
        }),
        ("those too", |w| {
            w.pieces[2].withdrawn = true;
            w.pieces[3].withdrawn = true;
        }),
        ("one is forbidden, one fails", |w| {
            w.pieces[4].state = State::Status(403);
            w.pieces[5].state = State::Status(500);
        }),
        ("still", |_| {}),
        ("both are back; so is a withdrawn one", |w| {
            w.pieces[4].state = State::Here;
            w.pieces[5].state = State::Here;
            w.pieces[0].state = State::Here;
            w.pieces[0].withdrawn = false;
        }),
        ("one comes back edited", |w| {
            w.pieces[1].state = State::Here;
            w.pieces[1].withdrawn = false;
            w.pieces[1].edit(None, Some("更正：菜场周日也营业。"));
        }),
        ("one comes back under another address", |w| {
            w.pieces[2].state = State::Here;
            w.pieces[2].withdrawn = false;
            w.pieces[2].path = "/v3/102.html".to_owned();
        }),
        ("every page answers 404", |w| w.is_broken = true),
        ("still", |_| {}),
        ("and no more", |w| w.is_broken = false),
        ("one is gone for one look only", |w| w.pieces[6].state = State::Status(404)),
        ("it answers again", |w| w.pieces[6].state = State::Here),
        ("gone again: the count begins anew", |w| w.pieces[6].state = State::Status(404)),
        ("and back", |w| w.pieces[6].state = State::Here),
    ]
}

#[test]
fn a_long_history_makes_no_double_and_no_false_merge_and_moves_updated_by_edits_only() {
    let mut town = World::new();
    for n in 0..12 {
        town.add(subject(n));
    }
    let visited = town.visit("the first visit");
    assert_eq!((visited.counts.new, visited.error), (12, None));
    let events: Vec<Event> = [edits(), moves(), withdrawals(), look_alikes()].concat();
    assert!(events.len() >= 48, "{}", events.len());
    for (name, event) in events {
        event(&mut town);
        town.visit(name);
    }
    assert!(town.atom().contains("<at:deleted-entry "), "one is still gone");
    assert_eq!(town.atom().matches("<at:deleted-entry ").count(), 1);
    assert_eq!(town.stored().len(), town.pieces.iter().filter(|piece| !piece.withdrawn).count());
}

#[test]
fn one_that_left_the_list_is_found_gone_by_its_plan_and_found_back_after_a_week() {
    let mut town = World::new();
    for n in 0..8 {
        town.add(subject(n));
    }
    town.visit("the first visit");
    town.pieces[0].listed = false;
    town.pieces[0].state = State::Status(404);
    // three hours after it was read, or a little later, and again an hour after that
    for look in 1..=6 {
        let visited = town.visit_unchecked();
        town.pieces[0].withdrawn |= visited.counts.withdrawn == 1;
        town.compare("it left the list and is gone");
        assert!(look >= 4 || !town.pieces[0].withdrawn, "gone after {look} visits");
    }
    assert!(town.pieces[0].withdrawn);
    assert!(town.atom().contains("<at:deleted-entry "));
    town.visit("nothing more happens");
    town.pieces[0].state = State::Here;
    town.visit("it is back, but nobody looks so soon");
    town.stand.visits.clock.advance(TimeDelta::days(8));
    town.pieces[0].withdrawn = false;
    town.visit("a week later");
    assert!(!town.atom().contains("at:deleted-entry"));
}
