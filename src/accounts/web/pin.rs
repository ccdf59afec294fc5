//! `/akun/pin`: another PIN or password of one's own.
use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{self, Data},
};
use serde::Serialize;
use serde_json::json;

use super::{asked, register::chosen_twice};
use crate::{
    accounts::{
        person,
        pin::{self, Pin},
        session,
        sign_in::{self, Verdict},
        visit::{self, Person},
    },
    app::App,
    db,
    error::Result,
    form::{Form, FormView, Wrong},
    history::{self, Subject},
    locale::Said,
    page::{Page, local_path},
};

pub(super) fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/akun/pin").get(show).post(change));
}

/// The old one and the new one, twice.
#[derive(Serialize)]
pub struct PinPage {
    form: FormView,
    back: String,
    /// Somebody else chose the present one.
    lent: bool,
}

impl Page for PinPage {
    const TEMPLATE: &'static str = "accounts/pin.html";
    fn samples() -> Vec<PinPage> {
        vec![PinPage { form: FormView::default(), back: "/akun".into(), lent: true }]
    }
}

async fn show(person: Person, request: HttpRequest, app: Data<App>) -> Result<HttpResponse> {
    let lent = person::get(&app.db, person.signed.id).await?.secret_until.is_some();
    let back = local_path(asked(&request).get("kembali"), "/akun").to_owned();
    person.visit.page(&app.templates, &PinPage { form: FormView::default(), back, lent })
}

async fn change(person: Person, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let back = local_path(form.get("kembali"), "/akun").to_owned();
    let wrong = match judged(&person, &form, &app).await? {
        Ok(()) => return Ok(visit::done(&back, "pin.changed")),
        Err(wrong) => wrong,
    };
    let view = FormView::new(&form, &wrong, app.templates.words(), person.visit.lang);
    let lent = person::get(&app.db, person.signed.id).await?.secret_until.is_some();
    let page = PinPage { form: view, back, lent };
    person.visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &app.templates, &page)
}

async fn judged(person: &Person, form: &Form, app: &App) -> Result<Result<(), Wrong>> {
    let me = person::get(&app.db, person.signed.id).await?;
    let mut reader = form.read();
    let typed = reader.text("pin", pin::LONGEST);
    let chosen = chosen_twice(&mut reader, me.phone.as_deref());
    let chosen = match reader.done(chosen) {
        Ok(Some(chosen)) => chosen,
        Ok(None) => return Ok(Err(Wrong::default())),
        Err(wrong) => return Ok(Err(wrong)),
    };
    let right = pin::agrees(&typed, me.secret_hash.clone()).await?;
    // A second tap: the new one is in force already.
    if !right && pin::agrees(form.get("pin_new"), me.secret_hash).await? {
        return Ok(Ok(()));
    }
    replace(person, app, right, chosen).await
}

async fn replace(person: &Person, app: &App, right: bool, chosen: Pin) -> Result<Result<(), Wrong>> {
    let id = person.signed.id;
    let hash = chosen.hash().await?;
    let tx = db::begin(&app.db).await?;
    let verdict = sign_in::judge(&tx, &app.clock, id, right).await?;
    if matches!(verdict, Verdict::Right | Verdict::AskCode | Verdict::PinEnded) {
        person::set_secret(&tx, id, hash, None).await?;
        session::end_all(&tx, id, Some(person.signed.session_id)).await?;
        history::remember(&tx, &app.clock, None, Subject("person", id), "pin_changed", Some(id), json!({})).await?;
        tx.commit().await?;
        return Ok(Ok(()));
    }
    tx.commit().await?;
    let key = if verdict == Verdict::Wrong { "pin.current_wrong" } else { "sign_in.closed" };
    Ok(Err(Wrong::field("pin", Said::new(key))))
}
