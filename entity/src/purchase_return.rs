//! Goods of a purchase that went back to their supplier on one occasion.
use sea_orm::entity::prelude::*;

use crate::Rupiah;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "purchase_return")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub purchase_id: i64,
    /// What the supplier takes off what is owed, for all lines together.
    pub credit: Rupiah,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    pub person_id: i64,
    #[sea_orm(unique, column_type = "Text")]
    pub source_key: String,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
