//! What of a debt is paid back: set off against what a crafter earned when they are paid, or brought in cash.
//!
//! A set-off is posted once, when the run that holds it is made, as the reservation of its payout is; and it is taken
//! back with the payout that fails or is dropped.
use std::collections::BTreeMap;

use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use super::debt;
pub use super::due::{Due, SetOff, due};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Refusal, Result},
    ledger::{self, Book, NewEntry},
};
use entity::{
    Rupiah, outlet,
    repayment::{ActiveModel, Column, Entity, Model},
};

/// Sets debts of one payee off against what they are owed. The outlet is locked, and the sum was judged against what is
/// owed.
pub(super) async fn set_off(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    (run_id, payout_id): (i64, Option<i64>),
    crafter_id: i64,
    set_offs: &[SetOff],
    by: i64,
) -> Result<()> {
    let due = due(tx, crafter_id).await?;
    due.judge(set_offs)?;
    for one in set_offs.iter().filter(|one| one.amount > Rupiah::ZERO) {
        let row = ActiveModel { run_id: Set(Some(run_id)), payout_id: Set(payout_id), ..row(clock, one, by) };
        let id = Entity::insert(row).exec(tx).await?.last_insert_id;
        let entry = NewEntry {
            source_key: &key(id),
            kind: "set_off",
            subject: &debt::subject(one.debt_id),
            memo: "set_off",
            lines: &[(Book::Crafter(crafter_id), one.amount), (Book::Advance(crafter_id), -one.amount)],
        };
        ledger::post(tx, clock, entry).await?;
        let detail = json!({ "amount": one.amount, "run": run_id });
        debt::remember(tx, clock, outlet, one.debt_id, "set_off", by, detail).await?;
    }
    Ok(())
}

/// A crafter brings money back.
pub async fn in_cash(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    debt_id: i64,
    amount: Rupiah,
    by: i64,
) -> Result<()> {
    debt::lock(tx, outlet.id, debt_id).await?;
    let standing = debt::read(tx, outlet.id, debt_id).await?;
    if amount <= Rupiah::ZERO {
        return Err(Refusal::invalid("debt.not_positive").into());
    }
    if amount > standing.rest() {
        return Err(Refusal::conflict("debt.more_than_left").with("left", standing.rest()).into());
    }
    let row = row(clock, &SetOff { debt_id, amount }, by);
    let id = Entity::insert(row).exec(tx).await?.last_insert_id;
    let entry = NewEntry {
        source_key: &key(id),
        kind: "debt",
        subject: &debt::subject(debt_id),
        memo: "paid_back",
        lines: &[(Book::Cash(outlet.id), amount), (Book::Advance(standing.debt.crafter_id), -amount)],
    };
    ledger::post(tx, clock, entry).await?;
    debt::remember(tx, clock, outlet, debt_id, "paid_back", by, json!({ "amount": amount })).await
}

fn row(clock: &Clock, one: &SetOff, by: i64) -> ActiveModel {
    ActiveModel {
        debt_id: Set(one.debt_id),
        amount: Set(one.amount),
        person_id: Set(by),
        at: Set(clock.now()),
        ..Default::default()
    }
}

/// What entries of a repayment are known by.
pub fn key(id: i64) -> String {
    format!("repayment:{id}")
}

/// A payout came to nothing: what was taken from it is owed to the outlet again, once.
pub(super) async fn undo_of_payout(tx: &Tx, clock: &Clock, payout_id: i64) -> Result<()> {
    undo(tx, clock, Entity::find().filter(Column::PayoutId.eq(payout_id)).all(tx).await?).await
}

/// A run was called off: what it set off without paying anything out is owed again.
pub(super) async fn undo_without_payout(tx: &Tx, clock: &Clock, run_id: i64) -> Result<()> {
    let of_run = Entity::find().filter(Column::RunId.eq(run_id)).filter(Column::PayoutId.is_null());
    undo(tx, clock, of_run.all(tx).await?).await
}

async fn undo(tx: &Tx, clock: &Clock, rows: Vec<Model>) -> Result<()> {
    for row in rows.iter().filter(|row| row.undone_at.is_none()) {
        ledger::reverse(tx, clock, &key(row.id)).await?;
        let change = ActiveModel { id: Set(row.id), undone_at: Set(Some(clock.now())), ..Default::default() };
        Entity::update(change).exec(tx).await?;
    }
    Ok(())
}

/// What of each debt is paid back; debts of which nothing is are absent.
pub(super) async fn sums(db: &impl ConnectionTrait, debt_ids: &[i64]) -> Result<BTreeMap<i64, Rupiah>> {
    use sea_orm::ExprTrait;
    let sum = Column::Amount.sum().cast_as("bigint");
    let rows: Vec<(i64, i64)> = Entity::find()
        .filter(Column::DebtId.is_in(debt_ids.iter().copied()))
        .filter(Column::UndoneAt.is_null())
        .select_only()
        .column(Column::DebtId)
        .column_as(sum, "sum")
        .group_by(Column::DebtId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(id, sum)| (id, Rupiah(sum))).collect())
}

/// All of a debt, the newest first, also those that were undone.
pub async fn of_debt(db: &impl ConnectionTrait, debt_id: i64) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::DebtId.eq(debt_id)).order_by_desc(Column::Id).all(db).await?)
}

/// What runs set off.
pub async fn of_runs(db: &impl ConnectionTrait, run_ids: &[i64]) -> Result<Vec<Model>> {
    let of_runs = Entity::find().filter(Column::RunId.is_in(run_ids.iter().copied())).order_by_asc(Column::Id);
    Ok(of_runs.all(db).await?)
}
