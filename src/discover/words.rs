//! Words by which list pages name their parts, in the languages local portals use.

use crate::page::Node;

/// Link texts that lead on to an article or a column but are no headline.
const MORE: [&str; 40] = [
    "mehr",
    "weiterlesen",
    "weiter lesen",
    "mehr lesen",
    "mehr erfahren",
    "zum artikel",
    "details",
    "more",
    "read more",
    "continue reading",
    "read on",
    "full story",
    "learn more",
    "view more",
    "lire la suite",
    "lire plus",
    "en savoir plus",
    "suite",
    "leer más",
    "ver más",
    "continua",
    "leggi tutto",
    "leia mais",
    "saiba mais",
    "更多",
    "更多>>",
    "查看更多",
    "查看",
    "查看详情",
    "详情",
    "详细",
    "阅读全文",
    "全文",
    "查看全文",
    "點擊閱讀",
    "閱讀全文",
    "続きを読む",
    "詳しくはこちら",
    "もっと見る",
    "читать далее",
];

/// Labels of paid rows, as whole lines or as `【广告】`.
const PAID: [&str; 17] = [
    "广告",
    "廣告",
    "推广",
    "推廣",
    "赞助",
    "ad",
    "ads",
    "advertisement",
    "advertorial",
    "sponsored",
    "sponsored post",
    "anzeige",
    "werbung",
    "publicité",
    "sponsorisé",
    "publicidad",
    "pr",
];

/// Class and id tokens of paid rows.
const PAID_TOKENS: [&str; 12] = [
    "ad",
    "ads",
    "advert",
    "advertisement",
    "adv",
    "adsbygoogle",
    "sponsor",
    "sponsored",
    "promo",
    "promoted",
    "promotion",
    "guanggao",
];

/// Headings of blocks that repeat articles of elsewhere: rankings, picks, related and newest of all columns.
const ASIDE_HEADINGS: [&str; 52] = [
    "最新资讯",
    "最新资訊",
    "最新新闻",
    "最新文章",
    "最新更新",
    "最近更新",
    "热门",
    "熱門",
    "热点",
    "热文",
    "热榜",
    "排行",
    "点击",
    "推荐",
    "推薦",
    "相关",
    "相關",
    "猜你喜欢",
    "友情链接",
    "友情連結",
    "友情连接",
    "链接",
    "图片新闻",
    "专题",
    "本周",
    "本月",
    "ランキング",
    "アクセス",
    "おすすめ",
    "関連",
    "注目",
    "popular",
    "популярн",
    "читаемое",
    "читаемые",
    "рекомендуем",
    "похожие",
    "das könnte sie",
    "trending",
    "most read",
    "most viewed",
    "related",
    "recommended",
    "you may also like",
    "recent posts",
    "recent comments",
    "meistgelesen",
    "beliebt",
    "das könnte sie",
    "les plus lus",
    "à lire aussi",
    "más leído",
];

/// Class and id tokens of the frame around the content.
const FRAME_TOKENS: [&str; 27] = [
    "nav",
    "navbar",
    "navi",
    "navigation",
    "menu",
    "submenu",
    "mainmenu",
    "topbar",
    "footer",
    "foot",
    "sidebar",
    "leftnav",
    "sidenav",
    "breadcrumb",
    "breadcrumbs",
    "crumb",
    "crumbs",
    "pager",
    "pagination",
    "pagelist",
    "tagcloud",
    "share",
    "friendlink",
    "flink",
    "login",
    "copyright",
    "breadcrumbnav",
];

/// The same, where they are the whole of a class or id and not a part of one.
const FRAME_NAMES: [&str; 12] = [
    "header", "head", "top", "bottom", "side", "aside", "pos", "place", "position", "page", "pages", "links",
];

/// Class and id tokens of blocks that repeat articles of elsewhere.
const ASIDE_TOKENS: [&str; 20] = [
    "hot",
    "hotnews",
    "rank",
    "ranking",
    "ranklist",
    "top10",
    "related",
    "relate",
    "recommend",
    "recommended",
    "tuijian",
    "paihang",
    "popular",
    "trending",
    "widget",
    "banner",
    "slider",
    "carousel",
    "swiper",
    "focus",
];

/// The same, where they are the whole of a class or id.
const ASIDE_NAMES: [&str; 4] = ["right", "rightbar", "side-right", "col-right"];

/// A text without the signs around its words, in lower case.
pub(super) fn plain(text: &str) -> String {
    let ends = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '[' | ']' | '【' | '】' | '(' | ')' | '（' | '）' | '<' | '>' | '«' | '»' | '‹' | '›'
            )
            || matches!(
                c,
                '…' | '.' | ':' | '：' | '|' | '→' | '←' | '↓' | '+' | '-' | '·' | '#' | '＞' | '≫'
            )
    };
    text.trim_matches(ends).to_lowercase()
}

/// Whether a link's text only says that there is more.
pub(super) fn is_more(text: &str) -> bool {
    let text = plain(text);
    text.is_empty() || MORE.contains(&text.as_str())
}

/// Whether a line only says that the row is paid for.
pub(super) fn is_paid_label(text: &str) -> bool {
    let text = plain(text);
    PAID.contains(&text.as_str())
}

/// Whether a heading announces articles of elsewhere.
pub(super) fn is_aside_heading(text: &str) -> bool {
    let text = text.to_lowercase();
    ASIDE_HEADINGS.iter().any(|word| text.contains(word))
}

/// What the classes, id, tag and role of an element say of its part on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Navigation, header, footer, side column, pager.
    Frame,
    /// A ranking, a pick, a slider.
    Aside,
    /// Nothing.
    Plain,
}

/// See [`Part`].
pub(super) fn part(node: Node<'_>) -> Part {
    if matches!(node.name(), "nav" | "footer" | "aside")
        || matches!(node.attr("role"), Some("navigation" | "contentinfo" | "complementary" | "banner"))
    {
        return Part::Frame;
    }
    let named = |list: &[&str]| {
        node.classes().chain(node.id()).any(|name| list.contains(&name.to_ascii_lowercase().as_str()))
    };
    if named(&FRAME_NAMES) {
        return Part::Frame;
    }
    let mut found = if named(&ASIDE_NAMES) { Part::Aside } else { Part::Plain };
    for token in tokens(node) {
        if FRAME_TOKENS.contains(&token.as_str()) {
            return Part::Frame;
        }
        if ASIDE_TOKENS.contains(&token.as_str()) {
            found = Part::Aside;
        }
    }
    found
}

/// Whether an element says by its classes or id that it is paid for.
pub(super) fn is_paid(node: Node<'_>) -> bool {
    tokens(node).any(|token| PAID_TOKENS.contains(&token.as_str()))
}

/// The id and classes in lower case, whole and in their parts: `list-con_2` gives `list-con_2`, `list`, `con`, `2`.
fn tokens(node: Node<'_>) -> impl Iterator<Item = String> {
    node.classes().chain(node.id()).flat_map(|name| {
        let name = name.to_ascii_lowercase();
        let parts: Vec<String> = name.split(['-', '_']).map(str::to_owned).collect();
        let whole = (parts.len() > 1).then_some(name);
        parts.into_iter().chain(whole)
    })
}
