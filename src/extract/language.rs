//! The language a page is written in, for its zone and the order of day and month.

/// Lines that are looked at for the way they tell the time.
const MOST_LINES: usize = 40;
/// So many letters tell.
const SAMPLE_CHARS: usize = 3000;
/// Fewer Latin letters than this are no evidence.
const LATIN_LETTERS: usize = 300;

/// Characters that only traditional Chinese has, and that most texts hold.
const TRADITIONAL: &str = "國會時為發後說們這來對個學無開經與產動過進點長書車東門問間關電話當實現體應該業義務機樣種邊從兩萬價員團圖場報導區縣鄉鎮灣廣傳統總結計畫議讓還";

/// What the page says of its language, unless its text is plainly another: templates leave English behind,
/// and many pages say nothing.
pub(super) fn of(declared: Option<&str>, text: &str) -> Option<String> {
    let said = declared.map(|lang| lang.trim().to_owned()).filter(|lang| !lang.is_empty());
    let primary = |lang: &str| lang.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    let said_primary = said.as_deref().map(primary).unwrap_or_default();
    let believed = !matches!(said_primary.as_str(), "" | "en");
    if believed {
        return said;
    }
    match written(text) {
        Some(seen) if primary(&seen) != said_primary => Some(seen),
        _ => said,
    }
}

/// The language of those who tell the time so on the lines around a headline: `09:11 Uhr`.
pub(super) fn by_clock<'a>(lines: impl Iterator<Item = &'a str>) -> Option<String> {
    let says_uhr = |line: &str| {
        let mut all = line.match_indices(" Uhr").filter_map(|(at, _)| line.get(..at));
        all.any(|before| before.ends_with(|c: char| c.is_ascii_digit()))
    };
    lines.take(MOST_LINES).any(says_uhr).then(|| "de".to_owned())
}

/// The language of a text by its script, else by statistics.
fn written(text: &str) -> Option<String> {
    let sample: String = text.chars().take(SAMPLE_CHARS).collect();
    let (mut han, mut kana, mut hangul, mut letters, mut traditional) = (0, 0, 0, 0, 0);
    for c in sample.chars().filter(|c| c.is_alphabetic()) {
        letters += 1;
        match c {
            'ぁ'..='ヿ' => kana += 1,
            '가'..='힣' => hangul += 1,
            '\u{3400}'..='\u{9fff}' => {
                han += 1;
                traditional += usize::from(TRADITIONAL.contains(c));
            }
            _ => {}
        }
    }
    if (han + kana + hangul) * 3 > letters && letters > 0 {
        let lang = if kana * 10 > han {
            "ja"
        } else if hangul > han {
            "ko"
        } else if traditional * 25 > han {
            "zh-Hant"
        } else {
            "zh"
        };
        return Some(lang.to_owned());
    }
    if letters < LATIN_LETTERS {
        return None;
    }
    if is_english(&sample) {
        return Some("en".to_owned());
    }
    let seen = whatlang::detect(&sample).filter(whatlang::Info::is_reliable)?;
    let lang = match seen.lang() {
        whatlang::Lang::Deu => "de",
        whatlang::Lang::Fra => "fr",
        whatlang::Lang::Spa => "es",
        whatlang::Lang::Ita => "it",
        whatlang::Lang::Por => "pt",
        whatlang::Lang::Rus => "ru",
        whatlang::Lang::Nld => "nl",
        whatlang::Lang::Pol => "pl",
        whatlang::Lang::Eng => "en",
        _ => return None,
    };
    Some(lang.to_owned())
}

/// Whether every thirtieth word at least is `the`: no other language has it, and English cannot do without.
fn is_english(text: &str) -> bool {
    let (mut words, mut articles) = (0, 0);
    for word in text.split_ascii_whitespace() {
        words += 1;
        articles += usize::from(word.eq_ignore_ascii_case("the"));
    }
    articles * 30 >= words && articles > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_says_nothing_speaks_by_its_text() {
        assert_eq!(of(None, "市里召开会议，部署工作").as_deref(), Some("zh"));
        assert_eq!(of(Some("en"), "市府與學會說明這個計畫").as_deref(), Some("zh-Hant"));
        assert_eq!(of(None, "市は計画を発表しました").as_deref(), Some("ja"));
        assert_eq!(of(Some("de"), "市里召开会议").as_deref(), Some("de"));
        assert_eq!(of(None, "short"), None);
        assert_eq!(by_clock(["Von Anna Berg, 1. April 2021, 09:49 Uhr"].into_iter()).as_deref(), Some("de"));
        assert_eq!(by_clock(["Die Uhr steht", "12.30"].into_iter()), None);
        let german =
            "Der Gemeinderat hat gestern Abend über die neue Brücke beraten und beschlossen. ".repeat(8);
        assert_eq!(of(Some("en-US"), &german).as_deref(), Some("de"));
    }
}
