//! How many pieces of an item a household says it makes in a week. Zero: not now.
//!
//! Whoever a product belongs to makes it at the product's own pace until they say otherwise here.
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pace")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub crafter_id: i64,
    pub item_id: i64,
    pub pieces_per_week: i64,
    /// Who said so: the household, or the operator who wrote it down.
    pub person_id: i64,
    pub said_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::crafter::Entity", from = "Column::CrafterId", to = "super::crafter::Column::Id")]
    Crafter,
    #[sea_orm(belongs_to = "super::item::Entity", from = "Column::ItemId", to = "super::item::Column::Id")]
    Item,
}

impl Related<super::crafter::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Crafter.def()
    }
}

impl Related<super::item::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Item.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
