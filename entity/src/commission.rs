//! Pieces of an order line that are shared out over households (borongan): how many, until when, for how much a piece.
use sea_orm::entity::prelude::*;

use crate::Rupiah;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "commission")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub outlet_id: i64,
    pub order_id: i64,
    pub order_line_id: i64,
    pub item_id: i64,
    /// How many are to be made in all.
    pub pieces: i64,
    /// What the maker gets for a piece.
    pub price: Rupiah,
    pub due_on: Date,
    /// How long a household has for its answer.
    pub answer_hours: i64,
    pub made_by: i64,
    pub made_at: DateTimeUtc,
    /// Nobody is waited for any more.
    pub closed_at: Option<DateTimeUtc>,
    /// The key of the words that say why.
    #[sea_orm(column_type = "Text")]
    pub close_reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::order::Entity", from = "Column::OrderId", to = "super::order::Column::Id")]
    Order,
    #[sea_orm(belongs_to = "super::item::Entity", from = "Column::ItemId", to = "super::item::Column::Id")]
    Item,
}

impl Related<super::order::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Order.def()
    }
}

impl Related<super::item::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Item.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
