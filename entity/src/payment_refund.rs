//! Money given back through the provider.
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Rupiah;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Written down; the provider may or may not have heard of it.
    #[sea_orm(string_value = "requested")]
    Requested,
    /// The provider will give the money back.
    #[sea_orm(string_value = "accepted")]
    Accepted,
    /// The bank has done so.
    #[sea_orm(string_value = "confirmed")]
    Confirmed,
    /// Nothing was given back.
    #[sea_orm(string_value = "denied")]
    Denied,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payment_refund")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub attempt_id: i64,
    #[sea_orm(column_type = "Text")]
    pub subject: String,
    #[sea_orm(unique, column_type = "Text")]
    pub refund_key: String,
    pub amount: Rupiah,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    pub state: State,
    #[sea_orm(column_type = "Text")]
    pub answer: Option<String>,
    pub person_id: Option<i64>,
    pub asked_at: DateTimeUtc,
    pub answered_at: Option<DateTimeUtc>,
    /// Since when the provider tells of it itself.
    pub told_at: Option<DateTimeUtc>,
    pub confirmed_at: Option<DateTimeUtc>,
    pub next_check_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::payment_attempt::Entity",
        from = "Column::AttemptId",
        to = "super::payment_attempt::Column::Id"
    )]
    Attempt,
}

impl Related<super::payment_attempt::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Attempt.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
