//! What is done with a purchase that stands: it is taken out of the books, or gets the photo of its note.
use actix_web::{
    HttpResponse, ResponseError,
    http::StatusCode,
    web::{Data, Path},
};

use super::show::draw_refused;
use crate::{
    accounts::visit::{Treasurer, done},
    app::App,
    catalogue::{Hand, Side, photo},
    db,
    error::{Error, Refusal, Result},
    form::{Form, FormView, Wrong},
    locale::Said,
    once,
    outlet::{purchase, purchase_reversal},
    page::see_other,
    upload::Upload,
};
use entity::photo::Subject;

/// The status a refusal is answered with.
pub(super) fn status_of(refusal: &Refusal) -> StatusCode {
    Error::Refused(refusal.clone()).status_code()
}

pub(super) fn view(treasurer: &Treasurer, app: &App, form: &Form, wrong: &Wrong) -> FormView {
    FormView::new(form, wrong, app.templates.words(), treasurer.visit.lang)
}

/// `POST /kelola/belanja/{id}/batal`
pub async fn reverse(treasurer: Treasurer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut reader = form.read();
    let reason = reader.text("alasan", 200);
    let (status, wrong) = match reader.done(reason) {
        Err(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
        Ok(reason) => match take_out(&treasurer, &app, &form, *id, &reason).await {
            Err(Error::Refused(refusal)) => (status_of(&refusal), Wrong::refusal("", refusal)),
            done => return done,
        },
    };
    draw_refused(&treasurer, &app, *id, status, ("batal", view(&treasurer, &app, &form, &wrong))).await
}

async fn take_out(treasurer: &Treasurer, app: &App, form: &Form, id: i64, reason: &str) -> Result<HttpResponse> {
    let (scope, hash) = (format!("purchase {id} reverse"), form.content_hash());
    let key = form.request_key().ok_or_else(|| Refusal::invalid("form.stale"))?;
    let tx = db::begin(&app.db).await?;
    if let Some(answer) = once::answered(&tx, &scope, key, &hash).await? {
        return Ok(see_other(&answer));
    }
    purchase_reversal::reverse(&tx, &app.clock, &treasurer.outlet, id, reason, treasurer.person_id).await?;
    let answer = format!("/kelola/belanja/{id}");
    once::remember(&tx, &app.clock, &scope, key, &hash, &answer).await?;
    tx.commit().await?;
    Ok(done(&answer, "purchase.reversal_done"))
}

/// `POST /kelola/belanja/{id}/foto`: the photo of the note follows.
pub async fn photograph(treasurer: Treasurer, id: Path<i64>, upload: Upload, app: Data<App>) -> Result<HttpResponse> {
    purchase::read(&app.db, treasurer.outlet.id, *id).await?;
    let wrong = if upload.is_too_large("foto") {
        Wrong::field("foto", Said::new("photo.refused.too_many_bytes"))
    } else {
        match enter(&treasurer, &app, *id, &upload).await {
            Err(Error::Refused(refusal)) => Wrong::refusal("foto", refusal),
            done => return done,
        }
    };
    let form = view(&treasurer, &app, &upload.form, &wrong);
    draw_refused(&treasurer, &app, *id, StatusCode::UNPROCESSABLE_ENTITY, ("foto", form)).await
}

async fn enter(treasurer: &Treasurer, app: &App, id: i64, upload: &Upload) -> Result<HttpResponse> {
    let file = upload.file("foto").ok_or_else(|| Refusal::invalid("purchase.no_photo"))?;
    let key = upload.form.request_key().ok_or_else(|| Refusal::invalid("form.stale"))?;
    let (scope, hash) = (format!("purchase {id} photo"), upload.content_hash());
    let kept = photo::keep(&app.files, Subject::Purchase, &file.read().await?).await?;
    let tx = db::begin(&app.db).await?;
    let answer = format!("/kelola/belanja/{id}");
    if once::answered(&tx, &scope, key, &hash).await?.is_some() {
        drop(tx);
        kept.discard(&app.files).await?;
        return Ok(see_other(&answer));
    }
    let hand = Hand {
        village_id: Some(treasurer.outlet.village_id),
        person_id: Some(treasurer.person_id),
        side: Side::Operator,
    };
    photo::enter(&tx, &app.clock, &hand, Subject::Purchase, id, &kept).await?;
    once::remember(&tx, &app.clock, &scope, key, &hash, &answer).await?;
    tx.commit().await?;
    Ok(done(&answer, "purchase.photo_came"))
}
