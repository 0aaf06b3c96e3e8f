//! Lists that are the portal's and lists that are not.

use chrono::TimeZone;

use super::*;
use crate::model::{Precision, Stamp};

fn at(minutes: i64) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 23, 8, 0, 0).unwrap() + TimeDelta::minutes(minutes)
}

fn url(text: &str) -> PageUrl {
    PageUrl::parse(text).unwrap()
}

fn item(address: &str, title: &str, dated: bool) -> Candidate {
    let published = dated.then(|| Stamp { at: at(0).fixed_offset(), precision: Precision::Day });
    Candidate { url: url(address), title: title.to_owned(), published, summary: None, given: None }
}

fn news(range: std::ops::Range<u32>) -> Vec<Candidate> {
    range
        .map(|n| {
            item(&format!("http://town.example/news/{n}.html"), &format!("Council meets, number {n}"), true)
        })
        .collect()
}

fn verdict(found: &[Candidate], place: &str, stands: bool, doubt: Option<&Doubt>, now: i64) -> Verdict {
    let (page, last) = (url("http://town.example/"), news(1..21));
    judge(
        List { items: found, place: Some(place), page: &page },
        List { items: &last, place: Some("ul.news > li"), page: &page },
        stands,
        doubt,
        at(now),
    )
}

#[test]
fn new_articles_are_never_held_back_however_many() {
    for found in [news(1..21), news(15..35), news(100..150), news(500..501)] {
        assert_eq!(verdict(&found, "ul.news > li", false, None, 0), Verdict::Fits);
    }
}

#[test]
fn a_list_that_moved_is_known_by_its_articles_and_brings_no_strangers() {
    let mut found = news(5..25);
    found.push(item("http://town.example/shop/cart?add=1", "Mugs with the town's arms", false));
    let Verdict::Changed { detail, strangers } = verdict(&found, "div.cards > div", false, None, 0) else {
        panic!("not changed");
    };
    assert!(detail.contains("ul.news > li") && detail.contains("div.cards > div"), "{detail}");
    assert_eq!(strangers, [20]);
    // other addresses, same titles
    let renamed: Vec<Candidate> = (1..21)
        .map(|n| item(&format!("http://town.example/a/{n}-x"), &format!("Council meets, Number {n}"), true))
        .collect();
    assert!(
        matches!(verdict(&renamed, "main > article", false, None, 0), Verdict::Changed { strangers, .. } if strangers.is_empty())
    );
}

#[test]
fn what_stands_beside_an_empty_list_is_not_the_list() {
    assert!(matches!(verdict(&news(3..11), "div.hot > li", true, None, 0), Verdict::Emptied { .. }));
    let links: Vec<Candidate> =
        (0..8).map(|n| item(&format!("http://town.example/s/{n}"), "Services of the town", false)).collect();
    assert!(matches!(verdict(&links, "div.side > li", true, None, 0), Verdict::Emptied { .. }));
}

#[test]
fn strangers_are_held_back_until_they_stay() {
    let casino: Vec<Candidate> = (0..20)
        .map(|n| item(&format!("http://bets.example/play/{n}"), "Best odds for everybody today", false))
        .collect();
    let mut doubt = None;
    for (now, held) in [(0, true), (20, true), (40, true), (61, false)] {
        match verdict(&casino, "div.c > a", false, doubt.as_ref(), now) {
            Verdict::Strange { detail, doubt: next } if held => {
                assert!(detail.contains("sites"), "{detail}");
                doubt = Some(next);
            }
            Verdict::Changed { detail, .. } if !held => assert!(detail.contains("believed"), "{detail}"),
            other => panic!("{now}: {other:?}"),
        }
    }
    let menu: Vec<Candidate> = (0..9)
        .map(|n| item(&format!("http://town.example/office/{n}/form"), "Forms of an office", false))
        .collect();
    assert!(matches!(verdict(&menu, "nav > li", false, None, 0), Verdict::Strange { .. }));
    let chinese: Vec<Candidate> = (30..50)
        .map(|n| item(&format!("http://town.example/news/{n}.html"), "在线娱乐平台欢迎您", true))
        .collect();
    assert!(matches!(verdict(&chinese, "ul.news > li", false, None, 0), Verdict::Strange { .. }));
}

#[test]
fn a_slow_answer_is_slow_by_the_portals_own_measure() {
    let mut kept = Vec::new();
    for ms in [100, 120, 90, 2000, 110] {
        kept = pace(&kept, ms).0;
    }
    assert_eq!(pace(&kept, 900).1, Some(110));
    assert_eq!(pace(&kept, 400).1, None);
    assert_eq!(pace(&kept[..2], 9000).1, None);
    for n in 0..50 {
        kept = pace(&kept, n).0;
    }
    assert_eq!(kept.len(), PACES);
}

#[test]
fn a_list_that_stands_elsewhere_for_a_day_is_the_list_though_its_old_place_is_there() {
    let mut doubt: Option<Doubt> = None;
    let mut hours = 0;
    let changed = loop {
        // its articles are others each time, and the least address of them too
        let first = 30 - u32::try_from(hours % 3).unwrap();
        match verdict(&news(first..first + 9), "main > article", true, doubt.as_ref(), hours * 60) {
            Verdict::Emptied { doubt: grown } => doubt = grown,
            other => break other,
        }
        hours += 6;
        assert!(hours < 100, "never believed");
    };
    assert!(matches!(changed, Verdict::Changed { .. }) && hours == 24, "{changed:?} after {hours} h");
    // a doubt of times to come, left by a clock that was ahead, holds nothing back for long
    let ahead = doubt.map(|doubt| Doubt { since: at(60 * 24 * 400), ..doubt });
    assert!(matches!(
        verdict(&news(30..39), "main > article", true, ahead.as_ref(), 0),
        Verdict::Emptied { .. }
    ));
}

#[test]
fn what_a_page_leads_to_is_believed_when_it_stays() {
    let parts = [url("http://town.example/list.json")];
    let first = leads_on(&parts, None, at(0)).unwrap_err();
    let second = leads_on(&parts, Some(&first), at(30)).unwrap_err();
    assert!(leads_on(&parts, Some(&second), at(59)).is_err());
    assert!(leads_on(&parts, Some(&second), at(61)).is_ok());
    assert!(leads_on(&[url("http://town.example/other")], Some(&second), at(61)).is_err());
}
