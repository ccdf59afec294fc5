//! `POST /api/v1/sync/photo/{event}`: the picture of an event, when it comes at last. The event stands without it.
use actix_web::{
    HttpRequest, HttpResponse,
    web::{Bytes, Data, Path},
};
use serde_json::json;

use super::{kinds, must_be_own, state::outlets};
use crate::{
    accounts::visit::Operator,
    app::App,
    catalogue::{Hand, Side, photo},
    db::{self, Tx},
    error::{Error, Refusal, Result},
    once,
    outlet::device_event::{self, Decision, Model, Verdict},
};
use entity::photo::Subject;

/// Under this name it is kept that a photo has come.
const SCOPE: &str = "device photo";

/// `POST /api/v1/sync/photo/{event}`
pub(super) async fn take(
    operator: Operator,
    request: HttpRequest,
    id: Path<String>,
    body: Bytes,
    app: Data<App>,
) -> Result<HttpResponse> {
    must_be_own(&request, &app)?;
    let (subject, subject_id, village_id) = wanted(&operator, &app, &id).await?;
    let kept = photo::keep(&app.files, subject, &body).await?;
    let entered = async {
        let tx = db::begin(&app.db).await?;
        let hand = Hand { person_id: Some(operator.person_id), village_id: Some(village_id), side: Side::Operator };
        let is_new = enter(&tx, &app, &hand, (subject, subject_id), &id, &kept).await?;
        tx.commit().await?;
        Ok::<bool, Error>(is_new)
    }
    .await;
    if !matches!(entered, Ok(true)) {
        kept.discard(&app.files).await?;
    }
    entered.map(|_| HttpResponse::Ok().json(json!({ "photo": "kept" })))
}

/// What the picture belongs to, if it may come now.
async fn wanted(operator: &Operator, app: &App, id: &str) -> Result<(Subject, i64, i64)> {
    let outlets = outlets(operator);
    let event = match device_event::by_event_id(&app.db, &outlets, id).await {
        Err(Error::NotFound) => return Err(Refusal::conflict("device.event_unknown").into()),
        other => other?,
    };
    match standing(&event) {
        Some(Verdict::Accepted) => {}
        None => return Err(Refusal::conflict("device.photo_waits").into()),
        Some(_) => return Err(Refusal::invalid("device.photo_not_wanted").into()),
    }
    let (subject, subject_id) = kinds::pictured(&event).ok_or(Refusal::invalid("device.photo_not_wanted"))?;
    Ok((subject, subject_id, operator.outlet.village_id))
}

/// What an event came to; none while a person has to decide.
fn standing(event: &Model) -> Option<Verdict> {
    match (event.verdict, event.decision) {
        (Verdict::Held, None) => None,
        (Verdict::Held, Some(Decision::Accepted)) => Some(Verdict::Accepted),
        (Verdict::Held, Some(Decision::Dismissed)) => Some(Verdict::Refused),
        (verdict, _) => Some(verdict),
    }
}

/// Says whether the picture is the first that came for its event.
async fn enter(
    tx: &Tx,
    app: &App,
    hand: &Hand,
    (subject, subject_id): (Subject, i64),
    id: &str,
    kept: &photo::Kept,
) -> Result<bool> {
    if once::answered(tx, SCOPE, id, "").await?.is_some() {
        return Ok(false);
    }
    photo::enter(tx, &app.clock, hand, subject, subject_id, kept).await?;
    once::remember(tx, &app.clock, SCOPE, id, "", "").await?;
    Ok(true)
}
