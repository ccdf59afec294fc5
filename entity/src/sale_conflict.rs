//! What was odd about a sale made without signal, for a person to look at.
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Sold at a price that had been replaced.
    #[sea_orm(string_value = "old_price")]
    OldPrice,
    /// More than the law allowed on that day.
    #[sea_orm(string_value = "above_ceiling")]
    AboveCeiling,
    /// More than the books said there was.
    #[sea_orm(string_value = "below_zero")]
    BelowZero,
    /// Goods that were promised to an order.
    #[sea_orm(string_value = "promised")]
    Promised,
    /// Only expired goods were left.
    #[sea_orm(string_value = "expired")]
    Expired,
    /// More than a family may have.
    #[sea_orm(string_value = "quota")]
    Quota,
    /// More than a member may owe.
    #[sea_orm(string_value = "limit")]
    Limit,
    /// Goods that were withdrawn meanwhile.
    #[sea_orm(string_value = "withdrawn")]
    Withdrawn,
    /// Told after its shift was closed.
    #[sea_orm(string_value = "late_in_shift")]
    LateInShift,
    /// The till's clock was far off.
    #[sea_orm(string_value = "clock")]
    Clock,
    /// Its bill was not paid, or paid another sale.
    #[sea_orm(string_value = "bill")]
    Bill,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sale_conflict")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub outlet_id: i64,
    pub sale_id: i64,
    pub kind: Kind,
    #[sea_orm(column_type = "JsonBinary")]
    pub detail: Json,
    pub at: DateTimeUtc,
    pub seen_by: Option<i64>,
    pub seen_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text")]
    pub note: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::sale::Entity", from = "Column::SaleId", to = "super::sale::Column::Id")]
    Sale,
}

impl Related<super::sale::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Sale.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
