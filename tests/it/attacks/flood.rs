//! Floods: more connections than there are places or descriptors, more searches than there are processors.

use std::net::{SocketAddr, TcpStream};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use socket2::{Domain, Socket, Type};

use crate::daemon::wait_for;

use super::raw::{connect, home, plain, reads, send, started};

const ANSWERED: Duration = Duration::from_millis(1500);

#[test]
fn more_connections_than_places_keep_no_reader_out() {
    let home = home("");
    let daemon = started(&home);
    let held: Vec<TcpStream> = (0..600).map(|_| connect(daemon.address)).collect();
    for _ in 0..5 {
        let took = reads(daemon.address);
        assert!(took < ANSWERED, "{took:?}");
    }
    let open = wait_for(
        || {
            let metrics = daemon.get("/metrics").text();
            let line = metrics.lines().find(|line| line.starts_with("tidings_http_connections "))?;
            line.rsplit(' ').next()?.parse::<usize>().ok().filter(|open| *open <= 256)
        },
        || "one address holds more than 256 connections".to_owned(),
    );
    assert!(open <= 256, "{open}");
    drop(held);
}

/// A connection from another address of this machine.
fn connect_from(last: u8, to: SocketAddr) -> TcpStream {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket.bind(&SocketAddr::from(([127, 0, last, 1], 0)).into()).unwrap();
    socket.connect(&to.into()).unwrap();
    socket.into()
}

#[test]
fn a_full_house_of_many_addresses_keeps_no_reader_out() {
    let home = home("");
    let mut command = Command::new("sh");
    command.arg("-c").arg("ulimit -n 256; exec \"$0\" \"$@\"").arg(env!("CARGO_BIN_EXE_tidings"));
    let daemon = home.start_by(command, "127.0.0.1:0");
    daemon.wait("/feeds/sample.rss", |answer| answer.status == 200);
    let address = daemon.address;
    let held: Vec<TcpStream> =
        (0..600_u16).map(|number| connect_from(u8::try_from(1 + number % 60).unwrap(), address)).collect();
    let (done, mut worst) = (AtomicBool::new(false), Duration::ZERO);
    std::thread::scope(|scope| {
        for last in 100..104 {
            let done = &done;
            scope.spawn(move || {
                while !done.load(Ordering::Relaxed) {
                    drop(connect_from(last, address));
                }
            });
        }
        for _ in 0..20 {
            worst = worst.max(reads(address));
            std::thread::sleep(Duration::from_millis(40));
        }
        done.store(true, Ordering::Relaxed);
    });
    eprintln!("in a full house a reader waited {worst:?} at worst");
    assert!(worst < ANSWERED, "{worst:?}");
    let open = std::fs::read_dir(format!("/proc/{}/fd", daemon.pid())).unwrap().count();
    assert!(open < 200, "{open} descriptors");
    drop(held);
}

#[test]
fn with_few_descriptors_left_readers_are_served_and_all_recovers() {
    let home = home("");
    let mut command = Command::new("sh");
    command.arg("-c").arg("ulimit -n 64; exec \"$0\" \"$@\"").arg(env!("CARGO_BIN_EXE_tidings"));
    let daemon = home.start_by(command, "127.0.0.1:0");
    daemon.wait("/feeds/sample.rss", |answer| answer.status == 200);
    let held: Vec<TcpStream> = (0..200).map(|_| connect(daemon.address)).collect();
    std::thread::sleep(Duration::from_millis(300));
    for _ in 0..5 {
        let took = reads(daemon.address);
        assert!(took < ANSWERED, "{took:?}");
    }
    drop(held);
    daemon.wait("/readyz", |answer| answer.status == 200);
    let open = std::fs::read_dir(format!("/proc/{}/fd", daemon.pid())).unwrap().count();
    assert!(open < 60, "{open} descriptors");
    assert!(reads(daemon.address) < ANSWERED);
}

#[test]
fn a_flood_of_searches_keeps_no_reader_of_a_feed_waiting() {
    let home = home("");
    let daemon = started(&home);
    let address = daemon.address;
    let until = Instant::now() + Duration::from_secs(3);
    let mut worst = Duration::ZERO;
    std::thread::scope(|scope| {
        for client in 0..40 {
            scope.spawn(move || {
                let mut number = 0;
                while Instant::now() < until {
                    number += 1;
                    let target = format!("/search.rss?q=a{client}+OR+%22b{number}%22+{number}");
                    let heard = send(address, &plain("GET", &target, ""));
                    assert!(
                        heard.statuses().iter().all(|s| matches!(s, 200 | 429 | 503)),
                        "{:?}",
                        heard.statuses()
                    );
                }
            });
        }
        while Instant::now() < until {
            worst = worst.max(reads(address));
            std::thread::sleep(Duration::from_millis(50));
        }
    });
    eprintln!("beside a flood of searches a reader waited {worst:?} at worst");
    assert!(worst < ANSWERED, "{worst:?}");
}
