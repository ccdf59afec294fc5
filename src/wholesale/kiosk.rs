//! Kiosks on other islands: shops that sell the village's goods on consignment, and what was agreed with each.
//!
//! What stands in a kiosk stays its makers' (or the outlet's) until a visit counts it as sold. The kiosk keeps its
//! commission of its own price; what is left of the price is shared as was agreed when the piece was handed in.
use std::collections::HashMap;

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, RelationTrait,
};
use serde_json::json;

use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    history,
    ledger::{self, Book},
    region::{self, Code},
};
pub use entity::kiosk::{Bearer, Model, PaysAt};
use entity::{
    Rupiah,
    kiosk::{ActiveModel, Column, Entity},
    kiosk_drop, kiosk_drop_line, outlet, place, stock,
};

/// The most a kiosk keeps, in hundredths of a percent.
pub const MOST_COMMISSION: i64 = 5_000;

/// A kiosk and its terms, as they are agreed.
#[derive(Clone, Debug)]
pub struct Agreement {
    pub name: String,
    pub keeper: String,
    pub phone: String,
    pub region: Code,
    pub commission_bp: i64,
    pub damage_by: Bearer,
    pub pays_at: PaysAt,
}

/// How other modules call a kiosk.
pub fn subject(id: i64) -> String {
    format!("kiosk:{id}")
}

/// What a kiosk keeps of a price, rounded down: what is left for the makers is never too little by it.
pub fn commission(price: Rupiah, bp: i64) -> Rupiah {
    Rupiah((i128::from(price.0) * i128::from(bp) / 10_000) as i64)
}

/// What a kiosk is to ask so that as much is left to share as in the shop, in whole steps of Rp500.
pub fn usual_price(shop: Rupiah, bp: i64) -> Rupiah {
    let exact = i128::from(shop.0) * 10_000;
    let keeps = i128::from(10_000 - bp).max(1);
    let price = (exact + keeps - 1) / keeps;
    Rupiah(((price + 499) / 500 * 500) as i64)
}

/// Writes a kiosk down, with a place for what will stand there.
pub async fn open(tx: &Tx, clock: &Clock, outlet: &outlet::Model, new: &Agreement, by: i64) -> Result<Model> {
    let town = town(&new.region)?;
    let place = place::ActiveModel {
        outlet_id: Set(outlet.id),
        name: Set(place_name(new)),
        created_at: Set(clock.now()),
        kind: Set(place::Kind::Kiosk),
        ..Default::default()
    };
    let place_id = place::Entity::insert(place).exec(tx).await?.last_insert_id;
    let row = ActiveModel {
        outlet_id: Set(outlet.id),
        place_id: Set(place_id),
        created_at: Set(clock.now()),
        ..agreed(new, town)
    };
    let kiosk = Entity::insert(row).exec_with_returning(tx).await?;
    remember(tx, clock, outlet, &kiosk, "opened", by).await?;
    Ok(kiosk)
}

/// Agrees anew with a kiosk. What was counted before keeps the terms of its day.
pub async fn agree(tx: &Tx, clock: &Clock, outlet: &outlet::Model, id: i64, new: &Agreement, by: i64) -> Result<Model> {
    let kiosk = lock(tx, outlet.id, id).await?;
    let change = ActiveModel { id: Set(id), ..agreed(new, town(&new.region)?) };
    let kiosk = Entity::update(ActiveModel { place_id: Set(kiosk.place_id), ..change }).exec(tx).await?;
    let name = place::ActiveModel { id: Set(kiosk.place_id), name: Set(place_name(new)), ..Default::default() };
    place::Entity::update(name).exec(tx).await?;
    remember(tx, clock, outlet, &kiosk, "agreed", by).await?;
    Ok(kiosk)
}

fn town(code: &Code) -> Result<&'static str> {
    Ok(region::find(code).ok_or_else(|| Refusal::invalid("kiosk.no_region"))?.regency)
}

/// Makers read it among their lots: "Kios Bu Rahma".
fn place_name(new: &Agreement) -> String {
    if new.name.to_lowercase().starts_with("kios") { new.name.clone() } else { format!("Kios {}", new.name) }
}

fn agreed(new: &Agreement, town: &str) -> ActiveModel {
    ActiveModel {
        name: Set(new.name.clone()),
        keeper: Set(new.keeper.clone()),
        phone: Set(new.phone.clone()),
        town: Set(town.to_owned()),
        region_code: Set(new.region.as_str().to_owned()),
        commission_bp: Set(new.commission_bp),
        damage_by: Set(new.damage_by),
        pays_at: Set(new.pays_at),
        ..Default::default()
    }
}

async fn remember(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    kiosk: &Model,
    verb: &'static str,
    by: i64,
) -> Result<()> {
    let detail = json!({ "name": kiosk.name, "commission_bp": kiosk.commission_bp, "damage_by": kiosk.damage_by,
        "pays_at": kiosk.pays_at });
    let subject = history::Subject("kiosk", kiosk.id);
    history::remember(tx, clock, Some(outlet.village_id), subject, verb, Some(by), detail).await
}

/// A kiosk of this outlet; another outlet's does not exist here.
pub async fn read(db: &impl ConnectionTrait, outlet_id: i64, id: i64) -> Result<Model> {
    Entity::find_by_id(id).filter(Column::OutletId.eq(outlet_id)).one(db).await?.ok_or(Error::NotFound)
}

/// The same, locked until the end of the transaction: one person at a time changes what stands there and what it owes.
pub async fn lock(tx: &Tx, outlet_id: i64, id: i64) -> Result<Model> {
    let of_outlet = Entity::find_by_id(id).filter(Column::OutletId.eq(outlet_id)).lock_exclusive();
    of_outlet.one(tx).await?.ok_or(Error::NotFound)
}

/// The same, while goods and money may still move there.
pub(super) async fn lock_open(tx: &Tx, outlet_id: i64, id: i64) -> Result<Model> {
    let kiosk = lock(tx, outlet_id, id).await?;
    if kiosk.closed_at.is_some() { Err(Refusal::conflict("kiosk.is_closed").into()) } else { Ok(kiosk) }
}

/// Closes a kiosk where nothing stands any more, neither goods nor money; else says what does. A second tap changes
/// nothing.
pub async fn close(tx: &Tx, clock: &Clock, outlet: &outlet::Model, id: i64, by: i64) -> Result<()> {
    let kiosk = lock(tx, outlet.id, id).await?;
    if kiosk.closed_at.is_some() {
        return Ok(());
    }
    let (pieces, owes) = (stands(tx, &kiosk).await?.values().sum::<i64>(), owes(tx, id).await?);
    let refusal = |key| Refusal::conflict(key).with("n", pieces).with("amount", Rupiah(owes.0.abs()));
    match (pieces > 0, owes.0) {
        (false, 0) => {}
        (true, 0) => return Err(refusal("kiosk.goods_stand").into()),
        (_, less) if less < 0 => return Err(refusal("kiosk.paid_ahead").into()),
        (true, _) => return Err(refusal("kiosk.goods_and_money_stand").into()),
        (false, _) => return Err(refusal("kiosk.money_stands").into()),
    }
    set_closed(tx, clock, outlet, &kiosk, true, by).await
}

/// Goods may go there again.
pub async fn reopen(tx: &Tx, clock: &Clock, outlet: &outlet::Model, id: i64, by: i64) -> Result<()> {
    let kiosk = lock(tx, outlet.id, id).await?;
    if kiosk.closed_at.is_some() { set_closed(tx, clock, outlet, &kiosk, false, by).await } else { Ok(()) }
}

async fn set_closed(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    kiosk: &Model,
    closed: bool,
    by: i64,
) -> Result<()> {
    let at = closed.then(|| clock.now());
    let change = ActiveModel { id: Set(kiosk.id), closed_at: Set(at), ..Default::default() };
    Entity::update(change).exec(tx).await?;
    remember(tx, clock, outlet, kiosk, if closed { "closed" } else { "reopened" }, by).await
}

/// All kiosks of an outlet, by name.
pub async fn list(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Vec<Model>> {
    let of_outlet = Entity::find().filter(Column::OutletId.eq(outlet_id));
    Ok(of_outlet.order_by_asc(Column::Name).order_by_asc(Column::Id).all(db).await?)
}

/// What a kiosk owes now; less than nothing when it has paid ahead.
pub async fn owes(db: &impl ConnectionTrait, id: i64) -> Result<Rupiah> {
    ledger::balance(db, Book::Kiosk(id)).await
}

/// How many pieces of each item stand there.
pub async fn stands(db: &impl ConnectionTrait, kiosk: &Model) -> Result<HashMap<i64, i64>> {
    let rows = stock::Entity::find().filter(stock::Column::PlaceId.eq(kiosk.place_id)).all(db).await?;
    Ok(rows.into_iter().filter(|row| row.on_hand > 0).map(|row| (row.item_id, row.on_hand)).collect())
}

/// Every price a kiosk was told for each item, the latest last.
pub async fn prices(db: &impl ConnectionTrait, id: i64) -> Result<HashMap<i64, Vec<Rupiah>>> {
    let lines = kiosk_drop_line::Entity::find()
        .join(sea_orm::JoinType::InnerJoin, kiosk_drop_line::Relation::KioskDrop.def())
        .filter(kiosk_drop::Column::KioskId.eq(id))
        .order_by_asc(kiosk_drop_line::Column::Id)
        .all(db)
        .await?;
    Ok(lines.into_iter().fold(HashMap::new(), |mut prices: HashMap<i64, Vec<Rupiah>>, line| {
        prices.entry(line.item_id).or_default().push(line.unit_price);
        prices
    }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_usual_price_leaves_as_much_to_share_as_the_shop(shop in 1_i64..10_000_000, bp in 0_i64..=MOST_COMMISSION) {
            let price = usual_price(Rupiah(shop), bp);
            let left = price - commission(price, bp);
            prop_assert!(left >= Rupiah(shop), "{price} leaves {left}");
            prop_assert_eq!(price.0 % 500, 0);
            prop_assert!(commission(price, bp) >= Rupiah::ZERO);
        }
    }
}
