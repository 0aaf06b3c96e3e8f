//! What an answer may be, and what its faults are called.

use std::io::Write;

use super::*;
use crate::fetch::{Overlong, Validators};

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn a_page_comes_whole_with_what_is_needed_to_ask_again() {
    let headers = "Content-Type: text/html; charset=gb2312\r\nETag: W/\"7\"\r\nLast-Modified: Mon, 23 Nov 2026 07:00:00 GMT\r\nContent-Encoding: gzip\r\n";
    let packed = gzip(b"<p>news</p>");
    let server = Server::new().await.page("/a", "200 OK", headers, &packed);
    let meter = Meter::new();
    let reply = ask_by(&fetcher(&meter), &server, request(&server.url("/a"))).await.unwrap();
    assert_eq!(&reply.body[..], b"<p>news</p>");
    assert_eq!(reply.content_type.as_deref(), Some("text/html; charset=gb2312"));
    assert_eq!(reply.validators.etag.as_deref(), Some("W/\"7\""));
    assert_eq!((reply.requests, reply.wire_bytes), (1, packed.len() as u64));
    assert!(!reply.not_modified && reply.moved.is_none());
    assert!(meter.to_text().contains("tidings_fetches_total{outcome=\"200\"} 1"));
    let head = &server.seen("/a")[0];
    for line in
        ["accept-encoding: gzip, br, deflate\r\n", "user-agent: tidings-test/1 (+https://feeds.example)\r\n"]
    {
        assert!(head.contains(line), "{head}");
    }
    for absent in ["accept-language", "if-none-match", "referer", "cookie"] {
        assert!(!head.contains(absent), "{head}");
    }
}

#[tokio::test]
async fn a_304_answers_a_condition_and_nothing_else() {
    let server = Server::new().await.page("/a", "304 Not Modified", "ETag: \"8\"\r\n", b"");
    assert_eq!(class_of(&server, "/a").await, Class::Protocol);
    let mut asked = request(&server.url("/a"));
    let date = "Mon, 23 Nov 2026 07:00:00 GMT";
    asked.validators = Validators { etag: Some("\"7\"".to_owned()), last_modified: Some(date.to_owned()) };
    let reply = ask(&server, asked).await.unwrap();
    assert!(reply.not_modified && reply.body.is_empty());
    assert_eq!(reply.validators.etag.as_deref(), Some("\"8\""));
    assert_eq!(reply.validators.last_modified.as_deref(), Some(date), "what is not repeated still holds");
    let head = &server.seen("/a")[1];
    assert!(
        head.contains("if-none-match: \"7\"\r\n") && head.contains("if-modified-since: mon, 23"),
        "{head}"
    );
}

#[tokio::test]
async fn every_status_has_its_class() {
    for (status, headers, class, rest) in [
        ("404 Not Found", "", Class::Http, None),
        ("404 Not Found", "Retry-After: 9\r\n", Class::Http, None),
        ("500 Oh No", "", Class::Http, None),
        ("503 Service Unavailable", "", Class::Http, None),
        ("503 Service Unavailable", "Retry-After: 120\r\n", Class::RateLimited, Some(120)),
        ("429 Too Many Requests", "", Class::RateLimited, None),
        ("429 Slow Down", "Retry-After: Mon, 23 Nov 2026 08:01:30 GMT\r\n", Class::RateLimited, Some(90)),
        ("410 Gone", "", Class::Gone, None),
        ("204 No Content", "", Class::Protocol, None),
        ("206 Partial Content", "", Class::Protocol, None),
    ] {
        let server = Server::new().await.page("/a", status, headers, b"");
        let error = ask(&server, request(&server.url("/a"))).await.expect_err(status);
        assert_eq!((error.fault.class, error.retry_after), (class, rest), "{status} {headers}");
        assert_eq!(error.status, status[..3].parse().ok());
        assert!(error.fault.detail.starts_with(&status[..3]), "{}", error.fault.detail);
    }
}

#[tokio::test]
async fn broken_answers_are_told_apart() {
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let flood = format!("HTTP/1.1 200 OK\r\n{}\r\n", "X-Noise: 1\r\n".repeat(5000));
    for (what, bytes, manner, class) in [
        ("too short", "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf", Manner::Close, Class::Truncated),
        ("cut in a chunk", &format!("{chunked}63\r\nhalf"), Manner::Close, Class::Truncated),
        ("no last chunk", &format!("{chunked}4\r\nhalf\r\n"), Manner::Close, Class::Truncated),
        ("no chunk at all", &format!("{chunked}lots\r\nhalf"), Manner::Close, Class::Protocol),
        (
            "two lengths",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
            Manner::Close,
            Class::Protocol,
        ),
        ("no HTTP", "SSH-2.0-OpenSSH_9.2\r\n\r\n", Manner::Close, Class::Protocol),
        ("a bare page", "<html><p>no head</p></html>\r\n\r\n", Manner::Close, Class::Protocol),
        ("nothing", "", Manner::Close, Class::Network),
        ("half a head", "HTTP/1.1 200 OK\r\nContent-", Manner::Close, Class::Network),
        ("reset", "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf", Manner::Reset, Class::Network),
        ("a flood of headers", &flood, Manner::Close, Class::TooLarge),
        (
            "unknown coding",
            "HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\n\r\nx",
            Manner::Close,
            Class::Protocol,
        ),
        (
            "three codings in three lines",
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Encoding: gzip\r\nContent-Encoding: gzip\r\n\r\nx",
            Manner::Close,
            Class::TooLarge,
        ),
        (
            "too long by its own word",
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
            Manner::Hang,
            Class::TooLarge,
        ),
    ] {
        let server = Server::new().await.raw("/a", bytes, manner);
        let error = ask(&server, request(&server.url("/a"))).await.expect_err(what);
        assert_eq!(error.fault.class, class, "{what}: {error}");
        assert_eq!(error.requests, 1, "{what}");
    }
}

#[tokio::test]
async fn a_bomb_is_not_unpacked() {
    let bomb = gzip(&vec![0; 50 * 1024 * 1024]);
    let server = Server::new().await.page("/a", "200 OK", "Content-Encoding: gzip\r\n", &bomb);
    assert_eq!(class_of(&server, "/a").await, Class::TooLarge);
}

#[tokio::test]
async fn a_long_answer_is_refused_or_cut_as_asked() {
    let server = Server::new().await.page("/a", "200 OK", "", &[b'x'; 5000]);
    let mut asked = request(&server.url("/a"));
    asked.max_body = Some(1000);
    assert_eq!(ask(&server, asked.clone()).await.unwrap_err().fault.class, Class::TooLarge);
    asked.overlong = Overlong::Cut;
    assert_eq!(ask(&server, asked).await.unwrap().body.len(), 1000);
}

#[tokio::test]
async fn drips_and_silence_end_with_the_time_limit() {
    let settings = Settings {
        allow_networks: vec!["127.0.0.1/32".parse().unwrap()],
        timeout: Duration::from_millis(150),
        ..Settings::default()
    };
    for (bytes, manner, received) in [
        ("", Manner::Hang, false),
        ("HTTP/1.1 200 OK\r\nX-Slow: ", Manner::Drip, false),
        ("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", Manner::Drip, true),
    ] {
        let server = Server::new().await.raw("/a", bytes, manner);
        let meter = Meter::new();
        let error =
            ask_by(&of(settings.clone(), &meter), &server, request(&server.url("/a"))).await.unwrap_err();
        assert_eq!(error.fault.class, Class::Timeout, "{error}");
        assert!(meter.to_text().contains("tidings_fetches_total{outcome=\"timeout\"} 1"));
        assert_eq!(
            !meter.to_text().contains("tidings_fetched_bytes_total 0"),
            received,
            "bytes read are counted"
        );
    }
}

#[tokio::test]
async fn closed_ports_and_plain_servers_have_their_classes() {
    let server = Server::new().await.raw("/a", "", Manner::Close);
    let secure = format!("https://{}/a", server.address);
    let plain = {
        // a server that answers a TLS greeting in plain text
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}/a", listener.local_addr().unwrap());
        let answer = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            tokio::io::AsyncWriteExt::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n")
                .await
                .unwrap();
            std::future::pending::<()>().await;
        };
        let fetcher = fetcher(&Meter::new());
        let mut gate = Open;
        tokio::select! {
            reply = fetcher.get(request(&url), &mut gate) => reply.unwrap_err(),
            () = answer => unreachable!("it waits for ever"),
        }
    };
    assert_eq!(plain.fault.class, Class::Tls, "{plain}");
    drop(server);
    let error = fetcher(&Meter::new()).get(request(&secure), &mut Open).await.unwrap_err();
    assert_eq!(error.fault.class, Class::Refused, "{error}");
}

/// Answers the first request of each connection but the last, reads the second and goes away. Ends with how many
/// requests it has read.
async fn going_away(listener: tokio::net::TcpListener, connections: usize, answers: bool) -> usize {
    let mut read = 0;
    for number in 0..connections {
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = tokio::io::BufReader::new(stream);
        for turn in 0..2 {
            let mut line = String::new();
            while line != "\r\n" {
                line.clear();
                if tokio::io::AsyncBufReadExt::read_line(&mut stream, &mut line).await.unwrap() == 0 {
                    return read;
                }
            }
            read += 1;
            if turn == 1 || !answers && number > 0 {
                break;
            }
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
            tokio::io::AsyncWriteExt::write_all(&mut stream, answer).await.unwrap();
        }
    }
    read
}

#[tokio::test]
async fn a_request_lost_on_a_kept_connection_is_sent_once_more() {
    for (answers, expected) in [(true, Ok("ok".into())), (false, Err(Class::Network))] {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/a", listener.local_addr().unwrap());
        let asking = async {
            let fetcher = fetcher(&Meter::new());
            assert_eq!(fetcher.get(request(&url), &mut Open).await.unwrap().body, "ok");
            let second = fetcher.get(request(&url), &mut Open).await;
            second.map(|reply| reply.body).map_err(|error| error.fault.class)
        };
        let (read, second) = tokio::join!(going_away(listener, 2, answers), asking);
        assert_eq!(second, expected);
        assert_eq!(read, 3, "one, the lost one and its repetition");
    }
}
