//! Who of the office acts: the name a proxy or a program sends in `X-Liangcang-User`, else the short name of the
//! token. A name is written down with what was done; it opens no door.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;

use super::door::{FromOffice, bearer, cookie};
use super::{App, Refusal};
use crate::secret;

const HEADER: &str = "x-liangcang-user";
const LONGEST: usize = 40;
/// Of a token's hash: enough to tell a company's tokens apart, too little to find one.
const SHORT: usize = 6;

/// A person of the office, by name; no handler that takes it can be reached without the office's token.
pub struct FromPerson(pub String);

impl FromRequestParts<Arc<App>> for FromPerson {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refusal> {
        FromOffice::from_request_parts(parts, app).await?;
        if let Some(name) = parts.headers.get(HEADER) {
            let name = std::str::from_utf8(name.as_bytes()).unwrap_or_default().trim();
            let fits = (1..=LONGEST).contains(&name.chars().count()) && !name.chars().any(char::is_control);
            let why = "X-Liangcang-User is a name of 1 to 40 characters in UTF-8";
            return if fits {
                Ok(Self(name.to_owned()))
            } else {
                Err(Refusal::new(StatusCode::BAD_REQUEST, "bad_user", why))
            };
        }
        let token = bearer(parts).or_else(|| cookie(&parts.headers)).ok_or_else(Refusal::unauthorized)?;
        Ok(Self(secret::hash(token)[..SHORT].to_owned()))
    }
}
