//! Expressions as scrapers write them, and what becomes of them.

use super::*;
use crate::page::Picker;

#[test]
fn what_css_can_say_is_said_in_css() {
    for (xpath, expected) in [
        ("//div[@class=\"a\"]//a/@href", "div[class=\"a\"] a@href"),
        ("//li[contains(@class,'x')]", "li[class*=\"x\"]"),
        (
            "//div[contains(concat(' ', normalize-space(@class), ' '), ' news ')]/ul/li",
            "div[class~=\"news\"] > ul > li",
        ),
        (".//h2", "h2"),
        ("./a[1]/text()", "a:nth-of-type(1)"),
        ("descendant::a/@href", "a@href"),
        ("descendant-or-self::a/@href", "a@href"),
        (
            "/html/body/div/div[4]/section/ol/li/article",
            "html > body > div > div:nth-of-type(4) > section > ol > li > article",
        ),
        ("//ul[@id='l']/li[position()>1]", "ul[id=\"l\"] > li:nth-of-type(n+2)"),
        ("//li[last()]", "li:last-of-type"),
        ("//*[@id='x']/*[2]", "[id=\"x\"] > :nth-child(2)"),
        ("//a[starts-with(@href, '/n/') and not(@rel)]", "a[href^=\"/n/\"]:not([rel])"),
        ("//h2 | //h3", "h2, h3"),
        ("descendant::a[string-length(@href)>0]/@href", "a[href]:not([href=\"\"])@href"),
        ("//article[.//time]", "article:has(time)"),
        ("//li[a]", "li:has(> a)"),
        ("normalize-space(.//span[@class='d'])", "span[class=\"d\"]"),
        ("//dt/following-sibling::dd", "dt ~ dd"),
        ("//a[contains(@href, '/n/')]/ancestor::article", "article:has(a[href*=\"/n/\"])"),
        ("//h3/..", "*:has(> h3)"),
        ("(.//a)[1]/@href", "a@href"),
        (".//*[self::h2 or self::h3]", ":is(:is(h2), :is(h3))"),
        ("id('main')/div", "[id=\"main\"] > div"),
        ("//div[@class!='ad']", "div[class]:not([class=\"ad\"])"),
    ] {
        let told = to_css(xpath);
        assert_eq!(told.as_ref().ok().cloned().flatten().as_deref(), Some(expected), "{xpath}: {told:?}");
        let css = told.unwrap().unwrap();
        assert!(
            Picker::parse(&css).is_ok(),
            "{css}: {:?}",
            Picker::parse(&css).map(|p| p.as_str().to_owned())
        );
    }
    assert_eq!(to_css("."), Ok(None));
}

#[test]
fn what_css_cannot_say_is_told() {
    for xpath in [
        "//div/a/ancestor::article",
        "//a/ancestor::div[1]",
        ".//a/..",
        "(//div[@id='m'])[1]//p",
        "following-sibling::p/a/@href",
        "descendant::a[2]",
        "@data-url",
        "//a[text()='x']",
        "//a[contains(text(), 'x')]",
        "concat('a', //b)",
        "\"Anonymous\"",
        "//a[",
        "//a[count(b) > 2]",
    ] {
        assert!(to_css(xpath).is_err(), "{xpath}: {:?}", to_css(xpath));
    }
}
