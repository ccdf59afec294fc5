//! What two people do with money that is sent back by hand. Each act happens once, however often its button is tapped.
use actix_web::{
    HttpResponse, ResponseError,
    http::StatusCode,
    web::{Data, Path},
};

use super::refund::draw;
use crate::{
    accounts::visit::Treasurer,
    app::App,
    catalogue::{Hand, Side, photo},
    clock::Clock,
    db::{self, Tx},
    error::{Error, Result},
    form::{Form, FormView, Wrong},
    locale::Said,
    once,
    orders::{
        docket::Docket,
        refund_transfer::{self as transfer, Model, State, Way},
    },
    page::see_other,
    upload::Upload,
};
use entity::photo::Subject;

/// What can be done with one.
enum Act {
    Approve,
    Refuse(String),
    Sent(String),
    Returned(String),
}

impl Act {
    async fn carry_out(&self, tx: &Tx, clock: &Clock, docket: &Docket, row: &Model, by: i64) -> Result<()> {
        match self {
            Act::Approve => transfer::approve(tx, clock, docket, row, by).await,
            Act::Refuse(reason) => transfer::refuse(tx, clock, docket, row, reason, by).await,
            Act::Sent(reference) => transfer::sent(tx, clock, docket, row, reference, by).await,
            Act::Returned(reason) => transfer::returned(tx, clock, docket, row, reason, by).await,
        }
    }
}

/// An act as it came: with what it is known by, and the slip where there is one.
struct Came<'a> {
    id: i64,
    form: &'a Form,
    hash: String,
    slip: Option<&'a photo::Kept>,
}

/// Does an act once for each key of its form. Says whether it was this time.
async fn perform(treasurer: &Treasurer, app: &App, came: &Came<'_>, act: &Act) -> Result<bool> {
    let tx = db::begin(&app.db).await?;
    let (docket, row) = transfer::lock(&tx, came.id).await?;
    treasurer.must_have(row.outlet_id)?;
    let scope = format!("refund act {}", came.id);
    if let Some(key) = came.form.request_key()
        && once::answered(&tx, &scope, key, &came.hash).await?.is_some()
    {
        return Ok(false);
    }
    act.carry_out(&tx, &app.clock, &docket, &row, treasurer.person_id).await?;
    if let Some(slip) = came.slip {
        let hand = Hand {
            village_id: Some(docket.outlet.village_id),
            person_id: Some(treasurer.person_id),
            side: Side::Operator,
        };
        photo::enter(&tx, &app.clock, &hand, Subject::RefundProof, came.id, slip).await?;
    }
    if let Some(key) = came.form.request_key() {
        once::remember(&tx, &app.clock, &scope, key, &came.hash, "").await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// The page again after an act, or with the sentence why not.
async fn answer(
    treasurer: &Treasurer,
    app: &App,
    id: i64,
    form: &Form,
    done: Result<(), Wrong>,
    status: StatusCode,
) -> Result<HttpResponse> {
    let Err(wrong) = done else { return Ok(see_other(&format!("/kelola/uang/kembali/{id}"))) };
    let row = transfer::by_id(&app.db, id).await?;
    treasurer.must_have(row.outlet_id)?;
    let view = FormView::new(form, &wrong, app.templates.words(), treasurer.visit.lang);
    draw(&treasurer.visit, app, &row, Some(treasurer.person_id), status, view).await
}

async fn press(
    treasurer: &Treasurer,
    app: &App,
    id: i64,
    form: &Form,
    act: Result<Act, Wrong>,
) -> Result<HttpResponse> {
    let act = match act {
        Ok(act) => act,
        Err(wrong) => return answer(treasurer, app, id, form, Err(wrong), StatusCode::UNPROCESSABLE_ENTITY).await,
    };
    let came = Came { id, form, hash: form.content_hash(), slip: None };
    match perform(treasurer, app, &came, &act).await {
        Ok(_) => answer(treasurer, app, id, form, Ok(()), StatusCode::OK).await,
        Err(Error::Refused(refusal)) => {
            let status = Error::Refused(refusal.clone()).status_code();
            answer(treasurer, app, id, form, Err(Wrong::refusal("", refusal)), status).await
        }
        Err(fault) => Err(fault),
    }
}

/// `POST /kelola/uang/kembali/{id}/setuju`
pub async fn approve(treasurer: Treasurer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    press(&treasurer, &app, *id, &form, Ok(Act::Approve)).await
}

/// `POST /kelola/uang/kembali/{id}/tolak`
pub async fn refuse(treasurer: Treasurer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut reader = form.read();
    let reason = reader.text("alasan", 200);
    let act = reader.done(Act::Refuse(reason));
    press(&treasurer, &app, *id, &form, act).await
}

/// `POST /kelola/uang/kembali/{id}/balik`
pub async fn returned(treasurer: Treasurer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut reader = form.read();
    let reason = reader.text("alasan", 200);
    let act = reader.done(Act::Returned(reason));
    press(&treasurer, &app, *id, &form, act).await
}

/// `POST /kelola/uang/kembali/{id}/terkirim`: with the reference, and for a transfer the photo of its slip.
pub async fn sent(treasurer: Treasurer, id: Path<i64>, upload: Upload, app: Data<App>) -> Result<HttpResponse> {
    let row = transfer::by_id(&app.db, *id).await?;
    treasurer.must_have(row.outlet_id)?;
    let mut reader = upload.form.read();
    let reference = reader.text("reference", 80);
    if upload.is_too_large("foto") {
        reader.refuse("foto", Said::new("photo.refused.too_many_bytes"));
    } else if upload.file("foto").is_none() && row.way == Way::Transfer && row.state == State::Approved {
        reader.refuse("foto", Said::new("money.slip_missing"));
    }
    let form = &upload.form;
    let act = match reader.done(Act::Sent(reference)) {
        Ok(act) => act,
        Err(wrong) => return answer(&treasurer, &app, *id, form, Err(wrong), StatusCode::UNPROCESSABLE_ENTITY).await,
    };
    match send(&treasurer, &app, *id, &upload, &act).await {
        Ok(()) => answer(&treasurer, &app, *id, form, Ok(()), StatusCode::OK).await,
        Err(Error::Refused(refusal)) => {
            let status = Error::Refused(refusal.clone()).status_code();
            let field = match refusal.said.key {
                "counter.reference_used" => "reference",
                key if key.starts_with("photo.") => "foto",
                _ => "",
            };
            answer(&treasurer, &app, *id, form, Err(Wrong::refusal(field, refusal)), status).await
        }
        Err(fault) => Err(fault),
    }
}

async fn send(treasurer: &Treasurer, app: &App, id: i64, upload: &Upload, act: &Act) -> Result<()> {
    let kept = match upload.file("foto") {
        Some(picture) => Some(photo::keep(&app.files, Subject::RefundProof, &picture.read().await?).await?),
        None => None,
    };
    let came = Came { id, form: &upload.form, hash: upload.content_hash(), slip: kept.as_ref() };
    let done = perform(treasurer, app, &came, act).await;
    if !matches!(done, Ok(true))
        && let Some(kept) = kept
    {
        // What nobody will look at does not stay on the disk.
        kept.discard(&app.files).await?;
    }
    done.map(drop)
}
