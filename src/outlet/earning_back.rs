//! What sold pieces brought is taken back when they come back: whole, or for exactly those pieces.
use std::collections::HashMap;

use sea_orm::{ActiveValue::NotSet, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::Expr};

use super::earning::{self, Shares, Whose, lines_of};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Refusal, Result},
    ledger::Line,
};
use entity::{
    Rupiah,
    earning::{ActiveModel, Column, Entity, Model},
};

/// Marks what an entry earned as undone; the entry itself is for the caller to reverse. Refused when some of it came
/// back before: then what is [`left`] goes by [`undo_part`].
pub async fn undo(tx: &Tx, clock: &Clock, entry_key: &str) -> Result<()> {
    let ids: Vec<i64> = earning::of_entry(tx, entry_key).await?.iter().map(|earning| earning.id).collect();
    if Entity::find().filter(Column::UndoesId.is_in(ids)).one(tx).await?.is_some() {
        return Err(Refusal::conflict("sale.part_came_back").into());
    }
    Entity::update_many()
        .col_expr(Column::UndoneAt, Expr::value(Some(clock.now())))
        .filter(Column::EntryKey.eq(entry_key))
        .filter(Column::UndoneAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// Takes back what so many pieces of each earning brought, for pieces that came back after they were sold: rows of
/// their own under `entry_key`, with exactly what those pieces had brought, and lines for the caller's entry of that key
/// that sum to their price. The caller has locked the document that sold them.
pub async fn undo_part(tx: &Tx, clock: &Clock, entry_key: &str, back: &[(Model, i64)]) -> Result<Vec<Line>> {
    let ids: Vec<i64> = back.iter().map(|(earning, _)| earning.id).collect();
    let mut gone = gone(tx, &ids).await?;
    let mut lines = Vec::new();
    let mut rows = Vec::new();
    for (earning, pieces) in back {
        let gone = gone.entry(earning.id).or_insert(0);
        let left = if earning.undone_at.is_some() { 0 } else { earning.quantity - *gone };
        if *pieces < 1 || *pieces > left {
            return Err(Refusal::conflict("sale.more_than_sold").with("n", left).into());
        }
        *gone += pieces;
        let row = opposite(clock, entry_key, earning, *pieces);
        let shares = Shares { maker: row.maker_total, outlet: row.outlet_total, group: row.group_total };
        let whose = Whose { terms: row.terms, owner_id: row.crafter_id, crafted: row.crafted };
        lines.extend(lines_of(row.outlet_id, &whose, shares, row.cost_total));
        rows.push(ActiveModel { id: NotSet, ..row.into() });
    }
    if !rows.is_empty() {
        Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(lines)
}

/// The row for pieces of an earning that came back. Each piece of it brought the same, so nothing is rounded.
fn opposite(clock: &Clock, entry_key: &str, earning: &Model, pieces: i64) -> Model {
    let part = |total: Rupiah| Rupiah(-(total.0 / earning.quantity * pieces));
    Model {
        entry_key: entry_key.to_owned(),
        quantity: -pieces,
        maker_total: part(earning.maker_total),
        outlet_total: part(earning.outlet_total),
        group_total: part(earning.group_total),
        cost_total: part(earning.cost_total),
        at: clock.now(),
        undoes_id: Some(earning.id),
        ..earning.clone()
    }
}

/// How many pieces of each earning came back; those of which none did are absent.
async fn gone(db: &impl ConnectionTrait, ids: &[i64]) -> Result<HashMap<i64, i64>> {
    let rows = Entity::find().filter(Column::UndoesId.is_in(ids.iter().copied())).all(db).await?;
    Ok(rows.iter().fold(HashMap::new(), |mut sums, row| {
        *sums.entry(row.undoes_id.unwrap_or_default()).or_insert(0) -= row.quantity;
        sums
    }))
}

/// What an entry earned that has not come back since: the rows of its sale, each with how many pieces still stand.
pub async fn left(db: &impl ConnectionTrait, entry_key: &str) -> Result<Vec<(Model, i64)>> {
    let sold: Vec<Model> = earning::of_entry(db, entry_key).await?;
    let gone = gone(db, &sold.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
    let stands = |row: &Model| match row.undone_at {
        Some(_) => 0,
        None => row.quantity - gone.get(&row.id).copied().unwrap_or(0),
    };
    Ok(sold.into_iter().map(|row| (stands(&row), row)).map(|(left, row)| (row, left)).collect())
}

#[cfg(test)]
mod tests {
    use entity::lot::Terms;
    use proptest::prelude::*;

    use super::*;

    fn brought(quantity: i64, unit_price: i64) -> Model {
        let shares = Shares::cut(Rupiah(unit_price), [7_600, 1_600, 800]).times(quantity).unwrap();
        Model {
            id: 1,
            outlet_id: 1,
            subject: "sale:1".into(),
            document: "J-1".into(),
            entry_key: "sold".into(),
            lot_id: 1,
            item_id: 1,
            crafter_id: Some(7),
            terms: Terms::Bought,
            quantity,
            unit_price: Rupiah(unit_price),
            maker_total: shares.maker,
            outlet_total: shares.outlet,
            group_total: shares.group,
            cost_total: Rupiah(20_000 * quantity),
            at: chrono::DateTime::UNIX_EPOCH,
            undone_at: None,
            crafted: true,
            undoes_id: None,
        }
    }

    proptest! {
        #[test]
        fn pieces_that_come_back_take_exactly_what_they_brought(
            unit_price in 0_i64..5_000_000,
            sold_pieces in 1_i64..200,
            backs in prop::collection::vec(1_i64..50, 1..8),
        ) {
            let clock = Clock::stopped(chrono::DateTime::UNIX_EPOCH);
            let sold = brought(sold_pieces, unit_price);
            let (mut left, mut maker, mut cost) = (sold_pieces, sold.maker_total, sold.cost_total);
            for pieces in backs {
                let pieces = pieces.min(left);
                if pieces == 0 { break; }
                left -= pieces;
                let back = opposite(&clock, "back", &sold, pieces);
                prop_assert_eq!(back.maker_total + back.outlet_total + back.group_total, Rupiah(-unit_price * pieces));
                maker += back.maker_total;
                cost += back.cost_total;
            }
            let stays = brought(left.max(1), unit_price);
            let is_all_back = left == 0;
            prop_assert_eq!(maker, if is_all_back { Rupiah::ZERO } else { stays.maker_total });
            prop_assert_eq!(cost, if is_all_back { Rupiah::ZERO } else { stays.cost_total });
        }
    }
}
