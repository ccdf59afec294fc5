//! `/kelola/kios/{id}/tutup`, `/buka`: a kiosk is closed when nothing stands there, and opened again.
use actix_web::{
    HttpResponse,
    web::{Data, Path},
};

use super::{show, url};
use crate::{
    accounts::visit::{Operator, done},
    app::App,
    db,
    error::{Error, Result},
    form::{Form, FormView, Wrong},
    wholesale::kiosk,
};

/// `POST /kelola/kios/{id}/tutup`
pub(super) async fn close(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let tx = db::begin(&app.db).await?;
    match kiosk::close(&tx, &app.clock, &operator.outlet, *id, operator.person_id).await {
        Err(Error::Refused(refusal)) => {
            drop(tx);
            let status = actix_web::ResponseError::status_code(&Error::Refused(refusal.clone()));
            let wrong = Wrong::refusal("", refusal);
            let view = FormView::new(&form, &wrong, app.templates.words(), operator.visit.lang);
            return show::draw(&operator, &app, *id, status, view).await;
        }
        closed => closed?,
    }
    tx.commit().await?;
    Ok(done(&url(*id), "kiosk.was_closed"))
}

/// `POST /kelola/kios/{id}/buka`
pub(super) async fn reopen(operator: Operator, id: Path<i64>, _form: Form, app: Data<App>) -> Result<HttpResponse> {
    let tx = db::begin(&app.db).await?;
    kiosk::reopen(&tx, &app.clock, &operator.outlet, *id, operator.person_id).await?;
    tx.commit().await?;
    Ok(done(&url(*id), "kiosk.was_reopened"))
}
