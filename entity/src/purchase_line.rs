//! So many packs of one item, and what they cost.
use sea_orm::entity::prelude::*;

use crate::Rupiah;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "purchase_line")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub purchase_id: i64,
    pub item_id: i64,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    #[sea_orm(column_type = "Text")]
    pub pack_name: String,
    pub packs: i64,
    /// What was in a pack, in what the item counts.
    pub pack_quantity: i64,
    /// Of the whole line, without freight.
    pub price: Rupiah,
    /// Its part of the way here.
    pub freight: Rupiah,
    pub lot_id: i64,
}

impl Model {
    /// What came, in what the item counts.
    pub fn quantity(&self) -> i64 {
        self.packs * self.pack_quantity
    }

    /// What it cost with the way here.
    pub fn cost(&self) -> Rupiah {
        self.price + self.freight
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::purchase::Entity", from = "Column::PurchaseId", to = "super::purchase::Column::Id")]
    Purchase,
}

impl Related<super::purchase::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Purchase.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
