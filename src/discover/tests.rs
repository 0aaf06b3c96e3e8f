//! List pages in the shapes of real ones, read as they come and by selectors.

use chrono::{DateTime, Utc};

use super::{Context, Listing, list};
use crate::model::{Class, ListRules, PageUrl, Recipe};
use crate::page::Page;

fn read(html: &str, rules: ListRules) -> Listing {
    let page =
        Page::parse(html, PageUrl::parse("http://www.qinghe.example/news/list.asp?classid=3").unwrap());
    let recipe = Recipe { list: rules, ..Recipe::default() };
    let now: DateTime<Utc> = DateTime::parse_from_rfc3339("2021-03-12T02:00:00Z").unwrap().to_utc();
    list(&page, &Context { recipe: &recipe, now, zone: None, charset: Some("GBK"), learnt: None })
}

fn detected(html: &str) -> Listing {
    read(html, ListRules::default())
}

fn titles(listing: &Listing) -> Vec<&str> {
    listing.items.iter().map(|item| item.title.as_str()).collect()
}

/// A town site on tables: navigation, the list with cut titles, side boxes, a pager, a footer.
fn town() -> String {
    let row = |id: u32, title: &str, cut: &str, day: &str| {
        format!(
            "<tr><td>·<a href='show.asp?id={id}' title='{title}'>{cut}</a></td><td width=90><font>{day}</font></td></tr>"
        )
    };
    let rows: String = [
        row(31, "清河区图书馆周末延长开放至晚九点并增设自习座位", "清河区图书馆周末延长开放至…", "3-11"),
        row(30, "东关大桥维修完工 今晨恢复双向通车", "东关大桥维修完工 今晨恢复双向通车", "3-11"),
        row(28, "西郊苗圃免费发放月季花苗", "西郊苗圃免费发放月季花苗", "3-10"),
        row(27, "全区中小学春季运动会报名开始", "全区中小学春季运动会报名开始", "3-9"),
        row(25, "老城供水管道夜间检修三天", "老城供水管道夜间检修三天", "3-9"),
    ]
    .concat();
    let side = |heading: &str| {
        format!(
            "<div class=box><h3>{heading}</h3><ul>\
             <li><a href='show.asp?id=40' title='北门菜市场搬迁公告发布'>北门菜市场搬迁</a></li>\
             <li><a href='show.asp?id=39' title='南湖公园新增环湖步道三公里'>南湖公园新增环湖</a></li>\
             <li><a href='show.asp?id=31' title='清河区图书馆周末延长开放至晚九点并增设自习座位'>清河区图书馆周末延</a></li></ul></div>"
        )
    };
    format!(
        "<html lang=zh-CN><title>清河资讯_清河在线</title><body>\
         <table class=nav><tr><td><a href='/'>首页</a> <a href='/news/'>资讯</a> <a href='/job/'>招聘求职信息频道</a></td></tr></table>\
         <table><tr><td class=left><table>{rows}</table>\
         <div class=page><a href='?classid=3&page=2'>下一页</a> <a href='?classid=3&page=2'>2</a></div></td>\
         <td class=right>{}{}</td></tr></table>\
         <div class=foot><a href='/about.asp?id=1'>关于我们网站的详细说明</a> Published at 2021/3/12 10:00:00</div>",
        side("最新资讯"),
        side("热门资讯")
    )
}

#[test]
fn the_list_is_found_between_navigation_and_side_columns() {
    let listing = detected(&town());
    assert_eq!(
        titles(&listing),
        [
            "清河区图书馆周末延长开放至晚九点并增设自习座位",
            "东关大桥维修完工 今晨恢复双向通车",
            "西郊苗圃免费发放月季花苗",
            "全区中小学春季运动会报名开始",
            "老城供水管道夜间检修三天"
        ]
    );
    assert_eq!(listing.items[0].url.as_str(), "http://www.qinghe.example/news/show.asp?id=31");
    assert_eq!(listing.next.unwrap().as_str(), "http://www.qinghe.example/news/list.asp?classid=3&page=2");
    assert!(listing.items.iter().all(|item| item.published.is_some()), "{:?}", listing.items);
    assert!(!listing.fallback && listing.notes.is_empty());
    assert!(listing.explanation[0].starts_with("took"), "{:?}", listing.explanation);
}

#[test]
fn inferred_selectors_find_the_same_items() {
    let found = detected(&town());
    assert_eq!(found.inferred.list.item.as_deref(), Some("td.left tbody > tr"));
    let again = read(&town(), found.inferred.list.clone());
    assert_eq!(again.items, found.items);
    assert!(!again.fallback, "{:?}", again.notes);
}

#[test]
fn a_selector_that_finds_nothing_is_told_and_detection_steps_in() {
    let rules = ListRules { item: Some("ul.gone > li".to_owned()), ..ListRules::default() };
    let listing = read(&town(), rules);
    assert_eq!(listing.items.len(), 5);
    assert!(listing.fallback);
    assert_eq!(listing.notes[0].class, Class::Selector);
    assert!(listing.notes[0].detail.contains("ul.gone > li"));
}

#[test]
fn selectors_take_attributes_and_leave_the_rest_to_detection() {
    let rules = ListRules {
        item: Some("td.left table tr".to_owned()),
        title: Some("a@title".to_owned()),
        next: Some("div.page a".to_owned()),
        ..ListRules::default()
    };
    let listing = read(&town(), rules);
    assert_eq!(listing.items.len(), 5);
    assert!(listing.items[0].title.ends_with("自习座位"));
    assert!(listing.next.is_some());
    let itself = ListRules { item: Some("td.left td a".to_owned()), ..ListRules::default() };
    assert_eq!(read(&town(), itself).items.len(), 5);
}

#[test]
fn cards_give_headline_teaser_and_machine_date_and_adverts_are_passed_over() {
    let card = |n: u32, title: &str| {
        format!(
            "<article class=teaser><a href='/2021/03/1{n}/story-number-{n}-of-town/'><img src=x.jpg alt=''></a>\
             <h2><a href='/2021/03/1{n}/story-number-{n}-of-town/'>{title}</a></h2>\
             <span>By <a href='/author/ada/'>Ada Whitfield Senior</a></span> <time datetime='2021-03-1{n}T09:00:00-05:00'>yesterday</time>\
             <p>The board met for three hours, and nobody left early. <a href='/2021/03/1{n}/story-number-{n}-of-town/'>Read more</a></p></article>"
        )
    };
    let html = format!(
        "<html lang=en><nav><a href='/news-and-features-of-today/'>News and features of today</a></nav><main>{}{}\
         <article class='teaser sponsored'><h2><a href='/offers/spring-truck-days-2021/'>Spring truck days are back in town</a></h2></article>\
         {}{}</main><a rel=next href='?page=2'>Older</a>",
        card(1, "Bridge reopens after eight months of repair"),
        card(2, "Library adds a Sunday reading hour"),
        card(3, "Ferry timetable changes in April"),
        card(4, "Volunteers plant two hundred oaks")
    );
    let listing = detected(&html);
    assert_eq!(listing.items.len(), 4, "{:?}", titles(&listing));
    assert_eq!(listing.items[1].title, "Library adds a Sunday reading hour");
    assert_eq!(listing.items[1].published.unwrap().to_rfc3339(), "2021-03-12T09:00:00-05:00");
    assert_eq!(
        listing.items[1].summary.as_deref(),
        Some("The board met for three hours, and nobody left early.")
    );
    assert!(listing.next.is_some());
}

#[test]
fn dates_may_stand_between_the_rows() {
    let row = |id: u32, title: &str, day: &str| {
        format!(
            "<dt>{day}</dt><dd><a href='meldung.php?id={id}'>{title}</a><br>Der Rat tagte bis in die Nacht. <a href='meldung.php?id={id}'>mehr</a></dd>"
        )
    };
    let html = format!(
        "<html lang=de><dl>{}{}{}{}</dl>",
        row(9, "Feuerwehr lädt zum Tag der offenen Tür", "11.03.21"),
        row(8, "Neue Öffnungszeiten im Rathaus ab April", "10.03.21"),
        row(7, "Sperrung der Kirchgasse verlängert", "09.03.21"),
        row(6, "Musikschule sucht Übungsräume", "08.03.21")
    );
    let listing = detected(&html);
    let days: Vec<String> =
        listing.items.iter().map(|i| i.published.unwrap().at.date_naive().to_string()).collect();
    assert_eq!(days, ["2021-03-11", "2021-03-10", "2021-03-09", "2021-03-08"]);
}

#[test]
fn rows_of_a_data_island_are_read() {
    let record = |id: u32, title: &str| {
        format!(
            "<record><![CDATA[<li><a href='/art/2021/3/1{id}/art_9_{id}.html' title='{title}'>{title}</a><span>2021-03-1{id}</span></li>]]></record>"
        )
    };
    let html = format!(
        "<div class=nav><a href='/col/1/index.html'>机构概况</a></div><script type='text/xml'><datastore><recordset>{}{}{}</recordset></datastore></script>",
        record(1, "清河新区今年新增公交站台二十处"),
        record(2, "北门街道社区食堂本周开张"),
        record(3, "市民服务热线延长至夜间十点")
    );
    assert_eq!(detected(&html).items.len(), 3);
}

#[test]
fn a_page_without_a_list_gives_no_items_and_says_so() {
    for html in [
        "",
        "<p>Wartungsarbeiten",
        "<a href=/>x</a>",
        "<ul><li><a href='/a'>Start</a><li><a href='/b'>Kontakt</a></ul>",
    ] {
        let listing = detected(html);
        assert!(listing.items.is_empty(), "{html}: {:?}", listing.items);
        assert!(!listing.explanation.is_empty());
    }
}

#[test]
fn a_flood_of_links_is_cut_with_a_note() {
    let rows: String = (0..2500)
        .map(|n| format!("<li><a href='/n/{n}.html'>Meldung des Tages aus dem Rathaus Nummer {n}</a></li>"))
        .collect();
    let listing = detected(&format!("<ul>{rows}</ul>"));
    assert_eq!(listing.items.len(), 500);
    assert!(listing.notes.iter().any(|note| note.class == Class::TooMany));
}
