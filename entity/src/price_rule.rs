//! How the price of an item is made; without a row it is what a person last said.
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Rupiah;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// What the last purchase cost, and a margin.
    #[sea_orm(string_value = "cost_plus")]
    CostPlus,
    /// What a person says.
    #[sea_orm(string_value = "fixed")]
    Fixed,
    /// What the goods in store cost on average, and a margin.
    #[sea_orm(string_value = "pooled")]
    Pooled,
}

/// To which coins the price is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum Step {
    #[sea_orm(string_value = "hundred")]
    Hundred,
    #[sea_orm(string_value = "five_hundred")]
    FiveHundred,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "price_rule")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(unique)]
    pub item_id: i64,
    pub rule: Rule,
    /// Hundredths of a percent of the cost.
    pub margin_bp: i64,
    pub fixed_price: Option<Rupiah>,
    pub step: Step,
    /// For how many weeks of sales goods shall lie in store.
    pub cover_weeks: i64,
    pub person_id: Option<i64>,
    pub set_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
