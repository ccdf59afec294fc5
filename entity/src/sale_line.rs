//! So many pieces of one size at one price, in a sale over the counter.
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{Rupiah, item::Measure, lot::Grade};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum PriceOf {
    /// What the shop had posted, or at the counter what a person wrote with a reason.
    #[default]
    #[sea_orm(string_value = "posted")]
    Posted,
    /// Cheaper, because it must be sold soon.
    #[sea_orm(string_value = "markdown")]
    Markdown,
    /// Of an operasi pasar.
    #[sea_orm(string_value = "market")]
    Market,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sale_line")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub sale_id: i64,
    pub item_id: i64,
    /// What it was called when it was sold.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// Only of this grade, when the buyer asked for one.
    pub grade: Option<Grade>,
    pub quantity: i64,
    /// What the shop asked for at that moment.
    pub list_price: Rupiah,
    pub unit_price: Rupiah,
    /// Why it was sold for less.
    #[sea_orm(column_type = "Text")]
    pub reason: Option<String>,
    /// Of the whole line.
    pub amount: Rupiah,
    /// What `quantity` counts.
    pub measure: Measure,
    pub price_of: PriceOf,
    pub markdown_id: Option<i64>,
    pub market_id: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::sale::Entity", from = "Column::SaleId", to = "super::sale::Column::Id")]
    Sale,
    #[sea_orm(belongs_to = "super::item::Entity", from = "Column::ItemId", to = "super::item::Column::Id")]
    Item,
}

impl Related<super::sale::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Sale.def()
    }
}

impl Related<super::item::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Item.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
