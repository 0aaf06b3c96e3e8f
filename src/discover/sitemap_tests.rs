//! Sitemaps of every make.

use super::*;
use crate::model::Recipe;

fn listing(text: &str) -> Listing {
    let recipe = Recipe::default();
    let now = "2026-11-25T08:00:00Z".parse().unwrap();
    let context = Context { recipe: &recipe, now, zone: None, charset: None, learnt: None };
    read(text, &PageUrl::parse("http://quay.example/sitemap.xml").unwrap(), &context)
}

#[test]
fn a_news_sitemap_says_titles_and_times() {
    let found = listing(
        "\n<?xml version='1.0'?><urlset xmlns='s' xmlns:news='n'>
        <url><loc>http://quay.example/n/1</loc><news:news><news:publication><news:name>Q</news:name><news:language>de</news:language></news:publication><news:publication_date>2026-11-24T09:11:43+01:00</news:publication_date><news:title>R&amp;D am Kai & mehr</news:title></news:news><image:image><image:loc>http://quay.example/i.jpg</image:loc></image:image></url>
        <url><loc> /n/2 </loc><lastmod>2026-11-25</lastmod><news:news><news:title><![CDATA[Zwei]]></news:title><news:publication_date>2026-11-25T06:00:00+01:00</news:publication_date></news:news></url>
        <url><loc>http://quay.example/impressum</loc></url><url><loc>http://other.example/n/9</loc><news:title>x</news:title></url>",
    );
    let told: Vec<_> = found.items.iter().map(|item| (item.url.as_str(), item.title.as_str())).collect();
    assert_eq!(told, [("http://quay.example/n/2", "Zwei"), ("http://quay.example/n/1", "R&D am Kai & mehr")]);
    assert_eq!(found.items[1].published.unwrap().to_rfc3339(), "2026-11-24T09:11:43+01:00");
    assert_eq!(found.lang.as_deref(), Some("de"));
}

#[test]
fn what_a_file_says_of_its_language_says_its_zone() {
    let entry = "<url><loc>/a/1.html</loc><news:news><news:publication><news:language>zh-cn</news:language></news:publication><news:title>步道开放</news:title><news:publication_date>2026-11-24</news:publication_date></news:news></url>";
    let found = listing(&format!("<urlset>{entry}</urlset>"));
    assert_eq!(found.items[0].published.unwrap().to_rfc3339(), "2026-11-24T00:00:00+08:00");
}

#[test]
fn the_folder_of_a_year_is_no_article() {
    let lines: String = (1..=5).map(|n| format!("http://quay.example/content/202611/{n}.html\n")).collect();
    let found = listing(&format!(
        "http://quay.example/special/2026/\nhttp://quay.example/2026/11/\nhttp://quay.example/a/2026/11/25/\nhttp://quay.example/about/index.html\n{lines}"
    ));
    assert_eq!(found.items.len(), 5);
}

#[test]
fn of_an_index_the_newest_files_of_news_are_read() {
    let file = |name: &str, day: u32| {
        format!("<sitemap><loc>http://quay.example/{name}</loc><lastmod>2026-11-{day:02}</lastmod></sitemap>")
    };
    let text = format!(
        "<sitemapindex>{}{}{}{}{}</sitemapindex>",
        file("post-sitemap1.xml", 1),
        file("image-sitemap.xml", 25),
        file("post-sitemap3.xml.gz", 24),
        file("post-sitemap2.xml", 2),
        file("page-sitemap.xml", 20),
    );
    let parts: Vec<String> = listing(&text).parts.iter().map(|url| url.path_and_query().to_owned()).collect();
    assert_eq!(parts, ["/post-sitemap3.xml.gz", "/post-sitemap2.xml", "/post-sitemap1.xml"]);
}

#[test]
fn of_a_long_file_the_newest_articles_are_taken() {
    let entry = |n: usize| {
        format!(
            "<url><loc>http://quay.example/2026/{n}.html</loc><lastmod>2026-{:02}-{:02}T00:00:00Z</lastmod></url>",
            n / 28 % 11 + 1,
            n % 28 + 1
        )
    };
    let long: String = (0..60_000).map(entry).collect();
    let found = listing(&format!("<urlset><url><loc>http://quay.example/about</loc></url>{long}</urlset>"));
    assert_eq!((found.items.len(), found.notes.len()), (MOST_ITEMS, 1));
    let lines: String = (0..300).map(|n| format!("http://quay.example/a/{n:04}.html\n")).collect();
    let found = listing(&lines);
    assert!(found.items[0].url.as_str().ends_with("/a/0299.html"));
    assert!(listing("<urlset></urlset>").fault.is_none() && listing("nothing").fault.is_some());
}

fn paths(found: &Listing) -> Vec<&str> {
    found.items.iter().map(|item| item.url.path_and_query()).collect()
}

#[test]
fn prefixes_are_what_the_file_calls_them() {
    let found = listing(
        "<sm:urlset xmlns:sm='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:n=\"http://www.google.com/schemas/sitemap-news/0.9\">
        <sm:url><sm:loc>http://quay.example/n/1</sm:loc><n:news><n:publication><n:name>Quay</n:name><n:language>fr</n:language></n:publication><n:title>Un</n:title><n:keywords>port, quai ,</n:keywords></n:news>
        <video:video><video:title>no</video:title><video:publication_date>2020-01-01</video:publication_date></video:video><image:image><image:loc>http://quay.example/9.jpg</image:loc><image:title>no</image:title></image:image></sm:url></sm:urlset>",
    );
    let [item] = &found.items[..] else { panic!("{found:?}") };
    assert_eq!((item.title.as_str(), item.published), ("Un", None));
    let given = item.given.as_ref().unwrap();
    assert_eq!((given.lang.as_deref(), given.categories.join("|")), (Some("fr"), "port|quai".to_owned()));
}

#[test]
fn of_a_file_that_mixes_everything_articles_are_taken() {
    let entry = |path: &str| format!("<url><loc>http://quay.example{path}</loc></url>");
    let text: String = [
        "/",
        "/about-us",
        "/datenschutzerklaerung/",
        "/category/rathaus-und-mehr/",
        "/news/?page=2",
        "/tag/port-2026/",
        "/2026/11/20/neues-dach",
        "/show.asp?id=71",
        "/rat-beschliesst-haushalt/",
        "/a/list_3_2.html",
    ]
    .iter()
    .map(|path| entry(path))
    .collect();
    let found = listing(&format!("<urlset>{text}"));
    let mut told = paths(&found);
    told.sort_unstable();
    assert_eq!(told, ["/2026/11/20/neues-dach", "/rat-beschliesst-haushalt/", "/show.asp?id=71"]);
}

#[test]
fn without_times_numbers_tell_what_is_new() {
    let list = |numbers: &[u32]| {
        let lines: String = numbers.iter().map(|n| format!("http://quay.example/news/{n}.html\n")).collect();
        paths(&listing(&lines)).join(" ")
    };
    assert_eq!(list(&[7, 8, 9]), "/news/9.html /news/8.html /news/7.html");
    assert_eq!(list(&[9, 8, 7]), "/news/9.html /news/8.html /news/7.html");
    // one time at all of them is none
    let entry =
        |n: u32| format!("<url><loc>/news/{n}.html</loc><lastmod>2026-11-25T03:00:00Z</lastmod></url>");
    let found = listing(&format!("<urlset>{}{}{}</urlset>", entry(1), entry(2), entry(3)));
    assert_eq!(paths(&found), ["/news/3.html", "/news/2.html", "/news/1.html"]);
    assert!(found.items.iter().all(|item| item.published.is_none()));
}

#[test]
fn of_an_index_without_times_the_files_with_the_highest_numbers_are_read() {
    for names in [["2026-09", "2026-10", "2026-11", "2025-12"], ["2026-11", "2026-10", "2026-09", "2025-12"]]
    {
        let text: String =
            names.iter().map(|name| format!("<sitemap><loc>/sitemap-{name}.xml</loc></sitemap>")).collect();
        let found = listing(&format!("<sitemapindex>{text}</sitemapindex>"));
        let parts: Vec<&str> = found.parts.iter().map(PageUrl::path_and_query).collect();
        assert_eq!(parts, ["/sitemap-2026-11.xml", "/sitemap-2026-10.xml", "/sitemap-2026-09.xml"]);
    }
}

#[test]
fn a_file_in_any_state_gives_what_it_has() {
    for text in [
        "\u{feff}\n <?xml version='1.0'?><urlset><url><loc>http://quay.example/n/1</loc><lastmod>2026-11-2",
        "<urlset><url><loc>http://quay.example/n/1<lastmod>x</url>",
        "<urlset><url><loc><![CDATA[ http://quay.example/n/1 ]]></loc></url><url><loc></loc></url></urlset>",
        "<urlset><url><loc>http://quay.example/n/1?a=1&b=2</loc><url><loc>http://[bad</loc></url>",
        "http://quay.example/n/1\r\n\r\nnot an address\r\nftp://quay.example/2",
    ] {
        let found = listing(text);
        assert_eq!((found.items.len(), found.fault.as_deref()), (1, None), "{text}");
    }
}
