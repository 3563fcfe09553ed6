//! Who may come in: stations and the office by their tokens, and how often a one-time code may be guessed.
//!
//! A browser of the office carries its token in a cookie that scripts cannot read and other sites cannot send; what
//! changes anything must also come from a page of this server (`Origin`).

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::FromRequestParts;
use axum::http::header::{self, AUTHORIZATION};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};

use super::{App, Refusal};
use crate::database::Database;
use crate::store::admin;
use crate::store::station::{self, Station};

/// The bearer token of a request.
pub fn bearer(parts: &Parts) -> Option<&str> {
    parts.headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ").map(str::trim)
}

/// The station a request comes from; no handler that takes it can be reached without a token.
pub struct FromStation(pub Station);

impl FromRequestParts<Arc<App>> for FromStation {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refusal> {
        let token = bearer(parts).ok_or_else(Refusal::unauthorized)?;
        let mut look = app.database.look().await?;
        let station = station::by_token(&mut look, token).await?;
        station.map(Self).ok_or_else(Refusal::unauthorized)
    }
}

/// The cookie an office browser is known by.
pub const COOKIE: &str = "liangcang_office";

/// A request of the office; no handler that takes it can be reached without its token.
pub struct FromOffice;

impl FromRequestParts<Arc<App>> for FromOffice {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refusal> {
        let by_header = bearer(parts);
        let token = by_header.or_else(|| cookie(&parts.headers)).ok_or_else(Refusal::unauthorized)?;
        if by_header.is_none() && !parts.method.is_safe() && !is_own_page(&parts.headers) {
            let why =
                "this form was not sent from a page of this server: open the page here and send it again";
            return Err(Refusal::new(StatusCode::FORBIDDEN, "foreign_page", why));
        }
        let known = app.tokens.know(&app.database, token).await?;
        if known { Ok(Self) } else { Err(Refusal::unauthorized()) }
    }
}

/// The token an office browser carries.
pub fn cookie(headers: &HeaderMap) -> Option<&str> {
    let pairs = headers.get(header::COOKIE)?.to_str().ok()?.split(';');
    pairs
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, value)| value)
}

/// Whether a form was sent from a page of the host it was sent to.
pub fn is_own_page(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let origin = text(header::ORIGIN).and_then(|origin| origin.split_once("://")).map(|(_, host)| host);
    origin.is_some() && origin == text(header::HOST)
}

/// The office's tokens as of a moment ago, so that a burst of orders does not ask the database for each: one that is
/// taken away is let in for a second more.
#[derive(Debug, Default)]
pub struct Tokens(Mutex<Option<(Instant, Vec<String>)>>);

const TOKENS_KEPT: Duration = Duration::from_secs(1);

impl Tokens {
    /// Whether a token is one of the office's.
    ///
    /// # Errors
    /// Of the database.
    pub async fn know(&self, database: &Database, token: &str) -> anyhow::Result<bool> {
        let kept = {
            let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            kept.as_ref().filter(|(at, _)| at.elapsed() < TOKENS_KEPT).map(|(_, it)| admin::among(it, token))
        };
        if kept == Some(true) {
            return Ok(true);
        }
        // An unknown token is always looked up: it may have been made just now.
        let hashes = admin::hashes(&mut database.look().await?).await?;
        let known = admin::among(&hashes, token);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), hashes));
        Ok(known)
    }
}

/// Wrong codes in the running minute, over all callers: a code has 43 bits and a day, so twenty guesses a minute
/// find it once in ten million years, and an office enrolling its stations never notices.
#[derive(Debug, Default)]
pub struct Attempts(Mutex<Vec<Instant>>);

const WRONG_CODES: usize = 20;
const WINDOW: Duration = Duration::from_secs(60);

impl Attempts {
    /// Whether one more guess may be looked at now.
    #[must_use]
    pub fn may_try(&self, now: Instant) -> bool {
        let mut wrong = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        wrong.retain(|at| now.duration_since(*at) < WINDOW);
        wrong.len() < WRONG_CODES
    }

    /// A guess was wrong.
    pub fn was_wrong(&self, now: Instant) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_twenty_wrong_codes_nobody_guesses_for_a_minute() {
        let (attempts, start) = (Attempts::default(), Instant::now());
        for _ in 0..WRONG_CODES {
            assert!(attempts.may_try(start));
            attempts.was_wrong(start);
        }
        assert!(!attempts.may_try(start + WINDOW / 2));
        assert!(attempts.may_try(start + WINDOW));
    }
}
