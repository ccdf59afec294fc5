//! Kind `visit`: a kiosk was visited, its goods counted, its cash taken.
//!
//! A shelf that was counted by two phones, or that changed after the phone had asked what should stand there, is refused
//! with how many it is now: nobody can decide that without counting again.
use entity::kiosk;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Value, json};

use super::kinds::Case;
use crate::{
    app::App,
    db::Tx,
    error::{Refusal, Result},
    form::Form,
    outlet::device_event::Outcome,
    stock,
    wholesale::{
        kiosk_told,
        kiosk_visit::{self, NewVisit, Told},
    },
};

/// Takes the visit in, once for each event.
pub(super) async fn carry_out(tx: &Tx, app: &App, case: &Case<'_>) -> Result<Outcome> {
    let (kiosk_id, new) = match read(case.body)? {
        (kiosk_id, Ok(new)) => (kiosk_id, new),
        (_, Err(wrong)) => return Ok(Outcome::Refused(wrong)),
    };
    let source_key = format!("event:{}", case.event_id);
    let told = Told { outlet: case.outlet, person_id: case.person_id, at: case.at, source_key: &source_key };
    let visit = kiosk_visit::accept(tx, &app.clock, told, kiosk_id, &new).await?;
    let url = format!("/kelola/kios/{kiosk_id}/kunjungan/{}", visit.id);
    Ok(Outcome::Accepted(json!({ "id": visit.id, "number": kiosk_visit::number(&visit), "url": url })))
}

/// Locks the kiosks of these visits, and what stands in them, in the order in which everybody does.
pub(super) async fn lock_ahead(tx: &Tx, bodies: Vec<&str>) -> Result<()> {
    let sound = |body| read(body).ok().and_then(|(id, new)| Some((id, new.ok()?)));
    let visits: Vec<(i64, NewVisit)> = bodies.into_iter().filter_map(sound).collect();
    if visits.is_empty() {
        return Ok(());
    }
    kiosk::Entity::find()
        .filter(kiosk::Column::Id.is_in(visits.iter().map(|(id, _)| *id)))
        .order_by_asc(kiosk::Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    let items: Vec<i64> = visits.iter().flat_map(|(_, new)| &new.lines).map(|line| line.item_id).collect();
    stock::lock(tx, &items).await
}

/// The kiosk and the visit of an event: the fields of the form, under the same names.
fn read(body: &str) -> Result<(i64, Result<NewVisit, kiosk_told::Wrong>)> {
    let not_understood = || Refusal::invalid("device.event_not_understood");
    let body: Value = serde_json::from_str(body).map_err(|_| not_understood())?;
    let fields = body.as_object().ok_or_else(not_understood)?;
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(_) | Value::Null | Value::Array(_) | Value::Object(_) => None,
    };
    let form = Form::of(fields.iter().filter_map(|(name, value)| Some((name.clone(), text(value)?))));
    let kiosk_id = form.get("kios").parse().map_err(|_| not_understood())?;
    Ok((kiosk_id, kiosk_told::parse(&form)))
}
