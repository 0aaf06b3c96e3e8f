//! A tiny server on loopback: every path has its bytes, to the letter.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// How the bytes of an answer go out, and what follows them.
#[derive(Debug, Clone, Copy)]
pub(super) enum Manner {
    /// All at once, then the connection is closed.
    Close,
    /// All at once, then nothing more comes, but the connection stays.
    Hang,
    /// All at once, then the connection is reset.
    Reset,
    /// All at once, then one byte after the other without end.
    Drip,
}

#[derive(Debug)]
pub(super) struct Server {
    listener: TcpListener,
    pub(super) address: SocketAddr,
    answers: BTreeMap<String, (Vec<u8>, Manner)>,
    /// The heads of all requests, in lower case.
    seen: Mutex<Vec<String>>,
}

impl Server {
    pub(super) async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        Self { listener, address, answers: BTreeMap::new(), seen: Mutex::default() }
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The answer for a path, as it goes over the wire.
    pub(super) fn raw(mut self, path: &str, bytes: impl AsRef<[u8]>, manner: Manner) -> Self {
        self.answers.insert(path.to_owned(), (bytes.as_ref().to_vec(), manner));
        self
    }

    /// A proper answer: status line and headers (each ending in CRLF), body with its length.
    pub(super) fn page(self, path: &str, status: &str, headers: &str, body: &[u8]) -> Self {
        let length = body.len();
        let head =
            format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n");
        self.raw(path, [head.as_bytes(), body].concat(), Manner::Close)
    }

    pub(super) fn redirect(self, path: &str, status: &str, to: &str) -> Self {
        self.page(path, status, &format!("Location: {to}\r\n"), b"")
    }

    /// The heads of the requests for a path, in lower case.
    pub(super) fn seen(&self, path: &str) -> Vec<String> {
        let start = format!("get {path} ");
        self.seen.lock().unwrap().iter().filter(|head| head.starts_with(&start)).cloned().collect()
    }

    /// Answers one connection after the other; never ends.
    pub(super) async fn run(&self) {
        loop {
            let (stream, _) = self.listener.accept().await.unwrap();
            // the client may go away at any moment: that is its affair
            let _ = self.answer(stream).await;
        }
    }

    async fn answer(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let byte = stream.read_u8().await?;
            head.push(byte);
        }
        let head = String::from_utf8(head).unwrap();
        let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
        self.seen.lock().unwrap().push(head.to_ascii_lowercase());
        let missing = (
            b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_vec(),
            Manner::Close,
        );
        let (bytes, manner) = self.answers.get(&path).unwrap_or(&missing);
        stream.write_all(bytes).await?;
        match manner {
            Manner::Close => stream.shutdown().await,
            Manner::Hang => stream.read_u8().await.map(drop),
            Manner::Reset => {
                stream.flush().await?;
                socket_reset(stream)
            }
            Manner::Drip => loop {
                stream.write_all(b"x").await?;
                tokio::time::sleep(Duration::from_millis(5)).await;
            },
        }
    }
}

/// A linger of nothing makes the close a reset.
fn socket_reset(stream: TcpStream) -> std::io::Result<()> {
    stream.set_zero_linger()?;
    drop(stream);
    Ok(())
}
