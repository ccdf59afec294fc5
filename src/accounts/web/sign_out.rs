//! `/keluar`: this device, or all of them.
use actix_web::{
    HttpRequest, HttpResponse,
    web::{self, Data, Path},
};
use serde_json::json;

use crate::{
    accounts::{
        session,
        visit::{self, Person},
    },
    app::App,
    db,
    error::Result,
    form::{Form, SESSION_COOKIE},
    history::{self, Subject},
};

pub(super) fn configure(cfg: &mut web::ServiceConfig) {
    cfg.route("/keluar", web::post().to(here))
        .route("/keluar/semua", web::post().to(everywhere))
        .route("/akun/perangkat/{id}/keluar", web::post().to(device));
}

/// Being out already is as good.
async fn here(_form: Form, request: HttpRequest, app: Data<App>) -> Result<HttpResponse> {
    if let Some(cookie) = request.cookie(SESSION_COOKIE) {
        let tx = db::begin(&app.db).await?;
        session::end_token(&tx, cookie.value()).await?;
        tx.commit().await?;
    }
    let mut answer = visit::done("/", "sign_in.signed_out");
    answer.add_cookie(&session::gone(SESSION_COOKIE)).ok();
    Ok(answer)
}

async fn everywhere(person: Person, _form: Form, app: Data<App>) -> Result<HttpResponse> {
    let (id, clock) = (person.signed.id, &app.clock);
    let tx = db::begin(&app.db).await?;
    let devices = session::end_all(&tx, id, None).await?;
    let detail = json!({ "devices": devices });
    history::remember(&tx, clock, None, Subject("person", id), "signed_out_everywhere", Some(id), detail).await?;
    tx.commit().await?;
    let mut answer = visit::done("/masuk", "sign_in.signed_out_everywhere");
    answer.add_cookie(&session::gone(SESSION_COOKIE)).ok();
    Ok(answer)
}

async fn device(person: Person, id: Path<i64>, _form: Form, app: Data<App>) -> Result<HttpResponse> {
    let tx = db::begin(&app.db).await?;
    // A second tap finds the device gone, which is what was wished.
    session::end(&tx, person.signed.id, *id).await.ok();
    tx.commit().await?;
    Ok(visit::done("/akun", "account.device_out"))
}
