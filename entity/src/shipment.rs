//! The ship or truck an order goes with.
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "shipment")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(unique)]
    pub order_id: i64,
    pub sailing_id: i64,
    pub chosen_by: i64,
    pub chosen_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::order::Entity", from = "Column::OrderId", to = "super::order::Column::Id")]
    Order,
    #[sea_orm(belongs_to = "super::sailing::Entity", from = "Column::SailingId", to = "super::sailing::Column::Id")]
    Sailing,
}

impl Related<super::order::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Order.def()
    }
}

impl Related<super::sailing::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Sailing.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
