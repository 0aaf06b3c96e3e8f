//! The body of a request: read whole, small and soon, before anybody works for the request.

use std::time::Duration;

use axum::response::Response;
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper::body::Body;
use tokio::time::timeout;

use super::activity::Activity;
use super::deliveries::{Callbacks, Reading};
use super::refuse::{MAX_BODY, MAX_DELIVERY, refusal};
use super::reply::problem;

/// A body is here in this time: forms of subscribers are one packet. With the limit of the head before it and the
/// last words after it a slow client is gone within fifteen seconds.
const BODY_LIMIT: Duration = Duration::from_secs(3);

/// The bytes of a body that somebody will read; nothing of one that is refused or means nothing.
///
/// # Errors
/// The answer to a client that is too slow, or ends in the midst.
pub(super) async fn read<B>(
    head: &Parts,
    body: B,
    activity: &Activity,
    callbacks: &Callbacks,
) -> Result<Bytes, Box<Response>>
where
    B: Body<Data = Bytes>,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    if head.method != Method::POST || refusal(&head.method, &head.uri, head.version, &head.headers).is_some()
    {
        activity.leaves_unread();
        return Ok(Bytes::new());
    }
    let reading = callbacks.reading(head.uri.path());
    let most = match reading {
        Reading::Small => MAX_BODY,
        Reading::Delivery(_) => MAX_DELIVERY,
        Reading::Nothing => {
            activity.leaves_unread();
            return Ok(Bytes::new());
        }
        Reading::Later => {
            activity.leaves_unread();
            let detail = "too much is delivered at once: please again in a minute";
            return Err(Box::new(problem(&HeaderMap::new(), StatusCode::SERVICE_UNAVAILABLE, detail)));
        }
    };
    activity.owes(true);
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let read = timeout(BODY_LIMIT, Limited::new(body, most).collect()).await;
    activity.owes(false);
    let refused = |status, detail| {
        activity.leaves_unread();
        Err(Box::new(problem(&HeaderMap::new(), status, detail)))
    };
    match read {
        Ok(Ok(read)) => Ok(read.to_bytes()),
        Ok(Err(_)) => refused(StatusCode::BAD_REQUEST, "the request ended before its body did"),
        Err(_) => refused(StatusCode::REQUEST_TIMEOUT, "the body of the request took too long"),
    }
}
