//! What came back of a sale of the till, and what was given for it.
use sea_orm::entity::prelude::*;

use crate::Rupiah;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "till_return")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub outlet_id: i64,
    pub sale_id: i64,
    pub shift_id: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    pub amount: Rupiah,
    pub person_id: i64,
    /// Who agreed, when it was much.
    pub second_id: Option<i64>,
    #[sea_orm(unique, column_type = "Text")]
    pub source_key: String,
    pub at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::sale::Entity", from = "Column::SaleId", to = "super::sale::Column::Id")]
    Sale,
    #[sea_orm(has_many = "super::till_return_line::Entity")]
    Line,
    #[sea_orm(has_many = "super::till_return_tender::Entity")]
    Tender,
}

impl Related<super::sale::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Sale.def()
    }
}

impl Related<super::till_return_line::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Line.def()
    }
}

impl Related<super::till_return_tender::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Tender.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
