//! An e-warong: one counter, one stock, one till.
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Rupiah;

/// Where an outlet stands, as the rules for rice divide the country.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum PriceZone {
    #[sea_orm(string_value = "one")]
    One,
    #[sea_orm(string_value = "two")]
    Two,
    #[sea_orm(string_value = "three")]
    Three,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outlet")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub village_id: i64,
    #[sea_orm(unique, column_type = "Text")]
    pub slug: String,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    #[sea_orm(column_type = "Text")]
    pub phone: String,
    #[sea_orm(column_type = "Text")]
    pub address: String,
    #[sea_orm(column_type = "Text")]
    pub rt: String,
    #[sea_orm(column_type = "Text")]
    pub rw: String,
    #[sea_orm(column_type = "Text")]
    pub hours: String,
    pub maker_bp: i64,
    pub outlet_bp: i64,
    pub group_bp: i64,
    pub cod_max: Rupiah,
    /// The most that one crafter owes at once for what was given in advance.
    pub advance_max: Rupiah,
    #[sea_orm(column_type = "Text")]
    pub bank_name: String,
    #[sea_orm(column_type = "Text")]
    pub bank_account: String,
    #[sea_orm(column_type = "Text")]
    pub bank_holder: String,
    pub created_at: DateTimeUtc,
    pub price_zone: PriceZone,
    /// Whether the price board shows what goods cost the outlet.
    pub shows_cost: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::village::Entity", from = "Column::VillageId", to = "super::village::Column::Id")]
    Village,
}

impl Related<super::village::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Village.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
