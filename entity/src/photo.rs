//! A picture on its way from a phone to the shop, or a proof of transfer.
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    #[sea_orm(string_value = "product")]
    Product,
    #[sea_orm(string_value = "crafter")]
    Crafter,
    #[sea_orm(string_value = "proof")]
    Proof,
    /// The slip of money that was sent back.
    #[sea_orm(string_value = "refund_proof")]
    RefundProof,
    /// What was handed in.
    #[sea_orm(string_value = "intake")]
    Intake,
    /// The face or thumb of somebody who took cash.
    #[sea_orm(string_value = "payout_proof")]
    PayoutProof,
    /// The note of what was bought in.
    #[sea_orm(string_value = "purchase")]
    Purchase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum State {
    #[sea_orm(string_value = "waiting")]
    Waiting,
    #[sea_orm(string_value = "ready")]
    Ready,
    #[sea_orm(string_value = "refused")]
    Refused,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "photo")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub subject: Subject,
    pub subject_id: i64,
    pub position: i64,
    pub state: State,
    #[sea_orm(unique, column_type = "Text")]
    pub name: String,
    pub width: Option<i64>,
    pub height: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub refusal: Option<String>,
    pub person_id: Option<i64>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
