//! `/kelola/perangkat`: the phones of the outlet, when they were last heard of, and taking one away.
use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use chrono::{DateTime, Duration, Utc};
use sea_orm::EntityTrait;
use serde::Serialize;

use crate::{
    accounts::visit::{Operator, done},
    app::App,
    db,
    error::Result,
    form::Form,
    outlet::{
        device::{self, Model, Numbers},
        device_event,
    },
    page::{Page, Sample, samples as drawn},
};
use entity::person;

const HERE: &str = "/kelola/perangkat";
/// A clock that is off by more is named.
const NOTEWORTHY: Duration = Duration::minutes(5);

#[derive(Serialize)]
struct DevicesPage {
    devices: Vec<Row>,
    held: u64,
}

#[derive(Clone, Serialize)]
struct Row {
    id: i64,
    name: String,
    model: String,
    registered_by: String,
    created_at: DateTime<Utc>,
    seen_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
    count: i64,
    /// Numbers that have not come: "3, 4".
    missing: String,
    /// Minutes its clock is off, if that is worth a word.
    minutes_off: Option<i64>,
}

impl Page for DevicesPage {
    const TEMPLATE: &'static str = "outlet/devices.html";
    fn samples() -> Vec<DevicesPage> {
        let at = DateTime::<Utc>::UNIX_EPOCH;
        let used = Row {
            id: 1,
            name: "HP Bu Siti Aminah".into(),
            model: "Chrome, Android".into(),
            registered_by: "Bu Siti Aminah".into(),
            created_at: at,
            seen_at: Some(at),
            revoked_at: None,
            count: 57,
            missing: "12, 13".into(),
            minutes_off: Some(525_600),
        };
        let gone = Row {
            id: 2,
            seen_at: None,
            revoked_at: Some(at),
            missing: String::new(),
            minutes_off: None,
            ..used.clone()
        };
        vec![DevicesPage { devices: vec![], held: 0 }, DevicesPage { devices: vec![used, gone], held: 2 }]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    drawn::<DevicesPage>()
}

/// `GET /kelola/perangkat`
pub(super) async fn list(operator: Operator, app: Data<App>) -> Result<HttpResponse> {
    let devices = device::list(&app.db, operator.outlet.id).await?;
    let ids: Vec<i64> = devices.iter().map(|device| device.id).collect();
    let numbers = device::numbers(&app.db, &ids).await?;
    let mut rows = Vec::with_capacity(devices.len());
    for device in devices {
        let by = person::Entity::find_by_id(device.person_id).one(&app.db).await?;
        let numbers = numbers.get(&device.id).cloned().unwrap_or_default();
        rows.push(row(device, by.map(|person| person.name).unwrap_or_default(), &numbers));
    }
    let held = device_event::held_count(&app.db, operator.outlet.id).await?;
    operator.visit.page(&app.templates, &DevicesPage { devices: rows, held })
}

fn row(device: Model, registered_by: String, numbers: &Numbers) -> Row {
    let off = Duration::milliseconds(device.clock_ahead_ms);
    Row {
        id: device.id,
        name: device.name,
        model: device.model,
        registered_by,
        created_at: device.created_at,
        seen_at: device.seen_at,
        revoked_at: device.revoked_at,
        count: numbers.count,
        missing: numbers.missing.iter().map(i64::to_string).collect::<Vec<_>>().join(", "),
        minutes_off: (off.abs() > NOTEWORTHY).then(|| off.num_minutes()),
    }
}

/// `POST /kelola/perangkat/{id}/nama`
pub(super) async fn rename(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut reader = form.read();
    let name = reader.text("name", 60);
    if reader.is_refused() {
        return Ok(done(HERE, "device.name_refused"));
    }
    let tx = db::begin(&app.db).await?;
    device::rename(&tx, operator.outlet.id, *id, &name).await?;
    tx.commit().await?;
    Ok(done(HERE, "device.renamed"))
}

/// `POST /kelola/perangkat/{id}/cabut`
pub(super) async fn revoke(operator: Operator, id: Path<i64>, _form: Form, app: Data<App>) -> Result<HttpResponse> {
    let tx = db::begin(&app.db).await?;
    device::revoke(&tx, &app.clock, &operator.outlet, *id, operator.person_id).await?;
    tx.commit().await?;
    Ok(done(HERE, "device.was_revoked"))
}
