//! Articles of invented portals, in the shapes that real ones have.

use super::*;
use crate::model::{PageUrl, Precision, Recipe, RejectClass};

const NOW: &str = "2026-11-23T08:00:00Z";

fn read(html: &str) -> Draft {
    read_with(html, &Recipe::default()).0
}

fn read_with(html: &str, recipe: &Recipe) -> (Draft, Vec<Note>) {
    let page = Page::parse(html, PageUrl::parse("http://www.qingshi.example/news/show.asp?id=7").unwrap());
    let context = Context {
        recipe,
        now: NOW.parse().unwrap(),
        zone: None,
        charset: Some("GBK"),
        candidate: None,
        earlier: None,
        learnt: None,
    };
    article(&page, &context)
}

/// The founding portal's shape: tables, a line of data with a counter, side columns, a generation time.
const OLD_ASP: &str = r##"<html><head><META http-equiv=Content-Type content="text/html; charset=gb2312"><title>沿河六村:把力气用在修渠护田上_青石信息网</title></head><body>
<table width=960><tr><td><a href="/">首页</a> | <a href="/news/">资讯</a> | <a href="/search.asp">搜索</a></td></tr></table>
<div class="pos">您的位置:青石信息网 > 青石新闻资讯 > 青石</div>
<table width=960><tr><td valign=top class=left>
<div class="tit"><b><font size=4>沿河六村:把力气用在修渠护田上</font></b></div>
<div class="info">发布时间:2021/3/11 9:11:43 | <span id=hit>318</span>人感兴趣</div>
<div class="con" id="content">3月10日,沿河六村召开了今年的第一次修渠护田碰头会,会上把全年要做的事一件一件说清楚,谁来做、几时做完也都定了下来。<br><br>
　　会前,村里的老人和年轻人一起沿着水渠走了两天,把十八处漏水的地方都做了记号。会上,大家按着记号一处一处商量修法。<br><br>
&nbsp;&nbsp;村主任强调,修渠要赶在插秧之前完工,材料已经备齐,工钱按天结算,不拖不欠。<br><br>
会议还通报了去年的收支,账目贴在村口的墙上。<br></div>
<div class="share">分享到:<a href="#">微博</a> <a href="#">QQ空间</a></div>
<div class="pn">上一篇:<a href="show.asp?id=6">桥头集市改到星期六</a><br>下一篇:<a href="show.asp?id=8">渡口的灯修好了</a></div></td>
<td width=240 class=right><div class="box"><h3>最新资讯</h3><ul><li><a href="show.asp?id=9">镇上的澡堂重新开门,票价不变</a></li><li><a href="show.asp?id=10">小学门口画了新的斑马线</a></li></ul></div>
<div class="box"><h3>热门资讯</h3><ul><li><a href="show.asp?id=3">青石桥下捡到一只走失的羊</a></li></ul></div></td></tr></table>
<div class="foot">网站备案:测ICP备00000000号-4<br><a href="/about.asp">关于我们</a> | 设为首页 | 加入收藏<br>Copyright &copy; 2004-2022 www.qingshi.example Inc. All rights reserved. 青石信息网<br>
Published at 2024/11/26 16:57:49, Powered By QSCMS v6.5.0(ACCESS)</div></body></html>"##;

#[test]
fn an_old_asp_page_gives_its_article_and_nothing_else() {
    let draft = read(OLD_ASP);
    assert_eq!(draft.title.as_deref(), Some("沿河六村:把力气用在修渠护田上"));
    let published = draft.published.unwrap();
    assert_eq!(
        (published.to_rfc3339().as_str(), published.precision),
        ("2021-03-11T09:11:43+08:00", Precision::Second)
    );
    assert_eq!(draft.categories, ["青石新闻资讯", "青石"]);
    for part in ["3月10日,沿河六村", "会前,村里的老人", "村主任强调", "账目贴在村口的墙上。"]
    {
        assert!(draft.body_html.contains(part), "{part} is missing: {}", draft.body_html);
    }
    for chrome in
        ["人感兴趣", "分享到", "上一篇", "最新资讯", "澡堂", "备案", "Powered", "您的位置", "Copyright"]
    {
        assert!(!draft.body_html.contains(chrome), "{chrome} leaked: {}", draft.body_html);
    }
    assert_eq!((draft.author, draft.source, draft.reject), (None, None, None));
}

#[test]
fn a_generation_time_is_refused_with_its_reason() {
    let only_footer = OLD_ASP.replace("发布时间:2021/3/11 9:11:43 | ", "");
    let draft = read(&only_footer);
    assert_eq!(draft.published, None, "{:?}", draft.evidence["published"]);
}

#[test]
fn selectors_decide_and_a_broken_one_is_told_while_detection_steps_in() {
    let mut recipe = Recipe::default();
    recipe.article.title = Some("div.tit b".to_owned());
    recipe.article.date = Some("div.info".to_owned());
    recipe.article.source = Some("div.info".to_owned());
    recipe.article.category = Some("div.pos a".to_owned());
    recipe.article.body = Some("#no-such-block".to_owned());
    let (draft, notes) = read_with(OLD_ASP, &recipe);
    assert_eq!(draft.title.as_deref(), Some("沿河六村:把力气用在修渠护田上"));
    assert_eq!(draft.source, None, "a line of other data names no source");
    assert!(draft.body_html.contains("村主任强调"));
    let told: Vec<_> = notes
        .iter()
        .filter(|note| note.class == crate::model::Class::Selector)
        .map(|note| &note.detail)
        .collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.iter().any(|detail| detail.contains("article.body = \"#no-such-block\"")), "{told:?}");
}

#[test]
fn a_government_page_tells_its_source_author_and_minute() {
    let draft = read(
        r#"<html lang="zh-CN"><head><title>芦川区疏通三条排水沟_芦川区人民政府</title><meta name="ArticleTitle" content="芦川区疏通三条排水沟"><meta name="PubDate" content="2021-03-11 09:11"><meta name="ContentSource" content="芦川区水务局"><meta name="Maketime" content="2023-01-01 01:01:01"></head><body>
        <div class="BreadcrumbNav">当前位置：<a href="/">首页</a>&nbsp;&gt;&nbsp;<a href="/xwzx/">新闻中心</a>&nbsp;&gt;&nbsp;<a href="/xwzx/bqyw/">本区要闻</a></div>
        <h1>芦川区疏通三条排水沟</h1><div class="xl_info"><span>日期：2021年03月11日</span><span>来源：芦川区水务局</span><span>字体：<a>大</a><a>中</a><a>小</a></span></div>
        <div id="zoom"><p>入夏以前，芦川区把三条排水沟从头到尾清了一遍，清出的淤泥装了四十车。</p><p>（记者 林小渡 通讯员 周平）</p><p>责任编辑：区政府办</p></div></body></html>"#,
    );
    assert_eq!(draft.published.unwrap().to_rfc3339(), "2021-03-11T09:11:00+08:00");
    assert_eq!(draft.source.as_deref(), Some("芦川区水务局"));
    assert_eq!(draft.author.as_deref(), Some("林小渡"));
    assert_eq!(draft.categories, ["新闻中心", "本区要闻"]);
    assert!(!draft.body_html.contains("责任编辑"));
}

#[test]
fn a_german_village_page_is_read_in_its_zone() {
    let draft = read(
        r#"<html lang="de"><head><title>Weidenauer Blatt - Brücke wieder frei</title></head><body><div id="nav"><a href="/">Start</a></div>
        <div id="inhalt"><p class="pfad">Sie sind hier: <a href="/">Start</a> &raquo; <a href="/aktuelles/">Aktuelles</a></p><h1>Brücke wieder frei</h1>
        <p class="meta">30. März 2021, 09:11 Uhr | Von Marlene Weiß</p><div class="text"><p>Nach drei Wochen Arbeit ist die Brücke über die Weide wieder für alle frei, auch für schwere Fahrzeuge.</p></div>
        <p><a href="javascript:print()">Seite drucken</a></p><h4>Weitere Meldungen</h4><ul><li><a href="/m?id=2">Neue Öffnungszeiten im Rathaus</a> (12. März 2021)</li></ul></div></body></html>"#,
    );
    assert_eq!(draft.title.as_deref(), Some("Brücke wieder frei"));
    assert_eq!(draft.published.unwrap().to_rfc3339(), "2021-03-30T09:11:00+02:00");
    assert_eq!(draft.author.as_deref(), Some("Marlene Weiß"));
    assert_eq!(draft.categories, ["Aktuelles"]);
    assert!(
        draft.body_html.contains("schwere Fahrzeuge") && !draft.body_html.contains("Rathaus"),
        "{}",
        draft.body_html
    );
}

#[test]
fn json_ld_is_heeded_and_a_wrong_utc_mark_is_seen_through() {
    let page = |published: &str| {
        read(&format!(
            r#"<html lang="zh-CN"><head><title>渡口的灯修好了</title><script type="application/ld+json">{{"@type":"NewsArticle","headline":"渡口的灯修好了","datePublished":"{published}","author":{{"@type":"Person","name":"周平"}}}}</script></head>
            <body><h1>渡口的灯修好了</h1><div>2021-03-11 09:11:43</div><article><p>渡口的两盏灯昨晚重新亮了起来，摆渡的老人说，夜里靠岸总算看得清台阶了。</p></article></body></html>"#
        ))
    };
    let good = page("2021-03-11T09:11:43+08:00");
    assert_eq!(
        (good.published.unwrap().to_rfc3339().as_str(), good.author.as_deref()),
        ("2021-03-11T09:11:43+08:00", Some("周平"))
    );
    assert_eq!(page("2021-03-11T09:11:43Z").published.unwrap().to_rfc3339(), "2021-03-11T09:11:43+08:00");
}

#[test]
fn a_notice_that_the_article_is_gone_is_no_article() {
    let draft = read(
        "<html><head><title>提示信息</title></head><body><div class=msg>信息不存在或已被删除！</div></body></html>",
    );
    assert_eq!(draft.reject.unwrap().class, RejectClass::SoftNotFound);
    let menus = "<li><a href=/a>镇里的老桥终于修好，通车当天来了许多人</a></li>".repeat(20);
    let framed = read(&format!(
        "<html><head><title>404 - 青石网</title></head><body><h1>404</h1><p>页面没有找到</p><ul>{menus}</ul></body></html>"
    ));
    assert_eq!(framed.reject.unwrap().class, RejectClass::SoftNotFound);
    for wall in [
        "您访问的页面不存在或已被删除，请完成安全验证后继续访问",
        "Not found? Checking your browser before accessing",
    ] {
        let wall =
            read(&format!("<html><head><title>提示</title></head><body><div>{wall}</div></body></html>"));
        assert_eq!(wall.reject.unwrap().class, RejectClass::Wall);
    }
    let story = read(
        "<html><head><title>404房间的灯_青石网</title></head><body><h1>404房间的灯</h1><div id=content><p>旅馆的老板说，那间房已经空了三年，灯却总在半夜亮起来，他后来才知道是线路老化。</p></div></body></html>",
    );
    assert_eq!(story.reject, None, "{:?}", story.title);
    let empty = read("<html><head><title>x</title></head><body><a href='/'>首页</a></body></html>");
    assert_eq!(empty.reject.unwrap().class, RejectClass::NoBody);
}

#[test]
fn one_sentence_and_pictures_alone_are_articles() {
    let short = read(
        "<html><head><title>停水通知_青石网</title></head><body><h1>停水通知</h1><div class=nav><a href=/>首页</a></div><div id=content>明天上午八点到十二点，东街停水，请提前储水。</div></body></html>",
    );
    assert!(short.body_html.contains("东街停水") && short.reject.is_none());
    let pictures = read(
        "<html><head><title>组图：河边的早市_青石网</title></head><body><h1>组图：河边的早市</h1><div class=article-content><p><img src=/a.jpg></p><p><img src=/b.jpg></p></div></body></html>",
    );
    assert_eq!(pictures.body_html.matches("<img").count(), 2);
    assert!(pictures.reject.is_none());
}

#[test]
fn a_sentence_with_a_word_of_chrome_stays() {
    let draft = read(
        "<html><head><title>免责条款引发争议</title></head><body><h1>免责条款引发争议</h1><div id=content><p>免责声明能不能免掉责任，要看它是怎么写的，法院认为写在角落里的小字不能算数。</p><p>来源不明的药材不能收购，这是药店新定下的规矩。</p><p>分享是一种习惯，图书馆因此办起了换书角。</p></div></body></html>",
    );
    for part in ["小字不能算数", "药店新定下", "换书角"] {
        assert!(draft.body_html.contains(part), "{part}: {}", draft.body_html);
    }
}

fn dated(url: &str, markup: &str, earlier: Option<super::Earlier>) -> (Option<String>, String) {
    let page = Page::parse(markup, PageUrl::parse(url).unwrap());
    let recipe = Recipe::default();
    let context = Context { earlier, ..Context::new(&recipe, NOW.parse().unwrap()) };
    let draft = article(&page, &context).0;
    (draft.published.map(|stamp| stamp.to_rfc3339()), draft.evidence["published"].from.clone())
}

const TEXT: &str = "<p>The council voted on Monday to repair the old bridge over the Rau, which has been closed since \
    the flood, and to keep the footbridge open until the work is done.</p><p>Work begins in autumn and is paid for \
    by the county, the mayor said after the meeting.</p>";

#[test]
fn a_time_in_utc_is_told_with_the_offset_that_the_page_shows() {
    let page = |line: &str| {
        format!(
            "<html lang=de><head><meta property='article:published_time' content='2021-03-10T23:30:00+00:00'></head>\
             <body><article><h1>Neue Brücke über die Rau</h1><p class=meta>{line}</p>{TEXT}</article></body></html>"
        )
    };
    let of = |line: &str| dated("http://bote.example/a/7.html", &page(line), None).0;
    assert_eq!(of("11.03.2021").as_deref(), Some("2021-03-11T00:30:00+01:00"));
    assert_eq!(of("").as_deref(), Some("2021-03-10T23:30:00+00:00"));
}

#[test]
fn a_line_that_the_address_gainsays_is_no_date() {
    let page =
        format!("<html lang=en><body><h1>Bridge to be repaired</h1><p>2019-01-14</p>{TEXT}</body></html>");
    let (published, from) = dated("http://a.example/2020/04/26/bridge/", &page, None);
    assert!(published.unwrap().starts_with("2020-04-26") && from.starts_with("address"), "{from}");
}

#[test]
fn what_moves_between_two_fetches_is_page_time() {
    let page = |time: &str| {
        format!("<html lang=en><body><h1>Bridge to be repaired</h1><p>{time}</p>{TEXT}</body></html>")
    };
    let seen = "2026-11-20T08:00:00Z".parse().unwrap();
    let first = |at: &str| super::Earlier {
        published: Some(crate::model::Stamp {
            at: at.parse().unwrap(),
            precision: crate::model::Precision::Minute,
        }),
        seen,
    };
    // it showed the time of the first fetch, and shows the time of this one
    let moving = page("2026-11-23 07:59");
    let of = |earlier| dated("http://a.example/7.html", &moving, Some(earlier));
    assert_eq!(of(first("2026-11-20T07:59:00Z")).0, None);
    // a date from long before the first fetch stays, whatever the page says now
    assert_eq!(of(first("2026-11-18T10:00:00Z")).0.as_deref(), Some("2026-11-18T10:00:00+00:00"));
    // and what hangs on the fetch is kept as it was first read
    let relative = page("3 days ago");
    let kept = dated("http://a.example/7.html", &relative, Some(first("2026-11-20T07:30:00Z"))).0;
    assert_eq!(kept.as_deref(), Some("2026-11-20T07:30:00+00:00"));
}

#[test]
fn a_change_is_told_where_nothing_else_is_and_never_instead() {
    let page = |line: &str| {
        format!("<html lang=en><body><h1>Bridge to be repaired</h1><p>{line}</p>{TEXT}</body></html>")
    };
    let of = |line: &str| dated("http://a.example/7.html", &page(line), None);
    let (only, from) = of("Last updated: March 12, 2021");
    assert!(only.unwrap().starts_with("2021-03-12") && from.contains("of a change"), "{from}");
    assert!(of("March 11, 2021 · Last updated: March 12, 2021").0.unwrap().starts_with("2021-03-11"));
}

#[test]
fn a_dateline_dates_and_the_day_of_an_event_does_not() {
    let page = |lead: &str| {
        format!(
            "<html lang=de><body><h1>Neue Brücke über die Rau</h1><div class=content><p>{lead} Die alte ist seit dem Hochwasser gesperrt, Fußgänger nehmen den Steg am Wehr, bis die neue fertig ist.</p>{TEXT}</div></body></html>"
        )
    };
    let of = |lead: &str| dated("http://a.example/7.html", &page(lead), None).0;
    assert!(of("Lindau, 11. März 2021 – Die Brücke wird neu gebaut.").unwrap().starts_with("2021-03-11"));
    assert_eq!(of("Am 11. März 2021 wird die Brücke eröffnet."), None);
}

/// A town's page whose template puts the day of the visit into the head and under the article.
fn dated_as_listed(line: &str, foot: &str, listed: Option<&str>) -> Option<String> {
    let html = format!(
        "<html lang=de><head><meta name=date content='2026-11-23'><title>Steg gesperrt | Grünau</title></head><body>\
         <main><h1>Steg am Weiher gesperrt</h1><p class=meta>{line}</p><p>Der Steg am Weiher bleibt bis zum Frühjahr gesperrt, \
         weil zwei Pfosten morsch sind, wie das Bauamt mitteilt.</p><p>Wer am Wasser entlang will, nimmt den Weg über die \
         Mühle; er ist ausgeschildert und länger um eine halbe Stunde.</p></main><footer>{foot}</footer></body></html>"
    );
    let url = PageUrl::parse("http://gruenau.example/meldung/7.html").unwrap();
    let page = Page::parse(&html, url.clone());
    let published =
        listed.map(|at| crate::model::Stamp { at: at.parse().unwrap(), precision: Precision::Day });
    let title = "Steg am Weiher gesperrt".to_owned();
    let candidate = crate::model::Candidate { url, title, published, summary: None, given: None };
    let context = Context {
        recipe: &Recipe::default(),
        now: NOW.parse().unwrap(),
        zone: None,
        charset: None,
        candidate: Some(&candidate),
        earlier: None,
        learnt: None,
    };
    article(&page, &context).0.published.map(|stamp| stamp.to_rfc3339())
}

#[test]
fn the_day_of_the_visit_is_no_date_when_list_and_page_agree_on_another() {
    let line = "19. November 2026, 17:40 Uhr | Pressestelle";
    let listed = Some("2026-11-19T00:00:00+01:00");
    for foot in ["", "Stand: 23.11.2026", "Letzte Änderung: 23.11.2026"] {
        assert_eq!(
            dated_as_listed(line, foot, listed).as_deref(),
            Some("2026-11-19T17:40:00+01:00"),
            "{foot}"
        );
    }
    // an article of today, and a page that nothing but the list gainsays
    let today = Some("2026-11-23T00:00:00+01:00");
    assert_eq!(
        dated_as_listed("23. November 2026, 07:40 Uhr", "", today).as_deref(),
        Some("2026-11-23T07:40:00+01:00")
    );
    assert_eq!(dated_as_listed("", "", listed).as_deref(), Some("2026-11-23T00:00:00+01:00"));
}

#[test]
fn a_gallery_brings_the_picture_of_each_page() {
    let page = |number: u32, text: &str| {
        format!(
            "<html lang=de><body><main><h1>Das Fest am Weiher</h1><figure><img src='/i/{number}.jpg' width=900 height=600></figure>\
             <div class=text><p>{text}</p></div></main></body></html>"
        )
    };
    let url = PageUrl::parse("http://gruenau.example/fest?bild=1").unwrap();
    let recipe = Recipe::default();
    let context = Context {
        recipe: &recipe,
        now: NOW.parse().unwrap(),
        zone: None,
        charset: None,
        candidate: None,
        earlier: None,
        learnt: None,
    };
    let first =
        page(1, "Am Samstag kamen über dreihundert Leute zum Weiher, um das Ende der Bauarbeiten zu feiern.");
    let mut draft = article(&Page::parse(&first, url.clone()), &context).0;
    let second = page(
        2,
        "Die Kapelle spielte bis in die Nacht, und die Feuerwehr hielt am Ufer Wache, wie es sich gehört.",
    );
    further(&Page::parse(&second, url.clone()), &context, &mut draft);
    // a page that shows the picture again
    let third = page(
        1,
        "Am Sonntag räumten alle gemeinsam auf, und am Mittag war von dem Fest nichts mehr zu sehen.",
    );
    further(&Page::parse(&third, url), &context, &mut draft);
    let pictures: Vec<usize> = draft.further.iter().map(|part| part.html.matches("<img").count()).collect();
    assert_eq!(pictures, [1, 0], "{:?}", draft.further);
}
