//! A bare hyper server that answers what a tidings answers, for measuring what tidings adds to it.
//!
//! `cargo run --release --example bare -- 127.0.0.1:7878 /feeds/sample.rss 127.0.0.1:7879` asks the tidings at the first
//! address once, plain, for gzip and for 304, and then answers those bytes at the second address, to any path.

#![expect(clippy::disallowed_methods, reason = "connections end with the process: nobody awaits them here")]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use anyhow::Context;
use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, IF_NONE_MATCH};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;

/// An answer as it came.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    /// Asks once, on a connection of its own.
    fn ask(server: &str, path: &str, header: &str) -> anyhow::Result<Self> {
        let mut stream = TcpStream::connect(server).with_context(|| format!("no tidings at {server}"))?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {server}\r\nConnection: close\r\n{header}\r\n")?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes)?;
        let end = bytes.windows(4).position(|part| part == b"\r\n\r\n").context("no end of the headers")?;
        let body = Bytes::from(bytes.split_off(end + 4));
        let head = String::from_utf8(bytes)?;
        let status = head.get(9..12).context("no status")?.parse()?;
        let mut headers = HeaderMap::new();
        for (name, value) in head.lines().skip(1).filter_map(|line| line.split_once(": ")) {
            // hyper writes these itself
            if !["date", "connection", "content-length"].contains(&name) {
                headers.append(HeaderName::try_from(name)?, HeaderValue::try_from(value)?);
            }
        }
        Ok(Self { status, headers, body })
    }

    fn response(&self) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::new(self.body.clone()));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers.clone();
        response
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [server, path, listen] = arguments.as_slice() else {
        anyhow::bail!("usage: bare TIDINGS PATH LISTEN, as 127.0.0.1:7878 /feeds/sample.rss 127.0.0.1:7879")
    };
    let plain = Answer::ask(server, path, "")?;
    let gzip = Answer::ask(server, path, "Accept-Encoding: gzip\r\n")?;
    let etag = plain.headers.get("etag").context("no ETag")?.to_str()?;
    let same = Answer::ask(server, path, &format!("If-None-Match: {etag}\r\n"))?;
    let answers = Arc::new((plain, gzip, same));
    let listener = tokio::net::TcpListener::bind(listen).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let answers = Arc::clone(&answers);
        let service = hyper::service::service_fn(move |request: Request<Incoming>| {
            let headers = request.headers();
            let answer = match (headers.contains_key(IF_NONE_MATCH), headers.contains_key(ACCEPT_ENCODING)) {
                (true, _) => &answers.2,
                (false, true) => &answers.1,
                (false, false) => &answers.0,
            };
            std::future::ready(Ok::<_, std::convert::Infallible>(answer.response()))
        });
        // a client that goes away is no fault
        tokio::spawn(
            hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service),
        );
    }
}
