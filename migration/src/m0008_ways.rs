//! Indexes for what is looked up often, and one call of a kind for each attempt at paying.
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
        index(m, "order", &["person_id", "id"]).await?;
        index(m, "order", &["outlet_id", "id"]).await?;
        index(m, "order_line", &["crafter_id"]).await?;
        let mut once = Index::create();
        once.unique().table("payment_call").name("payment_call_attempt_id_endpoint_unique");
        m.create_index(once.col("attempt_id").col("endpoint").to_owned()).await
    }
}
