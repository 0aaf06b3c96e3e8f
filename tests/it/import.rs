//! `tidings import`: configurations of four other tools, the result checked, what is left told with its line.

use crate::common::{err, out, tidings};

/// Imports a file and has the result checked; the blocks as TOML, and what was told.
fn imported(name: &str, text: &str) -> (toml::Table, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), text).unwrap();
    let output = tidings(folder.path()).args(["import", name]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}{}", out(&output), err(&output));
    std::fs::write(folder.path().join("feeds.toml"), &output.stdout).unwrap();
    let checked = tidings(folder.path()).arg("check").output().unwrap();
    assert_eq!(checked.status.code(), Some(0), "{}\n{}", err(&checked), out(&output));
    (out(&output).parse().unwrap(), err(&output))
}

#[track_caller]
fn said(told: &str, lines: &[&str]) {
    for line in lines {
        assert!(told.lines().any(|own| own.starts_with(line)), "`{line}` is missing:\n{told}");
    }
    assert_eq!(told.lines().count(), lines.len(), "{told}");
}

#[test]
fn rsspls() {
    let (read, told) = imported(
        "rsspls.toml",
        r##"
[rsspls]
output = "/var/www/feeds"

[[feed]]
title = "Stadtnachrichten"
filename = "stadt-nachrichten.rss"

[feed.config]
url = "https://stadt.example/aktuelles/"
item = "article.teaser"
heading = "h3 a"
link = "h3 a"
summary = ".text"

[feed.config.date]
selector = "time"
type = "Date"
format = "[day padding:none].[month padding:none].[year]"

[[feed]]
title = "Kreis"
filename = "kreis.rss"
user_agent = "Mozilla"
[feed.config]
url = "https://kreis.example/presse"
item = "ul.list >"
heading = "a"
date = "span.datum"
"##,
    );
    let portals = read["portal"].as_array().unwrap();
    assert_eq!(portals[0]["name"].as_str(), Some("stadt-nachrichten"));
    assert_eq!(portals[0]["list"]["item"].as_str(), Some("article.teaser"));
    assert_eq!(portals[0]["list"]["title"].as_str(), Some("h3 a"));
    assert_eq!(portals[0]["list"]["date"].as_str(), Some("time"));
    assert_eq!(portals[0]["dates"]["formats"][0].as_str(), Some("%-d.%-m.%Y"));
    assert_eq!(portals[1]["list"]["date"].as_str(), Some("span.datum"));
    assert!(portals[1]["list"].get("item").is_none());
    said(
        &told,
        &[
            "rsspls.toml:3: [rsspls] output",
            "rsspls.toml:14: summary",
            "rsspls.toml:24: user_agent",
            "rsspls.toml:27: item: `ul.list >` is no CSS selector",
        ],
    );
}

#[test]
fn freshrss() {
    let (read, told) = imported(
        "subscriptions.opml.xml",
        r##"<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0" xmlns:frss="https://freshrss.org/opml"><body>
<outline text="City">
<outline text="Notices" type="HTML+XPath" xmlUrl="https://city.example/notices" htmlUrl="https://city.example/" frss:xPathItem="//div[contains(concat(' ', normalize-space(@class), ' '), ' row ')]" frss:xPathItemTitle="descendant::h2" frss:xPathItemUri="descendant::a/@href" frss:xPathItemTimestamp=".//span[@class='d']/text()" frss:xPathItemTimeFormat="d/m/Y" frss:xPathItemContent="." frss:ttl="3600" frss:cssFullContent="#main" frss:cssContentFilter=".share, .ads"/>
<outline text="Odd" type="HTML+XPath" xmlUrl="https://odd.example/" frss:xPathItem="//a[contains(@href, '/n/')]/ancestor::article" frss:filtersActionRead="intitle:x" frss:priority="important" frss:CURLOPT_PROXYTYPE="5"/>
</outline>
<outline text="Data" type="JSON+DotNotation" xmlUrl="https://data.example/api" frss:jsonItem="data.items" frss:jsonItemTitle="meta.title" frss:jsonItemUri="links[0]" frss:CURLOPT_HTTPHEADER="Accept: application/json"/>
<outline text="Plain" type="rss" xmlUrl="https://plain.example/feed" frss:ttl="-86400"/>
<outline text="Bridged" type="rss" xmlUrl="https://bridge.example/?action=display&amp;bridge=CssSelectorBridge&amp;home_page=https%3A%2F%2Fvillage.example%2F&amp;url_selector=h2+a&amp;content_selector=%23text&amp;format=Atom"/>
</body></opml>
"##,
    );
    let portals = read["portal"].as_array().unwrap();
    assert_eq!(portals.len(), 5);
    let first = &portals[0];
    assert_eq!(first["list"]["item"].as_str(), Some("div[class~=\"row\"]"));
    assert_eq!(first["list"]["title"].as_str(), Some("h2"));
    assert_eq!(first["list"]["link"].as_str(), Some("a@href"));
    assert_eq!(first["list"]["date"].as_str(), Some("span[class=\"d\"]"));
    assert_eq!(first["dates"]["formats"][0].as_str(), Some("%d/%m/%Y"));
    assert_eq!(first["article"]["body"].as_str(), Some("#main"));
    assert_eq!(first["article"]["remove"].as_array().unwrap().len(), 2);
    assert_eq!((first["every"].as_str(), first["tags"][0].as_str()), (Some("3600s"), Some("City")));
    assert_eq!(portals[1]["list"]["item"].as_str(), Some("article:has(a[href*=\"/n/\"])"));
    assert_eq!(portals[2]["json"]["items"].as_str(), Some("$.data.items[*]"));
    assert_eq!(portals[2]["fetch"]["headers"]["Accept"].as_str(), Some("application/json"));
    assert_eq!(portals[3]["enabled"].as_bool(), Some(false));
    assert_eq!(portals[4]["url"].as_str(), Some("https://village.example/"));
    assert_eq!(portals[4]["list"]["link"].as_str(), Some("h2 a"));
    said(
        &told,
        &[
            "subscriptions.opml.xml:5: frss:filtersActionRead",
            "subscriptions.opml.xml:5: frss:priority",
            "subscriptions.opml.xml:5: frss:CURLOPT_PROXYTYPE",
            "subscriptions.opml.xml:8: frss:ttl",
        ],
    );
}

#[test]
fn rss_bridge() {
    let (read, told) = imported(
        "bridges.txt",
        "# ours\n\
         https://b.example/?action=display&bridge=CssSelectorComplexBridge&home_page=https%3A%2F%2Fa.example%2Fblog%2F&entry_element_selector=div.article&url_selector=a.title&use_article_pages=on&article_page_content_selector=article.content&content_cleanup=div.ads%2C+div.comments&title_selector=h1&author_selector=.by&time_selector=time&time_format=Y-m-d&limit=10&format=Atom\n\
         https://b.example/?action=display&bridge=XPathBridge&url=https%3A%2F%2Fn.example%2F&item=%2F%2Fol%2Fli%5B%40class%3D%22a%22%5D&title=.%2F%2Fh2&uri=.%2F%2Fa%2F%40href&timestamp=.%2F%2Ftime%2F%40datetime&content=.%2F%2Fp&format=Html\n\
         https://b.example/?action=display&bridge=CssSelectorBridge&home_page=https%3A%2F%2Fc.example%2F&url_selector=article&url_pattern=%2Fnews%2F.%2A\n\
         https://b.example/?action=display&bridge=YoutubeBridge&c=x\n\
         https://d.example/\n",
    );
    let portals = read["portal"].as_array().unwrap();
    assert_eq!(portals.len(), 3);
    assert_eq!(portals[0]["list"]["item"].as_str(), Some("div.article"));
    assert_eq!(portals[0]["article"]["body"].as_str(), Some("article.content"));
    assert_eq!(portals[0]["article"]["author"].as_str(), Some(".by"));
    assert_eq!(portals[0]["dates"]["formats"][0].as_str(), Some("%Y-%m-%d"));
    assert_eq!(portals[1]["list"]["item"].as_str(), Some("ol > li[class=\"a\"]"));
    assert_eq!(portals[1]["list"]["date"].as_str(), Some("time@datetime"));
    assert_eq!(portals[2]["list"]["item"].as_str(), Some("article"));
    said(
        &told,
        &[
            "bridges.txt:2: limit `10`",
            "bridges.txt:3: content",
            "bridges.txt:4: url_pattern",
            "bridges.txt:5: the bridge `Youtube`",
            "bridges.txt:6: it is no address of RSS-Bridge",
        ],
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "one file with everything that such files say")]
fn html2rss() {
    let (read, told) = imported(
        "feeds.yml",
        r##"headers:
  Accept: text/html
feeds:
  town-hall:
    channel:
      url: https://town.example/news
      title: Town hall
      time_zone: Europe/Berlin
      ttl: 120
      language: de
    selectors:
      items:
        selector: ".news > li"
        enhance: true
        pagination:
          max_pages: 3
      title:
        selector: h3
        post_process:
          - name: template
            string: "%{self}"
      url:
        selector: a
        extractor: href
      published_at:
        selector: time
        extractor: attribute
        attribute: datetime
        post_process:
          name: parse_time
      description:
        selector: p
  auto:
    channel: { url: "https://auto.example/" }
    auto_source:
      cleanup: { min_words_title: 4 }
  asked:
    channel:
      url: https://x.example/%<section>s
    selectors:
      items: { selector: li }
"##,
    );
    let portals = read["portal"].as_array().unwrap();
    assert_eq!(portals.len(), 2);
    let first = &portals[0];
    assert_eq!((first["name"].as_str(), first["every"].as_str()), (Some("town-hall"), Some("7200s")));
    assert_eq!(first["timezone"].as_str(), Some("Europe/Berlin"));
    assert_eq!(first["list"]["item"].as_str(), Some(".news > li"));
    assert_eq!(first["list"]["date"].as_str(), Some("time@datetime"));
    assert_eq!(first["list"]["max_pages"].as_integer(), Some(3));
    assert_eq!(portals[1]["url"].as_str(), Some("https://auto.example/"));
    said(
        &told,
        &[
            "feeds.yml:1: `headers`",
            "feeds.yml:10: channel.language",
            "feeds.yml:20: title: post_process `template`",
            "feeds.yml:31: description",
            "feeds.yml:14: items.enhance",
            "feeds.yml:36: auto_source.cleanup",
            "feeds.yml:39: channel.url",
        ],
    );
}

#[test]
fn what_stands_within_items_that_are_not_carried_over_goes_with_them() {
    let (read, told) = imported(
        "fresh.opml",
        r##"<?xml version="1.0"?>
<opml version="2.0" xmlns:frss="https://freshrss.org/opml"><body>
<outline text="Rathaus" type="HTML+XPath" xmlUrl="https://a.example/" frss:xPathItem="//li[contains(., 'Rathaus')]" frss:xPathItemTitle="a" frss:xPathItemUri="a/@href"/>
<outline text="around" type="HTML+XPath" xmlUrl="https://b.example/" frss:xPathItem="//a[contains(@href, '/n/')]/ancestor::article" frss:xPathItemTitle="descendant::h2" frss:xPathItemUri="@data-url"/>
</body></opml>"##,
    );
    assert!(read["portal"][0]["list"].get("link").is_none(), "{read}");
    assert_eq!(read["portal"][1]["list"]["item"].as_str(), Some("article:has(a[href*=\"/n/\"])"));
    said(
        &told,
        &[
            "fresh.opml:3: frss:xPathItem: `//li[contains(., 'Rathaus')]` has no CSS selector",
            "fresh.opml:3: the links within its items are left to detection",
            "fresh.opml:4: frss:xPathItemUri: `@data-url` has no CSS selector: it takes `data-url` of the item itself",
        ],
    );
    let (read, told) = imported(
        "api.yml",
        "feeds:\n  api:\n    channel:\n      url: https://api.example/list\n      title: >\n        Folded\n        title\n      headers:\n        Accept: application/json\n    selectors:\n      items:\n        selector: array > object\n      title:\n        selector: title\n",
    );
    assert!(read["portal"][0].get("list").is_none(), "{read}");
    assert_eq!(read["portal"][0]["title"].as_str(), Some("Folded title"));
    assert!(told.contains("selectors: html2rss reads JSON as if it were XML"), "{told}");
}

#[test]
fn a_file_may_be_appended_to_and_a_foreign_one_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("feeds.toml", "[[portal]]\nname = \"kreis\"\nurl = \"https://old.example/\"\n");
    write(
        "in.toml",
        "[[feed]]\nfilename = \"kreis.rss\"\n[feed.config]\nurl = \"https://kreis.example/\"\nitem = \"li\"\n",
    );
    let run = |arguments: &[&str]| tidings(folder.path()).args(arguments).output().unwrap();
    let output = run(&["import", "in.toml", "--output", "feeds.toml"]);
    assert_eq!((output.status.code(), out(&output).as_str()), (Some(0), ""), "{}", err(&output));
    let checked = run(&["check"]);
    assert_eq!(checked.status.code(), Some(0), "{}", err(&checked));
    assert!(out(&checked).contains("2 portals"), "{}", out(&checked));
    for (name, text) in [
        ("a.toml", "[[feed"),
        ("b.yml", "a: [1, 2"),
        ("c.yml", "just: this"),
        ("d.xml", "<html></html>"),
        ("e.yml", "a: &x [*x, *x]\n? [b]\n"),
        ("f.yml", &"[".repeat(5000)),
        ("g.txt", ""),
    ] {
        write(name, text);
        let output = run(&["import", name]);
        assert_eq!(output.status.code(), Some(1), "{name}: {}{}", out(&output), err(&output));
    }
}
