//! Pages made to hurt: whatever their shape, reading them takes a bounded time, in proportion to their size.

use std::time::{Duration, Instant};

use tidings::model::PageUrl;
use tidings::page::Page;

use crate::properties::read;

/// How much slower this build may be than one that is optimised, on a machine with other things to do.
const SLACK: u32 = if cfg!(debug_assertions) { 40 } else { 8 };

/// Elements of a tree: its bound, and what one tag more may open again.
const MOST: usize = 51_100;

/// The least of three: what other processes take does not count.
fn least(mut work: impl FnMut()) -> Duration {
    let one = || {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    std::iter::repeat_with(one).take(3).min().unwrap_or_default()
}

#[test]
fn nesting_of_any_kind_is_cut_at_once() {
    let deep = |unit: &str| unit.repeat(64_000);
    for unit in [
        "<div>",
        "<span>",
        "<b>",
        "<a href=x>",
        "<table>",
        "<table><tr><td>",
        "<ul><li>",
        "<dl><dd>",
        "<font>",
        "<i><p>",
        "<a><b><i>",
        "<nobr>",
        "<b><div>",
        "<svg>",
        "<math><mi>",
        "<template>",
        "<button>",
        "<form><div></form>",
        "<blockquote>",
        "<select><option>",
        "<ruby><rt>",
        "<object>",
        "<b><table>",
        "<h1>",
        "<a><table><a>",
    ] {
        let markup = deep(unit);
        let took = least(|| {
            let page = Page::parse(&markup, PageUrl::parse("http://city.example/").unwrap());
            assert!(page.root().descendants().count() <= MOST, "{unit}");
        });
        assert!(took < Duration::from_millis(50) * SLACK, "{unit} took {took:?}");
    }
}

#[test]
fn formatting_left_open_is_no_bomb() {
    let fonts: String = (0..3000).map(|n| format!("<font color={n}>")).collect();
    for markup in [
        fonts.clone() + &"<p>x".repeat(4000),
        fonts + &"</p><p>text".repeat(3000) + &"</font>".repeat(3000),
        "<b><i></b>x</i>".repeat(10_000),
        "<a><p>x</a>y</p>".repeat(5_000),
        "<b>".repeat(200) + &"<p>A sentence of the page.</p>".repeat(2_000),
        "<table>".to_owned() + &"x<b>".repeat(10_000),
    ] {
        let start = Instant::now();
        drop(read(markup.as_bytes()));
        let took = start.elapsed();
        let told = markup.get(..40).unwrap_or_default();
        assert!(took < Duration::from_millis(500) * SLACK, "{told} took {took:?}");
    }
}

/// Shapes that hurt readers whose work is not in proportion: so many times something.
const SHAPES: [fn(usize) -> String; 16] = [
    |n| format!("<p{}>x", (0..n).map(|n| format!(" a{n}=1")).collect::<String>()),
    |n| "<p>".to_owned() + &"a word, ".repeat(n * 4),
    |n| "<p>".to_owned() + &"市里召开会议，".repeat(n * 4),
    |n| "<p>".to_owned() + &"2021-03-11 09:11 ".repeat(n * 2),
    |n| "<p>".to_owned() + &"1".repeat(n * 16),
    |n| "<p>".to_owned() + &"来源：".repeat(n),
    |n| "<a href=/n/1.html>a link of the list</a> ".repeat(n),
    |n| (0..n).map(|n| format!("<li><a href=/n/{n}.html>a link of the list</a> 03-11")).collect(),
    |n| "<p>责任编辑：张三".repeat(n),
    |n| "<p>相关阅读".repeat(n),
    |n| "<h1>a headline of the town</h1>".repeat(n),
    |n| "<p>By Anna Berg on March 3, 2021".repeat(n),
    |n| "<div class=crumb>您的位置：<a href=/>首页</a>".repeat(n),
    |n| "<title>a page</title><p>".to_owned() + &"A sentence of the page.<br><br>".repeat(n),
    |n| "<title>a page</title><p>A sentence.".to_owned() + &"<a href=/1.pdf>a document</a>".repeat(n),
    |n| "<meta name=x content=y>".repeat(n),
];

#[test]
fn four_times_the_page_takes_about_four_times_as_long() {
    let n = if cfg!(debug_assertions) { 600 } else { 6000 };
    for shape in SHAPES {
        let (one, four) = (shape(n), shape(4 * n));
        let (short, long) = (least(|| drop(read(one.as_bytes()))), least(|| drop(read(four.as_bytes()))));
        // work that grows with the square takes 16 times as long
        let bound = short * 9 + Duration::from_millis(60);
        let told: String = one.chars().take(40).collect();
        assert!(long < bound, "{told}: {short:?}, four times of it {long:?}");
    }
}

#[test]
fn a_page_at_the_limits_is_read_to_its_cut() {
    for markup in [
        format!("<p{}>x", (0..100_000).map(|n| format!(" a{n}=1")).collect::<String>()),
        "<p>".to_owned() + &"a word, ".repeat((4 << 20) / if cfg!(debug_assertions) { 32 } else { 8 }),
        "<a href=/n/1.html>x</a>".repeat(200_000),
        "<!-- ".to_owned() + &"- ".repeat(2 << 20),
    ] {
        let start = Instant::now();
        drop(read(markup.as_bytes()));
        let took = start.elapsed();
        let told = markup.get(..40).unwrap_or_default();
        assert!(took < Duration::from_secs(2) * SLACK, "{told} took {took:?}");
    }
}
