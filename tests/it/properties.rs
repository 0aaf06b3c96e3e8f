//! Reading a page is a function of the page: the same whenever, wherever and in whatever order attributes stand.

use std::fmt::Write as _;

use chrono::DateTime;
use proptest::prelude::*;
use tidings::decode::{Hints, decode};
use tidings::discover;
use tidings::extract;
use tidings::model::{PageUrl, Recipe};
use tidings::normalise;
use tidings::page::Page;

use crate::common::{fed, out, tidings};

const ADDRESS: &str = "http://city.example/news/2021-03/11/content_7.htm";
const NOW: i64 = 1_615_430_000;

/// Everything that is read from a page: as an article, and as a list.
pub(crate) fn read(bytes: &[u8]) -> String {
    let decoded = decode(bytes, Hints::default());
    let page = Page::parse(&decoded.text, PageUrl::parse(ADDRESS).unwrap());
    let (recipe, now) = (Recipe::default(), DateTime::from_timestamp(NOW, 0).unwrap());
    let context = extract::Context { charset: Some(decoded.charset), ..extract::Context::new(&recipe, now) };
    let (draft, notes) = extract::article(&page, &context);
    let mut told = format!("{notes:?}{draft:?}");
    write!(told, "{:?}", normalise::article(draft)).unwrap();
    let charset = Some(decoded.charset);
    let context = discover::Context { recipe: &recipe, now, zone: None, charset, learnt: None };
    write!(told, "{:?}", discover::list(&page, &context)).unwrap();
    told
}

/// An element of a page that is made up: its name, its attributes, what is in it.
#[derive(Debug, Clone)]
enum Made {
    Text(String),
    Element(&'static str, Vec<(&'static str, String)>, Vec<Made>),
}

impl Made {
    /// As markup, the attributes of each element in the order `turned` says.
    fn write(&self, out: &mut String, turned: bool) {
        match self {
            Self::Text(text) => out.push_str(text),
            Self::Element(name, attributes, inside) => {
                let mut attributes: Vec<_> = attributes.iter().collect();
                attributes.sort();
                attributes.dedup_by_key(|(name, _)| *name);
                if turned {
                    attributes.reverse();
                }
                write!(out, "<{name}").unwrap();
                attributes.iter().for_each(|(name, value)| write!(out, " {name}=\"{value}\"").unwrap());
                out.push('>');
                inside.iter().for_each(|made| made.write(out, turned));
                write!(out, "</{name}>").unwrap();
            }
        }
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("市里召开会议，部署防汛工作。记者从现场了解到，河堤步道本周开放。".to_owned()),
        Just("The town opened its new bridge on Monday, and many people came to see it.".to_owned()),
        Just("发布时间：2021-03-11 09:11 来源：河边晚报 作者：张三".to_owned()),
        Just("11. März 2021, 9.11 Uhr".to_owned()),
        Just("刚刚".to_owned()),
        Just("责任编辑：李四".to_owned()),
        Just("您的位置：首页 > 新闻 > 正文".to_owned()),
        "[a-zäж字，。:/0-9 -]{0,24}",
    ]
}

fn attributes() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let value = prop_oneof![
        Just("content".to_owned()),
        Just("title main".to_owned()),
        Just("/news/1.html".to_owned()),
        Just("2021-03-11T09:11:00+08:00".to_owned()),
        Just("PubDate".to_owned()),
        Just("display:none".to_owned()),
        "[a-z0-9/_-]{1,12}",
    ];
    let name = prop::sample::select(vec![
        "id", "class", "href", "src", "name", "content", "property", "rel", "style", "title", "datetime",
        "itemprop", "data-src", "alt", "type", "colspan", "value", "hidden",
    ]);
    prop::collection::vec((name, value), 0..4)
}

fn made() -> impl Strategy<Value = Made> {
    let name = prop::sample::select(vec![
        "div", "p", "span", "a", "b", "i", "font", "table", "tr", "td", "ul", "li", "h1", "h2", "meta",
        "time", "img", "br", "article", "nav", "form", "section", "dl", "dd", "em", "pre", "noscript",
        "base", "option",
    ]);
    text().prop_map(Made::Text).prop_recursive(6, 60, 6, move |inner| {
        (name.clone(), attributes(), prop::collection::vec(inner, 0..6))
            .prop_map(|(name, attributes, inside)| Made::Element(name, attributes, inside))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_page_is_read_the_same_in_whatever_order_its_attributes_stand(page in prop::collection::vec(made(), 1..6)) {
        let written = |turned| {
            let mut markup = String::new();
            page.iter().for_each(|made| made.write(&mut markup, turned));
            markup
        };
        let told = read(written(false).as_bytes());
        prop_assert_eq!(&told, &read(written(false).as_bytes()));
        prop_assert_eq!(&told, &read(written(true).as_bytes()));
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        read(&bytes);
    }

    #[test]
    fn any_markup_is_read_without_a_panic(
        pieces in prop::collection::vec(
            prop_oneof![
                prop::sample::select(vec![
                    "<p>", "</p>", "<b>", "</b>", "<a href='", "'>", "<table>", "<tr><td>", "</table>", "<!--", "-->",
                    "<script>", "</script>", "<svg>", "<title>", "</title>", "<template>", "<select>", "<option>",
                    "<frameset>", "<li>", "<h1>", "<br>", "<img src=", "&#x", "&amp", "\0", "<meta charset=gbk>",
                    "<script type=application/ld+json>{\"@type\":\"Article\",\"datePublished\":\"", "\"}",
                    "<meta name=PubDate content=", "来源：", "记者", "发布时间：", "2021-03-11", "9999-99-99", "24:00",
                    "令和3年3月11日", "分钟前", "昨天", "1615430000", "99999999999999999999", "11 марта", "24:61",
                    "<time datetime=", "(", "）", "：", "　", "\u{200b}", "…", "|", " - ", "<base href=//>", "首页",
                ]).prop_map(str::to_owned),
                "\\PC{0,6}",
            ],
            0..60,
        )
    ) {
        read(pieces.concat().as_bytes());
    }
}

#[test]
fn the_zone_of_the_machine_makes_no_difference() {
    let page = "<html lang=zh-CN><title>河堤步道本周开放 - 河边网</title><h1>河堤步道本周开放</h1>\
        <p>发布时间：昨天 23:50 来源：河边晚报</p><div id=content><p>记者从镇里了解到，河堤步道本周开放，居民可以从早上走到晚上。\
        <p>步道全长三公里，沿途设有座椅和路灯。</div>";
    let folder = tempfile::tempdir().unwrap();
    let read_in = |zone: &str| {
        let mut command = tidings(folder.path());
        command.env("TZ", zone).args([
            "extract",
            "--json",
            "--url",
            ADDRESS,
            "--now",
            "2021-03-12T01:00:00Z",
        ]);
        let output = fed(&mut command, page.as_bytes());
        assert_eq!(output.status.code(), Some(0), "{zone}");
        out(&output)
    };
    let told = read_in("UTC");
    assert!(told.contains("2021-03-11T23:50:00+08:00"), "{told}");
    for zone in ["Asia/Shanghai", "America/Los_Angeles", "Pacific/Kiritimati", ":/nonsense"] {
        assert_eq!(told, read_in(zone), "{zone}");
    }
}
