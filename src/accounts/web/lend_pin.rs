//! `/kelola/pin`: somebody who forgot their PIN stands at the counter and gets another for a week.
use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{self, Data},
};
use serde::Serialize;
use serde_json::json;

use super::{answered, asked, keep_answer};
use crate::{
    accounts::{
        person,
        pin::Pin,
        role,
        visit::{self, Operator},
    },
    app::App,
    db,
    error::Result,
    form::{Form, FormView, Wrong},
    history::{self, Subject},
    locale::Said,
    page::Page,
};

/// Under this name an answer to "lend a PIN" is kept.
pub(super) const SCOPE: &str = "lend-pin";

pub(super) fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/kelola/pin").get(show).post(lend));
}

/// Whose phone, and the PIN for a week.
#[derive(Serialize)]
pub struct LendPinPage {
    form: FormView,
}

impl Page for LendPinPage {
    const TEMPLATE: &'static str = "accounts/lend_pin.html";
    fn samples() -> Vec<LendPinPage> {
        vec![LendPinPage { form: FormView::default() }]
    }
}

async fn show(operator: Operator, request: HttpRequest, app: Data<App>) -> Result<HttpResponse> {
    let phone: String = asked(&request).get("hp").chars().filter(char::is_ascii_digit).take(16).collect();
    let form = FormView::blank(&Form::of([("phone", phone)]));
    operator.visit.page(&app.templates, &LendPinPage { form })
}

async fn lend(operator: Operator, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut reader = form.read();
    let phone = reader.phone("phone");
    let pin = match Pin::chosen(form.get("pin_new"), Some(&phone)) {
        Ok(pin) => Some(pin),
        Err(refusal) => {
            reader.refuse("pin_new", refusal.said);
            None
        }
    };
    let wrong = match (reader.done(()), pin) {
        (Ok(()), Some(pin)) => match to_phone(&operator, &form, &app, &phone, pin).await? {
            Ok(()) => return Ok(visit::done("/kelola/perajin", "counter.pin_lent")),
            Err(wrong) => wrong,
        },
        (Ok(()), None) => Wrong::default(),
        (Err(wrong), _) => wrong,
    };
    let form = FormView::new(&form, &wrong, app.templates.words(), operator.visit.lang);
    operator.visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &app.templates, &LendPinPage { form })
}

/// Strangers, staff and people of other outlets get one and the same no.
async fn to_phone(operator: &Operator, form: &Form, app: &App, phone: &str, pin: Pin) -> Result<Result<(), Wrong>> {
    let no = || Ok(Err(Wrong::field("phone", Said::new("counter.pin_not_for_them"))));
    let Some(person) = person::by_phone(&app.db, phone).await? else { return no() };
    let hash = pin.hash().await?;
    let tx = db::begin(&app.db).await?;
    let person = person::locked(&tx, person.id).await?;
    if answered(&tx, SCOPE, form).await?.is_some() {
        return Ok(Ok(()));
    }
    let roles = role::of(&tx, person.id).await?;
    if person.disabled_at.is_some() || !role::may_be_lent_a_pin(&roles, operator.outlet.id) {
        return no();
    }
    person::lend_secret(&tx, &app.clock, person.id, hash).await?;
    let (village, by) = (Some(operator.outlet.village_id), Some(operator.person_id));
    let detail = json!({ "outlet": operator.outlet.id });
    history::remember(&tx, &app.clock, village, Subject("person", person.id), "pin_lent", by, detail).await?;
    keep_answer(&tx, &app.clock, SCOPE, form, "/kelola/perajin").await?;
    tx.commit().await?;
    Ok(Ok(()))
}
