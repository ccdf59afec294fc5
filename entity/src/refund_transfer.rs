//! Money that a person sends back to a buyer: one makes it, another says yes, then it is sent with its proof.
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Rupiah;

/// How it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum Way {
    #[sea_orm(string_value = "transfer")]
    Transfer,
    #[sea_orm(string_value = "cash")]
    Cash,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Made; somebody else must say yes.
    #[sea_orm(string_value = "proposed")]
    Proposed,
    /// May be sent.
    #[sea_orm(string_value = "approved")]
    Approved,
    /// The money has gone.
    #[sea_orm(string_value = "sent")]
    Sent,
    /// Called off before any money went.
    #[sea_orm(string_value = "refused")]
    Refused,
    /// The bank sent it back to us: it is owed again.
    #[sea_orm(string_value = "returned")]
    Returned,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refund_transfer")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub order_id: i64,
    pub outlet_id: i64,
    pub amount: Rupiah,
    pub way: Way,
    #[sea_orm(column_type = "Text")]
    pub bank: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub number: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub holder: Option<String>,
    pub state: State,
    #[sea_orm(column_type = "Text")]
    pub note: Option<String>,
    pub maker_id: i64,
    pub made_at: DateTimeUtc,
    pub checker_id: Option<i64>,
    pub checked_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text")]
    pub reference: Option<String>,
    pub sender_id: Option<i64>,
    pub sent_at: Option<DateTimeUtc>,
    pub ended_by: Option<i64>,
    pub ended_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text")]
    pub ended_reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::order::Entity", from = "Column::OrderId", to = "super::order::Column::Id")]
    Order,
}

impl Related<super::order::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Order.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
