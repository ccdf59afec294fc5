//! Money given back through the provider, each time under a key of its own.
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
                .table("payment_refund")
                .col(big_pk_auto("id"))
                .col(big_integer("attempt_id"))
                .col(text("subject"))
                .col(text("refund_key").unique_key())
                .col(big_integer("amount").check(Expr::col("amount").gt(0)))
                .col(text("reason"))
                .col(text("state"))
                .col(text_null("answer"))
                .col(big_integer_null("person_id"))
                .col(timestamp_with_time_zone("asked_at"))
                .col(timestamp_with_time_zone_null("answered_at"))
                .col(timestamp_with_time_zone_null("confirmed_at"))
                .col(timestamp_with_time_zone_null("next_check_at"))
                .foreign_key(ForeignKey::create().from("payment_refund", "attempt_id").to("payment_attempt", "id"))
                .to_owned(),
        )
        .await?;
        index(m, "payment_refund", &["subject"]).await?;
        index(m, "payment_refund", &["next_check_at"]).await
    }
}
