//! A page handed in by a person: from standard input or a file, unpacked, bounded.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::Path;

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};
use flate2::read::MultiGzDecoder;

use crate::model::PageUrl;
use crate::runtime::Clock;

use super::out;

/// Bytes of one page, packed or not: as much as the fetcher takes from a portal.
const LIMIT: u64 = 16 * 1024 * 1024;
/// How a gzip stream begins (RFC 1952 section 2.3.1).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// What is known beside the bytes of a page.
#[derive(Debug, clap::Args)]
pub(super) struct Beside {
    /// The `Content-Type` header that came with the page
    #[arg(long, value_name = "VALUE")]
    pub(super) content_type: Option<String>,
    /// When the page was fetched, as 2026-11-23T05:40:00Z [default: now]
    #[arg(long, value_name = "RFC3339", value_parser = instant)]
    pub(super) now: Option<DateTime<Utc>>,
}

impl Beside {
    /// When the page was fetched.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.now.unwrap_or_else(|| Clock::system().now())
    }
}

/// Reads an instant with its zone (RFC 3339).
pub(super) fn instant(text: &str) -> Result<DateTime<Utc>, String> {
    DateTime::parse_from_rfc3339(text.trim())
        .map(|at| at.to_utc())
        .map_err(|e| format!("{e}; write it with its zone, as 2026-11-23T05:40:00Z"))
}

/// Reads an absolute http or https address.
pub(super) fn address(text: &str) -> Result<PageUrl, String> {
    PageUrl::parse(text)
        .map_err(|e| format!("{e}; write the whole address, as https://news.example-city.cn/"))
}

/// The page on standard input.
///
/// # Errors
/// When it cannot be read or is over the limit.
pub(super) fn from_stdin() -> anyhow::Result<Vec<u8>> {
    let stdin = io::stdin();
    if stdin.is_terminal() {
        out::tell("reading the page from the terminal; Ctrl-D ends it (usual: tidings … < page.html)");
    }
    unpacked(stdin.lock(), false).context("the page on standard input")
}

/// The bytes of a file; `.gz` is unpacked.
///
/// # Errors
/// When it cannot be read or is over the limit.
pub(super) fn from_file(path: &Path) -> anyhow::Result<Vec<u8>> {
    let packed = path.extension().is_some_and(|ext| ext.eq_ignore_ascii_case("gz"));
    let read = || -> anyhow::Result<Vec<u8>> { unpacked(File::open(path)?, packed) };
    read().with_context(|| path.display().to_string())
}

fn unpacked(reader: impl Read, packed: bool) -> anyhow::Result<Vec<u8>> {
    let bytes = bounded(reader)?;
    if packed || bytes.starts_with(&GZIP) {
        bounded(MultiGzDecoder::new(bytes.as_slice()))
    } else {
        Ok(bytes)
    }
}

fn bounded(reader: impl Read) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(LIMIT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LIMIT {
        bail!("over 16 MiB, more than a page may have");
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn a_packed_page_is_unpacked_within_the_limit() {
        assert_eq!(unpacked(packed(b"<p>x").as_slice(), false).unwrap(), b"<p>x");
        let bomb = packed(&vec![b' '; usize::try_from(LIMIT).unwrap() + 1]);
        assert!(bomb.len() < 100_000 && unpacked(bomb.as_slice(), true).is_err());
        assert!(unpacked(&b"no gzip"[..], true).is_err());
    }

    #[test]
    fn a_time_without_a_zone_is_refused() {
        assert!(instant("2026-11-23T05:40:00").is_err());
        assert_eq!(instant("2026-11-23T13:40:00+08:00").unwrap().to_rfc3339(), "2026-11-23T05:40:00+00:00");
    }
}
