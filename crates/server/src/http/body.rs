//! A JSON body: read whole, at most as deep and as long as its route allows, refused by name where it does not fit.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use serde::de::DeserializeOwned;

use super::{App, Refusal};

/// A JSON body of the type a handler wants.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Arc<App>> for Body<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Refusal> {
        let bytes = Bytes::from_request(request, app)
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
