//! What the outlets of a village sell that a market sells too, so that both prices can be held against each other.
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::price_good;
use crate::{
    error::Result,
    prices::{observation, reference::Per},
};
use entity::{Rupiah, outlet};

/// A kind of goods as markets sell it: by the kilogram or the litre.
#[derive(Clone, Debug)]
pub struct Kind {
    /// As the rows of the law call it.
    pub commodity: String,
    pub per: Per,
    pub cover: Option<String>,
    /// What a kilogram or litre costs where the village sells it cheapest, half a rupiah rounded up.
    pub ours: Rupiah,
}

impl Kind {
    /// Whether a price that was seen is one of this kind.
    pub fn is_of(&self, row: &observation::Model) -> bool {
        self.commodity == row.commodity && self.per == row.per.into()
    }
}

/// What the outlets of a village sell that has a name in the rules and says what is in it, each kind once, by name.
pub async fn kinds(db: &impl ConnectionTrait, village_id: i64) -> Result<Vec<Kind>> {
    let outlets = outlet::Entity::find().filter(outlet::Column::VillageId.eq(village_id));
    let mut kinds: Vec<Kind> = Vec::new();
    for outlet in outlets.order_by_asc(outlet::Column::Id).all(db).await? {
        for good in price_good::all(db, outlet.id).await? {
            let Some((content, per)) = good.content() else { continue };
            let Some(commodity) = good.product.commodity else { continue };
            let ours = Rupiah((good.item.price.0 * 1_000 + content / 2) / content);
            match kinds.iter_mut().find(|kind| kind.commodity == commodity && kind.per == per) {
                Some(kind) => kind.ours = kind.ours.min(ours),
                None => kinds.push(Kind { commodity, per, cover: good.product.cover, ours }),
            }
        }
    }
    kinds.sort_by(|a, b| a.commodity.cmp(&b.commodity));
    Ok(kinds)
}
