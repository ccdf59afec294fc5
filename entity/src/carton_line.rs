//! Pieces of an order line in a carton.
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "carton_line")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub carton_id: i64,
    pub order_line_id: i64,
    pub quantity: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::carton::Entity", from = "Column::CartonId", to = "super::carton::Column::Id")]
    Carton,
    #[sea_orm(
        belongs_to = "super::order_line::Entity",
        from = "Column::OrderLineId",
        to = "super::order_line::Column::Id"
    )]
    OrderLine,
}

impl Related<super::carton::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Carton.def()
    }
}

impl Related<super::order_line::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::OrderLine.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
