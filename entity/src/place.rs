//! Where goods stand.
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// At the outlet: what the shop sells.
    #[sea_orm(string_value = "shelf")]
    Shelf,
    /// With a kiosk elsewhere, on consignment.
    #[sea_orm(string_value = "kiosk")]
    Kiosk,
    /// Behind the shop, until the shelf needs it.
    #[sea_orm(string_value = "store")]
    Store,
    /// Kept for dear times; not sold from.
    #[sea_orm(string_value = "reserve")]
    Reserve,
    /// Past its day: not sold, to be thrown away or sent back.
    #[sea_orm(string_value = "expired")]
    Expired,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "place")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub outlet_id: i64,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    pub created_at: DateTimeUtc,
    pub kind: Kind,
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
