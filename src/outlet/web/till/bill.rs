//! A QRIS code for the till: made while there is signal, and looked after by the page until it is paid.
use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{Data, Json, Path},
};
use serde::Deserialize;
use serde_json::json;

use crate::{
    accounts::visit::Operator,
    app::App,
    db,
    error::{Error, Refusal, Result},
    gateway::qris::{Picture, draw},
    once,
    outlet::{
        bill::{self, Model, NewBill, State},
        web::sync::must_be_own,
    },
    payments::attempt,
    secret,
};
use entity::Rupiah;

/// How often a minute a till may ask how a bill stands.
const LOOKS: u32 = 60;
const MINUTE: std::time::Duration = std::time::Duration::from_secs(60);

/// What the till asks for, under a name it made.
#[derive(Deserialize)]
pub(super) struct Ask {
    amount: Rupiah,
    key: String,
}

/// `POST /kelola/kasir/tagihan`: once for each key.
pub(super) async fn make(
    operator: Operator,
    request: HttpRequest,
    ask: Json<Ask>,
    app: Data<App>,
) -> Result<HttpResponse> {
    must_be_own(&request, &app)?;
    let (least, most) = bill::limits();
    if !(least..=most).contains(&ask.amount) {
        return Err(Refusal::invalid("kasir.bill_amount").with("least", least).with("most", most).into());
    }
    let scope = format!("till bill at {}", operator.outlet.id);
    let hash = secret::sha256(ask.amount.0.to_string().as_bytes());
    let tx = db::begin(&app.db).await?;
    if let Some(known) = once::answered(&tx, &scope, &ask.key, &hash).await? {
        let bill = bill::read(&tx, operator.outlet.id, known.parse().unwrap_or(0)).await?;
        tx.commit().await?;
        return told(&app, &bill).await;
    }
    let new = NewBill { amount: ask.amount, purpose: None };
    let bill = bill::make(&tx, &app.clock, &operator.outlet, &new, operator.person_id).await?;
    once::remember(&tx, &app.clock, &scope, &ask.key, &hash, &bill.id.to_string()).await?;
    tx.commit().await?;
    told(&app, &bill).await
}

/// `GET /kelola/kasir/tagihan/{id}`
pub(super) async fn state(operator: Operator, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    if !app.cache.allows(&format!("look {}", bill::subject(*id)), LOOKS, MINUTE).await {
        return Err(Refusal::slow_down("form.slow_down").into());
    }
    let bill = bill::read(&app.db, operator.outlet.id, *id).await?;
    told(&app, &bill).await
}

/// `POST /kelola/kasir/tagihan/{id}/pembatalan`: the buyer pays in another way. The code is ended at the provider first;
/// one that was paid in that moment keeps the bill, and while nobody can say, it stays open.
pub(super) async fn cancel(
    operator: Operator,
    request: HttpRequest,
    id: Path<i64>,
    app: Data<App>,
) -> Result<HttpResponse> {
    must_be_own(&request, &app)?;
    let bill = bill::read(&app.db, operator.outlet.id, *id).await?;
    if bill.state == State::Open {
        attempt::close_live(&app.db, &app.clock, &app.payments, &bill::subject(bill.id)).await?;
        let tx = db::begin(&app.db).await?;
        let bill = bill::lock(&tx, operator.outlet.id, *id).await?;
        match bill::cancel(&tx, &app.clock, &bill, operator.person_id).await {
            Ok(()) => tx.commit().await?,
            Err(Error::Refused(_)) => drop(tx),
            Err(e) => return Err(e),
        }
    }
    told(&app, &bill::read(&app.db, operator.outlet.id, *id).await?).await
}

/// The code comes a moment after the bill, from the provider: until then there is none.
async fn told(app: &App, bill: &Model) -> Result<HttpResponse> {
    let attempt = attempt::of_subject(&app.db, &bill::subject(bill.id)).await?.pop();
    let code = attempt.filter(|_| bill.state == State::Open).and_then(|attempt| attempt.qr_string);
    let svg = code.as_deref().and_then(draw).map(|picture| svg(&picture));
    let state = match bill.state {
        State::Open => "open",
        State::Paid => "paid",
        State::Cancelled => "cancelled",
    };
    let answer = json!({ "id": bill.id, "state": state, "amount": bill.amount, "svg": svg });
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(answer))
}

/// The code as a picture that a page can show as it is: numbers and letters of a path, and nothing that anybody typed.
fn svg(picture: &Picture) -> String {
    let (side, path) = (picture.side, &picture.path);
    format!(
        r##"<svg viewBox="0 0 {side} {side}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/><path stroke="#000" d="{path}"/></svg>"##
    )
}
