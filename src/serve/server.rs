//! The accept loop: connections in, limits on each, and an orderly end.

use std::convert::Infallible;
use std::io;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::response::Response;
use futures_util::future::join_all;
use http::header::CONNECTION;
use http::{HeaderValue, Request};
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{interval, sleep, timeout};
use tower::ServiceExt;

use crate::runtime::Stop;

use super::body;
use super::caught::caught;
use super::client::{Peer, household};
use super::crowd::{Crowd, Full, Seat};
use super::listen::{Listener, Stream, next};
use super::reply::harden;
use super::router::{quick, router};
use super::state::State;
use super::wire::Wire;

/// A request's head must be here in this time; a connection kept alive may be silent so long.
const HEAD_LIMIT: Duration = Duration::from_secs(10);
const MAX_HEADERS: usize = 64;
const MAX_HEAD_BYTES: usize = 32 * 1024;

/// Once stopping, a connection that waits in the queue is taken if it comes within this time: who has begun to connect is
/// there by then.
const QUEUE_PATIENCE: Duration = Duration::from_millis(100);
/// And the queue is emptied for so long at most.
const QUEUE_LIMIT: Duration = Duration::from_secs(1);
/// In the very moment before it closes, so many more are taken at most: as many as a queue may hold.
const QUEUE_LAST: usize = 4096;
/// A new connection may still send its first request, one kept alive a further one that is on its way.
const FIRST_GRACE: Duration = Duration::from_millis(1000);
const NEXT_GRACE: Duration = Duration::from_millis(100);
/// After the order to stop, answers end in this time or are cut.
const STOP_LIMIT: Duration = Duration::from_secs(8);

/// The accept loop shows this often that it moves, when nobody comes.
const PULSE: Duration = Duration::from_secs(1);

/// When descriptors ran out: so many idle connections leave, and accepting rests so long.
const SHED: usize = 8;
const SHED_PAUSE: Duration = Duration::from_millis(20);

/// Serves until `stop`; then takes what waits in the queue, finishes its answers and ends, within ten seconds.
pub async fn run(listeners: Vec<Listener>, state: State, stop: Stop) {
    let server = Server {
        router: router(state.clone()),
        state: state.clone(),
        crowd: Crowd::new(),
        stop: stop.clone(),
    };
    let connections = stop.child();
    let fresh = (state, stop.clone());
    connections.spawn(async move { fresh.0.shelf().keep_fresh(&fresh.1).await });
    join_all(listeners.into_iter().map(|listener| server.clone().accept(listener, connections.clone())))
        .await;
    if !connections.finished(STOP_LIMIT).await {
        tracing::warn!("some answers were cut: their clients did not take them in time");
        server.crowd.close();
        connections.finished(QUEUE_LIMIT).await;
    }
}

#[derive(Debug, Clone)]
struct Server {
    router: Router,
    state: State,
    crowd: Crowd,
    stop: Stop,
}

impl Server {
    async fn accept(self, listener: Listener, connections: Stop) {
        let mut ticks = interval(PULSE);
        loop {
            listener.pulse.beat();
            tokio::select! {
                () = self.stop.requested() => break,
                _ = ticks.tick() => {}
                accepted = next(&listener.socket) => self.take(accepted, &connections).await,
            }
        }
        if listener.handed_over {
            return;
        }
        listener.socket.close_the_door();
        // closing the socket would reset those who wait in its queue
        let empty = async {
            while let Ok(accepted) = timeout(QUEUE_PATIENCE, next(&listener.socket)).await {
                self.take(accepted, &connections).await;
            }
        };
        // either the queue is empty, or they come and come
        let _ended = timeout(QUEUE_LIMIT, empty).await.is_ok();
        let mut last = listener.socket.into_last();
        for accepted in last.by_ref().take(QUEUE_LAST) {
            self.take(Ok(accepted), &connections).await;
        }
    }

    async fn take(&self, accepted: io::Result<Stream>, connections: &Stop) {
        match accepted {
            Ok(Stream::Tcp(stream, address)) => {
                // answers are whole when they are written: waiting for more gains nothing
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(error = %error, "TCP_NODELAY was refused");
                }
                self.seat(stream, Some(address), connections).await;
            }
            Ok(Stream::Unix(stream)) => self.seat(stream, None, connections).await,
            Err(error) if is_of_the_client(&error) => {}
            Err(error) => {
                tracing::debug!(error = %error, "no connection can be taken: idle ones leave");
                self.crowd.make_room(SHED, SHED_PAUSE).await;
            }
        }
    }

    async fn seat<S>(&self, stream: S, address: Option<IpAddr>, connections: &Stop)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let public = self.state.public();
        let is_proxy = |address: &IpAddr| {
            public.settings.trusted_proxies.iter().any(|net| net.contains(&address.to_canonical()))
        };
        let household = address.filter(|address| !is_proxy(address)).map(household);
        // in a full house nobody could have a seat: those behind wait as well, in the order in which they came
        let now = match self.crowd.seat_now(household) {
            Err(Full::House) => self.crowd.seat_in_turn(household).await,
            now => now,
        };
        let server = self.clone();
        let converse = async move |seat: Seat| {
            seat.activity.is_heard();
            server.state.meter().connected();
            server.converse(stream, Peer(address), Arc::new(seat)).await;
            server.state.meter().disconnected();
        };
        let crowd = self.crowd.clone();
        match now {
            Ok(seat) => drop(connections.spawn(async move { converse(seat).await })),
            Err(Full::House) => {
                tracing::debug!("a connection was refused: every other one is being answered");
            }
            // a newcomer that must wait for its own keeps nobody behind it waiting
            Err(Full::Address) => drop(connections.spawn(async move {
                match crowd.seat_soon(household).await {
                    Some(seat) => converse(seat).await,
                    None => tracing::debug!("a connection was refused: its address has too many"),
                }
            })),
        }
    }

    async fn converse<S>(&self, stream: S, peer: Peer, seat: Arc<Seat>)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let io = TokioIo::new(Wire::new(stream, Arc::clone(&seat.activity)));
        let service = service_fn(|request| self.answer(request, peer, Arc::clone(&seat)));
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(HEAD_LIMIT)
            .max_headers(MAX_HEADERS)
            .max_buf_size(MAX_HEAD_BYTES);
        let mut connection = pin!(http.serve_connection(io, service));
        tokio::select! {
            () = ended(connection.as_mut()) => return,
            () = seat.leave.cancelled() => return,
            () = self.stop.requested() => {}
        }
        let grace = if seat.activity.has_served() { NEXT_GRACE } else { FIRST_GRACE };
        tokio::select! {
            () = ended(connection.as_mut()) => return,
            () = seat.leave.cancelled() => return,
            () = sleep(grace) => {}
        }
        connection.as_mut().graceful_shutdown();
        loop {
            tokio::select! {
                () = ended(connection.as_mut()) => return,
                () = seat.leave.cancelled() => return,
                // an answer on its way ends first; half a request had its time
                () = sleep(NEXT_GRACE) => if !seat.activity.is_answering() {
                    return;
                },
            }
        }
    }

    async fn answer(
        &self,
        request: Request<Incoming>,
        peer: Peer,
        seat: Arc<Seat>,
    ) -> Result<Response, Infallible> {
        seat.activity.begins();
        let has_body = !request.body().is_end_stream();
        let mut response = caught(self.state.meter(), self.respond(request, peer, &seat)).await;
        if has_body || self.stop.is_requested() {
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        seat.activity.ends();
        Ok(response)
    }

    async fn respond(&self, request: Request<Incoming>, peer: Peer, seat: &Seat) -> Response {
        if request.body().is_end_stream()
            && let Some(response) = quick(&self.state, &request)
        {
            return response;
        }
        let (mut head, body) = request.into_parts();
        head.extensions.insert(peer);
        match body::read(&head, body, &seat.activity, self.state.callbacks()).await {
            Ok(body) => {
                let request = Request::from_parts(head, axum::body::Body::from(body));
                match self.router.clone().oneshot(request).await {
                    Ok(response) => response,
                    Err(never) => match never {},
                }
            }
            Err(refusal) => {
                self.state.meter().request("none", refusal.status().as_u16());
                harden(*refusal)
            }
        }
    }
}

/// The end of a connection; that it broke is the client's business.
async fn ended(connection: impl Future<Output = hyper::Result<()>>) {
    if let Err(error) = connection.await {
        tracing::trace!(error = %error, "a connection broke");
    }
}

/// Errors of one connection, gone before it was taken (accept(2), "Error handling").
fn is_of_the_client(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::Interrupted
    )
}
