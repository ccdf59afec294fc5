//! One size of a product: what a basket, a lot and a stock level count.
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Rupiah;

/// What a quantity of an item counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    #[sea_orm(string_value = "piece")]
    Piece,
    /// Loose goods by weight; the price is for a kilogram.
    #[sea_orm(string_value = "gram")]
    Gram,
    /// Loose goods by volume; the price is for a litre.
    #[sea_orm(string_value = "millilitre")]
    Millilitre,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "item")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub product_id: i64,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    pub price: Rupiah,
    pub length_mm: i64,
    pub width_mm: i64,
    pub height_mm: i64,
    pub weight_grams: i64,
    pub nests: i64,
    pub position: i64,
    pub archived_at: Option<DateTimeUtc>,
    pub measure: Measure,
    /// What is in one piece, in `content_unit`; 0 when nobody said.
    pub content: i64,
    pub content_unit: Measure,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::product::Entity", from = "Column::ProductId", to = "super::product::Column::Id")]
    Product,
}

impl Related<super::product::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Product.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
