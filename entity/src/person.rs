//! Somebody known by name; with a phone and a secret they can sign in.
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum Language {
    #[sea_orm(string_value = "id")]
    Id,
    #[sea_orm(string_value = "mad")]
    Mad,
    #[sea_orm(string_value = "en")]
    En,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "person")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    #[sea_orm(unique, column_type = "Text")]
    pub phone: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub secret_hash: Option<String>,
    /// A PIN that somebody else chose ends here; empty for one's own.
    pub secret_until: Option<DateTimeUtc>,
    pub language: Language,
    #[sea_orm(column_type = "Text")]
    pub totp_secret: Option<String>,
    pub totp_step: Option<i64>,
    pub failed_count: i64,
    pub locked_until: Option<DateTimeUtc>,
    pub disabled_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
