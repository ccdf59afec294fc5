//! What a part of a sale was paid with.
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Rupiah;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum By {
    #[sea_orm(string_value = "cash")]
    Cash,
    /// By a bill of the counter that was paid.
    #[sea_orm(string_value = "qris")]
    Qris,
    /// By a card of social aid, at the bank's own machine.
    #[sea_orm(string_value = "bansos")]
    Bansos,
    /// Written on a member's account.
    #[sea_orm(string_value = "account")]
    Account,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sale_tender")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub sale_id: i64,
    pub by: By,
    pub amount: Rupiah,
    /// What was handed over in cash.
    pub received: Option<Rupiah>,
    pub bill_id: Option<i64>,
    /// What the bank's machine or the buyer's bank calls it.
    #[sea_orm(column_type = "Text")]
    pub reference: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::sale::Entity", from = "Column::SaleId", to = "super::sale::Column::Id")]
    Sale,
}

impl Related<super::sale::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Sale.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
