//! The sample portal read with nothing but its address: every article whole, and nothing beside it.

use chrono::{DateTime, Utc};
use tidings::decode::{Hints, decode};
use tidings::model::{Article, Candidate, PageUrl, Precision, Recipe};
use tidings::page::Page;
use tidings::sample::Site;
use tidings::{discover, extract, normalise};

const HOST: &str = "http://127.0.0.1:40000";

/// What stands round an article and is none of it.
const CHROME: [&str; 9] = [
    "您的位置",
    "最新资讯",
    "热门资讯",
    "网站备案",
    "Published at",
    "人感兴趣",
    "上一篇",
    "分享到",
    "打印本页",
];

struct Visit {
    site: Site,
    now: DateTime<Utc>,
    recipe: Recipe,
}

impl Visit {
    fn new() -> Self {
        let now = "2026-11-23T04:00:00Z".parse().unwrap();
        Self { site: Site::new(now), now, recipe: Recipe::default() }
    }

    fn page(&self, url: &PageUrl) -> Page {
        let answer = self.site.answer(url.as_str().strip_prefix(HOST).unwrap(), self.now);
        assert_eq!(answer.status, 200, "{}", url.as_str());
        let hints = Hints { fixed: None, content_type: Some(answer.content_type) };
        Page::parse(&decode(&answer.body, hints).text, url.clone())
    }

    fn list(&self) -> Vec<Candidate> {
        let page = self.page(&PageUrl::parse(&format!("{HOST}{}", Site::LIST)).unwrap());
        let context = discover::Context {
            recipe: &self.recipe,
            now: self.now,
            zone: None,
            charset: Some("GBK"),
            learnt: None,
        };
        discover::list(&page, &context).items
    }

    fn article(&self, item: &Candidate) -> Article {
        let context = extract::Context {
            recipe: &self.recipe,
            now: self.now,
            zone: None,
            charset: Some("GBK"),
            candidate: Some(item),
            earlier: None,
            learnt: None,
        };
        let (draft, notes) = extract::article(&self.page(&item.url), &context);
        assert!(notes.is_empty(), "{notes:?}");
        normalise::article(draft).unwrap().0
    }
}

#[test]
fn the_sample_list_is_found_whole_with_full_titles_and_days() {
    let items = Visit::new().list();
    assert_eq!(items.len(), 20);
    for item in &items {
        assert!(item.url.as_str().contains("/news/show.asp?id="), "{item:?}");
        assert!(!item.title.contains('…'), "{}", item.title);
        assert!(item.published.is_some(), "{item:?}");
    }
    assert!(items.iter().any(|item| item.title == "第十七届芦汀龙舟赛开始报名 三十二支队伍名额先到先得"));
    assert!(items.windows(2).all(|pair| pair[0].published.unwrap().at >= pair[1].published.unwrap().at));
}

#[test]
fn every_sample_article_is_read_whole_and_without_what_stands_round_it() {
    let visit = Visit::new();
    for item in visit.list() {
        let article = visit.article(&item);
        assert_eq!(article.title, item.title);
        assert_eq!(article.categories, ["芦汀新闻资讯", "芦汀"], "{}", article.title);
        let published = article.published.unwrap();
        assert_eq!(published.precision, Precision::Second, "{}", article.title);
        assert_eq!(published.at.date_naive(), item.published.unwrap().at.date_naive(), "{}", article.title);
        assert_eq!(published.at.offset().local_minus_utc(), 8 * 3600);
        assert!(published.at <= visit.now);
        assert!(article.text.lines().count() >= 3, "{}: {}", article.title, article.text);
        for chrome in CHROME {
            assert!(!article.text.contains(chrome), "{} holds {chrome}: {}", article.title, article.text);
        }
        assert!(article.lang.as_deref().is_some_and(|lang| lang.starts_with("zh")), "{:?}", article.lang);
    }
}

#[test]
fn a_written_sample_article_is_read_to_the_letter() {
    let visit = Visit::new();
    let items = visit.list();
    let item = items.iter().find(|item| item.title.starts_with("东街菜市场重新开业")).unwrap();
    let article = visit.article(item);
    assert_eq!(article.title, "东街菜市场重新开业:过道更宽 灯更亮 秤更准");
    assert_eq!(article.source.as_deref(), Some("芦汀晚报"));
    let lines: Vec<&str> = article.text.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(lines.len(), 4, "{lines:#?}");
    assert!(lines[0].starts_with("早上五点半,东街菜市场的卷帘门") && lines[3].ends_with("只需要登记姓名。"));
    assert_eq!(article.images.len(), 1);
    assert!(article.images[0].url.as_str().starts_with(&format!("{HOST}/uploadfile/")));
    assert_eq!(article.images[0].alt, "重新开业的东街菜市场");
}

#[test]
fn what_moves_at_each_fetch_moves_no_article() {
    let visit = Visit::new();
    for item in visit.list() {
        let first = tidings::dedupe::fingerprint(&visit.article(&item));
        assert_eq!(first, tidings::dedupe::fingerprint(&visit.article(&item)), "{}", item.title);
    }
}
