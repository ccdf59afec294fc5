//! Sembako that an outlet can buy in, each with its picture and the packs it came in so far.
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationTrait,
};

use super::pack;
use crate::error::Result;
use entity::{category, item, item::Measure, product};

/// One of the goods.
#[derive(Clone, Debug)]
pub struct Buyable {
    pub item_id: i64,
    pub name: String,
    pub cover: Option<String>,
    pub measure: Measure,
    /// The newest way first.
    pub packs: Vec<pack::Model>,
}

/// All that an outlet can buy in, by name.
pub async fn all(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Vec<Buyable>> {
    let rows = item::Entity::find()
        .find_also_related(product::Entity)
        .join(JoinType::InnerJoin, product::Relation::Category.def())
        .filter(product::Column::OutletId.eq(outlet_id))
        .filter(item::Column::ArchivedAt.is_null())
        .filter(category::Column::Kind.eq(category::Kind::Sembako))
        .order_by_asc(product::Column::Name)
        .order_by_asc(item::Column::Position)
        .order_by_asc(item::Column::Id)
        .all(db)
        .await?;
    let ids: Vec<i64> = rows.iter().map(|(item, _)| item.id).collect();
    let packs = pack::of(db, &ids).await?;
    let good = |(item, product): (item::Model, Option<product::Model>)| {
        let product = product?;
        Some(Buyable {
            packs: packs.iter().filter(|pack| pack.item_id == item.id).cloned().collect(),
            name: name(&item, &product),
            item_id: item.id,
            cover: product.cover,
            measure: item.measure,
        })
    };
    Ok(rows.into_iter().filter_map(good).collect())
}

/// What people call an item: the product, and its size where there are several.
pub fn name(item: &item::Model, product: &product::Model) -> String {
    if item.name.is_empty() { product.name.clone() } else { format!("{}, {}", product.name, item.name) }
}
