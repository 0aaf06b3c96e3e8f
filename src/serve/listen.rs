//! Sockets to listen on: bound here, or handed over by the service manager.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::{Path, PathBuf};

use listenfd::ListenFd;
use socket2::{SockFilter, SockRef};
use tokio::net::{TcpListener, TcpSocket, TcpStream, UnixListener, UnixStream};

use crate::runtime::Pulse;

use super::settings::Listen;

/// The web server in front of us may belong to another user of our group.
const UNIX_MODE: u32 = 0o660;

/// Newcomers that the system keeps for us while we are busy; whom it does not keep tries again after a second.
/// More than `net.core.somaxconn` (4096 nearly everywhere) is not had.
const BACKLOG: u32 = 4096;

/// A socket that clients connect to.
#[derive(Debug)]
pub struct Listener {
    pub(super) socket: Socket,
    /// The service manager has it too: what waits in its queue is not lost when we close it.
    pub(super) handed_over: bool,
    /// Beats as long as connections are taken from it.
    pub(super) pulse: Pulse,
}

#[derive(Debug)]
pub(super) enum Socket {
    Tcp(TcpListener),
    /// With the file to take away at the end, when we made it.
    Unix(UnixListener, Option<PathBuf>),
}

impl Listener {
    /// Beats each second as long as connections are taken from it.
    #[must_use]
    pub fn pulse(&self) -> Pulse {
        self.pulse.clone()
    }

    /// Where it listens, for TCP.
    #[must_use]
    pub fn tcp_address(&self) -> Option<SocketAddr> {
        match &self.socket {
            Socket::Tcp(listener) => listener.local_addr().ok(),
            Socket::Unix(..) => None,
        }
    }
}

/// A stream of either kind of socket.
pub(super) enum Stream {
    Tcp(TcpStream, IpAddr),
    Unix(UnixStream),
}

/// The next connection.
pub(super) async fn next(socket: &Socket) -> io::Result<Stream> {
    match socket {
        Socket::Tcp(listener) => {
            listener.accept().await.map(|(stream, address)| Stream::Tcp(stream, address.ip()))
        }
        Socket::Unix(listener, _) => listener.accept().await.map(|(stream, _)| Stream::Unix(stream)),
    }
}

/// Drops what would begin a connection (SYN, RFC 9293 section 3.1, byte 13 of the header) and lets all else pass, in the
/// words of the Linux socket filter: load that byte, is the bit set, then 0 bytes of the packet are kept, else all.
const NO_NEWCOMERS: [(u16, u8, u8, u32); 4] =
    [(0x30, 0, 0, 13), (0x45, 0, 1, 0x02), (0x06, 0, 0, 0), (0x06, 0, 0, u32::MAX)];

impl Socket {
    /// From now on nobody new comes into the queue; who is in it stays. Newcomers try again in a second and find the port
    /// closed, or a new process. Where the system does not know how, they come in until the socket closes.
    pub(super) fn close_the_door(&self) {
        match self {
            Self::Tcp(listener) => {
                let filter = NO_NEWCOMERS.map(|(code, yes, no, value)| SockFilter::new(code, yes, no, value));
                if let Err(error) = SockRef::from(listener).attach_filter(&filter) {
                    tracing::debug!(error = %error, "newcomers cannot be kept from the queue");
                }
            }
            Self::Unix(_, Some(path)) => {
                if let Err(error) = std::fs::remove_file(path) {
                    tracing::debug!(error = %error, "the socket's file could not be taken away");
                }
            }
            Self::Unix(_, None) => {}
        }
    }

    /// Those who wait in the queue now, asked of the system itself and not of what the runtime heard of it last. The
    /// socket closes when the last of them was taken.
    pub(super) fn into_last(self) -> Box<dyn Iterator<Item = Stream> + Send> {
        match self {
            Self::Tcp(listener) => Box::new(listener.into_std().into_iter().flat_map(|listener| {
                std::iter::from_fn(move || listener.accept().ok()).filter_map(|(stream, address)| {
                    stream.set_nonblocking(true).ok()?;
                    Some(Stream::Tcp(TcpStream::from_std(stream).ok()?, address.ip()))
                })
            })),
            Self::Unix(listener, _) => Box::new(listener.into_std().into_iter().flat_map(|listener| {
                std::iter::from_fn(move || listener.accept().ok()).filter_map(|(stream, _)| {
                    stream.set_nonblocking(true).ok()?;
                    Some(Stream::Unix(UnixStream::from_std(stream).ok()?))
                })
            })),
        }
    }
}

/// Binds an address. A Unix socket that a killed process left behind is replaced, one in use is not.
///
/// # Errors
/// When the address is in use, not of this machine, or may not be had.
pub async fn bind(listen: &Listen) -> io::Result<Listener> {
    let socket = match listen {
        Listen::Tcp(address) => {
            let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
            // who was here a moment ago does not keep the address
            socket.set_reuseaddr(true)?;
            socket.bind(*address)?;
            Socket::Tcp(socket.listen(BACKLOG)?)
        }
        Listen::Unix(path) => {
            remove_stale(path).await?;
            let listener = UnixListener::bind(path)?;
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(UNIX_MODE))?;
            Socket::Unix(listener, Some(path.clone()))
        }
    };
    Ok(Listener { socket, handed_over: false, pulse: Pulse::new() })
}

/// Takes the sockets handed over by the service manager (`sd_listen_fds`); empty when there are none.
///
/// # Errors
/// When one of them is no listening stream socket.
pub fn handed_over() -> io::Result<Vec<Listener>> {
    let mut handed = ListenFd::from_env();
    let mut listeners = Vec::with_capacity(handed.len());
    for index in 0..handed.len() {
        let socket = if let Ok(listener) = handed.take_tcp_listener(index) {
            let Some(listener) = listener else { continue };
            listener.set_nonblocking(true)?;
            Socket::Tcp(TcpListener::from_std(listener)?)
        } else {
            let Some(listener) = handed.take_unix_listener(index)? else { continue };
            listener.set_nonblocking(true)?;
            Socket::Unix(UnixListener::from_std(listener)?, None)
        };
        listeners.push(Listener { socket, handed_over: true, pulse: Pulse::new() });
    }
    Ok(listeners)
}

async fn remove_stale(path: &Path) -> io::Result<()> {
    let Ok(found) = std::fs::symlink_metadata(path) else { return Ok(()) };
    if found.file_type().is_socket() && UnixStream::connect(path).await.is_err() {
        std::fs::remove_file(path)?;
    }
    Ok(())
}
