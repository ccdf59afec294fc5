//! Sizes of a product: what is priced, weighed, counted and put in a basket. A size is archived, never deleted.
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::{
    Hand,
    price::{self, Origin},
    product,
};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    history::Subject,
};
use entity::{Rupiah, category, item, product::State};

/// How many sizes one product may have.
const MAX_SIZES: usize = 20;

/// What is said about one size. The name is empty where there is only one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Size {
    pub name: String,
    pub price: Rupiah,
    pub length_mm: i64,
    pub width_mm: i64,
    pub height_mm: i64,
    pub weight_grams: i64,
    /// How many fit into one another in a parcel; 1 when they do not.
    pub nests: i64,
}

/// Adds a size to a product.
pub async fn add(tx: &Tx, clock: &Clock, hand: &Hand, product_id: i64, size: &Size) -> Result<item::Model> {
    product::lock(tx, product_id).await?;
    let others = of(tx, product_id).await?;
    judge_name(&others, None, &size.name)?;
    if others.len() >= MAX_SIZES {
        return Err(Refusal::conflict("listing.too_many_sizes").with("n", MAX_SIZES as i64).into());
    }
    let row = item::ActiveModel {
        product_id: Set(product_id),
        position: Set(others.last().map_or(1, |last| last.position + 1)),
        ..filled(size)
    };
    let item = row.insert(tx).await?;
    price::remember(tx, clock, item.id, (None, item.price), hand.person_id, "", Origin::default()).await?;
    let detail = json!({ "item": item.id, "size": item.name, "price": item.price });
    hand.remember(tx, clock, Subject("product", product_id), "size_added", detail).await?;
    product::prices_changed(tx, clock, product_id).await?;
    Ok(item)
}

/// Changes a size. A new price is written down with its reason.
pub async fn change(
    tx: &Tx,
    clock: &Clock,
    hand: &Hand,
    item_id: i64,
    size: &Size,
    reason: &str,
) -> Result<item::Model> {
    let product_id = item::Entity::find_by_id(item_id).one(tx).await?.ok_or(Error::NotFound)?.product_id;
    product::lock(tx, product_id).await?;
    let sizes = of(tx, product_id).await?;
    let old = sizes.iter().find(|row| row.id == item_id).ok_or(Error::NotFound)?.clone();
    judge_name(&sizes, Some(item_id), &size.name)?;
    if size.price != old.price && has_rules(tx, product_id).await? {
        return Err(Refusal::conflict("harga.own_page").into());
    }
    let item = item::ActiveModel { id: Set(item_id), ..filled(size) }.update(tx).await?;
    if item == old {
        return Ok(item);
    }
    if item.price != old.price {
        priced(tx, clock, hand, &old, item.price, reason, Origin::default()).await?;
    }
    if filled(size) != filled(&Size { price: size.price, ..Size::from(&old) }) {
        hand.remember(tx, clock, Subject("product", product_id), "size_changed", json!({ "item": item_id })).await?;
    }
    product::prices_changed(tx, clock, product_id).await?;
    Ok(item)
}

/// Whether the prices of a product are made on the page of prices: sembako that was ever offered.
pub async fn has_rules(db: &impl ConnectionTrait, product_id: i64) -> Result<bool> {
    let product = entity::product::Entity::find_by_id(product_id).one(db).await?.ok_or(Error::NotFound)?;
    let category = category::Entity::find_by_id(product.category_id).one(db).await?;
    Ok(category.is_some_and(|of| of.kind == category::Kind::Sembako) && product.state != State::Draft)
}

/// Gives an item another price and nothing else; whoever calls it has judged the price.
pub async fn reprice(
    tx: &Tx,
    clock: &Clock,
    hand: &Hand,
    old: &item::Model,
    price: Rupiah,
    reason: &str,
    origin: Origin,
) -> Result<()> {
    let row = item::ActiveModel { id: Set(old.id), price: Set(price), ..Default::default() };
    item::Entity::update(row).exec(tx).await?;
    priced(tx, clock, hand, old, price, reason, origin).await?;
    product::prices_changed(tx, clock, old.product_id).await
}

/// A new price is written down wherever prices are looked for.
async fn priced(
    tx: &Tx,
    clock: &Clock,
    hand: &Hand,
    old: &item::Model,
    price: Rupiah,
    reason: &str,
    origin: Origin,
) -> Result<()> {
    price::remember(tx, clock, old.id, (Some(old.price), price), hand.person_id, reason, origin).await?;
    let detail = json!({ "item": old.id, "old": old.price, "new": price, "reason": reason });
    hand.remember(tx, clock, Subject("product", old.product_id), "price_changed", detail).await
}

/// Takes a size out of the list. Orders and stock that name it keep it.
pub async fn archive(tx: &Tx, clock: &Clock, hand: &Hand, item_id: i64) -> Result<()> {
    let item = item::Entity::find_by_id(item_id).one(tx).await?.ok_or(Error::NotFound)?;
    let product = product::lock(tx, item.product_id).await?;
    let sizes = of(tx, item.product_id).await?;
    if sizes.iter().all(|size| size.id != item_id) {
        return Ok(());
    }
    if sizes.len() == 1 && matches!(product.state, State::Published | State::Submitted) {
        return Err(Refusal::conflict("listing.last_size").into());
    }
    if is_sembako_in_stock(tx, &product, item_id).await? {
        return Err(Refusal::conflict("listing.size_in_stock").into());
    }
    let row = item::ActiveModel { id: Set(item_id), archived_at: Set(Some(clock.now())), ..Default::default() };
    row.update(tx).await?;
    let detail = json!({ "item": item_id, "size": item.name });
    hand.remember(tx, clock, Subject("product", item.product_id), "size_archived", detail).await?;
    product::prices_changed(tx, clock, item.product_id).await
}

/// Sembako that lies somewhere is worth money, and is counted and sold until it is gone.
async fn is_sembako_in_stock(tx: &Tx, product: &entity::product::Model, item_id: i64) -> Result<bool> {
    let category = category::Entity::find_by_id(product.category_id).one(tx).await?;
    if category.is_none_or(|of| of.kind != category::Kind::Sembako) {
        return Ok(false);
    }
    let here = entity::stock::Entity::find().filter(entity::stock::Column::ItemId.eq(item_id));
    Ok(here.filter(entity::stock::Column::OnHand.ne(0)).one(tx).await?.is_some())
}

/// The sizes of a product that can be sold, in their order.
pub async fn of(db: &impl ConnectionTrait, product_id: i64) -> Result<Vec<item::Model>> {
    Ok(item::Entity::find()
        .filter(item::Column::ProductId.eq(product_id))
        .filter(item::Column::ArchivedAt.is_null())
        .order_by_asc(item::Column::Position)
        .order_by_asc(item::Column::Id)
        .all(db)
        .await?)
}

impl From<&item::Model> for Size {
    fn from(row: &item::Model) -> Size {
        Size {
            name: row.name.clone(),
            price: row.price,
            length_mm: row.length_mm,
            width_mm: row.width_mm,
            height_mm: row.height_mm,
            weight_grams: row.weight_grams,
            nests: row.nests,
        }
    }
}

/// Two sizes need two names, or nobody can tell them apart.
fn judge_name(sizes: &[item::Model], own: Option<i64>, name: &str) -> Result<(), Refusal> {
    let mut others = sizes.iter().filter(|size| Some(size.id) != own).peekable();
    if name.is_empty() && others.peek().is_some() {
        return Err(Refusal::invalid("listing.size_needs_name"));
    }
    if others.any(|size| size.name.to_lowercase() == name.to_lowercase()) {
        return Err(Refusal::invalid("listing.size_taken"));
    }
    Ok(())
}

fn filled(size: &Size) -> item::ActiveModel {
    item::ActiveModel {
        name: Set(size.name.clone()),
        price: Set(size.price),
        length_mm: Set(size.length_mm),
        width_mm: Set(size.width_mm),
        height_mm: Set(size.height_mm),
        weight_grams: Set(size.weight_grams),
        nests: Set(size.nests),
        ..Default::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(id: i64, name: &str) -> item::Model {
        item::Model {
            id,
            product_id: 1,
            name: name.into(),
            price: Rupiah(28_000),
            length_mm: 300,
            width_mm: 300,
            height_mm: 380,
            weight_grams: 600,
            nests: 1,
            position: id,
            archived_at: None,
            measure: item::Measure::Piece,
            content: 0,
            content_unit: item::Measure::Gram,
        }
    }

    #[test]
    fn two_sizes_are_told_apart_by_their_names() {
        let sizes = [size(1, "Kecil"), size(2, "Besar")];
        assert!(judge_name(&sizes, None, "Sedang").is_ok());
        assert!(judge_name(&sizes, Some(1), "Kecil").is_ok());
        assert!(judge_name(&sizes, None, "besar").is_err());
        assert!(judge_name(&sizes, Some(1), "Besar").is_err());
        assert!(judge_name(&sizes, None, "").is_err());
        assert!(judge_name(&[], None, "").is_ok());
        assert!(judge_name(&[size(1, "")], Some(1), "").is_ok());
    }
}
