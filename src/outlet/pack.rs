//! How goods come: "karung" of 50 kg. What was typed once is offered the next time.
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::OnConflict,
};

use crate::{db::Tx, error::Result};
pub use entity::pack::Model;
use entity::{
    pack::{ActiveModel, Column, Entity},
    purchase, purchase_line,
};

/// Writes down how an item came; what is known already stays as it is.
pub async fn know(tx: &Tx, item_id: i64, name: &str, quantity: i64) -> Result<()> {
    let row = ActiveModel {
        item_id: Set(item_id),
        name: Set(name.to_owned()),
        quantity: Set(quantity),
        ..Default::default()
    };
    Entity::insert(row)
        .on_conflict(OnConflict::columns([Column::ItemId, Column::Name, Column::Quantity]).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Forgets ways that an item never came but in what was noted wrongly.
pub async fn forget(tx: &Tx, lines: &[purchase_line::Model]) -> Result<()> {
    for line in lines {
        let standing = purchase_line::Entity::find()
            .inner_join(purchase::Entity)
            .filter(purchase::Column::ReversedAt.is_null())
            .filter(purchase_line::Column::ItemId.eq(line.item_id))
            .filter(purchase_line::Column::PackName.eq(line.pack_name.as_str()))
            .filter(purchase_line::Column::PackQuantity.eq(line.pack_quantity));
        if standing.one(tx).await?.is_none() {
            Entity::delete_many()
                .filter(Column::ItemId.eq(line.item_id))
                .filter(Column::Name.eq(line.pack_name.as_str()))
                .filter(Column::Quantity.eq(line.pack_quantity))
                .exec(tx)
                .await?;
        }
    }
    Ok(())
}

/// How items came so far, the newest way first.
pub async fn of(db: &impl ConnectionTrait, item_ids: &[i64]) -> Result<Vec<Model>> {
    let of = Entity::find().filter(Column::ItemId.is_in(item_ids.iter().copied()));
    Ok(of.order_by_desc(Column::Id).all(db).await?)
}
