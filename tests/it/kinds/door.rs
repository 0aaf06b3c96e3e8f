//! A server for the tests of access: what it answers a test writes as a function of the request; it may speak TLS.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// A request as it came.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// A cookie of the request.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        let pairs = self.header("cookie").split("; ").filter_map(|pair| pair.split_once('='));
        pairs.clone().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// A field of the form that was posted.
    pub(crate) fn field(&self, name: &str) -> Option<String> {
        let mut fields = url::form_urlencoded::parse(self.body.as_bytes());
        fields.find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
    }
}

/// What is answered.
#[derive(Debug, Clone)]
pub(crate) struct Answer(pub(crate) u16, pub(crate) Vec<(String, String)>, pub(crate) String);

impl Answer {
    pub(crate) fn page(body: impl Into<String>) -> Self {
        Self(200, Vec::new(), body.into())
    }

    pub(crate) fn status(status: u16) -> Self {
        Self(status, Vec::new(), "<html><body><p>no</p></body></html>".to_owned())
    }

    pub(crate) fn to(path: &str) -> Self {
        Self::status(302).with("Location", path)
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.1.push((name.to_owned(), value.to_owned()));
        self
    }
}

type Answering = dyn Fn(&Asked) -> Answer + Send + Sync;

/// A running server; it ends with the test.
pub(crate) struct Door {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<Asked>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Door {
    pub(crate) fn open(answering: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        Self::open_at([127, 0, 0, 1], None, answering)
    }

    /// The same with a certificate that nobody vouches for.
    pub(crate) fn open_tls(
        ip: [u8; 4],
        answering: impl Fn(&Asked) -> Answer + Send + Sync + 'static,
    ) -> Self {
        Self::open_at(ip, Some(tls()), answering)
    }

    /// The same on another address of this machine.
    #[cfg(feature = "browser")]
    pub(crate) fn open_at_other(answering: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        Self::open_at([127, 0, 0, 2], None, answering)
    }

    fn open_at(
        ip: [u8; 4],
        tls: Option<Arc<rustls::ServerConfig>>,
        answering: impl Fn(&Asked) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(SocketAddr::from((ip, 0))).unwrap();
        let address = listener.local_addr().unwrap();
        let (seen, stop) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (noted, ended, answering) = (Arc::clone(&seen), Arc::clone(&stop), Arc::new(answering));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if ended.load(Ordering::Relaxed) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                let _ = stream.set_read_timeout(Some(Duration::from_secs(10)));
                let (noted, answering, tls) = (Arc::clone(&noted), Arc::clone(&answering), tls.clone());
                std::thread::spawn(move || match tls {
                    None => converse(stream, &noted, &*answering),
                    Some(tls) => {
                        let session = rustls::ServerConnection::new(tls).unwrap();
                        converse(rustls::StreamOwned::new(session, stream), &noted, &*answering);
                    }
                });
            }
        });
        Self { address, seen, stop, thread: Some(thread) }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn seen(&self) -> Vec<Asked> {
        self.seen.lock().unwrap().clone()
    }

    /// How often something was asked.
    pub(crate) fn count(&self, method: &str, path: &str) -> usize {
        self.seen().iter().filter(|asked| asked.method == method && asked.path == path).count()
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn tls() -> Arc<rustls::ServerConfig> {
    let certificate = CertificateDer::from_pem_slice(include_bytes!("cert.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("key.pem")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    Arc::new(config)
}

fn converse<S: Read + Write>(stream: S, seen: &Mutex<Vec<Asked>>, answering: &Answering) {
    let mut reader = BufReader::new(stream);
    while let Some(asked) = read(&mut reader) {
        seen.lock().unwrap().push(asked.clone());
        let Answer(status, headers, body) = answering(&asked);
        let mut head = format!("HTTP/1.1 {status} Status\r\nContent-Length: {}\r\n", body.len());
        if !headers.iter().any(|(name, _)| name == "Content-Type") {
            head += "Content-Type: text/html; charset=utf-8\r\n";
        }
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        let out = reader.get_mut();
        if out.write_all(format!("{head}\r\n{body}").as_bytes()).and_then(|()| out.flush()).is_err() {
            return;
        }
    }
}

fn read(reader: &mut impl BufRead) -> Option<Asked> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let mut words = line.split(' ').map(str::to_owned);
    let mut asked = Asked { method: words.next()?, path: words.next()?, ..Asked::default() };
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':')?;
        asked.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut body = vec![0; asked.header("content-length").parse().unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    asked.body = String::from_utf8(body).ok()?;
    Some(asked)
}
