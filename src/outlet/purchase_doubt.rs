//! Prices that look like a slip of the finger: 125000 for 12500. They are asked about, not forbidden.
use chrono::NaiveDate;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationTrait,
};

use super::purchase::NewLine;
use crate::error::{Error, Result};
use entity::{Rupiah, item, item::Measure, purchase, purchase_line as line};

/// So many times dearer, or cheaper, than the last time is asked about.
const FAR: i128 = 3;

/// A line that costs far more or far less than what it is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// Which of the lines, from 0.
    pub line: usize,
    /// Of a kilogram, litre or piece.
    pub each: Rupiah,
    pub before: Rupiah,
    /// When it was bought last; never, and `before` is what it is sold for.
    pub bought_on: Option<NaiveDate>,
}

/// What a kilogram, litre or piece costs when so much of it costs so much; half a rupiah is rounded up.
pub fn each(measure: Measure, price: Rupiah, quantity: i64) -> Rupiah {
    let (price, of) = (i128::from(price.0) * i128::from(unit(measure)), i128::from(quantity.max(1)));
    Rupiah(i64::try_from((2 * price + of) / (2 * of)).unwrap_or(i64::MAX))
}

/// What the price is for: 1,000 g, 1,000 ml, or one.
pub fn unit(measure: Measure) -> i64 {
    match measure {
        Measure::Piece => 1,
        Measure::Gram | Measure::Millilitre => 1_000,
    }
}

/// The lines whose price is more than three times, or less than a third, of the last time's; of goods that were never
/// bought, of what they are sold for.
pub async fn doubts(db: &impl ConnectionTrait, lines: &[NewLine]) -> Result<Vec<Doubt>> {
    let mut all = Vec::new();
    for (n, new) in lines.iter().enumerate() {
        let item = item::Entity::find_by_id(new.item_id).one(db).await?.ok_or(Error::NotFound)?;
        let quantity = new.packs.saturating_mul(new.pack_quantity);
        let last = last(db, item.id).await?;
        let (price, of, bought_on) = match &last {
            Some((line, on)) => (line.price, line.quantity(), Some(*on)),
            None => (item.price, unit(item.measure), None),
        };
        if is_far((new.price, quantity), (price, of)) {
            let each = |price, quantity| each(item.measure, price, quantity);
            all.push(Doubt { line: n, each: each(new.price, quantity), before: each(price, of), bought_on });
        }
    }
    Ok(all)
}

fn is_far((price, quantity): (Rupiah, i64), (before, of): (Rupiah, i64)) -> bool {
    let (now, then) = (i128::from(price.0) * i128::from(of), i128::from(before.0) * i128::from(quantity));
    then > 0 && (now > FAR * then || FAR * now < then)
}

/// What an item cost the last time, by the day it was bought.
async fn last(db: &impl ConnectionTrait, item_id: i64) -> Result<Option<(line::Model, NaiveDate)>> {
    let found = line::Entity::find()
        .join(JoinType::InnerJoin, line::Relation::Purchase.def())
        .filter(line::Column::ItemId.eq(item_id))
        .filter(purchase::Column::ReversedAt.is_null())
        .order_by_desc(purchase::Column::BoughtOn)
        .order_by_desc(line::Column::Id)
        .limit(1)
        .select_also(purchase::Entity)
        .one(db)
        .await?;
    Ok(found.and_then(|(line, purchase)| Some((line, purchase?.bought_on))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zero_too_many_is_asked_about_and_a_dear_week_is_not() {
        let rice = |price| is_far((Rupiah(price), 50_000), (Rupiah(625_000), 50_000));
        assert!(rice(6_250_000) && rice(62_500) && rice(1_875_001) && rice(208_333) && rice(0));
        assert!(!rice(1_875_000) && !rice(208_334) && !rice(625_000));
        assert!(!is_far((Rupiah(5_000), 1), (Rupiah::ZERO, 1)), "what was given for nothing says nothing");
        assert_eq!(each(Measure::Gram, Rupiah(625_000), 50_000), Rupiah(12_500));
        assert_eq!(each(Measure::Piece, Rupiah(188_400), 12), Rupiah(15_700));
    }
}
