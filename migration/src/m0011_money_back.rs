//! Money sent back by hand with its two people, and what the nightly match of the money found.
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
                .table("refund_transfer")
                .col(big_pk_auto("id"))
                .col(big_integer("order_id"))
                .col(big_integer("outlet_id"))
                .col(big_integer("amount").check(Expr::col("amount").gt(0)))
                .col(text("way"))
                .col(text_null("bank"))
                .col(text_null("number"))
                .col(text_null("holder"))
                .col(text("state"))
                .col(text_null("note"))
                .col(big_integer("maker_id"))
                .col(timestamp_with_time_zone("made_at"))
                .col(big_integer_null("checker_id"))
                .col(timestamp_with_time_zone_null("checked_at"))
                .col(text_null("reference"))
                .col(big_integer_null("sender_id"))
                .col(timestamp_with_time_zone_null("sent_at"))
                .col(big_integer_null("ended_by"))
                .col(timestamp_with_time_zone_null("ended_at"))
                .col(text_null("ended_reason"))
                .foreign_key(ForeignKey::create().from("refund_transfer", "order_id").to("order", "id"))
                .foreign_key(ForeignKey::create().from("refund_transfer", "outlet_id").to("outlet", "id"))
                .to_owned(),
        )
        .await?;
        index(m, "refund_transfer", &["order_id"]).await?;
        index(m, "refund_transfer", &["outlet_id", "state"]).await?;
        m.create_table(
            Table::create()
                .table("payment_match")
                .col(big_pk_auto("id"))
                .col(timestamp_with_time_zone("at"))
                .col(big_integer_null("wallet_sen"))
                .col(big_integer("booked"))
                .col(big_integer("orders"))
                .col(json_binary("findings"))
                .col(text_null("broken"))
                .to_owned(),
        )
        .await?;
        for column in [big_integer("refunded").default(0).take(), boolean("apart").default(false).take()] {
            m.alter_table(Table::alter().table("payment_transaction").add_column(column).to_owned()).await?;
        }
        let told = timestamp_with_time_zone_null("told_at").take();
        m.alter_table(Table::alter().table("payment_refund").add_column(told).to_owned()).await
    }
}
