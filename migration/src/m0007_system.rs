use sea_orm_migration::{prelude::*, schema::*};

use crate::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_table(
            Table::create()
                .table("history")
                .col(big_pk_auto("id"))
                .col(big_integer_null("village_id"))
                .col(text("subject"))
                .col(big_integer("subject_id"))
                .col(text("verb"))
                .col(big_integer_null("person_id"))
                .col(json_binary("detail"))
                .col(timestamp_with_time_zone("at"))
                .col(big_integer_null("block_id"))
                .to_owned(),
        )
        .await?;
        index(m, "history", &["subject", "subject_id"]).await?;
        index(m, "history", &["block_id"]).await?;
        m.create_table(
            Table::create()
                .table("history_block")
                .col(big_pk_auto("id"))
                .col(big_integer("first_id"))
                .col(big_integer("last_id"))
                .col(text("previous").unique_key())
                .col(text("digests"))
                .col(text("hash").unique_key())
                .col(timestamp_with_time_zone("sealed_at"))
                .to_owned(),
        )
        .await?;
        m.create_table(
            Table::create()
                .table("outbox")
                .col(big_pk_auto("id"))
                .col(text("kind"))
                .col(text("unique_key").unique_key())
                .col(json_binary("payload"))
                .col(timestamp_with_time_zone("run_at"))
                .col(big_integer("attempts"))
                .col(timestamp_with_time_zone_null("done_at"))
                .col(timestamp_with_time_zone_null("dead_at"))
                .col(text_null("last_error"))
                .col(timestamp_with_time_zone("created_at"))
                .to_owned(),
        )
        .await?;
        index(m, "outbox", &["done_at", "dead_at", "run_at"]).await?;
        m.create_table(
            Table::create()
                .table("request")
                .col(big_pk_auto("id"))
                .col(text("scope"))
                .col(text("key"))
                .col(text("content_hash"))
                .col(text("answer"))
                .col(timestamp_with_time_zone("at"))
                .index(Index::create().unique().name("request_scope_key_unique").col("scope").col("key"))
                .to_owned(),
        )
        .await?;
        Ok(())
    }
}
