//! Summary and language of a clean text.

/// A summary has at most so many characters.
const SUMMARY_CHARS: usize = 200;
/// A sentence that ends before this is too short to stand for the article.
const SUMMARY_LEAST: usize = 60;
/// Statistics say nothing reliable of fewer Latin characters.
const STATISTICS_CHARS: usize = 40;
/// So much of a text is looked at for its language.
const SAMPLE_CHARS: usize = 4000;

/// The beginning of a text, at most 200 characters, cut at a sentence where one ends, else with `…`.
pub(super) fn summary(text: &str) -> String {
    let flat = text.replace('\n', " ");
    if flat.chars().nth(SUMMARY_CHARS).is_none() {
        return flat;
    }
    let head: Vec<char> = flat.chars().take(SUMMARY_CHARS).collect();
    let ends_sentence = |at: usize| match head.get(at) {
        Some('。' | '！' | '？' | '…') => true,
        Some('.' | '!' | '?') => head.get(at + 1).is_some_and(|next| next.is_whitespace()),
        _ => false,
    };
    if let Some(end) = (SUMMARY_LEAST..head.len()).rev().find(|at| ends_sentence(*at)) {
        return head.iter().take(end + 1).collect();
    }
    let word_end =
        (SUMMARY_LEAST..head.len() - 1).rev().find(|at| head.get(*at).is_some_and(|c| c.is_whitespace()));
    // Chinese and Japanese have no blanks: any character may be the last
    let end = word_end.filter(|end| *end > SUMMARY_CHARS * 3 / 4).unwrap_or(head.len() - 1);
    let cut: String = head.iter().take(end).collect();
    format!("{}…", cut.trim_end())
}

/// The language of an article as a BCP 47 tag: what the page says, unless its script says otherwise.
pub(super) fn language(said: Option<&str>, title: &str, text: &str) -> Option<String> {
    let said = said.and_then(tag);
    let sample: String = title.chars().chain(text.chars()).take(SAMPLE_CHARS).collect();
    let script = by_script(&sample);
    match (said, script) {
        // templates made abroad say `en` on Chinese pages
        (Some(said), Some(seen)) if !agrees(&said, seen) => Some(seen.to_owned()),
        (Some(said), _) => Some(said),
        (None, Some(seen)) => Some(seen.to_owned()),
        (None, None) => by_statistics(&sample),
    }
}

/// A tag in the form of BCP 47 (RFC 5646 section 2.1.1: case by convention); None when it is none.
fn tag(raw: &str) -> Option<String> {
    let parts: Vec<String> = raw
        .trim()
        .split(['-', '_'])
        .enumerate()
        .map(|(place, part)| match (place, part.len()) {
            (0, _) => part.to_ascii_lowercase(),
            (_, 2) => part.to_ascii_uppercase(),
            (_, 4) => part
                .chars()
                .take(1)
                .map(|c| c.to_ascii_uppercase())
                .chain(part.to_ascii_lowercase().chars().skip(1))
                .collect(),
            _ => part.to_ascii_lowercase(),
        })
        .collect();
    let primary = parts.first()?;
    let is_ok = (2..=3).contains(&primary.len())
        && primary.chars().all(|c| c.is_ascii_lowercase())
        && parts
            .iter()
            .all(|part| (1..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric()));
    is_ok.then(|| parts.join("-"))
}

fn by_script(sample: &str) -> Option<&'static str> {
    let (mut han, mut kana, mut hangul, mut letters) = (0_u32, 0_u32, 0_u32, 0_u32);
    for c in sample.chars().filter(|c| c.is_alphabetic()) {
        letters += 1;
        match u32::from(c) {
            0x3040..=0x30ff => kana += 1,
            0x1100..=0x11ff | 0xac00..=0xd7af => hangul += 1,
            0x3400..=0x9fff | 0x2_0000..=0x3_134f => han += 1,
            _ => {}
        }
    }
    let most = letters / 3;
    if kana > 0 && han + kana > most && kana * 20 > han {
        Some("ja")
    } else if hangul > most {
        Some("ko")
    } else if han > most {
        Some("zh")
    } else {
        None
    }
}

fn agrees(said: &str, seen: &str) -> bool {
    let primary = said.split('-').next().unwrap_or_default();
    primary == seen || (seen == "zh" && matches!(primary, "yue" | "lzh" | "nan" | "wuu" | "hak" | "cmn"))
}

fn by_statistics(sample: &str) -> Option<String> {
    if sample.chars().filter(|c| c.is_alphabetic()).count() < STATISTICS_CHARS {
        return None;
    }
    let info = whatlang::detect(sample).filter(whatlang::Info::is_reliable)?;
    // ISO 639-3 to the shorter 639-1 where there is one, as BCP 47 asks (RFC 5646 section 2.2.1)
    let short = match info.lang() {
        whatlang::Lang::Eng => "en",
        whatlang::Lang::Deu => "de",
        whatlang::Lang::Fra => "fr",
        whatlang::Lang::Spa => "es",
        whatlang::Lang::Ita => "it",
        whatlang::Lang::Por => "pt",
        whatlang::Lang::Rus => "ru",
        whatlang::Lang::Ukr => "uk",
        whatlang::Lang::Nld => "nl",
        whatlang::Lang::Pol => "pl",
        whatlang::Lang::Swe => "sv",
        whatlang::Lang::Dan => "da",
        whatlang::Lang::Nob => "nb",
        whatlang::Lang::Fin => "fi",
        whatlang::Lang::Ces => "cs",
        whatlang::Lang::Hun => "hu",
        whatlang::Lang::Tur => "tr",
        whatlang::Lang::Ell => "el",
        whatlang::Lang::Ron => "ro",
        whatlang::Lang::Vie => "vi",
        whatlang::Lang::Ind => "id",
        whatlang::Lang::Cat => "ca",
        other => other.code(),
    };
    Some(short.to_owned())
}
