//! Texts that a script puts together: `base + "/list?page=" + n`, `` `${base}/list` ``, `"".concat(base, "/list")`, as far
//! as their parts stand in the script. Read, never run.

use super::constants::Values;

/// Bytes of one script that are read, and texts of it.
const MOST_SCRIPT: usize = 1 << 20;
const MOST_TEXTS: usize = 6000;
/// A longer text is no address and no part of one.
const LONG: usize = 500;
/// Parts of one text.
const MOST_PARTS: usize = 24;
/// Calls within calls.
const MOST_DEPTH: usize = 8;

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// As it stands.
    Text(String),
    /// What only the running script knows, by its last name: of `this.query.pageNo` that is `pageNo`.
    Gap(String),
}

/// A text of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// Where it begins and ends in the script.
    pub at: std::ops::Range<usize>,
    /// What it is made of.
    pub parts: Vec<Part>,
}

/// The texts of a script, in its order, and the constants that it gives a name.
#[must_use]
pub fn texts(script: &str) -> (Vec<Joined>, Values) {
    let script = script.get(..script.floor_char_boundary(MOST_SCRIPT)).unwrap_or(script);
    let values = Values::of(script);
    let mut all = Vec::new();
    let mut at = 0;
    while all.len() < MOST_TEXTS {
        let Some(begin) =
            script.get(at..).and_then(|rest| rest.find(['"', '\'', '`'])).map(|place| at + place)
        else {
            break;
        };
        let start = named_before(script, begin, at).unwrap_or(begin);
        let mut reader = Reader { script, at: start, values: &values, parts: Vec::new(), depth: 0 };
        reader.expression();
        let (end, parts) = (reader.at, reader.parts);
        // whatever was met, the next text begins behind it
        at = end.max(begin + 1);
        if !parts.is_empty() {
            all.push(Joined { at: start..end, parts });
        }
    }
    (all, values)
}

/// Where an expression begins whose first part is a name: `base + "…"`. Not before `from`.
fn named_before(script: &str, begin: usize, from: usize) -> Option<usize> {
    let before = script.get(from..begin)?.trim_end().strip_suffix('+')?.trim_end();
    let name = before.trim_end_matches(is_name_part);
    (name.len() < before.len()).then(|| from + name.len())
}

fn is_name_part(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$' | '.')
}

struct Reader<'a> {
    script: &'a str,
    at: usize,
    values: &'a Values,
    parts: Vec<Part>,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.script.get(self.at..).unwrap_or_default()
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// Terms joined by `+` or `.concat(…)`, as many as there are.
    fn expression(&mut self) {
        while self.parts.len() < MOST_PARTS && self.term() {
            let end = self.at;
            self.blanks();
            let is_joined = self.rest().starts_with('+') && !self.rest().starts_with("++");
            if !is_joined {
                self.at = end;
                return;
            }
            self.at += 1;
            self.blanks();
        }
    }

    /// One term; false when none begins here.
    fn term(&mut self) -> bool {
        match self.rest().chars().next() {
            Some(quote @ ('"' | '\'')) => self.string(quote),
            Some('`') => self.template(),
            Some('(') => {
                let inner = self.brackets();
                self.gap(last_name(inner));
            }
            Some(c) if c.is_alphanumeric() || matches!(c, '_' | '$') => self.named(),
            _ => return false,
        }
        self.behind();
        true
    }

    fn text(&mut self, text: &str) {
        match self.parts.last_mut() {
            Some(Part::Text(last)) if last.len() < LONG => last.push_str(text),
            Some(Part::Text(_)) => {}
            _ => self.parts.push(Part::Text(text.to_owned())),
        }
    }

    fn gap(&mut self, name: &str) {
        self.parts.push(Part::Gap(name.to_owned()));
    }

    fn string(&mut self, quote: char) {
        self.at += 1;
        let rest = self.rest();
        let mut end = 0;
        loop {
            let more = rest.get(end..).unwrap_or_default();
            let Some(found) = more.find([quote, '\\', '\n']) else {
                end = rest.len();
                break;
            };
            end += found;
            if !more.get(found..).unwrap_or_default().starts_with('\\') {
                break;
            }
            end = (end
                + 1
                + rest.get(end + 1..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8))
            .min(rest.len());
        }
        let told = rest.get(..end).unwrap_or_default();
        self.text(&plain(told.get(..told.floor_char_boundary(LONG)).unwrap_or_default()));
        self.at += end;
        self.at += usize::from(self.rest().starts_with(quote));
    }

    fn template(&mut self) {
        self.at += 1;
        while self.parts.len() < MOST_PARTS {
            let rest = self.rest();
            let end = rest.find(['`', '$']).unwrap_or(rest.len());
            let told = rest.get(..end).unwrap_or_default();
            self.text(told.get(..told.floor_char_boundary(LONG)).unwrap_or_default());
            self.at += end;
            let rest = self.rest();
            if let Some(after) = rest.strip_prefix("${") {
                let inner = after.split('}').next().unwrap_or_default();
                let inner = inner.get(..inner.floor_char_boundary(LONG)).unwrap_or_default();
                self.at += 2 + inner.len() + 1;
                self.at = self.at.min(self.script.len());
                self.at = self.script.floor_char_boundary(self.at);
                match self.values.at(inner.trim(), self.at) {
                    Some(told) => self.text(told),
                    None => self.gap(last_name(inner)),
                }
            } else if rest.starts_with('$') {
                self.text("$");
                self.at += 1;
            } else {
                self.at += usize::from(rest.starts_with('`'));
                return;
            }
        }
    }

    /// A name or a number, with what belongs to it: `a.b`, `f(a)`, `a["b"]`.
    fn named(&mut self) {
        let rest = self.rest();
        let end = rest.find(|c: char| !is_name_part(c)).unwrap_or(rest.len());
        let name = rest.get(..end).unwrap_or_default();
        self.at += end;
        if name.chars().all(|c| c.is_ascii_digit()) {
            return self.text(name);
        }
        if let Some(told) = self.values.at(name, self.at).filter(|_| !self.rest().starts_with(['(', '['])) {
            return self.text(told);
        }
        if name == "new" || name.starts_with("Date.") {
            self.blanks();
            let rest = self.rest();
            self.at += rest.find(|c: char| !is_name_part(c)).unwrap_or(rest.len());
            if self.rest().starts_with('(') {
                self.brackets();
            }
            return self.gap("timestamp");
        }
        let mut last = name.trim_end_matches('.');
        while self.rest().starts_with(['(', '[']) && self.parts.len() < MOST_PARTS {
            let inner = self.brackets();
            if !last_name(inner).is_empty() {
                last = inner;
            }
            if !self.rest().starts_with(['.', '(', '[']) {
                break;
            }
            if self.rest().starts_with(".concat(") {
                break;
            }
            let rest = self.rest();
            self.at += rest.find(|c: char| !is_name_part(c)).unwrap_or(rest.len());
        }
        self.gap(last_name(last));
    }

    /// What stands behind a term and belongs to it: `.concat(a, b)` goes on with it, another call does not change it.
    fn behind(&mut self) {
        while self.parts.len() < MOST_PARTS {
            if self.rest().starts_with(".concat(") {
                self.at += ".concat(".len();
                loop {
                    self.blanks();
                    self.expression_within();
                    self.blanks();
                    if !self.rest().starts_with(',') || self.parts.len() >= MOST_PARTS {
                        break;
                    }
                    self.at += 1;
                }
                self.at += usize::from(self.rest().starts_with(')'));
            } else if self.rest().starts_with('.') {
                let rest = self.rest();
                let end = rest.find(|c: char| !is_name_part(c)).unwrap_or(rest.len());
                if !rest.get(end..).unwrap_or_default().starts_with('(') {
                    return;
                }
                self.at += end;
                self.brackets();
            } else {
                return;
            }
        }
    }

    /// An argument: an expression, and past whatever else stands in it.
    fn expression_within(&mut self) {
        let before = self.at;
        self.depth += 1;
        if self.depth < MOST_DEPTH {
            self.expression();
        }
        self.depth -= 1;
        let rest = self.rest();
        self.at += if self.at == before { rest.find([',', ')']).unwrap_or(rest.len()) } else { 0 };
    }

    /// What stands in brackets that open here; past them.
    fn brackets(&mut self) -> &'a str {
        let rest = self.rest();
        let (mut open, mut end) = (0_usize, rest.len().min(1));
        for (at, c) in rest.char_indices().take(LONG) {
            match c {
                '(' | '[' | '{' => open += 1,
                ')' | ']' | '}' => open = open.saturating_sub(1),
                _ => {}
            }
            end = at + c.len_utf8();
            if open == 0 {
                break;
            }
        }
        self.at += end;
        rest.get(1..end.saturating_sub(1)).unwrap_or_default()
    }
}

/// The last name in an expression.
fn last_name(expression: &str) -> &str {
    let inner = expression.split([',', '|', '?']).next().unwrap_or_default();
    let inner = inner.trim().trim_end_matches([')', ']', '"', '\'', ' ']);
    let begin = inner
        .rfind(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$')))
        .map_or(0, |at| at + inner.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8));
    inner.get(begin..).unwrap_or_default()
}

/// A text without the marks of its quotes.
fn plain(told: &str) -> String {
    if told.contains('\\') {
        return told.replace("\\/", "/").replace("\\u0026", "&").replace("\\x26", "&");
    }
    told.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(script: &str) -> Vec<String> {
        let one = |text: Joined| {
            text.parts
                .into_iter()
                .map(|part| match part {
                    Part::Text(text) => text,
                    Part::Gap(name) => format!("{{{name}}}"),
                })
                .collect()
        };
        texts(script).0.into_iter().map(one).collect()
    }

    #[test]
    fn texts_are_put_together() {
        for (script, wanted) in [
            (
                "var a='/api', n = 20; f(a + '/list?size=' + n + '&from=' + from)",
                vec!["/api", "/api/list?size=20&from={from}"],
            ),
            ("var o=\"/v1\";g({url:\"\".concat(o,\"/page/\").concat(e.id)})", vec!["/v1", "/v1/page/{id}"]),
            ("const b=\"/x\";fetch(`${b}/l?c=${t.cid}&p=${page}`)", vec!["/x", "/x/l?c={cid}&p={page}"]),
            ("get('/l?_=' + new Date().getTime(), f)", vec!["/l?_={timestamp}"]),
            ("get('/l/' + encodeURIComponent(row.id) + '.json')", vec!["/l/{id}.json"]),
            ("get('/l/' + ids[i] + '/x')", vec!["/l/{i}/x"]),
            // of several of one name the last before
            ("var o='/a';f(o+'/1');var o='/b';f(o+'/2')", vec!["/a", "/a/1", "/b", "/b/2"]),
            ("a('it\\'s', \"b\")", vec!["it\\'s", "b"]),
        ] {
            assert_eq!(joined(script), wanted, "{script}");
        }
    }

    #[test]
    fn bounds_hold() {
        for text in [
            "\"".repeat(50_000),
            "`${".repeat(50_000),
            "'a'+".repeat(50_000),
            "''.concat(".repeat(20_000),
            "f('x'+((((".repeat(10_000),
            "a=1,".repeat(100_000),
            "'é\\".repeat(10_000),
            "x.concat(é".repeat(5_000),
        ] {
            let _ = texts(&text);
        }
    }
}
