//! A visit to a kiosk: what was counted there and what cash came, as one document. Without lines it is cash alone.
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    Rupiah,
    kiosk::{Bearer, PaysAt},
};

/// How a kiosk's money came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum Method {
    #[sea_orm(string_value = "cash")]
    Cash,
    /// To the outlet's bank account.
    #[sea_orm(string_value = "transfer")]
    Transfer,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "kiosk_visit")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub kiosk_id: i64,
    /// The terms as they were on that day.
    pub damage_by: Bearer,
    pub pays_at: PaysAt,
    /// What the kiosk owes for what was counted in this visit, its commission taken off.
    pub owed: Rupiah,
    /// What it keeps.
    pub commission: Rupiah,
    pub collected: Rupiah,
    pub method: Method,
    #[sea_orm(column_type = "Text")]
    pub reference: Option<String>,
    /// Why pieces that are missing are not owed by the kiosk.
    #[sea_orm(column_type = "Text")]
    pub reason: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub note: Option<String>,
    pub person_id: i64,
    /// Made on the phone: the same visit sent again is the same visit.
    #[sea_orm(column_type = "Text", unique)]
    pub source_key: String,
    #[sea_orm(column_type = "Text")]
    pub content_hash: String,
    /// What the phone said.
    pub visited_at: DateTimeUtc,
    pub recorded_at: DateTimeUtc,
    pub voided_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text")]
    pub void_reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::kiosk::Entity", from = "Column::KioskId", to = "super::kiosk::Column::Id")]
    Kiosk,
    #[sea_orm(belongs_to = "super::person::Entity", from = "Column::PersonId", to = "super::person::Column::Id")]
    Person,
    #[sea_orm(has_many = "super::kiosk_visit_line::Entity")]
    Line,
}

impl Related<super::kiosk_visit_line::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Line.def()
    }
}

impl Related<super::kiosk::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Kiosk.def()
    }
}

impl Related<super::person::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Person.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
