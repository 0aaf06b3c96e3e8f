//! Lists over many pages, each named in its own way, and articles over several.

use std::process::Output;

use crate::common::{err, out};
use crate::daemon::Home;
use crate::portal::{self, Page, Portal};

/// Walks back over all pages of a portal whose list stands at `path`.
fn walked(site: &Portal, path: &str) -> (Home, Output) {
    let home = Home::new(&format!(
        "[store]\nretain = \"0\"\n[fetch]\nallow_networks = [\"127.0.0.0/8\"]\nmin_gap = \"0s\"\n\
         [[portal]]\nname = \"paper\"\nurl = \"{}\"\nevery = \"1h\"\ntimezone = \"Asia/Shanghai\"\n",
        site.url(path)
    ));
    let output = home.command().args(["fetch", "paper", "--backfill", "30"]).output().unwrap();
    assert!(output.status.success(), "{}{}", out(&output), err(&output));
    (home, output)
}

/// Puts `count` articles on list pages of five, each page's foot by `foot(number)`.
fn paper(site: &Portal, count: u32, place: impl Fn(u32) -> String, foot: impl Fn(u32) -> String) -> u32 {
    let pages = count.div_ceil(5);
    for page in 1..=pages {
        let top = count - (page - 1) * 5;
        let rows: String = (0..5.min(top)).map(|n| portal::row(top - n, &portal::title(top - n))).collect();
        let rows = rows.replace("href=\"", "href=\"/news/");
        let text = portal::list(&rows)
            .replace("<div class=\"foot\">", &format!("{}<div class=\"foot\">", foot(page)));
        site.put(&place(page), Page::html(text));
    }
    for n in 1..=count {
        site.put(&portal::path(n), Page::html(portal::article(n, &portal::title(n), "")));
    }
    pages
}

#[track_caller]
fn has(walk: &(Home, Output), articles: i64, pages: u32) {
    let store = rusqlite::Connection::open(walk.0.path().join("data/tidings.db")).unwrap();
    let count: i64 = store.query_row("SELECT count(*) FROM article", [], |row| row.get(0)).unwrap();
    let told = out(&walk.1);
    assert_eq!(count, articles, "{told}");
    let back = if pages == 2 { "1 page back".to_owned() } else { format!("{} pages back", pages - 1) };
    assert!(told.contains(&back), "{told}");
}

#[test]
fn a_paging_script_names_its_pages() {
    let site = Portal::start();
    // TRS: the script counts from nought, no link names a page
    let place =
        |page: u32| if page == 1 { "/zw/".to_owned() } else { format!("/zw/index_{}.shtml", page - 1) };
    let script = |page: u32| {
        format!("<script>createPageHTML('page', 4, {}, 'index', 'shtml', 20);</script>", page - 1)
    };
    let pages = paper(&site, 20, place, script);
    has(&walked(&site, "/zw/"), 20, pages);
}

#[test]
fn variables_of_a_script_name_the_pages() {
    let site = Portal::start();
    let place = |page: u32| if page == 1 { "/a/".to_owned() } else { format!("/a/index_{}.html", page - 1) };
    let script = |page: u32| {
        format!(
            "<script>var countPage = 3;\nvar currentPage = {};\nif (currentPage + 1 < countPage) \
             document.write('<a href=\"index_' + (currentPage + 1) + '.html\">&gt;</a>');</script>",
            page - 1
        )
    };
    let pages = paper(&site, 15, place, script);
    has(&walked(&site, "/a/"), 15, pages);
}

#[test]
fn a_script_writes_its_links_with_marked_quotes() {
    let site = Portal::start();
    let place = |page: u32| if page == 1 { "/a/".to_owned() } else { format!("/a/index_{}.shtml", page - 1) };
    let script = |page: u32| {
        format!(
            "<script>\nvar currentPage = {};//所在页从0开始\nvar prevPage = currentPage-1;\nvar nextPage = currentPage+1;\n\
             var countPage = 3;//共多少页\nif(countPage>1&&currentPage!=0&&currentPage!=1)\n\
             document.write(\"<a href=\\\"index_\" + prevPage + \".shtml\\\">上一页</a>&nbsp;\");\n\
             if(countPage>1&&currentPage!=(countPage-1))\n\
             document.write(\"<a href=\\\"index_\" + nextPage + \".shtml\\\">下一页</a>&nbsp;\");\n</script>",
            page - 1
        )
    };
    let pages = paper(&site, 15, place, script);
    has(&walked(&site, "/a/"), 15, pages);
}

#[test]
fn pages_are_numbered_by_pictures() {
    let site = Portal::start();
    let place =
        |page: u32| if page == 1 { "/l.asp?lm=3".to_owned() } else { format!("/l.asp?lm=3&page={page}") };
    let pager = |page: u32| {
        let link = |n: u32| {
            let on = if n == page { "on" } else { "" };
            format!("<a href=\"l.asp?lm=3&amp;page={n}\"><img src=\"images/p{n}{on}.gif\" border=0></a> ")
        };
        (1..=3).map(link).collect::<String>()
    };
    let pages = paper(&site, 15, place, pager);
    has(&walked(&site, "/l.asp?lm=3"), 15, pages);
}

#[test]
fn pages_counted_from_the_oldest_lead_to_older_ones() {
    let site = Portal::start();
    let place = |page: u32| if page == 1 { "/b.php".to_owned() } else { format!("/b.php?pg={}", 5 - page) };
    let pager = |page: u32| {
        let own = 5 - page;
        let link = |n: u32| {
            if n == own { format!("<span>{n}</span> ") } else { format!("<a href=\"b.php?pg={n}\">{n}</a> ") }
        };
        let newer =
            if own < 4 { format!("<a href=\"b.php?pg={}\">Next</a>", own + 1) } else { String::new() };
        format!("<div>Page {own} of 4: {}{newer}</div>", (1..=4).map(link).collect::<String>())
    };
    let pages = paper(&site, 20, place, pager);
    has(&walked(&site, "/b.php"), 20, pages);
}

#[test]
fn a_pager_that_is_posted_is_told_and_left_alone() {
    let site = Portal::start();
    let pager = "<form method=post action=l.aspx><input type=hidden name=__VIEWSTATE value=x></form>\
        <a href=\"javascript:__doPostBack('Pager','2')\">2</a> <a href=\"javascript:__doPostBack('Pager','2')\">下一页</a>";
    paper(&site, 5, |_| "/l.aspx".to_owned(), |_| pager.to_owned());
    let (_, walk) = walked(&site, "/l.aspx");
    assert!(out(&walk).contains("0 pages back") && out(&walk).contains("posted"), "{}", out(&walk));
}

#[test]
fn numbers_and_offsets_lead_on() {
    let site = Portal::start();
    let place = |page: u32| if page == 1 { "/l".to_owned() } else { format!("/l?start={}", (page - 1) * 5) };
    let pager = |page: u32| {
        let link = |n: u32| {
            if n == page {
                format!("<span class=\"current\">{n}</span>")
            } else {
                format!("<a href=\"/l?start={}\">{n}</a>", (n - 1) * 5)
            }
        };
        format!("<div class=\"pager\">{}</div>", (1..=4).map(link).collect::<String>())
    };
    let pages = paper(&site, 20, place, pager);
    has(&walked(&site, "/l"), 20, pages);
}

#[test]
fn a_button_loads_more() {
    let site = Portal::start();
    let place =
        |page: u32| if page == 1 { "/blog/".to_owned() } else { format!("/blog/part?cursor=c{page}") };
    let button = |page: u32| {
        if page == 3 {
            return String::new();
        }
        format!(
            "<button class=\"load-more\" data-next=\"/blog/part?cursor=c{}\">Mehr laden</button>",
            page + 1
        )
    };
    let pages = paper(&site, 15, place, button);
    has(&walked(&site, "/blog/"), 15, pages);
}

#[test]
fn what_a_later_page_of_an_article_says_anew_is_read() {
    let stand = super::stand("/news/");
    portal::town_paper(&stand.site, 3);
    let page = |text: &str, current: u32| {
        let whole = portal::article(2, &portal::title(2), "");
        let (before, rest) = whole.split_once("<p>").unwrap();
        let (_, after) = rest.split_once("</div></div>").unwrap();
        let pager = format!("<script>createPageHTML(2, {current}, \"show-2\", \"html\");</script>");
        let text = format!("{before}<p>{text}</p></div>{pager}</div>{after}");
        Page { etag: Some(format!("\"{current}-{}\"", text.len())), ..Page::html(text) }
    };
    let first = "第一部分说的是河堤，沿河新铺了两公里的步道，还安装了太阳能路灯，居民晚上也能出门散步。";
    let second = "第二部分说的是菜场，摊位重新划分，排水和照明都换成了新的。";
    stand.site.put("/news/show-2.html", page(first, 0));
    stand.site.put("/news/show-2_1.html", page(second, 1));
    stand.visit();
    let text = || -> String {
        let all = stand.stored().into_iter().map(|one| one.article);
        all.filter(|one| one.title == portal::title(2)).map(|one| one.text).collect()
    };
    assert!(text().contains("两公里") && text().contains("菜场"), "{}", text());
    let more = format!("{second}</p><p>更正：菜场下月初重新开门，比原定早两周。");
    stand.site.put("/news/show-2_1.html", page(&more, 1));
    stand.visit();
    assert!(text().contains("更正"), "{}", text());
}

#[test]
fn articles_over_several_pages_are_joined_once() {
    let site = Portal::start();
    paper(&site, 5, |_| "/n/".to_owned(), |_| String::new());
    let part = |n: u32, text: &str, pager: &str| {
        let page = portal::article(n, &portal::title(n), "");
        let (before, rest) = page.split_once("<p>工程负责人").unwrap();
        let (_, after) = rest.split_once("</div></div>").unwrap();
        Page::html(format!("{before}<p>{text}</p></div><div class=\"page\">{pager}</div></div>{after}"))
    };
    // by numbers; each page repeats the headline and the lead
    let pager =
        "<a href=\"show-5.html\">1</a> <a href=\"show-5_2.html\">2</a> <a href=\"show-5_2.html\">下一页</a>";
    site.put(
        "/news/show-5.html",
        part(5, "第一部分说的是河堤，沿河新铺了两公里的步道，还安装了太阳能路灯。", pager),
    );
    site.put(
        "/news/show-5_2.html",
        part(5, "第二部分说的是菜场，摊位重新划分，排水和照明都换成了新的。", pager),
    );
    // the whole text on one page
    let all = "<a href=\"show-4_2.html\">2</a> <a href=\"show-4.html?all=1\">全文</a>";
    site.put(
        "/news/show-4.html",
        part(4, "上半篇讲的是公交，夜班线路从两条增加到四条，末班车延后一小时。", all),
    );
    site.put(
        "/news/show-4_2.html",
        part(4, "这一页不该被读到，因为全文已经在一页之上了，读者不必翻页。", ""),
    );
    let whole = "上半篇讲的是公交，夜班线路从两条增加到四条，末班车延后一小时。</p><p>下半篇讲的是学校，操场周末向附近的居民开放，需要登记姓名。";
    site.put("/news/show-4.html?all=1", part(4, whole, ""));
    let (home, _) = walked(&site, "/n/");
    let store = rusqlite::Connection::open(home.path().join("data/tidings.db")).unwrap();
    let text = |n: u32| -> String {
        let doc: String = store
            .query_row("SELECT doc FROM article WHERE key LIKE ?1", [format!("%show-{n}.html%")], |row| {
                row.get(0)
            })
            .unwrap();
        serde_json::from_str::<serde_json::Value>(&doc).unwrap()["text"].as_str().unwrap().to_owned()
    };
    let five = text(5);
    assert!(five.contains("第一部分") && five.contains("第二部分"), "{five}");
    assert_eq!((five.matches("已经完成验收").count(), five.contains("下一页")), (1, false), "{five}");
    let four = text(4);
    assert_eq!((four.matches("上半篇").count(), four.matches("下半篇").count()), (1, 1), "{four}");
    assert!(!four.contains("这一页不该"), "{four}");
}
