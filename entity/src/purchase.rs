//! Goods bought from a supplier on one day.
use sea_orm::entity::prelude::*;

use crate::Rupiah;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "purchase")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub outlet_id: i64,
    pub supplier_id: i64,
    /// What the supplier's own note is called.
    #[sea_orm(column_type = "Text")]
    pub note_number: Option<String>,
    /// May be before the day it was written.
    pub bought_on: Date,
    pub goods_total: Rupiah,
    pub freight: Rupiah,
    pub total: Rupiah,
    pub person_id: i64,
    #[sea_orm(unique, column_type = "Text")]
    pub source_key: String,
    pub created_at: DateTimeUtc,
    pub reversed_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text")]
    pub reverse_reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::supplier::Entity", from = "Column::SupplierId", to = "super::supplier::Column::Id")]
    Supplier,
}

impl Related<super::supplier::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Supplier.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
