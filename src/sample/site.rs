//! The site at work: which articles there are, and which page an address asks for.

use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use chrono_tz::Asia::Shanghai;

use crate::decode::encode_gbk;

use super::articles::{Section, WRITTEN};
use super::calendar::{era, era_time, last_slot, slot_time};
use super::markup::{self, Article, Frame, ListPage};
use super::notices::notice;
use super::picture::png;

/// Articles on one page of a list.
const PER_PAGE: usize = 20;

/// Notices already there when the site opens: with the dozen written articles they fill the first page.
const NOTICES_AT_START: u64 = 8;

/// Older notices leave the list; their pages stay.
const NOTICES_LISTED: u64 = 120;

/// Numbers of written articles: this and the era's share.
const WRITTEN_IDS: u64 = 1_000;

/// Numbers of notices: this and the slot. Room below it for two centuries of eras.
const NOTICE_IDS: u64 = 100_000;

/// Lines of a side column.
const COLUMN: usize = 6;

const ROBOTS: &str = "User-agent: *\nDisallow: /admin/\nDisallow: /search.asp\n";

/// An answer of the sample site.
#[derive(Debug, Clone)]
pub struct Answer {
    /// 200 or 404.
    pub status: u16,
    /// Without charset, as the founding portal's.
    pub content_type: &'static str,
    /// GBK bytes, or a picture's.
    pub body: Vec<u8>,
}

/// The site at work: which articles its list shows follows from the time since it started, what an
/// article says does not.
#[derive(Debug)]
pub struct Site {
    era: u64,
    /// The first notice that is listed.
    first: u64,
    /// Moves at every article shown, so that no two answers are alike.
    hits: AtomicU64,
}

impl Site {
    /// The path of the list page.
    pub const LIST: &'static str = "/news/list.asp?classid=3";

    /// A site that opened at `started`.
    #[must_use]
    pub fn new(started: DateTime<Utc>) -> Self {
        let first = last_slot(started).map_or(0, |last| last.saturating_sub(NOTICES_AT_START - 1));
        Self { era: era(started), first, hits: AtomicU64::new(300) }
    }

    /// Answers a GET. Counters and the generation time move at each.
    #[must_use]
    pub fn answer(&self, path_and_query: &str, now: DateTime<Utc>) -> Answer {
        let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
        if path == "/robots.txt" {
            return Answer { status: 200, content_type: "text/plain", body: ROBOTS.into() };
        }
        if let Some(picture) = self.picture(path, now) {
            return Answer { status: 200, content_type: "image/png", body: picture };
        }
        let (status, html) = self.page(path, query, now);
        Answer { status, content_type: "text/html", body: encode_gbk(&html) }
    }

    fn page(&self, path: &str, query: &str, now: DateTime<Utc>) -> (u16, String) {
        let town = self.listed(Section::Town, now);
        let other: Vec<Article> = [Section::Life, Section::School]
            .into_iter()
            .flat_map(|section| self.listed(section, now))
            .collect();
        let frame = Frame {
            newest: town.get(..COLUMN).unwrap_or(&town),
            popular: other.get(..COLUMN).unwrap_or(&other),
            now: now.with_timezone(&Shanghai),
        };
        let found = match path {
            "/" | "/news/" | "/index.asp" | "/news/index.asp" => Self::list(Section::Town, &town, 1, &frame),
            "/news/list.asp" => {
                let class = number(query, "classid").unwrap_or(Section::Town.class());
                let page = number(query, "page").unwrap_or(1);
                Section::ALL.into_iter().find(|section| section.class() == class).and_then(|section| {
                    Self::list(section, &self.listed(section, now), usize::try_from(page).ok()?, &frame)
                })
            }
            "/news/show.asp" => number(query, "id").and_then(|id| self.article(id, now)).map(|article| {
                let hits = self.hits.fetch_add(1, Ordering::Relaxed);
                let before = town.iter().find(|other| other.time < article.time);
                markup::article(&article, hits, before, &frame)
            }),
            "/about.asp" | "/book.asp" | "/link.asp" | "/privacy.asp" | "/sitemap.asp" => {
                Some(markup::words("芦汀信息网", "这是一个虚构小镇的网站,只用来演示。", &frame))
            }
            _ => None,
        };
        match found {
            Some(html) => (200, html),
            None => (404, markup::words("找不到该页", "您访问的页面不存在或已被删除。", &frame)),
        }
    }

    fn list(section: Section, articles: &[Article], page: usize, frame: &Frame<'_>) -> Option<String> {
        let rows = articles.chunks(PER_PAGE).nth(page.checked_sub(1)?)?;
        let pages = articles.len().div_ceil(PER_PAGE);
        Some(markup::list(&ListPage { section, rows, number: page, pages, total: articles.len() }, frame))
    }

    /// A section's articles at `now`, the newest first.
    fn listed(&self, section: Section, now: DateTime<Utc>) -> Vec<Article> {
        let mut articles = Vec::new();
        if let (Section::Town, Some(last)) = (section, last_slot(now)) {
            let first = self.first.max(last.saturating_sub(NOTICES_LISTED - 1));
            articles.extend((first..=last).rev().filter_map(notice_article));
        }
        articles.extend((0..WRITTEN.len()).filter_map(|index| written_article(self.era, index)));
        articles.retain(|article| article.section == section);
        articles
    }

    /// The article of a number, if it has appeared by `now`; whether a list shows it does not matter.
    fn article(&self, id: u64, now: DateTime<Utc>) -> Option<Article> {
        if let Some(slot) = id.checked_sub(NOTICE_IDS) {
            return if slot <= last_slot(now)? { notice_article(slot) } else { None };
        }
        let count = u64::try_from(WRITTEN.len()).ok()?;
        let number = id.checked_sub(WRITTEN_IDS)?;
        let index = usize::try_from(number % count).ok()?;
        let era = number / count;
        if era <= self.era { written_article(era, index) } else { None }
    }

    fn picture(&self, path: &str, now: DateTime<Utc>) -> Option<Vec<u8>> {
        let id = path.strip_prefix("/uploadfile/")?.strip_suffix(".png")?.parse().ok()?;
        self.article(id, now)?.picture.map(|_| png(id))
    }
}

fn written_article(era: u64, index: usize) -> Option<Article> {
    let written = WRITTEN.get(index)?;
    let time = era_time(era, written.before())?;
    let count = u64::try_from(WRITTEN.len()).ok()?;
    let id = era.checked_mul(count)?.checked_add(WRITTEN_IDS + u64::try_from(index).ok()?)?;
    let day = time.format("%-m月%-d日").to_string();
    Some(Article {
        id,
        title: written.title.to_owned(),
        section: written.section,
        time,
        source: written.source,
        picture: written.picture,
        paragraphs: written.paragraphs.iter().map(|text| text.replace("{d}", &day)).collect(),
    })
}

fn notice_article(slot: u64) -> Option<Article> {
    let time = slot_time(slot)?;
    let notice = notice(slot, time);
    Some(Article {
        id: NOTICE_IDS.checked_add(slot)?,
        title: notice.title,
        section: Section::Town,
        time,
        source: None,
        picture: None,
        paragraphs: notice.paragraphs,
    })
}

/// A number from a query, as `id` in `id=7&x=1`.
fn number(query: &str, key: &str) -> Option<u64> {
    query.split('&').find_map(|pair| pair.split_once('=').filter(|(name, _)| *name == key))?.1.parse().ok()
}
