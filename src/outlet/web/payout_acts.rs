//! What a treasurer does to payouts. Each act happens once, however often its button is tapped.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};

use super::{payout_new, payout_run as page, payout_runs};
use crate::{
    accounts::{crafter, visit::Treasurer},
    app::App,
    bank_account::Account,
    catalogue::{Hand, Side, photo},
    db::{self, Tx},
    error::{Error, Refusal, Result},
    form::{Form, FormView, Wrong},
    once,
    outlet::{
        iris_inbox, payee,
        payout::{self, Proof},
        payout_run::{self, Line, lock_outlet},
        payout_wallet,
    },
    page::see_other,
};
use entity::{Rupiah, photo::Subject};

/// The list of runs.
pub const RUNS: &str = "/kelola/bayar-perajin";

/// An act with what it needs to know.
pub(super) enum Act {
    Make(Vec<Line>),
    Approve(i64),
    CallOff(i64, String),
    TickOff(i64, i64, Proof),
    Fail(i64, i64, String),
    TopUp(Rupiah, String),
    LookedAt(i64, String),
    Name(i64, Account),
}

impl Act {
    /// Does it, and says where to look then.
    async fn carry_out(&self, tx: &Tx, app: &App, treasurer: &Treasurer) -> Result<String> {
        let (clock, outlet, by) = (&app.clock, &treasurer.outlet, treasurer.person_id);
        match self {
            Act::Make(lines) => {
                let id = payout_run::make(tx, clock, outlet, lines, app.payouts.is_some(), by).await?;
                return Ok(format!("{RUNS}/{id}"));
            }
            Act::Approve(id) => payout_run::approve(tx, clock, outlet, *id, by).await?,
            Act::CallOff(id, reason) => payout_run::call_off(tx, clock, outlet, *id, reason, by).await?,
            Act::TickOff(id, one, proof) => payout::tick_off(tx, clock, outlet, *id, *one, proof, by).await?,
            Act::Fail(id, one, reason) => payout::fail(tx, clock, outlet, *id, *one, reason, by).await?,
            Act::TopUp(amount, reference) => {
                payout_wallet::top_up(tx, clock, outlet, *amount, reference, by).await?;
            }
            Act::LookedAt(id, note) => iris_inbox::looked_at(tx, clock, *id, note, by).await?,
            Act::Name(id, account) => {
                let crafter = crafter::in_outlet(tx, outlet.id, *id).await?;
                payee::name_account(tx, clock, &crafter, account, Some(by)).await?;
            }
        }
        Ok(match self {
            Act::Approve(id) | Act::CallOff(id, _) => format!("{RUNS}/{id}"),
            Act::TickOff(id, one, _) | Act::Fail(id, one, _) => format!("{RUNS}/{id}#b{one}"),
            Act::Name(..) => format!("{RUNS}/baru"),
            _ => RUNS.to_owned(),
        })
    }
}

/// Does an act of this treasurer, once for each key of this form at this address.
pub(super) async fn perform(treasurer: &Treasurer, app: &App, form: &Form, act: &Act) -> Result<HttpResponse> {
    Ok(perform_with(treasurer, app, form, &form.content_hash(), act, None).await?.0)
}

/// The same for a form of this content that may carry a photo of who took the cash. Says whether it was done this time.
pub(super) async fn perform_with(
    treasurer: &Treasurer,
    app: &App,
    form: &Form,
    hash: &str,
    act: &Act,
    proof: Option<&photo::Kept>,
) -> Result<(HttpResponse, bool)> {
    let tx = db::begin(&app.db).await?;
    lock_outlet(&tx, treasurer.outlet.id).await?;
    let scope = format!("payout {} {}", treasurer.outlet.id, act.place());
    if let Some(key) = form.request_key()
        && let Some(answer) = once::answered(&tx, &scope, key, hash).await?
    {
        return Ok((see_other(&answer), false));
    }
    let answer = act.carry_out(&tx, app, treasurer).await?;
    if let (Some(proof), Act::TickOff(_, one, _)) = (proof, act) {
        let village_id = Some(treasurer.outlet.village_id);
        let hand = Hand { village_id, person_id: Some(treasurer.person_id), side: Side::Operator };
        photo::enter(&tx, &app.clock, &hand, Subject::PayoutProof, *one, proof).await?;
    }
    if let Some(key) = form.request_key() {
        once::remember(&tx, &app.clock, &scope, key, hash, &answer).await?;
    }
    tx.commit().await?;
    Ok((see_other(&answer), true))
}

impl Act {
    /// Where its form stands: the same key elsewhere is another wish.
    fn place(&self) -> String {
        match self {
            Act::Make(_) => "make".into(),
            Act::Approve(id) => format!("{id} approve"),
            Act::CallOff(id, _) => format!("{id} call off"),
            Act::TickOff(id, one, _) => format!("{id} {one} tick off"),
            Act::Fail(id, one, _) => format!("{id} {one} fail"),
            Act::TopUp(..) => "top up".into(),
            Act::LookedAt(id, _) => format!("notice {id}"),
            Act::Name(id, _) => format!("account {id}"),
        }
    }
}

pub(super) fn status_of(refusal: &Refusal) -> StatusCode {
    actix_web::ResponseError::status_code(&Error::Refused(refusal.clone()))
}

pub(super) fn view(treasurer: &Treasurer, app: &App, form: &Form, wrong: &Wrong) -> FormView {
    FormView::new(form, wrong, app.templates.words(), treasurer.visit.lang)
}

/// `POST /kelola/bayar-perajin/baru`
pub async fn make(treasurer: Treasurer, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let (lines, mut view) = payout_new::read(&treasurer, &app, &form).await?;
    let status = match lines {
        None => StatusCode::UNPROCESSABLE_ENTITY,
        Some(lines) => match perform(&treasurer, &app, &form, &Act::Make(lines)).await {
            Err(Error::Refused(refusal)) => {
                view.errors.insert(String::new(), app.say(treasurer.visit.lang, &refusal.said));
                status_of(&refusal)
            }
            done => return done,
        },
    };
    payout_new::draw(&treasurer, &app, status, Some(&form), view).await
}

/// An act on a run's page: what is refused is said there, under the payout `at`.
async fn on_page(
    treasurer: &Treasurer,
    app: &App,
    form: &Form,
    (id, at): (i64, i64),
    act: Result<Act, Wrong>,
) -> Result<HttpResponse> {
    let (status, wrong) = match act {
        Err(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
        Ok(act) => match perform(treasurer, app, form, &act).await {
            Err(Error::Refused(refusal)) => (status_of(&refusal), Wrong::refusal("", refusal)),
            done => return done,
        },
    };
    page::draw_refused(treasurer, app, id, at, status, view(treasurer, app, form, &wrong)).await
}

/// `POST /kelola/bayar-perajin/{id}/setuju`
pub async fn approve(treasurer: Treasurer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    on_page(&treasurer, &app, &form, (*id, 0), Ok(Act::Approve(*id))).await
}

/// `POST /kelola/bayar-perajin/{id}/batal`
pub async fn call_off(treasurer: Treasurer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut reader = form.read();
    let reason = reader.text("alasan", 200);
    let act = reader.done(Act::CallOff(*id, reason));
    on_page(&treasurer, &app, &form, (*id, 0), act).await
}

/// `POST /kelola/bayar-perajin/{id}/{payout}/gagal`
pub async fn fail(treasurer: Treasurer, path: Path<(i64, i64)>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let (id, one) = *path;
    let mut reader = form.read();
    let reason = reader.text("alasan", 200);
    let act = reader.done(Act::Fail(id, one, reason));
    on_page(&treasurer, &app, &form, (id, one), act).await
}

/// An act on the list of runs: what is refused is said there.
async fn on_list(
    treasurer: &Treasurer,
    app: &App,
    form: &Form,
    field: &'static str,
    act: Result<Act, Wrong>,
) -> Result<HttpResponse> {
    let (status, wrong) = match act {
        Err(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
        Ok(act) => match perform(treasurer, app, form, &act).await {
            Err(Error::Refused(refusal)) => (status_of(&refusal), Wrong::refusal(field, refusal)),
            done => return done,
        },
    };
    payout_runs::draw_refused(treasurer, app, status, view(treasurer, app, form, &wrong)).await
}

/// `POST /kelola/bayar-perajin/dompet`: money was moved into the wallet at Midtrans.
pub async fn top_up(treasurer: Treasurer, form: Form, app: Data<App>) -> Result<HttpResponse> {
    if app.payouts.is_none() {
        return Err(Error::NotFound);
    }
    let mut reader = form.read();
    let amount = reader.rupiah("jumlah", 1, 10_000_000_000);
    let reference = reader.text("acuan", 60);
    let act = reader.done(Act::TopUp(amount, reference));
    on_list(&treasurer, &app, &form, "acuan", act).await
}

/// `POST /kelola/bayar-perajin/kabar/{id}`: somebody has found out what a notice was about, and says it.
pub async fn looked_at(treasurer: Treasurer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    if !payout_runs::unclear(&app.db, treasurer.outlet.id).await?.iter().any(|one| one.id == *id) {
        return Err(Error::NotFound);
    }
    let mut reader = form.read();
    let note = reader.text("catatan", 200);
    let act = reader.done(Act::LookedAt(*id, note));
    on_list(&treasurer, &app, &form, "catatan", act).await
}
