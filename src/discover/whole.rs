//! Whether what a feed says of an article is all of it.

use crate::page::text;

/// A description so long, in half widths, is the article itself.
const LONG: usize = 1500;
/// A body that says no more than its teaser is one, unless it is as long as a short notice.
const SHORT: usize = 300;
/// When so many bodies are as long as one another to within [`ALIKE`], they were cut by a count.
const COUNTED: usize = 3;
const ALIKE: usize = 2;

/// Ends of texts that go on elsewhere.
const CUTS: [&str; 26] = [
    "…",
    "⋯",
    "...",
    "。。。",
    "[…]",
    "[...]",
    "[&hellip;]",
    "(...)",
    "(…)",
    "read more",
    "continue reading",
    "more »",
    "more",
    "read on",
    "weiterlesen",
    "mehr",
    "lire la suite",
    "leer más",
    "leer mas",
    "阅读全文",
    "閱讀全文",
    "查看全文",
    "查看更多",
    "点击查看",
    "全文",
    "続きを読む",
];

/// What one entry says, as text.
#[derive(Debug, Default, Clone)]
pub(super) struct Said {
    /// Its body; None when it has a teaser alone.
    pub(super) body: Option<String>,
    pub(super) teaser: Option<String>,
    /// Whether the document ended within it.
    pub(super) is_cut: bool,
    /// Whether markup of its body has what no text shows: pictures, films.
    pub(super) has_pictures: bool,
}

/// Says of each entry whether it is whole.
pub(super) fn judge(all: &[Said]) -> Vec<bool> {
    let lengths: Vec<usize> = all
        .iter()
        .filter_map(|said| said.body.as_ref().or(said.teaser.as_ref()))
        .map(|text| text.chars().count())
        .collect();
    let is_counted = |text: &str| {
        let own = text.chars().count();
        let alike = lengths.iter().filter(|length| own.abs_diff(**length) <= ALIKE).count();
        own > 50 && alike >= COUNTED && alike * 2 > lengths.len()
    };
    let one = |said: &Said| {
        if said.is_cut {
            return false;
        }
        match (&said.body, &said.teaser) {
            (Some(body), teaser) => {
                let is_teaser =
                    teaser.as_ref().is_some_and(|teaser| teaser == body) && text::width(body) < SHORT;
                let is_empty = body.is_empty() && !said.has_pictures;
                !is_empty && !ends_cut(body) && !is_teaser && !is_counted(body)
            }
            (None, Some(teaser)) => text::width(teaser) > LONG && !ends_cut(teaser) && !is_counted(teaser),
            (None, None) => false,
        }
    };
    all.iter().map(one).collect()
}

/// Whether a text ends in words or marks that say that it goes on elsewhere.
fn ends_cut(text: &str) -> bool {
    let end = text.trim_end().trim_end_matches(['>', '»', '→', '›', '.', ' ', '〉', '】', ']', ')']);
    let lower: String = text
        .trim_end()
        .chars()
        .rev()
        .take(40)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect::<String>()
        .to_lowercase();
    let bare = lower.get(..lower.len().saturating_sub(text.trim_end().len() - end.len())).unwrap_or(&lower);
    CUTS.iter().any(|cut| {
        let is_word = cut.is_ascii() && cut.starts_with(|c: char| c.is_ascii_alphabetic());
        let found = |line: &str| {
            let before = line.strip_suffix(cut)?;
            // a word of its own, on a line of its own
            Some(!is_word || before.is_empty() || before.ends_with(['\n', '[', '(', '…', '.', '»', '>', '|']))
        };
        found(&lower) == Some(true) || found(bare) == Some(true)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(body: Option<&str>, teaser: Option<&str>) -> Said {
        Said { body: body.map(str::to_owned), teaser: teaser.map(str::to_owned), ..Said::default() }
    }

    #[test]
    fn what_goes_on_elsewhere_is_not_whole() {
        for text in [
            "它说…",
            "And so [...]",
            "And so […]",
            "And\nRead more",
            "And\nRead more »",
            "然后\n阅读全文>>",
            "and...",
            "文章 [阅读全文]",
        ] {
            assert!(ends_cut(text), "{text}");
        }
        for text in ["它说。", "There is no more", "Once more.", "Full stop.", ""] {
            assert!(!ends_cut(text), "{text}");
        }
    }

    #[test]
    fn each_entry_is_judged_with_its_feed() {
        let long = "长文。".repeat(300);
        let all = [
            said(Some("整篇都在这里。"), None),
            said(Some("teaser"), Some("teaser")),
            said(None, Some("short")),
            said(None, Some(&long)),
            said(Some("cut…"), None),
        ];
        assert_eq!(judge(&all), [true, false, false, true, false]);
        let counted = "字".repeat(200);
        assert_eq!(judge(&vec![said(Some(&counted), None); 4]), [false; 4]);
    }
}
