//! A corpus of breakage: each kind over each feed; all titles must be right, and the addresses.

use chrono::{DateTime, Utc};
use tidings::decode::{Hints, decode, encode_gbk};
use tidings::discover::{Context, Document, Listing, read};
use tidings::model::{Kind, PageUrl, Recipe};

use super::odder;
use super::writer::{ADDRESS, CUT, FORMS, TEXT, TITLE, WORDS, Words, feed};

/// A file that was broken: its bytes, what was added to the first title, how many items are whole.
pub(crate) struct Broken {
    pub(crate) bytes: Vec<u8>,
    pub(crate) added: &'static str,
}

/// Breaks one feed; None where the kind does not apply.
pub(crate) type Break = fn(&str, &str, &Words) -> Option<Broken>;

fn now() -> DateTime<Utc> {
    "2026-11-25T08:00:00Z".parse().unwrap()
}

fn listing(bytes: &[u8], kind: Kind) -> Listing {
    let text = decode(bytes, Hints::default());
    let url = PageUrl::parse("http://quay.example/feed.xml").unwrap();
    let recipe = Recipe::default();
    let context =
        Context { recipe: &recipe, now: now(), zone: None, charset: Some(text.charset), learnt: None };
    read(
        &Document {
            text: &text.text,
            url: &url,
            content_type: Some("text/html"),
            kind,
            ways: &[],
            from: None,
        },
        &context,
    )
}

/// Fills the places of a feed; those left are emptied.
fn filled(text: &str, title: &str, address: &str, body: &str) -> String {
    text.replace(TITLE, title).replace(ADDRESS, address).replace(TEXT, body).replace(CUT, "")
}

pub(crate) fn plain(text: &str) -> String {
    filled(text, "", "", "")
}

pub(crate) fn done(text: impl Into<Vec<u8>>) -> Option<Broken> {
    Some(Broken { bytes: text.into(), added: "" })
}

pub(crate) fn titled(text: &str, put: &str, added: &'static str) -> Option<Broken> {
    Some(Broken { bytes: filled(text, put, "", "").into_bytes(), added })
}

pub(crate) fn is_xml(form: &str) -> bool {
    !form.starts_with("json")
}

fn is_chinese(words: &Words) -> bool {
    words.lang.starts_with("zh")
}

const UTF8: &str = "encoding=\"utf-8\"";

/// In a charset, with another declaration.
fn coded(form: &str, text: &str, words: &Words, declared: &str) -> Option<Broken> {
    let text = plain(text).replace(UTF8, declared);
    if is_chinese(words) {
        return done(encode_gbk(&text));
    }
    let latin: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    (is_xml(form) && words.lang == "de").then(|| latin.map(|bytes| Broken { bytes, added: "" }))?
}

const KINDS: [(&str, Break); 31] = [
    ("unbroken", |_, text, _| done(plain(text))),
    ("blank line before", |_, text, _| done(format!("\r\n\n {}", plain(text)))),
    ("junk before", |_, text, _| {
        done(format!("<br />\n<b>Warning</b>: x in y.php on line 3<br />\n{}", plain(text)))
    }),
    ("byte order mark", |_, text, _| done(format!("\u{feff}{}", plain(text)))),
    ("two marks", |_, text, _| done(format!("\u{feff}\u{feff}{}", plain(text)))),
    ("junk after", |_, text, _| done(format!("{}<script>a<b</script>\n<!-- 0.1 s", plain(text)))),
    ("&nbsp;", |form, text, _| is_xml(form).then(|| titled(text, "&nbsp;x", " x"))?),
    ("&theta;", |form, text, _| is_xml(form).then(|| titled(text, " &theta;&phi;", " θφ"))?),
    ("U+0008", |_, text, _| titled(text, "\u{8}", "")),
    ("&#8;", |form, text, _| is_xml(form).then(|| titled(text, "&#8;", ""))?),
    ("&#146;", |form, text, _| is_xml(form).then(|| titled(text, "&#146;s", "’s"))?),
    ("& in a title", |_, text, _| titled(text, " R&D & more", " R&D & more")),
    ("& in an address", |_, text, _| done(filled(text, "", "?a=1&b=2", ""))),
    ("no version", |form, text, _| {
        let text = plain(text);
        let from = form.starts_with("rss").then(|| text.find("<rss "))??;
        let end = from + text[from..].find('>')?;
        let at = from + text[from..end].find("version=")?;
        let close = at + 9 + text[at + 9..].find('"')? + 1;
        done(format!("{}{}", &text[..at], &text[close..]))
    }),
    ("odd version", |form, text, _| {
        form.starts_with("rss 2")
            .then(|| done(plain(text).replace("version=\"2.0\"", "version=\"2.0.1\"")))?
    }),
    ("cut in the last item", |_, text, _| done(filled(&text[..text.find(CUT)?], "", "", ""))),
    ("no end", |form, text, _| {
        is_xml(form).then(|| done(plain(text[..text.trim_end().rfind("</")?].trim_end())))?
    }),
    ("unclosed <br>", |form, text, _| {
        is_xml(form).then(|| done(filled(text, "", "", "one<br>two<p>three")))?
    }),
    ("<b> in a title", |form, text, _| is_xml(form).then(|| titled(text, " <b>x</b><br>y", " x y"))?),
    ("bare <", |form, text, _| is_xml(form).then(|| done(filled(text, "", "", " 1 < 2 <3 ")))?),
    ("GBK, declared gb2312", |form, text, words| {
        coded(
            form,
            text,
            words,
            if is_chinese(words) { "encoding=\"gb2312\"" } else { "encoding='iso-8859-1'" },
        )
    }),
    ("GBK, undeclared", |form, text, words| coded(form, text, words, "")),
    ("GBK, declared utf-8", |form, text, words| coded(form, text, words, UTF8)),
    ("UTF-8, declared gb2312", |form, text, _| {
        is_xml(form).then(|| done(plain(text).replace(UTF8, "encoding=\"gb2312\"")))?
    }),
    ("one bad byte", |_, text, _| {
        let text = text.replace(TITLE, "").replace(ADDRESS, "").replace(CUT, "");
        let at = text.find(TEXT)?;
        done([&text.as_bytes()[..at], &[0xe4, 0xb8], &text.as_bytes()[at + TEXT.len()..]].concat())
    }),
    ("document type", |form, text, _| {
        let kind = "<!DOCTYPE rss [<!ENTITY nbsp \"&#160;\"> <!ELEMENT item (a|b)>]>";
        is_xml(form).then(|| done(plain(text).replacen("?>", &format!("?>{kind}"), 1)))?
    }),
    ("item not closed", |form, text, _| {
        let text = plain(text);
        let at = text.find("</item>").filter(|_| is_xml(form))?;
        done(format!("{}{}", &text[..at], &text[at + 7..]))
    }),
    ("text not closed", |form, text, _| {
        let text = plain(text);
        let at = text
            .find("</description></item>")
            .or_else(|| text.find("</description><guid>"))
            .filter(|_| is_xml(form))?;
        done(format!("{}{}", &text[..at], &text[at + 14..]))
    }),
    ("odd end tag", |form, text, _| is_xml(form).then(|| done(filled(text, "", "", "</i></div>")))?),
    ("comments", |form, text, _| {
        is_xml(form).then(|| {
            done(
                plain(text)
                    .replacen("\n<item", "\n<!-- <item><title>no -- no</title></item> -->\n<item", 1)
                    .replacen("\n<entry", "\n<!-- <entry> -- -->\n<entry", 1),
            )
        })?
    }),
    ("unknown type", |form, text, _| {
        let text = plain(text);
        let to = "<content type=\"application/x-thing\">AAAA</content></entry>";
        form.starts_with("atom 1.0").then(|| done(text.replacen("</entry>", to, 1)))?
    }),
];

#[test]
fn broken_feeds_give_all_their_titles() {
    let (mut files, mut right) = (0, 0);
    let mut table = String::new();
    let mut wrong = Vec::new();
    for (kind, breaks) in KINDS.into_iter().chain(odder::KINDS) {
        let (mut of_kind, mut right_of_kind) = (0, 0);
        for form in FORMS {
            for words in &WORDS {
                let Some(broken) = breaks(form, &feed(form, words), words) else { continue };
                of_kind += 1;
                let found = listing(&broken.bytes, Kind::Auto);
                let titles: Vec<&str> = found.items.iter().map(|item| item.title.as_str()).collect();
                let mut expected: Vec<String> =
                    words.titles.iter().map(|title| (*title).to_owned()).collect();
                expected[0] += broken.added;
                let links = found.items.iter().enumerate();
                let is_led = links.clone().all(|(n, item)| {
                    item.url.as_str().starts_with(&format!("http://quay.example/news/{n}.html"))
                });
                if titles == expected && is_led {
                    right_of_kind += 1;
                } else {
                    wrong.push(format!(
                        "{kind}, {form}, {}: {titles:?} {:?} {:?}",
                        words.lang, found.fault, found.notes
                    ));
                }
            }
        }
        table += &format!("{kind:26} {right_of_kind:4} of {of_kind:4}\n");
        (files, right) = (files + of_kind, right + right_of_kind);
    }
    let feeds = FORMS.len() * WORDS.len();
    eprintln!(
        "{feeds} feeds, {} kinds\n{table}{:26} {right:4} of {files:4}",
        KINDS.len() + odder::KINDS.len(),
        "all"
    );
    for one in wrong.iter().take(40) {
        eprintln!("{one}");
    }
    assert!(feeds >= 40 && right * 100 >= files * 95, "{right} of {files}");
}

/// Numbered words, each with something before and behind its number.
fn words(count: usize, before: &str, behind: &str) -> String {
    (0..count).map(|n| format!("{before}{n}{behind} ")).collect()
}

#[test]
fn a_hundred_thousand_items_stay_within_bounds() {
    let item = |n: usize| {
        format!(
            "<item><title>Title {n} &amp; more</title><link>http://quay.example/{n}</link><description>{}</description></item>\n",
            "word ".repeat(20)
        )
    };
    let many: String = (0..100_000).map(item).collect();
    let json = |n: usize| {
        format!(
            "{{\"id\":\"{n}\",\"url\":\"http://quay.example/{n}\",\"title\":\"Title {n}\",\"content_text\":\"{}\"}},",
            "word ".repeat(20)
        )
    };
    let files = [
        format!("<rss version=\"2.0\"><channel><title>t</title>{many}</channel></rss>"),
        // one item of a hundred thousand, none of which ends
        format!(
            "<rss><channel>{}",
            many.replace("</item>", "").replace("</title>", "").replace("</link>", "")
        ),
        format!(
            "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{}]}}",
            (0..100_000).map(json).collect::<String>()
        ),
    ];
    within_bounds(&files);
}

#[test]
fn weapons_stay_within_bounds() {
    let files = [
        "<rss><channel><item>".to_owned() + &"<![CDATA[".repeat(500_000),
        "<rss><channel>".to_owned() + &"<item><title><![CDATA[</item>".repeat(200_000) + "]]>",
        "<rss><channel><item>".to_owned() + &"<title>".repeat(500_000),
        "<feed>".to_owned() + &"<entry><content>".repeat(200_000),
        "<rss><channel><item>".to_owned() + &"<a>".repeat(1_000_000),
        // each of a thousand texts that do not end is looked at as far as the next
        "<rss><channel>".to_owned()
            + &format!("<item>{}{}</item>", "<title>".repeat(1000), "</x".repeat(19_000)).repeat(60),
        "<rss><channel><item>".to_owned() + &"<!--".repeat(1_000_000) + &"<?".repeat(1_000_000),
        "<rss><channel><item><title>".to_owned() + &"&".repeat(3_000_000),
        "<rss><channel><item><title>".to_owned() + &"<title>".repeat(200_000) + &"</title>".repeat(200_000),
        "<rss><channel><item><title ".to_owned() + &"a=\"".repeat(1_000_000),
        format!("<rss><channel><item><title>{}</title></item></channel></rss>", "<!--".repeat(450_000)),
        format!(
            "<rss><channel><item><title><![CDATA[{}]]></title></item></channel></rss>",
            "<".repeat(1_900_000)
        ),
        format!(
            "<rss><channel><item><title><![CDATA[{}]]></title></item></channel></rss>",
            "<b".repeat(900_000)
        ),
        format!("<rss><channel><item><title {}>x</title></item></channel></rss>", words(200_000, "a", "")),
        format!(
            "<rss><channel><item><title>{}</title></item></channel></rss>",
            "<![CDATA[]]>".repeat(160_000)
        ),
        format!(
            "<rss {}><channel>{}</channel></rss>",
            words(60_000, "xmlns:p", "='http://www.w3.org/2005/Atom'"),
            "<q:a>".repeat(300_000)
        ),
    ];
    within_bounds(&files);
}

fn within_bounds(files: &[String]) {
    for text in files {
        let began = std::time::Instant::now();
        let found = listing(text.as_bytes(), Kind::Feed);
        let took = began.elapsed();
        eprintln!(
            "{:60} {} bytes: {} items in {took:?}",
            &text[..60].escape_debug().to_string(),
            text.len(),
            found.items.len()
        );
        assert!(found.items.len() <= 500);
        assert!(took.as_secs() < 20, "{} {took:?}", &text[..60]);
    }
}
