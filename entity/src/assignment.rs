//! What one household is asked to make of a commission, and its answer. What was handed in is read from the intakes.
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Rupiah;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum State {
    #[sea_orm(string_value = "offered")]
    Offered,
    #[sea_orm(string_value = "accepted")]
    Accepted,
    #[sea_orm(string_value = "declined")]
    Declined,
    /// Nobody answered in time; counts as declined.
    #[sea_orm(string_value = "silent")]
    Silent,
    /// Not wanted any more.
    #[sea_orm(string_value = "released")]
    Released,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assignment")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub commission_id: i64,
    pub crafter_id: i64,
    /// Which round of offers it came with; the first is 1.
    pub round: i64,
    /// How many they were asked for.
    pub offered: i64,
    /// How many are theirs to make: as asked for until they answer, then as they said.
    pub pieces: i64,
    pub state: State,
    pub price: Rupiah,
    pub due_on: Date,
    pub answer_by: DateTimeUtc,
    /// Names its page for whoever holds the link.
    #[sea_orm(unique, column_type = "Text")]
    pub secret: String,
    pub offered_at: DateTimeUtc,
    pub answered_at: Option<DateTimeUtc>,
    /// The operator who answered for them; empty when they tapped themselves.
    pub answered_by: Option<i64>,
    /// Why it was taken back or made smaller: the key of words, or what the operator wrote.
    #[sea_orm(column_type = "Text")]
    pub reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::commission::Entity",
        from = "Column::CommissionId",
        to = "super::commission::Column::Id"
    )]
    Commission,
    #[sea_orm(belongs_to = "super::crafter::Entity", from = "Column::CrafterId", to = "super::crafter::Column::Id")]
    Crafter,
}

impl Related<super::commission::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Commission.def()
    }
}

impl Related<super::crafter::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Crafter.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
