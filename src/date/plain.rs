//! A text made plain for reading dates, with the way back to the text as written.

/// Lower case, full-width forms narrowed, one kind of blank; each byte knows where it came from.
pub(super) struct Plain {
    pub(super) text: String,
    origin: Vec<usize>,
}

impl Plain {
    pub(super) fn of(written: &str) -> Self {
        let mut text = String::with_capacity(written.len());
        let mut origin = Vec::with_capacity(written.len() + 1);
        for (at, c) in written.char_indices() {
            let before = text.len();
            match narrow(c) {
                '㍻' => text.push_str("平成"),
                '㍼' => text.push_str("昭和"),
                '㋿' => text.push_str("令和"),
                narrowed => text.extend(narrowed.to_lowercase().take(1)),
            }
            origin.resize(origin.len() + text.len() - before, at);
        }
        origin.push(written.len());
        Self { text, origin }
    }

    /// Where a byte of the plain text stands in the text as written.
    pub(super) fn origin(&self, at: usize) -> usize {
        self.origin.get(at).or(self.origin.last()).copied().unwrap_or_default()
    }
}

fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '’' | '‘' | '`' => '\'',
        '∶' | '︰' => ':',
        // Marks that show nothing would part a date in the middle.
        '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}' => ' ',
        c if c.is_whitespace() => ' ',
        c => c,
    }
}
