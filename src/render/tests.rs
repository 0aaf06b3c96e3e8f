//! Whole documents: nasty texts, agreement of the formats, OPML there and back.

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use quick_xml::events::Event;

use super::*;
use crate::model::{
    ArticleId, Attachment, Entry, Image, PageUrl, Pages, Person, PortalId, Precision, Stamp, Tombstone,
};

fn url(text: &str) -> PageUrl {
    PageUrl::parse(text).unwrap()
}

fn entry(number: u32, title: &str, html: &str) -> Entry {
    let at = DateTime::parse_from_rfc3339("2021-03-11T09:11:43+08:00").unwrap()
        - chrono::TimeDelta::hours(number.into());
    Entry {
        id: ArticleId::from_stored(format!("tag:feeds.example,2026-11-23:town/{number}")),
        url: url(&format!("http://town.example/show.asp?id={number}&c=1|2")),
        title: title.to_owned(),
        published: Stamp { at, precision: Precision::Second },
        updated: at.to_utc(),
        author: Some(Person { name: "王小明".to_owned() }),
        source: Some("小城日报".to_owned()),
        portal: (PortalId::parse("town").unwrap(), "小城信息网".to_owned()),
        categories: vec!["小城新闻".to_owned(), " ".to_owned(), "教育".to_owned(), "教育".to_owned()],
        summary: "开头 & <一句>。".to_owned(),
        html: html.to_owned(),
        lang: Some("zh-CN".to_owned()),
        images: vec![Image {
            url: url("http://town.example/i/1.jpg?a=1&b=2"), alt: "\"图\" & 1".to_owned()
        }],
        attachments: ["a.pdf", "b.doc"]
            .map(|name| Attachment {
                url: url(&format!("http://town.example/{name}?x=1&y=2")),
                media_type: "application/pdf".to_owned(),
                title: "附件".to_owned(),
                length: None,
            })
            .into(),
    }
}

fn feed_of(entries: Vec<Entry>) -> Feed {
    Feed {
        name: "town".to_owned(),
        title: "小城 · 信息网".to_owned(),
        description: "小城信息网的新闻".to_owned(),
        id: "tag:feeds.example,2026:town".to_owned(),
        home: url("http://town.example/"),
        address: url("https://feeds.example/feeds/town"),
        hub: None,
        icon: None,
        folder: url("https://feeds.example/feeds/"),
        stem: "tag:feeds.example,2026:".to_owned(),
        pages: Pages::default(),
        lang: None,
        updated: entries.iter().map(|e| e.updated).max(),
        mixed: false,
        entries,
        tombstones: Vec::new(),
    }
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A strict reading: what XML 1.0 forbids, a bad nesting or a bare `&` fails the test.
fn assert_well_formed(xml: &str) {
    for c in xml.chars() {
        let allowed =
            matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
        assert!(allowed, "{c:?} stands in {xml}");
    }
    let mut reader = quick_xml::Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let mut depth = 0_i32;
    loop {
        match reader.read_event().unwrap() {
            Event::Start(element) => {
                depth += 1;
                check_attributes(&element);
            }
            Event::Empty(element) => check_attributes(&element),
            Event::End(_) => depth -= 1,
            Event::Text(text) => assert!(!text.contains(&b'<') && !text.contains(&b'&')),
            Event::GeneralRef(name) => {
                let name = text_of(&name);
                assert!(
                    ["amp", "lt", "gt", "quot", "apos"].contains(&name.as_str()) || name.starts_with('#'),
                    "&{name};"
                );
            }
            Event::DocType(_) => panic!("a DOCTYPE"),
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
}

fn check_attributes(element: &quick_xml::events::BytesStart<'_>) {
    for attribute in element.attributes() {
        let attribute = attribute.unwrap();
        assert!(!attribute.value.contains(&b'<'));
        quick_xml::escape::unescape(&text_of(&attribute.value)).unwrap();
    }
}

#[test]
fn documents_are_as_agreed() {
    let mut second = entry(2, "第二篇", "<p>二</p>");
    (second.source, second.author, second.lang) = (None, None, Some("en".to_owned()));
    second.images.clear();
    second.attachments.clear();
    second.updated += chrono::TimeDelta::days(1);
    let mut feed = feed_of(vec![entry(1, "第一篇 <A> & B", "<p>一 ]]&gt; ]]></p>"), second]);
    (feed.mixed, feed.name) = (true, "all".to_owned());
    (feed.id, feed.address) =
        ("tag:feeds.example,2026:all".to_owned(), url("https://feeds.example/feeds/all"));
    insta::assert_snapshot!("rss", text_of(&super::feed(&feed, Format::Rss)).replace("><", ">\n<"));
    insta::assert_snapshot!("atom", text_of(&super::feed(&feed, Format::Atom)).replace("><", ">\n<"));
    let json: serde_json::Value = serde_json::from_slice(&super::feed(&feed, Format::Json)).unwrap();
    insta::assert_snapshot!("json", serde_json::to_string_pretty(&json).unwrap());
}

#[test]
fn a_feed_without_articles_is_a_valid_feed() {
    let feed = feed_of(Vec::new());
    for format in Format::ALL {
        let text = text_of(&super::feed(&feed, format));
        assert!(text.contains("小城 · 信息网"), "{text}");
        if format != Format::Json {
            assert!(text.starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?>"), "{text}");
            assert_well_formed(&text);
        }
    }
}

#[test]
fn articles_that_change_at_one_instant_are_told_apart_for_ever() {
    let mut twin = entry(2, "二", "<p>二</p>");
    twin.updated = entry(1, "", "").updated;
    twin.published = entry(1, "", "").published;
    let both = feed_of(vec![entry(1, "一", "<p>一</p>"), twin.clone()]);
    let atom = text_of(&super::feed(&both, Format::Atom));
    let stamps = |text: &str| -> Vec<String> {
        let rest = text.split("<entry>").skip(1);
        rest.filter_map(|e| Some(e.split_once("<updated>")?.1.split_once('<')?.0.to_owned())).collect()
    };
    let found = stamps(&atom);
    assert_ne!(found[0], found[1]);
    let alone = text_of(&super::feed(&feed_of(vec![twin]), Format::Atom));
    assert_eq!(stamps(&alone), found[1..]);
    assert!(DateTime::parse_from_rfc3339(&found[0]).unwrap().to_utc() >= entry(1, "", "").published.utc());
}

#[test]
fn a_huge_article_is_served_by_its_summary_and_does_not_push_others_out() {
    let huge = "<p>".to_owned() + &"长".repeat(600_000) + "</p>";
    let feed = feed_of(vec![entry(1, "大", &huge), entry(2, "小", "<p>二</p>")]);
    for format in Format::ALL {
        let bytes = super::feed(&feed, format);
        assert!(bytes.len() < 16 * 1024);
        assert!(text_of(&bytes).contains("小"));
    }
}

#[test]
fn a_feed_stays_under_a_mebibyte_with_the_same_articles_in_every_format() {
    let body = "<p>\"a\" &amp; 'b'</p>".repeat(1500);
    let feed = feed_of((0..200).map(|n| entry(n, "标题", &body)).collect());
    let counts = Format::ALL.map(|format| {
        let bytes = super::feed(&feed, format);
        assert!(bytes.len() <= 1024 * 1024, "{format:?} has {}", bytes.len());
        text_of(&bytes).matches("tag:feeds.example,2026-11-23:town/").count()
    });
    assert!(counts[0] > 5 && counts.iter().all(|c| *c == counts[0]), "{counts:?}");
}

#[test]
fn opml_goes_out_and_comes_back() {
    let outline = |title: &str, folder: Option<&str>| Outline {
        title: title.to_owned(),
        xml_url: format!("http://a.example/?t={title}&x=\"1\""),
        html_url: Some("http://a.example/".to_owned()),
        folder: folder.map(str::to_owned),
        tags: folder.into_iter().map(str::to_owned).collect(),
        keys: vec![("url".to_owned(), "http://a.example/\"&'".to_owned())],
        others: Vec::new(),
    };
    let all = [
        outline("a & b", None),
        outline("<c>", Some("河北")),
        outline("d", Some("河北")),
        outline("e", Some("f")),
    ];
    let bytes = opml("订阅 <1>", &all);
    assert_well_formed(&text_of(&bytes));
    let read = read_opml(&text_of(&bytes)).unwrap();
    assert_eq!(read.outlines.into_iter().map(|(_, outline)| outline).collect::<Vec<_>>(), all);
    assert_eq!(read.left_out, []);
}

#[test]
fn other_programs_opml_is_read_and_what_is_none_is_refused() {
    let foreign = "\u{feff}<?xml version='1.0'?><!DOCTYPE opml><opml version='1.0'><head><title>x</title></head><body>\
        <outline text='News &nbsp; x'><outline TEXT='One' xmlURL=' feed://a.example/rss '/>\
        <outline text='deep'><outline title='Two' xmlurl='feed:https://b.example/'></outline></outline></outline>\
        <outline xmlUrl='http://c.example/?a=1&amp;b=2'/></body></opml>";
    let found = read_opml(foreign).unwrap();
    let told: Vec<_> = found
        .outlines
        .iter()
        .map(|(_, o)| (o.title.as_str(), o.xml_url.as_str(), o.folder.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            ("One", "http://a.example/rss", Some("News &nbsp; x")),
            ("Two", "https://b.example/", Some("deep")),
            ("", "http://c.example/?a=1&b=2", None),
        ]
    );
    assert_eq!(found.outlines[1].1.tags, ["News &nbsp; x", "deep"]);
    for bad in ["", "{}", "<rss/>"] {
        assert!(read_opml(bad).is_err(), "{bad:.40}");
    }
    let deep = format!("<opml><body>{}", "<outline text='x'>".repeat(100_000));
    for broken in ["<opml><body>", "<opml><outline xmlUrl='", &deep] {
        assert!(!read_opml(broken).unwrap().left_out.is_empty(), "{broken:.40}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn whatever_an_article_holds_the_documents_are_well_formed(
        title in any::<String>(), html in any::<String>(), name in any::<String>(),
        controls in proptest::collection::vec(proptest::char::range('\0', '\u{ff}'), 0..20),
        days in 0_i64..20_000,
    ) {
        let controls: String = controls.into_iter().chain(['\u{fffe}', '\u{ffff}']).collect();
        let mut one = entry(1, &(title + &controls), &(html + &controls));
        one.author = Some(Person { name: name.clone() });
        one.source = Some(name.clone() + &controls);
        one.categories = vec![name.clone(), controls.clone()];
        one.summary = controls.clone();
        one.images[0].alt.clone_from(&name);
        one.attachments[0].title = name.clone();
        one.attachments[0].media_type = name.clone();
        one.lang = Some(name.clone());
        one.updated = DateTime::<Utc>::from_timestamp(days * 86_400, 0).unwrap();
        let mut feed = feed_of(vec![one]);
        (feed.title, feed.description, feed.lang, feed.mixed) = (controls.clone(), name.clone(), Some(name.clone()), days % 2 == 0);
        for format in Format::ALL {
            let bytes = super::feed(&feed, format);
            prop_assert_eq!(&bytes, &super::feed(&feed, format));
            if format == Format::Json {
                let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
                prop_assert!(!value["items"][0]["title"].as_str().unwrap().trim().is_empty());
            } else {
                assert_well_formed(&text_of(&bytes));
            }
        }
        assert_well_formed(&text_of(&opml(&controls, &[Outline {
            title: name.clone(), xml_url: controls.clone(), html_url: Some(name), folder: Some(controls.clone()),
            tags: vec![controls.clone()], keys: vec![("title".to_owned(), controls.clone())],
            others: Vec::new(),
        }])));
    }
}

#[test]
fn atom_tells_which_articles_are_gone_and_a_feed_without_such_has_no_word_of_it() {
    let mut feed = feed_of(Vec::new());
    assert!(!text_of(&crate::render::feed(&feed, Format::Atom)).contains("tombstones"));
    feed.tombstones = vec![Tombstone {
        id: ArticleId::from_stored("tag:feeds.example,2026-03-11:town/<\"&'>".to_owned()),
        portal: PortalId::parse("town").unwrap(),
        at: DateTime::from_timestamp(1_772_323_200, 5).unwrap(),
        url: url("http://town.example/1"),
        title: Some("旧闻".to_owned()),
    }];
    let atom = text_of(&crate::render::feed(&feed, Format::Atom));
    assert_well_formed(&atom);
    assert!(atom.contains("xmlns:at=\"http://purl.org/atompub/tombstones/1.0\""), "{atom}");
    let told = "<at:deleted-entry ref=\"tag:feeds.example,2026-03-11:town/&lt;&quot;&amp;'&gt;\" when=\"2026-03-01T00:00:00Z\"";
    assert!(atom.contains(told), "{atom}");
}
