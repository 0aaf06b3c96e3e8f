//! What becomes of entries.

use super::*;
use crate::model::{Candidate, Recipe};

fn read_with(text: &str, zone: Option<Tz>) -> Listing {
    let (recipe, now) = (Recipe::default(), "2026-11-25T08:00:00Z".parse().unwrap());
    let context = Context { recipe: &recipe, now, zone, charset: Some("UTF-8"), learnt: None };
    read(text, &PageUrl::parse("http://quay.example/feeds/all.xml").unwrap(), &context).0
}

fn rss(items: &str) -> Vec<Candidate> {
    let head = "<title>Quay</title><link>http://quay.example/</link><language>zh-cn</language>";
    read_with(&format!("<rss version=\"2.0\"><channel>{head}{items}</channel></rss>"), None).items
}

fn atom(attrs: &str, entries: &str) -> Vec<Candidate> {
    let text =
        format!("<feed xmlns=\"http://www.w3.org/2005/Atom\" {attrs}><title>Quay</title>{entries}</feed>");
    read_with(&text, None).items
}

fn urls(items: &[Candidate]) -> Vec<&str> {
    items.iter().map(|item| item.url.as_str()).collect()
}

#[test]
fn an_entry_leads_to_its_article() {
    let items = rss("<item><title>a</title><guid>http://quay.example/a</guid></item>
        <item><title>b</title><link>../b?x=1&y=2</link></item>
        <item><title>c</title><link xmlns=\"http://www.w3.org/2005/Atom\" href=\"/c\"/></item>
        <item><title>d</title><atom:link rel=\"alternate\" href=\"/d\"/><link></link></item>
        <item xml:base=\"http://other.example/x/\"><title>e</title><link>e</link></item>");
    let led = [
        "http://quay.example/a",
        "http://quay.example/b?x=1&y=2",
        "http://quay.example/c",
        "http://quay.example/d",
        "http://other.example/x/e",
    ];
    assert_eq!(urls(&items), led);
    let items = rss("<item><title>a</title><guid isPermaLink=\"true\">/a/1.html</guid></item>
        <item><title>b</title><link>show.asp?a=1&amp;amp;b=2</link></item><item><title>c</title><guid isPermaLink=\"false\">/c/3</guid></item>");
    let led: Vec<&str> = urls(&items).into_iter().take(2).collect();
    assert_eq!(led, ["http://quay.example/a/1.html", "http://quay.example/feeds/show.asp?a=1&b=2"]);
    assert!(items[2].url.as_str().contains("#entry-"));
    let items = atom(
        "xml:base=\"/n/\"",
        "<entry><link rel=\"self\" href=\"self\"/><link rel=\"alternate\" type=\"application/json\" href=\"j\"/><link type=\"text/html\" href=\"1\"/><title>a</title></entry>",
    );
    assert_eq!(urls(&items), ["http://quay.example/n/1"]);
}

#[test]
fn markup_under_a_prefix_is_markup() {
    let text = "<a:feed xmlns:a=\"http://www.w3.org/2005/Atom\" xmlns:h=\"http://www.w3.org/1999/xhtml\"><a:entry><a:title type=\"xhtml\"><h:div>Brücke &amp; <h:b>Weg</h:b></h:div></a:title><a:link href=\"/1\"/><a:content type=\"xhtml\"><h:div><h:p>Bild: <h:img src=\"b.jpg\"/></h:p></h:div></a:content></a:entry></a:feed>";
    let items = read_with(text, None).items;
    assert_eq!(items[0].title, "Brücke & Weg");
    assert_eq!(items[0].given.as_ref().unwrap().html.trim(), "<div><p>Bild: <img src=\"b.jpg\"/></p></div>");
}

#[test]
fn the_zone_of_a_feed_is_its_languages() {
    let rdf = |attrs: &str, head: &str, title: &str| {
        let text = format!(
            "<rdf:RDF xmlns=\"http://purl.org/rss/1.0/\" xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" {attrs}><channel><title>x</title>{head}</channel><item rdf:about=\"http://quay.example/1\"><title>{title}</title><dc:date>2026-11-20T09:11:43</dc:date><dc:subject>経済</dc:subject></item></rdf:RDF>"
        );
        let listing = read_with(&text, None);
        (listing.items[0].published.unwrap().to_rfc3339(), listing.lang)
    };
    let japan = ("2026-11-20T09:11:43+09:00".to_owned(), Some("ja".to_owned()));
    assert_eq!(rdf("xml:lang=\"ja\"", "", "一"), japan);
    assert_eq!(rdf("", "<dc:language>ja</dc:language>", "一"), japan);
    assert_eq!(rdf("", "", "市によると、工事は二年にわたり、総額は三億円にのぼる"), japan);
    let (china, lang) = rdf(
        "",
        "<dc:language>en-us</dc:language>",
        "河堤步道本周末开放市图书馆延长开放时间城东小学新校舍竣工",
    );
    assert_eq!((china.as_str(), lang.as_deref()), ("2026-11-20T09:11:43+08:00", Some("zh")));
}

#[test]
fn what_rss_borrows_from_atom_is_taken() {
    let items = rss("<item><title>a</title><link>/1</link><a:author xmlns:a=\"http://www.w3.org/2005/Atom\"><a:name>A. Lee</a:name></a:author><a:updated xmlns:a=\"http://www.w3.org/2005/Atom\">2026-11-20T09:00:00+01:00</a:updated></item>
        <item><title>b</title><link>/2</link><atom:author><atom:name>B. Lee</atom:name></atom:author><atom:updated>2026-11-21T09:00:00+01:00</atom:updated></item>");
    let told: Vec<_> = items
        .iter()
        .map(|item| {
            (item.given.as_ref().unwrap().author.as_deref(), item.published.map(|at| at.to_rfc3339()))
        })
        .collect();
    assert_eq!(told[0], (Some("A. Lee"), Some("2026-11-20T09:00:00+01:00".to_owned())));
    assert_eq!(told[1], (Some("B. Lee"), Some("2026-11-21T09:00:00+01:00".to_owned())));
}

#[test]
fn what_atom_borrows_is_taken() {
    let items = atom(
        "xmlns:dc=\"http://purl.org/dc/elements/1.1/\"",
        "<entry><link href=\"/1\"/><title>a</title><dc:subject>Town</dc:subject><dc:subject>Roads</dc:subject></entry>",
    );
    assert_eq!(items[0].given.as_ref().unwrap().categories, ["Town", "Roads"]);
}

#[test]
fn an_entry_without_a_page_has_an_address_of_its_own() {
    let text = "<item><title>a</title><description>one</description></item><item><description>Two. And more.</description></item>
        <item><title>c</title><link>http://quay.example/</link><guid isPermaLink=\"false\">c</guid></item>";
    let items = rss(text);
    assert_eq!(items.iter().map(|item| item.title.as_str()).collect::<Vec<_>>(), ["a", "Two", "c"]);
    assert!(items.iter().all(Candidate::is_whole));
    let keys: std::collections::HashSet<_> = items.iter().map(|item| item.url.key()).collect();
    assert_eq!(keys.len(), 3);
    assert!(
        items[0].url.as_str().starts_with("http://quay.example/feeds/all.xml#entry-"),
        "{}",
        items[0].url
    );
    assert_eq!(PageUrl::parse(items[0].url.as_str()).unwrap(), items[0].url);
    // the same each time
    assert_eq!(urls(&rss(text)), urls(&items));
    assert_eq!(items[0].given.as_ref().unwrap().id, None);
}

#[test]
fn a_name_that_several_have_names_none() {
    let items = rss("<item><title>a</title><link>/a</link><guid>1</guid></item><item><title>b</title><link>/b</link><guid>1</guid></item>
        <item><title>c</title><link>/c</link><guid>2</guid></item>");
    let ids: Vec<_> = items.iter().map(|item| item.given.as_ref().unwrap().id.as_deref()).collect();
    assert_eq!(ids, [None, None, Some("2")]);
}

#[test]
fn what_an_entry_says_beside_its_text_is_taken() {
    let items = rss("<item><title>a</title><link>/a</link><author>ann@quay.example (Ann Lee)</author><source url=\"http://x.example/\">青石日报</source>
        <category>要闻</category><category><![CDATA[R&amp;D]]></category><enclosure url=\"/a.mp3\" length=\"123\" type=\"audio/mpeg\"/>
        <media:content url=\"/a.jpg\" medium=\"image\"/><media:thumbnail url=\"/t.jpg\"/><enclosure url=\"/b.pdf\"/>
        <pubDate>Fri, 20 Nov 2026 09:00:00 +0800</pubDate><atom:updated>2026-11-21T09:00:00+08:00</atom:updated>
        <content:encoded><![CDATA[<p>整篇。</p>]]></content:encoded><description>teaser</description></item>");
    let given = items[0].given.as_deref().unwrap();
    assert_eq!(given.author.as_deref(), Some("Ann Lee"));
    assert_eq!(given.source.as_deref(), Some("青石日报"));
    assert_eq!(given.categories, ["要闻", "R&D"]);
    let files: Vec<_> = given
        .attachments
        .iter()
        .map(|file| (file.url.as_str(), file.media_type.as_str(), file.length))
        .collect();
    assert_eq!(
        files,
        [
            ("http://quay.example/a.mp3", "audio/mpeg", Some(123)),
            ("http://quay.example/b.pdf", "application/pdf", None)
        ]
    );
    assert_eq!(given.images[0].url.as_str(), "http://quay.example/a.jpg");
    assert_eq!(given.modified.unwrap().to_rfc3339(), "2026-11-21T09:00:00+08:00");
    assert_eq!(
        (given.lang.as_deref(), given.is_whole, given.html.as_str()),
        (Some("zh-cn"), true, "<p>整篇。</p>")
    );
    assert_eq!(items[0].summary.as_deref(), Some("teaser"));
}

#[test]
fn times_are_read_in_the_portals_zone() {
    let shanghai = Some(chrono_tz::Asia::Shanghai);
    for (written, meant) in [
        ("Fri, 20 Nov 2026 09:00:00 +0800", "2026-11-20T09:00:00+08:00"),
        ("Fri, 20 Nov 2026 09:00:00 GMT", "2026-11-20T09:00:00+00:00"),
        ("Fri, 20 Nov 2026 09:00:00 EST", "2026-11-20T09:00:00-05:00"),
        ("Fri, 20 Nov 2026 09:00:00 CST", "2026-11-20T09:00:00+08:00"),
        ("Fri, 20 Nov 2026 09:00:00", "2026-11-20T09:00:00+08:00"),
        ("Wed, 20 November 2026 9:00 Z", "2026-11-20T09:00:00+00:00"),
        ("20 Nov 26 09:00 UT", "2026-11-20T09:00:00+00:00"),
        ("2026-11-20 09:00:00", "2026-11-20T09:00:00+08:00"),
        ("2026/11/20 9:00:00", "2026-11-20T09:00:00+08:00"),
        ("2026年11月20日 09:00", "2026-11-20T09:00:00+08:00"),
        ("2026-11-20T09:00:00.000Z", "2026-11-20T09:00:00+00:00"),
        ("2026-11-20T09:00:00+0800", "2026-11-20T09:00:00+08:00"),
        ("星期五, 20 十一月 2026 09:00:00 +0800", "2026-11-20T09:00:00+08:00"),
        ("周五, 20 11月 2026 09:00:00 +0800", "2026-11-20T09:00:00+08:00"),
        ("1795136400", "2026-11-20T09:00:00+08:00"),
    ] {
        let text = format!(
            "<rss><channel><item><title>a</title><link>/a</link><pubDate>{written}</pubDate></item></channel></rss>"
        );
        let items = read_with(&text, shanghai).items;
        assert_eq!(items[0].published.map(|stamp| stamp.to_rfc3339()).as_deref(), Some(meant), "{written}");
    }
    let items =
        atom("", "<entry><title>a</title><link href=\"/a\"/><updated>2026-11-20T09:00:00Z</updated></entry>");
    assert!(items[0].published.is_some() && items[0].given.as_ref().unwrap().modified.is_none());
}

#[test]
fn what_is_no_feed_says_so() {
    for text in ["", "<html><p>x</p></html>", "{}", "{\"items\":1}", "<"] {
        assert!(read_with(text, None).fault.is_some(), "{text}");
    }
    let empty = read_with("<rss><channel><title>t</title></channel></rss>", None);
    assert!(empty.fault.is_none() && empty.items.is_empty() && empty.title.as_deref() == Some("t"));
    let cut = read_with("<rss><channel><item><title>a</title><link>/a</link><description>x", None);
    assert_eq!((cut.items.len(), cut.notes.len()), (1, 1));
}

#[test]
fn the_hub_that_a_feed_names_is_found() {
    let link = "<atom:link xmlns:atom=\"http://www.w3.org/2005/Atom\"";
    let item = "<item><title>a</title><link>http://quay.example/a</link></item>";
    let rss = |head: &str| format!("<rss version=\"2.0\"><channel>{head}{item}</channel></rss>");
    let entry = "<entry><title>a</title><link href=\"/a\"/><id>a</id></entry>";
    let (hub, own) = ("http://hub.example/", "http://quay.example/feeds/all.xml");
    for (text, topic) in [
        (
            rss(&format!("{link} rel=\"self\" href=\"{own}?x\"/>{link} rel=\"hub\" href=\"{hub}\"/>")),
            "http://quay.example/feeds/all.xml?x",
        ),
        (rss(&format!("{link} rel='hub other' href=' {hub} '/>")), own),
        (
            format!(
                "<feed xmlns=\"http://www.w3.org/2005/Atom\"><link rel=\"hub\" href=\"{hub}\"/><link rel=\"self\" href=\"/s\"/>{entry}</feed>"
            ),
            "http://quay.example/s",
        ),
        (
            format!(
                "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{{\"id\":\"1\",\"title\":\"a\",\"content_text\":\"x\"}}],\"hubs\":[{{\"type\":\"rssCloud\",\"url\":\"/c\"}},{{\"type\":\"WebSub\",\"url\":\"{hub}\"}}]}}"
            ),
            own,
        ),
    ] {
        let found = read_with(&text, None).traits.hub.unwrap_or_else(|| panic!("{text}"));
        assert_eq!((found.hub.as_str(), found.topic.as_str()), (hub, topic), "{text}");
    }
    let without = read_with(&rss(&format!("{link} rel=\"self\" href=\"{own}\"/>")), None);
    assert_eq!((without.items.len(), without.traits.hub), (1, None));
}

#[test]
fn an_item_that_is_too_long_costs_itself_only() {
    let feed = |long: &str| {
        format!(
            "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{{\"id\":\"1\",\"url\":\"/1\",\"title\":\"a\"}},{{\"id\":\"2\",\"url\":\"/2\",\"title\":\"b\",\"content_text\":\"{long}\"}},{{\"id\":\"3\",\"url\":\"/3\",\"title\":\"c\"}}]}}"
        )
    };
    for (before, expected) in [("", 2), ("x", 2), ("xx", 2)] {
        let pieces = super::json::cut(&feed(&format!("{before}{}", "长".repeat(700_000))), 500).unwrap();
        let read = pieces.items.iter().flatten().count();
        assert_eq!((pieces.items.len(), read, pieces.is_cut), (3, expected, false), "{before}");
    }
    // one that breaks off within
    let broken = feed(&"长".repeat(700_000)).chars().take(400_000).collect::<String>();
    assert_eq!(super::json::cut(&broken, 500).unwrap().items.len(), 2);
}
