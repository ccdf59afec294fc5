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
                .table("payment_attempt")
                .col(big_pk_auto("id"))
                .col(text("subject"))
                .col(text("provider_order_id").unique_key())
                .col(text("method"))
                .col(big_integer("amount"))
                .col(json_binary("details"))
                .col(text("state"))
                .col(big_integer("fetch_seq"))
                .col(big_integer("applied_seq"))
                .col(big_integer("checks"))
                .col(big_integer("doubts"))
                .col(big_integer("reversals"))
                .col(timestamp_with_time_zone_null("next_check_at"))
                .col(timestamp_with_time_zone("expires_at"))
                .col(text_null("token"))
                .col(text_null("redirect_url"))
                .col(text_null("qr_string"))
                .col(text_null("va_number"))
                .col(text_null("bill_key"))
                .col(text_null("biller_code"))
                .col(text_null("paid_by"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone_null("paid_at"))
                .to_owned(),
        )
        .await?;
        index(m, "payment_attempt", &["subject"]).await?;
        index(m, "payment_attempt", &["next_check_at"]).await?;
        m.create_table(
            Table::create()
                .table("payment_transaction")
                .col(big_pk_auto("id"))
                .col(text("transaction_id").unique_key())
                .col(big_integer("attempt_id"))
                .col(text("status"))
                .col(text_null("fraud"))
                .col(big_integer("gross"))
                .col(text_null("issuer"))
                .col(text_null("acquirer"))
                .col(timestamp_with_time_zone_null("settled_at"))
                .col(json_binary("fetched"))
                .col(timestamp_with_time_zone("updated_at"))
                .foreign_key(ForeignKey::create().from("payment_transaction", "attempt_id").to("payment_attempt", "id"))
                .to_owned(),
        )
        .await?;
        index(m, "payment_transaction", &["attempt_id"]).await?;
        m.create_table(
            Table::create()
                .table("payment_inbox")
                .col(big_pk_auto("id"))
                .col(text("body_hash").unique_key())
                .col(json_binary("headers"))
                .col(text("body"))
                .col(timestamp_with_time_zone("received_at"))
                .col(timestamp_with_time_zone("run_at"))
                .col(big_integer("tries"))
                .col(timestamp_with_time_zone_null("handled_at"))
                .col(text_null("outcome"))
                .to_owned(),
        )
        .await?;
        index(m, "payment_inbox", &["handled_at", "run_at"]).await?;
        m.create_table(
            Table::create()
                .table("payment_call")
                .col(big_pk_auto("id"))
                .col(text("idempotency_key").unique_key())
                .col(big_integer("attempt_id"))
                .col(text("endpoint"))
                .col(text("body_hash"))
                .col(timestamp_with_time_zone("sent_at"))
                .col(timestamp_with_time_zone_null("answered_at"))
                .col(text_null("answer"))
                .foreign_key(ForeignKey::create().from("payment_call", "attempt_id").to("payment_attempt", "id"))
                .to_owned(),
        )
        .await?;
        index(m, "payment_call", &["attempt_id"]).await?;
        Ok(())
    }
}
