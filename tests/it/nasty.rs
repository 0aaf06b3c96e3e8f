//! Whatever an article or a portal calls itself, every document is well-formed and nothing in it is active.

use std::path::Path;
use std::process::Command;

use chrono::{DateTime, Utc};
use quick_xml::Reader;
use quick_xml::events::Event;
use tidings::model::{
    Article, ArticleId, Attachment, Draft, Entry, Evidence, Feed, Image, PageUrl, Pages, Person, PortalId,
    Precision, Stamp, Tombstone,
};
use tidings::normalise;
use tidings::page::Page;
use tidings::render::{self, Format, Outline};

/// Markup that would run, frame, ask or load something, were it let through.
const VECTORS: [&str; 40] = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=http://evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script/src=data:,alert(1)>",
    "<script>/*</script><svg/onload='+/\"/+/onmouseover=1/+/[*/[]/+alert(1)//'>",
    "<img src=x onerror=alert(1)>",
    "<img src=\"x\" ONERROR = 'alert(1)' alt=\"\"\"><script>alert(1)</script>\">",
    "<img src=javascript:alert(1)>",
    "<img src=\"jav&#x09;ascript:alert(1)\">",
    "<a href=\"javascript:alert(1)\">a</a>",
    "<a href=\" \u{1}javascript:alert(1)\">a</a>",
    "<a href=\"java\nscript:alert(1)\">a</a>",
    "<a href=\"&#106;&#97;vascript&colon;alert(1)\">a</a>",
    "<a href=\"vbscript:msgbox(1)\">a</a>",
    "<a href=\"data:text/html,<script>alert(1)</script>\">a</a>",
    "<a href=x style=\"background:url(javascript:alert(1))\">a</a>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href=\"javascript:alert(1)\"><text x=20 y=20>a</text></a></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<math href=\"javascript:alert(1)\">a</math>",
    "<iframe src=\"javascript:alert(1)\"></iframe>",
    "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "<object data=\"data:text/html,<script>alert(1)</script>\"></object>",
    "<embed src=\"//evil.example/x.swf\">",
    "<form action=\"javascript:alert(1)\"><input type=submit><button formaction=javascript:alert(1)>b</button></form>",
    "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">",
    "<base href=\"javascript:alert(1)//\">",
    "<link rel=stylesheet href=\"http://evil.example/x.css\">",
    "<style>@import 'http://evil.example/x.css';</style>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1) autoplay></audio>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>",
    "<template><script>alert(1)</script></template>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<p id=\"x\" onclick=alert(1)>a</p>\"><script>alert(1)</script>",
    "<xmp><p title=\"</xmp><script>alert(1)</script>\">",
];

/// Texts that break writers and readers (FEEDS, section 3).
fn texts() -> Vec<String> {
    let mut all: Vec<String> = (0..0x20_u32)
        .chain([
            0x7f, 0x80, 0x85, 0x9f, 0xad, 0x200b, 0x2028, 0x2029, 0xfdd0, 0xfeff, 0xfffe, 0xffff, 0x1fffe,
        ])
        .chain([0x10_fffe, 0x10_ffff])
        .filter_map(char::from_u32)
        .map(|c| format!("A{c}B {c}{c}"))
        .collect();
    all.extend(
        [
            "",
            " ",
            "]]>",
            "]]]]>><![CDATA[",
            "a\rb",
            "a\r\nb\r\r\n",
            "&",
            "&amp;",
            "&#0;&#xffff;&nbsp;&bogus;",
            "<",
            "a < b > c & d \" ' `",
            "</title></channel></rss>",
            "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
            "--><!--",
            "🎉👨‍👩‍👧‍👦🇨🇳",
            "唐山\u{202e}市\u{202c}\u{2066}教育\u{2069}",
            "\u{300}\u{301}\u{302}e\u{301}",
            "𠜎𠜱𝔘",
        ]
        .map(str::to_owned),
    );
    all.extend(VECTORS.map(str::to_owned));
    all.push("x".repeat(1_000_000));
    all.push("山".repeat(1_000_000));
    all.push("<b>".repeat(100_000));
    all.push("& <i>".repeat(200_000));
    all
}

fn url(text: &str) -> PageUrl {
    PageUrl::parse(text).unwrap()
}

fn at() -> DateTime<Utc> {
    "2021-03-11T01:11:43Z".parse().unwrap()
}

/// The article as a page would have it that says `text` everywhere.
fn article(text: &str) -> Article {
    let draft = Draft {
        url: url("http://town.example/1"),
        base: url("http://town.example/1"),
        canonical_url: None,
        title: Some(format!("Title {text}")),
        published: Some(Stamp { at: at().fixed_offset(), precision: Precision::Second }),
        modified: None,
        author: Some(format!("By {text}")),
        source: Some(text.to_owned()),
        categories: vec![text.to_owned(), format!("City {text}")],
        body_html: format!(
            "<p>Before.</p>{text}<p>Between {text}</p><p title=\"{text}\">After &lt;script&gt;.</p><img src=\"/i.png\" alt=\"{text}\">"
        ),
        lang: Some(text.chars().take(100).collect()),
        further: Vec::new(),
        lead_images: Vec::new(),
        documents: Vec::new(),
        attachments: Vec::new(),
        evidence: Evidence::new(),
        reject: None,
    };
    normalise::article(draft).unwrap().0
}

/// An entry of an article, and one that holds the text bare wherever a text may stand.
fn entries(number: usize, text: &str) -> [Entry; 2] {
    let read = article(text);
    let id = |kind: &str| ArticleId::from_stored(format!("tag:feeds.example,2026:town/{number}{kind}"));
    let whole = Entry {
        id: id("a"),
        url: read.url,
        title: read.title,
        published: read.published.unwrap(),
        updated: at(),
        author: read.author.map(|name| Person { name }),
        source: read.source,
        portal: (PortalId::parse("town").unwrap(), text.to_owned()),
        categories: read.categories,
        summary: read.summary,
        html: read.html,
        lang: read.lang,
        images: read.images,
        attachments: read.attachments,
    };
    let bare = Entry {
        id: id("b"),
        title: text.to_owned(),
        author: Some(Person { name: text.to_owned() }),
        source: Some(text.to_owned()),
        categories: vec![text.to_owned(), format!("{text}2")],
        summary: text.to_owned(),
        lang: Some(text.to_owned()),
        images: vec![Image { url: url("http://town.example/i.png?a=1&b=2"), alt: text.to_owned() }],
        attachments: vec![Attachment {
            url: url("http://town.example/f.pdf?a=1&b=2"),
            media_type: text.to_owned(),
            title: text.to_owned(),
            length: None,
        }],
        ..whole.clone()
    };
    [whole, bare]
}

fn feed(text: &str, mixed: bool, entries: Vec<Entry>) -> Feed {
    Feed {
        name: "town".to_owned(),
        title: text.to_owned(),
        description: text.to_owned(),
        id: "tag:feeds.example,2026:feeds/town".to_owned(),
        home: url("http://town.example/?a=1&b=2"),
        address: url("https://feeds.example/feeds/town"),
        hub: None,
        icon: None,
        folder: url("https://feeds.example/feeds/"),
        stem: "tag:feeds.example,2026:feeds/".to_owned(),
        pages: Pages::default(),
        lang: Some(text.to_owned()),
        updated: Some(at()),
        mixed,
        tombstones: vec![Tombstone {
            id: ArticleId::from_stored("tag:feeds.example,2026:town/gone".to_owned()),
            portal: PortalId::parse("town").unwrap(),
            at: at(),
            url: url("http://town.example/gone"),
            title: Some(text.to_owned()),
        }],
        entries,
    }
}

/// Every character is one that XML 1.0 allows and that no reader warns of.
fn assert_clean(text: &str, about: &str) {
    for c in text.chars() {
        let bad = match u32::from(c) {
            9 | 10 => false,
            0..=0x1f | 0x7f..=0x9f | 0xfdd0..=0xfdef => true,
            n => n & 0xfffe == 0xfffe,
        };
        assert!(!bad, "U+{:04X} stands in {about}", u32::from(c));
    }
}

/// Reads XML strictly; gives the texts of the elements that hold HTML.
pub(crate) fn html_of(xml: &str, about: &str) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let (mut found, mut open): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    loop {
        let event = reader.read_event().unwrap_or_else(|error| panic!("{error} in {about}"));
        let mut text = |more: &str| {
            // a channel's own description is plain text (RSS best-practice profile)
            let holds = match open.as_slice() {
                [.., parent, name] => {
                    ["content", "content:encoded"].contains(&name.as_str())
                        || (name == "description" && parent == "item")
                }
                _ => false,
            };
            if let Some(last) = found.last_mut().filter(|_| holds) {
                last.push_str(more);
            }
        };
        match event {
            Event::Start(element) => {
                for attribute in element.attributes() {
                    let value = attribute.unwrap().value;
                    assert!(!value.contains(&b'<'), "< stands in an attribute of {about}");
                }
                open.push(String::from_utf8(element.name().as_ref().to_vec()).unwrap());
                found.push(String::new());
            }
            Event::End(_) => drop(open.pop()),
            Event::Text(raw) => {
                assert!(!raw.windows(3).any(|part| part == b"]]>"), "]]> stands in {about}");
                text(std::str::from_utf8(&raw).unwrap());
            }
            Event::CData(raw) => text(std::str::from_utf8(&raw).unwrap()),
            Event::GeneralRef(name) => {
                let named = format!("&{};", std::str::from_utf8(&name).unwrap());
                let plain =
                    quick_xml::escape::unescape(&named).unwrap_or_else(|e| panic!("{named}: {e} in {about}"));
                assert_clean(&plain, about);
                text(&plain);
            }
            Event::DocType(_) => panic!("a DOCTYPE in {about}"),
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(open.is_empty(), "{open:?} is open in {about}");
    found.retain(|text| !text.is_empty());
    found
}

/// What carries text, pictures and sound, and nothing else.
const PASSIVE: &str = "a abbr audio b blockquote br caption cite code dd del dl dt em figcaption figure h2 h3 h4 h5 h6 hr \
    i img ins kbd li mark ol p pre q rp rt ruby s samp small strong sub sup table tbody td tfoot th thead time tr u ul";

/// Nothing in the HTML runs, frames, asks, styles or leads to a script.
pub(crate) fn assert_inert(html: &str, about: &str) {
    let page = Page::parse(html, url("http://reader.example/"));
    let ours = ["html", "head", "body"];
    for node in page.root().descendants() {
        let name = node.name();
        assert!(
            ours.contains(&name) || PASSIVE.split(' ').any(|one| one == name),
            "<{name}> stands in {about}: {html:.400}"
        );
        for (attribute, value) in node.attrs() {
            let harmless =
                ["href", "src", "alt", "rel", "title", "controls", "start", "colspan", "rowspan", "datetime"];
            assert!(harmless.contains(&attribute), "{attribute}={value} stands in {about}: {html:.400}");
            if ["href", "src"].contains(&attribute) {
                let leads = ["http://", "https://", "mailto:"].iter().any(|scheme| value.starts_with(scheme));
                assert!(leads, "{attribute}={value} stands in {about}");
            }
        }
    }
}

/// Runs a program over files, when it is here; it must be if `TIDINGS_TEST_REQUIRE` names it.
fn judged(name: &str, arguments: &[&str], files: &[std::path::PathBuf]) {
    let required = std::env::var("TIDINGS_TEST_REQUIRE").unwrap_or_default();
    let told = Command::new(name).args(arguments).args(files).output();
    match told {
        Ok(told) => assert!(told.status.success(), "{name}: {:.4000}", String::from_utf8_lossy(&told.stderr)),
        Err(_) => {
            assert!(!required.split(',').any(|one| one == name), "{name} is required, but not here");
            eprintln!("skipped: {name} is not installed");
        }
    }
}

const EXPAT: &str = "import sys, xml.parsers.expat\n\
    for name in sys.argv[1:]:\n    p = xml.parsers.expat.ParserCreate()\n    p.Parse(open(name, 'rb').read(), True)\n";

fn keep(folder: &Path, name: &str, bytes: &[u8], files: &mut Vec<std::path::PathBuf>) {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    files.push(path);
}

#[test]
fn whatever_a_portal_says_every_document_is_well_formed_and_inert() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    let texts = texts();
    assert!(texts.len() > 100, "{}", texts.len());
    let mut told = 0;
    for (number, text) in texts.iter().enumerate() {
        let short: String = text.chars().take(60).collect();
        let feed = feed(text, number % 2 == 0, entries(number, text).into());
        for format in Format::ALL {
            let about = format!("{} of {short:?} ({number})", format.title());
            let bytes = render::feed(&feed, format);
            let written = std::str::from_utf8(&bytes).unwrap();
            assert_clean(written, &about);
            let html = if format == Format::Json {
                let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
                assert_clean(&value.to_string(), &about);
                let items = value["items"].as_array().unwrap();
                items.iter().map(|item| item["content_html"].as_str().unwrap().to_owned()).collect()
            } else {
                keep(folder.path(), &format!("{number}.{}", format.extension()), &bytes, &mut files);
                html_of(written, &about)
            };
            // of two huge articles the older one stays away
            assert!(!html.is_empty(), "{about}");
            for html in html {
                assert_inert(&html, &about);
                told += 1;
            }
        }
        let outline = Outline {
            title: text.clone(),
            xml_url: "http://town.example/feed?a=1&b=2".to_owned(),
            html_url: Some(text.clone()),
            folder: Some(text.clone()),
            tags: vec![text.clone()],
            keys: vec![("title".to_owned(), render::toml_text(text))],
            others: Vec::new(),
        };
        let opml = render::opml(text, &[outline]);
        html_of(std::str::from_utf8(&opml).unwrap(), &format!("OPML of {short:?}"));
        keep(folder.path(), &format!("{number}.opml"), &opml, &mut files);
    }
    assert!(told > 600, "{told} texts of articles were looked at");
    judged("xmllint", &["--noout", "--nonet", "--huge"], &files);
    judged("python3", &["-c", EXPAT], &files);
}
