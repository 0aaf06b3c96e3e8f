//! A town paper whose history is scripted, visited by the library with a clock turned by hand: pages with noise at
//! every visit, and what tidings has to make of them.

use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;
use tidings::collect::Watch;
use tidings::model::StoredArticle;
use tidings::schedule::Visited;

use crate::portal::Page;
use crate::stand::Stand;

/// What became of a piece's page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Here,
    Status(u16),
    /// Answered 200 with a page that says it is gone.
    Soft,
    /// Led to the front page.
    Home,
}

/// An article as the portal has it, and what tidings has to make of it.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    pub(crate) path: String,
    pub(crate) title: String,
    pub(crate) body: String,
    /// Minutes after eight o'clock on its day.
    pub(crate) minute: u32,
    pub(crate) day: u32,
    pub(crate) listed: bool,
    /// What stands behind its path in the list.
    pub(crate) query: &'static str,
    pub(crate) canonical: Option<String>,
    pub(crate) state: State,
    /// What tidings called it first, and when it changed last.
    pub(crate) told: Option<(String, DateTime<Utc>)>,
    pub(crate) edited: bool,
    /// Out of the feed.
    pub(crate) withdrawn: bool,
}

impl Piece {
    pub(crate) fn new(path: &str, title: &str, body: &str, day: u32, minute: u32) -> Self {
        Self {
            path: path.to_owned(),
            title: title.to_owned(),
            body: body.to_owned(),
            minute,
            day,
            listed: true,
            query: "",
            canonical: None,
            state: State::Here,
            told: None,
            edited: false,
            withdrawn: false,
        }
    }

    fn time(&self) -> String {
        format!("2026-11-{:02} {:02}:{:02}", self.day, 8 + self.minute / 60, self.minute % 60)
    }

    pub(crate) fn edit(&mut self, title: Option<&str>, more: Option<&str>) {
        if let Some(title) = title {
            title.clone_into(&mut self.title);
        }
        self.body.push_str(more.unwrap_or_default());
        self.edited = true;
    }
}

pub(crate) struct World {
    pub(crate) stand: Stand,
    pub(crate) pieces: Vec<Piece>,
    tick: u32,
    /// Every page answers 404.
    pub(crate) is_broken: bool,
    /// Paths that answered once: those left are answered 404.
    paths: Vec<String>,
}

impl World {
    pub(crate) fn new() -> Self {
        let stand = Stand::new("2026-11-20T14:00:00Z");
        Self { stand, pieces: Vec::new(), tick: 0, is_broken: false, paths: Vec::new() }
    }

    pub(crate) fn add(&mut self, piece: Piece) {
        self.pieces.push(piece);
    }

    /// A visit that a person asks for, 61 minutes after the last one; then everything is compared.
    pub(crate) fn visit(&mut self, event: &str) -> Visited {
        let visited = self.visit_unchecked();
        self.compare(event);
        visited
    }

    pub(crate) fn visit_unchecked(&mut self) -> Visited {
        self.visit_watched(Watch::default())
    }

    /// What was counted so far, as `/metrics` tells it.
    pub(crate) fn metrics(&self) -> String {
        self.stand.visits.meter.to_text()
    }

    pub(crate) fn visit_watched(&mut self, watch: Watch) -> Visited {
        self.tick += 1;
        self.publish();
        self.stand.visits.clock.advance(TimeDelta::minutes(61));
        self.stand.visit_watched(watch)
    }

    fn publish(&mut self) {
        for path in std::mem::take(&mut self.paths) {
            self.stand.site.put(&path, Page::status(404));
        }
        let mut listed: Vec<&Piece> = self.pieces.iter().filter(|piece| piece.listed).collect();
        listed.sort_by_key(|piece| std::cmp::Reverse((piece.day, piece.minute)));
        let rows: String = listed.iter().map(|piece| row(piece)).collect();
        self.stand.site.put("/news/", Page::html(list(&rows, self.tick)));
        self.stand.site.put("/", Page::html("<html><body><h1>青石新闻网</h1><p>欢迎</p></body></html>"));
        for (at, piece) in self.pieces.iter().enumerate() {
            let page = match piece.state {
                _ if self.is_broken => Page::status(404),
                State::Here => Page::html(article(piece, at, self.tick)),
                State::Status(status) => Page::status(status),
                State::Soft => Page::html(
                    "<html><head><title>提示信息</title></head><body><div class=\"box\"><h1>提示信息</h1>\
                     <p>对不起，您要查看的信息不存在或已被删除。</p></div></body></html>",
                ),
                State::Home => Page {
                    status: 302,
                    headers: vec![("Location".to_owned(), "/".to_owned())],
                    ..Page::html("")
                },
            };
            for path in [piece.path.clone(), format!("{}{}", piece.path, piece.query)] {
                self.stand.site.put(&path, page.clone());
                self.paths.push(path);
            }
        }
    }

    pub(crate) fn stored(&self) -> Vec<StoredArticle> {
        self.stand.stored()
    }

    /// Each piece is there once, under its id; `updated` moved where it was edited, and nowhere else.
    pub(crate) fn compare(&mut self, event: &str) {
        let tick = format!("{} ({event})", self.tick);
        let mut stored: BTreeMap<(String, String), Vec<StoredArticle>> = BTreeMap::new();
        for article in self.stored() {
            stored
                .entry((article.article.title.clone(), squeezed(&article.article.text)))
                .or_default()
                .push(article);
        }
        for piece in self.pieces.iter_mut().filter(|piece| !piece.withdrawn) {
            let found =
                stored.get_mut(&(piece.title.clone(), squeezed(&body(&piece.body).replace("</p><p>", ""))));
            let Some(found) = found.filter(|found| !found.is_empty()) else {
                panic!(
                    "visit {tick}: {} ({}) is not served; there are {:?}",
                    piece.title,
                    piece.path,
                    stored.keys()
                );
            };
            // of several that read alike each is its own
            let place = found.iter().position(|one| match &piece.told {
                Some((id, _)) => one.id.as_str() == id,
                None => one.article.url.path_and_query() == piece.path,
            });
            assert!(
                piece.told.is_none() || place.is_some(),
                "visit {tick}: {} ({}) has another id",
                piece.title,
                piece.path
            );
            let article = found.swap_remove(place.unwrap_or(0));
            let link = article.article.url.path_and_query();
            assert_eq!(link, piece.path, "visit {tick}: {} is linked to otherwise", piece.title);
            if let Some((_, updated)) = &piece.told {
                let moved = article.updated > *updated;
                assert_eq!(moved, piece.edited, "visit {tick}: {} ({}) updated", piece.title, piece.path);
            }
            piece.told = Some((article.id.to_string(), article.updated));
            piece.edited = false;
        }
        let doubles: Vec<_> =
            stored.into_iter().filter(|(_, rest)| !rest.is_empty()).map(|(key, _)| key).collect();
        assert!(doubles.is_empty(), "visit {tick}: more than there is: {doubles:?}");
    }

    pub(crate) fn atom(&self) -> String {
        self.stand.atom("paper")
    }
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn row(piece: &Piece) -> String {
    let Piece { path, query, title, .. } = piece;
    format!("<li><a href=\"{path}{query}\">{title}</a><span>{}</span></li>\n", piece.time())
}

fn list(rows: &str, tick: u32) -> String {
    format!(
        "<html lang=\"zh-CN\"><head><title>要闻_青石新闻网</title></head><body>\
         <div class=\"nav\"><a href=\"/\">首页</a> <a href=\"/news/\">要闻</a> <a href=\"/about/\">关于我们</a></div>\
         <div class=\"list\"><ul class=\"news-list\">\n{rows}</ul></div>\
         <div class=\"foot\">青石新闻网 版权所有 今日访问 {tick}</div></body></html>"
    )
}

fn body(text: &str) -> String {
    format!(
        "{text}</p><p>工程负责人介绍，施工期间一共更换了三百多米旧管道，铺设了新的路面，并在两侧补种了樟树和桂花。</p>\
         <p>附近居民表示，出门散步比过去方便了许多，希望以后能再添几盏路灯和几张长椅。"
    )
}

/// A page with what moves at every visit: counters, related links, a side column, an advert in the body, the host of
/// a picture, a clock in the footer.
fn article(piece: &Piece, at: usize, tick: u32) -> String {
    let Piece { title, .. } = piece;
    let canonical = piece.canonical.as_ref().map(|path| format!("<link rel=\"canonical\" href=\"{path}\">"));
    let related: String = (0..5)
        .map(|n| {
            format!("<li><a href=\"/news/other-{}.html\">相关报道之{}</a></li>", tick * 7 + n, tick * 5 + n)
        })
        .collect();
    let hits = tick * 37 + u32::try_from(at).unwrap();
    format!(
        "<html lang=\"zh-CN\"><head><title>{title}_青石新闻网</title>{}</head><body>\
         <div class=\"nav\"><a href=\"/\">首页</a> <a href=\"/news/\">要闻</a></div>\
         <div class=\"side\"><h3>点击排行</h3><ul>{related}</ul></div>\
         <div class=\"main\"><h1>{title}</h1>\
         <div class=\"info\">发布时间:{}:00 来源:青石日报 浏览次数:{hits} 评论:{tick}</div>\
         <div class=\"content\"><p>{}</p>\
         <p><img src=\"http://img{tick}.paper.example/up/{at}.jpg?t={hits}\" alt=\"图\"></p>\
         <p><a href=\"http://shop{tick}.example/buy?c={tick}\"><img src=\"http://cdn.example/p/{hits}.gif\"></a></p>\
         </div></div>\
         <div class=\"related\"><h3>相关阅读</h3><ul>{related}</ul></div>\
         <div class=\"foot\">青石新闻网 版权所有 页面生成时间 2026-11-22 03:04:{:02}</div></body></html>",
        canonical.unwrap_or_default(),
        piece.time(),
        body(&piece.body),
        tick % 60,
    )
}

pub(crate) const SUBJECTS: [&str; 12] = [
    "河堤步道本周开放",
    "老城菜场完成改造",
    "夜班公交增开两条线路",
    "小学操场周末向居民开放",
    "图书馆延长闭馆时间",
    "青石桥封闭检修三天",
    "新建停车场投入使用",
    "社区医院增设夜间门诊",
    "旧厂房改建文化中心",
    "自来水管网更新启动",
    "春季植树活动报名开始",
    "非遗集市周六开张",
];

pub(crate) fn subject(n: usize) -> Piece {
    let minute = u32::try_from(n).unwrap();
    let body = format!(
        "记者从镇里了解到，{}的各项准备已经就绪，有关安排从本周起执行，详情可到镇便民中心查询。",
        SUBJECTS[n]
    );
    Piece::new(&format!("/news/show-{}.html", 100 + n), SUBJECTS[n], &body, 20, minute)
}
