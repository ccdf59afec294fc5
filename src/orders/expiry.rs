//! Orders nobody paid in time: their goods go back on the shelf, and the buyer is told.
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use super::{balance, notify, order, pay, pay::Closing, state};
use crate::{
    clock::Clock,
    db::{self, Db, Tx},
    error::Result,
    history,
    payments::Gate,
};
use entity::order::{Column, Entity, Model, Payment, State};

/// How many orders one round looks at.
const ROUND: u64 = 50;
/// After so many questions without an answer a round ends.
const UNCLEAR: usize = 3;

/// Ends orders whose time to pay is over, each in a transaction of its own. Says how many.
///
/// The provider is asked before: the order may just be paid. While it does not answer, the goods stay held; where its
/// answer is one that a person must look into, the order waits a while longer.
pub async fn expire_due(db: &Db, clock: &Clock, gate: &Gate) -> Result<usize> {
    let now = clock.now();
    let due = Entity::find()
        .filter(Column::State.eq(State::Placed))
        .filter(Column::PayBy.lte(now))
        .filter(Column::Payment.is_in([Payment::Unpaid, Payment::PartPaid]))
        .order_by_asc(Column::PayBy)
        .limit(ROUND)
        .all(db)
        .await?;
    let mut ended = 0;
    let mut unclear = 0;
    for order in in_turn(due, now) {
        let patient = now < order.pay_by.unwrap_or(now) + order::PATIENCE;
        match pay::close_live(db, clock, gate, &order).await? {
            Closing::Closed => {}
            Closing::Unclear if !patient => {}
            Closing::Paid => continue,
            // A provider that is away answers slowly; other work waits meanwhile.
            Closing::Unclear | Closing::Away if unclear == UNCLEAR => break,
            Closing::Unclear | Closing::Away => {
                unclear += 1;
                continue;
            }
        }
        // One order that cannot be ended does not keep the others from it.
        match end(db, clock, &order).await {
            Ok(done) => ended += usize::from(done),
            Err(e) => tracing::error!(order = order.id, "cannot be ended: {e}"),
        }
    }
    Ok(ended)
}

/// Each round begins with another order, so that a few without an answer do not keep all others waiting.
fn in_turn(mut due: Vec<Model>, now: DateTime<Utc>) -> Vec<Model> {
    let first = usize::try_from(now.timestamp()).unwrap_or_default().checked_rem(due.len()).unwrap_or_default();
    due.rotate_left(first);
    due
}

async fn end(db: &Db, clock: &Clock, order: &Model) -> Result<bool> {
    let tx = db::begin(db).await?;
    let ended = expire(&tx, clock, order).await?;
    tx.commit().await?;
    Ok(ended)
}

/// Ends one order, unless something happened to it since.
async fn expire(tx: &Tx, clock: &Clock, seen: &Model) -> Result<bool> {
    let order = order::lock(tx, &seen.secret).await?;
    if !is_due(&order, clock.now()) {
        return Ok(false);
    }
    // What has come stands: a person asks anew or calls the order off.
    if order.payment == Payment::PartPaid {
        balance::lapse(tx, clock, &order).await?;
        return Ok(true);
    }
    let ended = order::end(tx, clock, &order, State::Expired, "unpaid").await?;
    history::remember(tx, clock, None, history::Subject("order", order.id), "expired", None, json!({})).await?;
    notify::state_changed(tx, clock, &ended, "expired").await?;
    Ok(true)
}

fn is_due(order: &Model, now: DateTime<Utc>) -> bool {
    order.state == State::Placed
        && state::is_asked(order)
        && order.confirmed_at.is_none()
        && order.pay_by.is_some_and(|pay_by| pay_by <= now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::example;

    #[test]
    fn only_an_unpaid_order_past_its_deadline_ends() {
        let order = example::order();
        let late = order.pay_by.unwrap();
        assert!(is_due(&order, late));
        assert!(!is_due(&order, late - chrono::Duration::seconds(1)));
        assert!(!is_due(&Model { payment: Payment::Paid, ..order.clone() }, late));
        assert!(!is_due(&Model { state: State::Cancelled, ..order.clone() }, late));
        assert!(!is_due(&Model { confirmed_at: Some(late), ..order.clone() }, late));
        assert!(!is_due(&Model { pay_by: None, ..order }, late));
    }
}
