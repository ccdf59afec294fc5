//! An e-warong: one counter, one stock, one till.
use sea_orm::entity::prelude::*;

use crate::Rupiah;

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
