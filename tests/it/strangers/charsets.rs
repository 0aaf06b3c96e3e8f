//! Charsets that are not what they say: a page is read as what it is, and what is lost is told.

use tidings::model::Class;

use super::site::{Play, Site};
use super::{each, stand};
use crate::portal;

const TITLE: &str = "青石桥封闭检修";

fn gbk(text: &str) -> Vec<u8> {
    encoding_rs::GBK.encode(text).0.into_owned()
}

fn utf16(text: &str, big: bool, mark: bool) -> Vec<u8> {
    let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
    units.flat_map(|unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

/// An article that says a charset of itself.
fn article(said: &str) -> String {
    portal::article(1, TITLE, "").replace("<head>", &format!("<head>{said}"))
}

struct Case {
    name: &'static str,
    /// The charset of the header, the bytes.
    page: (&'static str, Vec<u8>),
    /// Whether the title must be read right.
    right: bool,
}

fn cases() -> Vec<Case> {
    let case = |name, header, bytes, right| Case { name, page: (header, bytes), right };
    let meta = |label: &str| article(&format!("<meta charset={label}>"));
    let mut cut = article("").into_bytes();
    cut.extend(&"石".as_bytes()[..2]);
    let mut nul = article("").replace("记者", "记\0者").into_bytes();
    nul.extend([0; 64]);
    let mut broken = gbk(&meta("gbk"));
    broken.extend([0x81, 0x20, 0xff, 0xfe]);
    vec![
        case("GBK, said to be UTF-8 in the head", "; charset=utf-8", gbk(&article("")), true),
        case("GBK, said to be UTF-8 in the page", "", gbk(&meta("utf-8")), true),
        case("GBK, said to be UTF-8 twice", "; charset=utf-8", gbk(&meta("utf-8")), true),
        case("UTF-8, said to be GBK", "; charset=gbk", article("").into_bytes(), true),
        case("UTF-8, said to be Latin", "; charset=iso-8859-1", meta("windows-1252").into_bytes(), true),
        case("two words that differ, the page is right", "; charset=big5", gbk(&meta("gbk")), true),
        case("two words that differ, the head is right", "; charset=gbk", gbk(&meta("big5")), true),
        case("a charset of no name", "; charset=klingon", gbk(&meta("no-such")), true),
        case("a charset without end", "; charset=", gbk(&meta("gbk")), true),
        case("UTF-7", "; charset=utf-7", gbk(&meta("utf-7")), true),
        case("UTF-16 without a mark", "; charset=utf-16le", utf16(&article(""), false, false), true),
        case(
            "UTF-16 with a mark, said to be UTF-8",
            "; charset=utf-8",
            utf16(&article(""), false, true),
            true,
        ),
        case("UTF-16 of the other order", "; charset=utf-16le", utf16(&article(""), true, true), true),
        case(
            "UTF-8 with a mark, said to be GBK",
            "; charset=gbk",
            [b"\xef\xbb\xbf", meta("gbk").as_bytes()].concat(),
            true,
        ),
        case("UTF-16 in a meta of UTF-8", "", meta("utf-16").into_bytes(), true),
        case("cut in a character", "; charset=utf-8", cut, true),
        case("NULs", "; charset=utf-8", nul, true),
        case("broken at the end", "", broken, true),
        case("nothing but wrong bytes", "; charset=utf-8", [0xff; 4096].to_vec(), false),
        case("nothing but NULs", "; charset=utf-8", [0; 4096].to_vec(), false),
        case("half a mark", "; charset=utf-8", vec![0xef, 0xbb], false),
        case("one byte of UTF-16", "; charset=utf-16", vec![0xff, 0xfe, 0x3c], false),
        case("escapes of ISO-2022-JP without end", "; charset=iso-2022-jp", b"\x1b$B".repeat(4000), false),
        case("hz with an escape", "; charset=hz-gb-2312", b"~{VPND~}<script>~".repeat(100), false),
    ]
}

#[test]
fn a_page_is_read_as_what_it_is() {
    each(&cases(), |Case { name, page: (header, bytes), right }| {
        let site = super::paper(&[2, 3, 4]);
        let head = format!("Content-Type: text/html{header}\r\n");
        site.put(&portal::path(1), Play::answer("200 OK", &head, bytes));
        let stand = stand(&site.url("/news/"));
        let visited = stand.visit();
        if visited.error.is_some() || visited.counts.new < 3 {
            return Err(format!("{name}: {visited:?}"));
        }
        let stored = stand.stored();
        let is_right =
            stored.iter().any(|one| one.article.title == TITLE && one.article.text.contains("樟树和桂花"));
        if is_right != *right {
            let titles: Vec<_> = stored.iter().map(|one| one.article.title.clone()).collect();
            return Err(format!("{name}: {titles:?} {:?}", stand.status().notes));
        }
        let bad = |c: char| c.is_control() && c != '\n';
        match stored.iter().find(|one| one.article.text.contains(bad) || one.article.title.contains(bad)) {
            Some(one) => Err(format!("{name}: control characters in {:?}", one.article.title)),
            None => Ok(()),
        }
    });
}

#[test]
fn characters_that_are_lost_are_told() {
    let site: Site = super::paper(&[2, 3, 4]);
    let mut bytes = article("").into_bytes();
    let at = bytes.len() / 2;
    bytes.splice(at..at, [0xff, 0xfe, 0xc0, 0x80]);
    site.put(&portal::path(1), Play::answer("200 OK", "Content-Type: text/html; charset=utf-8\r\n", bytes));
    let stand = stand(&site.url("/news/"));
    stand.visit();
    assert!(
        stand.status().notes.iter().any(|note| note.class == Class::Decode),
        "{:?}",
        stand.status().notes
    );
}
