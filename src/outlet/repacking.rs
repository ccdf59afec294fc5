//! Goods packed anew: a sack of fifty kilos becomes bags of five and of one. What is in no bag is explained, and is a
//! loss; what was in the sack was worth goes into the bags ([`repacking_cost`]).
//!
//! Who finds it wrong later packs again or counts: what is in bags is in bags.
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

pub use super::repacking_cost::subject;
use super::{cost, sale, weighed};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    history,
    ledger::{self, Book, NewEntry},
    stock::{self, Cause},
};
pub use entity::repacking::Model;
use entity::{
    Rupiah, category, item, outlet, place, product,
    repacking::{ActiveModel, Column, Entity},
    repacking_line as line,
};

/// Most kinds of bags at once.
pub const MOST_LINES: usize = 10;
/// The dearest bags.
pub const DEAREST_BAGS: i64 = 10_000_000;

/// What is packed into what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRepacking {
    pub item_id: i64,
    /// Where it stands.
    pub place_id: i64,
    /// In what the item counts.
    pub quantity: i64,
    /// What came of it: items, and how many of each.
    pub made: Vec<(i64, i64)>,
    /// Where that stands now.
    pub into_place_id: i64,
    /// How it came that something is in no bag.
    pub reason: Option<String>,
    /// Whether it is meant that more than a twentieth is lost.
    pub is_sure: bool,
    /// What the bags cost, out of the cash box.
    pub bag_cost: Rupiah,
}

/// Packs goods anew. The same source key packs nothing again.
pub async fn pack(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    new: &NewRepacking,
    by: i64,
    source_key: &str,
) -> Result<Model> {
    if let Some(known) = Entity::find().filter(Column::SourceKey.eq(source_key)).one(tx).await? {
        return Ok(known);
    }
    let goods = goods(tx, outlet.id, new).await?;
    let Some(((source, name), made)) = goods.split_first() else { return Err(Error::NotFound) };
    let (content, filled) = judge(new, source, made)?;
    for place_id in [new.place_id, new.into_place_id] {
        judge_place(tx, outlet.id, place_id).await?;
    }
    let item_ids: Vec<i64> = goods.iter().map(|(item, _)| item.id).collect();
    stock::lock(tx, &item_ids).await?;
    let row = ActiveModel {
        outlet_id: Set(outlet.id),
        item_id: Set(source.id),
        place_id: Set(new.place_id),
        name: Set(name.clone()),
        quantity: Set(new.quantity),
        content: Set(content),
        lost: Set(content - filled.iter().sum::<i64>()),
        reason: Set(new.reason.clone()),
        bag_cost: Set(new.bag_cost),
        person_id: Set(by),
        source_key: Set(source_key.to_owned()),
        packed_at: Set(clock.now()),
        ..Default::default()
    };
    let repacking = Entity::insert(row).exec_with_returning(tx).await?;
    let subject = subject(repacking.id);
    let cause = Cause { subject: Some(&subject), reason: new.reason.as_deref(), person_id: Some(by), source_key: "" };
    let key = format!("{subject}:out");
    let out = Cause { source_key: &key, ..cause };
    let taken = stock::repack_out(tx, clock, (source.id, new.place_id), new.quantity, out).await?;
    for (n, (((item, name), content), (_, quantity))) in made.iter().zip(filled).zip(&new.made).enumerate() {
        let key = format!("{subject}:in:{n}");
        let into = Cause { source_key: &key, ..cause };
        let lot_id = stock::repack_in(tx, clock, (item.id, new.into_place_id), *quantity, &taken, into).await?;
        let row = line::ActiveModel {
            repacking_id: Set(repacking.id),
            item_id: Set(item.id),
            name: Set(name.clone()),
            quantity: Set(*quantity),
            content: Set(content),
            lot_id: Set(lot_id),
            ..Default::default()
        };
        line::Entity::insert(row).exec_without_returning(tx).await?;
    }
    // What the goods cost passes through the books of what they cost, and the bags come to it.
    let bags = [(Book::CostOfGoods(outlet.id), new.bag_cost), (Book::Cash(outlet.id), -new.bag_cost)];
    let entry = NewEntry { source_key: &subject, kind: "repacked", subject: &subject, memo: name, lines: &bags };
    ledger::post(tx, clock, entry).await?;
    cost::follow(tx, clock, outlet.id, &item_ids).await?;
    let detail = json!({ "item": source.id, "quantity": new.quantity, "made": new.made, "lost": repacking.lost });
    let about = history::Subject("repacking", repacking.id);
    history::remember(tx, clock, Some(outlet.village_id), about, "packed", Some(by), detail).await?;
    Ok(repacking)
}

/// What is packed and what it is packed into, with names: sembako of this outlet; another outlet's does not exist here.
async fn goods(tx: &Tx, outlet_id: i64, new: &NewRepacking) -> Result<Vec<(item::Model, String)>> {
    let mut goods = Vec::with_capacity(new.made.len() + 1);
    for id in std::iter::once(new.item_id).chain(new.made.iter().map(|(id, _)| *id)) {
        goods.push(sembako(tx, outlet_id, id).await?);
    }
    Ok(goods)
}

/// Sembako of an outlet that is still sold, with its name; anything else does not exist here.
pub async fn sembako(db: &impl ConnectionTrait, outlet_id: i64, item_id: i64) -> Result<(item::Model, String)> {
    let (item, product) = sale::good(db, outlet_id, item_id).await?;
    let category = category::Entity::find_by_id(product.category_id).one(db).await?;
    if item.archived_at.is_some() || category.is_none_or(|of| of.kind != category::Kind::Sembako) {
        return Err(Error::NotFound);
    }
    let name = sale::full_name(&product, &item);
    Ok((item, name))
}

/// What was in it all, and what is in each kind of bag.
fn judge(new: &NewRepacking, source: &item::Model, made: &[(item::Model, String)]) -> Result<(i64, Vec<i64>)> {
    if new.made.is_empty() || new.made.len() > MOST_LINES {
        return Err(Refusal::invalid("repacking.nothing").into());
    }
    let ids: std::collections::BTreeSet<i64> = made.iter().map(|(item, _)| item.id).collect();
    if ids.len() < made.len() || ids.contains(&source.id) {
        return Err(Refusal::invalid("repacking.twice").into());
    }
    let (one, unit) = weighed::content(source);
    let of = |quantity: i64, one: i64| quantity.checked_mul(one).filter(|all| (1..=weighed::MOST).contains(all));
    let too_much = || Refusal::invalid("purchase.too_much");
    let content = of(new.quantity, one).ok_or_else(too_much)?;
    let mut filled = Vec::with_capacity(made.len());
    for ((item, name), (_, quantity)) in made.iter().zip(&new.made) {
        let (one, _) = weighed::content(item);
        if !weighed::fits(source, item) {
            return Err(Refusal::invalid("repacking.other_measure").with("name", name.as_str()).into());
        }
        filled.push(of(*quantity, one).ok_or_else(too_much)?);
    }
    let lost = content - filled.iter().sum::<i64>();
    if lost < 0 {
        return Err(Refusal::invalid("repacking.more_than_was").with("n", weighed::words(-lost, unit)).into());
    }
    if lost > 0 && new.reason.is_none() {
        return Err(Refusal::invalid("repacking.explain").with("n", weighed::words(lost, unit)).into());
    }
    if lost * 20 > content && !new.is_sure {
        return Err(Refusal::invalid("repacking.much_lost").with("n", weighed::words(lost, unit)).into());
    }
    if !(0..=DEAREST_BAGS).contains(&new.bag_cost.0) {
        return Err(Refusal::invalid("purchase.too_dear").into());
    }
    Ok((content, filled))
}

/// A place of this outlet's own that good goods stand in.
pub async fn judge_place(db: &impl ConnectionTrait, outlet_id: i64, place_id: i64) -> Result<place::Model> {
    let place = place::Entity::find_by_id(place_id).one(db).await?.ok_or(Error::NotFound)?;
    let is_own = matches!(place.kind, place::Kind::Shelf | place::Kind::Store | place::Kind::Reserve);
    if place.outlet_id == outlet_id && is_own { Ok(place) } else { Err(Error::NotFound) }
}

/// The newest repackings of an outlet with what came of them.
pub async fn list(db: &impl ConnectionTrait, outlet_id: i64, most: u64) -> Result<Vec<(Model, Vec<line::Model>)>> {
    let newest = Entity::find().filter(Column::OutletId.eq(outlet_id)).order_by_desc(Column::Id).limit(most);
    let newest = newest.all(db).await?;
    let lines = line::Entity::find().filter(line::Column::RepackingId.is_in(newest.iter().map(|row| row.id)));
    let lines = lines.order_by_asc(line::Column::Id).all(db).await?;
    let of = |row: &Model| lines.iter().filter(|line| line.repacking_id == row.id).cloned().collect();
    Ok(newest.iter().map(|row| (row.clone(), of(row))).collect())
}

/// Everything of an outlet's sembako that is still sold, by name.
pub async fn all_sembako(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Vec<(item::Model, product::Model)>> {
    let goods = item::Entity::find()
        .find_also_related(product::Entity)
        .filter(product::Column::OutletId.eq(outlet_id))
        .filter(product::Column::State.ne(product::State::Draft))
        .filter(item::Column::ArchivedAt.is_null())
        .filter(
            product::Column::CategoryId.in_subquery(
                sea_orm::sea_query::Query::select()
                    .column(category::Column::Id)
                    .from(category::Entity)
                    .and_where(category::Column::Kind.eq(category::Kind::Sembako))
                    .to_owned(),
            ),
        )
        .order_by_asc(product::Column::Name)
        .order_by_asc(item::Column::Position)
        .order_by_asc(item::Column::Id)
        .all(db)
        .await?;
    Ok(goods.into_iter().filter_map(|(item, product)| Some((item, product?))).collect())
}
