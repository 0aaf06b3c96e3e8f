//! The sample site as a visitor meets it.

use std::collections::HashSet;

use chrono::{DateTime, Duration, Utc};

use super::*;
use crate::decode::{Hints, decode};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn noon() -> DateTime<Utc> {
    at("2026-11-23T04:00:00Z")
}

fn text(answer: &Answer) -> String {
    let hints = Hints { fixed: None, content_type: Some(answer.content_type) };
    decode(&answer.body, hints).text
}

fn ids(list: &str) -> Vec<String> {
    let rows = list.split("<td height=26>").skip(1);
    rows.filter_map(|row| row.split("show.asp?id=").nth(1)?.split('"').next().map(str::to_owned)).collect()
}

/// A page without what moves at each request.
fn still(page: &str) -> String {
    let start = page.find("<div class=\"tit\">").unwrap();
    let end = page.find("<div class=\"share\">").unwrap();
    let article = &page[start..end];
    let (before, rest) = article.split_once("<span id=hit>").unwrap();
    let (_, after) = rest.split_once("</span>").unwrap();
    format!("{before}{after}")
}

#[test]
fn the_bytes_are_gbk_under_a_gb2312_label_and_no_header_says_so() {
    let answer = Site::new(noon()).answer(Site::LIST, noon());
    assert_eq!((answer.status, answer.content_type), (200, "text/html"));
    assert!(std::str::from_utf8(&answer.body).is_err());
    let read = decode(&answer.body, Hints { fixed: None, content_type: Some("text/html") });
    assert_eq!((read.charset, read.errors), ("GBK", 0));
    assert!(read.text.contains("charset=gb2312") && read.text.contains("您的位置"));
    assert!(!read.text.contains("&#"), "a character that GBK does not have");
}

#[test]
fn the_first_page_is_full_and_a_second_follows_once_there_is_more() {
    let site = Site::new(noon());
    let first = text(&site.answer(Site::LIST, noon()));
    assert_eq!(ids(&first).len(), 20);
    assert!(!first.contains("下一页"));
    let later = noon() + Duration::minutes(20);
    let first = text(&site.answer(Site::LIST, later));
    assert!(first.contains("<a class=next href=\"list.asp?classid=3&page=2\">下一页</a>"));
    let second = text(&site.answer("/news/list.asp?classid=3&page=2", later));
    assert_eq!((ids(&first).len(), ids(&second).len()), (20, 10));
    let all: HashSet<String> = ids(&first).into_iter().chain(ids(&second)).collect();
    assert_eq!(all.len(), 30);
    assert_eq!(site.answer("/news/list.asp?classid=3&page=3", later).status, 404);
}

#[test]
fn a_new_article_appears_every_two_minutes_at_the_top() {
    let site = Site::new(noon());
    let mut seen = ids(&text(&site.answer(Site::LIST, noon())));
    for minutes in [2, 4, 6] {
        let list = ids(&text(&site.answer(Site::LIST, noon() + Duration::minutes(minutes))));
        assert_eq!(list[1..], seen[..19]);
        seen = list;
    }
}

#[test]
fn long_titles_are_cut_in_the_list_and_whole_in_their_attribute() {
    let list = text(&Site::new(noon()).answer(Site::LIST, noon()));
    assert!(list.contains(
        "title=\"第十七届芦汀龙舟赛开始报名 三十二支队伍名额先到先得\">第十七届芦汀龙舟赛开始报名 三十二支…</a>"
    ));
}

#[test]
fn every_listed_article_can_be_read_and_says_when_it_appeared() {
    let site = Site::new(noon());
    let list = text(&site.answer(Site::LIST, noon()));
    for id in ids(&list) {
        let answer = site.answer(&format!("/news/show.asp?id={id}"), noon());
        let page = text(&answer);
        assert_eq!(answer.status, 200);
        assert!(page.contains("<div class=\"info\">发布时间:2026/1") && page.contains("人感兴趣"), "{page}");
        assert!(page.contains("芦汀新闻资讯</a> > <a href=\"list.asp?classid=3\">芦汀</a>"));
        assert!(still(&page).matches("<br>\n<br>").count() >= 3);
    }
}

#[test]
fn a_restart_changes_no_article() {
    let (first, then) = (Site::new(noon()), Site::new(noon() + Duration::minutes(77)));
    let later = noon() + Duration::minutes(78);
    let before = ids(&text(&first.answer(Site::LIST, noon())));
    for id in &before {
        let path = format!("/news/show.asp?id={id}");
        assert_eq!(still(&text(&first.answer(&path, noon()))), still(&text(&then.answer(&path, later))));
    }
    let after = ids(&text(&then.answer(Site::LIST, later)));
    assert_eq!(before[8..], after[8..], "the dozen keep their numbers and places");
}

#[test]
fn counters_and_the_generation_time_move_at_each_fetch() {
    let site = Site::new(noon());
    let id = ids(&text(&site.answer(Site::LIST, noon()))).pop().unwrap();
    let path = format!("/news/show.asp?id={id}");
    let (one, other) = (text(&site.answer(&path, noon())), text(&site.answer(&path, noon())));
    assert_ne!(one, other);
    assert_eq!(still(&one), still(&other));
    let later = text(&site.answer(&path, noon() + Duration::seconds(1)));
    assert!(later.contains("Published at 2026/11/23 12:00:01, Powered By"));
}

#[test]
fn side_columns_link_articles_that_no_list_of_the_town_holds() {
    let site = Site::new(noon());
    let list = text(&site.answer(Site::LIST, noon()));
    let popular = list.split("热门资讯").nth(1).unwrap();
    let listed = ids(&list);
    let beside: Vec<&str> =
        popular.split("show.asp?id=").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(beside.len(), 4);
    for id in beside {
        assert!(!listed.contains(&id.to_owned()));
        assert_eq!(site.answer(&format!("/news/show.asp?id={id}"), noon()).status, 200);
    }
}

#[test]
fn a_picture_is_a_png_and_only_where_an_article_shows_one() {
    let site = Site::new(noon());
    let list = text(&site.answer(Site::LIST, noon()));
    let mut pictures = 0;
    for id in ids(&list) {
        let page = text(&site.answer(&format!("/news/show.asp?id={id}"), noon()));
        let answer = site.answer(&format!("/uploadfile/{id}.png"), noon());
        assert_eq!(page.contains("<img "), answer.status == 200);
        if answer.status == 200 {
            pictures += 1;
            assert_eq!(answer.content_type, "image/png");
            assert!(answer.body.starts_with(b"\x89PNG") && answer.body.len() > 200);
        }
    }
    assert_eq!(pictures, 5);
}

#[test]
fn what_is_not_there_is_404_and_robots_are_told() {
    let site = Site::new(noon());
    let future = ids(&text(&site.answer(Site::LIST, noon() + Duration::minutes(2)))).swap_remove(0);
    for path in [
        "/nothing.asp",
        "/news/show.asp",
        "/news/show.asp?id=",
        "/news/show.asp?id=0",
        "/news/show.asp?id=18446744073709551615",
        "/news/show.asp?id=99999",
        "/news/list.asp?classid=9",
        "/news/list.asp?classid=3&page=0",
        "/news/list.asp?classid=3&page=18446744073709551615",
        "/uploadfile/../etc.png",
        &format!("/news/show.asp?id={future}"),
    ] {
        let answer = site.answer(path, noon());
        assert_eq!(answer.status, 404, "{path}");
        assert!(text(&answer).contains("找不到该页"));
    }
    let robots = site.answer("/robots.txt", noon());
    assert_eq!((robots.status, robots.content_type), (200, "text/plain"));
}

#[test]
fn a_site_before_its_own_calendar_still_answers() {
    let then = at("1970-01-01T00:00:10Z");
    assert_eq!(ids(&text(&Site::new(then).answer(Site::LIST, then))).len(), 12);
}
