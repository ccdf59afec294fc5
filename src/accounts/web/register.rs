//! `/daftar`: an account for a buyer who wants one; nobody needs it to buy.
use std::time::Duration;

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{self, Data},
};
use serde::Serialize;
use serde_json::json;

use super::{
    asked,
    sign_in::{open_session, place, try_to_enter, welcome},
};
use crate::{
    accounts::{
        person,
        pin::{self, Pin},
        role::{self, Place},
        visit::{self, Visit},
    },
    app::App,
    db,
    error::{Error, Result},
    form::{Form, FormView, OpenForm, Reader, Wrong},
    history::{self, Subject},
    locale::Said,
    page::{Page, local_path},
};
use entity::person_role::Role;

/// New accounts from one address in an hour.
const FROM_ONE_PLACE: u32 = 20;

pub(super) fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/daftar").get(show).post(create));
}

/// Name, phone and a PIN of one's own.
#[derive(Serialize)]
pub struct RegisterPage {
    form: FormView,
    back: String,
}

impl Page for RegisterPage {
    const TEMPLATE: &'static str = "accounts/register.html";
    fn samples() -> Vec<RegisterPage> {
        vec![RegisterPage { form: FormView::default(), back: "/pesan".into() }]
    }
}

struct Newcomer {
    name: String,
    phone: String,
    pin: Pin,
}

async fn show(visit: Visit, request: HttpRequest, app: Data<App>) -> Result<HttpResponse> {
    let back = local_path(asked(&request).get("kembali"), "").to_owned();
    visit.page(&app.templates, &RegisterPage { form: FormView::default(), back })
}

async fn create(visit: Visit, form: OpenForm, request: HttpRequest, app: Data<App>) -> Result<HttpResponse> {
    let OpenForm(form) = form;
    let wrong = match read(&form) {
        Err(wrong) => wrong,
        Ok(newcomer) => match register(&visit, &app, &request, &form, newcomer).await? {
            Ok(answer) => return Ok(answer),
            Err(wrong) => wrong,
        },
    };
    let back = local_path(form.get("kembali"), "").to_owned();
    let page = RegisterPage { form: FormView::new(&form, &wrong, app.templates.words(), visit.lang), back };
    visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &app.templates, &page)
}

fn read(form: &Form) -> Result<Newcomer, Wrong> {
    let mut reader = form.read();
    let name = reader.text("name", 80);
    let phone = reader.phone("phone");
    let pin = chosen_twice(&mut reader, Some(&phone));
    let pin = reader.done(pin)?.unwrap_or_else(Pin::demonstration);
    Ok(Newcomer { name, phone, pin })
}

/// A new PIN, typed twice; `None` with sentences at the fields when it is not one.
pub(super) fn chosen_twice(reader: &mut Reader<'_>, phone: Option<&str>) -> Option<Pin> {
    let pin = match Pin::chosen(reader.get("pin_new"), phone) {
        Ok(pin) => pin,
        Err(refusal) => {
            reader.refuse("pin_new", refusal.said);
            return None;
        }
    };
    if reader.get("pin_new") != reader.get("pin_again") {
        reader.refuse("pin_again", Said::new("pin.not_the_same"));
        return None;
    }
    Some(pin)
}

async fn register(
    visit: &Visit,
    app: &App,
    request: &HttpRequest,
    form: &Form,
    newcomer: Newcomer,
) -> Result<Result<HttpResponse, Wrong>> {
    let Newcomer { name, phone, pin } = newcomer;
    if person::by_phone(&app.db, &phone).await?.is_some() {
        return known_already(app, request, form, &phone).await;
    }
    let place = place(app, "register", request);
    if !app.cache.allows(&place, FROM_ONE_PLACE, Duration::from_secs(3600)).await {
        return Ok(Err(Wrong::field("phone", Said::new("form.slow_down"))));
    }
    let hash = pin.hash().await?;
    let tx = db::begin(&app.db).await?;
    let id = match person::create(&tx, &app.clock, &name, Some(&phone), Some(hash)).await {
        Ok(id) => id,
        Err(Error::Refused(_)) => {
            drop(tx);
            return known_already(app, request, form, &phone).await;
        }
        Err(e) => return Err(e),
    };
    person::set_language(&tx, id, visit.lang).await?;
    role::grant(&tx, &app.clock, id, Role::Buyer, Place::Everywhere, None).await?;
    history::remember(&tx, &app.clock, None, Subject("person", id), "registered", Some(id), json!({})).await?;
    let token = open_session(&tx, app, request, id).await?;
    let person = person::get(&tx, id).await?;
    tx.commit().await?;
    let mut answer = welcome(app, &person, token, local_path(form.get("kembali"), "/akun"));
    answer.add_cookie(&visit::flash("account.welcome")).ok();
    Ok(Ok(answer))
}

/// Whoever typed the PIN of the account that exists meant to come in; so does a second tap.
async fn known_already(
    app: &App,
    request: &HttpRequest,
    form: &Form,
    phone: &str,
) -> Result<Result<HttpResponse, Wrong>> {
    let typed = form.get("pin_new").chars().take(pin::LONGEST).collect::<String>();
    let entered = try_to_enter(app, request, phone, &typed, local_path(form.get("kembali"), "/akun")).await?;
    Ok(entered.map_err(|_| Wrong::field("phone", Said::new("account.phone_taken"))))
}
