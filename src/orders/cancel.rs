//! What does not come: a whole order called off, or pieces of it that fall short. What was paid for it is owed back.
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::json;

use super::{
    close,
    docket::{Docket, open},
    method, notify, parcel, settle, state,
};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Refusal, Result},
    ledger::{self, Book, NewEntry},
    stock,
};
use entity::{
    Rupiah, order,
    order::{Payment, State},
    order_line,
};

/// Calls an order off before anything of it has left. What was packed goes back on the shelf.
///
/// Open attempts at paying are closed before ([`super::pay::close_live`]); money that comes all the same is owed back.
pub async fn cancel(tx: &Tx, clock: &Clock, docket: &Docket, reason: &str, by: i64) -> Result<()> {
    call_off(tx, clock, docket, reason, Rupiah::ZERO, by).await
}

/// The buyer steps back from an order paid in two parts: what was agreed of the deposit stays with the outlet.
pub async fn step_back(tx: &Tx, clock: &Clock, docket: &Docket, reason: &str, by: i64) -> Result<()> {
    if docket.order.kept == Rupiah::ZERO || matches!(docket.order.payment, Payment::Unpaid | Payment::Refunded) {
        return Err(Refusal::conflict("wholesale.nothing_kept").into());
    }
    call_off(tx, clock, docket, reason, docket.order.kept, by).await
}

async fn call_off(tx: &Tx, clock: &Clock, docket: &Docket, reason: &str, kept: Rupiah, by: i64) -> Result<()> {
    let state = state::step(docket.order.state, State::Cancelled)?;
    if docket.has_begun_to_leave() {
        return Err(Refusal::conflict("counter.part_already_sent").into());
    }
    docket.lock_goods(tx).await?;
    for packed in docket.parcels.iter().filter(|packed| packed.stands()) {
        parcel::put_back(tx, clock, docket, packed, by).await?;
    }
    stock::release(tx, &docket.subject()).await?;
    // Its makers are free for others.
    tx.changes_what_is_shown();
    let back = Back { amount: docket.stands(), kept };
    for line in &docket.lines {
        let change = order_line::ActiveModel { id: Set(line.id), cancelled: Set(line.quantity), ..Default::default() };
        order_line::Entity::update(change).exec(tx).await?;
    }
    let source_key = format!("cancelled:order:{}", docket.order.id);
    let Settled { payment, refund_due, owed } =
        owe_back(tx, clock, docket, back, &source_key, Payment::Refunded).await?;
    let change = order::ActiveModel {
        id: Set(docket.order.id),
        state: Set(state),
        payment: Set(payment),
        refund_due: Set(refund_due),
        owed: Set(owed),
        part_paid: Set(Rupiah::ZERO),
        balance_asked_at: Set(None),
        closed_at: Set(Some(clock.now())),
        close_reason: Set(Some(reason.to_owned())),
        ..Default::default()
    };
    let order = order::Entity::update(change).exec(tx).await?;
    let detail = json!({ "reason": reason, "kept": kept });
    docket
        .remember(tx, clock, if kept > Rupiah::ZERO { "stepped_back" } else { "cancelled" }, Some(by), detail)
        .await?;
    notify::state_changed(tx, clock, &order, "cancelled").await
}

/// Pieces of a line that will not come. When nothing of the order is left, the order is called off.
///
/// A buyer who still has to pay online was told another amount: that order is called off whole, or waited for.
pub async fn fall_short(
    tx: &Tx,
    clock: &Clock,
    docket: &Docket,
    portion: parcel::Portion,
    reason: &str,
    by: i64,
) -> Result<()> {
    docket.must_be_open()?;
    let line = docket.line(portion.line_id)?;
    if !(1..=open(line)).contains(&portion.pieces) {
        return Err(Refusal::invalid("counter.at_most_open").with("n", open(line)).into());
    }
    let is_credit = docket.order.owed > Rupiah::ZERO;
    if state::is_asked(&docket.order) && !is_credit && !method::is_cash(docket.order.method) {
        return Err(Refusal::conflict("counter.short_before_payment").into());
    }
    let mut after = docket.clone();
    after.lines.iter_mut().filter(|l| l.id == line.id).for_each(|l| l.cancelled += portion.pieces);
    if after.is_all_cancelled() {
        return cancel(tx, clock, docket, reason, by).await;
    }
    release_surplus_holds(tx, &after, line.item_id).await?;
    let cancelled = line.cancelled + portion.pieces;
    let change = order_line::ActiveModel { id: Set(line.id), cancelled: Set(cancelled), ..Default::default() };
    order_line::Entity::update(change).exec(tx).await?;
    let (came, left) = (docket.order.part_paid, after.still_due());
    // What has come of an order paid in parts may now be all of it, or more.
    let is_all = came >= left;
    let amount = match came {
        Rupiah::ZERO => docket.still_due() - left,
        came => std::cmp::max(Rupiah::ZERO, came - left),
    };
    let back = Back { amount, kept: Rupiah::ZERO };
    let source_key = format!("short:line:{}:from:{}", line.id, line.cancelled);
    let Settled { mut payment, refund_due, owed } =
        owe_back(tx, clock, docket, back, &source_key, Payment::Paid).await?;
    if is_all && payment == Payment::PartPaid {
        payment = state::step(payment, Payment::Paid)?;
    }
    let change = order::ActiveModel {
        id: Set(docket.order.id),
        part_paid: Set(if is_all { Rupiah::ZERO } else { came }),
        payment: Set(payment),
        refund_due: Set(refund_due),
        owed: Set(owed),
        ..Default::default()
    };
    let order = order::Entity::update(change).exec(tx).await?;
    let detail = json!({ "name": line.product_name, "n": portion.pieces, "reason": reason });
    docket.remember(tx, clock, "fell_short", Some(by), detail).await?;
    notify::state_changed(tx, clock, &order, "fell_short").await?;
    close::close_if_done(tx, clock, order.id).await
}

/// Pieces that were still to be made fall away first; what is promised beyond the open pieces goes back on the shelf.
async fn release_surplus_holds(tx: &Tx, after: &Docket, item_id: i64) -> Result<()> {
    let still_open: i64 = after.lines.iter().filter(|line| line.item_id == item_id).map(open).sum();
    let holds = stock::held_for(tx, &after.subject()).await?;
    let mut holds: Vec<_> = holds.into_iter().filter(|held| held.item_id == item_id).collect();
    // What was made for the order is given up last.
    holds.sort_by_key(|held| (held.lot_id.is_none(), held.id));
    let mut surplus = holds.iter().map(|held| held.quantity).sum::<i64>() - still_open;
    for held in holds.iter().rev() {
        let part = std::cmp::min(surplus, held.quantity);
        if part <= 0 {
            break;
        }
        stock::release_part(tx, held, part).await?;
        surplus -= part;
    }
    Ok(())
}

/// What was paid for goods that do not come, and what of it stays here by agreement.
struct Back {
    amount: Rupiah,
    kept: Rupiah,
}

/// How the money of an order stands after something of it does not come.
struct Settled {
    payment: Payment,
    refund_due: Rupiah,
    owed: Rupiah,
}

/// What was paid for goods that do not come is owed back, less what the buyer still owes and what they have had back
/// unasked; where nothing was paid, nothing is owed.
async fn owe_back(
    tx: &Tx,
    clock: &Clock,
    docket: &Docket,
    back: Back,
    source_key: &str,
    after: Payment,
) -> Result<Settled> {
    let order = &docket.order;
    // Nothing was paid, or the provider has given it back already.
    if matches!(order.payment, Payment::Unpaid | Payment::Refunded) || back.amount == Rupiah::ZERO {
        // Part of another payment may still be owed back.
        let owes = after == Payment::Refunded && order.refund_due > Rupiah::ZERO;
        let payment = if owes { Payment::RefundDue } else { order.payment };
        return Ok(Settled { payment, refund_due: order.refund_due, owed: order.owed });
    }
    // Only of what has come something can stay.
    let kept = std::cmp::min(back.kept, std::cmp::max(Rupiah::ZERO, back.amount - order.owed));
    let forgiven = std::cmp::min(order.owed, back.amount - kept);
    let owed_back = back.amount - kept - forgiven;
    let had = std::cmp::min(owed_back, settle::claimed(tx, &docket.subject()).await?);
    let entry = NewEntry {
        source_key,
        kind: "owed_back",
        subject: &docket.subject(),
        memo: "owed_back",
        lines: &[
            (Book::Deposits(order.outlet_id), back.amount),
            (Book::KeptDeposits(order.outlet_id), -kept),
            (Book::Owed(order.outlet_id), -forgiven),
            (Book::RefundsDue(order.outlet_id), had - owed_back),
            (Book::Surplus, -had),
        ],
    };
    ledger::post(tx, clock, entry).await?;
    let refund_due = order.refund_due + owed_back - had;
    let due = state::step(order.payment, Payment::RefundDue)?;
    let payment = if refund_due > Rupiah::ZERO { due } else { state::step(due, after)? };
    Ok(Settled { payment, refund_due, owed: order.owed - forgiven })
}
