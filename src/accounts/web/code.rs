//! `/akun/kode`: staff add a second proof to their PIN, a code from an app, and take it off again.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{self, Data},
};
use serde::Serialize;
use serde_json::json;

use super::beside;
use crate::{
    accounts::{
        person, role,
        sign_in::Verdict,
        totp::{self, Offer},
        visit::{self, Person},
    },
    app::App,
    db,
    error::{Error, Refusal, Result},
    form::{Form, FormView, Wrong},
    history::{self, Subject},
    locale::Said,
    page::{Page, see_other},
};

pub(super) fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/akun/kode").get(show).post(put_on)).route("/akun/kode/hapus", web::post().to(take_off));
}

/// The picture and the code to type, or that it is on.
#[derive(Serialize)]
pub struct CodeSetUpPage {
    form: FormView,
    on: bool,
    offer: Option<OfferView>,
}

#[derive(Serialize)]
struct OfferView {
    sealed: String,
    typed: String,
    side: usize,
    path: String,
}

impl Page for CodeSetUpPage {
    const TEMPLATE: &'static str = "accounts/code_set_up.html";
    fn samples() -> Vec<CodeSetUpPage> {
        let offer = OfferView { sealed: "x".into(), typed: "ABCD EFGH".into(), side: 29, path: "M4 4h1v1h-1z".into() };
        vec![
            CodeSetUpPage { form: FormView::default(), on: false, offer: Some(offer) },
            CodeSetUpPage { form: FormView::default(), on: true, offer: None },
        ]
    }
}

/// Only for staff: a crafter without their phone should still come in.
fn staff(person: &Person) -> Result<()> {
    let is_staff = person.signed.roles.iter().any(|held| role::is_staff(held.role));
    if is_staff { Ok(()) } else { Err(Error::NotFound) }
}

async fn show(person: Person, app: Data<App>) -> Result<HttpResponse> {
    staff(&person)?;
    draw(StatusCode::OK, &person, &app, FormView::default(), Offer::new()).await
}

async fn draw(status: StatusCode, person: &Person, app: &App, form: FormView, offer: Offer) -> Result<HttpResponse> {
    let me = person::get(&app.db, person.signed.id).await?;
    let on = me.totp_secret.is_some();
    let offer = if on {
        None
    } else {
        let (side, path) = totp::qr(&offer.address(&me.name))?;
        Some(OfferView { sealed: offer.seal(&app.config.secret, me.id), typed: offer.typed(), side, path })
    };
    person.visit.page_with(status, &app.templates, &CodeSetUpPage { form, on, offer })
}

async fn put_on(person: Person, form: Form, app: Data<App>) -> Result<HttpResponse> {
    staff(&person)?;
    let id = person.signed.id;
    if person::get(&app.db, id).await?.totp_secret.is_some() {
        return Ok(see_other("/akun/kode"));
    }
    let secret = &app.config.secret;
    let offer = Offer::open(secret, id, form.get("offer")).ok_or_else(|| Refusal::conflict("form.stale"))?;
    let tx = db::begin(&app.db).await?;
    let accepted = offer.clone().accept(&tx, &app.clock, secret, id, form.get("code")).await;
    let wrong = match beside("code", accepted)? {
        Ok(()) => {
            history::remember(&tx, &app.clock, None, Subject("person", id), "code_on", Some(id), json!({})).await?;
            tx.commit().await?;
            return Ok(visit::done("/akun", "admin.code_is_on"));
        }
        Err(wrong) => wrong,
    };
    drop(tx);
    let view = FormView::new(&form, &wrong, app.templates.words(), person.visit.lang);
    draw(StatusCode::UNPROCESSABLE_ENTITY, &person, &app, view, offer).await
}

async fn take_off(person: Person, form: Form, app: Data<App>) -> Result<HttpResponse> {
    staff(&person)?;
    let id = person.signed.id;
    if person::get(&app.db, id).await?.totp_secret.is_none() {
        return Ok(visit::done("/akun", "admin.code_is_off"));
    }
    let tx = db::begin(&app.db).await?;
    let verdict = totp::judge(&tx, &app.clock, &app.config.secret, id, form.get("code")).await?;
    if verdict == Verdict::Right {
        totp::remove(&tx, id).await?;
        history::remember(&tx, &app.clock, None, Subject("person", id), "code_off", Some(id), json!({})).await?;
        tx.commit().await?;
        return Ok(visit::done("/akun", "admin.code_is_off"));
    }
    tx.commit().await?;
    let key = if verdict == Verdict::Wrong { "sign_in.code_wrong" } else { "sign_in.closed" };
    let wrong = Wrong::field("code", Said::new(key));
    let view = FormView::new(&form, &wrong, app.templates.words(), person.visit.lang);
    draw(StatusCode::UNPROCESSABLE_ENTITY, &person, &app, view, Offer::new()).await
}
