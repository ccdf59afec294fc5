//! A seal over a run of history, chained to the one before.
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "history_block")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub first_id: i64,
    pub last_id: i64,
    /// The hash of the block before; empty for the first.
    #[sea_orm(unique, column_type = "Text")]
    pub previous: String,
    /// One line a row: its id and the hash of what it says.
    #[sea_orm(column_type = "Text")]
    pub digests: String,
    #[sea_orm(unique, column_type = "Text")]
    pub hash: String,
    pub sealed_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
