//! A row of the law that came after the program: a ceiling or a band with the days it holds for.
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Rupiah;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum Force {
    /// More may not be asked.
    #[sea_orm(string_value = "ceiling")]
    Ceiling,
    /// More is a reason to ask oneself why.
    #[sea_orm(string_value = "band")]
    Band,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    #[sea_orm(string_value = "national")]
    National,
    #[sea_orm(string_value = "one")]
    One,
    #[sea_orm(string_value = "two")]
    Two,
    #[sea_orm(string_value = "three")]
    Three,
    #[sea_orm(string_value = "east")]
    East,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum Per {
    #[sea_orm(string_value = "kilogram")]
    Kilogram,
    #[sea_orm(string_value = "litre")]
    Litre,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reference_price")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The village that wrote it for itself; none holds for all.
    pub village_id: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub commodity: String,
    pub force: Force,
    pub scope: Scope,
    pub low: Option<Rupiah>,
    pub high: Rupiah,
    pub per: Per,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
    #[sea_orm(column_type = "Text")]
    pub instrument: String,
    #[sea_orm(column_type = "Text")]
    pub note: String,
    #[sea_orm(column_type = "Text")]
    pub source: String,
    pub person_id: i64,
    pub created_at: DateTimeUtc,
    /// Whoever saw that it was written wrongly.
    pub withdrawn_by: Option<i64>,
    pub withdrawn_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
