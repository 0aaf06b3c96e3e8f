//! The sample portal's own listener: loopback, any free port, the same HTTP that other portals speak.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::CONTENT_TYPE;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};

use crate::runtime::{Clock, Stop};
use crate::sample::Site;

/// A client that says nothing is let go after this.
const SILENCE: Duration = Duration::from_secs(10);

/// Serves the sample portal until `stop`, on `port` when that is free, and says where.
///
/// # Errors
/// When no loopback port can be had at all.
pub async fn sample_site(
    port: Option<u16>,
    site: Arc<Site>,
    clock: Clock,
    stop: &Stop,
) -> io::Result<SocketAddr> {
    let listener = match TcpListener::bind((Ipv4Addr::LOCALHOST, port.unwrap_or(0))).await {
        Ok(listener) => listener,
        Err(_) => TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?,
    };
    let address = listener.local_addr()?;
    let order = stop.clone();
    stop.spawn(async move {
        loop {
            tokio::select! {
                () = order.requested() => return,
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => {
                        let (site, clock, until) = (Arc::clone(&site), clock.clone(), order.clone());
                        order.spawn(async move {
                            tokio::select! {
                                () = converse(stream, site, clock) => {}
                                () = until.requested() => {}
                            }
                        });
                    }
                    // out of descriptors: wait for some to be given back
                    Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
                },
            }
        }
    });
    Ok(address)
}

async fn converse(stream: TcpStream, site: Arc<Site>, clock: Clock) {
    let service = service_fn(move |request: Request<hyper::body::Incoming>| {
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        let answer = site.answer(path, clock.now());
        async move { Ok::<_, Infallible>(reply(answer)) }
    });
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(SILENCE);
    if let Err(error) = server.serve_connection(TokioIo::new(stream), service).await {
        tracing::debug!(error = %error, "a connection to the sample portal broke");
    }
}

fn reply(answer: crate::sample::Answer) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(answer.body)));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, http::HeaderValue::from_static(answer.content_type));
    response
}
