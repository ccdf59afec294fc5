//! What goes back of a sale goes back in as many ways as it was paid.
use sea_orm_migration::{prelude::*, schema::*};

use crate::key;

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
                .table("till_return_tender")
                .col(big_pk_auto("id"))
                .col(big_integer("till_return_id"))
                .col(text("by"))
                .col(big_integer("amount"))
                .foreign_key(&mut key("till_return_tender", "till_return_id", "till_return"))
                .index(Index::create().unique().col("till_return_id").col("by"))
                .check(Expr::cust("\"amount\" > 0"))
                .to_owned(),
        )
        .await?;
        let carry = "INSERT INTO till_return_tender (till_return_id, \"by\", amount) \
                     SELECT id, \"by\", amount FROM till_return";
        m.get_connection().execute_unprepared(carry).await?;
        m.alter_table(Table::alter().table("till_return").drop_column("by").to_owned()).await
    }
}
