//! Walls in front of a portal that was read before: told as what they are, with rest; what was read stays.

use chrono::TimeDelta;
use tidings::model::Kind;

use crate::portal::{self, Page};
use crate::stand::Stand;

const NOW: &str = "2026-11-23T08:00:00Z";

/// Answers that stand before a site: status and page.
fn walls() -> Vec<(&'static str, u16, String)> {
    checks().into_iter().chain(gates()).collect()
}

/// Checks of who comes.
fn checks() -> Vec<(&'static str, u16, String)> {
    vec![
        (
            "a script that sets a cookie, with 521",
            521,
            "<script>document.cookie=('_')+('_')+('js')+('l')+'=1|-1|k';location.href=location.pathname+location.search</script>".to_owned(),
        ),
        (
            "a script in pieces, with 412",
            412,
            "<!DOCTYPE html><html><head><meta content=\"aXk4\"><script src=\"/9DhefwqGPrzGxEp9hPaoag/t.9a1.js\" r='m'></script><script>$_ts=window['$_ts'];</script></head><body></body></html>".to_owned(),
        ),
        ("nothing with 202", 202, String::new()),
        (
            "a script and a field for it, with 412",
            412,
            "<html><head><meta content='k{3'><script>$_ts={};$_ts.cd='q1'</script><script src='/k/d.js' r=m></script></head><body><input type=hidden id=z></body></html>".to_owned(),
        ),
        (
            "a proof of work with 200",
            200,
            "<html><head><title>Making sure you're not a bot!</title></head><body><h1>Hold on</h1><p>Loading...</p><script id=anubis_challenge type=application/json>{}</script></body></html>".to_owned(),
        ),
        (
            "a captcha with 200",
            200,
            "<html><head><title>青石新闻网</title></head><body><form action=/verify><p>请输入验证码</p><img src=/captcha.php><input name=code></form></body></html>".to_owned(),
        ),
        ("nothing with 200", 200, String::new()),
        ("a body without words", 200, "<html><head></head><body></body></html>".to_owned()),
        (
            "a check with 403",
            403,
            "<html><head><title>Just a moment...</title></head><body><noscript>Enable JavaScript and cookies to continue</noscript><script>window._cf_chl_opt={}</script></body></html>".to_owned(),
        ),
        (
            "a check with 503",
            503,
            "<html><head><title>Please wait</title></head><body><p>Checking your browser before accessing the site.</p><script src=/cdn-cgi/challenge-platform/h.js></script></body></html>".to_owned(),
        ),
        (
            "a cookie made by a script, with 200",
            200,
            "<html><script>var arg1='9A3F';var _0x=function(){document.cookie='acw_sc__v2='+arg1;location.reload()};setTimeout(_0x,2)</script></html>".to_owned(),
        ),
        (
            "nothing but a script that computes where to go",
            200,
            "<html><body><script>eval(function(p,a){return p}('location.href=\"/news/?t=1\"',2))</script></body></html>".to_owned(),
        ),
        (
            "a frame of a firewall",
            200,
            "<html><head><meta name=robots content=noindex></head><body><iframe src=\"/_Incapsula_Resource?x=1\" width=100% height=100%>Request unsuccessful.</iframe></body></html>".to_owned(),
        ),
    ]
}

/// Further ones: firewalls, pages that ask something first, sites that are shut.
fn gates() -> Vec<(&'static str, u16, String)> {
    vec![
        (
            "a firewall with 405",
            405,
            "<html><head><title>405</title></head><body><div id=block_message></div><p>很抱歉,由于您访问的URL有可能对网站造成安全威胁,您的访问被阻断。</p></body></html>".to_owned(),
        ),
        (
            "a page for consent",
            200,
            "<html lang=de><head><title>Zustimmung erforderlich | Bote</title></head><body><h1>Mit Werbung weiterlesen</h1><p>Wir und unsere bis zu 182 Partner speichern und/oder greifen auf Informationen auf einem Gerät zu.</p><button>Akzeptieren und weiter</button><a href=/pur>Pur-Abo</a></body></html>".to_owned(),
        ),
        (
            "a page for who has logged in",
            200,
            "<html><head><title>Log in | Ledger</title></head><body><h1>Log in to continue</h1><p>This page is for subscribers.</p><form method=post action=/session><input name=email><input name=password type=password></form></body></html>".to_owned(),
        ),
        (
            "a site that its host has shut",
            200,
            "<html><head><title>Account Suspended</title></head><body><h1>This Account has been suspended.</h1></body></html>".to_owned(),
        ),
        (
            "a check that sends on",
            200,
            "<html><head><title>安全验证</title><meta http-equiv=refresh content='0;url=/verify?from=news'></head><body>请稍后</body></html>".to_owned(),
        ),
    ]
}

#[test]
fn every_wall_is_a_challenge_with_rest_and_takes_nothing_away() {
    let stand = Stand::new(NOW);
    portal::town_paper(&stand.site, 5);
    let list = stand.site.get("/news/");
    stand.site.put("/verify?from=news", list.clone());
    assert_eq!(stand.visit().error, None);
    let feed = stand.atom("paper");
    for (name, status, page) in walls() {
        stand.site.put("/news/", Page { status, ..Page::html(page) });
        let mut rests = Vec::new();
        for _ in 0..3 {
            stand.visits.clock.advance(TimeDelta::hours(30));
            let before = stand.site.seen().len();
            let visited = stand.visit();
            assert_eq!(visited.error.map(|fault| fault.class.as_str()), Some("challenge"), "{name}");
            let asked = stand.site.seen();
            let again = asked.iter().skip(before).filter(|seen| seen.path.starts_with("/verify")).count();
            assert_eq!(again, 0, "{name}: it was got around");
            let status = stand.status();
            rests.push((status.next_visit.unwrap() - stand.visits.clock.now()).num_minutes());
        }
        assert!(rests[2] > rests[0] && stand.stored().len() == 5, "{name}: {rests:?}");
        assert_eq!(stand.atom("paper").matches("<entry>").count(), feed.matches("<entry>").count(), "{name}");
        stand.site.put("/news/", list.clone());
        stand.visits.clock.advance(TimeDelta::hours(30));
        assert_eq!(stand.visit().error, None, "{name}");
    }
}

#[test]
fn a_wall_before_a_portal_that_was_never_read_is_one_too() {
    for (name, status, page) in walls() {
        let stand = Stand::new(NOW);
        stand.site.put("/news/", Page { status, ..Page::html(page) });
        let visited = stand.visit();
        assert_eq!(visited.error.map(|fault| fault.class.as_str()), Some("challenge"), "{name}");
    }
}

#[test]
fn a_wall_in_the_place_of_a_feed_or_a_sitemap_is_one_too() {
    for (kind, wall) in [(Kind::Feed, 0), (Kind::Feed, 1), (Kind::Sitemap, 1), (Kind::Sitemap, 4)] {
        let stand = Stand::with(NOW, |configured| {
            configured.lists = vec![configured.lists[0].join("/feed.xml").unwrap()];
            configured.kind = kind;
        });
        let (name, status, page) = walls()
            .into_iter()
            .filter(|(_, status, page)| *status == 200 && !page.is_empty())
            .nth(wall)
            .unwrap();
        stand.site.put("/feed.xml", Page { status, ..Page::html(page) });
        let visited = stand.visit();
        assert_eq!(visited.error.map(|fault| fault.class.as_str()), Some("challenge"), "{name}");
    }
}

#[test]
fn an_article_behind_a_wall_is_asked_again_and_the_others_are_served() {
    let stand = Stand::new(NOW);
    portal::town_paper(&stand.site, 4);
    let article = stand.site.get(&portal::path(2));
    let captcha = walls().into_iter().find(|(name, ..)| *name == "a captcha with 200");
    let (_, _, page) = captcha.unwrap();
    stand.site.put(&portal::path(2), Page::html(page));
    let visited = stand.visit();
    assert_eq!(visited.error, None);
    assert!(stand.stored().len() == 3 && visited.notes > 0);
    stand.site.put(&portal::path(2), article);
    stand.visits.clock.advance(TimeDelta::hours(2));
    stand.visit();
    assert_eq!(stand.stored().len(), 4);
}

#[test]
fn articles_that_are_all_behind_a_wall_are_told_for_as_long_and_asked_less_and_less() {
    let stand = Stand::new(NOW);
    portal::town_paper(&stand.site, 6);
    let open: Vec<Page> = (1..=6).map(|n| stand.site.get(&portal::path(n))).collect();
    let captcha = walls().into_iter().find(|(name, ..)| *name == "a captcha with 200");
    let (_, _, page) = captcha.unwrap();
    for n in 1..=6 {
        stand.site.put(&portal::path(n), Page::html(page.clone()));
    }
    let mut rests = Vec::new();
    for visit in 0..6 {
        let visited = stand.visit_due();
        let class = visited.error.map(|fault| fault.class.as_str());
        assert_eq!(class, Some("challenge"), "visit {visit}");
        let rest = stand.status().next_visit.unwrap() - stand.visits.clock.now();
        rests.push(rest.num_minutes());
        stand.visits.clock.advance(rest);
    }
    assert!(rests[5] > rests[0] * 4, "{rests:?}");
    for (n, page) in (1..=6).zip(open) {
        stand.site.put(&portal::path(n), page);
    }
    assert_eq!(stand.visit_due().error, None);
    assert_eq!(stand.stored().len(), 6);
}

#[test]
fn one_text_in_the_place_of_all_articles_changes_none() {
    let stand = Stand::new(NOW);
    portal::town_paper(&stand.site, 5);
    assert_eq!(stand.visit().error, None);
    let before = stand.atom("paper");
    // a gate that nobody has seen yet: a headline, a few sentences, no word of a wall
    let gate = "<html><head><title>青石门卫室</title></head><body><h1>青石门卫室提醒各位来访者</h1><div class=con><p>\
                门卫室正在核对来访登记，核对完毕之后大门会自动打开，请各位在门外的长椅上坐一坐。</p><p>核对一般只要几秒钟，\
                登记本放在窗台上，写完名字就可以进来。</p></div></body></html>";
    for n in 1..=5 {
        stand.site.put(&portal::path(n), Page::html(gate));
    }
    stand.visits.clock.advance(TimeDelta::days(2));
    stand.visit();
    assert_eq!(stand.atom("paper").matches("门卫室").count(), 0);
    assert_eq!(stand.atom("paper").matches("<entry>").count(), before.matches("<entry>").count());
}
