//! A client that sends any bytes at any pace, and reads answers as strictly as a cache in front of us would.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use crate::daemon::{Daemon, Home};

pub(super) const TOKEN: &str = "s3cret-0f-the-admin";

/// A connection without a word for so long has nothing more to say.
const QUIET: Duration = Duration::from_millis(400);

/// Nothing here takes longer, on a busy machine as well.
const PATIENCE: Duration = Duration::from_secs(20);

/// A folder whose daemon has the sample portal and an admin token.
pub(super) fn home(more: &str) -> Home {
    let home = Home::new(&format!(
        "[server]\nadmin_token_file = \"token\"\n{more}[[portal]]\nname = \"sample\"\nurl = \"sample:\"\n\
         tags = [\"town\"]\nevery = \"1h\"\nfetch = {{ min_gap = \"0s\" }}\n"
    ));
    home.write("token", TOKEN);
    home
}

/// The daemon of such a folder, once its feed is there.
pub(super) fn started(home: &Home) -> Daemon {
    let daemon = home.start();
    daemon.wait("/feeds/sample.rss", |answer| answer.text().matches("<item>").count() >= 10);
    daemon
}

/// One answer as it stands on the wire.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Reply {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Head and body, to look for what must not be there.
    pub(super) fn whole(&self) -> String {
        format!("{:?}\n{}", self.headers, self.text())
    }
}

/// What came back for some bytes.
#[derive(Debug, Clone)]
pub(super) struct Heard {
    pub(super) replies: Vec<Reply>,
    /// The server ended the connection, in order or by a reset.
    pub(super) closed: bool,
}

impl Heard {
    /// The statuses, in order.
    pub(super) fn statuses(&self) -> Vec<u16> {
        self.replies.iter().map(|reply| reply.status).collect()
    }

    /// The one answer there must be.
    pub(super) fn only(&self) -> &Reply {
        assert_eq!(self.replies.len(), 1, "{:?}", self.statuses());
        &self.replies[0]
    }
}

/// Sends bytes on a connection of their own and hears until the end or until nothing more comes.
pub(super) fn send(address: SocketAddr, bytes: &[u8]) -> Heard {
    send_as(address, bytes, false)
}

/// The same for a HEAD, whose answer has no body whatever its length says.
pub(super) fn send_head(address: SocketAddr, bytes: &[u8]) -> Heard {
    send_as(address, bytes, true)
}

fn send_as(address: SocketAddr, bytes: &[u8], bodiless: bool) -> Heard {
    let mut stream = connect(address);
    // a server may refuse before all of it is sent
    let _sent = stream.write_all(bytes);
    let (heard, closed) = hear(&mut stream);
    Heard { replies: replies(&heard, bodiless), closed }
}

pub(super) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect_timeout(&address, PATIENCE).expect("a connection");
    stream.set_read_timeout(Some(QUIET)).unwrap();
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Everything that comes until the connection ends or is quiet; the first byte may take longer.
fn hear(stream: &mut TcpStream) -> (Vec<u8>, bool) {
    let (mut heard, mut buffer, began) = (Vec::new(), [0; 65536], Instant::now());
    while began.elapsed() < PATIENCE {
        match stream.read(&mut buffer) {
            Ok(0) => return (heard, true),
            Ok(count) => heard.extend_from_slice(&buffer[..count]),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
                if !heard.is_empty() || began.elapsed() > QUIET * 4 {
                    return (heard, false);
                }
            }
            Err(_) => return (heard, true),
        }
    }
    (heard, false)
}

/// Reads answers one behind the other; what is no answer is a failure of the test.
fn replies(mut rest: &[u8], bodiless: bool) -> Vec<Reply> {
    let mut replies = Vec::new();
    while !rest.is_empty() {
        let end = rest.windows(4).position(|four| four == b"\r\n\r\n");
        let end = end.unwrap_or_else(|| panic!("half a head: {:?}", String::from_utf8_lossy(rest)));
        let head = std::str::from_utf8(&rest[..end]).expect("a head in ASCII");
        let mut lines = head.split("\r\n");
        let first = lines.next().unwrap();
        assert!(first.starts_with("HTTP/1."), "no answer: {first:?}");
        let status = first[9..12].parse().unwrap();
        let headers: Vec<(String, String)> = lines
            .map(|line| line.split_once(": ").unwrap_or_else(|| line.split_once(':').unwrap()))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        rest = &rest[end + 4..];
        let has_none = bodiless || status == 304 || status == 204 || status < 200;
        let length = headers.iter().find(|(name, _)| name == "content-length");
        let length = length.map_or(0, |(_, length)| length.parse().unwrap());
        assert!(headers.iter().all(|(name, _)| name != "transfer-encoding"), "{first}: chunked");
        let length = if has_none { 0 } else { length };
        assert!(rest.len() >= length, "{first}: {} of {length} bytes", rest.len());
        let body = rest[..length].to_vec();
        rest = &rest[length..];
        if status >= 200 {
            replies.push(Reply { status, headers, body });
        }
    }
    replies
}

/// One plain request with more header lines; each ends in CR LF.
pub(super) fn plain(method: &str, target: &str, lines: &str) -> Vec<u8> {
    format!("{method} {target} HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n{lines}\r\n").into_bytes()
}

/// A normal reader: how long a feed takes it, connecting included.
pub(super) fn reads(address: SocketAddr) -> Duration {
    let began = Instant::now();
    let heard = send(address, &plain("GET", "/feeds/sample.rss", "Accept-Encoding: gzip\r\n"));
    assert_eq!(heard.statuses(), [200], "a normal reader is served");
    assert!(heard.closed);
    began.elapsed()
}

/// Whether the server has ended the connection; what it still sends is thrown away.
pub(super) fn is_gone(stream: &mut TcpStream) -> bool {
    let mut buffer = [0; 65536];
    stream.set_nonblocking(true).unwrap();
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) => return error.kind() != std::io::ErrorKind::WouldBlock,
        }
    }
}
