//! A till that asked what a family may have, and may be about to sell it. One row a till: it serves one family at a time.
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "family_hold")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(unique)]
    pub device_id: i64,
    pub family_id: i64,
    /// The last sale that was known when it asked: one of this till that came later is the sale it asked for.
    pub after_sale_id: i64,
    /// Until then it sells by the answer it got.
    pub until: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::family::Entity", from = "Column::FamilyId", to = "super::family::Column::Id")]
    Family,
}

impl Related<super::family::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Family.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
