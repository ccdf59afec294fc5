//! So much of a line of a sale that came back.
use sea_orm::entity::prelude::*;

use crate::{Rupiah, sale_return::Bearer};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "till_return_line")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub till_return_id: i64,
    pub sale_line_id: i64,
    pub quantity: i64,
    /// Whether it can be sold again.
    pub is_good: bool,
    pub amount: Rupiah,
    /// What these pieces had brought their household; none for bought goods.
    pub earning_id: Option<i64>,
    /// Who bears a household's pieces that came back broken.
    pub borne_by: Option<Bearer>,
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
