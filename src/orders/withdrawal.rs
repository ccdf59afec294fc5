//! Money drawn from the provider to the outlet's bank account: what arrived there, and what was kept as a fee.
use serde_json::json;

use crate::{
    clock::Clock,
    db::Tx,
    error::{Refusal, Result},
    history::{self, Subject},
    ledger::{self, Book, NewEntry},
};
use entity::{Rupiah, outlet};

/// A withdrawal as the bank statement shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawal {
    pub received: Rupiah,
    pub fee: Rupiah,
    /// Of the bank; names it once for this outlet.
    pub reference: String,
}

/// Writes one down. More than lies there is a slip of the pen.
pub async fn record(tx: &Tx, clock: &Clock, outlet: &outlet::Model, drawn: &Withdrawal, by: i64) -> Result<()> {
    let held = ledger::balance(tx, Book::Midtrans).await?;
    let gone = drawn.received + drawn.fee;
    if gone > held {
        return Err(Refusal::invalid("money.more_than_lies_there").with("amount", held).into());
    }
    let entry = NewEntry {
        source_key: &format!("withdrawn:{}:{}", outlet.id, drawn.reference),
        kind: "withdrawn",
        subject: &format!("outlet:{}", outlet.id),
        memo: &drawn.reference,
        lines: &[(Book::Bank(outlet.id), drawn.received), (Book::Fees, drawn.fee), (Book::Midtrans, -gone)],
    };
    if !ledger::post(tx, clock, entry).await? {
        return Err(Refusal::conflict("counter.reference_used").into());
    }
    let detail = json!({ "amount": gone, "reference": drawn.reference });
    let about = Subject("outlet", outlet.id);
    history::remember(tx, clock, Some(outlet.village_id), about, "withdrawn", Some(by), detail).await
}
