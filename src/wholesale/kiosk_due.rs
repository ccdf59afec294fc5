//! When makers are paid for what a kiosk sold: the kiosk's cash covers what it sold in the order it was sold, piece by
//! piece, the oldest first; what is covered is due.
//!
//! It is worked out anew from all visits and all cash each time, and the difference to what was made due before is
//! posted: so a visit that is taken back takes back exactly what it had made due.
use std::collections::BTreeMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{
    kiosk::{self, Model as Kiosk, PaysAt},
    kiosk_visit::{entry_keys, subject},
};
use crate::{
    clock::Clock,
    db::Tx,
    error::Result,
    ledger::{self, Book, NewEntry},
};
use entity::{
    Rupiah, account, earning,
    earning::{Column as Of, Entity as Earnings},
    entry,
    kiosk_visit::{self, Column, Entity},
    lot::Terms,
    posting,
};

/// What a kiosk sold in one go of one lot, and how much of it its cash covers.
#[derive(Clone, Debug)]
pub struct Covered {
    pub earning: earning::Model,
    pub pays_at: PaysAt,
    /// Pieces that cash has come for.
    pub pieces: i64,
}

impl Covered {
    /// What of the maker's part is due when cash has come for that many pieces.
    fn due(&self) -> Rupiah {
        Rupiah(self.earning.maker_total.0 / self.earning.quantity * self.pieces)
    }

    /// What of the maker's part is not due yet.
    pub fn waiting(&self) -> Rupiah {
        if self.waits().is_some() { self.earning.maker_total - self.due() } else { Rupiah::ZERO }
    }

    /// Whether the maker's part waits for cash at all.
    fn waits(&self) -> Option<i64> {
        let is_theirs = self.earning.terms == Terms::Consigned && self.pays_at == PaysAt::Cash;
        self.earning.crafter_id.filter(|_| is_theirs)
    }
}

/// What a kiosk sold, the oldest first, with how much of it is covered.
pub async fn queue(db: &impl ConnectionTrait, kiosk_id: i64) -> Result<Vec<Covered>> {
    let visits = Entity::find().filter(Column::KioskId.eq(kiosk_id)).filter(Column::VoidedAt.is_null());
    let visits = visits.order_by_asc(Column::Id).all(db).await?;
    let cash: Rupiah = visits.iter().map(|visit| visit.collected).sum();
    let mut sold = Vec::new();
    for chunk in visits.chunks(200) {
        let subjects: Vec<String> = chunk.iter().map(|visit| subject(visit.id)).collect();
        let rows = Earnings::find()
            .filter(Of::Subject.is_in(subjects))
            .filter(Of::UndoneAt.is_null())
            .order_by_asc(Of::Id)
            .all(db)
            .await?;
        sold.extend(rows);
    }
    let of_visit = |row: earning::Model| {
        let visit: &kiosk_visit::Model = visits.iter().find(|visit| entry_keys(visit.id)[0] == row.entry_key)?;
        Some((row, visit.pays_at))
    };
    Ok(cover(sold.into_iter().filter_map(of_visit).collect(), cash))
}

/// Gives the cash to pieces in their order, until it is not enough for the next.
fn cover(sold: Vec<(earning::Model, PaysAt)>, mut cash: Rupiah) -> Vec<Covered> {
    let mut is_out = false;
    let mut covered = Vec::with_capacity(sold.len());
    for (earning, pays_at) in sold {
        let can = if is_out { 0 } else { cash.0 / std::cmp::Ord::max(earning.unit_price.0, 1) };
        let pieces = can.clamp(0, earning.quantity);
        is_out |= pieces < earning.quantity;
        cash -= Rupiah(earning.unit_price.0 * pieces);
        covered.push(Covered { earning, pays_at, pieces });
    }
    covered
}

/// Posts what has become due since it was last worked out. `event` names what changed.
pub(super) async fn settle(tx: &Tx, clock: &Clock, kiosk: &Kiosk, event: &str) -> Result<()> {
    let mut change: BTreeMap<i64, Rupiah> = BTreeMap::new();
    for (crafter, amount) in made_due(tx, kiosk.id).await? {
        *change.entry(crafter).or_default() -= amount;
    }
    for one in queue(tx, kiosk.id).await? {
        if let Some(crafter) = one.waits() {
            *change.entry(crafter).or_default() += one.due();
        }
    }
    let lines: Vec<_> = change
        .into_iter()
        .flat_map(|(crafter, amount)| [(Book::Awaiting(crafter), amount), (Book::Crafter(crafter), -amount)])
        .collect();
    let key = format!("due:{event}");
    let subject = kiosk::subject(kiosk.id);
    let entry = NewEntry { source_key: &key, kind: "kiosk_due", subject: &subject, memo: &kiosk.name, lines: &lines };
    ledger::post(tx, clock, entry).await?;
    Ok(())
}

/// What was made due to each crafter before.
async fn made_due(db: &impl ConnectionTrait, kiosk_id: i64) -> Result<Vec<(i64, Rupiah)>> {
    let rows: Vec<(String, i64)> = posting::Entity::find()
        .select_only()
        .column(account::Column::Code)
        .column_as(posting::Column::Amount.sum().cast_as("bigint"), "sum")
        .inner_join(entry::Entity)
        .inner_join(account::Entity)
        .filter(entry::Column::Subject.eq(kiosk::subject(kiosk_id)))
        .filter(entry::Column::Kind.eq("kiosk_due"))
        .filter(account::Column::Code.starts_with("awaiting:"))
        .group_by(account::Column::Code)
        .into_tuple()
        .all(db)
        .await?;
    let crafter = |code: &str| code.strip_prefix("awaiting:")?.parse().ok();
    Ok(rows.into_iter().filter_map(|(code, sum)| Some((crafter(&code)?, Rupiah(sum)))).collect())
}

/// What makers wait for because cash has not come, in all.
pub async fn waiting(db: &impl ConnectionTrait, kiosk_id: i64) -> Result<Rupiah> {
    let queue = queue(db, kiosk_id).await?;
    Ok(queue.iter().map(Covered::waiting).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sold(id: i64, quantity: i64, unit_price: i64) -> (earning::Model, PaysAt) {
        let row = earning::Model {
            id,
            outlet_id: 1,
            subject: "visit:1".into(),
            document: "V-1".into(),
            entry_key: "visit:1:sold".into(),
            lot_id: 1,
            item_id: 1,
            crafter_id: Some(id),
            terms: Terms::Consigned,
            quantity,
            unit_price: Rupiah(unit_price),
            maker_total: Rupiah(unit_price * quantity * 3 / 4),
            outlet_total: Rupiah(unit_price * quantity / 4),
            group_total: Rupiah::ZERO,
            cost_total: Rupiah::ZERO,
            at: chrono::DateTime::UNIX_EPOCH,
            undone_at: None,
            crafted: true,
            undoes_id: None,
        };
        (row, PaysAt::Cash)
    }

    #[test]
    fn cash_covers_whole_pieces_the_oldest_first_and_skips_none() {
        let all = || vec![sold(1, 2, 20_000), sold(2, 3, 40_000), sold(3, 5, 8_000)];
        let pieces = |cash| cover(all(), Rupiah(cash)).iter().map(|one| one.pieces).collect::<Vec<_>>();
        assert_eq!(pieces(0), [0, 0, 0]);
        assert_eq!(pieces(39_999), [1, 0, 0]);
        assert_eq!(pieces(79_999), [2, 0, 0], "the cheaper one waits its turn");
        assert_eq!(pieces(120_000), [2, 2, 0]);
        assert_eq!(pieces(1_000_000), [2, 3, 5]);
        assert_eq!(cover(all(), Rupiah(60_000))[0].due(), Rupiah(30_000));
    }
}
