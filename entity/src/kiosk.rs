//! A shop elsewhere that sells goods for the outlet on consignment, and what was agreed with it.
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// Who bears what breaks in a kiosk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum Bearer {
    /// It owes them as if it had sold them.
    #[sea_orm(string_value = "kiosk")]
    Kiosk,
    /// The outlet pays the makers as if they had been sold.
    #[sea_orm(string_value = "outlet")]
    Outlet,
    /// They were the makers' until they were sold.
    #[sea_orm(string_value = "maker")]
    Maker,
}

/// When the makers' part of what a kiosk sold is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum PaysAt {
    /// As soon as a visit has counted it as sold.
    #[sea_orm(string_value = "sale")]
    Sale,
    /// When the kiosk's cash covers it, the oldest first.
    #[sea_orm(string_value = "cash")]
    Cash,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "kiosk")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub outlet_id: i64,
    /// Where its goods stand.
    pub place_id: i64,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// Who looks after it.
    #[sea_orm(column_type = "Text")]
    pub keeper: String,
    /// 62…
    #[sea_orm(column_type = "Text")]
    pub phone: String,
    #[sea_orm(column_type = "Text")]
    pub town: String,
    /// The kelurahan or village: 64.71.01.1001.
    #[sea_orm(column_type = "Text")]
    pub region_code: String,
    /// What the kiosk keeps of its price, in hundredths of a percent.
    pub commission_bp: i64,
    /// Who bears what breaks there.
    pub damage_by: Bearer,
    /// When the makers' part is due.
    pub pays_at: PaysAt,
    pub created_at: DateTimeUtc,
    /// Since when nothing goes there any more.
    pub closed_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::outlet::Entity", from = "Column::OutletId", to = "super::outlet::Column::Id")]
    Outlet,
    #[sea_orm(belongs_to = "super::place::Entity", from = "Column::PlaceId", to = "super::place::Column::Id")]
    Place,
}

impl Related<super::outlet::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Outlet.def()
    }
}

impl Related<super::place::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Place.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
