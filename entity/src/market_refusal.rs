//! Somebody asked for more than a family may have, and was told when there is more.
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "market_refusal")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub market_id: i64,
    pub family_id: Option<i64>,
    pub item_id: Option<i64>,
    /// "ticket" when they had a place in the queue already, "quota" when they had bought.
    #[sea_orm(column_type = "Text")]
    pub why: String,
    pub asked: i64,
    pub at: DateTimeUtc,
    #[sea_orm(column_type = "Text", unique)]
    pub source_key: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::market::Entity", from = "Column::MarketId", to = "super::market::Column::Id")]
    Market,
}

impl Related<super::market::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Market.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
