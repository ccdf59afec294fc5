//! The newest move of an item that has a value is found without looking at the others.
use sea_orm_migration::prelude::*;

use crate::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        index(m, "move_cost", &["item_id", "move_id"]).await?;
        m.drop_index(Index::drop().name("move_cost_item_id_index").table("move_cost").to_owned()).await
    }
}
