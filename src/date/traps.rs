//! Lines whose time is not an article's.

use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;

use crate::model::DateRules;

/// What such a line says, in lower case, and what its time is. The first that fits is told.
const ROWS: &[(&str, &str)] = &[
    (
        "page generation time",
        r"powered\s?by|processed in|生成时间|生成時間|页面生成|页面执行|执行时间|頁面生成|page (?:was )?(?:generated|created|rendered|cached)|generated (?:in|on|at|by)|rendered in|cached (?:on|at)|[0-9] (?:queries|querys)|查询次数|seite (?:generiert|erzeugt|erstellt)|page générée|generato (?:in|il)|ページ生成|published at:? ?[0-9]{4}/[0-9]{1,2}/[0-9]{1,2} [0-9:]+|更新于页脚",
    ),
    (
        "copyright line",
        r"copyright|©|&copy;|\(c\)\s?[0-9]{4}|all rights reserved|版权所有|版权归|版權所有|著作権|alle rechte vorbehalten|tous droits réservés|todos los derechos|tutti i diritti|все права защищены",
    ),
    ("registration line", r"icp备|icp證|icp证|icp備|备案|備案|公网安备|许可证|經營許可|网站标识码"),
    (
        "clock",
        r"今天是|今日是|现在是|現在是|现在时间|当前时间|當前時間|当前日期|您好[，,!！ ]|欢迎您|歡迎您|农历|農曆|today is|current (?:date|time)|local time|it is now|heute ist|aktuelle (?:uhrzeit|zeit)|nous sommes le|aujourd'hui (?:nous sommes|est)|hoy es|oggi è|hoje é|сегодня[: ]+(?:пн|вт|ср|чт|пт|сб|вс|[а-я]+,)|本日は",
    ),
    (
        "comment time",
        r"评论于|评论时间|回复于|回复时间|留言时间|网友评论|发表评论|評論於|条评论 最后|commented|comment by|replied|says:|schrieb am|kommentar von|a écrit le",
    ),
    (
        "a visit, a login or a download",
        r"最后登录|登录时间|注册时间|下载时间|最近访问|last (?:login|visit|seen)|letzter besuch",
    ),
    (
        "time of an event",
        r"有效期|截止日期|截止时间|报名时间|考试时间|活动时间|开庭时间|施行日期|实施日期|生效日期|举办时间|会议时间|播出时间|首播|expires|valid until|deadline|gültig bis|date limite",
    ),
];

static TRAPS: LazyLock<Vec<(&'static str, Regex)>> = LazyLock::new(|| {
    ROWS.iter().filter_map(|(why, pattern)| Some((*why, Regex::new(pattern).ok()?))).collect()
});

/// Why a time on this line is no date of an article: a generation time, a copyright year, a clock …
#[must_use]
pub fn trap(line: &str, rules: &DateRules) -> Option<&'static str> {
    let lower: String = line.nfkc().flat_map(char::to_lowercase).collect();
    if rules.ignore.iter().any(|word| names(&lower, word)) {
        return Some("on a line with a word the portal ignores");
    }
    TRAPS.iter().find(|(_, pattern)| pattern.is_match(&lower)).map(|(why, _)| *why)
}

/// Whether a folded line holds a word: as a substring in CJK, as whole words elsewhere; `/…/` is a regular
/// expression.
fn names(line: &str, word: &str) -> bool {
    if let Some(pattern) = word.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) {
        return regex::RegexBuilder::new(pattern)
            .case_insensitive(true)
            .build()
            .is_ok_and(|pattern| pattern.is_match(line));
    }
    let word: String = word.trim().nfkc().flat_map(char::to_lowercase).collect();
    if word.is_empty() {
        return false;
    }
    let joins = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && u32::from(c) < 0x2e80);
    line.match_indices(&word).any(|(at, found)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line.get(at + found.len()..).and_then(|text| text.chars().next());
        let starts = joins(before) && joins(found.chars().next());
        let ends = joins(after) && joins(found.chars().next_back());
        !starts && !ends
    })
}
