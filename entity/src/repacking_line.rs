//! What became of repacked goods: so many of one item.
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "repacking_line")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub repacking_id: i64,
    pub item_id: i64,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// In what the item counts.
    pub quantity: i64,
    /// What was put into all of them, in what the goods were measured in.
    pub content: i64,
    pub lot_id: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::repacking::Entity",
        from = "Column::RepackingId",
        to = "super::repacking::Column::Id"
    )]
    Repacking,
}

impl Related<super::repacking::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Repacking.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
