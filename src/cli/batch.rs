//! `tidings extract --batch`: many pages, one JSON a line in the same order; a bad one stops nothing.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use anyhow::Context;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::exit::End;
use super::input::{self, Beside};
use super::reading::{self, Given, Told};

/// Bytes of one line: an address, a path and a header fit many times over.
const LINE_LIMIT: u64 = 1024 * 1024;

/// Where a page lies of which nobody noted the address; no such host can be (RFC 6761 section 6.4).
const UNKNOWN: &str = "http://unknown.invalid/";

/// One page of a batch.
#[derive(Debug, Deserialize)]
struct Line {
    #[serde(default)]
    id: Value,
    url: Option<String>,
    file: String,
    now: Option<String>,
    content_type: Option<String>,
}

/// Reads every page that `file` names. Fails, at the end, if one could not be read.
pub(super) fn run(file: &Path, beside: &Beside) -> anyhow::Result<End> {
    let folder = file.parent().unwrap_or_else(|| Path::new(""));
    let mut lines = BufReader::new(File::open(file).with_context(|| file.display().to_string())?);
    let mut out = BufWriter::new(io::stdout().lock());
    // one instant for the whole batch, so that pages of one moment are read alike
    let now = beside.now();
    let mut end = End::Done;
    while let Some(line) = next(&mut lines).with_context(|| file.display().to_string())? {
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        match one(&line, folder, beside.content_type.as_deref(), now) {
            Ok(told) => serde_json::to_writer(&mut out, &told).map_err(io::Error::from)?,
            Err((id, error)) => {
                end = End::Failed;
                let told = json!({ "id": id, "error": format!("{error:#}") });
                serde_json::to_writer(&mut out, &told).map_err(io::Error::from)?;
            }
        }
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(end)
}

/// The next line without its end; None after the last. What is over the limit is left out of it.
fn next(lines: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    if lines.by_ref().take(LINE_LIMIT).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    if line.last() != Some(&b'\n') {
        lines.skip_until(b'\n')?;
    }
    Ok(Some(line))
}

fn one(
    line: &[u8],
    folder: &Path,
    content_type: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Told, (Value, anyhow::Error)> {
    let parsed: Value = serde_json::from_slice(line).map_err(|e| (Value::Null, e.into()))?;
    let id = parsed.get("id").cloned().unwrap_or_default();
    let line: Line = serde_json::from_value(parsed).map_err(|e| (id.clone(), e.into()))?;
    let read = || -> anyhow::Result<Told> {
        // an address that is none costs its own hints, not the page
        let noted = line.url.as_deref().and_then(|url| input::address(url).ok());
        let url = noted.map_or_else(|| input::address(UNKNOWN), Ok).map_err(anyhow::Error::msg)?;
        let now = line.now.as_deref().map_or(Ok(now), input::instant).map_err(anyhow::Error::msg)?;
        let bytes = input::from_file(&folder.join(&line.file))?;
        let content_type = line.content_type.as_deref().or(content_type);
        let given = Given { bytes: &bytes, url: &url, content_type, now };
        // nothing outlives a page, so a panic in one leaves nothing half done
        catch_unwind(AssertUnwindSafe(|| reading::article(&given)))
            .map_err(|_| anyhow::anyhow!("internal: a panic while reading the page, please report it"))
    };
    let mut told = read().map_err(|e| (id, e))?;
    told.id = Some(line.id);
    Ok(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endless_line_is_cut_and_the_next_one_is_whole() {
        let mut text = vec![b'x'; 3 * usize::try_from(LINE_LIMIT).unwrap()];
        text.extend_from_slice(b"\nsecond\nlast");
        let mut lines = text.as_slice();
        assert!(next(&mut lines).unwrap().unwrap().len() as u64 <= LINE_LIMIT);
        assert_eq!(next(&mut lines).unwrap().unwrap(), b"second\n");
        assert_eq!(next(&mut lines).unwrap().unwrap(), b"last");
        assert_eq!(next(&mut lines).unwrap(), None);
    }

    #[test]
    fn a_bad_line_is_told_by_its_id() {
        let now = DateTime::UNIX_EPOCH;
        let error = |line: &str| one(line.as_bytes(), Path::new("/nowhere"), None, now).unwrap_err();
        assert_eq!(error("{").0, Value::Null);
        assert_eq!(error(r#"{"id":"a"}"#).0, json!("a"));
        let (id, why) = error(r#"{"id":7,"url":"http://a.example/","file":"missing.html"}"#);
        assert_eq!(id, json!(7));
        assert!(format!("{why:#}").contains("missing.html"), "{why:#}");
    }
}
