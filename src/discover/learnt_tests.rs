//! What earlier visits learnt steadies the choice of the list, and no more.

use std::fmt::Write as _;

use chrono::{TimeZone, Utc};

use super::{Context, Learnt, Listing, list};
use crate::model::{PageUrl, Recipe, Traits};
use crate::page::Page;

fn read(markup: &str, learnt: Option<&Traits>) -> Listing {
    read_older(markup, learnt, false)
}

fn read_older(markup: &str, learnt: Option<&Traits>, is_older: bool) -> Listing {
    let page = Page::parse(markup, PageUrl::parse("http://town.example/news/").unwrap());
    let now = Utc.with_ymd_and_hms(2026, 11, 23, 8, 0, 0).unwrap();
    let learnt = learnt.map(|traits| Learnt { traits, items: &[], is_older });
    list(&page, &Context { recipe: &Recipe::default(), now, zone: None, charset: None, learnt })
}

fn rows(folder: &str, numbers: impl Iterator<Item = u32>, dated: bool) -> String {
    numbers.fold(String::new(), |mut rows, n| {
        let date = if dated { " <i>2026-11-20</i>" } else { "" };
        let _ = write!(
            rows,
            "<li><a href=/{folder}/{n}.html>Notice {n} of the council for everybody</a>{date}</li>"
        );
        rows
    })
}

fn page(left: &str, right: &str) -> String {
    format!(
        "<body><div class=a><ul class=listing>{left}</ul></div><div class=b><ul class=entries>{right}</ul></div>"
    )
}

#[test]
fn of_two_like_blocks_the_one_that_moves_is_the_news() {
    let before = page(&rows("services", 1..9, false), &rows("news", 1..9, false));
    let first = read(&before, None);
    assert!(first.items[0].url.as_str().contains("/services/"), "{:?}", first.explanation);
    let after = page(&rows("services", 1..9, false), &rows("news", 2..10, false));
    let moved = Traits { links: first.traits.links, ..Traits::default() };
    let second = read(&after, Some(&moved));
    assert!(second.items[0].url.as_str().contains("/news/"), "{:?}", second.explanation);
}

#[test]
fn the_list_of_the_last_visit_is_kept_while_it_is_as_good() {
    let markup = page(&rows("services", 1..9, false), &rows("news", 1..9, false));
    let learnt = Traits { place: Some("ul.entries > li".to_owned()), ..Traits::default() };
    let found = read(&markup, Some(&learnt));
    assert!(found.items[0].url.as_str().contains("/news/"), "{:?}", found.explanation);
    assert_eq!(found.traits.place.as_deref(), Some("ul.entries > li"));
    assert_eq!(found.traits.shape.as_deref(), Some("/news/#.html"));
}

#[test]
fn a_clearly_better_block_outweighs_what_was_learnt() {
    let markup = page(&rows("services", 1..9, false), &rows("news", 1..9, true));
    let learnt = Traits {
        place: Some("ul.listing > li".to_owned()),
        shape: Some("/services/#.html".to_owned()),
        ..Traits::default()
    };
    let found = read(&markup, Some(&learnt));
    assert!(found.items[0].url.as_str().contains("/news/"), "{:?}", found.explanation);
}

#[test]
fn the_last_page_of_a_list_may_have_one_article() {
    let side = rows("news", 20..27, true);
    let first = read(&page(&rows("news", 20..40, true), &side), None);
    assert_eq!(first.traits.place.as_deref(), Some("ul.listing > li"), "{:?}", first.explanation);
    for left in 1..3 {
        let last = read_older(&page(&rows("news", 1..=left, true), &side), Some(&first.traits), true);
        let numbers: Vec<&str> = last.items.iter().map(|item| item.url.path_and_query()).collect();
        assert_eq!(numbers.len(), left as usize, "{:?}", last.explanation);
        assert_eq!(numbers[0], "/news/1.html");
    }
}
