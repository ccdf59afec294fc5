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
                .table("account")
                .col(big_pk_auto("id"))
                .col(text("code").unique_key())
                .col(text("class"))
                .col(big_integer_null("village_id"))
                .col(boolean("guarded"))
                .col(big_integer("balance"))
                .foreign_key(ForeignKey::create().from("account", "village_id").to("village", "id"))
                .to_owned(),
        )
        .await?;
        m.create_table(
            Table::create()
                .table("entry")
                .col(big_pk_auto("id"))
                .col(text("source_key").unique_key())
                .col(text("kind"))
                .col(text_null("subject"))
                .col(text("memo"))
                .col(timestamp_with_time_zone("at"))
                .to_owned(),
        )
        .await?;
        index(m, "entry", &["subject"]).await?;
        index(m, "entry", &["kind", "at"]).await?;
        m.create_table(
            Table::create()
                .table("posting")
                .col(big_pk_auto("id"))
                .col(big_integer("entry_id"))
                .col(big_integer("account_id"))
                .col(big_integer("amount"))
                .foreign_key(ForeignKey::create().from("posting", "entry_id").to("entry", "id"))
                .foreign_key(ForeignKey::create().from("posting", "account_id").to("account", "id"))
                .check(Expr::cust("\"amount\" <> 0"))
                .to_owned(),
        )
        .await?;
        index(m, "posting", &["account_id", "id"]).await?;
        index(m, "posting", &["entry_id"]).await?;
        Ok(())
    }
}
