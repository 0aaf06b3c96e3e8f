//! The sample portal in twenty other layouts: the list is found again at once, nothing is lost, nothing is doubled, and
//! nothing else comes into the feed.

use chrono::{DateTime, TimeDelta, Utc};
use regex::{Captures, Regex};
use tidings::decode::{Hints, decode};
use tidings::model::Class;
use tidings::sample::Site;

use crate::portal::Page;
use crate::stand::Stand;

const START: &str = "2026-11-23T04:00:00Z";

/// How a page of the sample site is told anew.
type Change = fn(&str) -> String;

/// A row of the list: number, title, text of its link, day.
fn rows(html: &str, mut row: impl FnMut(usize, &Captures<'_>) -> String) -> String {
    let form = Regex::new(
        r##"<tr><td height=26>·<a href="/news/show\.asp\?id=(\d+)" target=_blank title="([^"]*)">([^<]*)</a></td><td width=90 align=right class=time><font color=#999999>([^<]*)</font></td></tr>"##,
    )
    .unwrap();
    let mut number = 0;
    form.replace_all(html, |found: &Captures<'_>| {
        number += 1;
        row(number, found)
    })
    .into_owned()
}

fn table(html: &str, open: &str, close: &str) -> String {
    let (before, rest) = html
        .split_once("<table width=\"100%\" cellspacing=0 cellpadding=0 class=list>")
        .unwrap_or((html, ""));
    match rest.split_once("</table>") {
        Some((inside, after)) => format!("{before}{open}{inside}{close}{after}"),
        None => html.to_owned(),
    }
}

fn link(found: &Captures<'_>) -> String {
    format!("<a href=\"/news/show.asp?id={}\" title=\"{}\">{}</a>", &found[1], &found[2], &found[3])
}

fn as_list(html: &str) -> String {
    let html = rows(html, |_, row| format!("<li>{} <span>{}</span></li>", link(row), &row[4]));
    table(&html, "<ul class=newslist>", "</ul>")
}

/// The layouts, each with what it is.
const LAYOUTS: [(&str, Change); 21] = [
    ("another class", |html| html.replace("class=list", "class=tblNews")),
    ("a list", as_list),
    ("cards", |html| {
        let html = rows(html, |_, row| {
            format!("<div class=card><h3>{}</h3><p class=meta>{}</p></div>", link(row), &row[4])
        });
        table(&html, "<section id=cards>", "</section>")
    }),
    ("articles with headings", |html| {
        let html =
            rows(html, |_, row| format!("<article><time>{}</time><h2>{}</h2></article>", &row[4], link(row)));
        table(&html, "<main class=stream>", "</main>")
    }),
    ("days in front", |html| {
        let html = rows(html, |_, row| format!("<p class=item>[{}] {}</p>", &row[4], link(row)));
        table(&html, "<div class=items>", "</div>")
    }),
    ("definitions", |html| {
        let html = rows(html, |_, row| format!("<dt>{}</dt><dd>{}</dd>", link(row), &row[4]));
        table(&html, "<dl class=latest>", "</dl>")
    }),
    ("lines of text", |html| {
        let html = rows(html, |_, row| format!("· {} ({})<br>\n", link(row), &row[4]));
        table(&html, "<div class=lines>", "</div>")
    }),
    ("two columns", |html| {
        let html = rows(html, |number, row| {
            let cut = if number == 10 { "</ul><ul class=col>" } else { "" };
            format!("<li>{}<i>{}</i></li>{cut}", link(row), &row[4])
        });
        table(&html, "<ul class=col>", "</ul>")
    }),
    ("deeper", |html| {
        let html = rows(html, |_, row| {
            format!(
                "<div><div><div class=t>{}</div></div><div class=d><em>{}</em></div></div>",
                link(row),
                &row[4]
            )
        });
        table(&html, "<div id=page><div class=inner><div class=feed>", "</div></div></div>")
    }),
    ("a section before each title", |html| {
        let html = rows(html, |_, row| {
            format!(
                "<li><a class=cat href=\"/news/list.asp?classid=3\">[镇务]</a> {} <b>{}</b></li>",
                link(row),
                &row[4]
            )
        });
        table(&html, "<ul class=withcat>", "</ul>")
    }),
    ("adverts between", |html| {
        let html = rows(html, |number, row| {
            let advert = if number % 5 == 0 {
                "<li class=ad><a href=\"http://ads.example/c?x=1\">全场家具本周末特价销售，欢迎新老顾客光临</a></li>"
            } else {
                ""
            };
            format!("<li>{} <span>{}</span></li>{advert}", link(row), &row[4])
        });
        table(&html, "<ul class=mixed>", "</ul>")
    }),
    ("offers of the site between", |html| {
        let html = rows(html, |number, row| {
            let offer = if number % 6 == 0 {
                format!(
                    "<li><a href=\"/shop/item.asp?no={number}\">芦汀特产礼盒限时优惠，第{number}号商品</a></li>"
                )
            } else {
                String::new()
            };
            format!("<li>{} <span>{}</span></li>{offer}", link(row), &row[4])
        });
        table(&html, "<ul class=offers>", "</ul>")
    }),
    ("no days", |html| {
        let html = rows(html, |_, row| format!("<li>{}</li>", link(row)));
        table(&html, "<ul class=plain>", "</ul>")
    }),
    ("short days", |html| {
        let html = rows(html, |_, row| {
            let day: Vec<&str> = row[4].split('/').collect();
            format!("<li>{} <span>{}月{}日</span></li>", link(row), day[1], day[2])
        });
        table(&html, "<ul class=short>", "</ul>")
    }),
    ("cut titles", |html| {
        let html = rows(html, |_, row| {
            let cut: String = row[2].chars().take(9).collect();
            format!("<li><a href=\"/news/show.asp?id={}\">{cut}…</a> <span>{}</span></li>", &row[1], &row[4])
        });
        table(&html, "<ul class=cut>", "</ul>")
    }),
    ("other addresses", |html| {
        let addressed = Regex::new(r"/news/show\.asp\?id=(\d+)").unwrap();
        addressed.replace_all(&as_list(html), "/a/$1.html").into_owned()
    }),
    ("other addresses in the old place", |html| {
        let addressed = Regex::new(r"/news/show\.asp\?id=(\d+)").unwrap();
        addressed.replace_all(html, "/index.php?m=content&nid=$1").into_owned()
    }),
    ("the side column first", |html| {
        let html = as_list(html);
        let Some(at) = html.find("<td width=240 valign=top class=right>") else { return html };
        let (left, right) = html.split_at(at);
        let right = right.split_once("</td></tr></table>").map_or(right, |(column, _)| column);
        left.replace("<td valign=top class=left>", &format!("{right}</td><td valign=top class=main>"))
            + "</tr></table>"
    }),
    ("a long menu before it", |html| {
        let menu: String = (1..=14)
            .map(|n| format!("<li><a href=\"/service/{n}/\">芦汀镇便民服务大厅第{n}办事窗口</a></li>"))
            .collect();
        as_list(html)
            .replace("<div class=\"pos\">", &format!("<ul class=services>{menu}</ul><div class=\"pos\">"))
    }),
    ("picks above it", |html| {
        let mut picks = String::new();
        rows(html, |number, row| {
            if number % 4 == 0 {
                picks.push_str(&format!("<li class=pick>{}</li>", link(row)));
            }
            String::new()
        });
        as_list(html)
            .replace("<ul class=newslist>", &format!("<ul class=picks>{picks}</ul><ul class=newslist>"))
    }),
    ("articles in another template", |html| {
        html.replace("id=\"content\"", "id=\"zoom\"")
            .replace("class=\"con\"", "class=\"article-txt\"")
            .replace("<div class=\"tit\"><b><font size=4>", "<h1 class=headline><b><font>")
            .replace("</font></b></div>\n<div class=\"info\">", "</font></b></h1>\n<p class=\"source\">")
            .replace("人感兴趣</div>", "次浏览</p>")
    }),
];

struct Town {
    stand: Stand,
    site: Site,
    now: DateTime<Utc>,
}

impl Town {
    fn new() -> Self {
        let now = START.parse().unwrap();
        let stand = Stand::with(START, |configured| {
            let list = configured.lists[0].join(Site::LIST).unwrap();
            configured.lists = vec![list];
        });
        Self { stand, site: Site::new(now), now }
    }

    fn copy(&self) -> Self {
        Self { stand: self.stand.copy(), site: Site::new(self.now), now: self.now }
    }

    fn page(&self, path: &str) -> String {
        let answer = self.site.answer(path, self.now);
        decode(&answer.body, Hints { fixed: Some("gbk"), content_type: None })
            .text
            .replace("charset=gb2312", "charset=utf-8")
    }

    /// Puts the site's list, and every article that was ever listed, under the addresses that the list says.
    fn publish(&self, change: Change) -> usize {
        let plain = self.page(Site::LIST);
        let list = change(&plain);
        self.stand.site.put(Site::LIST, Page::html(list.clone()));
        self.stand.site.put("/", Page::html(change(&self.page("/"))));
        let old = Regex::new(r#"/news/show\.asp\?id=(\d+)"#).unwrap();
        let new = Regex::new(r#"(?:/news/show\.asp\?id=|/a/|/index\.php\?m=content&nid=)(\d+)(?:\.html)?"#)
            .unwrap();
        for found in new.captures_iter(&list) {
            let page = change(&self.page(&format!("/news/show.asp?id={}", &found[1])));
            self.stand.site.put(&found[0], Page::html(page));
        }
        let mut ids: Vec<String> = old.captures_iter(&plain).map(|found| found[1].to_owned()).collect();
        ids.sort();
        ids.dedup();
        ids.len()
    }
}

/// What became of a layout: None when all is as it should be.
fn fault(first: &Town, change: Change) -> (bool, Option<String>) {
    let mut town = first.copy();
    let mut told = Vec::new();
    let mut repaired = true;
    for round in 1..=2 {
        town.now += TimeDelta::minutes(14);
        town.stand.visits.clock.advance(TimeDelta::minutes(14));
        town.publish(change);
        let before = town.stand.stored().len();
        let visited = town.stand.visit_due();
        let status = town.stand.status();
        let served = town.stand.stored();
        repaired &= visited.error.is_none();
        if served.len() < before {
            told.push(format!("visit {round}: {} articles of {before} are left", served.len()));
        }
        let junk: Vec<&str> = served
            .iter()
            .map(|one| one.article.url.as_str())
            .filter(|url| {
                ["/shop/", "/service/", "ads.example", "list.asp"].iter().any(|bad| url.contains(bad))
            })
            .collect();
        if !junk.is_empty() {
            told.push(format!("visit {round}: junk {junk:?}"));
        }
        let mut titles: Vec<&str> = served.iter().map(|one| one.article.title.as_str()).collect();
        titles.sort_unstable();
        let all = titles.len();
        titles.dedup();
        if titles.len() < all {
            told.push(format!("visit {round}: {} doubles", all - titles.len()));
        }
        let listed = town.page(Site::LIST).matches("class=time").count();
        let missing = (0..listed).len().saturating_sub(usize::try_from(visited.counts.items).unwrap());
        if missing > 0 {
            let error = visited.error.map(|error| error.to_string());
            told.push(format!(
                "visit {round}: {missing} of {listed} rows were not taken: {error:?} {:?}",
                status.notes
            ));
            repaired = false;
        }
    }
    let incidents = town.stand.incidents();
    if incidents.len() > 1 || incidents.iter().any(|one| one.recovered.is_none()) {
        told.push(format!("{} incidents: {incidents:?}", incidents.len()));
    }
    if incidents.iter().any(|one| one.fault.class != Class::Layout) {
        repaired = false;
    }
    (repaired, (!told.is_empty()).then(|| told.join("\n  ")))
}

#[test]
fn a_changed_layout_empties_no_feed_brings_no_junk_and_is_repaired_by_itself() {
    let first = Town::new();
    first.publish(str::to_owned);
    let visited = first.stand.visit();
    assert_eq!((visited.error, visited.counts.new), (None, 20));
    let mut faults = Vec::new();
    let mut repaired = 0;
    for (name, change) in LAYOUTS {
        let (is_repaired, fault) = fault(&first, change);
        repaired += usize::from(is_repaired);
        faults.extend(fault.map(|fault| format!("{name}:\n  {fault}")));
    }
    eprintln!("{repaired} of {} layouts were read again at once", LAYOUTS.len());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(repaired * 10 >= LAYOUTS.len() * 9, "only {repaired}");
}
