//! A phone that may work for an outlet without signal. Its key is not kept: it is drawn from the secret and the id.
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "device")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub outlet_id: i64,
    /// Who registered it.
    pub person_id: i64,
    /// The session it was last seen in; ended with the device.
    pub session_id: Option<i64>,
    /// What the phone calls itself, made by it at random.
    #[sea_orm(unique, column_type = "Text")]
    pub install: String,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// Browser and system.
    #[sea_orm(column_type = "Text")]
    pub model: String,
    pub created_at: DateTimeUtc,
    /// When it last sent something; empty until its key was used once.
    pub seen_at: Option<DateTimeUtc>,
    /// How far its clock was ahead of ours when it last sent something.
    pub clock_ahead_ms: i64,
    pub revoked_at: Option<DateTimeUtc>,
    pub revoked_by: Option<i64>,
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
