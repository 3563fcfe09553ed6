//! `/console/`: the office's pages. They run in the browser (`app`), except that for order files, which is drawn by the
//! server at `/console/import` and wants no script: choose a file, see what it would bring, say which heading means
//! what where that is not known, import.

pub mod app;
mod mapping_form;
mod page;
pub mod planning;
mod report;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::multipart::MultipartError;
use axum::extract::{Form, Multipart, Query, State};
use axum::http::header::{CONTENT_TYPE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;

use super::door::{COOKIE, FromOffice, is_own_page};
use super::{App, Refusal, imports};
use crate::clock::now;
use crate::order_files::{FileFault, Source};
use crate::order_import;
use crate::secret::NoRandomness;
use crate::store::{admin, mapping};

pub use mapping_form::MappingForm;
use page::{Lang, Text, page};

type Office = Result<FromOffice, Refusal>;

/// The language of a page, in its address.
#[derive(Deserialize)]
pub struct LangQuery {
    #[serde(default)]
    lang: Lang,
}

/// The style sheet.
pub async fn style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("console/style.css"))
}

impl From<NoRandomness> for Refusal {
    fn from(fault: NoRandomness) -> Self {
        anyhow::Error::from(fault).into()
    }
}

/// A page with its status; people who are not known see the sign-in form.
fn shown(lang: Lang, answer: Result<String, Refusal>) -> Response {
    match answer {
        Ok(body) => Html(page(lang, &body)).into_response(),
        Err(refusal) => {
            let body = page::refused(lang, &refusal);
            (refusal.status(), Html(page(lang, &body))).into_response()
        }
    }
}

/// `GET /console/import`.
pub async fn start(
    State(app): State<Arc<App>>,
    office: Office,
    Query(LangQuery { lang }): Query<LangQuery>,
) -> Response {
    if office.is_err() {
        return Html(page(lang, &page::sign_in(lang, None))).into_response();
    }
    shown(lang, choose(&app, lang).await)
}

async fn choose(app: &App, lang: Lang) -> Result<String, Refusal> {
    let names = mapping::names(&mut app.database.look().await?).await?;
    Ok(page::choose(lang, &names))
}

/// A typed token.
#[derive(Deserialize)]
pub struct SignIn {
    token: String,
}

/// `POST /console/sign-in`: a right token becomes a cookie.
pub async fn sign_in(
    State(app): State<Arc<App>>,
    Query(LangQuery { lang }): Query<LangQuery>,
    headers: HeaderMap,
    Form(SignIn { token }): Form<SignIn>,
) -> Response {
    let token = token.trim();
    let known = async { admin::knows(&mut app.database.look().await?, token).await };
    match known.await {
        Err(fault) => shown(lang, Err(fault.into())),
        Ok(true) if is_own_page(&headers) => {
            let cookie = format!("{COOKIE}={token}; HttpOnly; SameSite=Strict; Path=/");
            let to = format!("/console/import?lang={}", lang.code());
            (StatusCode::SEE_OTHER, [(SET_COOKIE, cookie), (LOCATION, to)]).into_response()
        }
        Ok(_) => {
            let why = lang.text(Text::WrongToken);
            (StatusCode::UNAUTHORIZED, Html(page(lang, &page::sign_in(lang, Some(why))))).into_response()
        }
    }
}

/// `POST /console/sign-out`.
pub async fn sign_out(Query(LangQuery { lang }): Query<LangQuery>) -> Response {
    let cookie = format!("{COOKIE}=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0");
    let to = format!("/console/import?lang={}", lang.code());
    (StatusCode::SEE_OTHER, [(SET_COOKIE, cookie), (LOCATION, to)]).into_response()
}

/// `POST /console/import/preview`: the file and the name of a mapping.
pub async fn preview(
    State(app): State<Arc<App>>,
    office: Office,
    Query(LangQuery { lang }): Query<LangQuery>,
    form: Multipart,
) -> Response {
    let answer = async {
        office?;
        let (bytes, name) = upload(form).await?;
        let id = app.uploads.keep(bytes)?;
        looked_at(&app, lang, &id, &name).await
    };
    shown(lang, answer.await)
}

async fn upload(mut form: Multipart) -> Result<(Bytes, String), Refusal> {
    let cut = |fault: MultipartError| {
        Refusal::new(fault.status(), "upload_cut", "the file did not arrive whole, or is larger than 64 MiB")
    };
    let (mut bytes, mut name) = (Bytes::new(), String::new());
    while let Some(field) = form.next_field().await.map_err(cut)? {
        match field.name() {
            Some("file") => bytes = field.bytes().await.map_err(cut)?,
            Some("mapping") => name = field.text().await.map_err(cut)?,
            _ => {}
        }
    }
    if bytes.is_empty() {
        return Err(Refusal::new(StatusCode::BAD_REQUEST, "no_file", "no file was chosen / 没有选择文件"));
    }
    Ok((bytes, name))
}

/// The preview of a kept file, or the form that asks what its headings mean.
async fn looked_at(app: &App, lang: Lang, upload: &str, name: &str) -> Result<String, Refusal> {
    let bytes = kept(app, upload)?;
    let source = source(app, name).await?;
    let channel = source.channel.clone();
    Ok(match order_import::preview(&app.database, bytes.to_vec(), source).await? {
        Ok(preview) => report::preview(lang, &preview, upload, name, &channel),
        Err(fault @ FileFault::Columns { .. }) => {
            mapping_form::draw(lang, &fault, upload, &MappingForm::default())
        }
        Err(fault) => report::unreadable(lang, &fault),
    })
}

async fn source(app: &App, name: &str) -> Result<Source, Refusal> {
    imports::source(app, Some(name).filter(|name| !name.is_empty())).await
}

fn kept(app: &App, upload: &str) -> Result<Bytes, Refusal> {
    let gone = || Refusal::not_found("this file is no longer here: choose it again / 文件已不在，请重新选择");
    app.uploads.find(upload).ok_or_else(gone)
}

/// `POST /console/import/mapping`: stores what the headings mean, and shows the file read with it.
pub async fn save_mapping(
    State(app): State<Arc<App>>,
    office: Office,
    Query(LangQuery { lang }): Query<LangQuery>,
    Form(form): Form<MappingForm>,
) -> Response {
    let answer = async {
        office?;
        let toml = form.toml();
        match form.checked() {
            Ok(()) => {}
            Err(why) => return again(&app, lang, &form, &why).await,
        }
        let mut tx = app.database.begin().await?;
        mapping::save(&mut tx, form.name(), &toml, now()).await?;
        tx.commit().await?;
        looked_at(&app, lang, form.upload(), form.name()).await
    };
    shown(lang, answer.await)
}

/// The form once more, with what is wrong with it above.
async fn again(app: &App, lang: Lang, form: &MappingForm, why: &str) -> Result<String, Refusal> {
    let bytes = kept(app, form.upload())?;
    // No heading is named so: whatever the file has is then told as found.
    let read = order_import::preview(&app.database, bytes.to_vec(), mapping_form::nothing_known()).await?;
    Ok(match read {
        Err(fault) => {
            format!("{}{}", page::fault(why), mapping_form::draw(lang, &fault, form.upload(), form))
        }
        Ok(_) => page::fault(why),
    })
}

/// What is to be imported.
#[derive(Deserialize)]
pub struct Run {
    upload: String,
    mapping: String,
}

/// `POST /console/import/run`.
pub async fn run(
    State(app): State<Arc<App>>,
    office: Office,
    Query(LangQuery { lang }): Query<LangQuery>,
    Form(run): Form<Run>,
) -> Response {
    let answer = async {
        office?;
        let bytes = kept(&app, &run.upload)?;
        let source = source(&app, &run.mapping).await?;
        let channel = source.channel.clone();
        let preview = match order_import::preview(&app.database, bytes.to_vec(), source).await? {
            Ok(preview) => preview,
            Err(fault) => return Ok(report::unreadable(lang, &fault)),
        };
        let taken = order_import::take(&app.database, &channel, &preview).await?;
        app.uploads.forget(&run.upload);
        Ok(report::taken(lang, &preview, &taken))
    };
    shown(lang, answer.await)
}
