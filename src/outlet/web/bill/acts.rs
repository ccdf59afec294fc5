//! What is done with a bill, each act once however often its button is tapped.
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
    clock::Clock,
    db::{self, Tx},
    error::{Error, Result},
    form::{Form, FormView, Wrong},
    locale::Said,
    once,
    outlet::bill::{self, Model, State},
    page::see_other,
};

fn case(operator: &Operator, app: &App, bill: &Model) -> Case {
    let nameless = || app.say(operator.visit.lang, &Said::new("cashier.no_purpose"));
    Case {
        subject: bill::subject(bill.id),
        here: url(bill.id),
        back: "/kelola/qris".into(),
        is_order: false,
        purpose: bill.purpose.clone().unwrap_or_else(nameless),
        amount: bill.amount,
        standing: match bill.state {
            State::Open => Standing::Open,
            State::Paid => Standing::Paid,
            State::Cancelled => Standing::Over,
        },
        paid_at: bill.paid_at,
        refund_due: bill.refund_due,
    }
}

pub(super) fn url(id: i64) -> String {
    format!("/kelola/qris/{id}")
}

async fn read(operator: &Operator, app: &App, id: i64) -> Result<Case> {
    Ok(case(operator, app, &bill::read(&app.db, operator.outlet.id, id).await?))
}

/// `GET /kelola/qris/{id}`
pub(super) async fn show(operator: Operator, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    let case = read(&operator, &app, *id).await?;
    screen::draw(&operator, &app, &case, StatusCode::OK, FormView::default()).await
}

/// `GET /kelola/qris/{id}/keadaan`
pub(super) async fn state(operator: Operator, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    let case = read(&operator, &app, *id).await?;
    screen::state(&operator, &app, &case).await
}

/// `POST /kelola/qris/{id}/cek`
pub(super) async fn check(operator: Operator, id: Path<i64>, _form: Form, app: Data<App>) -> Result<HttpResponse> {
    let case = read(&operator, &app, *id).await?;
    screen::check(&app, &case).await
}

/// An act on a bill of this operator's outlet.
enum Act {
    Renew,
    Cancel,
    GiveBack,
    PayBack(String),
}

impl Act {
    async fn carry_out(&self, tx: &Tx, clock: &Clock, operator: &Operator, bill: &Model) -> Result<()> {
        let by = operator.person_id;
        match self {
            Act::Renew => bill::renew(tx, clock, &operator.outlet, bill, by).await,
            Act::Cancel => bill::cancel(tx, clock, bill, by).await,
            Act::GiveBack => bill::give_back(tx, clock, bill, by).await,
            Act::PayBack(reference) => bill::paid_back(tx, clock, bill, reference, by).await,
        }
    }
}

/// Does an act once for each key of its form.
async fn perform(operator: &Operator, app: &App, id: i64, form: &Form, act: &Act) -> Result<()> {
    let tx = db::begin(&app.db).await?;
    let bill = bill::lock(&tx, operator.outlet.id, id).await?;
    let (scope, hash) = (scope(id, act), form.content_hash());
    if let Some(key) = form.request_key()
        && once::answered(&tx, &scope, key, &hash).await?.is_some()
    {
        return Ok(());
    }
    act.carry_out(&tx, &app.clock, operator, &bill).await?;
    if let Some(key) = form.request_key() {
        once::remember(&tx, &app.clock, &scope, key, &hash, "").await?;
    }
    Ok(tx.commit().await?)
}

fn scope(id: i64, act: &Act) -> String {
    let name = match act {
        Act::Renew => "kode",
        Act::Cancel => "batal",
        Act::GiveBack => "pengembalian",
        Act::PayBack(_) => "kembali",
    };
    format!("bill {id} {name}")
}

/// An act for which no code may be payable any more. Its second tap must not end what the first has opened.
async fn after_closing(operator: &Operator, app: &App, id: i64, form: &Form, act: &Act) -> Result<HttpResponse> {
    let case = read(operator, app, id).await?;
    if let Some(key) = form.request_key()
        && once::first_answer(&app.db, &scope(id, act), key).await?.is_some()
    {
        return Ok(see_other(&case.here));
    }
    if case.standing == Standing::Open && !screen::is_closed(app, &case).await? {
        return Ok(done(&case.here, "qris.not_sure"));
    }
    screen::answer(perform(operator, app, id, form, act).await, &case.here)
}

/// `POST /kelola/qris/{id}/kode`: another code; the one before is ended first.
pub(super) async fn renew(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    after_closing(&operator, &app, *id, &form, &Act::Renew).await
}

/// `POST /kelola/qris/{id}/batal`
pub(super) async fn cancel(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    after_closing(&operator, &app, *id, &form, &Act::Cancel).await
}

/// `POST /kelola/qris/{id}/pengembalian`: the provider gives it back.
pub(super) async fn give_back(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    screen::answer(perform(&operator, &app, *id, &form, &Act::GiveBack).await, &url(*id))
}

/// `POST /kelola/qris/{id}/kembali`: sent by hand, under a reference.
pub(super) async fn pay_back(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut reader = form.read();
    let reference = reader.text("reference", 80);
    let (status, wrong) = match reader.done(Act::PayBack(reference)) {
        Err(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
        Ok(act) => match perform(&operator, &app, *id, &form, &act).await {
            Ok(()) => return Ok(see_other(&url(*id))),
            Err(Error::Refused(refusal)) => (StatusCode::CONFLICT, Wrong::refusal("reference", refusal)),
            Err(e) => return Err(e),
        },
    };
    let view = FormView::new(&form, &wrong, app.templates.words(), operator.visit.lang);
    let case = read(&operator, &app, *id).await?;
    screen::draw(&operator, &app, &case, status, view).await
}
