//! Pages that are no article: notices that it is gone, pages without a body.

use crate::model::{Reject, RejectClass};
use crate::page::Page;
use crate::page::text::width;

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
/// Words of walls: a page that wants to see a person, or to be asked later, says nothing of the article.
const WALLS: [&str; 14] = [
    "验证码",
    "安全验证",
    "人机验证",
    "过于频繁",
    "稍后再试",
    "请稍后",
    "维护中",
    "系统维护",
    "captcha",
    "checking your browser",
    "enable javascript",
    "try again later",
    "under maintenance",
    "access denied",
];
/// A page with more text than this is no notice.
const NOTICE_WIDTH: usize = 300;
/// A longer title is an article's, about pages that are gone.
const TITLE_WIDTH: usize = 30;

/// Why a page is no article; None when it is one.
pub(super) fn reject(page: &Page, title: Option<&str>, body: Option<&Body<'_>>) -> Option<Reject> {
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
    if is_notice && says(&WALLS) && (says(&GONE) || is_titled) {
        let detail = "the page is a wall: it asks for a check, or to come later".to_owned();
        return Some(Reject { class: RejectClass::NoBody, detail });
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
