//! Money given to a supplier, or given back by one.
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Rupiah;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum Source {
    #[sea_orm(string_value = "cash")]
    Cash,
    #[sea_orm(string_value = "bank")]
    Bank,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "supplier_payment")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub supplier_id: i64,
    /// The purchase it was given at, if it was.
    pub purchase_id: Option<i64>,
    pub amount: Rupiah,
    /// The supplier gave it back.
    pub is_back: bool,
    /// What it came out of, or went into.
    pub source: Source,
    #[sea_orm(column_type = "Text")]
    pub reference: Option<String>,
    pub person_id: i64,
    #[sea_orm(unique, column_type = "Text")]
    pub source_key: String,
    pub paid_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
