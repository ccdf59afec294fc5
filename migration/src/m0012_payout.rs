//! Money out: whom an outlet pays and where, runs with two people, each payout, and what the provider says of it.
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
                .table("payee_account")
                .col(big_pk_auto("id"))
                .col(text("payee").unique_key())
                .col(text("bank"))
                .col(text("number"))
                .col(text("holder"))
                .col(big_integer_null("person_id"))
                .col(timestamp_with_time_zone("given_at"))
                .foreign_key(ForeignKey::create().from("payee_account", "person_id").to("person", "id"))
                .to_owned(),
        )
        .await?;
        runs(m).await?;
        payouts(m).await?;
        provider(m).await
    }
}

async fn runs(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("payout_run")
            .col(big_pk_auto("id"))
            .col(big_integer("outlet_id"))
            .col(text("state"))
            .col(big_integer("made_by"))
            .col(timestamp_with_time_zone("made_at"))
            .col(big_integer_null("decided_by"))
            .col(timestamp_with_time_zone_null("decided_at"))
            .col(text_null("reason"))
            .col(timestamp_with_time_zone_null("closed_at"))
            .foreign_key(ForeignKey::create().from("payout_run", "outlet_id").to("outlet", "id"))
            .foreign_key(ForeignKey::create().from("payout_run", "made_by").to("person", "id"))
            .foreign_key(ForeignKey::create().from("payout_run", "decided_by").to("person", "id"))
            .to_owned(),
    )
    .await?;
    index(m, "payout_run", &["outlet_id", "id"]).await
}

async fn payouts(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("payout")
            .col(big_pk_auto("id"))
            .col(big_integer("run_id"))
            .col(big_integer("outlet_id"))
            .col(text("payee"))
            .col(text("name"))
            .col(big_integer("amount").check(Expr::col("amount").gt(0)))
            .col(text("way"))
            .col(text_null("bank"))
            .col(text_null("number"))
            .col(text_null("holder"))
            .col(text("state"))
            .col(text_null("reference"))
            .col(text_null("receiver"))
            .col(text_null("reason"))
            .col(timestamp_with_time_zone_null("paid_at"))
            .col(timestamp_with_time_zone_null("ended_at"))
            .foreign_key(ForeignKey::create().from("payout", "run_id").to("payout_run", "id"))
            .foreign_key(ForeignKey::create().from("payout", "outlet_id").to("outlet", "id"))
            .index(Index::create().unique().name("payout_reference_once").col("outlet_id").col("reference"))
            .index(Index::create().unique().name("payout_payee_once").col("run_id").col("payee"))
            .to_owned(),
    )
    .await?;
    index(m, "payout", &["payee", "id"]).await
}

async fn provider(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("iris_payout")
            .col(big_pk_auto("id"))
            .col(big_integer("payout_id").unique_key())
            .col(text("wanted"))
            .col(text("create_key").unique_key())
            .col(text("decide_key").unique_key())
            .col(timestamp_with_time_zone_null("sent_at"))
            .col(text_null("reference_no").unique_key())
            .col(text_null("status"))
            .col(text_null("trouble"))
            .col(big_integer("fetch_seq"))
            .col(big_integer("applied_seq"))
            .col(big_integer("tries"))
            .col(timestamp_with_time_zone_null("next_check_at"))
            .foreign_key(ForeignKey::create().from("iris_payout", "payout_id").to("payout", "id"))
            .to_owned(),
    )
    .await?;
    index(m, "iris_payout", &["next_check_at"]).await?;
    m.create_table(
        Table::create()
            .table("payout_inbox")
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
    index(m, "payout_inbox", &["handled_at", "run_at"]).await
}
