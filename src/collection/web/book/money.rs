//! A crafter's money: what is owed, what is on its way, what was received, and the passbook line by line.
use actix_web::{
    HttpResponse,
    http::header,
    web::{Data, Query},
};
use entity::{Rupiah, debt as debt_row, payout::State};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use serde::{Deserialize, Serialize};

use super::{
    Head, Owner,
    lines::{View, kind_key, sheet, views},
};
use crate::{
    app::App,
    bank_account::end_of,
    collection::statement,
    error::Result,
    ledger::{self, Book},
    outlet::{
        debt,
        payee::{self, Payee},
    },
    page::{self, Page, Sample},
};

/// So many lines are on one page.
const MOST: usize = 60;

/// What stands in a crafter's purse at the outlet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Purse {
    pub owed: Rupiah,
    /// More was received than what was sold brought, as when something came back.
    pub ahead: Rupiah,
    pub underway: Rupiah,
    pub paid: Rupiah,
    /// Sold by kiosks, and owed once their money has come.
    pub waiting: Rupiah,
}

impl Purse {
    pub fn sample() -> Purse {
        Purse {
            owed: Rupiah(149_400),
            ahead: Rupiah::ZERO,
            underway: Rupiah(21_280),
            paid: Rupiah(100_000),
            waiting: Rupiah(42_560),
        }
    }
}

/// What of a debt is left, as its crafter sees it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Debt {
    pub id: i64,
    pub kind: &'static str,
    pub reason: String,
    pub amount: Rupiah,
    pub rest: Rupiah,
    /// Hundredths that are paid back.
    pub part: i64,
}

impl Debt {
    pub fn sample() -> Debt {
        let reason = "40 batang bambu apus".into();
        Debt { id: 3, kind: "book.material", reason, amount: Rupiah(150_000), rest: Rupiah(90_000), part: 40 }
    }
}

#[derive(Serialize)]
struct MoneyPage {
    head: Head,
    purse: Purse,
    /// Where the money goes: "BRI …3507, Sati".
    account: Option<String>,
    debts: Vec<Debt>,
    lines: Vec<View>,
    /// What was left before the oldest of these lines.
    before: Option<Rupiah>,
    /// How many lines are older.
    older: usize,
    /// Whether newer lines are on another page.
    goes_on: bool,
}

impl Page for MoneyPage {
    const TEMPLATE: &'static str = "book/money.html";
    fn samples() -> Vec<MoneyPage> {
        let lines = vec![
            View::sample("book.line_paid", -71_280, "paid"),
            View::sample("book.line_set_off", -10_000, "set_off"),
            View::sample("book.line_kiosk_money", 42_560, "kiosk"),
            View::sample("book.line_broken", 21_280, "goods"),
            View::sample("book.line_sold", 21_280, "goods"),
        ];
        let full = MoneyPage {
            head: Head::sample(true),
            purse: Purse::sample(),
            account: Some("BRI …3507, Sati".into()),
            debts: vec![Debt::sample()],
            lines,
            before: Some(Rupiah(6_840)),
            older: 60,
            goes_on: true,
        };
        let ahead = Purse { ahead: Rupiah(5_000), ..Purse::default() };
        let page = |purse| MoneyPage {
            head: Head::sample(false),
            purse,
            account: None,
            debts: Vec::new(),
            lines: Vec::new(),
            before: None,
            older: 0,
            goes_on: false,
        };
        vec![full, page(ahead), page(Purse::default())]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<MoneyPage>()
}

/// What a crafter is owed, is being paid and was paid.
pub(super) async fn purse(db: &impl ConnectionTrait, crafter_id: i64) -> Result<Purse> {
    use entity::payout::{Column, Entity};
    let payee = Payee::Crafter(crafter_id);
    let owed = -ledger::balance(db, payee.book()).await?;
    let sums: Vec<(State, i64)> = Entity::find()
        .filter(Column::Payee.eq(payee.code()))
        .select_only()
        .column(Column::State)
        .column_as(sum_of(Column::Amount), "sum")
        .group_by(Column::State)
        .into_tuple()
        .all(db)
        .await?;
    let sum = |wanted: &[State]| {
        let of = sums.iter().filter(|(state, _)| wanted.contains(state));
        Rupiah(of.map(|(_, sum)| sum).sum())
    };
    Ok(Purse {
        owed: std::cmp::max(owed, Rupiah::ZERO),
        ahead: std::cmp::max(-owed, Rupiah::ZERO),
        underway: sum(&[State::Waiting, State::Approved]),
        paid: sum(&[State::Paid]),
        waiting: std::cmp::max(-ledger::balance(db, Book::Awaiting(crafter_id)).await?, Rupiah::ZERO),
    })
}

/// Sums of bigint are numeric on PostgreSQL.
fn sum_of(column: impl ColumnTrait) -> sea_orm::sea_query::Expr {
    use sea_orm::sea_query::ExprTrait;
    column.sum().cast_as("bigint")
}

/// What a crafter was given and has not paid back.
pub(super) async fn debts(db: &impl ConnectionTrait, crafter_id: i64) -> Result<Vec<Debt>> {
    let all = debt::of_crafter(db, crafter_id).await?;
    Ok(all.iter().filter(|one| one.rest() > Rupiah::ZERO).map(|one| of(&one.debt, one.rest())).collect())
}

pub(super) fn of(row: &debt_row::Model, rest: Rupiah) -> Debt {
    Debt {
        id: row.id,
        kind: kind_key(row.kind),
        reason: row.reason.clone(),
        amount: row.amount,
        rest,
        part: (row.amount - rest).0 * 100 / row.amount.0.max(1),
    }
}

/// Which lines are wanted: those among the first so many.
#[derive(Deserialize)]
pub struct Wish {
    sampai: Option<usize>,
}

/// `GET /karya/buku/uang`
pub async fn show(owner: Owner, wish: Query<Wish>, app: Data<App>) -> Result<HttpResponse> {
    let crafter_id = owner.crafter.id;
    let lines = statement::of_crafter(&app.db, crafter_id).await?;
    let sheet = sheet(&lines, wish.sampai, MOST);
    let mut shown = views(&app.db, &owner.head.base, crafter_id, sheet.lines).await?;
    shown.reverse();
    let account = payee::account(&app.db, Payee::Crafter(crafter_id)).await?;
    let page = MoneyPage {
        purse: purse(&app.db, crafter_id).await?,
        account: account.map(|a| format!("{} …{}, {}", a.bank, end_of(&a.number), a.holder)),
        debts: debts(&app.db, crafter_id).await?,
        lines: shown,
        before: sheet.before,
        older: sheet.older,
        goes_on: sheet.goes_on,
        head: owner.head,
    };
    owner.visit.page(&app.templates, &page)
}

/// `GET /karya/uang`: where this page once stood.
pub async fn moved() -> HttpResponse {
    HttpResponse::MovedPermanently().insert_header((header::LOCATION, "/karya/buku/uang")).finish()
}
