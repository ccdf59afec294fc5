//! Money that lies ready at Midtrans for payouts: filled from the outlet's bank account by an act of its own. One wallet
//! serves all outlets of a merchant; Midtrans itself refuses what is more than there is.
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::{payout, payout_run::Run};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Refusal, Result},
    history::{self, Subject},
    ledger::{self, Book, NewEntry},
};
use entity::{
    Rupiah, outlet,
    payout::{Column, Entity, State, Way},
};

/// What lies there by our books and is not promised to an approved payout yet.
pub async fn free(db: &impl ConnectionTrait) -> Result<Rupiah> {
    let on_its_way = Entity::find().filter(Column::Way.eq(Way::Midtrans)).filter(Column::State.eq(State::Approved));
    let promised: Rupiah = on_its_way.all(db).await?.iter().map(|payout| payout.amount).sum();
    Ok(ledger::balance(db, Book::PayoutWallet).await? - promised)
}

/// Whether what a run sends through Midtrans is there.
pub(super) async fn judge(tx: &Tx, run: &Run) -> Result<()> {
    let by_midtrans = run.payouts.iter().filter(|one| one.way == Way::Midtrans && payout::is_open(one.state));
    let needed: Rupiah = by_midtrans.map(|payout| payout.amount).sum();
    let free = free(tx).await?;
    if needed > Rupiah::ZERO && needed > free {
        return Err(Refusal::conflict("payout.wallet_short").with("needed", needed).with("free", free).into());
    }
    Ok(())
}

/// Money was moved from the outlet's bank account into the wallet. The same reference is written down once.
pub async fn top_up(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    amount: Rupiah,
    reference: &str,
    by: i64,
) -> Result<()> {
    let reference = reference.to_uppercase();
    let entry = NewEntry {
        source_key: &format!("payout_top_up:{}:{reference}", outlet.id),
        kind: "payout_top_up",
        subject: &format!("outlet:{}", outlet.id),
        memo: "topped up",
        lines: &[(Book::PayoutWallet, amount), (Book::Bank(outlet.id), -amount)],
    };
    if !ledger::post(tx, clock, entry).await? {
        return Err(Refusal::conflict("payout.top_up_known").into());
    }
    let detail = json!({ "amount": amount, "reference": reference });
    let subject = Subject("outlet", outlet.id);
    history::remember(tx, clock, Some(outlet.village_id), subject, "payout_wallet_filled", Some(by), detail).await
}
