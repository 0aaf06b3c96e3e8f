//! Lists and articles in frames, pages that send on, wrong bases, twins for small screens.

use tidings::model::PageUrl;

use crate::common;
use crate::portal::{self, Page};
use crate::stand::Stand;

const NOW: &str = "2026-11-23T08:00:00Z";

/// Puts the list of a town paper where its frame looks for it; its links lead out of the frame.
fn list_at(stand: &Stand, path: &str, count: u32) {
    portal::town_paper(&stand.site, count);
    let text = String::from_utf8(stand.site.get("/news/").body).unwrap();
    let text = text.replace("href=\"show-", "target=\"_parent\" href=\"../news/show-");
    stand.site.put(path, Page::html(text));
    stand.site.put("/news/", Page::status(404));
}

fn titles(stand: &Stand) -> Vec<String> {
    let mut titles: Vec<String> = stand.stored().iter().map(|one| one.article.title.clone()).collect();
    titles.sort();
    titles
}

fn wanted(count: u32) -> Vec<String> {
    let mut titles: Vec<String> = (1..=count).map(portal::title).collect();
    titles.sort();
    titles
}

fn html(head: &str, body: &str) -> Page {
    Page::html(format!("<html><head><title>青石镇人民政府</title>{head}</head>{body}</html>"))
}

/// A way from `/news/` to a list at `/inner/list.html`: its name, and documents by their paths.
type Way = (&'static str, Vec<(&'static str, Page)>);

/// Ways by frames.
fn framed() -> Vec<Way> {
    let menu =
        "<body><div class=nav><a href=/>首页</a> <a href=/a/>政务公开</a> <a href=/b/>办事指南</a></div>";
    vec![
        (
            "a frame among menus",
            vec![(
                "/news/",
                html(
                    "",
                    &format!(
                        "{menu}<iframe name=list src='../inner/list.html' width='100%' height='auto' scrolling=no></iframe><div>版权所有</div></body>"
                    ),
                ),
            )],
        ),
        (
            "a set of frames",
            vec![
                (
                    "/news/",
                    html(
                        "",
                        "<frameset rows='90,*'><frame src=/top.html name=top><frameset cols='160,*'><frame src=/left.html><frame src=/inner/list.html name=main></frameset><noframes><body>x</body></noframes></frameset>",
                    ),
                ),
                ("/left.html", html("", menu)),
            ],
        ),
        (
            "a frame in a frame",
            vec![
                (
                    "/news/",
                    html("", "<body><iframe id=mainFrame src='/col/12.html' height=900></iframe></body>"),
                ),
                (
                    "/col/12.html",
                    html(
                        "<base target=_parent>",
                        "<body><iframe src=' ../inner/list.html '></iframe></body>",
                    ),
                ),
            ],
        ),
    ]
}

/// Ways by pages that send on.
fn sent_on() -> Vec<Way> {
    vec![
        (
            "sent on by the head to a set of frames",
            vec![
                (
                    "/news/",
                    html(
                        "<META HTTP-EQUIV='Refresh' CONTENT='0; url=\"/home.asp\"'>",
                        "<body>正在跳转，请稍后…</body>",
                    ),
                ),
                ("/home.asp", html("", "<frameset cols='*'><frame src='inner/list.html'></frameset>")),
            ],
        ),
        (
            "sent on by a script",
            vec![(
                "/news/",
                Page::html(
                    "<script language=javascript>window.location.href = \"../inner/list.html\";</script>",
                ),
            )],
        ),
        (
            "sent on twice, once back",
            vec![
                ("/news/", html("<meta http-equiv=refresh content=1;URL=/b.html>", "<body></body>")),
                (
                    "/b.html",
                    html(
                        "<meta http-equiv=refresh content='0;url=/news/'>",
                        "<body><script>location.replace('/inner/list.html')</script><iframe src=/inner/list.html></iframe></body>",
                    ),
                ),
            ],
        ),
    ]
}

#[test]
fn a_list_behind_frames_and_refreshes_is_found() {
    for (name, documents) in framed().into_iter().chain(sent_on()) {
        let stand = Stand::new(NOW);
        list_at(&stand, "/inner/list.html", 5);
        for (path, page) in documents {
            stand.site.put(path, page);
        }
        let visited = stand.visit();
        if name == "sent on twice, once back" {
            // the head's word is what browsers go by: round and round, and no end to it
            assert_eq!(visited.error.map(|fault| fault.class.as_str()), Some("empty_list"), "{name}");
            assert!(stand.site.seen().len() < 10, "{name}");
            continue;
        }
        assert_eq!(visited.error, None, "{name}");
        assert_eq!(titles(&stand), wanted(5), "{name}");
        assert_ne!(stand.status().title.as_deref(), Some("正在跳转"), "{name}");
        // and again, when nothing changed
        stand.visits.clock.advance(chrono::TimeDelta::minutes(30));
        assert_eq!(stand.visit_due().error, None, "{name}");
    }
}

/// A column page with hot articles of another column, and the list in a frame.
fn column(frame: &str) -> Page {
    let hot: String = (21..=26)
        .map(|n| format!("<li><a href='/news/show-{n}.html'>{}</a></li>", portal::title(n)))
        .collect();
    html(
        "",
        &format!(
            "<body><div class=left><h3>热点关注</h3><ul class=hot>{hot}</ul></div><div class=right>{frame}</div></body>"
        ),
    )
}

#[test]
fn a_frame_that_takes_up_the_page_is_the_list_where_it_lists_more() {
    let frame =
        "<iframe id=mainframe src='../inner/list.html' width='100%' height=900 scrolling=no></iframe>";
    let stand = Stand::new(NOW);
    list_at(&stand, "/inner/list.html", 8);
    stand.site.put("/news/", column(frame));
    for n in 21..=26 {
        stand.site.put(&portal::path(n), Page::html(portal::article(n, &portal::title(n), "")));
    }
    assert_eq!(stand.visit().error, None);
    assert_eq!(titles(&stand), wanted(8));
    // a frame that is not there for once does not make the hot ones news
    let list = stand.site.get("/inner/list.html");
    stand.site.put("/inner/list.html", Page::status(503));
    stand.site.put("/news/", column(&format!("{frame} ")));
    assert!(stand.visit().error.is_some());
    stand.site.put("/inner/list.html", list);
    assert_eq!(stand.visit().error, None);
    assert_eq!(titles(&stand), wanted(8));
}

#[test]
fn further_pages_of_a_list_in_a_frame_are_read_too() {
    let stand = Stand::with(NOW, |configured| {
        configured.recipe.list.max_pages = 2;
    });
    list_at(&stand, "/inner/list.html", 8);
    let text = String::from_utf8(stand.site.get("/inner/list.html").body).unwrap();
    stand.site.put("/news/", Page::html("<frameset cols='160,*'><frame src=/left.html name=left><frame src=/inner/list.html name=main></frameset>"));
    let next = "<p><a href=\"list.html?page=2\">下一页</a></p><div class=\"foot\">";
    stand.site.put("/inner/list.html", Page::html(text.replace("<div class=\"foot\">", next)));
    let more: String = (9..=12)
        .map(|n| {
            format!(
                "<li><a href=\"../news/show-{n}.html\">{0}</a><span>2026-11-1{1}</span></li>\n",
                portal::title(n),
                n % 10
            )
        })
        .collect();
    stand.site.put("/inner/list.html?page=2", Page::html(portal::list(&more)));
    for n in 9..=12 {
        stand.site.put(&portal::path(n), Page::html(portal::article(n, &portal::title(n), "")));
    }
    assert_eq!(stand.visit().error, None);
    assert_eq!(titles(&stand), wanted(12));
}

#[test]
fn a_list_keeps_its_articles_beside_a_large_frame_without_any() {
    let stand = Stand::new(NOW);
    portal::town_paper(&stand.site, 8);
    let text = String::from_utf8(stand.site.get("/news/").body).unwrap();
    let frame = "<iframe src='/survey.html' width='100%' height=600></iframe><div class=\"foot\">";
    stand.site.put("/news/", Page::html(text.replace("<div class=\"foot\">", frame)));
    stand.site.put("/survey.html", Page::html("<form><p>您对本站是否满意？<input type=radio>是</p></form>"));
    for _ in 0..2 {
        assert_eq!(stand.visit().error, None);
        assert_eq!(titles(&stand), wanted(8));
        stand.site.put("/news/", Page::html(text.replace("<div class=\"foot\">", &format!("<hr>{frame}"))));
    }
    let asked = stand.site.seen().into_iter().filter(|seen| seen.path == "/survey.html").count();
    assert_eq!(asked, 1, "it was looked into once");
}

#[test]
fn a_base_is_followed_and_a_wrong_one_is_not() {
    for base in [
        "<base href='/news/' target=_blank>",
        "<base href='http://localhost/cms/'>",
        "<base href=''>",
        "<base href='http://10.0.0.8:8080/'>",
    ] {
        let stand = Stand::new(NOW);
        portal::town_paper(&stand.site, 4);
        for path in std::iter::once("/news/".to_owned()).chain((1..=4).map(portal::path)) {
            let text = String::from_utf8(stand.site.get(&path).body).unwrap();
            let text = text
                .replacen("<head>", &format!("<head>{base}"), 1)
                .replace("梧桐</p>", "梧桐<img src=a.jpg></p>");
            stand.site.put(&path, Page::html(text));
        }
        assert_eq!(stand.visit().error, None, "{base}");
        assert_eq!(titles(&stand), wanted(4), "{base}");
    }
}

#[test]
fn an_article_whose_text_stands_in_a_frame_is_read_whole() {
    let stand = Stand::new(NOW);
    portal::town_paper(&stand.site, 4);
    for n in 1..=4 {
        let inner = format!("/doc/{n}.htm");
        let text = String::from_utf8(stand.site.get(&portal::path(n)).body).unwrap();
        let body = text.split_once("<div class=\"content\">").unwrap().1;
        stand.site.put(&inner, Page::html(format!("<html><body><div class=\"content\">{body}")));
        let shell = format!(
            "<html lang=zh-CN><head><title>{0}_青石新闻网</title></head><body><div class=nav><a href=/>首页</a></div><h1>{0}</h1><div class=info>发布时间:2026-11-20 08:0{n}:00 来源:青石日报</div><iframe src='{inner}' width='100%' height=800></iframe></body></html>",
            portal::title(n)
        );
        stand.site.put(&portal::path(n), Page::html(shell));
    }
    let visited = stand.visit();
    assert_eq!(visited.error, None);
    assert_eq!(titles(&stand), wanted(4));
    for one in stand.stored() {
        assert!(one.article.text.contains("更换了三百多米旧管道"), "{}", one.article.text);
        assert!(one.article.url.path_and_query().starts_with("/news/show-"), "{}", one.article.url);
        assert!(one.article.published.unwrap().at.to_rfc3339().starts_with("2026-11-20T08:0"));
    }
}

#[test]
fn a_footer_is_no_text_where_a_frame_holds_it() {
    let stand = Stand::new(NOW);
    portal::town_paper(&stand.site, 3);
    for n in 1..=3 {
        let (inner, text) = (format!("/files/{n}/body.htm"), stand.site.get(&portal::path(n)).body);
        let text = String::from_utf8(text).unwrap();
        let body = text.split_once("<div class=\"content\">").unwrap().1.split_once("</div>").unwrap().0;
        stand
            .site
            .put(&inner, Page::html(format!("<html><body><div class=Section1>{body}</div></body></html>")));
        let shell = format!(
            "<html><head><title>{0}-青石住建局</title></head><body><ul class=menu><li><a href=/>首页</a><li><a href=/news/>新闻</a></ul><div class=detail><h2>{0}</h2><p class=info><span>发布日期：2026-11-20 08:0{n}</span></p><iframe src=/share.html width=180 height=24></iframe><div class=con><iframe id=ifrContent src='..{inner}' width='100%' scrolling=no onload='fit(this)'></iframe></div><iframe src=/comment/box.html width='100%' height=200></iframe></div><div id=bottom>主办单位：青石住建局　地址：河堤路三号　<a href=http://beian.example/>备案号</a></div></body></html>",
            portal::title(n)
        );
        stand.site.put(&portal::path(n), Page::html(shell));
    }
    let box_of_comments = "我要评论：请文明发言，理性讨论，遵守相关的法律法规，不要发布广告。".repeat(9);
    stand.site.put("/comment/box.html", Page::html(format!("<p>{box_of_comments}</p>")));
    assert_eq!(stand.visit().error, None);
    assert_eq!(titles(&stand), wanted(3));
    for one in stand.stored() {
        let text = &one.article.text;
        assert!(text.contains("更换了三百多米旧管道") && !text.contains("主办单位"), "{text}");
    }
}

#[test]
fn an_article_that_sends_on_is_read_where_it_is() {
    let stand = Stand::new(NOW);
    portal::town_paper(&stand.site, 3);
    for (n, page) in [
        (
            1,
            "<html><head><meta http-equiv=refresh content='0;url=/archive/1.html'></head><body></body></html>",
        ),
        (2, "<script>location.replace(\"/archive/2.html\")</script>"),
        (3, "<html><head><meta http-equiv=refresh content='0;url=/'></head></html>"),
    ] {
        let article = stand.site.get(&portal::path(n));
        stand.site.put(&format!("/archive/{n}.html"), article);
        stand.site.put(&portal::path(n), Page::html(page));
    }
    stand.site.put("/", Page::html("<title>青石新闻网</title>"));
    stand.visit();
    let mut told = titles(&stand);
    told.sort();
    let mut two = vec![portal::title(1), portal::title(2)];
    two.sort();
    assert_eq!(told, two);
}

/// Twins of a paper: the same articles at `/news/show-N.html` and at `/wap/show.php?id=N`, each naming the other.
fn twins(stand: &Stand) {
    portal::town_paper(&stand.site, 4);
    let list = String::from_utf8(stand.site.get("/news/").body).unwrap();
    let small = (1..=4).fold(list.clone(), |text, n| {
        text.replace(&format!("\"show-{n}.html\""), &format!("\"show.php?id={n}\""))
    });
    let head = "<head><link rel=alternate media=handheld href=/wap/><meta name=mobile-agent content='format=html5;url=/wap/'>";
    stand.site.put("/news/", Page::html(list.replacen("<head>", head, 1)));
    stand
        .site
        .put("/wap/", Page::html(small.replacen("<head>", "<head><link rel=canonical href=/news/>", 1)));
    for n in 1..=4 {
        let text = String::from_utf8(stand.site.get(&portal::path(n)).body).unwrap();
        let twin = format!("/wap/show.php?id={n}");
        let (here, there) = (
            format!("<head><meta name=mobile-agent content=\"format=xhtml; url={}\">", stand.site.url(&twin)),
            format!("<head><link rel=canonical href='{}'>", portal::path(n)),
        );
        stand.site.put(&portal::path(n), Page::html(text.replacen("<head>", &here, 1)));
        stand.site.put(&twin, Page::html(text.replacen("<head>", &there, 1)));
    }
}

#[test]
fn twins_are_one_article_whichever_list_is_configured() {
    let stand = Stand::new(NOW);
    twins(&stand);
    assert_eq!(stand.visit().error, None);
    assert_eq!(titles(&stand), wanted(4));
    assert!(!stand.site.seen().iter().any(|seen| seen.path.starts_with("/wap/")), "the page for all is read");
    for lists in [["/wap/", "/news/"], ["/news/", "/wap/"]] {
        let stand = Stand::with(NOW, |configured| {
            let first = configured.lists[0].clone();
            configured.lists = lists.iter().map(|path| first.join(path).unwrap()).collect::<Vec<PageUrl>>();
        });
        twins(&stand);
        assert_eq!(stand.visit().error, None);
        assert_eq!(titles(&stand), wanted(4), "{lists:?}");
    }
}

#[test]
fn a_trial_follows_what_a_page_leads_to() {
    let stand = Stand::new(NOW);
    list_at(&stand, "/inner/list.html", 5);
    stand.site.put("/news/", html("", "<frameset cols='*'><frame src='/inner/list.html'></frameset>"));
    let folder = tempfile::tempdir().unwrap();
    let mut command = common::tidings(folder.path());
    command.args(["try", &stand.site.url("/news/"), "--json", "--allow-network", "127.0.0.0/8"]);
    let output = command.output().unwrap();
    let told: serde_json::Value = serde_json::from_str(&common::out(&output)).unwrap_or_else(|error| {
        panic!("{error}: {}", common::err(&output));
    });
    assert_eq!(told["items"].as_array().unwrap().len(), 5, "{told}");
    assert_eq!(told["articles"][0]["title"], portal::title(5), "{told}");
    assert!(told["block"].as_str().unwrap().contains("/inner/list.html"), "{told}");
    assert_eq!(told["title"], "青石镇人民政府");
}
