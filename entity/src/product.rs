//! What is shown and sold; its sizes are items.
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Rupiah;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum State {
    #[sea_orm(string_value = "draft")]
    Draft,
    #[sea_orm(string_value = "submitted")]
    Submitted,
    #[sea_orm(string_value = "published")]
    Published,
    #[sea_orm(string_value = "withdrawn")]
    Withdrawn,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    #[sea_orm(string_value = "piece")]
    Piece,
    #[sea_orm(string_value = "square_metre")]
    SquareMetre,
    #[sea_orm(string_value = "pack")]
    Pack,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "product")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub outlet_id: i64,
    pub crafter_id: Option<i64>,
    pub category_id: i64,
    #[sea_orm(unique, column_type = "Text")]
    pub slug: String,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    #[sea_orm(column_type = "Text")]
    pub description: String,
    #[sea_orm(column_type = "Text")]
    pub search: String,
    pub state: State,
    pub unit: Unit,
    pub maker_bp: i64,
    pub outlet_bp: i64,
    pub group_bp: i64,
    pub days_to_make: Option<i64>,
    pub pieces_per_week: Option<i64>,
    /// What the maker says is ready at home; the shelf counts what was handed in.
    pub pieces_ready: Option<i64>,
    pub pickup_only: bool,
    #[sea_orm(column_type = "Text")]
    pub cover: Option<String>,
    pub price_min: Rupiah,
    pub price_max: Rupiah,
    #[sea_orm(column_type = "Text")]
    pub note: Option<String>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub published_at: Option<DateTimeUtc>,
    /// What the rows of the law call it: "beras medium".
    #[sea_orm(column_type = "Text")]
    pub commodity: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::outlet::Entity", from = "Column::OutletId", to = "super::outlet::Column::Id")]
    Outlet,
    #[sea_orm(belongs_to = "super::crafter::Entity", from = "Column::CrafterId", to = "super::crafter::Column::Id")]
    Crafter,
    #[sea_orm(belongs_to = "super::category::Entity", from = "Column::CategoryId", to = "super::category::Column::Id")]
    Category,
}

impl Related<super::outlet::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Outlet.def()
    }
}

impl Related<super::crafter::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Crafter.def()
    }
}

impl Related<super::category::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Category.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
