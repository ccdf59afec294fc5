//! Documents behind lines of a passbook: one payment, and one debt.
use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::Serialize;

use super::{
    Head, One, Owner,
    lines::{kind_key, standing, way_key},
    money::{self, Debt},
};
use crate::{
    app::App,
    error::{Error, Result},
    outlet::{debt, payee::Payee, repayment},
    page::{self, Page, Sample},
};
use entity::{
    Rupiah, debt as debt_row, payout as row,
    payout::{Shown, State},
    repayment as repayment_row,
};

#[derive(Serialize)]
struct PayoutPage {
    head: Head,
    amount: Rupiah,
    at: Option<DateTime<Utc>>,
    way: &'static str,
    account: Option<String>,
    state: &'static str,
    badge: &'static str,
    reference: Option<String>,
    receiver: Option<String>,
    shown: Option<&'static str>,
    set_offs: Vec<Taken>,
}

/// What was set off beside it.
#[derive(Clone, Serialize)]
struct Taken {
    debt_id: i64,
    kind: &'static str,
    amount: Rupiah,
    is_undone: bool,
}

impl Page for PayoutPage {
    const TEMPLATE: &'static str = "book/payout.html";
    fn samples() -> Vec<PayoutPage> {
        let taken = Taken { debt_id: 3, kind: "book.material", amount: Rupiah(6_000), is_undone: true };
        let page = |state| PayoutPage {
            head: Head::sample(true),
            amount: Rupiah(71_280),
            at: Some(DateTime::<Utc>::UNIX_EPOCH),
            way: "book.by_cash",
            account: Some("BRI …3507, Sati".into()),
            state: standing(state).0,
            badge: standing(state).1,
            reference: Some("TRX-1".into()),
            receiver: Some("Bu Sati".into()),
            shown: Some("book.shown_pin"),
            set_offs: vec![taken.clone(), Taken { is_undone: false, ..taken.clone() }],
        };
        vec![page(State::Paid), page(State::Approved), page(State::Failed)]
    }
}

#[derive(Serialize)]
struct DebtPage {
    head: Head,
    debt: Debt,
    at: Option<DateTime<Utc>>,
    most: Option<Rupiah>,
    is_material: bool,
    repayments: Vec<Repaid>,
}

#[derive(Clone, Serialize)]
struct Repaid {
    at: DateTime<Utc>,
    amount: Rupiah,
    payout_id: Option<i64>,
    by_run: bool,
    is_undone: bool,
}

impl Page for DebtPage {
    const TEMPLATE: &'static str = "book/debt.html";
    fn samples() -> Vec<DebtPage> {
        let repaid = |payout_id, by_run, is_undone| Repaid {
            at: DateTime::<Utc>::UNIX_EPOCH,
            amount: Rupiah(6_000),
            payout_id,
            by_run,
            is_undone,
        };
        let repayments = vec![repaid(Some(9), true, false), repaid(None, true, true), repaid(None, false, false)];
        let page = |debt, most, is_material| DebtPage {
            head: Head::sample(true),
            debt,
            at: Some(DateTime::<Utc>::UNIX_EPOCH),
            most,
            is_material,
            repayments: repayments.clone(),
        };
        let settled = Debt { rest: Rupiah::ZERO, part: 100, ..Debt::sample() };
        vec![page(Debt::sample(), None, true), page(settled, Some(Rupiah(25_000)), false)]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    [page::samples::<PayoutPage>(), page::samples::<DebtPage>()].into_iter().flatten().collect()
}

/// `GET /karya/buku/bayar/{id}`
pub async fn payout(owner: Owner, one: Path<One>, app: Data<App>) -> Result<HttpResponse> {
    let payee = Payee::Crafter(owner.crafter.id).code();
    let of_payee = row::Entity::find_by_id(one.id).filter(row::Column::Payee.eq(payee));
    // A list that was called off before it was approved is no news for whom it was about.
    let of_payee = of_payee.filter(row::Column::State.ne(State::Dropped));
    let payout = of_payee.one(&app.db).await?.ok_or(Error::NotFound)?;
    let taken = repayment_row::Entity::find()
        .filter(repayment_row::Column::PayoutId.eq(payout.id))
        .find_also_related(debt_row::Entity)
        .all(&app.db)
        .await?;
    let taken = taken.into_iter().filter_map(|(row, debt)| {
        let debt = debt?;
        Some(Taken {
            debt_id: debt.id,
            kind: kind_key(debt.kind),
            amount: row.amount,
            is_undone: row.undone_at.is_some(),
        })
    });
    let account = payout.bank.as_ref().zip(payout.number.as_ref()).zip(payout.holder.as_ref());
    let (state, badge) = standing(payout.state);
    let page = PayoutPage {
        amount: payout.amount,
        at: payout.paid_at.or(payout.ended_at),
        way: way_key(payout.way),
        account: account
            .map(|((bank, number), holder)| format!("{bank} …{}, {holder}", crate::bank_account::end_of(number))),
        state,
        badge,
        reference: payout.reference.clone(),
        receiver: payout.receiver.clone(),
        shown: payout.proof.map(|shown| match shown {
            Shown::Pin => "book.shown_pin",
            Shown::Photo => "book.shown_photo",
        }),
        set_offs: taken.collect(),
        head: owner.head,
    };
    owner.visit.page(&app.templates, &page)
}

/// `GET /karya/buku/utang/{id}`: what was only asked for is not shown.
pub async fn debt(owner: Owner, one: Path<One>, app: Data<App>) -> Result<HttpResponse> {
    let standing = debt::read(&app.db, owner.outlet.id, one.id).await?;
    let is_given = matches!(standing.debt.state, debt_row::State::Given | debt_row::State::Undone);
    if standing.debt.crafter_id != owner.crafter.id || !is_given {
        return Err(Error::NotFound);
    }
    let repayments = repayment::of_debt(&app.db, one.id).await?;
    let page = DebtPage {
        debt: money::of(&standing.debt, standing.rest()),
        at: standing.debt.decided_at,
        most: standing.debt.most_per_payout,
        is_material: standing.debt.kind == debt_row::Kind::Material,
        repayments: repayments
            .iter()
            .map(|row| Repaid {
                at: row.at,
                amount: row.amount,
                payout_id: row.payout_id,
                by_run: row.run_id.is_some(),
                is_undone: row.undone_at.is_some(),
            })
            .collect(),
        head: owner.head,
    };
    owner.visit.page(&app.templates, &page)
}
