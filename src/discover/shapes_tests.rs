//! One row of the catalogue of list shapes a test: what is taken, what is passed over.

use super::{Context, Listing, list};
use crate::model::{PageUrl, Recipe};
use crate::page::Page;

fn detected(html: &str) -> Listing {
    let page = Page::parse(html, PageUrl::parse("http://www.lindau.example/news/").unwrap());
    let now = chrono::DateTime::parse_from_rfc3339("2021-03-12T02:00:00Z").unwrap().to_utc();
    list(&page, &Context { recipe: &Recipe::default(), now, zone: None, charset: None, learnt: None })
}

fn titles(listing: &Listing) -> Vec<&str> {
    listing.items.iter().map(|item| item.title.as_str()).collect()
}

fn all_dated(listing: &Listing) -> bool {
    listing.items.iter().all(|item| item.published.is_some())
}

const TITLES: [&str; 6] = [
    "城南水厂二期工程通过验收并投入运行",
    "春耕农资检查组走进六个乡镇",
    "老年大学春季班报名人数创新高",
    "夜间公交线路延长至科技园区",
    "首届社区羽毛球赛圆满落幕",
    "市民中心新增婚姻登记窗口",
];

fn rows(make: impl Fn(usize, &str) -> String) -> String {
    TITLES.iter().enumerate().map(|(n, title)| make(n + 1, title)).collect()
}

#[test]
fn a_column_link_before_the_headline_is_not_the_headline() {
    let list = rows(|n, t| {
        format!(
            "<li>[<b><a href='/a/yaowen/'>要闻</a></b>] <a href='/a/2021/{n}.html' class=title>{t}</a><span class=info>日期:2021-03-1{n} 好评:1</span></li>"
        )
    });
    let listing = detected(&format!("<ul>{list}</ul>"));
    assert_eq!(titles(&listing), TITLES);
    assert!(all_dated(&listing));
}

#[test]
fn a_list_with_dividers_in_several_parts_is_one_list() {
    let part = |from: usize| {
        let rows: String = (from..from + 3)
            .map(|n| format!("<li><span class=rt>2021-03-1{n}</span>·<a href='/index.php?a=show&amp;id={n}'>{}</a></li>", TITLES[n]))
            .collect();
        format!("<ul class=list>{rows}<li class=bk></li></ul><div class=line></div>")
    };
    let listing = detected(&format!("<div id=main>{}{}</div>", part(0), part(3)));
    assert_eq!(titles(&listing), TITLES);
    assert!(all_dated(&listing));
}

#[test]
fn articles_under_their_days_are_one_list() {
    let item = |n: usize| format!("<li><a href='/{n}.html'>{}</a></li>", TITLES[n]);
    // headings between lists
    let plain = format!(
        "<h1>新闻</h1><h3>2021年3月11日</h3><ul>{}{}</ul><h3>2021年3月10日</h3><ul>{}</ul><h3>2021年3月9日</h3><ul>{}{}{}</ul>",
        item(0),
        item(1),
        item(2),
        item(3),
        item(4),
        item(5)
    );
    // each day a block of its own, as blogs have them
    let post = |n: usize| {
        format!(
            "<div class=post><h3 class=title><a href='/2021/03/{n}.html'>{}</a></h3><div class=body>市里召开会议，部署工作。</div></div>",
            TITLES[n]
        )
    };
    let day = |day: &str, posts: String| {
        format!(
            "<div class=date-outer><h2 class=date-header><span>{day}</span></h2><div class=date-posts>{posts}</div></div>"
        )
    };
    let blocks = format!(
        "<div class=blog>{}{}{}{}</div>",
        day("2021年3月11日星期四", post(0) + &post(1)),
        day("2021年3月10日星期三", post(2)),
        day("2021年3月9日星期二", post(3) + &post(4)),
        day("2021年3月8日星期一", post(5)),
    );
    for html in [plain, blocks] {
        let listing = detected(&html);
        assert_eq!(titles(&listing), TITLES, "{html}");
        assert!(all_dated(&listing), "{html}");
    }
}

#[test]
fn two_items_in_one_table_row_are_two_items() {
    let cell = |n: usize| format!("<td><a href='/show_{n}.html'>{}</a> <i>2021-03-1{n}</i></td>", TITLES[n]);
    let html = format!(
        "<table>{}</table>",
        (0..3).map(|r| format!("<tr>{}{}</tr>", cell(2 * r), cell(2 * r + 1))).collect::<String>()
    );
    let listing = detected(&html);
    assert_eq!(titles(&listing), TITLES);
    assert!(all_dated(&listing));
}

#[test]
fn definition_lists_hold_teaser_and_date_below_the_headline() {
    let list = rows(|n, t| {
        format!(
            "<dl class='bbda cl'><dt class=xs2><a href='article-{n}-1.html' target=_blank>{t}</a></dt>\
         <dd class='xs2 cl'>各相关部门表示，工程将按计划推进，并及时向社会公布进展情况，欢迎市民监督。 ...</dd>\
         <dd><span class=xg1> 2021-3-1{n} 09:1{n}</span></dd></dl>"
        )
    });
    let listing = detected(&format!("<div class=bm_c>{list}</div>"));
    assert_eq!(titles(&listing), TITLES);
    assert!(all_dated(&listing));
    assert!(listing.items[0].summary.as_deref().unwrap().starts_with("各相关部门"));
}

#[test]
fn a_whole_card_may_be_the_link() {
    let list = rows(|n, t| {
        format!(
            "<a class=card href='/p/{n}0{n}.html'><img src=/i.png alt='{t}配图'><h3>{t}</h3><p>记者从有关部门获悉，这项工作已经完成大半，余下部分下月收尾。</p><span class=date>2021-03-1{n}</span></a>"
        )
    });
    let listing = detected(&format!("<div class=cards>{list}</div>"));
    assert_eq!(titles(&listing), TITLES);
    assert!(all_dated(&listing));
}

#[test]
fn a_ranking_with_longer_titles_is_passed_over() {
    let list = rows(|n, t| {
        format!(
            "<li><a href='/n/{n}1.html'>{}</a><em>03-1{n}</em></li>",
            t.chars().take(10).collect::<String>()
        )
    });
    let rank = rows(|n, t| format!("<li><a href='/n/{n}9.html'>{t}{t}</a></li>"));
    let html = format!(
        "<div class=wrap><div class=box><h2>城市要闻</h2><ul>{list}</ul></div><div class=box><h2>点击排行</h2><ol>{rank}{rank}</ol></div></div>"
    );
    let listing = detected(&html);
    assert!(listing.items.iter().all(|item| item.url.as_str().ends_with("1.html")), "{:?}", titles(&listing));
    assert_eq!(listing.items.len(), 6);
    assert!(
        listing.explanation.iter().any(|line| line.starts_with("passed over") && line.contains("heading"))
    );
}

#[test]
fn hidden_and_outside_links_are_passed_over_but_articles_elsewhere_are_taken() {
    let hidden = rows(|n, t| format!("<li><a href='/h/{n}.html'>{t}</a> 2021-03-1{n}</li>"));
    let list = rows(|n, t| match n {
        3 => format!(
            "<li><a href='https://mp.weixin.example/s/Xk3vQ0aWQz8mNQ'>{t}</a><span>2021-03-1{n}</span></li>"
        ),
        5 => format!("<li><a href='https://shop.example/'>{t}</a><span>2021-03-1{n}</span></li>"),
        _ => format!("<li><a href='/v/{n}.html'>{t}</a><span>2021-03-1{n}</span></li>"),
    });
    let friends: String = ["lakeside", "harbour", "mountain"]
        .map(|n| format!("<a href='http://{n}.example/'>友好城市新闻门户网站{n}</a>"))
        .concat();
    let listing = detected(&format!(
        "<ul style='display: none'>{hidden}</ul><ul>{list}</ul><div>友情链接 {friends}</div>"
    ));
    assert_eq!(listing.items.len(), 5, "{:?}", titles(&listing));
    assert!(listing.items.iter().all(|item| !item.url.as_str().contains("/h/")));
    assert_eq!(listing.items[2].url.host(), "mp.weixin.example");
}

#[test]
fn a_japanese_list_by_days_is_read() {
    let rows: String = [
        "市役所の窓口が土曜日も開きます",
        "図書館の改修工事が完了しました",
        "春の交通安全運動が始まります",
        "給水車による訓練を実施しました",
    ]
    .iter()
    .enumerate()
    .map(|(n, t)| format!("<dt>2021年3月{}日</dt><dd><a href='/news/detail/{n}5.html'>{t}</a></dd>", n + 1))
    .collect();
    let listing = detected(&format!(
        "<html lang=ja><dl class=newslist>{rows}</dl><a href='/news/?page=2'>次のページ &gt;</a>"
    ));
    assert_eq!(listing.items.len(), 4);
    assert!(all_dated(&listing));
    assert_eq!(listing.items[3].published.unwrap().to_rfc3339(), "2021-03-04T00:00:00+09:00");
    assert_eq!(listing.next.unwrap().as_str(), "http://www.lindau.example/news/?page=2");
}

#[test]
fn a_list_without_any_date_is_still_a_list() {
    let rows: String = ["Le conseil vote le budget de la piscine", "Travaux rue des Tanneurs dès lundi", "Un nouveau médecin s'installe au bourg", "La fête du lac aura lieu en juin"]
        .iter()
        .enumerate()
        .map(|(n, t)| format!("<div class=views-row><h3><a href='/actu/{n}-{}'>{t}</a></h3><a href='/actu/{n}-x'>Lire la suite</a></div>", t.to_lowercase().replace(' ', "-")))
        .collect();
    let menu: String = ["Accueil", "Vie municipale", "Enfance et jeunesse"]
        .map(|t| format!("<li><a href='/{}/'>{t}</a></li>", t.len()))
        .concat();
    let listing = detected(&format!(
        "<html lang=fr><ul class=menu>{menu}</ul><main>{rows}</main><p class=pager><a href='?p=1'>Suivant »</a></p>"
    ));
    assert_eq!(listing.items.len(), 4, "{:?}", titles(&listing));
    assert_eq!(listing.items[0].title, "Le conseil vote le budget de la piscine");
    assert!(listing.next.is_some());
}

#[test]
fn a_dead_link_on_the_last_page_is_no_next_page() {
    let list = rows(|n, t| format!("<li><a href='/n/{n}.html'>{t}</a></li>"));
    let listing = detected(&format!(
        "<ul>{list}</ul><div id=pages><a href='/news/'>下一页</a> <a href='/n/7.html'>下一篇</a></div>"
    ));
    assert_eq!(listing.next, None);
}

#[test]
fn a_name_that_all_rows_bear_makes_none_an_advert() {
    let list = rows(|n, t| format!("<div class='c-promo'><h3><a href='/n/{n}.html'>{t}</a></h3></div>"));
    assert_eq!(detected(&format!("<div>{list}</div>")).items.len(), 6);
}

#[test]
fn links_of_many_builds_and_pagers_around_much_text_are_looked_at_once() {
    let letters: Vec<char> = ('a'..='z').collect();
    let class = |n: usize| format!("{}{}", letters[n / 26 % 26], letters[n % 26]);
    let links: String = (0..600)
        .map(|n| format!("<a class='{}' href='/a/2021/{n}.html'>{}第{n}号公告</a>", class(n), TITLES[n % 6]))
        .collect();
    let many = format!("<div>{links}{}</div>", "<i>ab</i>".repeat(12_000));
    let nested = format!("{}{}", "<span onclick='f(1)'>".repeat(400), "城南水厂 ".repeat(40_000));
    let before = std::time::Instant::now();
    detected(&many);
    detected(&nested);
    assert!(before.elapsed().as_secs() < 8, "{:?}", before.elapsed());
}
