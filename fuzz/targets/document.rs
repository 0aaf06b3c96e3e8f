//! A feed of any words to its three documents: XML and JSON that strict readers take, and no word lost in one of them.

#![no_main]

use chrono::DateTime;
use libfuzzer_sys::fuzz_target;
use quick_xml::Reader;
use quick_xml::events::Event;
use tidings::model::{ArticleId, Entry, Feed, PageUrl, Pages, Person, PortalId, Precision, Stamp, Tombstone};
use tidings::render::{Format, feed};

fuzz_target!(|data: &str| {
    let mut words = data.split('\n').map(str::to_owned);
    let mut word = || words.next().unwrap_or_default();
    let url = |text: &str| PageUrl::parse(text).expect("a fixed address");
    let at = DateTime::from_timestamp(1_615_430_000, 0).expect("a fixed time");
    let portal = PortalId::parse("town").expect("a fixed name");
    let entry = Entry {
        id: ArticleId::from_stored("tag:feeds.example,2026:town/1".to_owned()),
        url: url("http://town.example/1?a=1&b=2"),
        title: word(),
        published: Stamp { at: at.fixed_offset(), precision: Precision::Second },
        updated: at,
        author: Some(Person { name: word() }),
        source: Some(word()),
        portal: (portal.clone(), word()),
        categories: vec![word(), word()],
        summary: word(),
        html: word(),
        lang: Some(word()),
        images: Vec::new(),
        attachments: Vec::new(),
    };
    let all = Feed {
        name: "town".to_owned(),
        title: word(),
        description: word(),
        id: "tag:feeds.example,2026:feeds/town".to_owned(),
        home: url("http://town.example/"),
        address: url("https://feeds.example/feeds/town"),
        hub: None,
        icon: None,
        folder: url("https://feeds.example/feeds/"),
        stem: "tag:feeds.example,2026:feeds/".to_owned(),
        pages: Pages::default(),
        lang: Some(word()),
        updated: Some(at),
        mixed: data.len() % 2 == 0,
        entries: vec![entry],
        tombstones: vec![Tombstone {
            id: ArticleId::from_stored("tag:feeds.example,2026:town/0".to_owned()),
            portal,
            at,
            url: url("http://town.example/0"),
            title: Some(word()),
        }],
    };
    for format in [Format::Rss, Format::Atom] {
        let bytes = feed(&all, format);
        let text = str::from_utf8(&bytes).expect("what we write is UTF-8");
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_end_names = true;
        let mut depth = 0_i32;
        loop {
            match reader.read_event().expect("what we write is XML") {
                Event::Start(element) => {
                    depth += 1;
                    assert!(element.attributes().all(|a| a.is_ok_and(|a| !a.value.contains(&b'<'))));
                }
                Event::Empty(element) => {
                    assert!(element.attributes().all(|a| a.is_ok_and(|a| !a.value.contains(&b'<'))));
                }
                Event::End(_) => depth -= 1,
                Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!(depth, 0);
        let is_bad = |c: char| matches!(u32::from(c), 0..=8 | 11..=31 | 0x7f..=0x9f | 0xfdd0..=0xfdef) || u32::from(c) & 0xfffe == 0xfffe;
        assert!(!text.contains(is_bad));
    }
    let json: serde_json::Value = serde_json::from_slice(&feed(&all, Format::Json)).expect("what we write is JSON");
    assert_eq!(json["items"].as_array().map(Vec::len), Some(1));
});
