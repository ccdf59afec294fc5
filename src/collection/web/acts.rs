//! What is done with a hand-over: pieces that leave it, and taking it back as a mistake. Each happens once, however often its button is tapped.
use actix_web::{HttpResponse, ResponseError, http::StatusCode, web};

use super::show;
use crate::{
    accounts::{visit, visit::Operator},
    app::App,
    collection::{
        departure::{self, Bearer, Departure},
        intake,
    },
    db,
    error::{Error, Result},
    form::{Form, FormView, Reader, Wrong},
    locale::Said,
    once, secret,
    wholesale::assignment,
};
use entity::lot::Terms;

const MAX_REASON: usize = 200;
const MAX_QUANTITY: i64 = 100_000;

/// The page again, with the sentence beside the form `open`.
pub(super) async fn refused(
    operator: &Operator,
    app: &App,
    id: i64,
    (open, form): (String, &Form),
    wrong: &Wrong,
    status: StatusCode,
) -> Result<HttpResponse> {
    let view = FormView::new(form, wrong, app.templates.words(), operator.visit.lang);
    show::draw(operator, app, id, (open, view), status).await
}

/// `POST /kelola/setoran/{id}/keluar`: given back, broken or lost.
pub(super) async fn depart(
    operator: Operator,
    id: web::Path<i64>,
    form: Form,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let intake = intake::read(&app.db, operator.outlet.id, *id).await?;
    let lots = intake::lots(&app.db, *id).await?;
    let lot = lots.iter().find(|lot| lot.id.to_string() == form.get("lot")).ok_or(Error::NotFound)?;
    let open = lot.id.to_string();
    let (quantity, departure, reason) = match read(&form, lot.terms) {
        Ok(read) => read,
        Err(wrong) => {
            return refused(&operator, &app, *id, (open, &form), &wrong, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    let url = format!("/kelola/setoran/{}", intake.id);
    let outcome = async {
        let tx = db::begin(&app.db).await?;
        let (scope, hash) = (format!("intake.depart:{}", lot.id), form.content_hash());
        if let Some(key) = form.request_key() {
            if once::answered(&tx, &scope, key, &hash).await?.is_some() {
                return Ok(());
            }
            once::remember(&tx, &app.clock, &scope, key, &hash, "").await?;
        }
        let key = form.request_key().map_or_else(secret::short_token, str::to_owned);
        let source_key = format!("depart:{}:{key}", lot.id);
        let by = (operator.person_id, source_key.as_str());
        departure::depart(&tx, &app.clock, &operator.outlet, (lot.id, quantity), departure, &reason, by).await?;
        Ok(tx.commit().await?)
    };
    match outcome.await {
        Ok(()) => Ok(visit::done(&url, "intake.departed")),
        Err(Error::Refused(no)) => {
            let status = Error::Refused(no.clone()).status_code();
            refused(&operator, &app, *id, (open, &form), &Wrong::refusal("quantity", no), status).await
        }
        Err(fault) => Err(fault),
    }
}

fn read(form: &Form, terms: Terms) -> Result<(i64, Departure, String), Wrong> {
    let mut reader = form.read();
    let quantity = reader.number("quantity", 1, MAX_QUANTITY);
    let how = reader.get("how").to_owned();
    let departure = match (how.as_str(), terms) {
        ("given_back", _) => Departure::GivenBack,
        // Bought goods are the outlet's own: nobody else can bear their loss.
        ("broken", Terms::Consigned) => Departure::Broken(bearer(&mut reader)),
        ("lost", Terms::Consigned) => Departure::Lost(bearer(&mut reader)),
        ("broken", _) => Departure::Broken(Bearer::Outlet),
        ("lost", _) => Departure::Lost(Bearer::Outlet),
        _ => {
            reader.refuse("how", Said::new("form.choose"));
            Departure::GivenBack
        }
    };
    let reason = match departure {
        Departure::GivenBack => reader.optional("reason", MAX_REASON).unwrap_or_default(),
        Departure::Broken(_) | Departure::Lost(_) => reader.text("reason", MAX_REASON),
    };
    reader.done((quantity, departure, reason))
}

fn bearer(reader: &mut Reader<'_>) -> Bearer {
    let chosen = reader.choice("bearer", |text| match text {
        "outlet" => Some(Bearer::Outlet),
        "owner" => Some(Bearer::Owner),
        _ => None,
    });
    chosen.unwrap_or(Bearer::Outlet)
}

/// `POST /kelola/setoran/{id}/keluar/{move}/pembatalan`: what left was noted wrongly.
pub(super) async fn undo(
    operator: Operator,
    path: web::Path<(i64, i64)>,
    form: Form,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let (id, move_id) = *path;
    intake::read(&app.db, operator.outlet.id, id).await?;
    let mut reader = form.read();
    let reason = reader.text("undo_reason", MAX_REASON);
    let open = || format!("move:{move_id}");
    if let Err(wrong) = reader.done(()) {
        return refused(&operator, &app, id, (open(), &form), &wrong, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let outcome = async {
        let tx = db::begin(&app.db).await?;
        let (scope, hash) = (format!("intake.undo:{move_id}"), form.content_hash());
        if let Some(key) = form.request_key() {
            if once::answered(&tx, &scope, key, &hash).await?.is_some() {
                return Ok(());
            }
            once::remember(&tx, &app.clock, &scope, key, &hash, "").await?;
        }
        departure::undo(&tx, &app.clock, &operator.outlet, (id, move_id), &reason, operator.person_id).await?;
        Ok(tx.commit().await?)
    };
    match outcome.await {
        Ok(()) => Ok(visit::done(&format!("/kelola/setoran/{id}"), "intake.undone")),
        Err(Error::Refused(no)) => {
            let status = Error::Refused(no.clone()).status_code();
            refused(&operator, &app, id, (open(), &form), &Wrong::refusal("undo_reason", no), status).await
        }
        Err(fault) => Err(fault),
    }
}

/// `POST /kelola/setoran/{id}/pembatalan`: the hand-over was entered wrongly.
pub(super) async fn reverse(
    operator: Operator,
    id: web::Path<i64>,
    form: Form,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    intake::read(&app.db, operator.outlet.id, *id).await?;
    let mut reader = form.read();
    let reason = reader.text("reverse_reason", MAX_REASON);
    let open = || "reverse".to_owned();
    if let Err(wrong) = reader.done(()) {
        return refused(&operator, &app, *id, (open(), &form), &wrong, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let url = format!("/kelola/setoran/{id}");
    let outcome = async {
        let tx = db::begin(&app.db).await?;
        let (scope, hash) = (format!("intake.reverse:{id}"), form.content_hash());
        if let Some(key) = form.request_key() {
            if once::answered(&tx, &scope, key, &hash).await?.is_some() {
                return Ok(());
            }
            once::remember(&tx, &app.clock, &scope, key, &hash, "").await?;
        }
        let taken = intake::read(&tx, operator.outlet.id, *id).await?;
        // What it had promised to a big order is free before it leaves the shelf.
        assignment::before_reversal(&tx, &app.clock, &taken).await?;
        intake::reverse(&tx, &app.clock, &operator.outlet, *id, &reason, operator.person_id).await?;
        Ok(tx.commit().await?)
    };
    match outcome.await {
        Ok(()) => Ok(visit::done(&url, "intake.reversed")),
        Err(Error::Refused(no)) => {
            let status = Error::Refused(no.clone()).status_code();
            refused(&operator, &app, *id, (open(), &form), &Wrong::refusal("reverse_reason", no), status).await
        }
        Err(fault) => Err(fault),
    }
}
