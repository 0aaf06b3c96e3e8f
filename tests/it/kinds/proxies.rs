//! Proxies for the tests: HTTP with CONNECT, and SOCKS5; each notes what it was asked for.

use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What a proxy was asked for: `CONNECT host:port`, `GET http://…`, `ip 1.2.3.4:80`, `name host:80`.
pub(crate) type Noted = Arc<Mutex<Vec<String>>>;

/// An HTTP proxy; it asks for a log-in when one is given (as base64).
pub(crate) fn http(log_in: Option<&'static str>) -> (SocketAddr, Noted) {
    start(move |mut client, noted| {
        // several requests may come over one connection
        loop {
            let head = head(&mut client)?;
            let mut words = head.split(' ');
            let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
            noted.lock().unwrap().push(format!("{method} {target}"));
            let is_let_in = log_in.is_none_or(|word| head.contains(&format!("Basic {word}")));
            if !is_let_in {
                client.write_all(b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n").ok()?;
                return None;
            }
            if method == "CONNECT" {
                let server = TcpStream::connect(&target).ok()?;
                client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").ok()?;
                return Some((client, server));
            }
            let (host, path) = target.strip_prefix("http://")?.split_once('/')?;
            let mut server = TcpStream::connect(host).ok()?;
            let rest: Vec<&str> = head.lines().skip(1).filter(|line| !line.starts_with("proxy-")).collect();
            let sent = format!("{method} /{path} HTTP/1.1\r\n{}\r\n\r\n", rest.join("\r\n").trim_end());
            server.write_all(sent.as_bytes()).ok()?;
            let answer = self::head(&mut server)?;
            let length = answer.lines().find_map(|line| line.strip_prefix("Content-Length: "));
            let body = take_vec(&mut server, length.map_or(0, |length| length.parse().unwrap()))?;
            client.write_all(answer.as_bytes()).and_then(|()| client.write_all(&body)).ok()?;
        }
    })
}

/// A SOCKS5 proxy (RFC 1928), with a log-in (RFC 1929) when one is given.
pub(crate) fn socks5(log_in: Option<(&'static str, &'static str)>) -> (SocketAddr, Noted) {
    start(move |mut client, noted| {
        let [_, methods] = take::<2>(&mut client)?;
        let offered = take_vec(&mut client, methods.into())?;
        match log_in {
            Some(_) if !offered.contains(&2) => {
                client.write_all(&[5, 255]).ok()?;
                return None;
            }
            Some((user, password)) => {
                client.write_all(&[5, 2]).ok()?;
                let [_, length] = take::<2>(&mut client)?;
                let given = take_vec(&mut client, length.into())?;
                let [length] = take::<1>(&mut client)?;
                let secret = take_vec(&mut client, length.into())?;
                let is_right = given == user.as_bytes() && secret == password.as_bytes();
                client.write_all(&[1, u8::from(!is_right)]).ok()?;
                if !is_right {
                    return None;
                }
            }
            None => client.write_all(&[5, 0]).ok()?,
        }
        let [_, _, _, kind] = take::<4>(&mut client)?;
        let host = match kind {
            1 => IpAddr::from(take::<4>(&mut client)?).to_string(),
            4 => IpAddr::from(take::<16>(&mut client)?).to_string(),
            _ => {
                let [length] = take::<1>(&mut client)?;
                String::from_utf8(take_vec(&mut client, length.into())?).ok()?
            }
        };
        let port = u16::from_be_bytes(take::<2>(&mut client)?);
        noted.lock().unwrap().push(format!("{} {host}:{port}", if kind == 3 { "name" } else { "ip" }));
        let server = TcpStream::connect((host.as_str(), port)).ok()?;
        client.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).ok()?;
        Some((client, server))
    })
}

fn start(
    meet: impl Fn(TcpStream, &Noted) -> Option<(TcpStream, TcpStream)> + Send + Sync + 'static,
) -> (SocketAddr, Noted) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let noted = Noted::default();
    let (kept, meet) = (Arc::clone(&noted), Arc::new(meet));
    // it ends with the process: a test has nothing to wait for
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let (noted, meet) = (Arc::clone(&kept), Arc::clone(&meet));
            std::thread::spawn(move || {
                if let Some((client, server)) = meet(client, &noted) {
                    let (from, to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                    std::thread::spawn(move || pump(from, to));
                    pump(server, client);
                }
            });
        }
    });
    (address, noted)
}

fn pump(mut from: TcpStream, mut to: TcpStream) {
    let _ = std::io::copy(&mut from, &mut to);
    let _ = to.shutdown(std::net::Shutdown::Write);
}

fn head(client: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.extend(take::<1>(client)?);
    }
    String::from_utf8(head).ok()
}

fn take<const N: usize>(client: &mut TcpStream) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    client.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

fn take_vec(client: &mut TcpStream, length: usize) -> Option<Vec<u8>> {
    let mut bytes = vec![0; length];
    client.read_exact(&mut bytes).ok()?;
    Some(bytes)
}
