//! What crafters were given in advance, what of it was paid back, and what shows that cash was handed over.
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
        debts(m).await?;
        repayments(m).await?;
        m.alter_table(Table::alter().table("payout").add_column(text_null("proof")).to_owned()).await
    }
}

async fn debts(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("debt")
            .col(big_pk_auto("id"))
            .col(big_integer("outlet_id"))
            .col(big_integer("crafter_id"))
            .col(text("kind"))
            .col(text("source"))
            .col(big_integer("amount").check(Expr::col("amount").gt(0)))
            .col(text("reason"))
            .col(big_integer("position"))
            .col(big_integer_null("most_per_payout"))
            .col(text("state"))
            .col(big_integer("asked_by"))
            .col(timestamp_with_time_zone("asked_at"))
            .col(big_integer_null("decided_by"))
            .col(timestamp_with_time_zone_null("decided_at"))
            .col(text_null("note"))
            .foreign_key(ForeignKey::create().from("debt", "outlet_id").to("outlet", "id"))
            .foreign_key(ForeignKey::create().from("debt", "crafter_id").to("crafter", "id"))
            .foreign_key(ForeignKey::create().from("debt", "asked_by").to("person", "id"))
            .foreign_key(ForeignKey::create().from("debt", "decided_by").to("person", "id"))
            .check(Expr::cust("\"most_per_payout\" IS NULL OR \"most_per_payout\" > 0"))
            .to_owned(),
    )
    .await?;
    index(m, "debt", &["outlet_id", "state"]).await?;
    index(m, "debt", &["crafter_id", "id"]).await
}

/// A payout run may set something off without paying anything out, so the payout may be missing; brought in cash, there
/// is no run either.
async fn repayments(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("repayment")
            .col(big_pk_auto("id"))
            .col(big_integer("debt_id"))
            .col(big_integer_null("run_id"))
            .col(big_integer_null("payout_id"))
            .col(big_integer("amount").check(Expr::col("amount").gt(0)))
            .col(big_integer("person_id"))
            .col(timestamp_with_time_zone("at"))
            .col(timestamp_with_time_zone_null("undone_at"))
            .foreign_key(ForeignKey::create().from("repayment", "debt_id").to("debt", "id"))
            .foreign_key(ForeignKey::create().from("repayment", "run_id").to("payout_run", "id"))
            .foreign_key(ForeignKey::create().from("repayment", "payout_id").to("payout", "id"))
            .foreign_key(ForeignKey::create().from("repayment", "person_id").to("person", "id"))
            .index(Index::create().unique().name("repayment_debt_once").col("run_id").col("debt_id"))
            .to_owned(),
    )
    .await?;
    index(m, "repayment", &["debt_id"]).await?;
    index(m, "repayment", &["payout_id"]).await
}
