//! So many pieces of one size at one price, in a sale over the counter.
use sea_orm::entity::prelude::*;

use crate::{Rupiah, lot::Grade};

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
