//! Stopping and reloading under load: whoever has a connection has an answer.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixDatagram;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::raw::{connect, home, plain, started};

/// What clients met.
#[derive(Debug, Default)]
struct Met {
    answered: AtomicUsize,
    refused: AtomicUsize,
    /// A connection was had, and no whole answer came over it.
    broken: AtomicUsize,
}

/// One request on a connection of its own.
fn ask(address: SocketAddr, met: &Met) {
    let stream = TcpStream::connect_timeout(&address, Duration::from_secs(3));
    let count = match stream {
        Err(_) => &met.refused,
        Ok(stream) => {
            if answers(stream) {
                &met.answered
            } else {
                &met.broken
            }
        }
    };
    count.fetch_add(1, Ordering::Relaxed);
}

fn answers(mut stream: TcpStream) -> bool {
    stream.set_read_timeout(Some(Duration::from_secs(12))).unwrap();
    if stream.write_all(&plain("GET", "/feeds/sample.json", "")).is_err() {
        return false;
    }
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    read.is_ok() && answer.starts_with(b"HTTP/1.1 200 ") && answer.ends_with(b"}")
}

#[test]
fn whoever_has_a_connection_is_answered_while_it_stops() {
    let home = home("");
    let mut daemon = started(&home);
    let address = daemon.address;
    let (met, done) = (Met::default(), AtomicBool::new(false));
    // came before the order, and say what they want after it
    let waiting: Vec<TcpStream> = (0..50).map(|_| connect(address)).collect();
    let mut code = None;
    let mut took = Duration::ZERO;
    std::thread::scope(|scope| {
        for _ in 0..40 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    ask(address, &met);
                }
            });
        }
        std::thread::sleep(Duration::from_millis(300));
        let began = Instant::now();
        daemon.signal("TERM");
        for stream in waiting {
            assert!(answers(stream), "who came before the order is answered");
        }
        code = daemon.ended();
        took = began.elapsed();
        done.store(true, Ordering::Relaxed);
    });
    eprintln!("stopped after {took:?}: {met:?}");
    assert_eq!(code, Some(0), "{}", daemon.log());
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert!(met.answered.load(Ordering::Relaxed) > 50, "{met:?}");
    assert_eq!(met.broken.load(Ordering::Relaxed), 0, "{met:?}");
}

#[test]
fn an_answer_on_its_way_ends_before_the_daemon_does() {
    let home = home("");
    let mut daemon = started(&home);
    let mut stream = connect(daemon.address);
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    // more than the system takes off our hands, read at an honest pace
    let many = 200;
    let one = "GET /feeds/sample.json HTTP/1.1\r\nHost: a\r\n\r\n";
    stream.write_all(one.repeat(many).as_bytes()).unwrap();
    let mut heard = vec![0; 20_000];
    let first = stream.read(&mut heard).unwrap();
    daemon.signal("TERM");
    heard.truncate(first);
    let mut buffer = [0; 50_000];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => heard.extend_from_slice(&buffer[..count]),
            Err(error) => {
                assert_ne!(error.kind(), ErrorKind::WouldBlock, "the connection ends");
                break;
            }
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    // whole answers, however many it came to
    assert!(heard.ends_with(b"}"), "{:?}", String::from_utf8_lossy(&heard[heard.len().saturating_sub(80)..]));
    assert_eq!(daemon.ended(), Some(0), "{}", daemon.log());
}

#[test]
fn nobody_slow_keeps_it_from_ending() {
    let home = home("");
    let mut daemon = started(&home);
    let starts =
        ["", "GET / HTTP/1.1\r\nHost", "POST /hub HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\nhub"];
    let mut slow: Vec<TcpStream> = (0..90)
        .map(|number| {
            let mut stream = connect(daemon.address);
            stream.write_all(starts[number % starts.len()].as_bytes()).unwrap();
            stream
        })
        .collect();
    daemon.signal("TERM");
    let began = Instant::now();
    let done = AtomicBool::new(false);
    let mut code = None;
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                slow.iter_mut().for_each(|stream| drop(stream.write(b"a")));
                std::thread::sleep(Duration::from_millis(100));
            }
        });
        code = daemon.ended();
        done.store(true, Ordering::Relaxed);
    });
    let took = began.elapsed();
    assert_eq!(code, Some(0), "{}", daemon.log());
    assert!(took < Duration::from_secs(7), "{took:?}");
}

#[test]
fn a_reload_under_load_drops_nobody() {
    let home = home("");
    let daemon = started(&home);
    let address = daemon.address;
    let (met, done) = (Met::default(), AtomicBool::new(false));
    let good = std::fs::read_to_string(home.path().join("feeds.toml")).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    ask(address, &met);
                }
            });
        }
        for round in 0..12 {
            let more = match round % 3 {
                0 => "[[portal]]\nname = \"second\"\nurl = \"sample:\"\nenabled = false\n",
                1 => "[[portal]]\nname = \"broken\nurl = 7\n",
                _ => "",
            };
            home.write("feeds.toml", &format!("{good}{more}"));
            daemon.signal("HUP");
            std::thread::sleep(Duration::from_millis(150));
        }
        done.store(true, Ordering::Relaxed);
    });
    eprintln!("reloaded: {met:?}");
    assert!(daemon.log().contains("not taken over"), "{}", daemon.log());
    assert!(daemon.log().contains("was read again: 2 portals"), "{}", daemon.log());
    assert!(met.answered.load(Ordering::Relaxed) > 100, "{met:?}");
    assert_eq!(met.broken.load(Ordering::Relaxed) + met.refused.load(Ordering::Relaxed), 0, "{met:?}");
}

#[test]
fn a_restart_on_a_socket_of_the_service_manager_refuses_nobody() {
    let home = home("");
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    let mut daemon = home.start_activated(&socket, &[], &[]);
    assert_eq!(daemon.address, address);
    daemon.wait("/feeds/sample.rss", |answer| answer.text().contains("<item>"));
    let (met, done) = (Met::default(), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    ask(address, &met);
                }
            });
        }
        for _ in 0..3 {
            std::thread::sleep(Duration::from_millis(150));
            daemon.signal("TERM");
            assert_eq!(daemon.ended(), Some(0), "{}", daemon.log());
            daemon = home.start_activated(&socket, &[], &[]);
        }
        std::thread::sleep(Duration::from_millis(150));
        done.store(true, Ordering::Relaxed);
    });
    eprintln!("restarted three times: {met:?}");
    assert!(met.answered.load(Ordering::Relaxed) > 100, "{met:?}");
    assert_eq!(met.broken.load(Ordering::Relaxed) + met.refused.load(Ordering::Relaxed), 0, "{met:?}");
}

/// What the service manager is told until `enough` says so.
pub(super) fn told(socket: &UnixDatagram, until: Instant, enough: impl Fn(&[String]) -> bool) -> Vec<String> {
    socket.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
    let (mut told, mut buffer) = (Vec::new(), [0; 4096]);
    while Instant::now() < until && !enough(&told) {
        if let Ok(count) = socket.recv(&mut buffer) {
            told.extend(String::from_utf8_lossy(&buffer[..count]).lines().map(str::to_owned));
        }
    }
    told
}

#[test]
fn the_service_manager_is_told_how_it_goes() {
    let home = home("");
    let place = home.path().join("notify");
    let socket = UnixDatagram::bind(&place).unwrap();
    let mut command = home.command();
    command.env("NOTIFY_SOCKET", &place).env("WATCHDOG_USEC", "600000");
    let mut daemon = home.start_by(command, "127.0.0.1:0");
    let soon = || Instant::now() + Duration::from_secs(10);
    let count = |told: &[String], what: &str| told.iter().filter(|line| *line == what).count();
    let lines = told(&socket, soon(), |told| count(told, "WATCHDOG=1") >= 5);
    assert_eq!(count(&lines, "READY=1"), 1, "{lines:?}");
    assert!(count(&lines, "WATCHDOG=1") >= 5, "{lines:?}");
    // a process that stands still feeds nobody
    daemon.signal("STOP");
    told(&socket, Instant::now() + Duration::from_millis(200), |_| false);
    let lines = told(&socket, Instant::now() + Duration::from_millis(900), |_| false);
    assert_eq!(count(&lines, "WATCHDOG=1"), 0, "{lines:?}");
    daemon.signal("CONT");
    let lines = told(&socket, soon(), |told| count(told, "WATCHDOG=1") >= 2);
    assert!(count(&lines, "WATCHDOG=1") >= 2, "{lines:?}");
    daemon.signal("HUP");
    let lines = told(&socket, soon(), |told| count(told, "READY=1") >= 1);
    assert_eq!(count(&lines, "RELOADING=1"), 1, "{lines:?}");
    daemon.signal("TERM");
    let lines = told(&socket, soon(), |told| count(told, "STOPPING=1") >= 1);
    assert_eq!(count(&lines, "STOPPING=1"), 1, "{lines:?}");
    assert_eq!(daemon.ended(), Some(0));
    assert!(TcpStream::connect(daemon.address).is_err(), "nobody listens any more");
}
