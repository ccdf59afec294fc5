//! One try at paying, under an order id of its own at the provider.
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{Rupiah, order::Method};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum State {
    #[sea_orm(string_value = "created")]
    Created,
    #[sea_orm(string_value = "pending")]
    Pending,
    #[sea_orm(string_value = "paid")]
    Paid,
    #[sea_orm(string_value = "closed")]
    Closed,
    #[sea_orm(string_value = "reversed")]
    Reversed,
    #[sea_orm(string_value = "refunded")]
    Refunded,
    #[sea_orm(string_value = "disputed")]
    Disputed,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payment_attempt")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(column_type = "Text")]
    pub subject: String,
    #[sea_orm(unique, column_type = "Text")]
    pub provider_order_id: String,
    pub method: Method,
    pub amount: Rupiah,
    /// What the provider is told of the bill: lines, buyer, where to return to.
    #[sea_orm(column_type = "JsonBinary")]
    pub details: Json,
    pub state: State,
    pub fetch_seq: i64,
    pub applied_seq: i64,
    pub checks: i64,
    /// Answers in a row that do not fit the state.
    pub doubts: i64,
    /// How often money was taken back after it had been settled.
    pub reversals: i64,
    pub next_check_at: Option<DateTimeUtc>,
    pub expires_at: DateTimeUtc,
    #[sea_orm(column_type = "Text")]
    pub token: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub redirect_url: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub qr_string: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub va_number: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub bill_key: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub biller_code: Option<String>,
    /// The transaction the money came by.
    #[sea_orm(column_type = "Text")]
    pub paid_by: Option<String>,
    pub created_at: DateTimeUtc,
    pub paid_at: Option<DateTimeUtc>,
    /// It paid its part of a bill that is paid in parts: another may be opened for the same subject.
    pub settled: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
