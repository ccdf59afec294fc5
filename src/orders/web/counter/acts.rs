//! What the operator does to an order. Each act happens once, however often its button is tapped.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};

use super::{
    ask::{self, Question},
    show,
};
use crate::{
    accounts::visit::Operator,
    app::App,
    clock::Clock,
    db::{self, Tx},
    error::{Error, Refusal, Result},
    form::{Form, FormView, Wrong},
    locale::Said,
    once,
    orders::{
        balance, cancel, compensation, confirm,
        docket::Docket,
        parcel::{self, Journey, Portion},
        pay, settle,
    },
    page::see_other,
};
use entity::{
    Rupiah,
    order::{Method, Payment},
};

/// An act with what it needs to know.
enum Act {
    Confirm,
    TransferSeen,
    PackAll,
    Pack(Vec<Portion>),
    Unpack(i64),
    Send(i64, Journey),
    Track(i64, Journey),
    Deliver(i64),
    ComeBack(i64, String),
    /// Over the counter, receiving the cash if it is still to be paid.
    HandOver(i64),
    Collect(i64),
    Short(Portion, String),
    Compensate(i64, Rupiah, String),
    Cancel(String),
    AskBalance(i64),
    StepBack(String),
    /// The way it came, through the provider.
    GiveBack,
}

impl Act {
    async fn carry_out(&self, tx: &Tx, clock: &Clock, docket: &Docket, by: i64) -> Result<()> {
        match self {
            Act::Confirm => confirm::confirm(tx, clock, docket, by).await,
            Act::TransferSeen => settle::transfer_seen(tx, clock, docket, by).await,
            Act::PackAll => parcel::pack(tx, clock, docket, &parcel::everything_open(docket), by).await.map(drop),
            Act::Pack(portions) => parcel::pack(tx, clock, docket, portions, by).await.map(drop),
            Act::Unpack(id) => parcel::unpack(tx, clock, docket, *id, by).await,
            Act::Send(id, journey) => parcel::send(tx, clock, docket, *id, journey, by).await,
            Act::Track(id, journey) => parcel::track(tx, clock, docket, *id, journey, by).await,
            Act::Deliver(id) => parcel::deliver(tx, clock, docket, *id, by).await,
            Act::ComeBack(id, reason) => parcel::come_back(tx, clock, docket, *id, reason, by).await,
            Act::HandOver(id) => hand_over_paid(tx, clock, docket, *id, by).await,
            Act::Collect(id) => settle::cod_collected(tx, clock, docket, *id, by).await,
            Act::Short(portion, reason) => cancel::fall_short(tx, clock, docket, *portion, reason, by).await,
            Act::Compensate(line, amount, reason) => {
                compensation::give(tx, clock, docket, (*line, *amount), reason, by).await
            }
            Act::Cancel(reason) => cancel::cancel(tx, clock, docket, reason, by).await,
            Act::AskBalance(days) => balance::ask(tx, clock, docket, *days, by).await,
            Act::StepBack(reason) => cancel::step_back(tx, clock, docket, reason, by).await,
            Act::GiveBack => settle::give_back(tx, clock, docket, by).await,
        }
    }
}

async fn hand_over_paid(tx: &Tx, clock: &Clock, docket: &Docket, parcel_id: i64, by: i64) -> Result<()> {
    if docket.order.method != Method::PayAtPickup || docket.order.payment != Payment::Unpaid {
        return parcel::deliver(tx, clock, docket, parcel_id, by).await;
    }
    settle::cash_at_pickup(tx, clock, docket, by).await?;
    let paid = Docket::lock(tx, docket.order.outlet_id, docket.order.id).await?;
    parcel::deliver(tx, clock, &paid, parcel_id, by).await
}

/// Does an act of this operator on an order of their outlet, once for each key of this form at this address.
async fn perform(operator: &Operator, app: &App, id: i64, form: &Form, act: &Act) -> Result<HttpResponse> {
    let tx = db::begin(&app.db).await?;
    let docket = Docket::lock(&tx, operator.outlet.id, id).await?;
    let scope = format!("counter {}", operator.visit.shell.path);
    let hash = form.content_hash();
    if let Some(key) = form.request_key()
        && let Some(answer) = once::answered(&tx, &scope, key, &hash).await?
    {
        return Ok(see_other(&answer));
    }
    act.carry_out(&tx, &app.clock, &docket, operator.person_id).await?;
    let answer = format!("/kelola/pesanan/{id}");
    if let Some(key) = form.request_key() {
        once::remember(&tx, &app.clock, &scope, key, &hash, &answer).await?;
    }
    tx.commit().await?;
    Ok(see_other(&answer))
}

fn status_of(refusal: &Refusal) -> StatusCode {
    actix_web::ResponseError::status_code(&Error::Refused(refusal.clone()))
}

/// A button of the order's page: what is refused is said there.
async fn press(operator: &Operator, app: &App, id: i64, form: &Form, act: Act) -> Result<HttpResponse> {
    match perform(operator, app, id, form, &act).await {
        Err(Error::Refused(refusal)) => {
            let status = status_of(&refusal);
            let view = said(operator, app, form, Wrong::refusal("", refusal));
            show::draw(operator, app, id, status, view).await
        }
        done => done,
    }
}

/// The answer to a question: what is refused is said beside `field`.
async fn answer(
    operator: &Operator,
    app: &App,
    id: i64,
    form: &Form,
    question: Question,
    field: &'static str,
    act: Result<Act, Wrong>,
) -> Result<HttpResponse> {
    let (status, wrong) = match act {
        Err(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
        Ok(act) => match perform(operator, app, id, form, &act).await {
            Err(Error::Refused(refusal)) => (status_of(&refusal), Wrong::refusal(field, refusal)),
            done => return done,
        },
    };
    ask::draw(operator, app, id, question, status, said(operator, app, form, wrong)).await
}

fn said(operator: &Operator, app: &App, form: &Form, wrong: Wrong) -> FormView {
    FormView::new(form, &wrong, app.templates.words(), operator.visit.lang)
}

/// `POST /kelola/pesanan/{id}/konfirmasi`
pub async fn confirm(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    press(&operator, &app, *id, &form, Act::Confirm).await
}

/// `POST /kelola/pesanan/{id}/lunas`
pub async fn transfer_seen(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    press(&operator, &app, *id, &form, Act::TransferSeen).await
}

/// `POST /kelola/pesanan/{id}/paket`: everything with `all`, else the pieces of each line.
pub async fn pack(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    if form.has("all") {
        return press(&operator, &app, *id, &form, Act::PackAll).await;
    }
    let docket = Docket::read(&app.db, operator.outlet.id, *id).await?;
    let mut view = FormView::new(&form, &Wrong::default(), app.templates.words(), operator.visit.lang);
    let mut portions = Vec::new();
    for line in &docket.lines {
        let name = format!("pieces_{}", line.id);
        let typed = form.get(&name);
        match if typed.is_empty() { Some(0) } else { crate::form::whole_number(typed) } {
            Some(pieces) => portions.push(Portion { line_id: line.id, pieces }),
            None => {
                let sentence = app.say(operator.visit.lang, &Said::new("form.not_a_number"));
                view.errors.insert(name, sentence);
            }
        }
    }
    if !view.errors.is_empty() {
        return show::draw_pieces(&operator, &app, *id, StatusCode::UNPROCESSABLE_ENTITY, view).await;
    }
    match perform(&operator, &app, *id, &form, &Act::Pack(portions)).await {
        Err(Error::Refused(refusal)) => {
            view.errors.insert(String::new(), app.say(operator.visit.lang, &refusal.said));
            show::draw_pieces(&operator, &app, *id, status_of(&refusal), view).await
        }
        done => done,
    }
}

/// `POST /kelola/pesanan/{id}/paket/{parcel}/buka`
pub async fn unpack(operator: Operator, path: Path<(i64, i64)>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    press(&operator, &app, path.0, &form, Act::Unpack(path.1)).await
}

/// `POST /kelola/pesanan/{id}/paket/{parcel}/kirim`
pub async fn send(operator: Operator, path: Path<(i64, i64)>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let (id, parcel) = *path;
    let act = journey(&form).map(|journey| Act::Send(parcel, journey));
    answer(&operator, &app, id, &form, Question::Send(parcel), "", act).await
}

/// `POST /kelola/pesanan/{id}/paket/{parcel}/resi`
pub async fn track(operator: Operator, path: Path<(i64, i64)>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let (id, parcel) = *path;
    let act = journey(&form).map(|journey| Act::Track(parcel, journey));
    answer(&operator, &app, id, &form, Question::Track(parcel), "", act).await
}

fn journey(form: &Form) -> Result<Journey, Wrong> {
    let mut reader = form.read();
    let journey = Journey { courier: reader.text("courier", 60), tracking_number: reader.optional("tracking", 60) };
    reader.done(journey)
}

/// `POST /kelola/pesanan/{id}/paket/{parcel}/sampai`
pub async fn deliver(operator: Operator, path: Path<(i64, i64)>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    press(&operator, &app, path.0, &form, Act::Deliver(path.1)).await
}

/// `POST /kelola/pesanan/{id}/paket/{parcel}/serah`
pub async fn hand_over(operator: Operator, path: Path<(i64, i64)>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    press(&operator, &app, path.0, &form, Act::HandOver(path.1)).await
}

/// `POST /kelola/pesanan/{id}/paket/{parcel}/tunai`
pub async fn collect(operator: Operator, path: Path<(i64, i64)>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    press(&operator, &app, path.0, &form, Act::Collect(path.1)).await
}

/// `POST /kelola/pesanan/{id}/paket/{parcel}/balik`
pub async fn come_back(operator: Operator, path: Path<(i64, i64)>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let (id, parcel) = *path;
    let mut reader = form.read();
    let reason = reader.text("reason", 300);
    let act = reader.done(Act::ComeBack(parcel, reason));
    answer(&operator, &app, id, &form, Question::ComeBack(parcel), "", act).await
}

/// `POST /kelola/pesanan/{id}/barang/{line}/kurang`
pub async fn short(operator: Operator, path: Path<(i64, i64)>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let (id, line_id) = *path;
    let mut reader = form.read();
    let pieces = reader.number("pieces", 1, 1_000_000);
    let reason = reader.text("reason", 300);
    let act = reader.done(Act::Short(Portion { line_id, pieces }, reason));
    answer(&operator, &app, id, &form, Question::Short(line_id), "pieces", act).await
}

/// `POST /kelola/pesanan/{id}/barang/{line}/ganti`
pub async fn compensate(
    operator: Operator,
    path: Path<(i64, i64)>,
    form: Form,
    app: Data<App>,
) -> Result<HttpResponse> {
    let (id, line_id) = *path;
    let mut reader = form.read();
    let amount = reader.rupiah("amount", 1, 1_000_000_000);
    let reason = reader.text("reason", 300);
    let act = reader.done(Act::Compensate(line_id, amount, reason));
    answer(&operator, &app, id, &form, Question::Compensate(line_id), "amount", act).await
}

/// `POST /kelola/pesanan/{id}/batal`
pub async fn cancel(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut reader = form.read();
    let reason = reader.text("reason", 300);
    let mut act = reader.done(Act::Cancel(reason));
    if act.is_ok()
        && let Some(no) = why_not_cancelled(&operator, &app, *id).await?
    {
        act = Err(Wrong::field("", Said::new(no)));
    }
    answer(&operator, &app, *id, &form, Question::Cancel, "", act).await
}

/// `POST /kelola/pesanan/{id}/pelunasan`
pub async fn ask_balance(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut reader = form.read();
    let days = reader.number("days", balance::DAYS.0, balance::DAYS.1);
    let act = reader.done(Act::AskBalance(days));
    answer(&operator, &app, *id, &form, Question::Balance, "days", act).await
}

/// `POST /kelola/pesanan/{id}/mundur`
pub async fn step_back(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut reader = form.read();
    let reason = reader.text("reason", 300);
    let mut act = reader.done(Act::StepBack(reason));
    if act.is_ok()
        && let Some(no) = why_not_cancelled(&operator, &app, *id).await?
    {
        act = Err(Wrong::field("", Said::new(no)));
    }
    answer(&operator, &app, *id, &form, Question::StepBack, "", act).await
}

/// Nobody may pay for an order that is called off, so open attempts are closed first; or it is paid by now, or the
/// provider is away and nobody can say. Where its answer is a riddle the order may go: its money is owed back then.
async fn why_not_cancelled(operator: &Operator, app: &App, id: i64) -> Result<Option<&'static str>> {
    let docket = Docket::read(&app.db, operator.outlet.id, id).await?;
    if !matches!(docket.order.payment, Payment::Unpaid | Payment::PartPaid) {
        return Ok(None);
    }
    // The deposit was paid long ago; only what is asked now can still come.
    if docket.order.payment == Payment::PartPaid && docket.order.balance_asked_at.is_none() {
        return Ok(None);
    }
    Ok(match pay::close_live(&app.db, &app.clock, &app.payments, &docket.order).await? {
        pay::Closing::Paid => Some("counter.just_paid"),
        pay::Closing::Away => Some("counter.provider_away"),
        pay::Closing::Closed | pay::Closing::Unclear => None,
    })
}

/// `POST /kelola/pesanan/{id}/pengembalian`: the provider gives it back.
pub async fn give_back(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    press(&operator, &app, *id, &form, Act::GiveBack).await
}
