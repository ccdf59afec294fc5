//! `/admin/orang/{id}`: one person: roles given and taken, the door closed and opened, and what was done before.
use std::collections::HashMap;

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{self, Data, Path},
};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::Serialize;
use serde_json::{Value, json};

use super::{Places, RoleView, answered, beside, keep_answer, lend_pin::SCOPE};
use crate::{
    accounts::{
        person,
        pin::Pin,
        role::{self, Place},
        session, sign_in, totp,
        visit::{self, Administrator},
    },
    app::App,
    db::{self, Tx},
    error::Result,
    form::{Form, FormView, Wrong},
    history::{self, Subject},
    page::Page,
};
use entity::{person as row, person_role::Role};

/// Roles an administrator gives. Buyers make themselves; crafters are written down by their operator.
const GIVEN: [Role; 6] =
    [Role::Operator, Role::VillageOfficer, Role::KubeOfficer, Role::Mentor, Role::Auditor, Role::Administrator];
/// So many acts are shown, the latest first.
const ACTS: usize = 30;

pub(super) fn configure(cfg: &mut web::ServiceConfig) {
    cfg.route("/admin/orang/{id}", web::get().to(show))
        .route("/admin/orang/{id}/peran", web::post().to(grant))
        .route("/admin/orang/{id}/peran/{role}/cabut", web::post().to(revoke))
        .route("/admin/orang/{id}/tutup", web::post().to(disable))
        .route("/admin/orang/{id}/buka", web::post().to(enable))
        .route("/admin/orang/{id}/pin", web::post().to(lend_pin))
        .route("/admin/orang/{id}/kode/hapus", web::post().to(remove_code));
}

/// One person, as an administrator sees them.
#[derive(Serialize)]
pub struct PersonPage {
    id: i64,
    name: String,
    phone: Option<String>,
    disabled: bool,
    locked: bool,
    code_on: bool,
    can_sign_in: bool,
    devices: usize,
    roles: Vec<RoleView>,
    offered_roles: Vec<Choice>,
    offered_places: Vec<Choice>,
    acts: Vec<Act>,
    form: FormView,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    /// A key for a role; a name for a place, empty for everywhere.
    text: String,
}

#[derive(Serialize)]
struct Act {
    key: &'static str,
    by: Option<String>,
    at: DateTime<Utc>,
}

impl Page for PersonPage {
    const TEMPLATE: &'static str = "accounts/person.html";
    fn samples() -> Vec<PersonPage> {
        let sample = |disabled| PersonPage {
            id: 4,
            name: "Pak Hariyanto".into(),
            phone: Some("6281200000004".into()),
            disabled,
            locked: !disabled,
            code_on: true,
            can_sign_in: true,
            devices: 2,
            roles: vec![RoleView { id: 1, key: "role.village_officer", place: "Kemuning Lor".into() }],
            offered_roles: offered_roles(),
            offered_places: vec![
                Choice { value: "semua".into(), text: String::new() },
                Choice { value: "desa-1".into(), text: "Kemuning Lor".into() },
            ],
            acts: vec![
                Act { key: "admin.did_role_granted", by: Some("Mas Rizal".into()), at: DateTime::UNIX_EPOCH },
                Act { key: "admin.did_locked_out", by: None, at: DateTime::UNIX_EPOCH },
            ],
            form: FormView::default(),
        };
        vec![sample(false), sample(true)]
    }
}

fn offered_roles() -> Vec<Choice> {
    GIVEN.into_iter().map(|given| Choice { value: role::code(given), text: role::key(given).to_owned() }).collect()
}

/// What history says of people, in words; what others write about a person is left to their pages.
fn did(verb: &str) -> Option<&'static str> {
    Some(match verb {
        "registered" => "admin.did_registered",
        "crafter_registered" => "admin.did_crafter_registered",
        "crafter_changed" => "admin.did_crafter_changed",
        "role_granted" => "admin.did_role_granted",
        "role_revoked" => "admin.did_role_revoked",
        "disabled" => "admin.did_disabled",
        "enabled" => "admin.did_enabled",
        "pin_lent" => "admin.did_pin_lent",
        "pin_changed" => "admin.did_pin_changed",
        "code_on" => "admin.did_code_on",
        "code_off" => "admin.did_code_off",
        "locked_out" => "admin.did_locked_out",
        "signed_out_everywhere" => "admin.did_signed_out_everywhere",
        "token_issued" => "admin.did_token_issued",
        "token_revoked" => "admin.did_token_revoked",
        _ => return None,
    })
}

async fn show(administrator: Administrator, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    draw(StatusCode::OK, &administrator, &app, *id, FormView::default()).await
}

async fn draw(
    status: StatusCode,
    administrator: &Administrator,
    app: &App,
    id: i64,
    form: FormView,
) -> Result<HttpResponse> {
    let person = person::get(&app.db, id).await?;
    let places = Places::read(&app.db).await?;
    let page = PersonPage {
        id,
        disabled: person.disabled_at.is_some(),
        locked: sign_in::is_closed(&person, app.clock.now()),
        code_on: person.totp_secret.is_some(),
        can_sign_in: person.phone.is_some(),
        devices: session::devices(&app.db, &app.clock, id).await?.len(),
        roles: role::of(&app.db, id).await?.iter().map(|held| places.view(held)).collect(),
        offered_roles: offered_roles(),
        offered_places: offered_places(&places),
        acts: acts(app, id).await?,
        name: person.name,
        phone: person.phone,
        form,
    };
    administrator.page_with(status, &app.templates, &page)
}

fn offered_places(places: &Places) -> Vec<Choice> {
    let villages = places.villages.iter().map(|v| Choice { value: format!("desa-{}", v.id), text: v.name.clone() });
    let outlets = places.outlets.iter().map(|o| Choice { value: format!("warong-{}", o.id), text: o.name.clone() });
    let everywhere = Choice { value: "semua".into(), text: String::new() };
    outlets.chain(villages).chain([everywhere]).collect()
}

async fn acts(app: &App, id: i64) -> Result<Vec<Act>> {
    let mut rows = history::of(&app.db, Subject("person", id)).await?;
    rows.reverse();
    rows.truncate(ACTS);
    let by = rows.iter().filter_map(|act| act.person_id);
    let people = row::Entity::find().filter(row::Column::Id.is_in(by)).all(&app.db).await?;
    let names: HashMap<i64, String> = people.into_iter().map(|person| (person.id, person.name)).collect();
    Ok(rows
        .into_iter()
        .filter_map(|act| {
            let by = act.person_id.and_then(|id| names.get(&id).cloned());
            Some(Act { key: did(&act.verb)?, by, at: act.at })
        })
        .collect())
}

/// After an act on a person: back to their page, with a sentence, or the form again with the reason why not.
async fn answer(
    administrator: &Administrator,
    app: &App,
    id: i64,
    form: &Form,
    outcome: Result<&'static str, Wrong>,
) -> Result<HttpResponse> {
    match outcome {
        Ok(key) => Ok(visit::done(&format!("/admin/orang/{id}"), key)),
        Err(wrong) => {
            let view = FormView::new(form, &wrong, app.templates.words(), administrator.lang);
            draw(StatusCode::UNPROCESSABLE_ENTITY, administrator, app, id, view).await
        }
    }
}

/// Writes down what an administrator did to a person.
async fn remember(tx: &Tx, app: &App, by: &Administrator, id: i64, verb: &str, detail: Value) -> Result<()> {
    history::remember(tx, &app.clock, None, Subject("person", id), verb, Some(by.person_id), detail).await
}

async fn grant(administrator: Administrator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut reader = form.read();
    let given = reader.choice("role", |code| role::parse(code).filter(|given| GIVEN.contains(given)));
    let place = reader.choice("place", Place::parse);
    let outcome = match (reader.done(()), given, place) {
        (Ok(()), Some(given), Some(place)) => give(&administrator, &app, *id, given, place).await?,
        (Ok(()), _, _) => Err(Wrong::default()),
        (Err(wrong), _, _) => Err(wrong),
    };
    answer(&administrator, &app, *id, &form, outcome).await
}

async fn give(
    administrator: &Administrator,
    app: &App,
    id: i64,
    given: Role,
    place: Place,
) -> Result<Result<&'static str, Wrong>> {
    let tx = db::begin(&app.db).await?;
    if let Place::Village(village) = place {
        let known = entity::village::Entity::find_by_id(village).one(&tx).await?;
        known.ok_or(crate::error::Error::NotFound)?;
    }
    let granted = role::grant(&tx, &app.clock, id, given, place, Some(administrator.person_id)).await;
    let (role_id, new) = match beside("place", granted)? {
        Ok(granted) => granted,
        Err(wrong) => return Ok(Err(wrong)),
    };
    if new {
        let detail = json!({ "role": role::code(given), "person_role": role_id });
        remember(&tx, app, administrator, id, "role_granted", detail).await?;
    }
    tx.commit().await?;
    Ok(Ok("admin.role_granted"))
}

async fn revoke(
    administrator: Administrator,
    path: Path<(i64, i64)>,
    form: Form,
    app: Data<App>,
) -> Result<HttpResponse> {
    let (id, role_id) = *path;
    let tx = db::begin(&app.db).await?;
    let outcome = match beside("", role::revoke(&tx, &app.clock, id, role_id).await)? {
        Err(wrong) => Err(wrong),
        Ok((held, was_held)) => {
            if was_held {
                let detail = json!({ "role": role::code(held.role), "person_role": role_id });
                remember(&tx, &app, &administrator, id, "role_revoked", detail).await?;
            }
            tx.commit().await?;
            Ok("admin.role_revoked")
        }
    };
    if outcome.is_ok() && id == administrator.person_id {
        // Perhaps it was their own right to be here.
        return Ok(visit::done("/akun", "admin.role_revoked"));
    }
    answer(&administrator, &app, id, &form, outcome).await
}

async fn disable(administrator: Administrator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let tx = db::begin(&app.db).await?;
    let outcome = match beside("", person::disable(&tx, &app.clock, *id).await)? {
        Err(wrong) => Err(wrong),
        Ok(was_open) => {
            if was_open {
                remember(&tx, &app, &administrator, *id, "disabled", json!({})).await?;
            }
            tx.commit().await?;
            Ok("admin.person_disabled")
        }
    };
    answer(&administrator, &app, *id, &form, outcome).await
}

async fn enable(administrator: Administrator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let tx = db::begin(&app.db).await?;
    if person::enable(&tx, *id).await? {
        remember(&tx, &app, &administrator, *id, "enabled", json!({})).await?;
    }
    tx.commit().await?;
    answer(&administrator, &app, *id, &form, Ok("admin.person_enabled")).await
}

async fn lend_pin(administrator: Administrator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let person = person::get(&app.db, *id).await?;
    let outcome = match Pin::chosen(form.get("pin_new"), person.phone.as_deref()) {
        Err(refusal) => Err(Wrong::refusal("pin_new", refusal)),
        Ok(pin) => {
            lend(&administrator, &form, &app, *id, pin).await?;
            Ok("counter.pin_lent")
        }
    };
    if outcome.is_ok() && *id == administrator.person_id {
        return Ok(visit::done("/masuk", "counter.pin_lent"));
    }
    answer(&administrator, &app, *id, &form, outcome).await
}

async fn lend(administrator: &Administrator, form: &Form, app: &App, id: i64, pin: Pin) -> Result<()> {
    let hash = pin.hash().await?;
    let tx = db::begin(&app.db).await?;
    person::locked(&tx, id).await?;
    if answered(&tx, SCOPE, form).await?.is_some() {
        return Ok(());
    }
    person::lend_secret(&tx, &app.clock, id, hash).await?;
    remember(&tx, app, administrator, id, "pin_lent", json!({})).await?;
    keep_answer(&tx, &app.clock, SCOPE, form, "/admin").await?;
    Ok(tx.commit().await?)
}

/// For somebody whose phone with the app is lost.
async fn remove_code(administrator: Administrator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let tx = db::begin(&app.db).await?;
    if totp::remove(&tx, *id).await? {
        session::end_all(&tx, *id, None).await?;
        remember(&tx, &app, &administrator, *id, "code_off", json!({})).await?;
    }
    tx.commit().await?;
    answer(&administrator, &app, *id, &form, Ok("admin.code_is_off")).await
}
