//! Goods of an operasi pasar.
use sea_orm::entity::prelude::*;

use crate::Rupiah;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "market_good")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub market_id: i64,
    pub item_id: i64,
    /// For a piece, or for a kilogram or litre of loose goods.
    pub price: Rupiah,
    /// What one family may have, in what the item counts.
    pub per_family: i64,
    /// What there is in all.
    pub allotted: i64,
    /// The most that the law allowed when it was planned.
    pub ceiling: Option<Rupiah>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::market::Entity", from = "Column::MarketId", to = "super::market::Column::Id")]
    Market,
    #[sea_orm(belongs_to = "super::item::Entity", from = "Column::ItemId", to = "super::item::Column::Id")]
    Item,
}

impl Related<super::market::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Market.def()
    }
}

impl Related<super::item::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Item.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
