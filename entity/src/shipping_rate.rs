//! What a courier service asks for a zone: the first step of weight, then each further one.
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Rupiah;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum Zone {
    #[sea_orm(string_value = "same_village")]
    SameVillage,
    #[sea_orm(string_value = "jember")]
    Jember,
    #[sea_orm(string_value = "java")]
    Java,
    #[sea_orm(string_value = "madura_bali")]
    MaduraBali,
    #[sea_orm(string_value = "other_islands")]
    OtherIslands,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "shipping_rate")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub courier_service_id: i64,
    pub zone: Zone,
    pub base: Rupiah,
    pub per_step: Rupiah,
    pub days_min: i64,
    pub days_max: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::courier_service::Entity",
        from = "Column::CourierServiceId",
        to = "super::courier_service::Column::Id"
    )]
    CourierService,
}

impl Related<super::courier_service::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CourierService.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
