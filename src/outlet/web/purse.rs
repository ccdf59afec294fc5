//! `/karya/uang`: a crafter's own money: what is owed, what is on its way, and what was paid, when and how.
use actix_web::{
    HttpResponse,
    web::{self, Data},
};
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{
    accounts::visit::Crafter,
    app::App,
    bank_account::end_of,
    error::Result,
    ledger,
    outlet::{
        payee::{self, Payee},
        payout,
    },
    page::{self, Page, Sample},
};
use entity::{
    Rupiah,
    payout::{Model, State, Way},
};

/// So many payouts are shown.
const MOST: u64 = 60;

pub(super) fn configure(cfg: &mut web::ServiceConfig) {
    cfg.route("/karya/uang", web::get().to(show));
}

#[derive(Default, Serialize)]
struct PursePage {
    owed: Rupiah,
    /// More was paid than what was sold brought, as when something came back.
    ahead: Rupiah,
    underway: Rupiah,
    paid: Rupiah,
    /// Where the money goes: "BRI …3507, Sati".
    account: Option<String>,
    payouts: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    amount: Rupiah,
    at: Option<DateTime<Utc>>,
    way: &'static str,
    state: &'static str,
    badge: &'static str,
    reference: Option<String>,
    receiver: Option<String>,
}

impl Page for PursePage {
    const TEMPLATE: &'static str = "outlet/purse.html";
    fn samples() -> Vec<PursePage> {
        let line = |way, state, badge| Line {
            amount: Rupiah(21_280),
            at: Some(DateTime::<Utc>::UNIX_EPOCH),
            way,
            state,
            badge,
            reference: Some("TRX-1".into()),
            receiver: Some("Bu Sati".into()),
        };
        let full = PursePage {
            owed: Rupiah(49_400),
            ahead: Rupiah::ZERO,
            underway: Rupiah(21_280),
            paid: Rupiah(100_000),
            account: Some("BRI …3507, Sati".into()),
            payouts: vec![
                line("purse.by_cash", "purse.paid", ""),
                line("purse.by_transfer", "purse.underway", "wait"),
                line("purse.by_midtrans", "purse.failed", "off"),
            ],
        };
        let ahead = PursePage { ahead: Rupiah(5_000), ..PursePage::default() };
        vec![PursePage::default(), full, ahead]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<PursePage>()
}

async fn show(crafter: Crafter, app: Data<App>) -> Result<HttpResponse> {
    let payee = Payee::Crafter(crafter.crafter.id);
    let owed = -ledger::balance(&app.db, payee.book()).await?;
    // A list that was called off before it was approved is no news for whom it was about.
    let rows = payout::of_payee(&app.db, payee, MOST).await?;
    let rows: Vec<&Model> = rows.iter().filter(|row| row.state != State::Dropped).collect();
    let sum = |wanted: fn(State) -> bool| rows.iter().filter(|row| wanted(row.state)).map(|row| row.amount).sum();
    let account = payee::account(&app.db, payee).await?;
    let page = PursePage {
        owed: owed.max(Rupiah::ZERO),
        ahead: (-owed).max(Rupiah::ZERO),
        underway: sum(payout::is_open),
        paid: sum(|state| state == State::Paid),
        account: account.map(|a| format!("{} …{}, {}", a.bank, end_of(&a.number), a.holder)),
        payouts: rows.iter().map(|row| line(row)).collect(),
    };
    crafter.visit.page(&app.templates, &page)
}

fn line(row: &Model) -> Line {
    let (state, badge) = match row.state {
        State::Waiting | State::Approved => ("purse.underway", "wait"),
        State::Paid => ("purse.paid", ""),
        State::Failed | State::Dropped => ("purse.failed", "off"),
    };
    let way = match row.way {
        Way::Transfer => "purse.by_transfer",
        Way::Cash => "purse.by_cash",
        Way::Midtrans => "purse.by_midtrans",
    };
    Line {
        amount: row.amount,
        at: row.ended_at,
        way,
        state,
        badge,
        reference: row.reference.clone(),
        receiver: row.receiver.clone(),
    }
}
