//! Rust source to its words: no comments, no strings, no test code mistaken for the real thing.

/// One word or mark of a source file.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    /// An identifier, `::`, or one punctuation character.
    pub(crate) text: String,
    /// Counted from 1.
    pub(crate) line: usize,
    /// Inside an item under `#[cfg(test)]`.
    pub(crate) test: bool,
}

impl Word {
    /// Whether this is a name and not a mark.
    pub(crate) fn is_name(&self) -> bool {
        self.text.starts_with(|first: char| first == '_' || first.is_alphabetic())
    }
}

/// The words of a file, in order.
pub(crate) fn words(source: &str) -> Vec<Word> {
    let mut words = split(&blank(source));
    mark_tests(&mut words);
    words
}

/// The source with comments and literals turned to spaces; line breaks stay.
fn blank(source: &str) -> String {
    let chars: Vec<char> = source.chars().collect();
    let mut kept = String::with_capacity(source.len());
    let mut at = 0;
    while at < chars.len() {
        let end = skip(&chars, at);
        if end == at {
            kept.push(chars[at]);
            at += 1;
        } else {
            kept.extend(chars[at..end].iter().map(|&c| if c == '\n' { '\n' } else { ' ' }));
            at = end;
        }
    }
    kept
}

/// Where the comment or literal that begins at `at` ends; `at` itself if none begins there.
fn skip(chars: &[char], at: usize) -> usize {
    let next = |offset: usize| chars.get(at + offset).copied().unwrap_or('\0');
    let inside_word = at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_');
    match chars[at] {
        '/' if next(1) == '/' => find(chars, at, |c| c == '\n'),
        '/' if next(1) == '*' => block_comment(chars, at),
        '"' => quoted(chars, at, '"'),
        '\'' if next(1) == '\\' || next(2) == '\'' => quoted(chars, at, '\''),
        'r' | 'b' | 'c' if !inside_word => {
            let mut marks = at + 1;
            if chars[at] != 'r' && next(1) == 'r' {
                marks += 1;
            }
            let hashes = chars[marks..].iter().take_while(|&&c| c == '#').count();
            let raw = chars[marks - 1] == 'r' && chars.get(marks + hashes) == Some(&'"');
            if raw { raw_string(chars, marks + hashes + 1, hashes) } else { at }
        }
        _ => at,
    }
}

fn find(chars: &[char], from: usize, wanted: impl Fn(char) -> bool) -> usize {
    chars[from..].iter().position(|&c| wanted(c)).map_or(chars.len(), |found| from + found)
}

fn block_comment(chars: &[char], start: usize) -> usize {
    let (mut at, mut depth) = (start, 0_usize);
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    chars.len()
}

fn quoted(chars: &[char], start: usize, quote: char) -> usize {
    let mut at = start + 1;
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 2,
            c if c == quote => return at + 1,
            _ => at += 1,
        }
    }
    chars.len()
}

fn raw_string(chars: &[char], from: usize, hashes: usize) -> usize {
    let ends = |at: usize| {
        chars[at] == '"' && chars[at + 1..].iter().take(hashes).filter(|&&c| c == '#').count() == hashes
    };
    (from..chars.len()).find(|&at| ends(at)).map_or(chars.len(), |at| at + 1 + hashes)
}

fn split(source: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    for (number, line) in source.lines().enumerate() {
        let mut rest = line.trim_start();
        while let Some(first) = rest.chars().next() {
            let length = if rest.starts_with("::") {
                2
            } else if first == '_' || first.is_alphanumeric() {
                rest.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(rest.len())
            } else {
                first.len_utf8()
            };
            words.push(Word { text: rest[..length].to_owned(), line: number + 1, test: false });
            rest = rest[length..].trim_start();
        }
    }
    words
}

/// Marks every item that stands under `#[cfg(test)]`, to its closing brace or semicolon.
fn mark_tests(words: &mut [Word]) {
    const CFG_TEST: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut at = 0;
    while at + CFG_TEST.len() <= words.len() {
        if !words[at..].iter().zip(CFG_TEST).all(|(word, mark)| word.text == mark) {
            at += 1;
            continue;
        }
        let end = item_end(words, at + CFG_TEST.len());
        words[at..end].iter_mut().for_each(|word| word.test = true);
        at = end;
    }
}

fn item_end(words: &[Word], from: usize) -> usize {
    let mut depth = 0_usize;
    for (at, word) in words.iter().enumerate().skip(from) {
        match word.text.as_str() {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && matches!(word.text.as_str(), "}" | ";") {
            return at + 1;
        }
    }
    words.len()
}
