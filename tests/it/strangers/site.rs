//! A site of raw bytes on loopback: every path has its play, to the letter and in its own time.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What becomes of a connection after the first bytes.
#[derive(Debug, Clone)]
pub(super) enum After {
    /// It is closed.
    Close,
    /// Nothing more comes, and it stays.
    Hang,
    /// It is reset.
    Reset,
    /// These bytes again and again, with a pause before each.
    Again(Vec<u8>, Duration),
}

/// What a path answers.
#[derive(Debug, Clone)]
pub(super) struct Play {
    bytes: Vec<u8>,
    after: After,
}

impl Play {
    /// Bytes as they are, then the end.
    pub(super) fn raw(bytes: impl AsRef<[u8]>) -> Self {
        Self { bytes: bytes.as_ref().to_vec(), after: After::Close }
    }

    pub(super) fn then(self, after: After) -> Self {
        Self { after, ..self }
    }

    /// The same bytes for ever, without a pause.
    pub(super) fn endless(self, piece: &str) -> Self {
        self.then(After::Again(piece.repeat(4096 / piece.len().max(1) + 1).into_bytes(), Duration::ZERO))
    }

    /// A byte a second would do; ten make the test's time.
    pub(super) fn drip(self, piece: &str) -> Self {
        self.then(After::Again(piece.as_bytes().to_vec(), Duration::from_millis(100)))
    }

    /// A proper answer with lines of head (each ends in CRLF) and a body.
    pub(super) fn answer(status: &str, lines: &str, body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let length = body.len();
        let head =
            format!("HTTP/1.1 {status}\r\n{lines}Content-Length: {length}\r\nConnection: close\r\n\r\n");
        Self::raw([head.as_bytes(), body].concat())
    }

    /// A page in UTF-8.
    pub(super) fn page(html: &str) -> Self {
        Self::answer("200 OK", "Content-Type: text/html; charset=utf-8\r\n", html)
    }

    pub(super) fn redirect(to: &str) -> Self {
        Self::answer("302 Found", &format!("Location: {to}\r\n"), "")
    }
}

#[derive(Debug, Default)]
struct Shared {
    plays: Mutex<BTreeMap<String, Play>>,
    seen: Mutex<Vec<(String, Instant)>>,
    stop: AtomicBool,
}

/// A running site; it ends with the test.
#[derive(Debug)]
pub(super) struct Site {
    pub(super) address: SocketAddr,
    shared: Arc<Shared>,
}

impl Site {
    pub(super) fn start() -> Self {
        Self::at("127.0.0.1:0")
    }

    pub(super) fn at(address: &str) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let site = Self { address: listener.local_addr().unwrap(), shared: Arc::default() };
        let shared = Arc::clone(&site.shared);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if shared.stop.load(Ordering::Relaxed) {
                    return;
                }
                let shared = Arc::clone(&shared);
                if let Ok(stream) = stream {
                    // who went away was told enough
                    std::thread::spawn(move || converse(stream, &shared).ok());
                }
            }
        });
        site
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(super) fn put(&self, path: &str, play: Play) {
        self.shared.plays.lock().unwrap().insert(path.to_owned(), play);
    }

    /// The heads of all requests, in lower case; of those that were no HTTP their first line.
    pub(super) fn seen(&self) -> Vec<String> {
        self.shared.seen.lock().unwrap().iter().map(|(head, _)| head.clone()).collect()
    }

    /// When a path was asked for.
    pub(super) fn when(&self, path: &str) -> Vec<Instant> {
        let seen = self.shared.seen.lock().unwrap();
        let asked = seen.iter().filter(|(head, _)| head.split(' ').nth(1) == Some(path));
        asked.map(|(_, at)| *at).collect()
    }

    /// How often a path was asked for.
    pub(super) fn asked(&self, path: &str) -> usize {
        self.seen().iter().filter(|head| head.split(' ').nth(1) == Some(path)).count()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        drop(TcpStream::connect(self.address));
    }
}

fn converse(mut stream: TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    stream.set_write_timeout(Some(Duration::from_secs(20)))?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head)? > 0 {}
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    shared.seen.lock().unwrap().push((head.to_lowercase(), Instant::now()));
    let play = shared.plays.lock().unwrap().get(&path).cloned();
    let play = play.unwrap_or_else(|| Play::answer("404 Not Found", "", "<p>not here"));
    stream.write_all(&play.bytes)?;
    match play.after {
        After::Close => stream.shutdown(std::net::Shutdown::Write),
        After::Hang => reader.read_line(&mut head).map(drop),
        After::Reset => {
            std::thread::sleep(Duration::from_millis(50));
            socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO))
        }
        After::Again(piece, pause) => loop {
            std::thread::sleep(pause);
            stream.write_all(&piece)?;
        },
    }
}
