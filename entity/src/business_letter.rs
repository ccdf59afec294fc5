//! A surat keterangan usaha (SKU): the village's word that a household runs a business, asked for, numbered, and checked
//! by whoever is shown it.
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// How far a letter has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum State {
    #[sea_orm(string_value = "asked")]
    Asked,
    /// Taken back before anybody decided.
    #[sea_orm(string_value = "withdrawn")]
    Withdrawn,
    #[sea_orm(string_value = "refused")]
    Refused,
    /// Numbered and good until its day.
    #[sea_orm(string_value = "issued")]
    Issued,
    #[sea_orm(string_value = "revoked")]
    Revoked,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "business_letter")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub village_id: i64,
    pub crafter_id: i64,
    pub state: State,
    /// The full name, as on the identity card.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    #[sea_orm(column_type = "Text")]
    pub dusun: String,
    #[sea_orm(column_type = "Text")]
    pub rt: String,
    #[sea_orm(column_type = "Text")]
    pub rw: String,
    /// What is made and sold.
    #[sea_orm(column_type = "Text")]
    pub business: String,
    /// The year it began, where that is known.
    pub since: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub purpose: Option<String>,
    pub asked_by: i64,
    pub asked_at: DateTimeUtc,
    pub decided_by: Option<i64>,
    pub decided_at: Option<DateTimeUtc>,
    /// Why it was refused or revoked.
    #[sea_orm(column_type = "Text")]
    pub reason: Option<String>,
    pub year: Option<i64>,
    /// Its place among the letters of its village and year.
    pub sequence: Option<i64>,
    #[sea_orm(unique, column_type = "Text")]
    pub number: Option<String>,
    /// Names the letter for whoever is shown it.
    #[sea_orm(unique, column_type = "Text")]
    pub secret: Option<String>,
    pub issued_on: Option<Date>,
    /// The last day on which it is good.
    pub valid_until: Option<Date>,
    /// Who signs.
    #[sea_orm(column_type = "Text")]
    pub head_name: Option<String>,
    pub revoked_by: Option<i64>,
    pub revoked_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::village::Entity", from = "Column::VillageId", to = "super::village::Column::Id")]
    Village,
    #[sea_orm(belongs_to = "super::crafter::Entity", from = "Column::CrafterId", to = "super::crafter::Column::Id")]
    Crafter,
}

impl Related<super::village::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Village.def()
    }
}

impl Related<super::crafter::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Crafter.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
