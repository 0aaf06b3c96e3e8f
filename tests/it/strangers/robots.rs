//! robots.txt in all its forms (RFC 9309): what it forbids is not asked for, and nothing of it stops a portal for good.

use std::time::Instant;

use tidings::model::Class;

use super::site::{After, Play};
use super::{LIMIT, SLACK, each, paper, stand};
use crate::portal;

/// What becomes of a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// All four articles are read.
    All,
    /// The list is not asked for.
    Forbidden,
    /// The list is, the articles are not.
    ListOnly,
    /// Nothing but robots.txt is asked for: it cannot be had.
    Nothing,
}

fn cases() -> Vec<(&'static str, Play, Fate)> {
    use Fate::{All, Forbidden, ListOnly, Nothing};
    let text = |body: &str| Play::answer("200 OK", "Content-Type: text/plain\r\n", body);
    let status = |line: &str| Play::answer(line, "", "User-agent: *\nDisallow: /\n");
    let padding = "# a comment of some length, to make the file long\n".repeat(11_000);
    vec![
        ("none", status("404 Not Found"), All),
        ("gone", status("410 Gone"), All),
        ("forbidden itself", status("403 Forbidden"), All),
        ("behind a login", status("401 Unauthorized"), All),
        ("a teapot", status("418 Teapot"), All),
        ("500", status("500 Oh No"), Nothing),
        ("503", status("503 Resting"), Nothing),
        ("429", status("429 Slow Down"), Nothing),
        ("status 999", status("999 Denied"), Nothing),
        ("no answer", Play::raw("").then(After::Hang), Nothing),
        ("a drip", Play::raw("HTTP/1.1 200 OK\r\n\r\nUser-agent").drip("x"), Nothing),
        ("reset", Play::raw("").then(After::Reset), Nothing),
        ("noise", Play::raw("\u{1}\u{2}\u{3}\r\n\r\n"), Nothing),
        ("empty", text(""), All),
        ("all is allowed", text("User-agent: *\nDisallow:\n"), All),
        ("all is forbidden", text("User-agent: *\nDisallow: /\n"), Forbidden),
        (
            "all but us is forbidden",
            text("User-agent: *\nDisallow: /\n\nUser-agent: tidings\nAllow: /\n"),
            All,
        ),
        (
            "we are forbidden",
            text("User-agent: Tidings/1.0\nDisallow: /\n\nUser-agent: *\nAllow: /\n"),
            Forbidden,
        ),
        ("by CR alone", text("User-agent: *\rDisallow: /\r"), Forbidden),
        ("by CRLF with blanks", text("  User-agent : *  \r\n\tDisallow :\t/ # all\r\n"), Forbidden),
        ("with a mark", text("\u{feff}User-agent: *\nDisallow: /\n"), Forbidden),
        ("in capitals", text("USER-AGENT: *\nDISALLOW: /NEWS/\nDISALLOW: /news/\n"), Forbidden),
        ("a star", text("User-agent: *\nDisallow: /*show\n"), ListOnly),
        ("an end", text("User-agent: *\nDisallow: /*.html$\n"), ListOnly),
        ("an end that is none", text("User-agent: *\nDisallow: /news/$\n"), Forbidden),
        (
            "the longest decides",
            text("User-agent: *\nDisallow: /news/\nAllow: /news/show\nAllow: /news/$\n"),
            All,
        ),
        ("encoded", text("User-agent: *\nDisallow: /%6eews/show\n"), ListOnly),
        (
            "a page instead",
            Play::page("<html><body><h1>404</h1><p>User-agent: *</p><p>Disallow: /</p></body></html>"),
            All,
        ),
        ("over 500 KiB, the rule first", text(&format!("User-agent: *\nDisallow: /\n{padding}")), Forbidden),
        ("over 500 KiB, the rule last", text(&format!("{padding}User-agent: *\nDisallow: /\n")), All),
        ("endless", text("User-agent: *\nDisallow: /x\n").endless("#"), All),
        ("one long line", text(&format!("User-agent: *\nDisallow: /{}\n", "*a".repeat(100_000))), All),
        (
            "a hundred thousand rules",
            text(&format!("User-agent: *\n{}", "Disallow: /*a*b*c*d$\n".repeat(20_000))),
            All,
        ),
        ("a delay of a second", text("User-agent: *\nCrawl-delay: 1\nDisallow: /news/show\n"), ListOnly),
        ("a delay below nothing", text("User-agent: *\nCrawl-delay: -5\n"), All),
        ("a delay of no number", text("User-agent: *\nCrawl-delay: NaN\n"), All),
        ("an endless delay", text("User-agent: *\nCrawl-delay: inf\n"), All),
        ("NULs", text("User-agent: *\0\nDisallow: /\0\n"), All),
        ("Latin", Play::answer("200 OK", "", b"User-agent: *\n# \xe9\xe8\nDisallow: /\n"), Forbidden),
        ("to itself", Play::redirect("/robots.txt"), All),
        ("to a wall", Play::redirect("http://10.0.0.1/robots.txt"), Nothing),
        ("to a script", Play::redirect("javascript:1"), All),
    ]
}

#[test]
fn robots_txt_is_heeded_in_all_its_forms() {
    each(&cases(), |(name, play, fate)| {
        let site = paper(&[1, 2, 3, 4]);
        site.put("/robots.txt", play.clone());
        let stand = stand(&site.url("/news/"));
        let began = Instant::now();
        let visited = stand.visit_due();
        let class = visited.error.as_ref().map(|fault| fault.class);
        let asked = (site.asked("/news/"), site.asked(&portal::path(1)));
        let found = match (asked, class) {
            ((1, 1), None) if visited.counts.new == 4 => Some(Fate::All),
            ((0, 0), Some(Class::Robots)) => Some(Fate::Forbidden),
            ((1, 0), _) => Some(Fate::ListOnly),
            ((0, 0), Some(_)) => Some(Fate::Nothing),
            _ => None,
        };
        if found != Some(*fate) {
            return Err(format!("{name}: {found:?}, expected {fate:?}: {asked:?} {visited:?}"));
        }
        if began.elapsed() > LIMIT + SLACK {
            Err(format!("{name}: took {:?}", began.elapsed()))
        } else {
            Ok(())
        }
    });
}
