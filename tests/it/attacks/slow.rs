//! Slow clients in every phase: gone within fifteen seconds, and a normal reader beside them waits for nothing.

use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use super::raw::{connect, home, is_gone, reads, started};

/// The promise (docs/PROMISES.md): slow clients are gone by then.
const GONE: Duration = Duration::from_secs(15);

/// And a normal reader beside them is answered in this time.
const ANSWERED: Duration = Duration::from_millis(1500);

/// Of each kind; half a thousand in all.
const EACH: usize = 72;

/// A slow client: what it says at first, and what at every tick.
struct Kind {
    name: &'static str,
    first: Vec<u8>,
    drip: &'static [u8],
    /// Bytes of the answer taken at a tick; None takes all that comes.
    takes: Option<usize>,
}

fn kinds() -> Vec<Kind> {
    let kind = |name, first: &str, drip: &'static str| Kind {
        name,
        first: first.as_bytes().to_vec(),
        drip: drip.as_bytes(),
        takes: None,
    };
    let post = "POST /hub HTTP/1.1\r\nHost: a\r\nContent-Length: 6000\r\n\r\nhub.mode=";
    let pages = "GET /feeds/all.json HTTP/1.1\r\nHost: a\r\n\r\n".repeat(500);
    let reading =
        |name, takes| Kind { name, first: pages.as_bytes().to_vec(), drip: b"", takes: Some(takes) };
    vec![
        kind("without a byte", "", ""),
        kind("a head byte by byte", "G", "E"),
        kind("a head line by line", "GET / HTTP/1.1\r\nHost: a\r\n", "X-A: b\r\n"),
        kind("a body byte by byte", post, "a"),
        kind("a body that never comes", post, ""),
        kind("kept alive and idle", "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n", ""),
        reading("answers never read", 0),
        reading("answers read byte by byte", 1),
    ]
}

struct Slow {
    stream: TcpStream,
    kind: usize,
    gone: Option<Duration>,
}

impl Slow {
    fn connect(address: SocketAddr, kinds: &[Kind], kind: usize) -> Self {
        let mut stream = connect(address);
        stream.set_nonblocking(true).unwrap();
        // what does not fit now is never sent: the client is slow, after all
        let _sent = stream.write(&kinds[kind].first);
        Self { stream, kind, gone: None }
    }

    fn tick(&mut self, kinds: &[Kind], since: Instant) {
        let kind = &kinds[self.kind];
        let dripped = if kind.drip.is_empty() { Ok(0) } else { self.stream.write(kind.drip) };
        let broken = dripped.is_err_and(|error| error.kind() != std::io::ErrorKind::WouldBlock);
        let ended = match kind.takes {
            None => is_gone(&mut self.stream),
            Some(takes) => is_cut(&self.stream, takes),
        };
        if broken || ended {
            self.gone.get_or_insert(since.elapsed());
        }
    }
}

/// Takes a few bytes; says whether the server broke off. What it sent before that lies before the end, so the
/// state of the connection is looked at and not the bytes: a server that is gone resets what we send.
fn is_cut(mut stream: &TcpStream, takes: usize) -> bool {
    use std::io::Read;
    let mut buffer = vec![0; takes];
    if takes > 0 {
        match stream.read(&mut buffer) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(_) => return true,
        }
    }
    stream.take_error().unwrap().is_some()
        || stream.write(b"\r\n").is_err_and(|error| error.kind() != std::io::ErrorKind::WouldBlock)
}

#[test]
fn slow_clients_of_every_kind_are_gone_and_nobody_waits_for_them() {
    let home = home("");
    let daemon = started(&home);
    let kinds = kinds();
    let began = Instant::now();
    let mut slow: Vec<Slow> = (0..EACH * kinds.len())
        .map(|number| Slow::connect(daemon.address, &kinds, number % kinds.len()))
        .collect();
    let mut worst = Duration::ZERO;
    let mut next_read = Instant::now();
    while slow.iter().any(|one| one.gone.is_none()) && began.elapsed() < GONE + Duration::from_secs(5) {
        for one in slow.iter_mut().filter(|one| one.gone.is_none()) {
            one.tick(&kinds, began);
        }
        if Instant::now() >= next_read {
            worst = worst.max(reads(daemon.address));
            next_read = Instant::now() + Duration::from_millis(300);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    for (number, kind) in kinds.iter().enumerate() {
        let of_kind: Vec<Option<Duration>> =
            slow.iter().filter(|one| one.kind == number).map(|one| one.gone).collect();
        let last = of_kind.iter().map(|gone| gone.unwrap_or(Duration::MAX)).max().unwrap();
        eprintln!("{}: the last is gone after {last:?}", kind.name);
        assert!(last <= GONE, "{}: {last:?}", kind.name);
    }
    eprintln!("a normal reader waited {worst:?} at worst");
    assert!(worst < ANSWERED, "{worst:?}");
}

/// One kind alone: then no other leaves for the newcomer.
#[test]
fn a_normal_reader_is_served_beside_half_a_thousand_of_one_kind() {
    let home = home("");
    let daemon = started(&home);
    let kinds = kinds();
    for (number, kind) in kinds.iter().enumerate() {
        let slow: Vec<Slow> = (0..500).map(|_| Slow::connect(daemon.address, &kinds, number)).collect();
        std::thread::sleep(Duration::from_millis(200));
        for _ in 0..3 {
            let took = reads(daemon.address);
            assert!(took < ANSWERED, "beside {}: {took:?}", kind.name);
        }
        drop(slow);
    }
}
