//! The sample site's pages as markup, in the manner of an old ASP system.

use std::fmt::Write as _;

use chrono::{DateTime, Datelike, Timelike};
use chrono_tz::Tz;

use super::articles::Section;

/// The site's name.
const SITE: &str = "芦汀信息网";

/// Characters of a title that a list shows.
const SHOWN: usize = 20;

/// An article as shown.
#[derive(Debug, Clone)]
pub(super) struct Article {
    pub(super) id: u64,
    pub(super) title: String,
    pub(super) section: Section,
    pub(super) time: DateTime<Tz>,
    pub(super) source: Option<&'static str>,
    /// What its picture shows.
    pub(super) picture: Option<&'static str>,
    pub(super) paragraphs: Vec<String>,
}

/// What stands round every page.
#[derive(Debug)]
pub(super) struct Frame<'a> {
    /// The side column's newest articles.
    pub(super) newest: &'a [Article],
    /// The side column's most read ones.
    pub(super) popular: &'a [Article],
    /// The moment of the request, for the footer.
    pub(super) now: DateTime<Tz>,
}

/// One page of a section's list.
#[derive(Debug)]
pub(super) struct ListPage<'a> {
    pub(super) section: Section,
    pub(super) rows: &'a [Article],
    /// From 1.
    pub(super) number: usize,
    pub(super) pages: usize,
    /// Articles on all pages.
    pub(super) total: usize,
}

/// A page of a list.
pub(super) fn list(page: &ListPage<'_>, frame: &Frame<'_>) -> String {
    let class = page.section.class();
    let mut html = head(&format!("{}新闻", page.section.name()));
    let _ = writeln!(html, "<div class=\"pos\">您的位置:{} > {}</div>", trail(), page.section.name());
    html.push_str("<table width=960 align=center><tr><td valign=top class=left><table width=\"100%\" cellspacing=0 cellpadding=0 class=list>\n");
    for article in page.rows {
        let _ = writeln!(
            html,
            "<tr><td height=26>·{}</td><td width=90 align=right class=time><font color=#999999>{}</font></td></tr>",
            link(article, "target=_blank "),
            day(article.time)
        );
    }
    let _ =
        write!(html, "</table>\n<div class=\"page\">共{}条 第{}/{}页 ", page.total, page.number, page.pages);
    if page.number < page.pages {
        let _ = write!(
            html,
            "<a class=next href=\"list.asp?classid={class}&page={}\">下一页</a> ",
            page.number + 1
        );
    }
    for number in 1..=page.pages {
        let _ = write!(html, "<a href=\"list.asp?classid={class}&page={number}\">{number}</a> ");
    }
    html.push_str("</div></td>\n");
    html.push_str(&around(frame));
    html
}

/// An article's page; `hits` counts its readers.
pub(super) fn article(article: &Article, hits: u64, before: Option<&Article>, frame: &Frame<'_>) -> String {
    let mut html = head(&article.title);
    let _ = writeln!(
        html,
        "<div class=\"pos\">您的位置:{} > <a href=\"list.asp?classid={}\">{}</a></div>",
        trail(),
        article.section.class(),
        article.section.name()
    );
    let source = article.source.map(|source| format!(" 来源:{source}")).unwrap_or_default();
    let _ = writeln!(
        html,
        "<table width=960 align=center><tr><td valign=top class=left>\n<div class=\"tit\"><b><font size=4>{}</font></b></div>\n\
         <div class=\"info\">发布时间:{}{source} | <span id=hit>{hits}</span>人感兴趣</div>\n<div class=\"con\" id=\"content\">",
        article.title,
        moment(article.time)
    );
    for (number, paragraph) in article.paragraphs.iter().enumerate() {
        let _ = writeln!(html, "  {paragraph}<br>\n<br>");
        if let (0, Some(shown)) = (number, article.picture) {
            let _ = writeln!(
                html,
                "<p align=center><img src=\"../uploadfile/{}.png\" alt=\"{shown}\" width=240 height=160 border=0></p>",
                article.id
            );
        }
    }
    html.push_str(
        "</div>\n<div class=\"share\">分享到:<a href=\"#\">微博</a> <a href=\"#\">空间</a></div>\n",
    );
    if let Some(before) = before {
        let _ = writeln!(
            html,
            "<div class=\"pn\">上一篇:<a href=\"show.asp?id={}\">{}</a></div>",
            before.id, before.title
        );
    }
    html.push_str("<div class=\"tool\"><a href=\"javascript:window.print()\">打印本页</a></div></td>\n");
    html.push_str(&around(frame));
    html
}

/// A page of a few words: about, contact, not found.
pub(super) fn words(title: &str, text: &str, frame: &Frame<'_>) -> String {
    let mut html = head(title);
    let _ = writeln!(
        html,
        "<table width=960 align=center><tr><td valign=top class=left><h3>{title}</h3><p>{text} <a href=\"/\">返回首页</a></p></td>"
    );
    html.push_str(&around(frame));
    html
}

fn head(title: &str) -> String {
    let sections: String = Section::ALL
        .iter()
        .map(|section| {
            format!(" | <a href=\"/news/list.asp?classid={}\">{}</a>", section.class(), section.name())
        })
        .collect();
    format!(
        "<html>\n<head>\n<META http-equiv=Content-Type content=\"text/html; charset=gb2312\">\n<title>{title}_{SITE}</title>\n\
         <link href=\"/css/css.css\" rel=stylesheet type=text/css>\n</head>\n<body>\n\
         <table width=960 align=center class=nav><tr><td><a href=\"/\">首页</a> | <a href=\"/news/\">资讯</a>{sections} | \
         <a href=\"/search.asp\">搜索</a></td></tr></table>\n"
    )
}

fn trail() -> String {
    format!("<a href=\"/\">{SITE}</a> > <a href=\"/news/\">芦汀新闻资讯</a>")
}

/// The side column and the footer, whose generation time is no article's date.
fn around(frame: &Frame<'_>) -> String {
    let column = |title: &str, articles: &[Article]| {
        let rows: String =
            articles.iter().map(|article| format!("<li>· {}</li>\n", link(article, ""))).collect();
        format!("<div class=\"box\"><h3>{title}</h3><ul>\n{rows}</ul></div>\n")
    };
    format!(
        "<td width=240 valign=top class=right>\n{}{}</td></tr></table>\n\
         <div class=\"foot\">网站备案:芦ICP备00000000号-1<br><a href=\"/about.asp?id=1\">关于我们</a> | <a href=\"/about.asp?id=2\">联系方式</a> | \
         <a href=\"/link.asp\">友情连接</a> | <a href=\"/book.asp\">留言反馈</a> | <a href=\"/sitemap.asp\">网站地图</a> | \
         <a href=\"javascript:void(0)\">设为首页</a> | <a href=\"javascript:void(0)\">加入收藏</a><br>\
         Copyright &copy; 2004-2022 {SITE} All rights reserved. <a href=\"/privacy.asp\">隐私政策</a><br>\n\
         Published at {}, Powered By REEDPRESS v2.3.1(ACCESS)</div>\n</body>\n</html>\n",
        column("最新资讯", frame.newest),
        column("热门资讯", frame.popular),
        moment(frame.now)
    )
}

fn link(article: &Article, attributes: &str) -> String {
    format!(
        "<a href=\"/news/show.asp?id={}\" {attributes}title=\"{}\">{}</a>",
        article.id,
        article.title,
        cut(&article.title)
    )
}

fn cut(title: &str) -> String {
    if title.chars().count() <= SHOWN {
        title.to_owned()
    } else {
        title.chars().take(SHOWN - 2).collect::<String>() + "…"
    }
}

fn day(time: DateTime<Tz>) -> String {
    format!("{}/{}/{}", time.year(), time.month(), time.day())
}

fn moment(time: DateTime<Tz>) -> String {
    format!("{} {}:{:02}:{:02}", day(time), time.hour(), time.minute(), time.second())
}
