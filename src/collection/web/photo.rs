//! The photo of what was handed in: given with the form, added later, or on its way from a phone. The hand-over stands
//! without it.
use actix_web::{HttpResponse, ResponseError, http::StatusCode, web};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::Serialize;

use super::acts::refused;
use crate::{
    accounts::{visit, visit::Operator},
    app::App,
    catalogue::{Hand, Side, photo},
    collection::intake::{self, Model},
    db,
    error::{Error, Result},
    form::Wrong,
    locale::Said,
    once,
    orders::web::counter::proof::picture,
    outlet::device_event,
    upload::Upload,
};
use entity::{
    intake::{Column, Entity},
    photo::{Model as Photo, State, Subject},
};

/// How the photo of a hand-over stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Standing {
    #[default]
    None,
    /// It is being made ready, or a phone has it that has not sent it yet.
    Coming,
    Ready,
}

/// The first photo that can be shown, and how the photo stands.
pub(super) async fn of(db: &impl ConnectionTrait, intake: &Model) -> Result<(Option<Photo>, Standing)> {
    let photos = photo::of(db, Subject::Intake, intake.id).await?;
    let is_coming = photos.iter().any(|photo| photo.state == State::Waiting)
        || (photos.is_empty() && is_on_a_phone(db, intake).await?);
    Ok(match photos.into_iter().find(|photo| photo.state == State::Ready) {
        Some(ready) => (Some(ready), Standing::Ready),
        None if is_coming => (None, Standing::Coming),
        None => (None, Standing::None),
    })
}

/// Whether the phone that told the hand-over said that it has a photo of it.
async fn is_on_a_phone(db: &impl ConnectionTrait, intake: &Model) -> Result<bool> {
    let Some(key) = intake.source_key.strip_prefix("event:") else { return Ok(false) };
    let told = device_event::known(db, &[key]).await?.into_values().next();
    let body = told.and_then(|told| serde_json::from_str::<serde_json::Value>(&told.body).ok());
    Ok(body.is_some_and(|body| body["photo"] == true))
}

/// `GET /kelola/setoran/{id}/foto/{photo}/{size}`
pub(super) async fn show(
    operator: Operator,
    path: web::Path<(i64, i64, String)>,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let (id, photo_id, size) = path.into_inner();
    intake::read(&app.db, operator.outlet.id, id).await?;
    let photos = photo::of(&app.db, Subject::Intake, id).await?;
    picture(&app, photos.iter().find(|photo| photo.id == photo_id), &size).await
}

/// `GET /setoran/{secret}/foto/{size}`: for whoever holds the receipt.
pub(super) async fn on_receipt(path: web::Path<(String, String)>, app: web::Data<App>) -> Result<HttpResponse> {
    let (secret, size) = path.into_inner();
    let found = Entity::find().filter(Column::Secret.eq(secret)).one(&app.db).await?;
    let (ready, _) = of(&app.db, &found.ok_or(Error::NotFound)?).await?;
    picture(&app, ready.as_ref(), &size).await
}

/// `POST /kelola/setoran/{id}/foto`: the picture catches up.
pub(super) async fn add(
    operator: Operator,
    id: web::Path<i64>,
    upload: Upload,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    intake::read(&app.db, operator.outlet.id, *id).await?;
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    let (wrong, status) = match take(&operator, &app, *id, &upload).await {
        Ok(Taken::Kept) => return Ok(visit::done(&format!("/kelola/setoran/{id}#foto"), "intake.photo_added")),
        Ok(Taken::None) => (Wrong::field("photo", Said::new("intake.no_photo")), status),
        Ok(Taken::TooLarge) => (Wrong::field("photo", Said::new("photo.refused.too_many_bytes")), status),
        Err(Error::Refused(refusal)) => {
            let status = Error::Refused(refusal.clone()).status_code();
            (Wrong::refusal("photo", refusal), status)
        }
        Err(e) => return Err(e),
    };
    refused(&operator, &app, *id, ("photo".to_owned(), &upload.form), &wrong, status).await
}

/// The photo that came with the form of a hand-over that stands now: what can be said of both.
pub(super) async fn with_form(operator: &Operator, app: &App, id: i64, upload: &Upload) -> Result<&'static str> {
    match take(operator, app, id, upload).await {
        Ok(Taken::Kept | Taken::None) => Ok("intake.done"),
        Ok(Taken::TooLarge) | Err(Error::Refused(_)) => Ok("intake.done_without_photo"),
        Err(e) => Err(e),
    }
}

enum Taken {
    /// It is the hand-over's now; sent twice it is there once.
    Kept,
    None,
    TooLarge,
}

async fn take(operator: &Operator, app: &App, id: i64, upload: &Upload) -> Result<Taken> {
    let Some(file) = upload.file("photo") else {
        return Ok(if upload.is_too_large("photo") { Taken::TooLarge } else { Taken::None });
    };
    let kept = photo::keep(&app.files, Subject::Intake, &file.read().await?).await?;
    let is_new = enter(operator, app, id, upload, &kept).await;
    if !matches!(is_new, Ok(true)) {
        kept.discard(&app.files).await?;
    }
    is_new.map(|_| Taken::Kept)
}

/// Says whether it was entered now.
async fn enter(operator: &Operator, app: &App, id: i64, upload: &Upload, kept: &photo::Kept) -> Result<bool> {
    let tx = db::begin(&app.db).await?;
    let (scope, hash) = (format!("intake.photo:{id}"), upload.content_hash());
    if let Some(key) = upload.form.request_key() {
        if once::answered(&tx, &scope, key, &hash).await?.is_some() {
            return Ok(false);
        }
        once::remember(&tx, &app.clock, &scope, key, &hash, "").await?;
    }
    let hand = Hand {
        person_id: Some(operator.person_id),
        village_id: Some(operator.outlet.village_id),
        side: Side::Operator,
    };
    photo::enter(&tx, &app.clock, &hand, Subject::Intake, id, kept).await?;
    tx.commit().await?;
    Ok(true)
}
