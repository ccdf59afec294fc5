//! What a move did to what goods are worth, and the heap after it: a reading of the moves.
use sea_orm::entity::prelude::*;

use crate::Rupiah;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "move_cost")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub move_id: i64,
    pub item_id: i64,
    /// What the goods are worth more by it.
    pub goods: Rupiah,
    /// What was used up by it.
    pub used: Rupiah,
    pub quantity_after: i64,
    pub value_after: Rupiah,
    pub last_value: Rupiah,
    pub last_quantity: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
