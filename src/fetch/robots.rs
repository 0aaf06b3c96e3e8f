//! robots.txt read by RFC 9309.

use std::time::Duration;

/// So much of a file is read (section 2.5 asks for at least 500 KiB).
const MOST_BYTES: usize = 512 * 1024;
/// A longer path in a rule is no path.
const MOST_PATTERN: usize = 2048;
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
        let text = text.get(..floor(text, MOST_BYTES)).unwrap_or_default();
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
                    for_any |= value == "*";
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

    /// Whether a path with query may be fetched: the longest match decides, allow wins ties (section 2.2.2).
    #[must_use]
    pub fn allows(&self, path_and_query: &str) -> bool {
        if path_and_query == "/robots.txt" {
            return true;
        }
        let path = normalised(path_and_query);
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
        (is_path && path.len() <= MOST_PATTERN).then(|| Self { allow, pattern: normalised(path) })
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

/// Section 2.2.2: octets outside ASCII are percent-encoded, encoded unreserved ones are decoded, hex digits
/// are in capitals; so both sides compare byte by byte.
fn normalised(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let bytes = path.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let hex = (*byte == b'%')
            .then(|| path.get(at + 1..at + 3))
            .flatten()
            .and_then(|h| u8::from_str_radix(h, 16).ok());
        match hex {
            Some(code) if code.is_ascii_alphanumeric() || b"-._~".contains(&code) => {
                out.push(char::from(code));
                at += 3;
            }
            Some(code) => {
                out.push_str(&format!("%{code:02X}"));
                at += 3;
            }
            None if byte.is_ascii_graphic() => {
                out.push(char::from(*byte));
                at += 1;
            }
            None => {
                out.push_str(&format!("%{byte:02X}"));
                at += 1;
            }
        }
    }
    out
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

fn floor(text: &str, most: usize) -> usize {
    (0..=most.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(robots: &str, path: &str) -> bool {
        Robots::parse(robots, "tidings").allows(path)
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
