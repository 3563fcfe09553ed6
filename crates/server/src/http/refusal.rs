//! A refused request: a status, a code for programs and words for people; the whole chain goes to the log, once.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// Why a request was not carried out.
#[derive(Debug)]
pub struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl Refusal {
    /// A refusal with its status, code and words; the words must not hold personal data.
    #[must_use]
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    /// Nobody knows the token.
    #[must_use]
    pub fn unauthorized() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "this token is not known here: sign in, or enrol again",
        )
    }

    /// There is no such thing.
    #[must_use]
    pub fn not_found(what: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", what)
    }

    /// The status it is answered with.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The words, for a page that shows them itself.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl From<anyhow::Error> for Refusal {
    /// The caller learns that it failed, the log why.
    fn from(fault: anyhow::Error) -> Self {
        tracing::error!(fault = format!("{fault:#}"), "a request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "failed", "the server could not do this now: try again")
    }
}

impl From<sqlx::Error> for Refusal {
    fn from(fault: sqlx::Error) -> Self {
        anyhow::Error::from(fault).into()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Json(json!({ "code": self.code, "message": self.message }))).into_response()
    }
}
