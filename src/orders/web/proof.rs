//! `POST /pesanan/{secret}/bukti`: the photo of a bank transfer.
use std::time::Duration;

use actix_web::{HttpResponse, ResponseError, web};

use super::{order, say_next};
use crate::{
    accounts::visit::Visit,
    app::App,
    catalogue::{Hand, Side, photo},
    db,
    error::{Error, Refusal, Result},
    form::FormView,
    once,
    orders::{order as orders, state},
    page::see_other,
    upload::Upload,
};
use entity::{
    order::{Method, Model, State},
    photo::Subject,
};

pub(super) async fn receive(
    visit: Visit,
    app: web::Data<App>,
    secret: web::Path<String>,
    upload: Upload,
) -> Result<HttpResponse> {
    let order = orders::by_secret(&app.db, &secret).await?;
    match take(&app, &order, &upload).await {
        Ok(()) => {
            let mut answer = see_other(&orders::url(&order));
            say_next(&mut answer, "order.proof_came");
            Ok(answer)
        }
        Err(Error::Refused(refusal)) => {
            let status = Error::Refused(refusal.clone()).status_code();
            order::draw(&visit, &app, &secret, status, Some(&refusal.said), FormView::default()).await
        }
        Err(e) => Err(e),
    }
}

async fn take(app: &App, order: &Model, upload: &Upload) -> Result<()> {
    wanted(order)?;
    if !app.cache.allows(&format!("order.proof:{}", order.id), 12, Duration::from_secs(3600)).await {
        return Err(Refusal::slow_down("form.slow_down").into());
    }
    if upload.is_too_large("foto") {
        return Err(Refusal::too_large("photo.refused.too_many_bytes").into());
    }
    let Some(picture) = upload.file("foto") else { return Err(Refusal::invalid("photo.choose").into()) };
    let kept = photo::keep(&app.files, Subject::Proof, &picture.read().await?).await?;
    let entered = enter(app, &order.secret, upload, &kept).await;
    if !matches!(entered, Ok(true)) {
        // What nobody will look at does not stay on the disk.
        kept.discard(&app.files).await?;
    }
    entered.map(drop)
}

/// Whether a picture is asked for at all, as the order stands.
fn wanted(order: &Model) -> Result<(), Refusal> {
    if order.method != Method::Transfer || order.state != State::Placed || !state::is_asked(order) {
        return Err(Refusal::conflict("order.no_proof_wanted"));
    }
    Ok(())
}

/// Says whether the picture was entered; a second tap enters none.
async fn enter(app: &App, secret: &str, upload: &Upload, kept: &photo::Kept) -> Result<bool> {
    let tx = db::begin(&app.db).await?;
    let order = orders::lock(&tx, secret).await?;
    let hash = upload.content_hash();
    let scope = format!("proof {}", order.id);
    if let Some(key) = upload.form.request_key()
        && once::answered(&tx, &scope, key, &hash).await?.is_some()
    {
        return Ok(false);
    }
    wanted(&order)?;
    let hand = Hand { village_id: None, person_id: order.person_id, side: Side::Buyer };
    photo::enter(&tx, &app.clock, &hand, Subject::Proof, order.id, kept).await?;
    orders::proof_sent(&tx, &app.clock, &order).await?;
    if let Some(key) = upload.form.request_key() {
        once::remember(&tx, &app.clock, &scope, key, &hash, "").await?;
    }
    tx.commit().await?;
    Ok(true)
}
