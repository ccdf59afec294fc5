//! What became of a crafter's goods: what was handed in, what still stands for sale and where, and what was sold.
use std::collections::BTreeMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::error::Result;
use entity::{Rupiah, earning, intake, item, lot, lot::Terms, place, product, product::Unit};

/// Goods as they are called and seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thing {
    pub name: String,
    pub cover: Option<String>,
    pub unit: Unit,
}

/// Names and pictures of items, by their ids.
pub async fn things(db: &impl ConnectionTrait, ids: impl IntoIterator<Item = i64>) -> Result<BTreeMap<i64, Thing>> {
    let found = item::Entity::find().filter(item::Column::Id.is_in(ids)).find_also_related(product::Entity);
    let found = found.all(db).await?;
    let thing = |(item, product): (item::Model, Option<product::Model>)| {
        let product = product?;
        let name = if item.name.is_empty() { product.name } else { format!("{}, {}", product.name, item.name) };
        Some((item.id, Thing { name, cover: product.cover, unit: product.unit }))
    };
    Ok(found.into_iter().filter_map(thing).collect())
}

/// A hand-over, or a lot that came before hand-overs were written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Handed {
    Intake(intake::Model),
    Lot(lot::Model),
}

impl Handed {
    pub fn item_id(&self) -> i64 {
        match self {
            Handed::Intake(intake) => intake.item_id,
            Handed::Lot(lot) => lot.item_id,
        }
    }
}

/// All that a crafter handed in, the newest first, also what was entered wrongly.
pub async fn handed_in(db: &impl ConnectionTrait, crafter_id: i64) -> Result<Vec<Handed>> {
    let intakes = intake::Entity::find()
        .filter(intake::Column::CrafterId.eq(crafter_id))
        .order_by_desc(intake::Column::TakenAt)
        .order_by_desc(intake::Column::Id)
        .all(db)
        .await?;
    let old = lots(db, crafter_id).await?;
    let old = old.into_iter().rev().filter(|lot| lot.intake_id.is_none() && lot.origin_id.is_none());
    Ok(intakes.into_iter().map(Handed::Intake).chain(old.map(Handed::Lot)).collect())
}

/// The lots of a crafter, the oldest first.
async fn lots(db: &impl ConnectionTrait, crafter_id: i64) -> Result<Vec<lot::Model>> {
    Ok(lot::Entity::find().filter(lot::Column::OwnerId.eq(crafter_id)).order_by_asc(lot::Column::Id).all(db).await?)
}

/// So many of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    pub item_id: i64,
    pub n: i64,
}

/// What stands, item by item, the most first: pieces, or whole square metres.
fn counted(parts: impl Iterator<Item = (i64, i64)>) -> Vec<Count> {
    let mut sums = BTreeMap::new();
    for (item_id, n) in parts {
        *sums.entry(item_id).or_insert(0) += n;
    }
    let mut all: Vec<Count> =
        sums.into_iter().filter(|(_, n)| *n > 0).map(|(item_id, n)| Count { item_id, n }).collect();
    all.sort_by_key(|count| (std::cmp::Reverse(count.n), count.item_id));
    all
}

/// Pieces of an item that still wait for a buyer in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub item_id: i64,
    /// The kiosk; none for the outlet's own shelf.
    pub kiosk: Option<String>,
    pub n: i64,
}

/// What a crafter consigned and nobody has bought yet, also what stands in kiosks elsewhere.
pub async fn on_shelf(db: &impl ConnectionTrait, crafter_id: i64) -> Result<Vec<Standing>> {
    let lots = lots(db, crafter_id).await?;
    let left = || lots.iter().filter(|lot| lot.terms == Terms::Consigned && lot.remaining > 0);
    let places = place::Entity::find().filter(place::Column::Id.is_in(left().map(|lot| lot.place_id)));
    let places: BTreeMap<i64, place::Model> = places.all(db).await?.into_iter().map(|one| (one.id, one)).collect();
    let kiosk = |id| places.get(&id).filter(|place| place.kind == place::Kind::Kiosk).map(|place| place.name.clone());
    let mut sums = BTreeMap::new();
    for lot in left() {
        *sums.entry((lot.item_id, kiosk(lot.place_id))).or_insert(0) += lot.remaining;
    }
    Ok(sums.into_iter().map(|((item_id, kiosk), n)| Standing { item_id, kiosk, n }).collect())
}

/// What a crafter's consigned goods brought, the newest first, also what came back.
pub async fn sales(db: &impl ConnectionTrait, crafter_id: i64) -> Result<Vec<earning::Model>> {
    Ok(earning::Entity::find()
        .filter(earning::Column::CrafterId.eq(crafter_id))
        .filter(earning::Column::Terms.eq(Terms::Consigned))
        .order_by_desc(earning::Column::Id)
        .all(db)
        .await?)
}

/// All three in a few numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub handed_in: Vec<Count>,
    pub on_shelf: Vec<Count>,
    pub sold: Vec<Count>,
    /// What the sold ones brought their maker.
    pub brought: Rupiah,
}

/// What became of all that a crafter handed in.
pub async fn summary(db: &impl ConnectionTrait, crafter_id: i64) -> Result<Summary> {
    let reversed = intake::Entity::find()
        .filter(intake::Column::CrafterId.eq(crafter_id))
        .filter(intake::Column::ReversedAt.is_not_null());
    let reversed: Vec<i64> = reversed.all(db).await?.iter().map(|intake| intake.id).collect();
    let lots = lots(db, crafter_id).await?;
    let came = lots.iter().filter(|lot| lot.origin_id.is_none());
    let came = came.filter(|lot| lot.intake_id.is_none_or(|id| !reversed.contains(&id)));
    let sales = sales(db, crafter_id).await?;
    let stands = || sales.iter().filter(|sale| sale.undone_at.is_none());
    Ok(Summary {
        handed_in: counted(came.map(|lot| (lot.item_id, lot.received))),
        on_shelf: counted(on_shelf(db, crafter_id).await?.iter().map(|one| (one.item_id, one.n))),
        sold: counted(stands().map(|sale| (sale.item_id, sale.quantity))),
        brought: stands().map(|sale| sale.maker_total).sum(),
    })
}
