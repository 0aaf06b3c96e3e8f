//! White space, full-width forms, Chinese and Latin lengths: what readers ask of plain text.

use std::borrow::Cow;

/// Whether a character shows nothing: white space of any width, zero-width and soft characters, controls.
#[must_use]
pub fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_nothing(c)
}

fn is_nothing(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// A word without the characters that show nothing. The joiners (U+200C, U+200D) stay behind letters that they
/// shape: Persian, Bengali and emoji are misspelt without them.
#[must_use]
pub fn visible(word: &str) -> Cow<'_, str> {
    if !word.contains(is_nothing) {
        return Cow::Borrowed(word);
    }
    let mut out = String::with_capacity(word.len());
    for c in word.chars().filter(|c| !is_nothing(*c) || is_joiner(*c)) {
        push_visible(&mut out, c);
    }
    Cow::Owned(out)
}

fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

fn push_visible(out: &mut String, c: char) {
    let shapes = || out.chars().next_back().is_some_and(|before| !before.is_ascii() && !is_cjk(before));
    if !is_joiner(c) || shapes() {
        out.push(c);
    }
}

/// Whether a character surely shows something: ASCII and the letters of most scripts.
fn is_plain(c: char) -> bool {
    matches!(u32::from(c), 0x21..=0x7e | 0xc0..=0x10ff | 0x3041..=0x9fff | 0xac00..=0xd7a3 | 0xff01..=0xffdc)
}

/// How many bytes are plain words with one blank between them.
fn plain_run(text: &str) -> usize {
    let mut end = 0;
    let mut chars = text.char_indices();
    let mut after_blank = true;
    for (at, c) in chars.by_ref() {
        match c {
            c if is_plain(c) => {
                end = at + c.len_utf8();
                after_blank = false;
            }
            ' ' if !after_blank => after_blank = true,
            _ => break,
        }
    }
    end
}

/// One line: runs of white space (ideographic and no-break spaces too) become one space, zero-width
/// characters and controls vanish, both ends are trimmed.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    let mut rest = text;
    while !rest.is_empty() {
        // most text is plain words with one blank between them: they are taken whole
        let run = plain_run(rest);
        let (plain, more) = rest.split_at(run);
        if run > 0 {
            if std::mem::take(&mut gap) && !out.is_empty() {
                out.push(' ');
            }
            out.push_str(plain);
        }
        let mut marks = more.chars();
        rest = match marks.next() {
            Some(c) if c.is_whitespace() => {
                gap = true;
                marks.as_str()
            }
            Some(c) if !is_nothing(c) || is_joiner(c) && !gap => {
                if std::mem::take(&mut gap) && !out.is_empty() {
                    out.push(' ');
                }
                push_visible(&mut out, c);
                marks.as_str()
            }
            _ => marks.as_str(),
        };
    }
    out
}

/// Full-width digits, letters and the marks of dates and labels (`：／－．（）`) in their ASCII forms, the
/// ideographic space as a space; all else is kept. The number of characters stays the same.
#[must_use]
pub fn narrow(text: &str) -> String {
    text.chars().map(narrow_char).collect()
}

/// One character of [`narrow`].
#[must_use]
pub fn narrow_char(c: char) -> char {
    match c {
        '０'..='９'
        | 'Ａ'..='Ｚ'
        | 'ａ'..='ｚ'
        | '：'
        | '／'
        | '－'
        | '．'
        | '（'
        | '）'
        | '＋'
        | '＿'
        | '｜'
        | '［'
        | '］' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' => ' ',
        _ => c,
    }
}

/// Whether a character belongs to Chinese, Japanese or Korean script, their marks and wide forms included.
#[must_use]
pub fn is_cjk(c: char) -> bool {
    matches!(u32::from(c),
        0x1100..=0x11ff | 0x2e80..=0x9fff | 0xac00..=0xd7af | 0xf900..=0xfaff | 0xfe30..=0xfe4f
        | 0xff00..=0xffef | 0x20000..=0x3ffff)
}

/// Length in half widths, white space aside: a Chinese character counts 2, a Latin letter 1. A sentence of
/// the same content has about the same width in both.
#[must_use]
pub fn width(text: &str) -> usize {
    let of = |c: char| match u32::from(c) {
        0x21..=0x7e | 0xc0..=0x10ff => 1,
        0x4e00..=0x9fff => 2,
        _ if is_blank(c) => 0,
        _ => 1 + usize::from(is_cjk(c)),
    };
    if text.is_ascii() {
        return text.bytes().filter(u8::is_ascii_graphic).count();
    }
    text.chars().map(of).sum()
}

/// Marks that end or divide sentences, of both scripts.
#[must_use]
pub fn punctuation(text: &str) -> usize {
    if text.is_ascii() {
        return text.bytes().filter(|b| matches!(b, b',' | b'.' | b';' | b'!' | b'?')).count();
    }
    text.chars()
        .filter(|c| {
            matches!(
                c,
                ',' | '.'
                    | ';'
                    | '!'
                    | '?'
                    | '，'
                    | '。'
                    | '；'
                    | '！'
                    | '？'
                    | '、'
                    | '：'
                    | '…'
                    | '“'
                    | '”'
            )
        })
        .count()
}

/// A text without the separators, brackets and bullets at its ends that only divide it from its neighbours.
#[must_use]
pub fn trim_separators(text: &str) -> &str {
    text.trim_matches(|c: char| {
        is_blank(c)
            || matches!(
                c,
                '|' | '-' | '_' | '–' | '—' | '·' | '•' | '»' | '«' | '>' | '<' | '/' | ',' | ';' | ':'
            )
            || matches!(
                c,
                '｜' | '－'
                    | '＿'
                    | '：'
                    | '，'
                    | '；'
                    | '、'
                    | '›'
                    | '‹'
                    | '→'
                    | '■'
                    | '□'
                    | '◆'
                    | '●'
                    | '▪'
                    | '*'
            )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_of_any_width_is_one_space() {
        assert_eq!(fold("\u{3000}\u{3000}甲\u{a0} \t乙\r\n丙\u{200b}丁\u{feff} "), "甲 乙 丙丁");
        assert_eq!(fold(" \n "), "");
    }

    #[test]
    fn joiners_stay_behind_the_letters_that_they_shape() {
        assert_eq!(fold("می\u{200c}شود \u{200d} 中\u{200d}文"), "می\u{200c}شود 中文");
    }

    #[test]
    fn full_width_forms_become_ascii() {
        assert_eq!(narrow("２０２１－０３－１１　０９：１１，Ａ"), "2021-03-11 09:11，A");
    }

    #[test]
    fn a_chinese_character_is_as_wide_as_two_letters() {
        assert_eq!(width("唐山 news"), 8);
        assert_eq!(punctuation("好，好。Ja, gut."), 4);
    }

    #[test]
    fn separators_at_the_ends_go() {
        assert_eq!(trim_separators(" » 唐山 - 新闻 | "), "唐山 - 新闻");
    }
}
