//! What goes back of a sale in one way.
use sea_orm::entity::prelude::*;

use crate::Rupiah;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "till_return_tender")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub till_return_id: i64,
    pub by: super::sale_tender::By,
    pub amount: Rupiah,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::till_return::Entity",
        from = "Column::TillReturnId",
        to = "super::till_return::Column::Id"
    )]
    Return,
}

impl Related<super::till_return::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Return.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
