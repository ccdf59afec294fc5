//! Goods of one item made into others: a sack into bags.
use sea_orm::entity::prelude::*;

use crate::Rupiah;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "repacking")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub outlet_id: i64,
    pub item_id: i64,
    pub place_id: i64,
    /// What the item was called.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// In what the item counts.
    pub quantity: i64,
    /// What was in it all, in grams, millilitres or pieces.
    pub content: i64,
    /// What of it is in no bag.
    pub lost: i64,
    /// How that came about.
    #[sea_orm(column_type = "Text")]
    pub reason: Option<String>,
    /// What the bags cost, out of the cash box.
    pub bag_cost: Rupiah,
    pub person_id: i64,
    #[sea_orm(unique, column_type = "Text")]
    pub source_key: String,
    pub packed_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(has_many = "super::repacking_line::Entity")]
    Line,
}

impl Related<super::repacking_line::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Line.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
