//! What is done with debts. Each act happens once, however often its button is tapped.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};

use super::{
    debt::draw_refused,
    debts,
    payout_acts::{status_of, view},
};
use crate::{
    accounts::{crafter, visit::Treasurer},
    app::App,
    db::{self, Tx},
    error::{Error, Result},
    form::{Form, Wrong},
    once,
    outlet::{
        debt::{self, NewDebt},
        payout_run::lock_outlet,
        repayment,
    },
    page::see_other,
};
use entity::Rupiah;

/// The list of debts.
const DEBTS: &str = "/kelola/utang";
/// The most that a limit can be, in rupiah.
const MOST_LIMIT: i64 = 50_000_000;

/// An act with what it needs to know.
pub(super) enum Act {
    Ask(NewDebt),
    /// The most that one crafter may owe at once.
    Limit(Rupiah),
    Give(i64),
    Refuse(i64, String),
    Undo(i64, String),
    Agree(i64, Option<Rupiah>, bool),
    PayBack(i64, Rupiah),
}

impl Act {
    async fn carry_out(&self, tx: &Tx, app: &App, treasurer: &Treasurer) -> Result<i64> {
        let (clock, outlet, by) = (&app.clock, &treasurer.outlet, treasurer.person_id);
        match self {
            Act::Ask(new) => {
                crafter::in_outlet(tx, outlet.id, new.crafter_id).await?;
                return debt::ask(tx, clock, outlet, new, by).await;
            }
            Act::Limit(limit) => debt::set_limit(tx, clock, outlet, *limit, by).await?,
            Act::Give(id) => debt::give(tx, clock, outlet, *id, by).await?,
            Act::Refuse(id, note) => debt::refuse(tx, clock, outlet, *id, note, by).await?,
            Act::Undo(id, note) => debt::undo(tx, clock, outlet, *id, note, by).await?,
            Act::Agree(id, most, first) => debt::agree(tx, clock, outlet, *id, (*most, *first), by).await?,
            Act::PayBack(id, amount) => repayment::in_cash(tx, clock, outlet, *id, *amount, by).await?,
        }
        Ok(self.id())
    }

    fn id(&self) -> i64 {
        match self {
            Act::Ask(_) | Act::Limit(_) => 0,
            Act::Give(id) | Act::Refuse(id, _) | Act::Undo(id, _) | Act::Agree(id, ..) | Act::PayBack(id, _) => *id,
        }
    }

    /// The last part of its form's address.
    fn name(&self) -> &'static str {
        match self {
            Act::Ask(_) => "baru",
            Act::Limit(_) => "batas",
            Act::Give(_) => "setuju",
            Act::Refuse(..) => "tolak",
            Act::Undo(..) => "batal",
            Act::Agree(..) => "sepakat",
            Act::PayBack(..) => "kembali",
        }
    }
}

/// Does an act of this treasurer, once for each key of this form at this address.
pub(super) async fn perform(treasurer: &Treasurer, app: &App, form: &Form, act: &Act) -> Result<HttpResponse> {
    let tx = db::begin(&app.db).await?;
    lock_outlet(&tx, treasurer.outlet.id).await?;
    let scope = format!("debt {} {} {}", treasurer.outlet.id, act.id(), act.name());
    let hash = form.content_hash();
    if let Some(key) = form.request_key()
        && let Some(answer) = once::answered(&tx, &scope, key, &hash).await?
    {
        return Ok(see_other(&answer));
    }
    let id = act.carry_out(&tx, app, treasurer).await?;
    let answer = if id == 0 { DEBTS.to_owned() } else { format!("{DEBTS}/{id}") };
    if let Some(key) = form.request_key() {
        once::remember(&tx, &app.clock, &scope, key, &hash, &answer).await?;
    }
    tx.commit().await?;
    Ok(see_other(&answer))
}

/// `POST /kelola/utang/batas`
pub async fn limit(treasurer: Treasurer, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut reader = form.read();
    let limit = reader.rupiah("batas", 0, MOST_LIMIT);
    match reader.done(Act::Limit(limit)) {
        Ok(act) => perform(&treasurer, &app, &form, &act).await,
        Err(wrong) => debts::draw_refused(&treasurer, &app, view(&treasurer, &app, &form, &wrong)).await,
    }
}

/// An act on a debt's page: what is refused is said there.
async fn on_page(
    treasurer: &Treasurer,
    app: &App,
    form: &Form,
    (id, at): (i64, &'static str),
    act: Result<Act, Wrong>,
) -> Result<HttpResponse> {
    let (status, wrong) = match act {
        Err(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
        Ok(act) => match perform(treasurer, app, form, &act).await {
            Err(Error::Refused(refusal)) => {
                let field = if refusal.said.key == "debt.more_than_left" { "jumlah" } else { "" };
                (status_of(&refusal), Wrong::refusal(field, refusal))
            }
            done => return done,
        },
    };
    draw_refused(treasurer, app, id, status, (at, view(treasurer, app, form, &wrong))).await
}

/// `POST /kelola/utang/{id}/setuju`
pub async fn give(treasurer: Treasurer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    on_page(&treasurer, &app, &form, (*id, "setuju"), Ok(Act::Give(*id))).await
}

/// `POST /kelola/utang/{id}/tolak`
pub async fn refuse(treasurer: Treasurer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut reader = form.read();
    let note = reader.text("alasan", 200);
    let act = reader.done(Act::Refuse(*id, note));
    on_page(&treasurer, &app, &form, (*id, "tolak"), act).await
}

/// `POST /kelola/utang/{id}/batal`
pub async fn undo(treasurer: Treasurer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut reader = form.read();
    let note = reader.text("alasan", 200);
    let act = reader.done(Act::Undo(*id, note));
    on_page(&treasurer, &app, &form, (*id, "batal"), act).await
}

/// `POST /kelola/utang/{id}/sepakat`: how it is paid back from now on.
pub async fn agree(treasurer: Treasurer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut reader = form.read();
    let is_open = form.get("paling_banyak").is_empty();
    let most = (!is_open).then(|| reader.rupiah("paling_banyak", 1, 50_000_000));
    let act = reader.done(Act::Agree(*id, most, form.has("dulu")));
    on_page(&treasurer, &app, &form, (*id, "sepakat"), act).await
}

/// `POST /kelola/utang/{id}/kembali`: the crafter brings money back.
pub async fn pay_back(treasurer: Treasurer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut reader = form.read();
    let amount = reader.rupiah("jumlah", 1, 50_000_000);
    let act = reader.done(Act::PayBack(*id, amount));
    on_page(&treasurer, &app, &form, (*id, "kembali"), act).await
}
