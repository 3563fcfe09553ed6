//! A JSON body: read whole, at most as deep and as long as its route allows, refused by name where it does not fit.

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::StatusCode;
use serde::de::DeserializeOwned;

use super::{PLAN_BODY_BYTES, Refusal};

/// A JSON body of the type a handler wants, of at most `MOST` bytes.
pub struct Body<T, const MOST: usize = PLAN_BODY_BYTES>(pub T);

impl<T: DeserializeOwned, S: Send + Sync, const MOST: usize> FromRequest<S> for Body<T, MOST> {
    type Rejection = Refusal;

    async fn from_request(mut request: Request, state: &S) -> Result<Self, Refusal> {
        DefaultBodyLimit::max(MOST).apply(&mut request);
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|fault| Refusal::new(fault.status(), "unreadable_body", fault.body_text()))?;
        serde_json::from_slice(&bytes).map(Self).map_err(|fault| {
            Refusal::new(
                StatusCode::BAD_REQUEST,
                "bad_json",
                format!("the body is not as it should be: {fault}"),
            )
        })
    }
}
