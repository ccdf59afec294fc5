//! `/kelola/pesanan/{id}/qris`: an order that is paid by QRIS where its buyer stands. The payment is the order's own.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};

use super::{
    screen::{self, Case},
    sign::Standing,
};
use crate::{
    accounts::visit::{Operator, done},
    app::App,
    db,
    error::Result,
    form::{Form, FormView},
    orders::{docket::Docket, pay, state},
    page::see_other,
    payments::attempt::{self, has_paid},
};
use entity::{
    Rupiah,
    order::{Payment, State},
    payment_attempt::{Model, State as Attempt},
};

async fn read(operator: &Operator, app: &App, id: i64) -> Result<(Docket, Case)> {
    let docket = Docket::read(&app.db, operator.outlet.id, id).await?;
    let attempts = attempt::of_subject(&app.db, &docket.subject()).await?;
    let case = case(&docket, &attempts);
    Ok((docket, case))
}

fn case(docket: &Docket, attempts: &[Model]) -> Case {
    let order = &docket.order;
    let by_provider = attempts.iter().any(has_paid);
    Case {
        subject: docket.subject(),
        here: format!("/kelola/pesanan/{}/qris", order.id),
        back: format!("/kelola/pesanan/{}", order.id),
        is_order: true,
        purpose: format!("{}, {}", docket.number(), order.buyer_name),
        amount: docket.asked(),
        standing: match (order.state, order.payment) {
            // Cash or a transfer that was received meanwhile does not make this screen green.
            (_, Payment::Paid | Payment::RefundDue) if order.paid_at.is_some() && by_provider => Standing::Paid,
            (State::Placed, _) if state::is_asked(order) => Standing::Open,
            _ => Standing::Over,
        },
        paid_at: order.paid_at,
        refund_due: Rupiah::ZERO,
    }
}

/// `GET /kelola/pesanan/{id}/qris`
pub(super) async fn show(operator: Operator, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    let (_, case) = read(&operator, &app, *id).await?;
    screen::draw(&operator, &app, &case, StatusCode::OK, FormView::default()).await
}

/// `GET /kelola/pesanan/{id}/qris/keadaan`
pub(super) async fn state(operator: Operator, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    let (_, case) = read(&operator, &app, *id).await?;
    screen::state(&operator, &app, &case).await
}

/// `POST /kelola/pesanan/{id}/qris/cek`
pub(super) async fn check(operator: Operator, id: Path<i64>, _form: Form, app: Data<App>) -> Result<HttpResponse> {
    let (_, case) = read(&operator, &app, *id).await?;
    screen::check(&app, &case).await
}

/// `POST /kelola/pesanan/{id}/qris`: a code for what the order costs. One that can still be shown is shown again;
/// whatever else was open is ended first.
pub(super) async fn open(operator: Operator, id: Path<i64>, _form: Form, app: Data<App>) -> Result<HttpResponse> {
    let (docket, case) = read(&operator, &app, *id).await?;
    if let Err(refusal) = pay::may_pay_here(&docket) {
        return Ok(done(if case.standing == Standing::Paid { &case.here } else { &case.back }, refusal.said.key));
    }
    let attempts = attempt::of_subject(&app.db, &case.subject).await?;
    if attempts.iter().any(|attempt| is_good(attempt, &case, &app)) {
        return Ok(see_other(&case.here));
    }
    if !screen::is_closed(&app, &case).await? {
        return Ok(done(&case.back, "qris.not_sure"));
    }
    screen::answer(ask(&operator, &app, *id).await, &case.here)
}

/// Whether an attempt already asks for the right amount by QRIS, or is about to.
fn is_good(attempt: &Model, case: &Case, app: &App) -> bool {
    attempt::is_live(attempt)
        && attempt.method == entity::order::Method::Qris
        && attempt.amount == case.amount
        && app.clock.now() < attempt.expires_at
        && (attempt.state == Attempt::Created || attempt.qr_string.is_some())
}

async fn ask(operator: &Operator, app: &App, id: i64) -> Result<()> {
    let tx = db::begin(&app.db).await?;
    let docket = Docket::lock(&tx, operator.outlet.id, id).await?;
    pay::at_counter(&tx, &app.clock, &docket, operator.person_id).await?;
    Ok(tx.commit().await?)
}

/// `POST /kelola/pesanan/{id}/qris/batal`: closes the code; the order waits to be paid as before.
pub(super) async fn cancel(operator: Operator, id: Path<i64>, _form: Form, app: Data<App>) -> Result<HttpResponse> {
    let (_, case) = read(&operator, &app, *id).await?;
    Ok(match attempt::close_live(&app.db, &app.clock, &app.payments, &case.subject).await? {
        attempt::Closing::Closed => done(&case.back, "cashier.cancelled"),
        attempt::Closing::Paid => see_other(&case.here),
        attempt::Closing::Unclear | attempt::Closing::Away => done(&case.here, "qris.not_sure"),
    })
}
