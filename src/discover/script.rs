//! The language that a text's script gives away.

/// So many characters tell.
const SAMPLE: usize = 4000;
/// Fewer characters of a script are names and quotations.
const FEW: usize = 20;
const FEW_KANA: usize = 10;

/// The language of texts by their script: Chinese, Japanese, Korean. None for all others.
pub(super) fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Option<&'static str> {
    let (mut kana, mut han, mut hangul) = (0, 0, 0);
    for c in texts.flat_map(str::chars).take(SAMPLE) {
        match c {
            'ぁ'..='ヿ' => kana += 1,
            '一'..='鿿' => han += 1,
            '가'..='힣' => hangul += 1,
            _ => {}
        }
    }
    if kana * 10 > han && kana > FEW_KANA {
        Some("ja")
    } else if hangul > han && hangul > FEW_KANA {
        Some("ko")
    } else {
        (han > FEW).then_some("zh")
    }
}

/// The language that a document says it is in, unless its texts are plainly in another: templates leave English behind,
/// and many say nothing.
pub(super) fn language<'a>(told: Option<String>, texts: impl Iterator<Item = &'a str>) -> Option<String> {
    let is_believed =
        |lang: &String| !lang.trim().is_empty() && !lang.trim().to_ascii_lowercase().starts_with("en");
    match told {
        Some(told) if is_believed(&told) => Some(told),
        told => of(texts).map(str::to_owned).or(told),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_known_by_its_script_when_nothing_better_is_said() {
        let zh = "市图书馆延长开放时间，城东小学新校舍竣工，供水管网改造完工。";
        let ja = "市によると、工事は二年にわたり、総額は三億円にのぼる。見学できる。";
        for (told, text, lang) in [
            (None, zh, Some("zh")),
            (Some("en-us"), zh, Some("zh")),
            (Some("zh-TW"), zh, Some("zh-TW")),
            (None, ja, Some("ja")),
            (Some("en"), "Ferry runs again", Some("en")),
            (None, "Fähre fährt wieder", None),
        ] {
            let found = language(told.map(str::to_owned), [text].into_iter());
            assert_eq!(found.as_deref(), lang, "{text}");
        }
    }
}
