//! Dates that cannot be: no panic, and no article from the far future or the first year.

use chrono::{DateTime, Utc};

use super::site::Play;
use super::{NOW, each, stand};
use crate::portal;

const DATES: [&str; 48] = [
    "0000-01-01 00:00:00",
    "0001-01-01",
    "9999-12-31 23:59:59",
    "9999999-01-01",
    "-0001-01-01",
    "-1",
    "0",
    "2026-02-31 08:00:00",
    "2026-02-29 08:00",
    "2026-00-10",
    "2026-13-01",
    "2026-11-00",
    "2026-11-32",
    "2026-11-20 24:60:00",
    "2026-11-20 25:00",
    "2026-11-20 08:61:61",
    "2026-11-20T08:00:00+99:99",
    "2026-11-20T08:00:00-99:00",
    "2026-11-20T08:00:00.999999999999999999999Z",
    "9223372036854775807",
    "-9223372036854775808",
    "99999999999999999999999999",
    "1700000000000000",
    "253402300800",
    "1e308",
    "NaN",
    "Infinity",
    "2036-11-20 08:00:00",
    "2126-11-20 08:00:00",
    "2027-11-20",
    "31 February 2026",
    "Tue, 99 Foo 2026 99:99:99 GMT",
    "99999999年99月99日",
    "二〇二六年十三月四十日",
    "令和999年1月1日",
    "民國999年1月1日",
    "999999999999分钟前",
    "-5分钟前",
    "99999999999999999999 days ago",
    "in 99999 years",
    "明年今天",
    "昨天 99:99",
    "2026-W99-9",
    "2026-366",
    "12/31/99999",
    "00/00/0000",
    "٢٠٢٦-١٣-٤٥",
    "2026-11-20 08:00:00 Mars/Olympus",
];

/// A page that says a date in every place that has one.
fn page(date: &str) -> String {
    let head = format!(
        "<meta name=PubDate content=\"{date}\"><meta property=\"article:published_time\" content=\"{date}\">\
         <script type=\"application/ld+json\">{{\"@type\":\"NewsArticle\",\"headline\":\"{}\",\"datePublished\":\"{date}\",\
         \"dateModified\":\"{date}\"}}</script>",
        portal::title(1)
    );
    portal::article(1, &portal::title(1), "")
        .replace("<head>", &format!("<head>{head}"))
        .replace("2026-11-20 08:01:00", &format!("<time datetime=\"{date}\">{date}</time>"))
}

#[test]
fn no_date_that_cannot_be_becomes_one() {
    let now: DateTime<Utc> = NOW.parse().unwrap();
    let earliest: DateTime<Utc> = "1970-01-02T00:00:00Z".parse().unwrap();
    each(&DATES, |date| {
        let site = super::paper(&[2, 3, 4]);
        let rows: String = (1..=4).map(|n| portal::row(n, &portal::title(n))).collect();
        site.put("/news/", Play::page(&portal::list(&rows.replace("2026-11-20 08:01", date))));
        site.put(&portal::path(1), Play::page(&page(date)));
        let stand = stand(&site.url("/news/"));
        let visited = stand.visit();
        if visited.error.is_some() || visited.counts.new != 4 {
            return Err(format!("{date}: {visited:?}"));
        }
        for one in stand.stored() {
            for at in
                [one.article.published, one.article.modified].into_iter().flatten().map(|stamp| stamp.utc())
            {
                if at > now + chrono::TimeDelta::days(1) || at < earliest {
                    return Err(format!("{date}: {} is of {at}", one.article.title));
                }
            }
        }
        let feed = stand.atom("paper");
        if feed.contains("<updated>9") || feed.contains("<published>00") {
            return Err(format!("{date}: {feed:.300}"));
        }
        Ok(())
    });
}
