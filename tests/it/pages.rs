//! An article on several pages is one article.

use crate::daemon::Home;
use crate::portal::{Page, Portal};

const LIST: &str = "<html lang=\"zh-CN\"><head><title>专题_河湾在线</title></head><body><ul class=\"list\">\
    <li><a href=\"/a/812.html\">古渡口修缮工程全程记录与回访</a> 2026-11-20</li>\
    <li><a href=\"/a/811.html\">社区食堂向六十岁以上老人开放</a> 2026-11-19</li>\
    <li><a href=\"/a/810.html\">冬季供水管网检修计划公布</a> 2026-11-18</li></ul></body></html>";

fn page(title: &str, paragraphs: &str, pager: &str) -> Page {
    Page::html(format!(
        "<html lang=\"zh-CN\"><head><title>{title}_河湾在线</title></head><body><h1>{title}</h1>\
         <div class=\"info\">2026-11-20 09:30 来源：河湾日报</div><div class=\"content\">{paragraphs}\
         <div class=\"pages\">{pager}</div></div>\
         <div class=\"near\">下一篇：<a href=\"/a/811.html\">社区食堂向六十岁以上老人开放</a></div></body></html>"
    ))
}

const PAGER: &str = "<a href=\"812.html\">1</a> <a href=\"812_2.html\">2</a> <a href=\"812_3.html\">3</a>";
const TITLE: &str = "古渡口修缮工程全程记录与回访";

fn portal() -> Portal {
    let portal = Portal::start();
    portal.put("/", Page::html(LIST));
    portal.put(
        "/a/812.html",
        page(
            TITLE,
            "<p>渡口的石阶建于清末，去年汛期之后有三处明显下沉，镇里请来了邻县的老石匠重新砌筑。</p>",
            PAGER,
        ),
    );
    portal.put(
        "/a/812_2.html",
        page(
            TITLE,
            "<p>渡口的石阶建于清末，去年汛期之后有三处明显下沉，镇里请来了邻县的老石匠重新砌筑。</p>\
             <p>第二阶段从三月开始，工人先把松动的条石逐一编号，再按照原来的位置放回，缝隙用糯米灰浆填实。</p>",
            PAGER,
        ),
    );
    portal.put(
        "/a/812_3.html",
        page(
            TITLE,
            "<p>完工以后记者又去看过两次，石阶没有再下沉，清晨仍有人在这里等第一班船过河买菜。</p>",
            PAGER,
        ),
    );
    for n in [810, 811] {
        let text = format!(
            "<p>第{n}号消息说，相关安排已经张贴在各小区的公告栏，居民有疑问可以拨打社区的电话询问详情。</p>"
        );
        portal.put(&format!("/a/{n}.html"), page(&format!("社区消息第{n}号公布施行"), &text, ""));
    }
    portal
}

fn home(portal: &Portal, article: &str) -> Home {
    Home::new(&format!(
        "[fetch]\nallow_networks = [\"127.0.0.0/8\"]\nmin_gap = \"0s\"\n\
         [[portal]]\nname = \"paper\"\nurl = \"{}\"\nevery = \"1h\"\n{article}",
        portal.url("/")
    ))
}

#[test]
fn the_pages_of_an_article_are_joined_without_repeats() {
    let portal = portal();
    let home = home(&portal, "");
    let daemon = home.start();
    daemon.wait_portal("paper", |portal| portal["articles"] == 3 && portal["state"] == "ok");
    let feed = daemon.get("/feeds/paper.json").json();
    let item = feed["items"].as_array().unwrap().iter().find(|item| item["title"] == TITLE).unwrap();
    let html = item["content_html"].as_str().unwrap();
    let places: Vec<_> = ["渡口的石阶", "第二阶段", "完工以后"].map(|start| html.find(start)).to_vec();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{html}");
    assert_eq!(html.matches("渡口的石阶").count(), 1, "{html}");
    assert!(!html.contains("社区食堂"), "{html}");
}

#[test]
fn a_page_that_is_missing_costs_its_own_text_only_and_is_told() {
    let portal = portal();
    portal.put("/a/812_2.html", Page::status(404));
    let home = home(&portal, "");
    let daemon = home.start();
    let status = daemon.wait_portal("paper", |portal| portal["articles"] == 3 && portal["state"] == "ok");
    let notes = status["notes"].as_array().unwrap();
    assert!(notes.iter().any(|note| note["url"] == portal.url("/a/812_2.html")), "{notes:?}");
}

#[test]
fn a_page_that_fails_for_now_is_waited_for() {
    let portal = portal();
    portal.put("/a/812_3.html", Page::status(500));
    let home = home(&portal, "article = { next = \"a:not([href='812.html']):last-of-type\" }");
    let daemon = home.start();
    daemon.wait_portal("paper", |portal| portal["articles"] == 2);
    let feed = daemon.get("/feeds/paper.json").text();
    assert!(!feed.contains("第二阶段"), "half an article was served");
}
