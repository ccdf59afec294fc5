//! Pieces of a sale over the counter that came back, and the money that went back for them.
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Rupiah;

/// Who bears pieces that came back broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum Bearer {
    /// They were not made as they should be: nobody earned anything by them.
    #[sea_orm(string_value = "maker")]
    Maker,
    /// They broke in other hands: the maker keeps the share.
    #[sea_orm(string_value = "outlet")]
    Outlet,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sale_return")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub sale_id: i64,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    /// None when nothing was broken.
    pub borne_by: Option<Bearer>,
    pub amount: Rupiah,
    pub person_id: i64,
    #[sea_orm(column_type = "Text", unique)]
    pub source_key: String,
    pub at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::sale::Entity", from = "Column::SaleId", to = "super::sale::Column::Id")]
    Sale,
    #[sea_orm(belongs_to = "super::person::Entity", from = "Column::PersonId", to = "super::person::Column::Id")]
    Person,
    #[sea_orm(has_many = "super::sale_return_line::Entity")]
    Line,
}

impl Related<super::sale_return_line::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Line.def()
    }
}

impl Related<super::sale::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Sale.def()
    }
}

impl Related<super::person::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Person.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
