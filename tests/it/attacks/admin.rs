//! What changes something: for the token's holder only, and never at the wish of somebody else's page.

use super::paths::decent;
use super::raw::{TOKEN, home, plain, send, started};

const VISIT: &str = "/api/portals/sample/visit";

#[test]
fn only_the_whole_token_in_its_own_header_opens_anything() {
    let home = home("");
    let daemon = started(&home);
    let half = &TOKEN[..TOKEN.len() - 1];
    let lines = [
        String::new(),
        "Authorization:\r\n".to_owned(),
        "Authorization: Bearer\r\n".to_owned(),
        "Authorization: Bearer \r\n".to_owned(),
        format!("Authorization: Bearer {half}\r\n"),
        format!("Authorization: Bearer {TOKEN}x\r\n"),
        format!("Authorization: Bearer {}\r\n", TOKEN.to_uppercase()),
        format!("Authorization: Bearer {TOKEN}, Bearer {TOKEN}\r\n"),
        format!("Authorization: Bearer {TOKEN} {TOKEN}\r\n"),
        format!("Authorization: Bearer \"{TOKEN}\"\r\n"),
        format!("Authorization: Bearer{TOKEN}\r\n"),
        format!("Authorization: {TOKEN}\r\n"),
        format!("Authorization: Basic {TOKEN}\r\n"),
        format!("Authorization: Token {TOKEN}\r\n"),
        format!("Authorization: Bearer {TOKEN}\r\nAuthorization: Bearer {TOKEN}\r\n"),
        format!("Authorization: Bearer wrong\r\nAuthorization: Bearer {TOKEN}\r\n"),
        format!("Authorization: Bearer {TOKEN}\r\nAuthorization: Bearer wrong\r\n"),
        format!("X-Authorization: Bearer {TOKEN}\r\n"),
        format!("Proxy-Authorization: Bearer {TOKEN}\r\n"),
        format!("Cookie: token={TOKEN}; Authorization=Bearer {TOKEN}\r\n"),
        format!("Authorization: Bearer \u{feff}{TOKEN}\r\n"),
    ];
    for line in &lines {
        for (method, target) in [
            ("POST", VISIT),
            ("GET", VISIT),
            ("POST", "/api"),
            ("POST", "/api/portals/none/visit"),
            ("POST", "/api/portals/%ff/visit"),
            ("POST", "/api/%ff"),
        ] {
            let heard = send(daemon.address, &plain(method, target, line));
            let status = heard.only().status;
            assert!(matches!(status, 401 | 403), "{method} {target} {line:?}: {status}");
            decent(line, heard.only());
        }
    }
    for target in [
        format!("{VISIT}?token={TOKEN}"),
        format!("{VISIT}?access_token={TOKEN}&Authorization=Bearer%20{TOKEN}"),
    ] {
        assert_eq!(send(daemon.address, &plain("POST", &target, "")).only().status, 401);
    }
    for line in
        [format!("Authorization: Bearer {TOKEN}\0\r\n"), format!("Authorization: Bearer \0{TOKEN}\r\n")]
    {
        let heard = send(daemon.address, &plain("POST", VISIT, &line));
        assert!(matches!(heard.only().status, 400 | 401), "{:?}", heard.statuses());
    }
    let right = format!("Authorization: Bearer {TOKEN}\r\n");
    let heard = send(daemon.address, &plain("POST", VISIT, &right));
    assert!(matches!(heard.only().status, 202 | 409), "{:?}", heard.statuses());
    assert!(!daemon.log().contains(TOKEN) && !daemon.log().contains(half), "{}", daemon.log());
}

#[test]
fn nothing_changes_at_the_wish_of_another_page() {
    let home = home("");
    let daemon = started(&home);
    let right = format!("Authorization: Bearer {TOKEN}\r\n");
    for method in ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "post"] {
        let bytes = plain(method, VISIT, &right);
        let heard = if method == "HEAD" {
            super::raw::send_head(daemon.address, &bytes)
        } else {
            send(daemon.address, &bytes)
        };
        assert_eq!(heard.only().status, 405, "{method}");
        assert_eq!(heard.only().header("allow"), Some("POST"), "{method}");
    }
    let foreign = [
        "Origin: http://evil.example\r\n",
        "Origin: null\r\n",
        "Origin:\r\n",
        "Origin: https://127.0.0.1\r\n",
        "Origin: http://127.0.0.1.evil.example\r\n",
        "Origin: file://\r\n",
        "Origin: http://127.0.0.1:1\r\nOrigin: http://evil.example\r\n",
        "Sec-Fetch-Site: cross-site\r\n",
        "Sec-Fetch-Site: same-site\r\n",
        "Sec-Fetch-Site: none\r\nSec-Fetch-Site: cross-site\r\n",
        "Sec-Fetch-Site: Cross-Site\r\n",
    ];
    let own = format!("Origin: http://{}\r\n", daemon.address);
    let form = "hub.mode=subscribe&hub.topic=x&hub.callback=http%3A%2F%2Fb.example%2F";
    let posts = [(VISIT, ""), ("/hub", form)];
    for (target, body) in posts {
        for line in foreign.iter().copied().chain([format!("{own}Origin: http://evil.example\r\n").as_str()])
        {
            for kind in ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"]
            {
                let lines =
                    format!("{right}{line}Content-Type: {kind}\r\nContent-Length: {}\r\n", body.len());
                let bytes = [plain("POST", target, &lines), body.as_bytes().to_vec()].concat();
                let heard = send(daemon.address, &bytes);
                assert_eq!(heard.only().status, 403, "{target} {line:?} {kind}");
                assert!(heard.only().header("access-control-allow-origin").is_none(), "{target} {line:?}");
            }
        }
    }
}

#[test]
fn a_form_or_a_preflight_of_anybody_opens_nothing() {
    let home = home("");
    let daemon = started(&home);
    let right = format!("Authorization: Bearer {TOKEN}\r\n");
    let own = format!("Origin: http://{}\r\n", daemon.address);
    let form = "hub.mode=subscribe&hub.topic=x&hub.callback=http%3A%2F%2Fb.example%2F";
    // a form of anybody's page cannot carry the token
    let lines = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n";
    let heard = send(daemon.address, &[plain("POST", VISIT, lines), b"token=x".to_vec()].concat());
    assert_eq!(heard.only().status, 401);
    // a preflight opens nothing
    let lines = "Origin: http://evil.example\r\nAccess-Control-Request-Method: POST\r\n\
                 Access-Control-Request-Headers: authorization\r\n";
    for target in [VISIT, "/hub"] {
        let heard = send(daemon.address, &plain("OPTIONS", target, lines));
        assert!(heard.only().header("access-control-allow-origin").is_none(), "{target}");
        assert!(heard.only().header("access-control-allow-headers").is_none(), "{target}");
    }
    // the hub takes forms and nothing else
    for kind in ["text/plain", "application/json", "multipart/form-data; boundary=x"] {
        let lines = format!("Content-Type: {kind}\r\nContent-Length: {}\r\n", form.len());
        let heard = send(daemon.address, &[plain("POST", "/hub", &lines), form.as_bytes().to_vec()].concat());
        assert_eq!(heard.only().status, 415, "{kind}");
    }
    let lines = format!("{right}{own}Sec-Fetch-Site: same-origin\r\n");
    let heard = send(daemon.address, &plain("POST", VISIT, &lines));
    assert!(matches!(heard.only().status, 202 | 409), "{:?}", heard.statuses());
}
