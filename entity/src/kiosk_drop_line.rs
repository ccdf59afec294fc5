//! So many pieces of one size in a delivery, and what the kiosk is to ask for one.
use sea_orm::entity::prelude::*;

use crate::{Rupiah, lot::Grade};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "kiosk_drop_line")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub kiosk_drop_id: i64,
    pub item_id: i64,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    pub grade: Option<Grade>,
    pub quantity: i64,
    pub unit_price: Rupiah,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::kiosk_drop::Entity",
        from = "Column::KioskDropId",
        to = "super::kiosk_drop::Column::Id"
    )]
    KioskDrop,
    #[sea_orm(belongs_to = "super::item::Entity", from = "Column::ItemId", to = "super::item::Column::Id")]
    Item,
}

impl Related<super::kiosk_drop::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::KioskDrop.def()
    }
}

impl Related<super::item::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Item.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
