//! What scripts open: functions that go to an address, and the address that a call of one makes.

/// Pieces of one address.
const MOST_PIECES: usize = 12;
/// A longer argument is a text.
const MOST_ARGUMENT: usize = 200;

/// A function that opens an address.
#[derive(Debug)]
pub(super) struct Opener {
    pub(super) name: String,
    pub(super) parameters: Vec<String>,
    pub(super) pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    Name(String),
}

/// A function by its text behind the word: `view(id) { … }`.
pub(super) fn opener(text: &str) -> Option<Opener> {
    let (name, rest) = text.split_once('(')?;
    let (parameters, body) = rest.split_once(')')?;
    let parameters: Vec<String> = parameters.split(',').map(|one| one.trim().to_owned()).collect();
    let mut pieces = sent_to(body)?;
    // the address may be put together before: `var url = "show.asp?id=" + id; window.open(url)`
    if let [Piece::Name(variable)] = pieces.as_slice()
        && !parameters.contains(variable)
    {
        let set = body.match_indices(variable.as_str()).find_map(|(at, _)| {
            let value = body.get(at + variable.len()..)?.trim_start().strip_prefix('=')?;
            Some(expression(value)).filter(|pieces| !pieces.is_empty())
        });
        pieces = set?;
    }
    Some(Opener { name: name.trim().to_owned(), parameters, pieces })
}

/// What a script opens or goes to, as the pieces of an address.
pub(super) fn sent_to(script: &str) -> Option<Vec<Piece>> {
    let words = ["location.href", "location.replace", "location.assign", "window.open", "location"];
    words.into_iter().find_map(|word| {
        script.match_indices(word).find_map(|(at, _)| {
            let rest = script.get(at + word.len()..)?.trim_start();
            let value =
                rest.strip_prefix('=').filter(|rest| !rest.starts_with('=')).or(rest.strip_prefix('('))?;
            Some(expression(value)).filter(|pieces| !pieces.is_empty())
        })
    })
}

/// Texts and names joined by `+`.
fn expression(written: &str) -> Vec<Piece> {
    let (mut rest, mut pieces) = (written.trim_start(), Vec::new());
    while pieces.len() < MOST_PIECES {
        if let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) {
            let Some((text, after)) = rest.get(1..).and_then(|rest| rest.split_once(quote)) else { break };
            pieces.push(Piece::Text(text.replace("\\/", "/")));
            rest = after.trim_start();
        } else {
            let end =
                rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$'))).unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            // what is called or taken from an object is not known
            if name.is_empty() || after.starts_with(['(', '.', '[']) {
                return Vec::new();
            }
            pieces.push(Piece::Name(name.to_owned()));
            rest = after.trim_start();
        }
        match rest.strip_prefix('+') {
            Some(more) => rest = more.trim_start(),
            None => break,
        }
    }
    pieces
}

/// The address that pieces make with a call's arguments; None when one of them is not known, or all of it is an argument.
pub(super) fn put(pieces: &[Piece], parameters: &[String], arguments: &[String]) -> Option<String> {
    let has_text = pieces.iter().any(|piece| matches!(piece, Piece::Text(text) if text.len() > 1));
    let address = pieces.iter().map(|piece| match piece {
        Piece::Text(text) => Some(text.as_str()),
        Piece::Name(name) => {
            let place = parameters.iter().position(|own| own == name)?;
            arguments.get(place).map(String::as_str)
        }
    });
    let address: String = address.collect::<Option<_>>()?;
    let is_address = has_text || address.contains(['/', '?']) || address.contains(".htm");
    is_address.then_some(address)
}

/// The arguments of a call that are plain: numbers and texts.
pub(super) fn arguments(written: &str) -> Vec<String> {
    let inner = written.split(')').next().unwrap_or_default();
    let plain = |one: &str| one.trim().trim_matches(['"', '\'']).to_owned();
    inner.split(',').map(plain).filter(|one| one.len() < MOST_ARGUMENT).collect()
}
