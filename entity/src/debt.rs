//! Something a crafter was given before it was earned: material, or cash.
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Rupiah;

/// What was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Bamboo, rattan, dye: paid back as the pieces made of it are sold.
    #[sea_orm(string_value = "material")]
    Material,
    #[sea_orm(string_value = "cash")]
    Cash,
}

/// What the outlet gave it out of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum Source {
    #[sea_orm(string_value = "cash")]
    Cash,
    #[sea_orm(string_value = "bank")]
    Bank,
    /// From what the outlet has in store: a sale on credit.
    #[sea_orm(string_value = "stock")]
    Stock,
}

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Another person must say yes first; nothing has been given.
    #[sea_orm(string_value = "asked")]
    Asked,
    /// Given, and owed until it is paid back.
    #[sea_orm(string_value = "given")]
    Given,
    /// Not given.
    #[sea_orm(string_value = "refused")]
    Refused,
    /// Given by mistake, and taken back whole.
    #[sea_orm(string_value = "undone")]
    Undone,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "debt")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub outlet_id: i64,
    pub crafter_id: i64,
    pub kind: Kind,
    pub source: Source,
    pub amount: Rupiah,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    /// Its place in the order of setting off that the crafter agreed to; the lowest comes first.
    pub position: i64,
    /// The most that may be set off in one payout, if that was agreed.
    pub most_per_payout: Option<Rupiah>,
    pub state: State,
    pub asked_by: i64,
    pub asked_at: DateTimeUtc,
    pub decided_by: Option<i64>,
    pub decided_at: Option<DateTimeUtc>,
    /// Why it was refused or undone.
    #[sea_orm(column_type = "Text")]
    pub note: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::outlet::Entity", from = "Column::OutletId", to = "super::outlet::Column::Id")]
    Outlet,
    #[sea_orm(belongs_to = "super::crafter::Entity", from = "Column::CrafterId", to = "super::crafter::Column::Id")]
    Crafter,
}

impl Related<super::outlet::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Outlet.def()
    }
}

impl Related<super::crafter::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Crafter.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
