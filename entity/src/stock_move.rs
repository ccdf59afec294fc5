//! Goods that came, went or were found missing, with the cause. Never changed.
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    #[sea_orm(string_value = "received")]
    Received,
    #[sea_orm(string_value = "sold")]
    Sold,
    #[sea_orm(string_value = "returned")]
    Returned,
    #[sea_orm(string_value = "shrunk")]
    Shrunk,
    #[sea_orm(string_value = "found")]
    Found,
    /// To another place, or from there.
    #[sea_orm(string_value = "moved")]
    Moved,
    /// Back to its owner, or out of the books with its hand-over.
    #[sea_orm(string_value = "given_back")]
    GivenBack,
    /// Broken or spoilt.
    #[sea_orm(string_value = "damaged")]
    Damaged,
    /// Out of a sack, or into a bag.
    #[sea_orm(string_value = "repacked")]
    Repacked,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stock_move")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub item_id: i64,
    pub place_id: i64,
    pub lot_id: Option<i64>,
    pub kind: Kind,
    pub quantity: i64,
    #[sea_orm(column_type = "Text")]
    pub subject: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub reason: Option<String>,
    pub person_id: Option<i64>,
    #[sea_orm(unique, column_type = "Text")]
    pub source_key: String,
    pub at: DateTimeUtc,
    /// When it happened, which may be before it was written.
    pub happened_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::item::Entity", from = "Column::ItemId", to = "super::item::Column::Id")]
    Item,
    #[sea_orm(belongs_to = "super::place::Entity", from = "Column::PlaceId", to = "super::place::Column::Id")]
    Place,
    #[sea_orm(belongs_to = "super::lot::Entity", from = "Column::LotId", to = "super::lot::Column::Id")]
    Lot,
}

impl Related<super::item::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Item.def()
    }
}

impl Related<super::place::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Place.def()
    }
}

impl Related<super::lot::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Lot.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
