//! Money for one payee of a run.
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Rupiah;

/// How the money goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// From the outlet's bank account, by hand.
    #[sea_orm(string_value = "transfer")]
    Transfer,
    /// From the drawer, hand to hand.
    #[sea_orm(string_value = "cash")]
    Cash,
    /// From the payout balance at Midtrans.
    #[sea_orm(string_value = "midtrans")]
    Midtrans,
}

/// How far a payout has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Reserved; the run is not approved yet.
    #[sea_orm(string_value = "waiting")]
    Waiting,
    /// May go out, or is on its way.
    #[sea_orm(string_value = "approved")]
    Approved,
    /// With the payee, as far as anybody knows.
    #[sea_orm(string_value = "paid")]
    Paid,
    /// Did not arrive, or came back: owed again.
    #[sea_orm(string_value = "failed")]
    Failed,
    /// The run was called off: owed again.
    #[sea_orm(string_value = "dropped")]
    Dropped,
}

/// What shows that the payee had cash in hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// They typed their own PIN.
    #[sea_orm(string_value = "pin")]
    Pin,
    /// Their face or thumb was photographed.
    #[sea_orm(string_value = "photo")]
    Photo,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payout")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub run_id: i64,
    pub outlet_id: i64,
    /// The code of the account in the books, as "crafter:12".
    #[sea_orm(column_type = "Text")]
    pub payee: String,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    pub amount: Rupiah,
    pub way: Way,
    /// The account as it was when the run was made.
    #[sea_orm(column_type = "Text")]
    pub bank: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub number: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub holder: Option<String>,
    pub state: State,
    /// What the bank or the provider calls the transfer; once an outlet.
    #[sea_orm(column_type = "Text")]
    pub reference: Option<String>,
    /// Who took the cash.
    #[sea_orm(column_type = "Text")]
    pub receiver: Option<String>,
    /// What shows that they took it; none for cash that was paid before this was asked.
    pub proof: Option<Shown>,
    #[sea_orm(column_type = "Text")]
    pub reason: Option<String>,
    pub paid_at: Option<DateTimeUtc>,
    pub ended_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::payout_run::Entity", from = "Column::RunId", to = "super::payout_run::Column::Id")]
    Run,
}

impl Related<super::payout_run::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Run.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
