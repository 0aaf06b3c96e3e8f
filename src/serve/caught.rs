//! A panic in the work for one request: caught, counted, and the end of that request only.

use std::panic::AssertUnwindSafe;

use axum::response::Response;
use futures_util::FutureExt;
use http::header::CONNECTION;
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::runtime::Meter;

use super::reply::{harden, problem};

/// Does the work; a panic in it is told by the log (the hook of the process says where) and answered 500.
///
/// What the work shares with others is behind locks that outlive a panic, or is replaced whole.
pub(super) async fn caught(meter: &Meter, work: impl Future<Output = Response>) -> Response {
    if let Ok(response) = AssertUnwindSafe(work).catch_unwind().await {
        return response;
    }
    meter.panicked();
    let detail = "this request met a fault of tidings";
    let mut response = harden(problem(&HeaderMap::new(), StatusCode::INTERNAL_SERVER_ERROR, detail));
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_counted_and_costs_one_request() {
        let meter = Meter::new();
        let fails = async {
            tokio::task::yield_now().await;
            panic!("secret text");
        };
        let response = caught(&meter, fails).await;
        assert_eq!(response.status(), 500);
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        assert_eq!(response.headers()["connection"], "close");
        let body = http_body_util::BodyExt::collect(response.into_body()).await.unwrap().to_bytes();
        assert!(!String::from_utf8_lossy(&body).contains("secret"));
        assert!(meter.to_text().contains("tidings_panics_total 1"), "{}", meter.to_text());
        let works = caught(&meter, async { Response::default() }).await;
        assert_eq!(works.status(), 200);
    }
}
