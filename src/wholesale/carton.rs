//! Cartons of an order: which pieces lie in which, by the nesting rule; a person may change it. Each has a page of its
//! own behind the QR of its consignment note, and is received by whoever holds the order's link.
use std::collections::BTreeMap;

use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use super::fill::{Box, Filled, Kind, fill};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    orders::docket::Docket,
    secret,
};
pub use entity::carton::Model;
use entity::{
    carton::{ActiveModel, Column, Entity},
    carton_line, item,
    order::State,
    order_line,
};

/// The most cartons of one order.
const MOST: usize = 500;

/// A carton and what lies in it: order lines with their pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    pub carton: Model,
    pub lines: Vec<(i64, i64)>,
}

/// What a person says of a carton.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Pieces of order lines; what is left out or nothing is not in it.
    pub lines: Vec<(i64, i64)>,
    pub size: Box,
    pub weight_grams: i64,
}

/// All cartons of an order by number.
pub async fn of_order(db: &impl ConnectionTrait, order_id: i64) -> Result<Vec<Packed>> {
    let cartons = Entity::find().filter(Column::OrderId.eq(order_id)).order_by_asc(Column::Number).all(db).await?;
    let lines = carton_line::Entity::find()
        .filter(carton_line::Column::CartonId.is_in(cartons.iter().map(|carton| carton.id)))
        .order_by_asc(carton_line::Column::OrderLineId)
        .all(db)
        .await?;
    let mut inside: BTreeMap<i64, Vec<(i64, i64)>> = BTreeMap::new();
    for line in lines {
        inside.entry(line.carton_id).or_default().push((line.order_line_id, line.quantity));
    }
    let packed = |carton: Model| Packed { lines: inside.remove(&carton.id).unwrap_or_default(), carton };
    Ok(cartons.into_iter().map(packed).collect())
}

/// The carton of a QR code.
pub async fn by_secret(db: &impl ConnectionTrait, secret: &str) -> Result<Model> {
    Entity::find().filter(Column::Secret.eq(secret)).one(db).await?.ok_or(Error::NotFound)
}

/// Pieces of each line that lie in no carton yet.
pub fn left(lines: &[order_line::Model], cartons: &[Packed]) -> BTreeMap<i64, i64> {
    let inside = |id: i64| {
        let of_line = cartons.iter().flat_map(|packed| &packed.lines).filter(move |(line, _)| *line == id);
        of_line.map(|(_, pieces)| pieces).sum::<i64>()
    };
    lines.iter().map(|line| (line.id, line.quantity - line.cancelled - inside(line.id))).collect()
}

/// How the nesting rule packs pieces of items.
pub fn proposal(items: &BTreeMap<i64, item::Model>, wanted: &[(i64, i64, i64)]) -> Vec<Filled> {
    let kind = |(key, item_id, pieces): &(i64, i64, i64)| {
        let item = items.get(item_id).filter(|_| *pieces > 0)?;
        Some(Kind {
            key: *key,
            pieces: *pieces,
            size: Box { length_mm: item.length_mm, width_mm: item.width_mm, height_mm: item.height_mm },
            weight_grams: item.weight_grams,
            nests: item.nests,
        })
    };
    fill(&wanted.iter().filter_map(kind).collect::<Vec<_>>())
}

/// Items by their numbers.
pub async fn items(db: &impl ConnectionTrait, ids: &[i64]) -> Result<BTreeMap<i64, item::Model>> {
    let found = item::Entity::find().filter(item::Column::Id.is_in(ids.iter().copied())).all(db).await?;
    Ok(found.into_iter().map(|item| (item.id, item)).collect())
}

/// Puts what lies in no carton yet into cartons, by the nesting rule. The caller has locked the order.
pub async fn propose(tx: &Tx, clock: &Clock, docket: &Docket, by: i64) -> Result<()> {
    must_be_placed(docket)?;
    let cartons = of_order(tx, docket.order.id).await?;
    let left = left(&docket.lines, &cartons);
    let ids: Vec<i64> = docket.lines.iter().map(|line| line.item_id).collect();
    let wanted: Vec<_> =
        docket.lines.iter().map(|line| (line.id, line.item_id, left.get(&line.id).copied().unwrap_or(0))).collect();
    let filled = proposal(&items(tx, &ids).await?, &wanted);
    if filled.is_empty() {
        return Err(Refusal::conflict("wholesale.all_in_cartons").into());
    }
    if cartons.len() + filled.len() > MOST {
        return Err(Refusal::conflict("wholesale.too_many_cartons").with("n", MOST as i64).into());
    }
    let mut number = cartons.last().map_or(0, |packed| packed.carton.number);
    for carton in &filled {
        number += 1;
        let row = ActiveModel {
            order_id: Set(docket.order.id),
            number: Set(number),
            secret: Set(secret::short_token()),
            length_mm: Set(carton.size.length_mm),
            width_mm: Set(carton.size.width_mm),
            height_mm: Set(carton.size.height_mm),
            weight_grams: Set(carton.weight_grams),
            packed_at: Set(clock.now()),
            received_at: Set(None),
            ..Default::default()
        };
        let id = Entity::insert(row).exec(tx).await?.last_insert_id;
        put(tx, id, &carton.lines).await?;
    }
    docket.remember(tx, clock, "cartons", Some(by), json!({ "n": filled.len() })).await
}

async fn put(tx: &Tx, carton_id: i64, lines: &[(i64, i64)]) -> Result<()> {
    let row = |(line, pieces): &(i64, i64)| carton_line::ActiveModel {
        carton_id: Set(carton_id),
        order_line_id: Set(*line),
        quantity: Set(*pieces),
        ..Default::default()
    };
    let rows: Vec<_> = lines.iter().filter(|(_, pieces)| *pieces > 0).map(row).collect();
    carton_line::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}

/// Changes what lies in a carton, its size and its weight. A carton with nothing in it goes.
pub async fn change(tx: &Tx, clock: &Clock, docket: &Docket, carton_id: i64, said: &Change, by: i64) -> Result<()> {
    must_be_placed(docket)?;
    let cartons = of_order(tx, docket.order.id).await?;
    let old = cartons.iter().find(|packed| packed.carton.id == carton_id).ok_or(Error::NotFound)?;
    if old.carton.received_at.is_some() {
        return Err(Refusal::conflict("wholesale.carton_received").into());
    }
    let others: Vec<Packed> = cartons.iter().filter(|packed| packed.carton.id != carton_id).cloned().collect();
    let left = left(&docket.lines, &others);
    for (line, pieces) in &said.lines {
        let most = left.get(line).copied().ok_or(Error::NotFound)?;
        if *pieces > most {
            let name = docket.line(*line)?.product_name.clone();
            return Err(Refusal::invalid("wholesale.carton_too_much").with("name", name).with("n", most).into());
        }
    }
    carton_line::Entity::delete_many().filter(carton_line::Column::CartonId.eq(carton_id)).exec(tx).await?;
    let number = old.carton.number;
    if said.lines.iter().all(|(_, pieces)| *pieces == 0) {
        Entity::delete_by_id(carton_id).exec(tx).await?;
        return docket.remember(tx, clock, "carton_gone", Some(by), json!({ "n": number })).await;
    }
    put(tx, carton_id, &said.lines).await?;
    let change = ActiveModel {
        id: Set(carton_id),
        length_mm: Set(said.size.length_mm),
        width_mm: Set(said.size.width_mm),
        height_mm: Set(said.size.height_mm),
        weight_grams: Set(said.weight_grams),
        ..Default::default()
    };
    Entity::update(change).exec(tx).await?;
    docket.remember(tx, clock, "carton_changed", Some(by), json!({ "n": number })).await
}

fn must_be_placed(docket: &Docket) -> Result<(), Refusal> {
    if docket.order.state == State::Placed {
        return Ok(());
    }
    docket.must_be_open()
}

/// Whoever holds the order's link says that a carton has come. A second tap changes nothing.
pub async fn receive(tx: &Tx, clock: &Clock, docket: &Docket, carton_id: i64) -> Result<()> {
    let found =
        Entity::find_by_id(carton_id).filter(Column::OrderId.eq(docket.order.id)).lock_exclusive().one(tx).await?;
    let carton = found.ok_or(Error::NotFound)?;
    if carton.received_at.is_some() {
        return Ok(());
    }
    if !docket.has_begun_to_leave() {
        return Err(Refusal::conflict("quote.not_sent_yet").into());
    }
    let change = ActiveModel { id: Set(carton_id), received_at: Set(Some(clock.now())), ..Default::default() };
    Entity::update(change).exec(tx).await?;
    docket.remember(tx, clock, "carton_received", None, json!({ "n": carton.number })).await
}
