//! Every price that was asked for an item, and from when on. Append only.
use sea_orm::entity::prelude::*;

use crate::{Rupiah, price_rule::Rule};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "posted_price")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub item_id: i64,
    pub price: Rupiah,
    pub posted_at: DateTimeUtc,
    /// The rule that made it; none when a person said it.
    pub rule: Option<Rule>,
    /// What the goods cost then, for what the price is for.
    pub cost: Option<Rupiah>,
    /// The most that the law allowed then.
    pub ceiling: Option<Rupiah>,
    pub person_id: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub reason: Option<String>,
    /// What allowed it above the ceiling.
    pub override_id: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::item::Entity", from = "Column::ItemId", to = "super::item::Column::Id")]
    Item,
}

impl Related<super::item::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Item.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
