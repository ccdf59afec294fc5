//! Phones that work without signal, and each thing that happened on them, as it was told.
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
                .table("device")
                .col(big_pk_auto("id"))
                .col(big_integer("outlet_id"))
                .col(big_integer("person_id"))
                // Sessions are swept when they end, so this names one that may be gone.
                .col(big_integer_null("session_id"))
                .col(text("install").unique_key())
                .col(text("name"))
                .col(text("model"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone_null("seen_at"))
                .col(big_integer("clock_ahead_ms"))
                .col(timestamp_with_time_zone_null("revoked_at"))
                .col(big_integer_null("revoked_by"))
                .foreign_key(ForeignKey::create().from("device", "outlet_id").to("outlet", "id"))
                .foreign_key(ForeignKey::create().from("device", "person_id").to("person", "id"))
                .foreign_key(ForeignKey::create().from("device", "revoked_by").to("person", "id"))
                .to_owned(),
        )
        .await?;
        index(m, "device", &["outlet_id", "id"]).await?;
        events(m).await
    }
}

async fn events(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("device_event")
            .col(big_pk_auto("id"))
            .col(big_integer("device_id"))
            .col(big_integer("outlet_id"))
            .col(text("source_key").unique_key())
            .col(text("event_id"))
            .col(big_integer("counter"))
            .col(text("kind"))
            .col(text("recorded_at"))
            .col(timestamp_with_time_zone("corrected_at"))
            .col(timestamp_with_time_zone("received_at"))
            .col(big_integer_null("person_id"))
            .col(big_integer("sender_id"))
            .col(text("body"))
            .col(text("signature"))
            .col(text("content_hash"))
            .col(text("verdict"))
            .col(text_null("reason"))
            .col(json_binary_null("reason_values"))
            .col(json_binary_null("answer"))
            .col(text_null("decision"))
            .col(big_integer_null("decided_by"))
            .col(timestamp_with_time_zone_null("decided_at"))
            .foreign_key(ForeignKey::create().from("device_event", "device_id").to("device", "id"))
            .foreign_key(ForeignKey::create().from("device_event", "sender_id").to("person", "id"))
            .to_owned(),
    )
    .await?;
    index(m, "device_event", &["device_id", "counter"]).await?;
    index(m, "device_event", &["outlet_id", "verdict", "decision"]).await
}
