//! Shapes: markup too deep, too wide, too long. It is read in bounded time to its cut, the cut is told in the portal's
//! status, and what stands before it serves.

use std::time::{Duration, Instant};

use tidings::model::{CharsetRule, Class, PageUrl};
use tidings::render::Format;

use super::site::Play;
use super::{each, paper, stand};
use crate::portal;

const MIB: usize = 1 << 20;
/// What meets no bound may be shorter where everything is slow.
const LONG: usize = if cfg!(debug_assertions) { MIB / 4 } else { MIB };
/// This build and this machine may be so much slower than the two seconds that are promised.
const PATIENCE: Duration = Duration::from_secs(if cfg!(debug_assertions) { 40 } else { 8 });

/// A shape, and how the bound is called that it meets; None meets none.
pub(super) fn shapes() -> Vec<(&'static str, String, Option<Class>)> {
    use Class::{TooDeep, TooMany, Truncated};
    let many = |count: usize, one: &dyn Fn(usize) -> String| (0..count).map(one).collect::<String>();
    vec![
        ("depth 100,000", "<div>".repeat(100_000), Some(TooDeep)),
        ("inline depth", "<b><i><u>".repeat(30_000), Some(TooDeep)),
        ("tables in tables", "<table><tr><td>".repeat(30_000), Some(TooDeep)),
        ("svg in svg", "<svg><g>".repeat(50_000), Some(TooDeep)),
        ("templates in templates", "<template>".repeat(50_000), Some(TooDeep)),
        ("100,000 links", many(100_000, &|n| format!("<a href=/x/{n}>x</a>")), Some(TooMany)),
        ("10,000 attributes", format!("<p{}>x</p>", many(10_000, &|n| format!(" a{n}=1"))), Some(TooMany)),
        ("1,000,000 empty elements", "<b></b>".repeat(500_000), Some(TooMany)),
        ("a line of 10 MiB", format!("<p>{}</p>", "x".repeat(4 * MIB + 6 * LONG)), Some(Truncated)),
        ("nothing but <", "<".repeat(4 * LONG), Some(TooMany)),
        ("nothing but &", "&".repeat(2 * LONG), Some(TooMany)),
        ("<! again and again", "<!".repeat(LONG), None),
        ("</ again and again", "</".repeat(LONG), None),
        ("<? again and again", "<?".repeat(LONG), None),
        ("NUL again and again", "\0".repeat(4 * LONG), None),
        ("entities by name", "&notin;&nbsp;&amp;".repeat(90_000), Some(TooMany)),
        ("entities by number", "&#x4e2d;&#99999999999;".repeat(LONG / 8), None),
        ("entities without end", "&notit&ampamp".repeat(LONG / 8), None),
        ("an open comment", format!("<!--{}", "x".repeat(2 * LONG)), None),
        ("an open comment of words", format!("<!--{}", "x -- > ".repeat(MIB / 4)), Some(TooMany)),
        ("an open script", format!("<script>{}", "x</scrip".repeat(LONG / 4)), None),
        ("an open attribute", format!("<a href=\"{}", "x".repeat(2 * LONG)), None),
        ("an open tag", format!("<a {}", "b=c ".repeat(MIB / 4)), Some(TooMany)),
        ("a huge table", format!("<table>{}", "<tr><td>1<td>2<td>3".repeat(30_000)), Some(TooMany)),
        ("CDATA", "<![CDATA[".repeat(LONG / 8), None),
        ("end tags", "</p></b></div>".repeat(90_000), Some(TooMany)),
        ("JSON in JSON", format!("<script type=application/ld+json>{}", "[".repeat(LONG)), None),
        ("combining marks", format!("<p>a{}</p>", "\u{301}".repeat(LONG)), None),
        ("turned letters", format!("<p>{}</p>", "\u{202e}x".repeat(LONG / 4)), None),
        ("an address of 2 MiB", format!("<a href=\"/{}\">x</a>", "x".repeat(2 * MIB)), None),
        ("classes", format!("<p class=\"{}\">x</p>", "content main ".repeat(LONG / 16)), None),
        (
            "forms left open",
            format!("{}{}", "<b><i><u><s>".repeat(2000), "<p>x</p>".repeat(3000)),
            Some(TooDeep),
        ),
    ]
}

#[test]
fn a_shape_is_cut_and_told_and_what_stands_before_it_serves() {
    each(&shapes(), |(name, shape, bound)| {
        let site = paper(&[2, 3, 4]);
        let rows: String = (1..=4).rev().map(|n| portal::row(n, &portal::title(n))).collect();
        let behind = |page: String| page.replace("</body></html>", shape);
        site.put("/news/", Play::page(&behind(portal::list(&rows))));
        site.put(&portal::path(1), Play::page(&behind(portal::article(1, &portal::title(1), ""))));
        let stand = stand(&site.url("/news/"));
        let began = Instant::now();
        let visited = stand.visit();
        if visited.error.is_some() || visited.counts.new != 4 {
            return Err(format!("{name}: {visited:?} {:?}", stand.status().notes));
        }
        let notes = stand.status().notes;
        for path in ["/news/", &portal::path(1)] {
            let url = Some(PageUrl::parse(&site.url(path)).unwrap());
            if let Some(class) = bound
                && !notes.iter().any(|note| note.class == *class && note.url == url)
            {
                return Err(format!("{name}: {path} tells {notes:?}"));
            }
        }
        if began.elapsed() > PATIENCE {
            return Err(format!("{name}: took {:?}", began.elapsed()));
        }
        let (status, feed) = (format!("{:?}", stand.status()), stand.feed("paper", Format::Json));
        if status.len() > 20_000 || feed.len() > 3 * MIB {
            return Err(format!("{name}: status of {}, feed of {} bytes", status.len(), feed.len()));
        }
        Ok(())
    });
}

#[test]
fn a_list_that_is_lost_behind_a_shape_says_so() {
    for (shape, class) in
        [("<b></b>".repeat(100_000), Class::TooMany), ("<div>".repeat(100_000), Class::TooDeep)]
    {
        let site = paper(&[1, 2, 3, 4]);
        let rows: String = (1..=4).rev().map(|n| portal::row(n, &portal::title(n))).collect();
        site.put("/news/", Play::page(&portal::list(&rows).replace("<body>", &format!("<body>{shape}"))));
        let stand = stand(&site.url("/news/"));
        let visited = stand.visit();
        let status = stand.status();
        assert!(visited.error.is_some(), "{visited:?}");
        assert!(
            status.notes.iter().any(|note| note.class == class),
            "{:?} {:?}",
            visited.error,
            status.notes
        );
    }
}

#[test]
fn titles_of_a_mebibyte_are_cut_and_told() {
    let long = "长".repeat(MIB / 3);
    let site = paper(&[2, 3, 4]);
    let rows: String = (1..=4).rev().map(|n| portal::row(n, &portal::title(n))).collect();
    let rows = rows.replace(
        &portal::title(1),
        &format!("{}</a><a href=show-1.html title=\"{long}\">", portal::title(1)),
    );
    site.put("/news/", Play::page(&portal::list(&rows).replace("要闻_青石新闻网", &long)));
    let article = portal::article(1, &long, "").replace("2026-11-20", &format!("{long}2026-11-20"));
    site.put(&portal::path(1), Play::page(&article));
    let stand = stand(&site.url("/news/"));
    stand.visit();
    let status = stand.status();
    let cut = status.notes.iter().filter(|note| note.class == Class::Truncated).count();
    assert!(cut >= 1, "{:.2000}", format!("{:?}", status.notes));
    assert!(format!("{status:?}").len() < 20_000);
    for one in stand.stored() {
        let article = one.article;
        assert!(article.title.chars().count() <= 1024);
        let fields =
            article.author.into_iter().chain(article.source).chain(article.categories).chain(article.lang);
        assert!(fields.map(|field| field.len()).max().unwrap_or(0) < 2000);
        assert!(format!("{:?}", article.evidence).len() < 200_000);
    }
    assert!(stand.feed("paper", Format::Rss).len() < 3 * MIB);
}

/// Patterns that would take some engines for ever, and what they are tried on.
#[test]
fn patterns_and_selectors_of_a_configuration_are_no_trap() {
    let site = paper(&[1, 2, 3, 4]);
    let bait = format!("{}!", "a".repeat(200_000));
    let rows: String = (1..=4).rev().map(|n| portal::row(n, &portal::title(n))).collect();
    site.put("/news/", Play::page(&portal::list(&rows).replace("</body>", &format!("<p>{bait}</p></body>"))));
    site.put(&portal::path(1), Play::page(&portal::article(1, &portal::title(1), &bait)));
    let stand = crate::stand::Stand::with(super::NOW, |portal| {
        portal.lists = vec![PageUrl::parse(&site.url("/news/")).unwrap()];
        portal.recipe.list.item =
            Some("* * * * * * * * * li, li:has(a):not(:has(b)):nth-child(n)".to_owned());
        portal.recipe.charset = CharsetRule::Fixed("utf-8".to_owned());
    });
    let began = Instant::now();
    let visited = stand.visit();
    assert_eq!((visited.error, visited.counts.new), (None, 4));
    assert!(began.elapsed() < PATIENCE, "{:?}", began.elapsed());
}
