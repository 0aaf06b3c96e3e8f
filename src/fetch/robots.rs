//! robots.txt read by RFC 9309.

use std::time::Duration;

/// So much of a file is read (section 2.5 asks for at least 500 KiB).
const MOST_BYTES: usize = 512 * 1024;
/// A longer path in a rule is no path.
const MOST_PATTERN: usize = 2048;
/// Sitemaps that are kept.
const MOST_SITEMAPS: usize = 20;
/// More rules than this concern nobody; the first ones count.
const MOST_RULES: usize = 5000;

/// The rules of one robots.txt that concern us.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Robots {
    rules: Vec<Rule>,
    delay: Option<Duration>,
    sitemaps: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    allow: bool,
    /// Percent-encoding normalised, `*` and a closing `$` as written.
    pattern: String,
}

/// What was gathered for one product token.
#[derive(Debug, Default)]
struct Group {
    seen: bool,
    rules: Vec<Rule>,
    delay: Option<Duration>,
}

impl Robots {
    /// Reads the groups for `product` (our product token, case ignored), else those for `*`. Never fails:
    /// lines that cannot be read are passed over (section 2.2).
    #[must_use]
    pub fn parse(text: &str, product: &str) -> Self {
        let text = text.trim_start_matches('\u{feff}');
        let text = text.get(..text.floor_char_boundary(MOST_BYTES)).unwrap_or_default();
        let (mut own, mut any) = (Group::default(), Group::default());
        let mut sitemaps = Vec::new();
        // groups of one product are one group, wherever they stand (section 2.2.1)
        let (mut for_own, mut for_any, mut in_head) = (false, false, false);
        for line in text.split(['\r', '\n']) {
            let line = line.split('#').next().unwrap_or_default();
            let Some((name, value)) = line.split_once(':') else { continue };
            let value = value.trim();
            match name.trim().to_ascii_lowercase().as_str() {
                "user-agent" => {
                    if !in_head {
                        (for_own, for_any) = (false, false);
                    }
                    in_head = true;
                    for_own |= is_product(value, product);
                    for_any |= value.split_whitespace().next() == Some("*");
                    own.seen |= for_own;
                }
                "allow" | "disallow" => {
                    in_head = false;
                    let allow = name.trim().eq_ignore_ascii_case("allow");
                    if let Some(rule) = Rule::read(allow, value) {
                        own.add(for_own, &rule);
                        any.add(for_any, &rule);
                    }
                }
                "crawl-delay" => {
                    in_head = false;
                    let delay = seconds(value);
                    own.delay = own.delay.or(delay.filter(|_| for_own));
                    any.delay = any.delay.or(delay.filter(|_| for_any));
                }
                // not part of any group (section 2.2.4)
                "sitemap" if sitemaps.len() < MOST_RULES => sitemaps.push(value.to_owned()),
                _ => {}
            }
        }
        let group = if own.seen { own } else { any };
        Self { rules: group.rules, delay: group.delay, sitemaps }
    }

    /// The rules that concern us as a file of their own, to be kept: at most `most` bytes of them.
    #[must_use]
    pub fn to_text(&self, most: usize) -> String {
        let mut text = String::from("User-agent: *\n");
        let delay = self.delay.map(|delay| format!("Crawl-delay: {}\n", delay.as_secs_f64()));
        let rules = self
            .rules
            .iter()
            .map(|rule| format!("{}: {}\n", if rule.allow { "Allow" } else { "Disallow" }, rule.pattern));
        let maps = self.sitemaps.iter().take(MOST_SITEMAPS).map(|map| format!("Sitemap: {map}\n"));
        for line in delay.into_iter().chain(rules).chain(maps) {
            if text.len() + line.len() <= most {
                text.push_str(&line);
            }
        }
        text
    }

    /// Whether a path with query may be fetched: the longest match decides, allow wins ties (section 2.2.2).
    #[must_use]
    pub fn allows(&self, path_and_query: &str) -> bool {
        if path_and_query == "/robots.txt" {
            return true;
        }
        let path = normalised(path_and_query, false);
        let matching = self.rules.iter().filter(|rule| matches(&rule.pattern, &path));
        matching.max_by_key(|rule| (rule.pattern.len(), rule.allow)).is_none_or(|rule| rule.allow)
    }

    /// `Crawl-delay`, as written (not in the RFC, but asked for by many).
    #[must_use]
    pub fn crawl_delay(&self) -> Option<Duration> {
        self.delay
    }

    /// `Sitemap` lines (section 2.2.4), in order.
    #[must_use]
    pub fn sitemaps(&self) -> &[String] {
        &self.sitemaps
    }
}

impl Group {
    fn add(&mut self, concerned: bool, rule: &Rule) {
        if concerned && self.rules.len() < MOST_RULES {
            self.rules.push(rule.clone());
        }
    }
}

impl Rule {
    /// An empty path matches nothing (section 2.2.2).
    fn read(allow: bool, path: &str) -> Option<Self> {
        let is_path = path.starts_with('/') || path.starts_with('*');
        (is_path && path.len() <= MOST_PATTERN).then(|| Self { allow, pattern: normalised_pattern(path) })
    }
}

/// Section 2.2.1: the product token, any case, what follows it (a version) does not count.
fn is_product(value: &str, product: &str) -> bool {
    let token: &str =
        value.split(|c: char| !c.is_ascii_alphabetic() && c != '_' && c != '-').next().unwrap_or_default();
    !token.is_empty() && token.eq_ignore_ascii_case(product)
}

fn seconds(value: &str) -> Option<Duration> {
    let seconds: f64 = value.parse().ok()?;
    (seconds.is_finite() && seconds >= 0.0).then(|| Duration::try_from_secs_f64(seconds).ok()).flatten()
}

/// The literal pieces normalised; stars and a closing `$` keep their meaning (section 2.2.3).
fn normalised_pattern(path: &str) -> String {
    let (body, end) = path.strip_suffix('$').map_or((path, ""), |body| (body, "$"));
    let mut in_query = false;
    let pieces: Vec<String> = body
        .split('*')
        .map(|piece| {
            let normal = normalised(piece, in_query);
            in_query |= piece.contains('?');
            normal
        })
        .collect();
    pieces.join("*") + end
}

/// One form for all spellings of a path (section 2.2.2), so that both sides compare byte by byte: what is not
/// graphic ASCII is percent-encoded, and so are `*` and `$`, which a rule can only mean literally in that form
/// (section 2.2.3); unreserved characters, and `:` and `/` where they separate nothing, are decoded; hex
/// digits are in capitals.
fn normalised(path: &str, mut in_query: bool) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let code = if first == b'%' { after.get(..2).and_then(hex) } else { None };
        rest = if code.is_some() { after.get(2..).unwrap_or_default() } else { after };
        in_query |= first == b'?';
        match (code, code.unwrap_or(first)) {
            (Some(_), b) if b.is_ascii_alphanumeric() || b"-._~:".contains(&b) => out.push(char::from(b)),
            (Some(_), b'/') if in_query => out.push('/'),
            (None, b) if b.is_ascii_graphic() && !b"*$".contains(&b) => out.push(char::from(b)),
            (_, b) => {
                for digit in [b >> 4, b & 0x0f] {
                    out.extend(
                        char::from_digit(u32::from(digit), 16).map(|digit| digit.to_ascii_uppercase()),
                    );
                }
                out.insert(out.len() - 2, '%');
            }
        }
    }
    out
}

fn hex(digits: &[u8]) -> Option<u8> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    match digits {
        [high, low] => Some(digit(high)? << 4 | digit(low)?),
        _ => None,
    }
}

/// `*` stands for any characters, a closing `$` for the end. Takes the first fit of each piece, which is
/// enough because pieces between stars are fixed texts: no backtracking.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, anchored) = pattern.strip_suffix('$').map_or((pattern, false), |cut| (cut, true));
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else { return false };
    let pieces: Vec<&str> = pieces.collect();
    let Some((last, middle)) = pieces.split_last() else { return !anchored || rest.is_empty() };
    for piece in middle {
        let Some(found) = rest.find(piece) else { return false };
        rest = rest.get(found + piece.len()..).unwrap_or_default();
    }
    if anchored { rest.ends_with(last) } else { rest.contains(last) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(robots: &str, path: &str) -> bool {
        Robots::parse(robots, "tidings").allows(path)
    }

    #[test]
    fn what_is_kept_says_the_same() {
        let text = "User-agent: other\nDisallow: /\n\nUser-agent: *\nDisallow: /a*b$\nAllow: /a%2Ab\nDisallow: /新/\nDisallow: /q?x=%2f\nCrawl-delay: 2.5\nSitemap: http://a.example/s.xml\n";
        let robots = Robots::parse(text, "tidings");
        let kept = Robots::parse(&robots.to_text(1000), "tidings");
        assert_eq!(kept, robots);
        // hostile ones are cut
        let long = format!("User-agent: *\n{}", "Disallow: /\u{ff}\u{ff}\u{ff}\u{ff}\n".repeat(10_000));
        assert!(Robots::parse(&long, "tidings").to_text(10_000).len() <= 10_000);
    }

    #[test]
    fn the_longest_match_decides_and_allow_wins_ties() {
        let robots = "User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /c\nAllow: /c\n";
        for (path, expected) in [("/a", false), ("/a/x", false), ("/a/b/c", true), ("/c", true), ("/z", true)]
        {
            assert_eq!(allows(robots, path), expected, "{path}");
        }
    }

    #[test]
    fn our_own_groups_count_together_and_replace_the_common_one() {
        let robots = "user-agent: *\ndisallow: /\n\nUser-Agent: other\nUser-Agent: Tidings/9\nDisallow: /x\n\nuser-agent: tidings\ndisallow: /y\n";
        assert!(allows(robots, "/free") && !allows(robots, "/x") && !allows(robots, "/y"));
        assert!(!Robots::parse(robots, "somebody").allows("/free"));
        assert!(allows("User-agent: tidings-news\nDisallow: /", "/"), "another product's group is not ours");
        assert!(
            allows("User-agent: *\nDisallow: /\nUser-agent: tidings\n", "/"),
            "an empty group allows all"
        );
    }

    #[test]
    fn stars_and_ends_match_without_backtracking() {
        for (pattern, path, expected) in [
            ("/*.php$", "/a/b.php", true),
            ("/*.php$", "/a/b.php?x", false),
            ("/*.php", "/a/b.php?x", true),
            ("/a*b*c$", "/a-b-b-c", true),
            ("/a*b*c$", "/a-c-b", false),
            ("/fish*", "/fishing", true),
            ("*/private", "/x/private/y", true),
            ("/$", "/", true),
            ("/$", "/x", false),
        ] {
            assert_eq!(
                !allows(&format!("User-agent: *\nDisallow: {pattern}"), path),
                expected,
                "{pattern} on {path}"
            );
        }
        let stars = format!("User-agent: *\nDisallow: /{}b", "*a".repeat(800));
        assert!(allows(&stars, &format!("/{}", "a".repeat(5000))));
    }

    #[test]
    fn encodings_of_one_path_are_one() {
        assert!(!allows("User-agent: *\nDisallow: /新闻/", "/%E6%96%B0%E9%97%BB/1"));
        assert!(!allows("User-agent: *\nDisallow: /%7ejoe/", "/~joe/"));
        assert!(allows("User-agent: *\nDisallow: /a%2fb", "/a/b"));
        assert!(!allows("User-agent: *\nDisallow: /a%2fb", "/a%2Fb"));
        for (pattern, path, expected) in [
            ("/foo/bar?baz=http://foo.bar", "/foo/bar?baz=http%3A%2F%2Ffoo.bar", true),
            ("/foo/bar?baz=http%3a%2f%2ffoo.bar", "/foo/bar?baz=http://foo.bar", true),
            ("/foo/%62%61%7A", "/foo/baz", true),
            ("/file-with-a-%2A.html", "/file-with-a-*.html", true),
            ("/file-with-a-%2A.html", "/file-with-a-b.html", false),
            ("/price-%24", "/price-$", true),
            ("/us$er", "/us$er/1", true),
            ("/us$er", "/us%24er/1", true),
            ("/*?u=http%3A%2F%2Fx", "/go?u=http://x/", true),
            ("/100%", "/100%", true),
            ("/100%zz", "/100%zz", true),
        ] {
            assert_eq!(
                !allows(&format!("User-agent: *\nDisallow: {pattern}"), path),
                expected,
                "{pattern} on {path}"
            );
        }
    }

    #[test]
    fn what_cannot_be_read_is_passed_over() {
        let robots = "\u{feff}<html>\nnonsense\rUser-agent : * # all\r\nDisallow\nDisallow: \nDisallow: /x # why\nCrawl-delay: 2.5\nSitemap: http://a.example/s.xml\n";
        let robots = Robots::parse(robots, "tidings");
        assert!(robots.allows("/") && !robots.allows("/x/1"));
        assert_eq!(robots.crawl_delay(), Some(Duration::from_millis(2500)));
        assert_eq!(robots.sitemaps(), ["http://a.example/s.xml"]);
        for delay in ["-1", "nan", "1e300", "soon"] {
            let _ = Robots::parse(&format!("User-agent: *\nCrawl-delay: {delay}"), "tidings");
        }
        assert!(Robots::parse("", "tidings").allows("/anything"));
        assert!(allows("User-agent: *\nDisallow: /", "/robots.txt"));
    }
}
