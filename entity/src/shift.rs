//! From the opening of a till's drawer until it is counted and closed.
use sea_orm::entity::prelude::*;

use crate::Rupiah;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "shift")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub outlet_id: i64,
    pub device_id: Option<i64>,
    /// Made by the till, at random.
    #[sea_orm(unique, column_type = "Text")]
    pub key: String,
    pub opened_by: i64,
    pub opened_at: DateTimeUtc,
    /// What lay in the drawer when it began; none until the till has said it.
    pub float: Option<Rupiah>,
    pub closed_by: Option<i64>,
    pub closed_at: Option<DateTimeUtc>,
    /// How many of each note and coin were counted.
    #[sea_orm(column_type = "JsonBinary")]
    pub notes: Option<Json>,
    /// What should have been in the drawer when it was counted.
    pub expected: Option<Rupiah>,
    pub counted: Option<Rupiah>,
    /// Why it was not the same.
    #[sea_orm(column_type = "Text")]
    pub explanation: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::outlet::Entity", from = "Column::OutletId", to = "super::outlet::Column::Id")]
    Outlet,
}

impl Related<super::outlet::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Outlet.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
