//! `XPath` 1.0 as scrapers write it, to CSS selectors; what CSS cannot say is told.

/// Predicates may stand in predicates so deep.
const MOST_DEEP: u32 = 8;

/// Translates an expression. None is the context itself; a last `@attr` becomes the attribute that a selector takes.
///
/// # Errors
/// What of it CSS cannot say.
pub(super) fn to_css(expression: &str) -> Result<Option<String>, String> {
    let written = expression.trim();
    // an attribute of the first of several
    let first = written.rsplit_once(")[1]/@").filter(|(places, _)| places.starts_with('('));
    let joined = first.map(|(places, attr)| format!("{}/@{attr}", places.trim_start_matches('(')));
    let joined = joined.filter(|joined| is_balanced(joined));
    let bare = unwrapped(joined.as_deref().unwrap_or(written));
    if bare.is_empty() {
        return Ok(None);
    }
    let mut ways = Vec::new();
    for way in split(bare, "|") {
        ways.extend(path(way.trim())?);
    }
    let attrs = ways.iter().filter(|(_, attr)| attr.is_some()).count();
    if ways.len() > 1 && attrs > 0 {
        let first = ways.first().and_then(|(_, attr)| attr.as_ref());
        if !ways.iter().all(|(_, attr)| attr.as_ref() == first) {
            return Err("its ways take different attributes".to_owned());
        }
    }
    let attr = ways.first().and_then(|(_, attr)| attr.clone());
    let css: Vec<String> = ways.into_iter().map(|(css, _)| css).filter(|css| !css.is_empty()).collect();
    match (css.is_empty(), attr) {
        (true, Some(attr)) => {
            Err(format!("it takes `{attr}` of the item itself, and selectors look within it"))
        }
        (true, None) => Ok(None),
        (false, None) => Ok(Some(css.join(", "))),
        (false, Some(attr)) => Ok(Some(format!("{}@{attr}", css.join(", ")))),
    }
}

/// Takes off what changes nothing here: `string(…)`, `normalize-space(…)`, and `(…)[1]`, since the first counts anyway.
fn unwrapped(expression: &str) -> &str {
    let mut bare = expression;
    loop {
        let inner = ["string(", "normalize-space(", "("].into_iter().find_map(|open| {
            let inner = bare.strip_prefix(open)?;
            let inner = inner.strip_suffix(')').or_else(|| inner.strip_suffix(")[1]"))?;
            is_balanced(inner).then_some(inner.trim())
        });
        match inner {
            Some(inner) => bare = inner,
            None => return bare,
        }
    }
}

fn is_balanced(text: &str) -> bool {
    let mut depth = 0_i32;
    for c in text.chars() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

/// Parts a text at a mark that stands outside of brackets and quotes.
fn split<'a>(text: &'a str, mark: &str) -> Vec<&'a str> {
    let (mut depth, mut quote, mut start, mut parts) = (0_i32, None, 0, Vec::new());
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) => quote = Some(open).filter(|open| *open != c),
            (None, '"' | '\'') => quote = Some(c),
            (None, '[' | '(') => depth += 1,
            (None, ']' | ')') => depth -= 1,
            _ => {}
        }
        if quote.is_none()
            && depth == 0
            && at >= start
            && text.get(at..).is_some_and(|rest| rest.starts_with(mark))
        {
            parts.extend(text.get(start..at));
            start = at + mark.len();
        }
    }
    parts.extend(text.get(start..));
    parts
}

type Way = (String, Option<String>);

/// One location path to a selector and its attribute; None for the context itself.
fn path(written: &str) -> Result<Option<Way>, String> {
    if written.starts_with(['"', '\'']) {
        return Err("it is a text of its own, no place on the page".to_owned());
    }
    let rest = written.strip_prefix("self::node()").unwrap_or(written);
    // what begins the path joins nothing: `//`, `/`, `.//`, `./`
    let rest = rest.strip_prefix('.').filter(|rest| !rest.starts_with('.')).unwrap_or(rest);
    let (id, rest) = of_id(rest)?;
    let (mut attr, mut deep, mut css) = (None, id.is_none(), id.unwrap_or_default());
    // what stands around one thing on the page may be asked for by what it holds
    let mut steps = u32::from(!css.is_empty());
    let is_whole = written.starts_with('/');
    for step in split(rest, "/") {
        let step = step.trim();
        if step.is_empty() {
            deep = true;
            continue;
        }
        if attr.is_some() {
            return Err("something stands behind an attribute".to_owned());
        }
        if let Some(name) = step.strip_prefix('@').or_else(|| step.strip_prefix("attribute::")) {
            attr = Some(name.to_owned());
            continue;
        }
        if matches!(step, "text()" | "." | "self::node()" | "self::*") {
            continue;
        }
        if step == "descendant-or-self::node()" {
            deep = true;
            continue;
        }
        if let Some(around) = around(step).filter(|_| is_whole && steps == 1 && !deep) {
            css = format!("{}:has({}{css})", around?, if step == ".." { "> " } else { "" });
            continue;
        }
        let (joined, simple) = self::step(step, deep, MOST_DEEP)?;
        match joined {
            " ~ " if css.is_empty() => return Err("it stands behind the item, not within it".to_owned()),
            _ if css.is_empty() => {}
            joined => css.push_str(joined),
        }
        css.push_str(&simple);
        deep = false;
        steps += 1;
    }
    Ok((!css.is_empty() || attr.is_some()).then_some((css, attr)))
}

/// `id('x')` at the beginning of a path, and what follows.
fn of_id(path: &str) -> Result<(Option<String>, &str), String> {
    let Some((name, rest)) = path.strip_prefix("id(").and_then(|rest| rest.split_once(')')) else {
        return Ok((None, path));
    };
    let name = literal(name).ok_or_else(|| format!("CSS has no `id({name})`"))?;
    // one `/` leads to what it holds, two lead on below
    Ok((Some(format!("[id={}]", quoted(name))), rest.strip_prefix('/').unwrap_or(rest)))
}

/// A step to what stands around, as a selector; None for other steps.
fn around(step: &str) -> Option<Result<String, String>> {
    if step == ".." {
        return Some(Ok("*".to_owned()));
    }
    let test = step.strip_prefix("ancestor::")?;
    // the nearest of several is another question
    Some(self::step(test, true, MOST_DEEP).and_then(|(_, css)| {
        if css.contains("nth-") || css.contains(":last-") {
            Err("CSS has no `ancestor::` with a place".to_owned())
        } else {
            Ok(css)
        }
    }))
}

/// One step: how it joins the one before it, and the compound selector.
fn step(step: &str, deep: bool, left: u32) -> Result<(&'static str, String), String> {
    let (axis, test) = match step
        .split_once("::")
        .filter(|(axis, _)| axis.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
    {
        Some((axis, test)) => (axis, test),
        None => ("child", step),
    };
    let joined = match axis {
        "child" if deep => " ",
        "child" => " > ",
        "descendant" | "descendant-or-self" => " ",
        "following-sibling" => " ~ ",
        other => return Err(format!("CSS has no `{other}::`")),
    };
    let at = test.find('[').unwrap_or(test.len());
    let (name, mut predicates) = test.split_at(at);
    let name = name.trim();
    if name == ".." {
        return Err("CSS has no way up (`..`)".to_owned());
    }
    let is_name = name == "*"
        || name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_')) && !name.is_empty();
    if !is_name && name != "node()" {
        return Err(format!("CSS has no `{name}`"));
    }
    let is_any = matches!(name, "*" | "node()");
    let mut simple = if is_any { String::new() } else { name.to_ascii_lowercase() };
    while let Some(inner) = predicates.strip_prefix('[') {
        let end = close(inner).ok_or_else(|| "a `[` is never closed".to_owned())?;
        let (condition, rest) = inner.split_at(end);
        simple.push_str(&predicate(condition.trim(), is_any, left)?);
        predicates = rest.trim_start_matches(']').trim_start();
    }
    if !predicates.is_empty() {
        return Err(format!("`{predicates}` is not understood"));
    }
    // there they count what follows, or all that is below; CSS counts among brothers
    let counts = simple.contains(":nth-") || simple.contains(":last-");
    let is_first = simple.ends_with(":nth-of-type(1)") || simple.ends_with(":nth-child(1)");
    if counts && (axis == "following-sibling" || axis.starts_with("descendant") && !is_first) {
        return Err(format!("CSS does not count along `{axis}::`"));
    }
    if simple.is_empty() || simple.starts_with("::") {
        simple.insert(0, '*');
    }
    Ok((joined, simple))
}

/// Where the bracket that is open closes.
fn close(text: &str) -> Option<usize> {
    let (mut depth, mut quote) = (0, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) => quote = Some(open).filter(|open| *open != c),
            (None, '"' | '\'') => quote = Some(c),
            (None, '[') => depth += 1,
            (None, ']') if depth == 0 => return Some(at),
            (None, ']') => depth -= 1,
            _ => {}
        }
    }
    None
}

fn predicate(condition: &str, is_any: bool, left: u32) -> Result<String, String> {
    let left = left.checked_sub(1).ok_or("its conditions are nested too deep")?;
    let kind = if is_any { "child" } else { "of-type" };
    if condition.bytes().all(|b| b.is_ascii_digit()) && !condition.is_empty() {
        return Ok(format!(":nth-{kind}({condition})"));
    }
    let either = split(condition, " or ");
    if either.len() > 1 {
        let ways: Result<Vec<String>, String> =
            either.into_iter().map(|part| predicate(part.trim(), is_any, left)).collect();
        return Ok(format!(":is({})", ways?.join(", ")));
    }
    let both = split(condition, " and ");
    if both.len() > 1 {
        return both.into_iter().map(|part| predicate(part.trim(), is_any, left)).collect();
    }
    if let Some(name) = condition.strip_prefix("self::")
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
    {
        return Ok(format!(":is({})", name.to_ascii_lowercase()));
    }
    if let Some(inner) = call(condition, "not") {
        return Ok(format!(":not({})", predicate(inner.trim(), is_any, left)?));
    }
    let tight: String = condition.chars().filter(|c| !c.is_whitespace()).collect();
    match tight.as_str() {
        "last()" | "position()=last()" => return Ok(format!(":last-{kind}")),
        _ => {}
    }
    if let Some(rest) = tight.strip_prefix("position()") {
        let of = |sign: &str| rest.strip_prefix(sign).and_then(|number| number.parse::<u32>().ok());
        let (least, most) =
            (of(">=").or_else(|| Some(of(">")? + 1)), of("<=").or_else(|| of("<")?.checked_sub(1)));
        return match (of("="), least, most) {
            (Some(number), ..) => Ok(format!(":nth-{kind}({number})")),
            (_, Some(least), _) => Ok(format!(":nth-{kind}(n+{least})")),
            (.., Some(most)) => Ok(format!(":nth-{kind}(-n+{most})")),
            _ => Err(format!("CSS has no `[{condition}]`")),
        };
    }
    if let Some(css) = attribute(condition)? {
        return Ok(css);
    }
    if condition.starts_with(['.', '*'])
        || condition.chars().all(|c| c.is_alphanumeric() || "-_:/@[]='\" ".contains(c))
    {
        let is_far = condition.starts_with(".//") || condition.starts_with("descendant");
        if let Some((css, None)) = path(condition)? {
            let sign = if is_far { "" } else { "> " };
            return Ok(format!(":has({sign}{css})"));
        }
        if let Some((css, Some(attr))) = path(condition)? {
            let sign = if is_far { "" } else { "> " };
            return Ok(format!(":has({sign}{css}[{attr}])"));
        }
    }
    Err(format!("CSS has no `[{condition}]`"))
}

/// The inside of a call of this name that is all of the text.
fn call<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let inner = text.strip_prefix(name)?.trim_start().strip_prefix('(')?.strip_suffix(')')?;
    is_balanced(inner).then_some(inner)
}

/// Conditions on attributes; None for others.
fn attribute(condition: &str) -> Result<Option<String>, String> {
    for (name, sign) in [("contains", "*="), ("starts-with", "^="), ("ends-with", "$=")] {
        let Some(inner) = call(condition, name) else { continue };
        let parts = split(inner, ",");
        let [subject, value] = parts.as_slice() else {
            return Err(format!("CSS has no `[{condition}]`"));
        };
        let value = literal(value).ok_or_else(|| format!("CSS has no `[{condition}]`"))?;
        // contains(concat(' ', normalize-space(@class), ' '), ' x ') asks for a whole word
        if let Some(joined) = call(subject.trim(), "concat") {
            let attr = split(joined, ",").into_iter().find_map(|part| named(unwrapped(part.trim())));
            let attr = attr.ok_or_else(|| format!("CSS has no `[{condition}]`"))?;
            return Ok(Some(format!("[{attr}~={}]", quoted(value.trim()))));
        }
        let Some(attr) = named(unwrapped(subject.trim())) else {
            return Err("CSS cannot ask for text".to_owned());
        };
        return Ok(Some(format!("[{attr}{sign}{}]", quoted(value))));
    }
    let tight: String = condition.chars().filter(|c| !c.is_whitespace()).collect();
    let inner = tight.strip_prefix("string-length(@").and_then(|rest| {
        rest.strip_suffix(")>0").or_else(|| rest.strip_suffix(")!=0")).or_else(|| rest.strip_suffix(")>=1"))
    });
    if let Some(attr) = inner {
        return Ok(Some(format!("[{attr}]:not([{attr}=\"\"])")));
    }
    let Some(rest) = condition.strip_prefix('@') else {
        return if condition.contains("text()") || condition.starts_with(".=") {
            Err("CSS cannot ask for text".to_owned())
        } else {
            Ok(None)
        };
    };
    for (mark, open, end) in [("!=", ":not([", "])"), ("=", "[", "]")] {
        let parts = split(rest, mark);
        if let [attr, value] = parts.as_slice() {
            let value = literal(value).ok_or_else(|| format!("CSS has no `[{condition}]`"))?;
            let attr = attr.trim();
            // what is not there is not unlike anything either
            let lead = if mark == "!=" { format!("[{attr}]") } else { String::new() };
            return Ok(Some(format!("{lead}{open}{attr}={}{end}", quoted(value))));
        }
    }
    let is_name = rest.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    if is_name { Ok(Some(format!("[{rest}]"))) } else { Err(format!("CSS has no `[{condition}]`")) }
}

fn named(subject: &str) -> Option<&str> {
    let name = subject.strip_prefix('@')?;
    name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).then_some(name)
}

fn literal(text: &str) -> Option<&str> {
    let text = text.trim();
    ['"', '\'']
        .into_iter()
        .find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote))
        .filter(|inner| !inner.contains('"'))
}

fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\"))
}

#[cfg(test)]
#[path = "xpath_tests.rs"]
mod tests;
