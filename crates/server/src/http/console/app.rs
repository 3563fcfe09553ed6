//! The office's pages as they were built (`ui/apps/console`), carried inside the program. What they ask is `/api`'s.

use axum::body::Body;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use rust_embed::RustEmbed;

/// The built pages.
#[derive(RustEmbed)]
#[folder = "../../ui/apps/console/dist"]
struct Pages;

const INDEX: &str = "index.html";
/// Files here have their content's hash in their name.
const HASHED: &str = "assets/";
/// Scripts, styles and fonts of our own, and no others; nothing inline. Element Plus draws some signs from data URLs.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; \
    img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// `GET /console`: the pages' addresses begin with `/console/`.
pub async fn enter() -> Redirect {
    Redirect::permanent("/console/")
}

/// `GET /console/`: the first page.
pub async fn index() -> Response {
    page(INDEX)
}

/// `GET /console/…`: a file of the pages; any other address is one that the pages themselves understand.
pub async fn file(Path(path): Path<String>) -> Response {
    if Pages::get(&path).is_some() || path.starts_with(HASHED) { page(&path) } else { page(INDEX) }
}

fn page(path: &str) -> Response {
    let Some(file) = Pages::get(path) else {
        return (StatusCode::NOT_FOUND, "there is no such file: load the page again").into_response();
    };
    let kept = if path.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let kind = HeaderValue::from_str(file.metadata.mimetype());
    let kind = kind.unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let headers = [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, HeaderValue::from_static(kept)),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    ];
    (headers, Body::from(file.data.into_owned())).into_response()
}
