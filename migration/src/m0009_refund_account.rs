//! Where a buyer wants money sent that is owed back.
use sea_orm_migration::{prelude::*, schema::*};

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
                .table("refund_account")
                .col(big_pk_auto("id"))
                .col(big_integer("order_id").unique_key())
                .col(text("bank"))
                .col(text("number"))
                .col(text("holder"))
                .col(timestamp_with_time_zone("given_at"))
                .foreign_key(ForeignKey::create().from("refund_account", "order_id").to("order", "id"))
                .to_owned(),
        )
        .await
    }
}
