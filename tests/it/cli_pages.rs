//! `extract` and `discover`: pages handed in on standard input or as a batch.

use std::fs;
use std::process::Output;

use serde_json::{Value, json};

use crate::common::{err, fed, out, tidings};

const URL: &str = "http://www.linhe-info.example/show.asp?id=20871";

/// An article in the manner of the founding portal: a page of tables, a gb2312 meta, a breadcrumb, one
/// line with time and counter, side columns, a footer with the time of its making.
const ARTICLE: &str = r##"<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>临河新桥今日试通车_临河信息网</title></head><body>
<table width="960"><tr><td><a href="/">首页</a> <a href="/news/">新闻</a> <a href="/notice/">公告</a></td></tr></table>
<table width="960"><tr><td width="700">
<div class="pos">您的位置:<a href="/">临河信息网</a> > <a href="/news/">临河新闻资讯</a> > <a href="/news/list.asp?classid=3">临河</a></div>
<h1>临河新桥今日试通车</h1>
<div class="info">发布时间:2021/3/11 9:11:43 | <span id="hits">1283</span> 人感兴趣</div>
<div id="content">
<p>3月10日上午,连接老城与河东片区的临河新桥开始试通车,首批车辆由东岸驶过桥面,沿线秩序平稳。</p>
<p>新桥全长六百二十米,双向四车道,两侧设有人行道和非机动车道。自前年秋天开工以来,建设者克服汛期影响,比原定工期提前二十天完工。</p>
<p>家住河东的李师傅说,以前进城要绕行老桥,早高峰常常堵上半个小时,现在十分钟就能到单位。</p>
<p>市交通局提醒,试通车期间货车暂不放行,请市民按标志标线行驶。</p>
</div></td><td width="240">
<div class="side"><h3>最新资讯</h3><ul>
<li><a href="/show.asp?id=20880">春季招聘会周末举行</a> 2021/3/12</li>
<li><a href="/show.asp?id=20879">北湖公园樱花将开</a> 2021/3/12</li></ul>
<h3>热门资讯</h3><ul><li><a href="/show.asp?id=20001">去年十大新闻</a></li></ul></div>
</td></tr></table>
<div class="foot">网站备案:示ICP备00000000号<br>关于我们 | 联系方式 | 网站地图<br>
Copyright © 2004-2022 www.linhe-info.example Inc. All rights reserved. 临河信息网<br>
Published at 2024/11/26 16:57:49, Powered By WRMPS v6.5.0(ACCESS)</div></body></html>"##;

const PARAGRAPHS: [&str; 4] = [
    "3月10日上午,连接老城与河东片区的临河新桥开始试通车,首批车辆由东岸驶过桥面,沿线秩序平稳。",
    "新桥全长六百二十米,双向四车道,两侧设有人行道和非机动车道。自前年秋天开工以来,建设者克服汛期影响,比原定工期提前二十天完工。",
    "家住河东的李师傅说,以前进城要绕行老桥,早高峰常常堵上半个小时,现在十分钟就能到单位。",
    "市交通局提醒,试通车期间货车暂不放行,请市民按标志标线行驶。",
];

fn gbk(text: &str) -> Vec<u8> {
    encoding_rs::GBK.encode(text).0.into_owned()
}

fn run(arguments: &[&str], input: &[u8], zone: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    fed(tidings(folder.path()).args(arguments).env("TZ", zone), input)
}

fn json_of(output: &Output) -> Value {
    assert_eq!(output.status.code(), Some(0), "{}", err(output));
    serde_json::from_str(&out(output)).unwrap()
}

#[test]
fn a_page_in_the_founding_portals_manner_is_read_whole() {
    let told = json_of(&run(&["extract", "--url", URL, "--json"], &gbk(ARTICLE), "UTC"));
    assert_eq!(told["title"], "临河新桥今日试通车");
    assert_eq!(told["published"], "2021-03-11T09:11:43+08:00");
    assert_eq!(told["precision"], "second");
    assert_eq!(told["categories"], json!(["临河新闻资讯", "临河"]));
    assert_eq!(told["text"], PARAGRAPHS.join("\n"));
    assert_eq!((&told["url"], &told["reject"]), (&json!(URL), &Value::Null));
}

#[test]
fn the_shape_has_every_field_lists_are_never_null_and_there_is_no_id() {
    let told = json_of(&run(&["extract", "--url", URL, "--json"], &gbk(ARTICLE), "UTC"));
    let mut names: Vec<&str> = told.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    let contract = "attachments author canonical_url categories evidence html images lang modified precision \
                    published reject source text title url";
    assert_eq!(names, contract.split_whitespace().collect::<Vec<_>>());
    for list in ["categories", "images", "attachments"] {
        assert!(told[list].is_array(), "{list}");
    }
    assert!(told["author"].is_null() && told["modified"].is_null());
    let published = &told["evidence"]["published"];
    assert!(
        published["from"].is_string() && published["raw"].as_str().unwrap().contains("2021/3/11 9:11:43")
    );
    let refused = published["refused"].as_array().unwrap();
    assert!(refused.iter().all(|r| r["from"].is_string() && r["raw"].is_string() && r["why"].is_string()));
}

#[test]
fn the_machines_zone_changes_no_byte() {
    for arguments in [
        &["extract", "--url", URL, "--json", "--now", "2021-03-12T00:00:00Z"][..],
        &["extract", "--url", URL, "--explain"],
        &["discover", "--url", "http://www.linhe-info.example/news/", "--json"],
    ] {
        let [utc, west, east] =
            ["UTC", "America/New_York", "Asia/Shanghai"].map(|zone| run(arguments, &gbk(ARTICLE), zone));
        assert!(utc.status.success() && !utc.stdout.is_empty(), "{}", err(&utc));
        assert!(utc.stdout == west.stdout && utc.stdout == east.stdout, "{arguments:?}");
    }
}

#[test]
fn people_get_the_article_as_text() {
    let output = run(&["extract", "--url", URL], &gbk(ARTICLE), "UTC");
    let told = out(&output);
    assert!(told.starts_with("title       临河新桥今日试通车\n"), "{told}");
    assert!(told.contains("2021-03-11T09:11:43+08:00 (to the second)"), "{told}");
    assert!(told.ends_with(&format!("\n\n{}\n", PARAGRAPHS[3])), "{told}");
}

#[test]
fn a_page_that_is_no_article_is_told_and_is_no_failure() {
    let told = json_of(&run(&["extract", "--url", URL, "--json"], b"<html><body></body></html>", "UTC"));
    assert!(told["reject"]["class"].is_string() && told["reject"]["detail"].is_string(), "{told}");
    assert!(told["text"].is_null() && told["images"] == json!([]));
}

#[test]
fn a_page_over_16_mib_is_refused() {
    let output = run(&["extract", "--url", URL, "--json"], &vec![b' '; 16 * 1024 * 1024 + 1], "UTC");
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("16 MiB") && output.stdout.is_empty(), "{}", err(&output));
}

#[test]
fn a_batch_answers_in_order_and_a_bad_line_stops_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let pages = folder.path().join("set/pages");
    fs::create_dir_all(&pages).unwrap();
    fs::write(pages.join("a.html"), gbk(ARTICLE)).unwrap();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, &gbk(ARTICLE)).unwrap();
    fs::write(pages.join("b.html.gz"), packed.finish().unwrap()).unwrap();
    let lines = [
        json!({"id": "a", "url": URL, "file": "pages/a.html"}).to_string(),
        json!({"id": 2, "url": URL, "file": "pages/missing.html"}).to_string(),
        "{ not json".to_owned(),
        String::new(),
        json!({"id": "b", "url": URL, "file": "pages/b.html.gz", "now": "2021-03-12T00:00:00Z",
               "content_type": "text/html; charset=gb2312", "note": "other keys are left alone"})
        .to_string(),
        json!({"id": "c", "url": "news/1.html", "file": "pages/none.html"}).to_string(),
        json!({"id": "d", "file": "pages/a.html"}).to_string(),
    ];
    fs::write(folder.path().join("set/truth.jsonl"), lines.join("\n")).unwrap();
    let output = tidings(folder.path()).args(["extract", "--batch", "set/truth.jsonl"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    let told: Vec<Value> = out(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let ids: Vec<&Value> = told.iter().map(|one| &one["id"]).collect();
    assert_eq!(ids, [&json!("a"), &json!(2), &Value::Null, &json!("b"), &json!("c"), &json!("d")]);
    for good in [0, 3, 5] {
        assert_eq!(told[good]["text"], PARAGRAPHS.join("\n"), "{good}");
    }
    for bad in [1, 2, 4] {
        assert!(told[bad]["error"].is_string(), "{}", told[bad]);
    }
}

#[test]
fn a_list_is_told_in_the_order_of_the_page() {
    let row = |id: u32, title: &str, day: &str| {
        format!(
            "<tr><td>·<a href=\"/show.asp?id={id}\" title=\"{title}\">{title}</a></td><td class=time>{day}</td></tr>"
        )
    };
    let titles = [
        "临河新桥今日试通车",
        "春季招聘会周末在体育馆举行",
        "北湖公园樱花下周迎来盛花期",
        "老城供水管网改造完成",
        "全市中小学开展防震演练",
    ];
    let rows: String = titles.iter().zip(20871..).map(|(title, id)| row(id, title, "2021/3/11")).collect();
    let page = format!(
        "<html><head><meta charset=gb2312><title>临河新闻资讯_临河信息网</title></head><body>\
         <div class=nav><a href=/>首页</a><a href=/news/>新闻</a></div><table class=list>{rows}</table></body></html>"
    );
    let url = "http://www.linhe-info.example/news/";
    let told = json_of(&run(&["discover", "--url", url, "--json"], &gbk(&page), "UTC"));
    let items = told.as_array().unwrap();
    assert_eq!(items.iter().map(|item| item["title"].as_str().unwrap()).collect::<Vec<_>>(), titles);
    let mut names: Vec<&String> = items[0].as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(names, ["published", "summary", "title", "url"]);
    assert_eq!(items[0]["url"], URL);
    assert_eq!(items[0]["published"], "2021-03-11T00:00:00+08:00");

    let people = out(&run(&["discover", "--url", url], &gbk(&page), "UTC"));
    assert!(
        people.starts_with("5 items\n") && people.contains(titles[4]) && people.contains(URL),
        "{people}"
    );
}

#[test]
fn a_page_without_a_list_has_no_items() {
    let told = json_of(&run(&["discover", "--url", URL, "--json"], b"", "UTC"));
    assert_eq!(told, json!([]));
}

#[test]
fn a_list_is_told_whatever_it_is_written_in() {
    let row = |n: u32| {
        format!(
            "{{\"title\":\"临河新桥今日试通车第{n}号通告\",\"url\":\"/show.asp?id={n}\",\"time\":1615425103}}"
        )
    };
    let list = format!("{{\"list\":[{},{},{}]}}", row(1), row(2), row(3));
    let state = format!("<html><body><div id=app></div><script>window.__INITIAL_STATE__={list}</script>");
    let feed = "<rss version=2.0><channel><title>临河</title><item><title>临河新桥</title><link>/show.asp?id=1</link></item></channel></rss>";
    for (document, count) in [(list.as_str(), 3), (&state, 3), (feed, 1)] {
        let told = json_of(&run(&["discover", "--url", URL, "--json"], document.as_bytes(), "UTC"));
        assert_eq!(told.as_array().map(Vec::len), Some(count), "{document}: {told}");
    }
    let told = out(&run(&["discover", "--url", URL, "--explain"], state.as_bytes(), "UTC"));
    assert!(told.contains("window.__INITIAL_STATE__"), "{told}");
    let shell =
        b"<html><body><div id=app data-api='/api/list?page=1'></div><script>$.post('/api/all', {})</script>";
    let told = out(&run(&["discover", "--url", URL, "--explain"], shell, "UTC"));
    assert!(
        told.contains("leads to") && told.contains("/api/list?page=1") && told.contains("by POST"),
        "{told}"
    );
}
