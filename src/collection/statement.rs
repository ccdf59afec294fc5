//! A crafter's passbook: all that changed what they are owed, line by line, with what is left then. It is a reading of
//! the money ledger and nothing else, so its last line is the ledger's balance, to the rupiah.
use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, RelationTrait};

use crate::{
    error::Result,
    ledger::{self, Book, Written},
    outlet::{payee::Payee, payout, repayment},
};
use entity::{Rupiah, debt, payout as payout_row, payout_run, repayment as repayment_row};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Sold,
    /// Sold goods came back.
    Returned,
    /// The outlet bought goods as they were handed in.
    Bought,
    BoughtUndone,
    /// A kiosk's money has come for goods that it sold before.
    KioskMoney,
    /// A visit to a kiosk was taken back, and with it the money it had brought.
    KioskMoneyUndone,
    /// The outlet pays for goods that broke or were lost with it.
    Replaced,
    ReplacedUndone,
    /// Taken off for material or a loan.
    SetOff,
    SetOffUndone,
    Paid,
    /// A payment did not arrive, or came back.
    NotPaid,
}

/// The document behind a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Document {
    /// The entry of a sale.
    Sale(String),
    Intake(i64),
    /// Pieces that left a lot: the key of the act.
    Departure(String),
    /// Money of a kiosk: the visit that brought it.
    KioskVisit(i64),
    Debt(i64),
    Payout(i64),
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub at: DateTime<Utc>,
    pub what: What,
    pub document: Document,
    /// What was added to what is owed; negative when it was lessened.
    pub amount: Rupiah,
    /// What is owed then; negative when more was received than earned.
    pub balance: Rupiah,
}

/// Reads the lines of an account. Entries of `unseen` keys, which come in pairs that undo each other, are left out.
pub fn of(written: &[Written], unseen: &BTreeSet<String>) -> Vec<Line> {
    let mut balance = Rupiah::ZERO;
    let mut lines = Vec::new();
    for entry in written {
        let key = entry.source_key.strip_prefix("reversed:");
        if unseen.contains(key.unwrap_or(&entry.source_key)) {
            continue;
        }
        let amount = -entry.amount;
        balance += amount;
        let (what, document) = read(entry, key);
        lines.push(Line { at: entry.at, what, document, amount, balance });
    }
    lines
}

/// What an entry is, by what it is about. `reversed` is the key of the entry that it undoes.
fn read(entry: &Written, reversed: Option<&str>) -> (What, Document) {
    let id = |kind: &str| entry.subject.strip_prefix(kind)?.strip_prefix(':')?.parse::<i64>().ok();
    let key = reversed.unwrap_or(&entry.source_key);
    let (does, undoes, document) = if let Some(id) = id("payout") {
        (What::Paid, What::NotPaid, Document::Payout(id))
    } else if let Some(id) = id("debt") {
        (What::SetOff, What::SetOffUndone, Document::Debt(id))
    } else if let Some(act) = key.strip_prefix("departure:") {
        (What::Replaced, What::ReplacedUndone, Document::Departure(act.to_owned()))
    } else if let Some(visit) = kiosk_visit(key).filter(|_| entry.kind == "kiosk_due") {
        (What::KioskMoney, What::KioskMoneyUndone, Document::KioskVisit(visit))
    } else if entry.kind == "kiosk_borne" {
        (What::Replaced, What::ReplacedUndone, Document::Sale(key.to_owned()))
    } else if let Some(id) = id("intake") {
        (What::Bought, What::BoughtUndone, Document::Intake(id))
    } else {
        (What::Sold, What::Returned, Document::Sale(key.to_owned()))
    };
    let is_undone = match does {
        // Whatever lessens these takes them back, under whatever key.
        What::Sold | What::Bought | What::KioskMoney | What::Replaced => entry.amount > Rupiah::ZERO,
        _ => reversed.is_some(),
    };
    (if is_undone { undoes } else { does }, document)
}

/// The visit after which money of a kiosk was worked out anew: "due:visit:7:sold".
fn kiosk_visit(key: &str) -> Option<i64> {
    key.strip_prefix("due:visit:")?.split(':').next()?.parse().ok()
}

/// A crafter's passbook. Lists that were called off before anybody approved them are no news for whom they were about.
pub async fn of_crafter(db: &impl ConnectionTrait, crafter_id: i64) -> Result<Vec<Line>> {
    let written = ledger::written(db, Book::Crafter(crafter_id)).await?;
    Ok(of(&written, &called_off(db, crafter_id).await?))
}

/// Keys of what was reserved and set off by lists that were called off.
async fn called_off(db: &impl ConnectionTrait, crafter_id: i64) -> Result<BTreeSet<String>> {
    let dropped: Vec<i64> = payout_row::Entity::find()
        .filter(payout_row::Column::Payee.eq(Payee::Crafter(crafter_id).code()))
        .filter(payout_row::Column::State.eq(payout_row::State::Dropped))
        .select_only()
        .column(payout_row::Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    let set_off: Vec<i64> = repayment_row::Entity::find()
        .join(sea_orm::JoinType::InnerJoin, repayment_row::Relation::Debt.def())
        .join(sea_orm::JoinType::InnerJoin, repayment_row::Relation::Run.def())
        .filter(debt::Column::CrafterId.eq(crafter_id))
        .filter(repayment_row::Column::UndoneAt.is_not_null())
        .filter(payout_run::Column::State.is_in([payout_run::State::Withdrawn, payout_run::State::Rejected]))
        .select_only()
        .column(repayment_row::Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    Ok(dropped.into_iter().map(payout::reserved_key).chain(set_off.into_iter().map(repayment::key)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(source_key: &str, subject: &str, credit: i64) -> Written {
        Written {
            source_key: source_key.into(),
            kind: String::new(),
            subject: subject.into(),
            memo: String::new(),
            at: DateTime::<Utc>::UNIX_EPOCH,
            amount: Rupiah(-credit),
        }
    }

    #[test]
    fn every_line_says_what_it_was_and_what_is_left() {
        let written = [
            entry("handed_over:parcel:1", "order:1", 21_280),
            entry("intake:4", "intake:4", 60_000),
            entry("repayment:1", "debt:3", -10_000),
            entry("payout:9:reserved", "payout:9", -71_280),
            entry("reversed:handed_over:parcel:1", "order:1", -21_280),
            entry("reversed:payout:9:reserved", "payout:9", 71_280),
            entry("reversed:repayment:1", "debt:3", 10_000),
            entry("reversed:intake:4", "intake:4", -60_000),
        ];
        let lines = of(&written, &BTreeSet::new());
        let read: Vec<(What, i64, i64)> = lines.iter().map(|line| (line.what, line.amount.0, line.balance.0)).collect();
        assert_eq!(
            read,
            [
                (What::Sold, 21_280, 21_280),
                (What::Bought, 60_000, 81_280),
                (What::SetOff, -10_000, 71_280),
                (What::Paid, -71_280, 0),
                (What::Returned, -21_280, -21_280),
                (What::NotPaid, 71_280, 50_000),
                (What::SetOffUndone, 10_000, 60_000),
                (What::BoughtUndone, -60_000, 0),
            ]
        );
        assert_eq!(lines[4].document, Document::Sale("handed_over:parcel:1".into()));
        assert_eq!(lines[6].document, Document::Debt(3));
    }

    #[test]
    fn money_of_kiosks_and_for_broken_goods_is_called_what_it_is() {
        let of_kind = |kind: &str, entry: Written| Written { kind: kind.into(), ..entry };
        let written = [
            entry("departure:f1", "intake:4", 20_000),
            of_kind("kiosk_due", entry("due:visit:7:sold", "kiosk:2", 42_560)),
            of_kind("kiosk_borne", entry("visit:7:borne", "visit:7", 21_280)),
            of_kind("kiosk_due", entry("due:visit:7:void", "kiosk:2", -42_560)),
            of_kind("kiosk_borne", entry("reversed:visit:7:borne", "visit:7", -21_280)),
            of_kind("kiosk_sold", entry("visit:8:sold", "visit:8", 5_000)),
        ];
        let lines = of(&written, &BTreeSet::new());
        let read: Vec<(What, Document)> = lines.into_iter().map(|line| (line.what, line.document)).collect();
        let borne = || Document::Sale("visit:7:borne".into());
        assert_eq!(
            read,
            [
                (What::Replaced, Document::Departure("f1".into())),
                (What::KioskMoney, Document::KioskVisit(7)),
                (What::Replaced, borne()),
                (What::KioskMoneyUndone, Document::KioskVisit(7)),
                (What::ReplacedUndone, borne()),
                (What::Sold, Document::Sale("visit:8:sold".into())),
            ]
        );
    }

    #[test]
    fn what_was_called_off_leaves_no_trace_and_the_balance_stays() {
        let written = [
            entry("sold", "till:1", 50_000),
            entry("payout:1:reserved", "payout:1", -30_000),
            entry("sold again", "till:1", 5_000),
            entry("reversed:payout:1:reserved", "payout:1", 30_000),
        ];
        let unseen = BTreeSet::from(["payout:1:reserved".to_owned()]);
        let lines = of(&written, &unseen);
        assert_eq!(lines.iter().map(|line| line.balance.0).collect::<Vec<_>>(), [50_000, 55_000]);
    }
}
