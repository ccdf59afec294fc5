//! Craft goods that were sold over the counter.
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Rupiah;

/// How a sale was paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum Method {
    #[sea_orm(string_value = "cash")]
    Cash,
    /// To the outlet's bank account, with a reference.
    #[sea_orm(string_value = "transfer")]
    Transfer,
    /// By a bill of the counter that was paid before.
    #[sea_orm(string_value = "qris")]
    Qris,
    /// At a till, as its tenders say.
    #[sea_orm(string_value = "till")]
    Till,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sale")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub outlet_id: i64,
    /// Names the receipt: whoever has its link or code sees it.
    #[sea_orm(column_type = "Text", unique)]
    pub secret: String,
    pub method: Method,
    /// What the bank calls a transfer.
    #[sea_orm(column_type = "Text")]
    pub reference: Option<String>,
    /// The bill it was paid by, when it was paid by QRIS.
    #[sea_orm(unique)]
    pub bill_id: Option<i64>,
    pub total: Rupiah,
    /// Who sold it.
    pub person_id: i64,
    /// Names the sale once and for all.
    #[sea_orm(column_type = "Text", unique)]
    pub source_key: String,
    pub sold_at: DateTimeUtc,
    pub shift_id: Option<i64>,
    /// What the till called it: "K3-0042".
    #[sea_orm(column_type = "Text")]
    pub till_number: Option<String>,
    pub member_id: Option<i64>,
    pub family_id: Option<i64>,
    /// How old the prices were that the till went by.
    pub prices_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::outlet::Entity", from = "Column::OutletId", to = "super::outlet::Column::Id")]
    Outlet,
    #[sea_orm(belongs_to = "super::person::Entity", from = "Column::PersonId", to = "super::person::Column::Id")]
    Person,
}

impl Related<super::outlet::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Outlet.def()
    }
}

impl Related<super::person::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Person.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
