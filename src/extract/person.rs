//! What reads as the name of a person, and lines that name a writer in Latin script: `By Anna Berg | 3 March`.

use std::sync::LazyLock;

use regex::Regex;

use crate::page::text::{fold, is_cjk, width};

use super::beside;

/// A longer text is no name of a person or paper.
pub(super) const MOST_WIDTH: usize = 60;
/// A wider line is a paragraph.
const LINE_WIDTH: usize = 130;

/// Names, joined as lists are: `Anna Berg, Carl Dahl and Eva Falk`.
const NAMES: &str = r"(?P<names> (?-i: \p{Lu}[\p{L}\p{M}\d'’._-]* (?: \s (?: (?:van|von|de|del|della|der|den|da|di|dos|du|la|le|el|al|bin|ten|zu|zur) \s ){0,2} \p{Lu}[\p{L}\p{M}\d'’.-]* ){0,4}
    (?: (?: , \s \p{Lu}[\p{L}\p{M}'’.-]* (?: \s [\p{L}\p{M}'’.-]+ ){1,3} ){0,6} ,? \s (?:and|und|et|y|e|og|och|en|&) \s \p{Lu}[\p{L}\p{M}'’.-]* (?: \s \p{Lu}[\p{L}\p{M}'’.-]* ){0,4} )? ) )";

/// A line that begins with the word before a writer's name, or has it behind a mark or a date.
static BYLINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let label = r"(?: (?: written | posted | published | words | story | text | reported | article | submitted | ein\s(?:artikel|beitrag|kommentar|text) | verfasst | geschrieben | erstellt | eingestellt | veröffentlicht | publié | écrit | rédigé | publicado | escrito | scritto | pubblicato | skrevet | skriven | geschreven | door )
        \s+ (?:\w+\s+)? (?: by | von | vom | par | por | da | di | av | af | door ) | by | von | par | por | door | av
        | (?: author | autor(?:in)? | auteur | autore | text | texte | redaktion | redakteur(?:in)? | verfasser(?:in)? | skribent | автор ) s? \s* (?: : | \s-\s ) )";
    let behind = r"(?: $ | [|·•,–—/(] | \s[-–—|·•/(\d] | \s (?:on|am|le|el|il|op|den|at|in|vor|um) \s | \s (?:published|posted|updated|last|erstellt|veröffentlicht|aktualisiert|publié|publicado) (?-u:\b) )";
    Regex::new(&format!(r"(?xi) (?: ^ | [|·•–—/] \s* | \d{{4}} ,? \s (?:-\s)? | \d{{1,2}}[:.]\d{{2}} (?:\s?[ap]m)? (?:\suhr)? ,? \s ) {label} \s* :? \s+ {NAMES} {behind}")).ok()
});

/// Words that begin no name of a person, and stand where one would.
const NO_NAMES: [&str; 45] = [
    "about",
    "all",
    "archive",
    "author",
    "authors",
    "article",
    "articles",
    "back",
    "by",
    "click",
    "comments",
    "contact",
    "contributor",
    "contributors",
    "editor",
    "email",
    "facebook",
    "follow",
    "home",
    "how",
    "instagram",
    "latest",
    "learn",
    "linkedin",
    "meet",
    "menu",
    "more",
    "our",
    "posted",
    "posts",
    "profile",
    "published",
    "read",
    "search",
    "see",
    "share",
    "subscribe",
    "tags",
    "this",
    "twitter",
    "updated",
    "view",
    "what",
    "written",
    "your",
];

/// The name on a line that says who wrote the article.
pub(super) fn byline(line: &str) -> Option<String> {
    if width(line) > LINE_WIDTH || line.chars().any(is_cjk) {
        return None;
    }
    let found = BYLINE.as_ref()?.captures(line)?;
    let names = found.name("names")?;
    // the month may look like a name
    let undated = beside::without_date(line.get(names.start()..)?);
    let names = clean(if undated.len() < names.len() { &undated } else { names.as_str() });
    is_name(&names).then_some(names)
}

/// A name without the words of a line of data behind it.
fn clean(name: &str) -> String {
    let name = beside::without_date(name);
    let cut = name.split(' ').position(|word| {
        matches!(
            word,
            "Published" | "Posted" | "Updated" | "Last" | "On" | "Senior" | "Staff" | "Contributing" | "Read"
        )
    });
    let kept: Vec<&str> = name.split(' ').take(cut.filter(|cut| *cut > 0).unwrap_or(usize::MAX)).collect();
    kept.join(" ").trim_end_matches(['.', ',', '-']).trim().to_owned()
}

/// Whether a text reads as names of people: few words, none of a sentence, no number.
pub(super) fn is_name(text: &str) -> bool {
    let first = text.split([' ', ':', ',']).next().unwrap_or_default().to_lowercase();
    let words = text.split(' ').count();
    let capitals = text.split([' ', '-']).filter(|word| word.starts_with(char::is_uppercase)).count();
    let is_list = text.contains([',', '&', '/']) || [" and ", " und "].iter().any(|and| text.contains(and));
    !text.is_empty()
        && width(text) <= MOST_WIDTH
        && text.chars().any(char::is_alphabetic)
        && (words <= 5 || is_list)
        && (words == 1 || capitals * 2 >= words || text.chars().any(is_cjk))
        && !text.contains(['?', '!', '"', '{', '<', '=', '…', '|', '@', '%', ':'])
        && (words <= 3 || !text.ends_with('.'))
        && !text.starts_with(|c: char| c.is_ascii_digit() || c == '#')
        && !NO_NAMES.contains(&first.as_str())
        && !beside::is_dated(text)
}

/// The commonest family names, four fifths of all Chinese.
const FAMILIES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤";

/// Family names of two characters.
const LONG_FAMILIES: [&str; 8] = ["欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "慕容"];

/// Whether a text names a Chinese paper or account rather than people; Japanese names look like one.
pub(super) fn is_paper(text: &str, lang: Option<&str>) -> bool {
    let is_other = lang.is_some_and(|lang| lang.starts_with("ja") || lang.starts_with("ko"));
    let is_kana = |c: char| matches!(c, '\u{3040}'..='\u{30ff}');
    let names = text.split([' ', '、', ',', '/', ';']).filter(|name| !name.is_empty());
    !is_other
        && text.chars().any(is_cjk)
        && !text.chars().any(is_kana)
        && !names.clone().next().is_some_and(is_chinese_person)
}

/// Whether a text is the name of a Chinese person, as far as its length and its family name tell.
pub(super) fn is_chinese_person(text: &str) -> bool {
    let is_long = LONG_FAMILIES.iter().any(|family| text.starts_with(family));
    if is_long {
        return matches!(text.chars().count(), 3 | 4) && text.chars().all(is_cjk);
    }
    matches!(text.chars().count(), 2 | 3)
        && text.chars().all(is_cjk)
        && text.chars().next().is_some_and(|first| FAMILIES.contains(first))
}

/// The first line of a few that is a name, without the label before it.
pub(super) fn among(lines: &[String]) -> Option<String> {
    lines.iter().take(4).find_map(|line| {
        let line = fold(line);
        let plain = without_label(&line);
        let plain = clean(plain.split(['|', '·', '•', '(']).next().unwrap_or_default().trim());
        let plain = plain.split_once(" - ").map_or(plain.as_str(), |(name, _)| name).to_owned();
        let head = plain.split(", ").next().unwrap_or_default();
        [plain.as_str(), head].into_iter().find(|name| is_name(name)).map(str::to_owned)
    })
}

/// A line without the word that leads to the name.
fn without_label(line: &str) -> &str {
    const LABELS: [&str; 18] = [
        "written by",
        "posted by",
        "published by",
        "verfasst von",
        "geschrieben von",
        "veröffentlicht von",
        "article by",
        "by",
        "von",
        "vom",
        "par",
        "por",
        "door",
        "author:",
        "autor:",
        "autorin:",
        "text:",
        "auteur:",
    ];
    let label = LABELS.iter().find(|label| {
        line.get(..label.len()).is_some_and(|head| head.eq_ignore_ascii_case(label))
            && line.get(label.len()..).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', ':']))
    });
    label.and_then(|label| line.get(label.len()..)).unwrap_or(line).trim_start_matches([' ', ':'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_begins_with_by_names_its_writer() {
        for (line, name) in [
            ("By Anna Berg", Some("Anna Berg")),
            ("By Anna Berg and Carl Dahl", Some("Anna Berg and Carl Dahl")),
            ("Von Max van der Meer | 12.03.2021", Some("Max van der Meer")),
            ("Posted on March 3, 2021 by Eva Falk", Some("Eva Falk")),
            ("Written by Eva Falk, Staff Writer", Some("Eva Falk")),
            ("Ein Artikel von Eva Falk | 27.01.2022 - 12:45", Some("Eva Falk")),
            ("By Emil Stein January 8, 2020", Some("Emil Stein")),
            ("The bridge was built by Carl Dahl", None),
            ("By Monday the water had gone down and people came back.", None),
            ("by entering your email", None),
            ("Leiter von Beruf", None),
        ] {
            assert_eq!(byline(line).as_deref(), name, "{line}");
        }
    }

    #[test]
    fn a_family_name_makes_a_chinese_person() {
        assert!(is_chinese_person("王小河"));
        assert!(!is_chinese_person("河边晚报"));
        assert!(!is_chinese_person("搜索"));
    }

    #[test]
    fn a_block_of_an_author_names_him_first() {
        let lines = |all: &[&str]| all.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
        assert_eq!(among(&lines(&["By", "Eva Falk", "4 August 2010"])).as_deref(), Some("Eva Falk"));
        assert_eq!(among(&lines(&["Eva Falk 4 August 2010"])).as_deref(), Some("Eva Falk"));
        assert_eq!(among(&lines(&["View all posts", "More articles"])), None);
    }
}
