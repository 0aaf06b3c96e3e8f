//! The way out of a browser: a proxy on loopback, for one page's time, that applies the guard to all it is asked for.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::model::{Class, PageUrl};

use super::exchange::FetchError;
use super::guard::Guard;

/// Connections of one page at once; Chromium itself opens 6 to a host and 32 to a proxy.
const MOST_CONNECTIONS: usize = 48;
/// Connections of one page in all.
const MOST_REQUESTS: u64 = 500;
/// The head of a request or of an answer.
const MOST_HEAD: usize = 64 * 1024;
/// For the head of a request, and for the connection to a server.
const LIMIT: Duration = Duration::from_secs(10);
/// Bytes carried in one piece.
const PIECE: usize = 16 * 1024;

/// The proxy of one page.
#[derive(Debug)]
pub(super) struct Relay {
    listener: TcpListener,
    address: SocketAddr,
    guard: Guard,
    /// Never dialled, whatever the guard allows: the browser's own controls.
    shut: SocketAddr,
    most: u64,
    carried: AtomicU64,
    requests: AtomicU64,
    refused: Mutex<Vec<FetchError>>,
}

/// What a browser asks a proxy for.
struct Asked {
    is_tunnel: bool,
    url: PageUrl,
    /// The head as the server gets it.
    head: Vec<u8>,
    /// Bytes of the body that follow.
    body: u64,
}

impl Relay {
    /// A proxy that carries so many bytes at most.
    pub(super) async fn open(guard: Guard, shut: SocketAddr, most: u64) -> io::Result<Self> {
        let listener = TcpListener::bind((shut.ip(), 0)).await?;
        let address = listener.local_addr()?;
        let (carried, requests, refused) = (AtomicU64::new(0), AtomicU64::new(0), Mutex::default());
        Ok(Self { listener, address, guard, shut, most, carried, requests, refused })
    }

    /// Where the browser finds it.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Bytes carried so far, both ways.
    pub(super) fn carried(&self) -> u64 {
        self.carried.load(Ordering::Relaxed)
    }

    /// Connections so far.
    pub(super) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Whether the page asked for more than it may have.
    pub(super) fn is_full(&self) -> bool {
        self.carried() > self.most
    }

    /// Whether it asked for more parts than it may have.
    pub(super) fn is_spent(&self) -> bool {
        self.requests() > MOST_REQUESTS
    }

    /// Why a host was not let through, if it was not.
    pub(super) fn refusal(&self, host: &str) -> Option<FetchError> {
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused.iter().find(|error| error.fault.url.as_ref().is_some_and(|url| url.host() == host)).cloned()
    }

    /// Why the last host that was not let through was not.
    pub(super) fn last_refusal(&self) -> Option<FetchError> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).last().cloned()
    }

    /// Serves until it is dropped, and all connections with it.
    pub(super) async fn run(&self) -> Infallible {
        let mut open = FuturesUnordered::new();
        loop {
            tokio::select! {
                accepted = self.listener.accept(), if open.len() < MOST_CONNECTIONS => match accepted {
                    Ok((client, _)) => open.push(self.converse(client)),
                    // out of descriptors: others end
                    Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
                },
                Some(_) = open.next() => {}
            }
        }
    }

    /// One connection of the browser: one request, or one tunnel. What breaks is the browser's to tell.
    async fn converse(&self, mut client: TcpStream) -> io::Result<()> {
        let (head, rest) = tokio::time::timeout(LIMIT, head(&mut client)).await??;
        let Some(asked) = read(&head) else {
            return client
                .write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                .await;
        };
        let requests = self.requests.fetch_add(1, Ordering::Relaxed);
        let reached = if requests < MOST_REQUESTS && !self.is_full() {
            tokio::time::timeout(LIMIT, self.reach(&asked.url)).await.unwrap_or(Err(Unreached::Down))
        } else {
            Err(Unreached::Down)
        };
        let mut server = match reached {
            Ok(server) => server,
            Err(why) => {
                let status = if let Unreached::Refused(error) = why {
                    self.refused.lock().unwrap_or_else(PoisonError::into_inner).push(error);
                    "403 Forbidden"
                } else {
                    "502 Bad Gateway"
                };
                let told = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                return client.write_all(told.as_bytes()).await;
            }
        };
        let (mut from_client, mut to_client) = client.split();
        let (mut from_server, mut to_server) = server.split();
        if asked.is_tunnel {
            to_client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?;
            to_server.write_all(&rest).await?;
            tokio::select! {
                up = self.carry(&mut from_client, &mut to_server, u64::MAX) => up,
                down = self.carry(&mut from_server, &mut to_client, u64::MAX) => down,
            }
        } else {
            to_server.write_all(&asked.head).await?;
            let sent = asked.body.min(rest.len() as u64);
            to_server.write_all(rest.get(..usize::try_from(sent).unwrap_or(0)).unwrap_or_default()).await?;
            self.carry(&mut from_client, &mut to_server, asked.body - sent).await?;
            let (head, rest) = head_of_answer(&mut from_server).await?;
            to_client.write_all(&once(&head)).await?;
            to_client.write_all(&rest).await?;
            self.carried.fetch_add((head.len() + rest.len()) as u64, Ordering::Relaxed);
            self.carry(&mut from_server, &mut to_client, u64::MAX).await
        }
    }

    /// Looks a host up under the guard, and dials what was found.
    async fn reach(&self, url: &PageUrl) -> Result<TcpStream, Unreached> {
        let refuse = |why: String| Unreached::Refused(FetchError::new(Class::BlockedAddress, url, why));
        self.guard.check(url, None).map_err(Unreached::Refused)?;
        let port = url.as_url().port_or_known_default().unwrap_or(0);
        let host = url.host().trim_start_matches('[').trim_end_matches(']');
        let found = tokio::net::lookup_host((host, port)).await.map_err(|_| Unreached::Down)?;
        let addresses = self.guard.admit(found.collect()).map_err(|ip| refuse(Guard::why(ip)))?;
        let is_ours = |address: &SocketAddr| {
            address.ip().to_canonical().is_loopback()
                && [self.shut.port(), self.address.port()].contains(&address.port())
        };
        if addresses.iter().any(is_ours) {
            return Err(refuse("the browser's own controls are no page".to_owned()));
        }
        TcpStream::connect(addresses.as_slice()).await.map_err(|_| Unreached::Down)
    }

    /// Carries bytes one way, until the end or the bound.
    async fn carry(
        &self,
        from: &mut (impl AsyncRead + Unpin),
        to: &mut (impl AsyncWrite + Unpin),
        mut left: u64,
    ) -> io::Result<()> {
        let mut piece = vec![0; PIECE];
        while left > 0 && !self.is_full() {
            let most = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
            let read = from.read(piece.get_mut(..most).unwrap_or_default()).await?;
            if read == 0 {
                break;
            }
            left -= read as u64;
            self.carried.fetch_add(read as u64, Ordering::Relaxed);
            to.write_all(piece.get(..read).unwrap_or_default()).await?;
        }
        Ok(())
    }
}

/// Why a server was not reached.
enum Unreached {
    Refused(FetchError),
    Down,
}

/// A head, and what came behind it.
async fn head(from: &mut (impl AsyncRead + Unpin)) -> io::Result<(Vec<u8>, Vec<u8>)> {
    let mut head = Vec::new();
    loop {
        if let Some(end) = memchr::memmem::find(&head, b"\r\n\r\n") {
            let rest = head.split_off(end + 4);
            return Ok((head, rest));
        }
        if head.len() > MOST_HEAD || from.read_buf(&mut head).await? == 0 {
            return Err(io::ErrorKind::InvalidData.into());
        }
    }
}

/// The head of the last answer: those that only say `continue` are passed over.
async fn head_of_answer(from: &mut (impl AsyncRead + Unpin)) -> io::Result<(Vec<u8>, Vec<u8>)> {
    let (mut found, mut rest) = head(from).await?;
    while found.get(8..11).is_some_and(|status| status == b" 10") {
        if memchr::memmem::find(&rest, b"\r\n\r\n").is_none() {
            let (more, behind) = head(from).await?;
            (found, rest) = ([rest, more].concat(), behind);
        } else {
            let end = memchr::memmem::find(&rest, b"\r\n\r\n").map_or(0, |at| at + 4);
            let behind = rest.split_off(end);
            (found, rest) = (rest, behind);
        }
    }
    Ok((found, rest))
}

/// What a head asks for; None when it is no request to a proxy.
fn read(head: &[u8]) -> Option<Asked> {
    let text = std::str::from_utf8(head).ok()?;
    let (line, lines) = text.split_once("\r\n")?;
    let mut words = line.split(' ');
    let (method, target) = (words.next()?, words.next()?);
    if method == "CONNECT" {
        let url = PageUrl::parse(&format!("https://{target}/")).ok()?;
        return Some(Asked { is_tunnel: true, url, head: Vec::new(), body: 0 });
    }
    let url = PageUrl::parse(target).ok().filter(|url| url.as_url().scheme() == "http")?;
    let is_kept = |line: &&str| {
        let name = line.split(':').next().unwrap_or_default().to_ascii_lowercase();
        !matches!(name.as_str(), "connection" | "keep-alive" | "te" | "upgrade")
            && !name.starts_with("proxy-")
    };
    let kept: Vec<&str> = lines.split("\r\n").filter(|line| !line.is_empty()).filter(is_kept).collect();
    let length = kept.iter().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<u64>().ok())?
    });
    let path = url.path_and_query();
    let head = format!("{method} {path} HTTP/1.1\r\n{}\r\nConnection: close\r\n\r\n", kept.join("\r\n"));
    Some(Asked { is_tunnel: false, url, head: head.into_bytes(), body: length.unwrap_or(0) })
}

/// The head of an answer, saying that the connection ends with it: the next request may be for another host.
fn once(head: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(head.len() + 24);
    for line in head.split_inclusive(|byte| *byte == b'\n') {
        let name = line.split(|byte| *byte == b':').next().unwrap_or_default().to_ascii_lowercase();
        if line.len() > 2 && !matches!(name.as_slice(), b"connection" | b"keep-alive") {
            out.extend_from_slice(line);
        }
    }
    out.extend_from_slice(b"Connection: close\r\n\r\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the relay answers to a head, while a server with one answer is there; `{}` is the server's address.
    async fn asked(head: &str, allowed: &str, is_shut: bool) -> (String, String) {
        let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = server.local_addr().unwrap();
        let shut = if is_shut { address } else { SocketAddr::from(([127, 0, 0, 1], 1)) };
        let guard = Guard::new(vec![allowed.parse().unwrap()]);
        let relay = Relay::open(guard, shut, 1 << 20).await.unwrap();
        let mut client = TcpStream::connect(relay.address()).await.unwrap();
        let text = head.replace("{}", &address.to_string()).replace("{port}", &address.port().to_string());
        let seen = Mutex::new(String::new());
        let serve = async {
            let (mut stream, _) = server.accept().await.unwrap();
            let (got, _) = super::head(&mut stream).await.unwrap();
            *seen.lock().unwrap() = String::from_utf8(got).unwrap();
            // it keeps the connection open: the relay ends it all the same
            let said = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok";
            stream.write_all(said).await.unwrap();
            std::future::pending::<()>().await;
        };
        let ask = async {
            client.write_all(text.as_bytes()).await.unwrap();
            let mut told = vec![0; 4096];
            let mut length = 0;
            while !told[..length].ends_with(b"ok") {
                let read = client.read(&mut told[length..]).await.unwrap();
                if read == 0 {
                    break;
                }
                length += read;
            }
            String::from_utf8(told[..length].to_vec()).unwrap()
        };
        let told = tokio::select! {
            told = ask => told,
            () = serve => unreachable!("it stays"),
            never = relay.run() => match never {},
        };
        let seen = seen.lock().unwrap().clone();
        (told, seen)
    }

    #[tokio::test]
    async fn a_request_goes_to_its_server_and_ends_its_connection() {
        let head = "GET http://{}/a?b HTTP/1.1\r\nHost: {}\r\nProxy-Connection: keep-alive\r\nConnection: keep-alive\r\n\r\n";
        let (told, seen) = asked(head, "127.0.0.0/8", false).await;
        assert!(seen.starts_with("GET /a?b HTTP/1.1\r\nHost: 127.0.0.1"), "{seen}");
        assert!(!seen.to_lowercase().contains("keep-alive"), "{seen}");
        assert_eq!(told, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
    }

    #[tokio::test]
    async fn what_the_guard_keeps_shut_is_refused_whatever_its_form() {
        for (head, allowed, is_shut) in [
            ("GET http://{}/ HTTP/1.1\r\n\r\n", "10.0.0.0/8", false),
            ("CONNECT {} HTTP/1.1\r\n\r\n", "10.0.0.0/8", false),
            ("CONNECT localhost:{port} HTTP/1.1\r\n\r\n", "10.0.0.0/8", false),
            ("CONNECT [::ffff:127.0.0.1]:{port} HTTP/1.1\r\n\r\n", "10.0.0.0/8", false),
            ("CONNECT 127.0.0.1:25 HTTP/1.1\r\n\r\n", "127.0.0.0/8", false),
            // the browser's own controls, though loopback is allowed
            ("GET http://{}/json/new HTTP/1.1\r\n\r\n", "127.0.0.0/8", true),
            ("CONNECT localhost:{port} HTTP/1.1\r\n\r\n", "127.0.0.0/8", true),
        ] {
            let (told, seen) = asked(head, allowed, is_shut).await;
            assert!(told.starts_with("HTTP/1.1 403"), "{head}: {told}");
            assert!(seen.is_empty());
        }
        for head in ["GET / HTTP/1.1\r\n\r\n", "GET ftp://{}/ HTTP/1.1\r\n\r\n", "\r\n\r\n"] {
            assert!(asked(head, "127.0.0.0/8", false).await.0.starts_with("HTTP/1.1 400"), "{head}");
        }
    }
}
