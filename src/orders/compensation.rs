//! Money given for pieces that were not as they should be, after they were handed over. The outlet bears it; the maker
//! keeps what the sale earned.
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use serde_json::json;

use super::{close, docket::Docket, notify, share, state};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Refusal, Result},
    ledger::{self, Book, NewEntry},
};
use entity::{Rupiah, order, order::Payment};

const KIND: &str = "compensated";

/// The most that may still be given for a line: the price of its pieces that were handed over, less what was given.
pub async fn most(db: &impl ConnectionTrait, docket: &Docket, line_id: i64) -> Result<Rupiah> {
    let line = docket.line(line_id)?;
    let book = Book::Compensation(docket.order.outlet_id);
    let given = ledger::of_kind(db, book, &docket.subject(), KIND, &memo(line_id)).await?;
    Ok(share::price(line, docket.handed_over(line_id)) - given)
}

fn memo(line_id: i64) -> String {
    format!("line:{line_id}")
}

/// Owes a buyer so much for a line, after what they owe themselves. The order is locked and paid.
pub async fn give(
    tx: &Tx,
    clock: &Clock,
    docket: &Docket,
    (line_id, amount): (i64, Rupiah),
    reason: &str,
    by: i64,
) -> Result<()> {
    let (order, line) = (&docket.order, docket.line(line_id)?);
    if order.payment == Payment::Unpaid {
        return Err(Refusal::conflict("counter.not_paid_yet").into());
    }
    let most = most(tx, docket, line_id).await?;
    if amount > most {
        return Err(Refusal::invalid("counter.compensate_at_most").with("amount", most).into());
    }
    let less = std::cmp::min(order.owed, amount);
    let entry = NewEntry {
        source_key: &format!("compensated:line:{line_id}:{}", clock.now().timestamp_micros()),
        kind: KIND,
        subject: &docket.subject(),
        memo: &memo(line_id),
        lines: &[
            (Book::Compensation(order.outlet_id), amount),
            (Book::Owed(order.outlet_id), -less),
            (Book::RefundsDue(order.outlet_id), less - amount),
        ],
    };
    ledger::post(tx, clock, entry).await?;
    let mut change = order::ActiveModel {
        id: Set(order.id),
        refund_due: Set(order.refund_due + amount - less),
        owed: Set(order.owed - less),
        ..Default::default()
    };
    if amount > less {
        change.payment = Set(state::step(order.payment, Payment::RefundDue)?);
    }
    let order = order::Entity::update(change).exec(tx).await?;
    let detail = json!({ "amount": amount, "name": line.product_name, "reason": reason });
    docket.remember(tx, clock, KIND, Some(by), detail).await?;
    notify::state_changed(tx, clock, &order, "compensated").await?;
    // It may have been all that was still owed.
    if less > Rupiah::ZERO { close::close_if_done(tx, clock, order.id).await } else { Ok(()) }
}
