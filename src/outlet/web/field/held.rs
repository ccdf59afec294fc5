//! `/kelola/perangkat/tertahan`: what phones told and a person must decide, with all that helps to decide it.
use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use chrono::{DateTime, Duration, Utc};
use sea_orm::EntityTrait;
use serde::Serialize;
use serde_json::json;

use crate::{
    accounts::visit::{Operator, done},
    app::App,
    db,
    error::{Error, Result},
    form::Form,
    history::{self, Subject},
    outlet::{
        device_event::{self, Decision, Model, Outcome},
        web::sync::{
            carry_out,
            kinds::{self, Case, Fact, Story},
        },
    },
    page::{Page, Sample, samples as drawn, see_other},
};
use entity::{device, person};

const HERE: &str = "/kelola/perangkat/tertahan";

#[derive(Default, Serialize)]
struct HeldPage {
    rows: Vec<Row>,
    /// Why the last try came to nothing.
    refused: Option<String>,
}

#[derive(Serialize)]
struct Row {
    id: i64,
    sentence: String,
    at: DateTime<Utc>,
    received_at: DateTime<Utc>,
    by: String,
    device: String,
    story: Story,
}

impl Page for HeldPage {
    const TEMPLATE: &'static str = "outlet/held.html";
    fn samples() -> Vec<HeldPage> {
        let facts = || {
            vec![
                Fact { key: "device.fact_crafter", text: "Bu Sati".into() },
                Fact { key: "device.fact_goods", text: "Besek, isi 10".into() },
            ]
        };
        let row = |other: bool| Row {
            id: 1,
            sentence: "Mungkin sudah dicatat di HP lain.".into(),
            at: DateTime::<Utc>::UNIX_EPOCH,
            received_at: DateTime::<Utc>::UNIX_EPOCH,
            by: "Pak Hasan".into(),
            device: "HP Pak Hasan".into(),
            story: Story {
                facts: facts(),
                other: other.then(|| kinds::Other {
                    number: "S-2611-0042-7".into(),
                    url: "/kelola/setoran/1".into(),
                    by: "Bu Siti Aminah".into(),
                    at: DateTime::<Utc>::UNIX_EPOCH,
                    facts: facts(),
                }),
            },
        };
        vec![HeldPage::default(), HeldPage { rows: vec![row(true), row(false)], refused: Some("Tidak bisa.".into()) }]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    drawn::<HeldPage>()
}

/// `GET /kelola/perangkat/tertahan`
pub(super) async fn list(operator: Operator, app: Data<App>) -> Result<HttpResponse> {
    draw(&operator, &app, None).await
}

async fn draw(operator: &Operator, app: &App, refused: Option<String>) -> Result<HttpResponse> {
    let mut rows = Vec::new();
    for event in device_event::held(&app.db, operator.outlet.id).await? {
        rows.push(row(operator, app, event).await?);
    }
    operator.visit.page(&app.templates, &HeldPage { rows, refused })
}

async fn row(operator: &Operator, app: &App, event: Model) -> Result<Row> {
    let by = match event.person_id {
        Some(id) => person::Entity::find_by_id(id).one(&app.db).await?.map(|person| person.name),
        None => None,
    };
    let phone = device::Entity::find_by_id(event.device_id).one(&app.db).await?;
    Ok(Row {
        id: event.id,
        sentence: device_event::sentence(&event, app.templates.words(), operator.visit.lang).unwrap_or_default(),
        at: event.corrected_at,
        received_at: event.received_at,
        by: by.unwrap_or_default(),
        device: phone.map(|phone| phone.name).unwrap_or_default(),
        story: kinds::story(&app.db, &event).await?,
    })
}

/// `POST /kelola/perangkat/tertahan/{id}/terima`: it is to be done after all.
pub(super) async fn accept(operator: Operator, id: Path<i64>, _form: Form, app: Data<App>) -> Result<HttpResponse> {
    let tx = db::begin(&app.db).await?;
    let event = match device_event::lock_held(&tx, operator.outlet.id, *id).await {
        Ok(event) => event,
        Err(Error::Refused(refusal)) => return Ok(done(HERE, refusal.said.key)),
        Err(e) => return Err(e),
    };
    let case = Case {
        outlet: &operator.outlet,
        device_id: event.device_id,
        person_id: event.person_id.unwrap_or(operator.person_id),
        event_id: &event.event_id,
        kind: &event.kind,
        body: &event.body,
        at: event.corrected_at,
        ahead: event.recorded_at.parse::<DateTime<Utc>>().map_or(Duration::zero(), |at| at - event.corrected_at),
        agreed_by: Some(operator.person_id),
    };
    let answer = match carry_out(&tx, &app, &case).await? {
        Outcome::Accepted(answer) => answer,
        Outcome::Refused(all) => {
            let all: Vec<String> = all.values().map(|said| app.say(operator.visit.lang, said)).collect();
            return draw(&operator, &app, Some(all.join(" "))).await;
        }
        Outcome::Held(said, _) => {
            let sentence = app.say(operator.visit.lang, &said);
            return draw(&operator, &app, Some(sentence)).await;
        }
    };
    device_event::decide(&tx, &app.clock, event.id, Decision::Accepted, Some(answer), operator.person_id).await?;
    remember(&tx, &app, &operator, &event, "accepted").await?;
    tx.commit().await?;
    Ok(done(HERE, "device.was_accepted"))
}

/// `POST /kelola/perangkat/tertahan/{id}/abaikan`: it is the same as the other, or was never so.
pub(super) async fn dismiss(operator: Operator, id: Path<i64>, _form: Form, app: Data<App>) -> Result<HttpResponse> {
    let tx = db::begin(&app.db).await?;
    let event = match device_event::lock_held(&tx, operator.outlet.id, *id).await {
        Ok(event) => event,
        Err(Error::Refused(_)) => return Ok(see_other(HERE)),
        Err(e) => return Err(e),
    };
    device_event::decide(&tx, &app.clock, event.id, Decision::Dismissed, None, operator.person_id).await?;
    remember(&tx, &app, &operator, &event, "dismissed").await?;
    tx.commit().await?;
    Ok(done(HERE, "device.was_dismissed"))
}

async fn remember(tx: &db::Tx, app: &App, operator: &Operator, event: &Model, verb: &str) -> Result<()> {
    let about = Subject("device_event", event.id);
    let (village, by) = (Some(operator.outlet.village_id), Some(operator.person_id));
    history::remember(tx, &app.clock, village, about, verb, by, json!({ "kind": event.kind })).await
}
