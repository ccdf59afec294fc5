//! Money that is there and pays no bill of ours: its amount is another, or nobody knows its order. A person books it by
//! itself; from then on it is no riddle any more, and only its refunds are followed.
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::{
    Gate,
    apply::{Checked, keep_transaction},
    attempt,
    effect::{self, Effect},
    inbox,
    provider::{Failure, Verified},
};
use crate::{
    clock::Clock,
    db::{Db, Tx},
    error::{Refusal, Result},
};
use entity::{Rupiah, payment_attempt::Model, payment_transaction};

/// What the provider says now of the money that a set-aside row is about. Never while a transaction is open.
pub async fn look(db: &Db, gate: &Gate, inbox_id: i64) -> Result<(Option<Model>, Verified)> {
    let row = inbox::set_aside_row(db, inbox_id).await?;
    let (order_id, named) = match gate.provider.read(row.body.as_bytes()) {
        Some(notice) => (notice.order_id, notice.transaction_id),
        None => (inbox::reference(&row), None),
    };
    let attempt = attempt::of_notice(db, &order_id, named.as_deref()).await?;
    let verified = match gate.provider.status(named.as_deref().unwrap_or(&order_id)).await {
        Ok(verified) => verified,
        Err(Failure::NotFound) => return Err(Refusal::conflict("money.provider_knows_nothing").into()),
        Err(failure) => {
            tracing::warn!(about = order_id, "no answer: {failure}");
            return Err(Refusal::conflict("money.provider_silent").into());
        }
    };
    // What belongs to an attempt already is booked with it.
    let tied = attempt::tied(db, &verified.transaction_id).await?;
    let paid_with = attempt.as_ref().and_then(|attempt| attempt.paid_by.as_deref());
    let is_booked = tied.is_some_and(|tied| tied.apart) || paid_with == Some(verified.transaction_id.as_str());
    if !verified.seen.saw_money() || is_booked {
        return Err(Refusal::conflict("money.nothing_to_book").into());
    }
    Ok((attempt, verified))
}

/// The whole rupiah that lie there of a transaction.
pub fn amount(verified: &Verified) -> Rupiah {
    Rupiah(verified.amount.map_or(0, |sen| sen.0 / 100)) - verified.refunded
}

/// Ties a transaction to the attempt it came under without paying it; nothing more is waited for there.
pub async fn keep(tx: &Tx, clock: &Clock, attempt: &Model, verified: &Verified) -> Result<()> {
    keep_transaction(tx, clock.now(), attempt, verified).await?;
    let row = attempt::tied(tx, &verified.transaction_id).await?;
    let Some(row) = row else { return Ok(()) };
    let change = payment_transaction::ActiveModel { id: Set(row.id), apart: Set(true), ..Default::default() };
    payment_transaction::Entity::update(change).exec(tx).await?;
    attempt::give_up(tx, clock, attempt.id).await
}

/// News of money that is booked by itself: what was given back of it.
pub(super) async fn heard(
    tx: &Tx,
    clock: &Clock,
    row: &Model,
    tied: &payment_transaction::Model,
    verified: &Verified,
) -> Result<Checked> {
    keep_transaction(tx, clock.now(), row, verified).await?;
    if verified.refunded > tied.refunded {
        let transaction_id = Some(verified.transaction_id.as_str());
        let refund = Effect { name: "refunded", transaction_id, refunded: verified.refunded, ..Effect::default() };
        effect::tell(tx, clock.now(), row, refund).await?;
    }
    Ok(Checked::Stands(row.state))
}
