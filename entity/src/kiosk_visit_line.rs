//! What was counted of one size in a visit: every piece that should stand there is accounted for.
use sea_orm::entity::prelude::*;

use crate::Rupiah;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "kiosk_visit_line")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub kiosk_visit_id: i64,
    pub item_id: i64,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// What should have stood there.
    pub expected: i64,
    pub sold: i64,
    /// Taken back to the outlet.
    pub good: i64,
    pub damaged: i64,
    pub still: i64,
    /// What nobody can show.
    pub missing: i64,
    /// Whether the kiosk owes the missing pieces as if it had sold them.
    pub missing_owed: bool,
    /// What the kiosk asks for one, as the latest delivery said.
    pub unit_price: Rupiah,
    /// What it keeps of one.
    pub commission: Rupiah,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::kiosk_visit::Entity",
        from = "Column::KioskVisitId",
        to = "super::kiosk_visit::Column::Id"
    )]
    KioskVisit,
    #[sea_orm(belongs_to = "super::item::Entity", from = "Column::ItemId", to = "super::item::Column::Id")]
    Item,
}

impl Related<super::kiosk_visit::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::KioskVisit.def()
    }
}

impl Related<super::item::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Item.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
