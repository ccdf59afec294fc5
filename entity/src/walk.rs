//! The order in which an outlet walks its neighbourhoods.
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "walk")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub outlet_id: i64,
    #[sea_orm(column_type = "Text")]
    pub dusun: String,
    #[sea_orm(column_type = "Text")]
    pub rw: String,
    #[sea_orm(column_type = "Text")]
    pub rt: String,
    pub position: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
