//! Pages that are no article: notices that it is gone, pages without a body.

use crate::model::{Candidate, Draft, Reject, RejectClass};
use crate::page::Page;
use crate::page::text::width;
use crate::wall;

use super::body::Body;

/// Phrases of pages that say the article is gone.
const GONE: [&str; 18] = [
    "信息不存在",
    "不存在或已",
    "已被删除",
    "已删除",
    "页面不存在",
    "内容不存在",
    "文章不存在",
    "新闻不存在",
    "找不到该页",
    "找不到页面",
    "页面未找到",
    "您访问的页面",
    "not found",
    "no longer available",
    "nicht gefunden",
    "introuvable",
    "no encontrada",
    "見つかりません",
];
/// Titles of such pages, whatever stands around the notice: the site's menus, its newest articles.
const GONE_TITLES: [&str; 14] = [
    "404",
    "404错误",
    "页面不存在",
    "文章不存在",
    "内容不存在",
    "信息不存在",
    "找不到页面",
    "找不到该页",
    "页面未找到",
    "页面没有找到",
    "page not found",
    "seite nicht gefunden",
    "page introuvable",
    "ページが見つかりません",
];
/// A page with more text than this is no notice.
const NOTICE_WIDTH: usize = 300;
/// A longer title is an article's, about pages that are gone.
const TITLE_WIDTH: usize = 30;

/// Whether a page shows a title anywhere, or the beginning of it.
fn shows(page: &Page, title: &str) -> bool {
    let begins: String = title.chars().filter(|c| c.is_alphanumeric()).take(TITLE_START).collect();
    let plain = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    page.title().is_some_and(|text| plain(&text).contains(&begins))
        || page.body().lines().iter().any(|line| plain(line).contains(&begins))
}

/// Whether an article's address led to a page that shows neither end of its title: a consent page, a log-in, an offer.
fn is_elsewhere(page: &Page, listed: &Candidate) -> bool {
    let letters = listed.title.chars().rev().filter(|c| c.is_alphanumeric()).take(TITLE_START);
    let ends: String = letters.collect::<Vec<_>>().into_iter().rev().collect();
    listed.url.key() != page.url().key() && !shows(page, &listed.title) && !shows(page, &ends)
}

/// So many letters of a title are looked for: lists cut titles.
const TITLE_START: usize = 8;

/// Whether a page says nothing that would be an article: then what it leads to may.
#[must_use]
pub fn is_gap(draft: &Draft) -> bool {
    draft.reject.as_ref().is_some_and(|why| match why.class {
        RejectClass::NoBody | RejectClass::NoTitle => true,
        RejectClass::Wall => why.detail.ends_with(wall::NOTHING_SHOWN),
        RejectClass::SoftNotFound | RejectClass::List => false,
    })
}

/// Why a page is no article; None when it is one. `listed` is what the list calls it.
pub(super) fn reject(
    page: &Page,
    title: Option<&str>,
    body: Option<&Body<'_>>,
    listed: Option<&Candidate>,
) -> Option<Reject> {
    let lines = body.map_or_else(|| page.body().lines(), |body| body.lines.clone());
    let text_width: usize = lines.iter().map(|line| width(line)).sum();
    let has_picture = body.is_some_and(|body| body.html.contains("<img"));
    let title = title.unwrap_or_default().to_lowercase();
    let said: Vec<String> =
        std::iter::once(title.clone()).chain(lines.iter().map(|line| line.to_lowercase())).collect();
    let says = |phrases: &[&str]| said.iter().any(|line| phrases.iter().any(|phrase| line.contains(phrase)));
    let is_notice = text_width < NOTICE_WIDTH && !has_picture;
    let is_titled = width(&title) <= TITLE_WIDTH
        && GONE_TITLES.iter().any(|phrase| {
            title
                .trim_start()
                .strip_prefix(phrase)
                .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        });
    // an article of a sentence may use a wall's words: then it has the title that the list gave it
    let is_other = || body.is_none() || listed.is_some_and(|listed| !shows(page, &listed.title));
    // pages that ask for consent or a log-in may have more words than a notice
    let is_strange = || listed.is_some_and(|listed| !shows(page, &listed.title));
    if (is_notice && (says(&GONE) || is_titled || is_other()) || is_strange())
        && let Some(why) = wall::of(page)
    {
        let detail = format!("the page is a wall: {why}");
        return Some(Reject { class: RejectClass::Wall, detail });
    }
    if !is_titled && listed.is_some_and(|listed| is_elsewhere(page, listed)) {
        let detail = format!("its address leads to {}, which does not show its title", page.url());
        return Some(Reject { class: RejectClass::Wall, detail });
    }
    if is_titled || is_notice && says(&GONE) {
        let detail = "the page says that the article is gone".to_owned();
        return Some(Reject { class: RejectClass::SoftNotFound, detail });
    }
    if body.is_none() {
        return Some(Reject {
            class: RejectClass::NoBody,
            detail: "no block of the page reads like an article".to_owned(),
        });
    }
    None
}
