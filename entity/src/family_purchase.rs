//! What a family had of goods with a limit or of an operasi pasar; less than nothing when it came back.
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "family_purchase")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// None when no card was shown.
    pub family_id: Option<i64>,
    pub outlet_id: i64,
    pub sale_id: Option<i64>,
    pub market_id: Option<i64>,
    pub item_id: i64,
    /// What its limit is about; none when only the market counts it.
    #[sea_orm(column_type = "Text")]
    pub commodity: Option<String>,
    /// In what the item counts.
    pub quantity: i64,
    /// The same in the grams or millilitres of the limit.
    pub content: i64,
    pub at: DateTimeUtc,
    #[sea_orm(column_type = "Text", unique)]
    pub source_key: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::family::Entity", from = "Column::FamilyId", to = "super::family::Column::Id")]
    Family,
    #[sea_orm(belongs_to = "super::market::Entity", from = "Column::MarketId", to = "super::market::Column::Id")]
    Market,
}

impl Related<super::family::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Family.def()
    }
}

impl Related<super::market::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Market.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
