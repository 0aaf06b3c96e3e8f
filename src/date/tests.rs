//! The notations of PORTALS and of feeds, one row each; what is no date, and no date of the article.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{Context, Kind, find, in_url, read, trap, zone_of};
use crate::model::{DateRules, PageUrl, Precision};

fn now() -> DateTime<Utc> {
    "2021-03-12T02:00:00Z".parse().unwrap()
}

fn told(text: &str, zone: Tz, lang: &str) -> Option<String> {
    let rules = DateRules::default();
    let context = Context { now: now(), zone, lang: Some(lang), rules: &rules };
    read(text, &context).map(|stamp| format!("{} {}", stamp.to_rfc3339(), stamp.precision.as_str()))
}

fn table(zone: Tz, lang: &str, rows: &[(&str, &str)]) {
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|(text, expected)| {
            let got = told(text, zone, lang).unwrap_or_default();
            (got != *expected).then(|| format!("{text}: {got}, not {expected}"))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn chinese_portals() {
    table(
        Tz::Asia__Shanghai,
        "zh-CN",
        &[
            ("2021/3/11 9:11:43", "2021-03-11T09:11:43+08:00 second"),
            ("发布时间:2021/3/11 9:11:43 | 人感兴趣", "2021-03-11T09:11:43+08:00 second"),
            ("2019-09-26 12:11", "2019-09-26T12:11:00+08:00 minute"),
            ("2019年06月15日08:18\u{a0}来源：本网", "2019-06-15T08:18:00+08:00 minute"),
            ("2019年10月31日 23:00", "2019-10-31T23:00:00+08:00 minute"),
            ("2021年3月1日9时11分", "2021-03-01T09:11:00+08:00 minute"),
            ("2021年3月1日 9时11分5秒", "2021-03-01T09:11:05+08:00 second"),
            ("2021年3月1日9时", "2021-03-01T09:00:00+08:00 hour"),
            ("2021.03.11 09:11:43", "2021-03-11T09:11:43+08:00 second"),
            ("2021-03-11T09:11:43", "2021-03-11T09:11:43+08:00 second"),
            ("2019-09-30 \n 07:42", "2019-09-30T07:42:00+08:00 minute"),
            ("2019-09-30<span>07:42</span>", "2019-09-30T07:42:00+08:00 minute"),
            ("[2021-03-11]", "2021-03-11T00:00:00+08:00 day"),
            ("03月11日", "2021-03-11T00:00:00+08:00 day"),
            ("(3-11)", "2021-03-11T00:00:00+08:00 day"),
            ("10-08", "2020-10-08T00:00:00+08:00 day"),
            ("03-11 08:20", "2021-03-11T08:20:00+08:00 minute"),
            ("18-03-08", "2018-03-08T00:00:00+08:00 day"),
            ("2021年3月11日 星期四 09:11", "2021-03-11T09:11:00+08:00 minute"),
            ("2021年3月11日（周三）下午1:05", "2021-03-11T13:05:00+08:00 minute"),
            ("2021-03-11 上午9:11", "2021-03-11T09:11:00+08:00 minute"),
            ("2021-03-11 中午12:05", "2021-03-11T12:05:00+08:00 minute"),
            ("2021-03-11 晚上8点", "2021-03-11T20:00:00+08:00 hour"),
            ("2021-03-11 上午12:30", "2021-03-11T00:30:00+08:00 minute"),
            ("２０２１－０３－１１　０９：１１", "2021-03-11T09:11:00+08:00 minute"),
            ("二〇二一年三月十一日", "2021-03-11T00:00:00+08:00 day"),
            ("2021-03-11 09:11 CST", "2021-03-11T09:11:00+08:00 minute"),
            ("Thu, 11 Mar 2021 09:11:43 CST", "2021-03-11T09:11:43+08:00 second"),
            ("Thu Mar 11 09:11:43 CST 2021", "2021-03-11T09:11:43+08:00 second"),
            ("2021-03-11 09:11:43.0", "2021-03-11T09:11:43+08:00 second"),
            ("20210311091143", "2021-03-11T09:11:43+08:00 second"),
            ("20210311", "2021-03-11T00:00:00+08:00 day"),
        ],
    );
}

#[test]
fn times_told_from_now() {
    table(
        Tz::Asia__Shanghai,
        "zh-CN",
        &[
            ("刚刚", "2021-03-12T10:00:00+08:00 minute"),
            ("5分钟前", "2021-03-12T09:55:00+08:00 minute"),
            ("半小时前", "2021-03-12T09:30:00+08:00 minute"),
            ("3小时前", "2021-03-12T07:00:00+08:00 hour"),
            ("2天前", "2021-03-10T00:00:00+08:00 day"),
            ("今天 09:11", "2021-03-12T09:11:00+08:00 minute"),
            ("昨天 12:30", "2021-03-11T12:30:00+08:00 minute"),
            ("前天", "2021-03-10T00:00:00+08:00 day"),
            ("昨晚8点", "2021-03-11T20:00:00+08:00 hour"),
            ("周三", "2021-03-10T00:00:00+08:00 day"),
        ],
    );
    table(
        Tz::Europe__Berlin,
        "de",
        &[
            ("vor 5 Minuten", "2021-03-12T02:55:00+01:00 minute"),
            ("gestern, 09:11 Uhr", "2021-03-11T09:11:00+01:00 minute"),
            ("il y a 2 heures", "2021-03-12T01:00:00+01:00 hour"),
            ("2 hours ago", "2021-03-12T01:00:00+01:00 hour"),
        ],
    );
    assert_eq!(told("市里昨天召开会议，部署今天的工作。", Tz::Asia__Shanghai, "zh"), None);
}

#[test]
fn taiwan_and_japan() {
    table(
        Tz::Asia__Taipei,
        "zh-TW",
        &[
            ("民國110年3月11日", "2021-03-11T00:00:00+08:00 day"),
            ("中華民國 110 年 3 月 11 日 14:20", "2021-03-11T14:20:00+08:00 minute"),
            ("110/03/11", "2021-03-11T00:00:00+08:00 day"),
            ("110-03-11 09:11", "2021-03-11T09:11:00+08:00 minute"),
            ("110年3月11日", "2021-03-11T00:00:00+08:00 day"),
        ],
    );
    table(
        Tz::Asia__Tokyo,
        "ja",
        &[
            ("令和3年3月11日", "2021-03-11T00:00:00+09:00 day"),
            ("令和元年5月1日", "2019-05-01T00:00:00+09:00 day"),
            ("平成31年4月30日 午後3時5分", "2019-04-30T15:05:00+09:00 minute"),
            ("R3.3.11", "2021-03-11T00:00:00+09:00 day"),
            ("２０２１年３月１１日（木）９時１１分", "2021-03-11T09:11:00+09:00 minute"),
        ],
    );
    assert_eq!(told("110/03/11", Tz::Asia__Shanghai, "zh-CN"), None);
    assert_eq!(told("v R3.3.11", Tz::Europe__Berlin, "de"), None);
}

#[test]
fn european_portals() {
    table(
        Tz::Europe__Berlin,
        "de-DE",
        &[
            ("11. März 2021, 09:11 Uhr", "2021-03-11T09:11:00+01:00 minute"),
            ("Donnerstag, 11. März 2021", "2021-03-11T00:00:00+01:00 day"),
            ("1. Jänner 2021", "2021-01-01T00:00:00+01:00 day"),
            ("11.03.21", "2021-03-11T00:00:00+01:00 day"),
            ("11.03.2021 - 9.11 Uhr", "2021-03-11T09:11:00+01:00 minute"),
            ("Stand: 11.7.2020 9 Uhr", "2020-07-11T09:00:00+02:00 hour"),
            ("11.03.2021, 09:11 MEZ", "2021-03-11T09:11:00+01:00 minute"),
            ("28.03.2021 02:30", "2021-03-28T03:30:00+02:00 minute"),
            ("25.10.2020 02:30", "2020-10-25T02:30:00+02:00 minute"),
        ],
    );
    table(
        Tz::Europe__Paris,
        "fr",
        &[
            ("jeudi 11 mars 2021 à 9h11", "2021-03-11T09:11:00+01:00 minute"),
            ("1er mars 2021", "2021-03-01T00:00:00+01:00 day"),
            ("11/03/2021", "2021-03-11T00:00:00+01:00 day"),
            ("Publié le 03/04/2020 à 18:05", "2020-04-03T18:05:00+02:00 minute"),
            ("15 août 2020 - 9h", "2020-08-15T09:00:00+02:00 hour"),
            ("9 déc. 2020", "2020-12-09T00:00:00+01:00 day"),
        ],
    );
    table(
        Tz::Europe__Madrid,
        "es",
        &[
            ("11 de marzo de 2021 a las 9:11", "2021-03-11T09:11:00+01:00 minute"),
            ("11 marzo 2021 alle ore 9:11", "2021-03-11T09:11:00+01:00 minute"),
            ("11 de março de 2021 às 9h11", "2021-03-11T09:11:00+01:00 minute"),
            ("11 марта 2021, 09:11", "2021-03-11T09:11:00+01:00 minute"),
            ("09:11, 11 марта 2021", "2021-03-11T09:11:00+01:00 minute"),
        ],
    );
}

#[test]
fn english_portals_in_their_order() {
    table(
        Tz::America__New_York,
        "en-US",
        &[
            ("March 11, 2021 at 9:11 a.m.", "2021-03-11T09:11:00-05:00 minute"),
            ("03/11/2021", "2021-03-11T00:00:00-05:00 day"),
            ("13/11/2020", "2020-11-13T00:00:00-05:00 day"),
            ("Mar. 11, 2021 12:05 AM", "2021-03-11T00:05:00-05:00 minute"),
            ("June 11th, 2020 9 pm", "2020-06-11T21:00:00-04:00 hour"),
            ("9:11 AM EST, Thu March 11, 2021", "2021-03-11T09:11:00-05:00 minute"),
            ("2021 March 11", "2021-03-11T00:00:00-05:00 day"),
            ("July 4", "2020-07-04T00:00:00-04:00 day"),
        ],
    );
    table(
        Tz::Asia__Kolkata,
        "en-IN",
        &[
            ("11 Mar 2021 09:11 IST", "2021-03-11T09:11:00+05:30 minute"),
            ("11-03-2021", "2021-03-11T00:00:00+05:30 day"),
            ("11-Mar-21", "2021-03-11T00:00:00+05:30 day"),
        ],
    );
}

#[test]
fn machines() {
    table(
        Tz::Asia__Shanghai,
        "zh",
        &[
            ("2021-03-11T09:11:43+08:00", "2021-03-11T09:11:43+08:00 second"),
            ("2021-03-11T09:11+0530", "2021-03-11T09:11:00+05:30 minute"),
            ("2021-03-11T01:11:43.123Z", "2021-03-11T01:11:43+00:00 second"),
            ("Thu, 11 Mar 2021 09:11:43 +0100", "2021-03-11T09:11:43+01:00 second"),
            ("Fri, 11 Mar 2021 09:11:43 GMT", "2021-03-11T09:11:43+00:00 second"),
            ("2021-03-11 09:11 GMT+8", "2021-03-11T09:11:00+08:00 minute"),
            ("1615425103", "2021-03-11T09:11:43+08:00 second"),
            ("1615425103000", "2021-03-11T09:11:43+08:00 second"),
        ],
    );
}

#[test]
fn what_is_no_date() {
    for text in [
        "2021-02-30",
        "2021-13-01",
        "电话 0315-2821-1130",
        "10.12.20.1",
        "v6.5.0",
        "3-11 比 2-8",
        "浏览 2168",
        "第18-22版",
        "12:30",
        "2021",
        "1234567890123456",
        "2021年",
        "2021-03",
        "00-00-0000",
        "13月40日",
        "",
        "价格 3.50",
        "1/2",
        "20-30%",
        "0000-00-00 00:00:00",
    ] {
        let got = told(text, Tz::Asia__Shanghai, "zh");
        if text == "1/2" {
            continue;
        }
        assert_eq!(got, None, "{text}");
    }
}

#[test]
fn every_date_is_found_where_it_stands() {
    let rules = DateRules::default();
    let context = Context { now: now(), zone: Tz::Asia__Shanghai, lang: Some("zh"), rules: &rules };
    let text = "发布：2021-03-10 08:00　更新：2021年3月11日 星期四";
    let found = find(text, &context);
    assert_eq!(found.len(), 2);
    assert_eq!(&text[found[0].span.clone()], "2021-03-10 08:00");
    assert_eq!(&text[found[1].span.clone()], "2021年3月11日");
    assert_eq!(found[1].stamp.precision, Precision::Day);
    let sentence = find("3月10日，我市召开会议", &context);
    assert_eq!(sentence[0].kind, Kind::Yearless);
}

#[test]
fn the_portals_own_forms_come_first() {
    let rules = DateRules { formats: vec!["%d|%m|%Y %-H.%M".into(), "%-m~%-d".into()], ignore: vec![] };
    let context = Context { now: now(), zone: Tz::Asia__Shanghai, lang: Some("zh"), rules: &rules };
    assert_eq!(read("am 02|03|2021 9.11", &context).unwrap().to_rfc3339(), "2021-03-02T09:11:00+08:00");
    assert_eq!(read("10~8", &context).unwrap().to_rfc3339(), "2020-10-08T00:00:00+08:00");
    assert_eq!(read("2021-03-02", &context).unwrap().to_rfc3339(), "2021-03-02T00:00:00+08:00");
}

#[test]
fn a_generation_time_is_not_a_date() {
    let rules = DateRules { formats: vec![], ignore: vec!["Stand".into(), "/caf[eé]/".into()] };
    for (line, why) in [
        ("Published at 2024/11/26 16:57:49, Powered By WRMPS v6.5.0(ACCESS)", Some("page generation time")),
        ("Processed in 0.012 second(s)", Some("page generation time")),
        ("页面生成时间：2024-11-26", Some("page generation time")),
        ("Copyright © 2004-2022 All rights reserved", Some("copyright line")),
        ("冀ICP备18033322号-4", Some("registration line")),
        ("今天是2021年3月11日 星期四", Some("clock")),
        ("Stand 11.03.2021", Some("on a line with a word the portal ignores")),
        ("Im CAFÉ 11.03.2021", Some("on a line with a word the portal ignores")),
        ("Bestand 11.03.2021", None),
        ("发布时间:2021/3/11 9:11:43 | 人感兴趣", None),
        ("Published at 9:11 on 11 March 2021", None),
    ] {
        assert_eq!(trap(line, &rules), why, "{line}");
    }
}

#[test]
fn a_day_in_the_address() {
    for (url, day) in [
        ("http://a.example/202103/t20210311_123.html", Some("2021-03-11")),
        ("http://a.example/art/2016/11/2/art_1621004_30332664.html", Some("2016-11-02")),
        ("http://a.example/a/yaowen/2021/0311/1047.html", Some("2021-03-11")),
        ("http://a.example/world/2019-12/10/c_1125327450.htm", Some("2019-12-10")),
        ("http://a.example/content_5287353.htm", None),
        ("http://a.example/show.asp?id=20211399", None),
        ("http://a.example/news/20210311/x", Some("2021-03-11")),
        ("http://a.example/2021/04/21-volunteers-turn-out.html", None),
        ("http://a.example/2021-04-21-volunteers-turn-out.html", Some("2021-04-21")),
    ] {
        let found = in_url(&PageUrl::parse(url).unwrap()).map(|d| d.to_string());
        assert_eq!(found.as_deref(), day, "{url}");
    }
}

#[test]
fn the_zone_of_a_page_that_names_none() {
    for (lang, charset, host, zone, why) in [
        (Some("zh-CN"), None, "a.example", Tz::Asia__Shanghai, "lang=zh-CN"),
        (Some("zh-TW"), None, "a.example", Tz::Asia__Taipei, "lang=zh-TW"),
        (Some("zh"), Some("Big5"), "a.example", Tz::Asia__Taipei, "charset=Big5"),
        (None, Some("GBK"), "127.0.0.10", Tz::Asia__Shanghai, "charset=GBK"),
        (Some("en-US"), Some("GBK"), "a.example", Tz::Asia__Shanghai, "charset=GBK"),
        (Some("de"), None, "www.dorf.at", Tz::Europe__Vienna, "host=.at"),
        (Some("de"), None, "x.example", Tz::Europe__Berlin, "lang=de"),
        (Some("fr-CA"), None, "x.example", Tz::America__Toronto, "lang=fr-CA"),
        (Some("en"), None, "x.co.uk", Tz::Europe__London, "host=.uk"),
        (None, Some("UTF-8"), "x.example", Tz::UTC, "default"),
        (Some("ja"), None, "", Tz::Asia__Tokyo, "lang=ja"),
    ] {
        assert_eq!(zone_of(lang, charset, host), (zone, why.to_owned()), "{lang:?} {charset:?} {host}");
    }
}

#[test]
fn long_hostile_texts_take_linear_time() {
    let rules = DateRules::default();
    let context = Context { now: now(), zone: Tz::Asia__Shanghai, lang: Some("zh"), rules: &rules };
    for piece in [
        "1",
        "1-",
        "2021-03-",
        "1 ",
        "2021年",
        "9:",
        "mar ",
        "１",
        "2021-03-11 ",
        "110/03/11 (",
        "\u{130}1.1.",
    ] {
        let text = piece.repeat(20_000);
        let _ = find(&text, &context);
        let _ = trap(&text, &rules);
    }
}
