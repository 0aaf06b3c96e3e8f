//! The real program, started in a folder of its own on a free port, and an HTTP client that hides nothing.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Longer than any of these takes on a busy machine; a test that waits so long has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A folder with a feeds.toml, in which the daemon may run again and again.
#[derive(Debug)]
pub(crate) struct Home {
    folder: TempDir,
}

impl Home {
    pub(crate) fn new(config: &str) -> Self {
        let home = Self { folder: tempfile::tempdir().unwrap() };
        home.write("feeds.toml", config);
        home
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// The program in this folder, without anything of the environment that could change its ways.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tidings"));
        command
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .env_clear()
            .env("PATH", std::env::var("PATH").unwrap_or_default());
        command
    }

    /// Starts the daemon and waits until it serves.
    pub(crate) fn start(&self) -> Daemon {
        self.start_on("127.0.0.1:0")
    }

    /// The same on an address that was had before.
    pub(crate) fn start_on(&self, listen: &str) -> Daemon {
        self.start_by(self.command(), listen)
    }

    /// The same with a socket that somebody else holds (`sd_listen_fds(3)`): it comes in as standard input.
    /// `before` is a program that becomes ours, `halves` what stands behind `serve`.
    pub(crate) fn start_activated(&self, socket: &TcpListener, before: &[&str], halves: &[&str]) -> Daemon {
        let shell = "exec 3<&0 0</dev/null; export LISTEN_PID=$$ LISTEN_FDS=1; exec \"$0\" \"$@\"";
        let words = before.iter().copied().chain(["sh", "-c", shell, env!("CARGO_BIN_EXE_tidings")]);
        let words: Vec<&str> = words.collect();
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).args(halves).stdin(Stdio::from(OwnedFd::from(socket.try_clone().unwrap())));
        self.start_by(command, "127.0.0.1:0")
    }

    /// The same by a command that ends in the program, or in a shell that becomes it.
    pub(crate) fn start_by(&self, mut command: Command, listen: &str) -> Daemon {
        command.current_dir(self.folder.path());
        command.args(["serve", "--listen", listen, "--log-format", "text"]);
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let stderr = child.stderr.take().unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let written = Arc::clone(&log);
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                let mut log = written.lock().unwrap();
                log.push_str(&line);
                log.push('\n');
            }
        });
        let mut daemon = Daemon { child, log, address: SocketAddr::from(([127, 0, 0, 1], 0)) };
        daemon.address =
            wait_for(|| daemon.address_in_log(), || format!("no address in the log:\n{}", daemon.log()));
        daemon
    }
}

/// A running daemon; it is killed at the end of the test.
#[derive(Debug)]
pub(crate) struct Daemon {
    child: Child,
    log: Arc<Mutex<String>>,
    pub(crate) address: SocketAddr,
}

impl Daemon {
    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    fn address_in_log(&self) -> Option<SocketAddr> {
        let log = self.log();
        let rest = log.split("served on http://").nth(1)?;
        rest.split('/').next()?.parse().ok()
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        get(self.address, path, &[])
    }

    /// Waits until an answer is as wanted.
    pub(crate) fn wait(&self, path: &str, wanted: impl Fn(&Answer) -> bool) -> Answer {
        wait_for(
            || Some(self.get(path)).filter(&wanted),
            || format!("{path} never was as wanted: {:?}\n{}", self.get(path).text(), self.log()),
        )
    }

    /// Waits until the state of a portal is as wanted, and gives it.
    pub(crate) fn wait_portal(
        &self,
        name: &str,
        wanted: impl Fn(&serde_json::Value) -> bool,
    ) -> serde_json::Value {
        wait_for(
            || self.portal(name).filter(&wanted),
            || format!("{name}: {:?}\n{}", self.portal(name), self.log()),
        )
    }

    pub(crate) fn portal(&self, name: &str) -> Option<serde_json::Value> {
        let status: serde_json::Value = serde_json::from_slice(&self.get("/status.json").body).ok()?;
        status.get("portals")?.as_array()?.iter().find(|portal| portal["name"] == name).cloned()
    }

    /// Visits that ended since the daemon started.
    pub(crate) fn visits(&self) -> u64 {
        let metrics = self.get("/metrics").text();
        let counts = metrics.lines().filter(|line| line.starts_with("tidings_visits_total{"));
        counts.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).sum()
    }

    /// Asks for a visit and waits until it ended.
    pub(crate) fn visit(&self, name: &str, token: &str) -> serde_json::Value {
        let before = self.visits();
        let bearer = format!("Bearer {token}");
        let path = format!("/api/portals/{name}/visit");
        wait_for(
            || {
                Some(request(self.address, "POST", &path, &[("Authorization", &bearer)]))
                    .filter(|a| a.status == 202)
            },
            || format!("the visit was not accepted\n{}", self.log()),
        );
        wait_for(|| (self.visits() > before).then_some(()), || format!("no visit ended\n{}", self.log()));
        self.portal(name).unwrap()
    }

    pub(crate) fn signal(&self, name: &str) {
        let status =
            Command::new("kill").args([&format!("-{name}"), &self.pid().to_string()]).status().unwrap();
        assert!(status.success());
    }

    /// Waits for the end and gives the exit code.
    pub(crate) fn ended(&mut self) -> Option<i32> {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("the daemon did not end:\n{}", self.log());
    }

    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An answer as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

pub(crate) fn get(address: SocketAddr, path: &str, headers: &[(&str, &str)]) -> Answer {
    request(address, "GET", path, headers)
}

/// One request on a connection of its own.
pub(crate) fn request(address: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut head =
        format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: 0\r\n");
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    head += "\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    parse(&bytes)
}

fn parse(bytes: &[u8]) -> Answer {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("a whole head");
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let body = bytes[end + 4..].to_vec();
    let is_chunked = headers.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked");
    Answer { status, headers, body: if is_chunked { unchunk(&body) } else { body } }
}

fn unchunk(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(at) = rest.windows(2).position(|window| window == b"\r\n") {
        let size = usize::from_str_radix(String::from_utf8_lossy(&rest[..at]).trim(), 16).unwrap();
        if size == 0 {
            break;
        }
        body.extend_from_slice(&rest[at + 2..at + 2 + size]);
        rest = &rest[at + 4 + size..];
    }
    body
}

/// Asks again and again until there is an answer.
pub(crate) fn wait_for<T>(mut ask: impl FnMut() -> Option<T>, complaint: impl Fn() -> String) -> T {
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        if let Some(answer) = ask() {
            return answer;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("{}", complaint());
}
