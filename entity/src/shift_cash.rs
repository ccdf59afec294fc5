//! Money put into a drawer or taken out of it without a sale.
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Rupiah;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// From the outlet's cash box.
    #[sea_orm(string_value = "in")]
    In,
    /// Into the outlet's cash box.
    #[sea_orm(string_value = "out")]
    Out,
    /// For small things the outlet needs.
    #[sea_orm(string_value = "spent")]
    Spent,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "shift_cash")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub shift_id: i64,
    pub way: Way,
    pub amount: Rupiah,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    pub person_id: i64,
    #[sea_orm(unique, column_type = "Text")]
    pub source_key: String,
    pub at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::shift::Entity", from = "Column::ShiftId", to = "super::shift::Column::Id")]
    Shift,
}

impl Related<super::shift::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Shift.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
