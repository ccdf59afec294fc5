//! What is done with a member's account. Each act happens once, however often its button is tapped.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};

use super::{HERE, show::draw};
use crate::{
    accounts::visit::{Treasurer, done},
    app::App,
    db::Tx,
    error::{Error, Result},
    form::{Form, FormView, Wrong},
    ledger::Book,
    outlet::{
        member,
        web::{payout_acts::status_of, perform::perform},
    },
    secret,
};

/// What a form is, for its refusal: its name, its field, and what is said when it is done.
struct What {
    at: &'static str,
    field: &'static str,
    said: &'static str,
}

async fn act(
    treasurer: &Treasurer,
    app: &App,
    form: &Form,
    id: i64,
    what: What,
    read: Result<(), Wrong>,
    act: impl AsyncFnOnce(&Tx) -> Result<()>,
) -> Result<HttpResponse> {
    let outlet = &treasurer.outlet;
    member::read(&app.db, outlet.id, id).await?;
    let (status, wrong) = match read {
        Err(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
        Ok(()) => {
            let scope = format!("member.{} {id}", what.at);
            let acted = perform(app, form, &scope, async |tx| {
                act(tx).await?;
                Ok(format!("{HERE}/{id}"))
            });
            match acted.await {
                Ok(url) => return Ok(done(&url, what.said)),
                Err(Error::Refused(refusal)) => (status_of(&refusal), Wrong::refusal(what.field, refusal)),
                Err(e) => return Err(e),
            }
        }
    };
    let view = FormView::new(form, &wrong, app.templates.words(), treasurer.visit.lang);
    draw((&treasurer.visit, outlet, true), app, id, status, (what.at, view)).await
}

/// `POST /kelola/anggota/{id}/bayar`: cash at the counter, into the outlet's box.
pub(super) async fn pay(treasurer: Treasurer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut reader = form.read();
    let amount = reader.rupiah("jumlah", 1, 50_000_000);
    let read = reader.done(());
    let what = What { at: "bayar", field: "jumlah", said: "member.was_paid" };
    act(&treasurer, &app, &form, *id, what, read, async |tx| {
        let (outlet, by) = (&treasurer.outlet, treasurer.person_id);
        // The form's own key lets it happen once; this one only names the payment.
        let key = format!("counter:{}", secret::short_token());
        let now = app.clock.now();
        member::pay(tx, &app.clock, outlet, *id, amount, Book::Cash(outlet.id), by, &key, now).await.map(drop)
    })
    .await
}

/// `POST /kelola/anggota/{id}/batas`
pub(super) async fn limit(treasurer: Treasurer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut reader = form.read();
    let limit = reader.rupiah("batas", 0, member::MOST_LIMIT);
    let read = reader.done(());
    let what = What { at: "batas", field: "batas", said: "member.was_limited" };
    act(&treasurer, &app, &form, *id, what, read, async |tx| {
        member::set_limit(tx, &app.clock, &treasurer.outlet, *id, limit, treasurer.person_id).await
    })
    .await
}

/// `POST /kelola/anggota/{id}/keluar`
pub(super) async fn leave(treasurer: Treasurer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let what = What { at: "keluar", field: "", said: "member.was_left" };
    act(&treasurer, &app, &form, *id, what, Ok(()), async |tx| {
        member::leave(tx, &app.clock, &treasurer.outlet, *id, treasurer.person_id).await
    })
    .await
}
