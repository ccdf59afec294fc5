//! Money of an order: paid online, seen on the bank account, received at the counter or from the courier.
//!
//! Paid money is the buyer's deposit until goods leave; each act posts once, by its source key.
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use serde_json::{Value, json};

use super::{
    balance, close,
    docket::{Docket, Packed},
    handover, method, notify, parcel, pay, refund_transfer, state,
};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Refusal, Result},
    ledger::{self, Book, NewEntry},
    payments::{effect::Told, refund},
    stock::{self, Want},
};
use entity::{
    Rupiah, order,
    order::{Method, Payment, State},
    order_line,
};

/// Money that came in for an order, with the key that names it once and for all.
struct Receipt<'a> {
    into: Book,
    /// The way it came, which is then the order's way.
    method: Method,
    amount: Rupiah,
    source_key: &'a str,
    verb: &'a str,
    by: Option<i64>,
    detail: Value,
}

/// Where money goes that came in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Allotment {
    /// Pays the order.
    deposit: Rupiah,
    /// Is owed back: more than asked, or asked no longer.
    back: Rupiah,
    /// Less than asked; a person decides.
    surplus: Rupiah,
}

/// `least` is what must come at once for it to pay anything, `most` what the order can still take.
fn allot(order: &order::Model, (least, most): (Rupiah, Rupiah), amount: Rupiah, cash_is_asked: bool) -> Allotment {
    // The provider gave everything back and the order still stands: the buyer paid anew.
    let is_asked = matches!(order.payment, Payment::Unpaid | Payment::Refunded) || order.part_paid > Rupiah::ZERO;
    if order.state != State::Placed || !is_asked || cash_is_asked {
        return Allotment { back: amount, ..Default::default() };
    }
    if amount < least {
        return Allotment { surplus: amount, ..Default::default() };
    }
    let deposit = std::cmp::min(amount, most);
    Allotment { deposit, back: amount - deposit, ..Default::default() }
}

/// Bounds of what pays an order. Paid in two parts, at least the deposit comes first; whatever comes after it counts.
fn bounds(docket: &Docket) -> (Rupiah, Rupiah) {
    let order = &docket.order;
    if order.deposit == Rupiah::ZERO {
        return (docket.due(), docket.due());
    }
    let least = if order.part_paid > Rupiah::ZERO { Rupiah(1) } else { docket.asked() };
    (least, docket.still_due() - order.part_paid)
}

/// Money came in over the provider. `event` names it once and for all; the same news twice change nothing.
///
/// Money that comes after the order expired revives it if all its goods can be promised again. Money for an order that
/// is over or already paid, or whose cash a courier is already to ask for, is owed back at once.
pub async fn mark_paid(
    tx: &Tx,
    clock: &Clock,
    order_id: i64,
    event: &str,
    amount: Rupiah,
    method: Method,
) -> Result<()> {
    let mut docket = Docket::lock_any(tx, order_id).await?;
    let source_key = format!("paid:order:{order_id}:{event}");
    if ledger::is_posted(tx, &source_key).await? {
        return Ok(());
    }
    let late = docket.order.state == State::Expired && docket.order.payment == Payment::Unpaid;
    if late && revive(tx, clock, &docket).await? {
        docket = Docket::lock_any(tx, order_id).await?;
    }
    let receipt = Receipt {
        into: Book::Midtrans,
        method,
        amount,
        source_key: &source_key,
        verb: "paid",
        by: None,
        detail: json!({ "amount": amount }),
    };
    take_in(tx, clock, &docket, receipt).await
}

/// Opens an expired order again, if everything it wants from the shelf is still there.
async fn revive(tx: &Tx, clock: &Clock, docket: &Docket) -> Result<bool> {
    let wanted = |line: &order_line::Model| Want {
        item_id: line.item_id,
        quantity: line.quantity - line.cancelled - line.packed - line.to_make,
    };
    let wants: Vec<Want> = docket.lines.iter().map(wanted).filter(|want| want.quantity > 0).collect();
    let place_id = stock::shelf(tx, clock, docket.order.outlet_id).await?;
    if stock::hold(tx, clock, &docket.subject(), place_id, &wants, None).await?.is_err() {
        return Ok(false);
    }
    let change = order::ActiveModel {
        id: Set(docket.order.id),
        state: Set(state::step(docket.order.state, State::Placed)?),
        closed_at: Set(None),
        close_reason: Set(None),
        ..Default::default()
    };
    order::Entity::update(change).exec(tx).await?;
    docket.remember(tx, clock, "revived", None, json!({})).await?;
    Ok(true)
}

/// An operator has seen the transfer on the bank account and says so.
pub async fn transfer_seen(tx: &Tx, clock: &Clock, docket: &Docket, by: i64) -> Result<()> {
    if docket.order.owed > Rupiah::ZERO {
        docket.must_be_open()?;
        // What is owed may be the same sum again after a bank has taken its money back.
        let key = format!("paid:order:{}:owed:{}", docket.order.id, clock.now().timestamp_micros());
        let into = (Book::Bank(docket.order.outlet_id), Method::Transfer);
        balance::comes(tx, clock, docket, into, docket.order.owed, (&key, Some(by))).await?;
        return close::close_if_done(tx, clock, docket.order.id).await;
    }
    if docket.order.method != Method::Transfer {
        return Err(Refusal::conflict("counter.not_a_transfer").into());
    }
    by_hand(tx, clock, docket, Book::Bank(docket.order.outlet_id), "transfer_seen", by).await
}

/// Cash received at the counter from a buyer who pays at pickup.
pub async fn cash_at_pickup(tx: &Tx, clock: &Clock, docket: &Docket, by: i64) -> Result<()> {
    if docket.order.method != Method::PayAtPickup {
        return Err(Refusal::conflict("counter.not_cash").into());
    }
    state::may_pack(&docket.order, clock.now())?;
    by_hand(tx, clock, docket, Book::Cash(docket.order.outlet_id), "cash_received", by).await
}

async fn by_hand(tx: &Tx, clock: &Clock, docket: &Docket, into: Book, verb: &str, by: i64) -> Result<()> {
    docket.must_be_open()?;
    state::step(docket.order.payment, Payment::Paid)?;
    let (amount, came) = (docket.asked(), docket.order.part_paid);
    // Who still looks at the page of the deposit does not mean the balance.
    if came > Rupiah::ZERO && !state::is_asked(&docket.order) {
        return Err(Refusal::conflict("wholesale.balance_not_asked").into());
    }
    let source_key = match came {
        Rupiah::ZERO => format!("paid:order:{}:by_hand", docket.order.id),
        came => format!("paid:order:{}:by_hand:after:{}", docket.order.id, came.0),
    };
    let receipt = Receipt {
        into,
        method: docket.order.method,
        amount,
        source_key: &source_key,
        verb,
        by: Some(by),
        detail: json!({ "amount": amount }),
    };
    take_in(tx, clock, docket, receipt).await
}

async fn take_in(tx: &Tx, clock: &Clock, docket: &Docket, receipt: Receipt<'_>) -> Result<()> {
    let order = &docket.order;
    if order.owed > Rupiah::ZERO {
        let into = (receipt.into, receipt.method);
        balance::comes(tx, clock, docket, into, receipt.amount, (receipt.source_key, receipt.by)).await?;
        return close::close_if_done(tx, clock, order.id).await;
    }
    let cash_is_asked = order.method == Method::Cod && docket.has_begun_to_leave();
    let parts = allot(order, bounds(docket), receipt.amount, cash_is_asked);
    let came = order.part_paid + parts.deposit;
    let is_all = order.deposit == Rupiah::ZERO || came >= docket.still_due();
    let first = ledger::post(
        tx,
        clock,
        NewEntry {
            source_key: receipt.source_key,
            kind: "paid",
            subject: &docket.subject(),
            memo: receipt.verb,
            lines: &[
                (receipt.into, receipt.amount),
                (Book::Deposits(order.outlet_id), -parts.deposit),
                (Book::RefundsDue(order.outlet_id), -parts.back),
                (Book::Surplus, -parts.surplus),
            ],
        },
    )
    .await?;
    if !first {
        return Ok(());
    }
    let verb = match parts {
        Allotment { surplus, .. } if surplus > Rupiah::ZERO => "paid_too_little",
        Allotment { deposit: Rupiah::ZERO, .. } => "paid_for_nothing",
        _ if !is_all => "deposit_paid",
        _ if order.part_paid > Rupiah::ZERO => "balance_paid",
        _ => receipt.verb,
    };
    docket.remember(tx, clock, verb, receipt.by, receipt.detail).await?;
    if parts.surplus > Rupiah::ZERO {
        return Ok(());
    }
    let refund_due = order.refund_due + parts.back;
    let to = match () {
        () if refund_due > Rupiah::ZERO => Payment::RefundDue,
        () if is_all => Payment::Paid,
        () => Payment::PartPaid,
    };
    let mut change = order::ActiveModel { id: Set(order.id), ..Default::default() };
    change.payment = Set(state::step(order.payment, to)?);
    change.refund_due = Set(refund_due);
    if parts.deposit > Rupiah::ZERO {
        change.method = Set(receipt.method);
        change.paid_at = Set(Some(clock.now()));
        change.pay_by = Set(None);
        change.part_paid = Set(if is_all { Rupiah::ZERO } else { came });
        change.balance_asked_at = Set(None);
        stock::prolong(tx, &docket.subject(), None).await?;
    }
    let order = order::Entity::update(change).exec(tx).await?;
    notify::state_changed(tx, clock, &order, verb).await
}

/// The provider took money back. What was owed back is given up first, then the deposit; what was already handed over
/// stays as a claim for a person to settle. `event` names it once and for all.
pub async fn reversed(tx: &Tx, clock: &Clock, order_id: i64, event: &str, amount: Rupiah) -> Result<()> {
    let docket = Docket::lock_any(tx, order_id).await?;
    let order = &docket.order;
    let came = ledger::balance_of(tx, Book::Midtrans, &docket.subject()).await?;
    let amount = std::cmp::min(amount, came);
    let deposits = Book::Deposits(order.outlet_id);
    let standing = -ledger::balance_of(tx, deposits, &docket.subject()).await?;
    let back = if order.refund_due >= amount { amount } else { Rupiah::ZERO };
    // Goods that left on credit count as paid: the buyer owes that much more.
    let lent = order.owed_since.is_some() && order.state == State::Placed;
    let from_deposit = if lent { Rupiah::ZERO } else { std::cmp::min(amount - back, standing) };
    let back = std::cmp::min(order.refund_due, amount - from_deposit);
    let first = ledger::post(
        tx,
        clock,
        NewEntry {
            source_key: &format!("reversed:order:{order_id}:{event}"),
            kind: "reversed",
            subject: &docket.subject(),
            memo: "reversed",
            lines: &[
                (Book::Midtrans, -amount),
                (deposits, from_deposit),
                (Book::RefundsDue(order.outlet_id), back),
                (if lent { Book::Owed(order.outlet_id) } else { Book::Surplus }, amount - from_deposit - back),
            ],
        },
    )
    .await?;
    if !first {
        return Ok(());
    }
    docket.remember(tx, clock, "reversed", None, json!({ "amount": amount })).await?;
    let refund_due = order.refund_due - back;
    // Of an order paid in two parts, the other part may still be there.
    let left = match () {
        () if order.deposit == Rupiah::ZERO || lent => Rupiah::ZERO,
        () if back == amount => order.part_paid,
        () => standing - from_deposit,
    };
    let to = match (back == amount, refund_due > Rupiah::ZERO) {
        (true, true) => Payment::RefundDue,
        (true, false) if order.paid_at.is_some() && !docket.is_over() => state::settled(order, false),
        (_, true) if lent => Payment::RefundDue,
        (_, false) if lent => Payment::Paid,
        _ if left > Rupiah::ZERO => Payment::PartPaid,
        _ => Payment::Unpaid,
    };
    let mut change = order::ActiveModel { id: Set(order.id), refund_due: Set(refund_due), ..Default::default() };
    if lent {
        change.owed = Set(order.owed + amount - back);
        change.pay_by = Set(Some(clock.now() + balance::NO_END));
    } else if back != amount {
        change.part_paid = Set(left);
        change.balance_asked_at = Set(None);
        if left > Rupiah::ZERO {
            change.pay_by = Set(None);
        }
    }
    change.payment = Set(if to == order.payment { to } else { state::step(order.payment, to)? });
    // Nothing is packed yet: the buyer has as long as at first to pay anew. Else a person at the counter decides.
    if to == Payment::Unpaid && order.state == State::Placed && docket.parcels.iter().all(|packed| !packed.stands()) {
        let window = if order.deposit > Rupiah::ZERO { pay::LONGEST } else { method::window(order.method) };
        let pay_by = Some(clock.now() + window);
        change.pay_by = Set(pay_by);
        stock::prolong(tx, &docket.subject(), pay_by).await?;
    }
    let order = order::Entity::update(change).exec(tx).await?;
    notify::state_changed(tx, clock, &order, "reversed").await
}

/// The provider gave money back: asked for here, or from its own side. `told.refunded` is all that this transaction has
/// given back so far, so that the same news twice change nothing.
///
/// What is owed back is settled first. Money given back that was not owed stops the order when it comes to all of it,
/// at once or part by part; a part of it stands as a claim until then, or until the order is called off.
pub async fn refunded(tx: &Tx, clock: &Clock, order_id: i64, event: &str, told: &Told) -> Result<()> {
    let docket = Docket::lock_any(tx, order_id).await?;
    let (order, subject) = (&docket.order, docket.subject());
    let transaction = told.transaction_id.as_deref().unwrap_or("-");
    let booked = -ledger::of_kind(tx, Book::Midtrans, &subject, "refunded", transaction).await?;
    let amount = told.refunded - booked;
    if amount <= Rupiah::ZERO {
        return Ok(());
    }
    let owed = std::cmp::min(amount, order.refund_due);
    let rest = amount - owed;
    let standing = -ledger::balance_of(tx, Book::Deposits(order.outlet_id), &subject).await?;
    let claimed = claimed(tx, &subject).await?;
    let is_all =
        rest > Rupiah::ZERO && standing > Rupiah::ZERO && rest + claimed >= standing && !docket.has_begun_to_leave();
    let from_deposit = if is_all { standing } else { Rupiah::ZERO };
    let first = ledger::post(
        tx,
        clock,
        NewEntry {
            source_key: &format!("refunded:order:{order_id}:{event}"),
            kind: "refunded",
            subject: &subject,
            memo: transaction,
            lines: &[
                (Book::Midtrans, -amount),
                (Book::RefundsDue(order.outlet_id), owed),
                (Book::Deposits(order.outlet_id), from_deposit),
                (Book::Surplus, rest - from_deposit),
            ],
        },
    )
    .await?;
    if !first {
        return Ok(());
    }
    docket.remember(tx, clock, "refunded", None, json!({ "amount": amount })).await?;
    let refund_due = order.refund_due - owed;
    let over = docket.is_over() || is_all;
    let mut payment = order.payment;
    if (owed > Rupiah::ZERO || is_all) && refund_due == Rupiah::ZERO {
        if matches!(payment, Payment::Paid | Payment::PartPaid) {
            payment = state::step(payment, Payment::RefundDue)?;
        }
        payment = state::step(payment, state::settled(order, over))?;
    }
    let change = order::ActiveModel {
        id: Set(order.id),
        refund_due: Set(refund_due),
        payment: Set(payment),
        part_paid: Set(if is_all { Rupiah::ZERO } else { order.part_paid }),
        ..Default::default()
    };
    let order = order::Entity::update(change).exec(tx).await?;
    notify::state_changed(tx, clock, &order, "paid_back").await?;
    close::close_if_done(tx, clock, order.id).await
}

/// What the buyer has had back of money that still counts as paid here.
pub(super) async fn claimed(tx: &Tx, subject: &str) -> Result<Rupiah> {
    Ok(std::cmp::max(Rupiah::ZERO, ledger::balance_of(tx, Book::Surplus, subject).await?))
}

/// The bank will not give money back the way it came: a person sends it, to an account the buyer names.
pub async fn refund_denied(tx: &Tx, clock: &Clock, order_id: i64, amount: Rupiah) -> Result<()> {
    let docket = Docket::lock_any(tx, order_id).await?;
    docket.remember(tx, clock, "refund_denied", None, json!({ "amount": amount })).await?;
    notify::state_changed(tx, clock, &docket.order, "refund_denied").await
}

/// An operator gives back what is owed, the way it came.
pub async fn give_back(tx: &Tx, clock: &Clock, docket: &Docket, by: i64) -> Result<()> {
    let order = &docket.order;
    state::step(order.payment, Payment::Refunded)?;
    if refund_transfer::is_open(tx, order.id).await? {
        return Err(Refusal::conflict("counter.refund_underway").into());
    }
    let reason = format!("Pesanan {}", docket.number());
    refund::request(tx, clock, &docket.subject(), order.refund_due, &reason, Some(by)).await?;
    docket.remember(tx, clock, "refund_asked", Some(by), json!({ "amount": order.refund_due })).await
}

fn cod_key(parcel_id: i64) -> String {
    format!("cod_collected:parcel:{parcel_id}")
}

/// The cash of a parcel that was paid on delivery has reached the outlet's drawer.
pub async fn cod_collected(tx: &Tx, clock: &Clock, docket: &Docket, parcel_id: i64, by: i64) -> Result<()> {
    let packed = docket.parcel(parcel_id)?;
    if docket.order.method != Method::Cod {
        return Err(Refusal::conflict("counter.not_cash").into());
    }
    if !packed.is_handed_over() {
        return Err(Refusal::conflict("counter.not_sent_yet").into());
    }
    let outlet = docket.order.outlet_id;
    let amount = ledger::posted(tx, Book::Courier(outlet), &handover::cod_sent_key(parcel_id)).await?;
    let first = ledger::post(
        tx,
        clock,
        NewEntry {
            source_key: &cod_key(parcel_id),
            kind: "cod_collected",
            subject: &docket.subject(),
            memo: "cod_collected",
            lines: &[(Book::Cash(outlet), amount), (Book::Courier(outlet), -amount)],
        },
    )
    .await?;
    if !first {
        return Ok(());
    }
    docket.remember(tx, clock, "cod_collected", Some(by), json!({ "amount": amount })).await?;
    if packed.parcel.state == entity::parcel::State::Sent {
        parcel::deliver(tx, clock, docket, parcel_id, by).await?;
    }
    close::close_if_done(tx, clock, docket.order.id).await
}

/// What the courier still holds of a parcel's cash.
pub async fn cash_with_courier(db: &impl ConnectionTrait, docket: &Docket, packed: &Packed) -> Result<Rupiah> {
    if !packed.stands() {
        return Ok(Rupiah::ZERO);
    }
    let (outlet, id) = (docket.order.outlet_id, packed.parcel.id);
    let sent = ledger::posted(db, Book::Courier(outlet), &handover::cod_sent_key(id)).await?;
    Ok(sent + ledger::posted(db, Book::Courier(outlet), &cod_key(id)).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_pays_the_order_or_is_owed_back() {
        let mut order = Docket::sample().order;
        let due = Rupiah(74_000);
        assert_eq!(allot(&order, (due, due), due, false), Allotment { deposit: due, ..Default::default() });
        assert_eq!(
            allot(&order, (due, due), Rupiah(80_000), false),
            Allotment { deposit: due, back: Rupiah(6_000), ..Default::default() }
        );
        assert_eq!(allot(&order, (due, due), Rupiah(1), false), Allotment { surplus: Rupiah(1), ..Default::default() });
        assert_eq!(allot(&order, (due, due), due, true), Allotment { back: due, ..Default::default() });
        // A deposit of 20.000 that came twice counts, more than all of it goes back.
        order.part_paid = Rupiah(20_000);
        let rest = (Rupiah(1), due - order.part_paid);
        assert_eq!(allot(&order, rest, Rupiah(20_000), false).deposit, Rupiah(20_000));
        let more = Allotment { deposit: Rupiah(54_000), back: Rupiah(1), ..Default::default() };
        assert_eq!(allot(&order, rest, Rupiah(54_001), false), more);
        order.part_paid = Rupiah::ZERO;
        order.payment = Payment::Paid;
        assert_eq!(allot(&order, (due, due), due, false), Allotment { back: due, ..Default::default() });
        order.payment = Payment::Unpaid;
        order.state = State::Expired;
        assert_eq!(allot(&order, (due, due), due, false), Allotment { back: due, ..Default::default() });
    }
}
