//! What came back of the pieces of one lot.
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sale_return_line")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub sale_return_id: i64,
    /// What these pieces had brought: names the lot they came from.
    pub earning_id: i64,
    /// Back in their lot.
    pub good: i64,
    /// Written off.
    pub broken: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::sale_return::Entity",
        from = "Column::SaleReturnId",
        to = "super::sale_return::Column::Id"
    )]
    SaleReturn,
    #[sea_orm(belongs_to = "super::earning::Entity", from = "Column::EarningId", to = "super::earning::Column::Id")]
    Earning,
}

impl Related<super::sale_return::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::SaleReturn.def()
    }
}

impl Related<super::earning::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Earning.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
