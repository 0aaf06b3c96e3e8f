//! A body read up to its limits: bytes on the wire, bytes decoded, and the ratio between them.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use async_compression::tokio::write::{BrotliDecoder, DeflateDecoder, GzipDecoder, ZlibDecoder};
use bytes::Bytes;
use tokio::io::{AsyncWrite, AsyncWriteExt};

use crate::model::Class;

/// No page is packed so well; a bomb is. Counted only after [`RATIO_FROM`].
const MOST_RATIO: usize = 200;
/// Small bodies of white space pack very well and harm nobody.
const RATIO_FROM: usize = 1024 * 1024;
/// More codings on top of each other have no use but to harm.
const MOST_CODINGS: usize = 2;

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
}

type Decoder = Pin<Box<dyn AsyncWrite + Send>>;

/// Takes the chunks of a body as they come.
pub(super) struct Body {
    store: Arc<Mutex<Store>>,
    codings: Vec<String>,
    decoder: Option<Decoder>,
    /// The first bytes of a `deflate` body, until it is known which of its two forms it has.
    first: Vec<u8>,
}

#[derive(Debug)]
struct Store {
    data: Vec<u8>,
    wire: usize,
    most: usize,
    exceeded: Option<BodyError>,
}

impl Body {
    /// A body with these `Content-Encoding`s (in the order they were applied, RFC 9110 section 8.4).
    pub(super) fn new(content_encoding: &str, most: usize) -> Result<Self, BodyError> {
        let codings: Vec<String> = content_encoding
            .split(',')
            .map(|coding| coding.trim().to_ascii_lowercase())
            .filter(|coding| !matches!(coding.as_str(), "" | "identity"))
            .collect();
        if codings.len() > MOST_CODINGS {
            let detail = format!("{} content codings on top of each other", codings.len());
            return Err(BodyError::new(Class::TooLarge, detail));
        }
        if let Some(unknown) = codings.iter().find(|coding| !is_known(coding)) {
            let shown: String = unknown.chars().filter(char::is_ascii_graphic).take(40).collect();
            return Err(BodyError::new(
                Class::Protocol,
                format!("content coding `{shown}` was not asked for"),
            ));
        }
        let store = Arc::new(Mutex::new(Store { data: Vec::new(), wire: 0, most, exceeded: None }));
        Ok(Self { store, codings, decoder: None, first: Vec::new() })
    }

    /// Takes the next chunk.
    pub(super) async fn take(&mut self, chunk: &[u8]) -> Result<(), BodyError> {
        {
            let mut store = lock(&self.store);
            store.wire += chunk.len();
            if store.wire > store.most {
                return Err(too_large(store.most));
            }
        }
        if self.decoder.is_none() {
            self.first.extend_from_slice(chunk);
            if self.first.len() < 2 {
                return Ok(());
            }
            return self.begin().await;
        }
        self.write(chunk).await
    }

    /// Ends the body: its decoded bytes, and how many came over the wire.
    pub(super) async fn end(mut self) -> Result<(Bytes, u64), BodyError> {
        if self.decoder.is_none() {
            self.begin().await?;
        }
        let is_empty = lock(&self.store).wire == 0;
        // an empty body is an empty body, whatever its coding
        if let Some(decoder) = self.decoder.as_mut().filter(|_| !is_empty)
            && let Err(error) = decoder.shutdown().await
        {
            return Err(self.failure(&error));
        }
        drop(self.decoder);
        let mut store = lock(&self.store);
        Ok((Bytes::from(std::mem::take(&mut store.data)), store.wire as u64))
    }

    async fn begin(&mut self) -> Result<(), BodyError> {
        let first = std::mem::take(&mut self.first);
        let mut decoder: Decoder = Box::pin(Sink(Arc::clone(&self.store)));
        for (place, coding) in self.codings.iter().enumerate() {
            let is_outer = place + 1 == self.codings.len();
            decoder = match coding.as_str() {
                "gzip" | "x-gzip" => Box::pin(GzipDecoder::new(decoder)),
                "br" => Box::pin(BrotliDecoder::new(decoder)),
                // RFC 9110 section 8.4.1.2 means zlib, but some servers send the bare stream
                "deflate" if is_outer && !is_zlib(&first) => Box::pin(DeflateDecoder::new(decoder)),
                "deflate" => Box::pin(ZlibDecoder::new(decoder)),
                _ => decoder,
            };
        }
        self.decoder = Some(decoder);
        self.write(&first).await
    }

    async fn write(&mut self, chunk: &[u8]) -> Result<(), BodyError> {
        let Some(decoder) = self.decoder.as_mut() else { return Ok(()) };
        let written = decoder.write_all(chunk).await;
        written.map_err(|error| self.failure(&error))
    }

    fn failure(&self, error: &io::Error) -> BodyError {
        if let Some(exceeded) = lock(&self.store).exceeded.take() {
            return exceeded;
        }
        if error.kind() == io::ErrorKind::UnexpectedEof {
            return BodyError::new(Class::Truncated, "the body ends before its content coding does");
        }
        BodyError::new(Class::Protocol, format!("the body is not {} as announced", self.codings.join(", ")))
    }
}

fn is_known(coding: &str) -> bool {
    matches!(coding, "gzip" | "x-gzip" | "br" | "deflate")
}

/// RFC 1950 section 2.2: method 8, and a check value.
fn is_zlib(first: &[u8]) -> bool {
    match first {
        [method, flags, ..] => method & 0x0f == 8 && (u16::from(*method) << 8 | u16::from(*flags)) % 31 == 0,
        _ => true,
    }
}

pub(super) fn too_large(most: usize) -> BodyError {
    BodyError::new(Class::TooLarge, format!("the answer is larger than {most} bytes"))
}

fn lock(store: &Mutex<Store>) -> std::sync::MutexGuard<'_, Store> {
    store.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Where decoded bytes end up, counted.
struct Sink(Arc<Mutex<Store>>);

impl AsyncWrite for Sink {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let mut store = lock(&self.0);
        let decoded = store.data.len() + bytes.len();
        if decoded > store.most {
            store.exceeded = Some(too_large(store.most));
        } else if decoded > RATIO_FROM && decoded / MOST_RATIO > store.wire {
            let detail = format!("the answer unpacks to over {MOST_RATIO} times its size");
            store.exceeded = Some(BodyError::new(Class::TooLarge, detail));
        }
        if store.exceeded.is_some() {
            return Poll::Ready(Err(io::Error::other("over the limit")));
        }
        store.data.extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
