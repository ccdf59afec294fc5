//! Where a piece comes from: whose hands, which village, how it is made, and where its price goes. A tag on each piece
//! names its lot.
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{error::Result, outlet::earning::Shares};
use entity::{
    Rupiah, crafter, intake, item, lot,
    lot::Terms,
    outlet, photo,
    product::{self, Unit},
    village,
};

/// Everything that is shown of a lot to whoever holds one of its pieces.
#[derive(Clone, Debug)]
pub struct Origin {
    pub lot: lot::Model,
    pub intake: intake::Model,
    pub item: item::Model,
    pub product: product::Model,
    pub crafter: crafter::Model,
    pub village: village::Model,
    pub outlet: outlet::Model,
    /// Names of the product's pictures that are ready, the cover first.
    pub photos: Vec<String>,
}

/// The lot behind a tag. What was entered wrongly and taken back has no origin.
pub async fn of_secret(db: &impl ConnectionTrait, secret: &str) -> Result<Option<Origin>> {
    let found = lot::Entity::find().filter(lot::Column::Secret.eq(secret)).one(db).await?;
    match found {
        Some(lot) => read(db, lot).await,
        None => Ok(None),
    }
}

/// What is known of a lot that came by a hand-over.
pub async fn read(db: &impl ConnectionTrait, lot: lot::Model) -> Result<Option<Origin>> {
    let Some(intake_id) = lot.intake_id else { return Ok(None) };
    let Some(intake) = intake::Entity::find_by_id(intake_id).one(db).await? else { return Ok(None) };
    let found = item::Entity::find_by_id(lot.item_id).find_also_related(product::Entity).one(db).await?;
    let Some((item, Some(product))) = found else { return Ok(None) };
    let found = crafter::Entity::find_by_id(intake.crafter_id).find_also_related(village::Entity).one(db).await?;
    let Some((crafter, Some(village))) = found else { return Ok(None) };
    let Some(outlet) = outlet::Entity::find_by_id(intake.outlet_id).one(db).await? else { return Ok(None) };
    if intake.reversed_at.is_some() {
        return Ok(None);
    }
    let photos = photos(db, &product).await?;
    Ok(Some(Origin { lot, intake, item, product, crafter, village, outlet, photos }))
}

async fn photos(db: &impl ConnectionTrait, product: &product::Model) -> Result<Vec<String>> {
    let names: Vec<String> = photo::Entity::find()
        .select_only()
        .column(photo::Column::Name)
        .filter(photo::Column::Subject.eq(photo::Subject::Product))
        .filter(photo::Column::SubjectId.eq(product.id))
        .filter(photo::Column::State.eq(photo::State::Ready))
        .order_by_asc(photo::Column::Position)
        .order_by_asc(photo::Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    let others = names.into_iter().filter(|name| Some(name) != product.cover.as_ref());
    Ok(product.cover.iter().cloned().chain(others).collect())
}

impl Origin {
    /// Where today's price of a piece goes, as was agreed for this lot. Of bought goods the maker had the agreed price
    /// when they were handed in, whatever a piece costs now.
    pub fn shares(&self) -> Shares {
        let price = self.item.price;
        let intake = &self.intake;
        let cut = Shares::cut(price, [intake.maker_bp, intake.outlet_bp, intake.group_bp]);
        match self.lot.terms {
            Terms::Bought => {
                let maker = self.lot.cost;
                Shares { maker, outlet: price - maker - cut.group, group: cut.group }
            }
            Terms::Consigned | Terms::Own => cut,
        }
    }

    /// Whether the product can be bought now, so that its price means something.
    pub fn is_on_sale(&self) -> bool {
        self.product.state == product::State::Published
            && self.item.archived_at.is_none()
            && self.item.price > Rupiah::ZERO
    }

    /// Whether it is sold by the square metre rather than by the piece.
    pub fn is_measured(&self) -> bool {
        self.product.unit == Unit::SquareMetre
    }

    /// "Keranjang sampah anyam, besar"
    pub fn goods(&self) -> String {
        match self.item.name.is_empty() {
            true => self.product.name.clone(),
            false => format!("{}, {}", self.product.name, self.item.name),
        }
    }
}
