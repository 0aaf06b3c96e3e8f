//! The content codings of a body taken off again, one by one, each within its limits.

use std::io;

use async_compression::tokio::bufread::{BrotliDecoder, DeflateDecoder, GzipDecoder, ZlibDecoder};
use tokio::io::{AsyncRead, AsyncReadExt};

use crate::model::Class;

use super::exchange::Overlong;
use super::room::{KEPT, Place};

/// No page is packed so well; a bomb is. Counted only after [`RATIO_FROM`].
const MOST_RATIO: usize = 200;
/// Small bodies of white space pack very well and harm nobody.
const RATIO_FROM: usize = 1024 * 1024;
/// More codings on top of each other have no use but to harm.
const MOST_CODINGS: usize = 2;
/// A gzip file may be several in a row (RFC 1952 section 2.2); each costs a new decoder.
const MOST_MEMBERS: usize = 1024;
/// Decoded at a time; and after so many such pieces other tasks have their turn.
const PIECE_BYTES: usize = 64 * 1024;
const PIECES_A_TURN: usize = 16;

/// Why a body was not read whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BodyError {
    pub(super) class: Class,
    pub(super) detail: String,
}

impl BodyError {
    fn new(class: Class, detail: impl Into<String>) -> Self {
        Self { class, detail: detail.into() }
    }

    pub(super) fn too_large(most: usize) -> Self {
        Self::new(Class::TooLarge, format!("the answer is larger than {most} bytes"))
    }
}

/// How much a body may hold after each decoder.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) most: usize,
    pub(super) overlong: Overlong,
}

/// A way to write a body down, and to read it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    Gzip,
    Brotli,
    /// zlib by RFC 9110 section 8.4.1.2; some servers send the bare stream.
    Deflate,
}

/// Reads `Content-Encoding` (RFC 9110 section 8.4): the codings in the order in which they were applied.
pub(super) fn codings(content_encoding: &str) -> Result<Vec<Coding>, BodyError> {
    let mut codings = Vec::new();
    for name in content_encoding.split(',').map(|name| name.trim().to_ascii_lowercase()) {
        match name.as_str() {
            "" | "identity" => {}
            "gzip" | "x-gzip" => codings.push(Coding::Gzip),
            "br" => codings.push(Coding::Brotli),
            "deflate" => codings.push(Coding::Deflate),
            unknown => {
                let shown: String = unknown.chars().filter(char::is_ascii_graphic).take(40).collect();
                return Err(BodyError::new(
                    Class::Protocol,
                    format!("content coding `{shown}` was not asked for"),
                ));
            }
        }
    }
    if codings.len() > MOST_CODINGS {
        let detail = format!("{} content codings on top of each other", codings.len());
        return Err(BodyError::new(Class::TooLarge, detail));
    }
    Ok(codings)
}

/// Whether a body is a gzip file by itself (RFC 1952 section 2.3.1), as `sitemap.xml.gz` is whatever its headers say. One
/// that came in as many codings as are taken off stays as it is.
pub(super) fn is_packed_file(body: &[u8], codings: &[Coding]) -> bool {
    codings.len() < MOST_CODINGS && body.starts_with(&[0x1f, 0x8b, 0x08])
}

/// Takes the codings off, the last one first.
pub(super) async fn decoded(
    wire: Vec<u8>,
    codings: &[Coding],
    limits: Limits,
    place: &mut Place,
) -> Result<Vec<u8>, BodyError> {
    // an empty body is an empty body, whatever its coding
    if wire.is_empty() {
        return Ok(wire);
    }
    let wire_bytes = wire.len();
    let mut data = wire;
    for (number, coding) in codings.iter().enumerate().rev() {
        let keep = if number == 0 { KEPT } else { usize::MAX };
        let mut out = Unpacked { data: Vec::new(), length: 0, keep, wire_bytes, limits, place };
        let read = match coding {
            Coding::Gzip => gunzip(&data, &mut out).await,
            Coding::Brotli => out.fill(BrotliDecoder::new(data.as_slice())).await,
            Coding::Deflate if is_zlib(&data) => out.fill(ZlibDecoder::new(data.as_slice())).await,
            Coding::Deflate => out.fill(DeflateDecoder::new(data.as_slice())).await,
        };
        read?;
        data = out.data;
    }
    Ok(data)
}

/// One member after the other; what follows the last one is padding, and nobody reads it.
async fn gunzip(packed: &[u8], out: &mut Unpacked<'_>) -> Result<(), BodyError> {
    let mut rest = packed;
    for _ in 0..MOST_MEMBERS {
        let mut member = GzipDecoder::new(rest);
        out.fill(&mut member).await?;
        rest = member.into_inner();
        if out.is_full() || !rest.starts_with(&[0x1f, 0x8b]) {
            return Ok(());
        }
    }
    Err(BodyError::new(Class::TooLarge, format!("more than {MOST_MEMBERS} gzip members in a row")))
}

/// RFC 1950 section 2.2: method 8, and a check value.
fn is_zlib(packed: &[u8]) -> bool {
    match packed {
        [method, flags, ..] => method & 0x0f == 8 && u16::from_be_bytes([*method, *flags]) % 31 == 0,
        _ => true,
    }
}

/// What came out of one decoder.
#[derive(Debug)]
struct Unpacked<'a> {
    data: Vec<u8>,
    /// Bytes that came out, kept or not.
    length: usize,
    keep: usize,
    place: &'a mut Place,
    wire_bytes: usize,
    limits: Limits,
}

impl Unpacked<'_> {
    async fn fill(&mut self, mut decoder: impl AsyncRead + Unpin) -> Result<(), BodyError> {
        let mut piece = vec![0; PIECE_BYTES];
        for turn in 1_usize.. {
            let length = match decoder.read(&mut piece).await {
                Ok(0) => break,
                Ok(length) => length,
                // a body that was cut by us ends in the middle of its coding
                Err(error) if ends_early(&error) && self.may_be_cut() => break,
                Err(error) => return Err(unreadable(&error)),
            };
            self.take(piece.get(..length).unwrap_or_default()).await?;
            if self.is_full() {
                break;
            }
            if turn % PIECES_A_TURN == 0 {
                tokio::task::yield_now().await;
            }
        }
        Ok(())
    }

    async fn take(&mut self, piece: &[u8]) -> Result<(), BodyError> {
        let Limits { most, overlong } = self.limits;
        self.length += piece.len();
        let decoded = self.length;
        match overlong {
            Overlong::Refuse if decoded > most => return Err(BodyError::too_large(most)),
            Overlong::Refuse | Overlong::Cut => {}
        }
        if decoded > RATIO_FROM && decoded / MOST_RATIO > self.wire_bytes {
            let detail = format!("the answer unpacks to over {MOST_RATIO} times its size");
            return Err(BodyError::new(Class::TooLarge, detail));
        }
        let room = most.min(self.keep).saturating_sub(self.data.len());
        self.place.hold(self.data.len() + piece.len().min(room)).await;
        if self.data.len() + piece.len() > self.data.capacity() && self.data.capacity() > RATIO_FROM {
            self.data.reserve_exact(room);
        }
        self.data.extend_from_slice(piece.get(..room).unwrap_or(piece));
        Ok(())
    }

    fn may_be_cut(&self) -> bool {
        self.limits.overlong == Overlong::Cut
    }

    fn is_full(&self) -> bool {
        self.may_be_cut() && self.length >= self.limits.most
    }
}

/// The deflate decoders have no kind for it; `body_tests` notices if they word it anew.
fn ends_early(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::UnexpectedEof || error.to_string() == "unexpected BufError"
}

fn unreadable(error: &io::Error) -> BodyError {
    if ends_early(error) {
        return BodyError::new(Class::Truncated, "the body ends before its content coding does");
    }
    BodyError::new(Class::Protocol, "the body is not in the content coding that its header names")
}

#[cfg(test)]
#[path = "body_tests.rs"]
mod tests;
