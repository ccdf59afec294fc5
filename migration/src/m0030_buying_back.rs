//! Goods that go back to their supplier; packs of one name and several sizes; the photo of a note is a photo like any.
use sea_orm_migration::{prelude::*, schema::*};

use crate::{index, key};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        returns(m).await?;
        packs(m).await?;
        m.alter_table(Table::alter().table("purchase").drop_column("photo").to_owned()).await
    }
}

async fn returns(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("purchase_return")
            .col(big_pk_auto("id"))
            .col(big_integer("purchase_id"))
            .col(big_integer("credit"))
            .col(text("reason"))
            .col(big_integer("person_id"))
            .col(text("source_key").unique_key())
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(&mut key("purchase_return", "purchase_id", "purchase"))
            .foreign_key(&mut key("purchase_return", "person_id", "person"))
            .check(Expr::cust("\"credit\" >= 0"))
            .to_owned(),
    )
    .await?;
    index(m, "purchase_return", &["purchase_id"]).await?;
    m.create_table(
        Table::create()
            .table("purchase_return_line")
            .col(big_pk_auto("id"))
            .col(big_integer("return_id"))
            .col(big_integer("line_id"))
            .col(big_integer("quantity"))
            .col(big_integer("credit"))
            .foreign_key(&mut key("purchase_return_line", "return_id", "purchase_return"))
            .foreign_key(&mut key("purchase_return_line", "line_id", "purchase_line"))
            .check(Expr::cust("\"quantity\" > 0 AND \"credit\" >= 0"))
            .to_owned(),
    )
    .await?;
    index(m, "purchase_return_line", &["return_id"]).await?;
    index(m, "purchase_return_line", &["line_id"]).await
}

/// A sack may hold 25 kg or 50 kg: both are offered the next time.
async fn packs(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("pack_of_size")
            .col(big_pk_auto("id"))
            .col(big_integer("item_id"))
            .col(text("name"))
            .col(big_integer("quantity"))
            .foreign_key(&mut key("pack_of_size", "item_id", "item"))
            .index(Index::create().unique().name("pack_of_size_unique").col("item_id").col("name").col("quantity"))
            .check(Expr::cust("\"quantity\" > 0"))
            .to_owned(),
    )
    .await?;
    let copy =
        "INSERT INTO pack_of_size (item_id, name, quantity) SELECT item_id, name, quantity FROM pack ORDER BY id";
    m.get_connection().execute_unprepared(copy).await?;
    m.drop_table(Table::drop().table("pack").to_owned()).await?;
    m.rename_table(Table::rename().table("pack_of_size", "pack").to_owned()).await
}
