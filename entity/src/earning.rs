//! What pieces of one lot brought in one sale, and whose each rupiah is: frozen when they were sold. Pieces that come
//! back are a row of their own with less than nothing in it, so that all rows of a household sum to what it earned.
use sea_orm::entity::prelude::*;

use crate::{Rupiah, lot::Terms};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "earning")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub outlet_id: i64,
    /// What sold them: "order:12", "sale:3", "visit:7".
    #[sea_orm(column_type = "Text")]
    pub subject: String,
    /// What people call it: K-2611-0042.
    #[sea_orm(column_type = "Text")]
    pub document: String,
    /// The entry of the money ledger that it is part of.
    #[sea_orm(column_type = "Text")]
    pub entry_key: String,
    pub lot_id: i64,
    pub item_id: i64,
    /// Whose goods they are or were.
    pub crafter_id: Option<i64>,
    pub terms: Terms,
    pub quantity: i64,
    pub unit_price: Rupiah,
    pub maker_total: Rupiah,
    pub outlet_total: Rupiah,
    pub group_total: Rupiah,
    /// What bought pieces had cost the outlet; zero for consigned ones.
    pub cost_total: Rupiah,
    pub at: DateTimeUtc,
    /// When the sale was undone: all of its goods came back.
    pub undone_at: Option<DateTimeUtc>,
    /// Whether a crafter stands behind the product: what the outlet keeps is a fee then, and else its own sale.
    pub crafted: bool,
    /// The row whose pieces came back: quantity and sums here are less than nothing.
    pub undoes_id: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::outlet::Entity", from = "Column::OutletId", to = "super::outlet::Column::Id")]
    Outlet,
    #[sea_orm(belongs_to = "super::lot::Entity", from = "Column::LotId", to = "super::lot::Column::Id")]
    Lot,
    #[sea_orm(belongs_to = "super::item::Entity", from = "Column::ItemId", to = "super::item::Column::Id")]
    Item,
    #[sea_orm(belongs_to = "super::crafter::Entity", from = "Column::CrafterId", to = "super::crafter::Column::Id")]
    Crafter,
}

impl Related<super::outlet::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Outlet.def()
    }
}

impl Related<super::lot::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Lot.def()
    }
}

impl Related<super::item::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Item.def()
    }
}

impl Related<super::crafter::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Crafter.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
