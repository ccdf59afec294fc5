//! So much of one line of a purchase that went back.
use sea_orm::entity::prelude::*;

use crate::Rupiah;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "purchase_return_line")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub return_id: i64,
    /// The line of the purchase.
    pub line_id: i64,
    /// In what the item counts.
    pub quantity: i64,
    pub credit: Rupiah,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::purchase_return::Entity",
        from = "Column::ReturnId",
        to = "super::purchase_return::Column::Id"
    )]
    Return,
}

impl Related<super::purchase_return::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Return.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
