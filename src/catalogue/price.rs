//! Prices an item had, and the question whether a new one was mistyped.
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{clock::Clock, db::Tx, error::Result};
use entity::{Rupiah, posted_price, price_change, price_rule::Rule};

/// The lowest and highest price of one piece.
pub const MIN: Rupiah = Rupiah(100);
pub const MAX: Rupiah = Rupiah(100_000_000);

/// A zero too many or too few: the new price is at least ten times the old one, or a tenth of it.
pub fn is_far_off(old: Rupiah, new: Rupiah) -> bool {
    let (low, high) = (old.min(new), old.max(new));
    low > Rupiah::ZERO && high.0 / 10 >= low.0
}

/// What a price came about by, and what it was judged by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The rule that made it; none when a person said it.
    pub rule: Option<Rule>,
    pub cost: Option<Rupiah>,
    pub ceiling: Option<Rupiah>,
    pub override_id: Option<i64>,
}

/// Writes down that an item has a new price.
pub(super) async fn remember(
    tx: &Tx,
    clock: &Clock,
    item_id: i64,
    (old, new): (Option<Rupiah>, Rupiah),
    person_id: Option<i64>,
    reason: &str,
    origin: Origin,
) -> Result<()> {
    let posted = posted_price::ActiveModel {
        item_id: Set(item_id),
        price: Set(new),
        posted_at: Set(clock.now()),
        rule: Set(origin.rule),
        cost: Set(origin.cost),
        ceiling: Set(origin.ceiling),
        person_id: Set(person_id),
        reason: Set((!reason.is_empty()).then(|| reason.to_owned())),
        override_id: Set(origin.override_id),
        ..Default::default()
    };
    posted_price::Entity::insert(posted).exec_without_returning(tx).await?;
    let row = price_change::ActiveModel {
        item_id: Set(item_id),
        old_price: Set(old),
        new_price: Set(new),
        person_id: Set(person_id),
        reason: Set(reason.to_owned()),
        at: Set(clock.now()),
        ..Default::default()
    };
    price_change::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Every price these items had, newest first.
pub async fn changes_of(db: &impl ConnectionTrait, item_ids: &[i64]) -> Result<Vec<price_change::Model>> {
    Ok(price_change::Entity::find()
        .filter(price_change::Column::ItemId.is_in(item_ids.iter().copied()))
        .order_by_desc(price_change::Column::Id)
        .all(db)
        .await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_times_more_or_less_is_far_off() {
        for (old, new) in [(28_000, 280_000), (28_000, 2_800), (100, 1_000), (10_000, 5_000_000)] {
            assert!(is_far_off(Rupiah(old), Rupiah(new)), "{old} {new}");
        }
        for (old, new) in [(28_000, 279_999), (28_000, 28_000), (28_000, 3_000), (0, 28_000)] {
            assert!(!is_far_off(Rupiah(old), Rupiah(new)), "{old} {new}");
        }
    }
}
