//! What stands around every route: the time a request has, the headers of every answer, and that a handler which
//! panics ends neither connection nor server.
//!
//! It is called by the listener, once a request. As layers of the router the same would copy and box every route
//! around which they lie, for each request again.

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS};
use axum::http::{HeaderValue, Request, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::FutureExt;
use tower::{BoxError, Service};

use super::Refusal;

/// From the first byte of a request to the last of its answer, by where it goes; a body that trickles in is cut off.
const WITHIN: [(&str, Duration); 4] = [
    ("/sync/", Duration::from_secs(60)),
    // The platform gives up after two seconds; what has not arrived whole by then never does.
    ("/platforms/", Duration::from_secs(4)),
    // The time a million rows take.
    ("/api/import/", Duration::from_secs(30 * 60)),
    ("/console/import", Duration::from_secs(30 * 60)),
];
const ELSE_WITHIN: Duration = Duration::from_secs(30);

/// What a page drawn by the server may load: its style sheet. The office's pages bring scripts and so a policy of
/// their own.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'";

/// Answers one request.
pub async fn answer<B>(mut routes: Router, request: Request<B>) -> Result<Response, Infallible>
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    let time = within(request.uri().path());
    let answering = AssertUnwindSafe(routes.call(request.map(Body::new))).catch_unwind();
    let mut response = match tokio::time::timeout(time, answering).await {
        Ok(Ok(Ok(response))) => response,
        Ok(Err(_)) => {
            // What it said stands in the log already, by the program's own hook.
            let why = "the server could not do this, and doing it again will not help: tell who runs it";
            Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "failed", why).into_response()
        }
        Err(_) => {
            let why = "the request took too long and was cut off: send it again";
            Refusal::new(StatusCode::REQUEST_TIMEOUT, "too_slow", why).into_response()
        }
    };
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    // Not `no-referrer`: browsers then send `Origin: null` with our own forms, which are refused as foreign.
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    Ok(response)
}

fn within(path: &str) -> Duration {
    WITHIN.iter().find(|(head, _)| path.starts_with(head)).map_or(ELSE_WITHIN, |(_, time)| *time)
}
