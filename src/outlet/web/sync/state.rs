//! What a phone asks before it sends: who is signed in, with which token; what became of an event; and its own key.
use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{Bytes, Data, Path, Query},
};
use sea_orm::EntityTrait;
use serde::Deserialize;
use serde_json::json;

use super::must_be_own;
use crate::{
    accounts::{session, visit::Operator},
    app::App,
    db,
    error::{Error, Refusal, Result},
    locale::{self, Said},
    outlet::{
        device::{self, NewDevice},
        device_event,
    },
};
use entity::device as row;

#[derive(Deserialize)]
pub(super) struct Asked {
    /// The phone that asks, if it is one already.
    device: Option<i64>,
}

/// `GET /api/v1/sync`
pub(super) async fn show(operator: Operator, asked: Query<Asked>, app: Data<App>) -> Result<HttpResponse> {
    let standing = match asked.device {
        None => "none",
        Some(id) => match row::Entity::find_by_id(id).one(&app.db).await? {
            Some(device) if device.outlet_id != operator.outlet.id => "elsewhere",
            Some(device) if device.revoked_at.is_some() => "revoked",
            Some(_) => "registered",
            None => "none",
        },
    };
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(json!({
        "person": { "id": operator.person_id, "name": operator.visit.signed.as_ref().map(|signed| &signed.name) },
        "outlet": { "id": operator.outlet.id, "name": operator.outlet.name },
        "csrf": operator.visit.shell.csrf,
        "language": locale::code(operator.visit.lang),
        "now": app.clock.now(),
        "device": standing,
    })))
}

/// `GET /api/v1/sync/event/{id}`: what became of an event, also after a person decided.
pub(super) async fn event(operator: Operator, id: Path<String>, app: Data<App>) -> Result<HttpResponse> {
    let row = device_event::by_event_id(&app.db, &outlets(&operator), &id).await?;
    let told = device_event::verdict(&row, app.templates.words(), operator.visit.lang);
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(told))
}

/// The outlets somebody runs.
pub(super) fn outlets(operator: &Operator) -> Vec<i64> {
    operator.others.iter().chain([&operator.outlet]).map(|outlet| outlet.id).collect()
}

#[derive(Deserialize)]
struct Newcomer {
    install: String,
}

/// `POST /api/v1/devices`: a phone becomes one of the outlet's and gets its key.
pub(super) async fn register(
    operator: Operator,
    request: HttpRequest,
    body: Bytes,
    app: Data<App>,
) -> Result<HttpResponse> {
    must_be_own(&request, &app)?;
    let newcomer: Newcomer = serde_json::from_slice(&body).map_err(|_| Refusal::invalid("device.not_understood"))?;
    if !device::is_install(&newcomer.install) {
        return Err(Refusal::invalid("device.not_understood").into());
    }
    let signed = operator.visit.signed.as_ref().ok_or(Error::SignIn)?;
    let agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let name = app.say(locale::Lang::Id, &Said::new("device.default_name").with("name", signed.name.as_str()));
    let new = NewDevice {
        install: &newcomer.install,
        name: &name,
        model: &session::device(agent),
        session_id: signed.session_id,
    };
    let tx = db::begin(&app.db).await?;
    let device = device::register(&tx, &app.clock, &operator.outlet, operator.person_id, new).await?;
    tx.commit().await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(json!({
        "device": device.id,
        "name": device.name,
        "outlet": operator.outlet.id,
        "key": device::key(&app.config.secret, device.id),
    })))
}
