//! YAML to values with their lines, within bounds.

use saphyr_parser::{Event, Parser};

/// A deeper document is no configuration.
const MOST_DEEP: usize = 32;
/// One with more values neither.
const MOST_VALUES: usize = 100_000;

/// A value and the line it stands in, counted from 1.
#[derive(Debug, Clone, Default)]
pub(super) struct Node {
    pub(super) line: usize,
    pub(super) value: Value,
}

/// What a value is.
#[derive(Debug, Clone, Default)]
pub(super) enum Value {
    /// Nothing, or what is not understood.
    #[default]
    None,
    Text(String),
    List(Vec<Node>),
    /// Keys with their lines, in order.
    Map(Vec<(String, usize, Node)>),
}

impl Node {
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|(own, ..)| own == key).map(|(.., node)| node)
    }

    pub(super) fn text(&self) -> Option<&str> {
        if let Value::Text(text) = &self.value { Some(text) } else { None }
    }

    pub(super) fn entries(&self) -> &[(String, usize, Self)] {
        if let Value::Map(entries) = &self.value { entries } else { &[] }
    }
}

/// What is open while reading.
enum Open {
    List(usize, Vec<Node>),
    Map(usize, Vec<(String, usize, Node)>, Option<(String, usize)>),
}

/// Reads the first document.
///
/// # Errors
/// Where and why it is no YAML that is read here.
pub(super) fn read(text: &str) -> Result<Node, String> {
    let mut open: Vec<Open> = Vec::new();
    let mut count = 0;
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| format!("not YAML: {error}"))?;
        let line = span.start.line();
        count += 1;
        if count > MOST_VALUES || open.len() > MOST_DEEP {
            return Err(format!("line {line}: there is too much of it"));
        }
        let done = match event {
            Event::SequenceStart(..) => {
                open.push(Open::List(line, Vec::new()));
                continue;
            }
            Event::MappingStart(..) => {
                open.push(Open::Map(line, Vec::new(), None));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(Open::List(line, items)) => Node { line, value: Value::List(items) },
                Some(Open::Map(line, entries, _)) => Node { line, value: Value::Map(entries) },
                None => continue,
            },
            Event::Scalar(text, ..) => Node { line, value: Value::Text(text.into_owned()) },
            // what an anchor holds is not carried over; the place is told by who asks for it
            Event::Alias(_) => Node { line, value: Value::None },
            Event::DocumentEnd => break,
            _ => continue,
        };
        match open.last_mut() {
            None => return Ok(done),
            Some(Open::List(_, items)) => items.push(done),
            Some(Open::Map(_, entries, key)) => match key.take() {
                Some((name, at)) => entries.push((name, at, done)),
                None => *key = Some((done.text().unwrap_or_default().to_owned(), done.line)),
            },
        }
    }
    Ok(Node::default())
}
