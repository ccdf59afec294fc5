//! Goods the outlet buys: suppliers, packs, purchases, days of expiry, and what every move of goods cost.
use sea_orm_migration::{prelude::*, schema::*};

use crate::{add, index, key};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        goods(m).await?;
        suppliers(m).await?;
        purchases(m).await?;
        costs(m).await
    }
}

/// An item knows what it counts and what is in it, a product which row of the law is about it, a lot until when it is
/// good, and a move when it happened, which may be before it was written.
async fn goods(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let item = vec![
        text("measure").default("piece").to_owned(),
        big_integer("content").default(0).to_owned(),
        text("content_unit").default("gram").to_owned(),
    ];
    add(m, "item", item).await?;
    add(m, "product", vec![text_null("commodity")]).await?;
    add(m, "lot", vec![date_null("expires_on"), text_null("batch")]).await?;
    let happened = timestamp_with_time_zone("happened_at").default("1970-01-01T00:00:00+00:00").to_owned();
    add(m, "stock_move", vec![happened]).await?;
    m.get_connection().execute_unprepared("UPDATE stock_move SET happened_at = at").await?;
    index(m, "stock_move", &["item_id", "happened_at"]).await
}

async fn suppliers(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("supplier")
            .col(big_pk_auto("id"))
            .col(big_integer("outlet_id"))
            .col(text("name"))
            .col(text("kind"))
            .col(text_null("phone"))
            .col(text_null("place"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("archived_at"))
            .foreign_key(&mut key("supplier", "outlet_id", "outlet"))
            .to_owned(),
    )
    .await?;
    index(m, "supplier", &["outlet_id"]).await?;
    m.create_table(
        Table::create()
            .table("pack")
            .col(big_pk_auto("id"))
            .col(big_integer("item_id"))
            .col(text("name"))
            .col(big_integer("quantity"))
            .foreign_key(&mut key("pack", "item_id", "item"))
            .index(Index::create().unique().name("pack_item_id_name_unique").col("item_id").col("name"))
            .check(Expr::cust("\"quantity\" > 0"))
            .to_owned(),
    )
    .await
}

async fn purchases(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("purchase")
            .col(big_pk_auto("id"))
            .col(big_integer("outlet_id"))
            .col(big_integer("supplier_id"))
            .col(text_null("note_number"))
            .col(date("bought_on"))
            .col(big_integer("goods_total"))
            .col(big_integer("freight"))
            .col(big_integer("total"))
            .col(text_null("photo"))
            .col(big_integer("person_id"))
            .col(text("source_key").unique_key())
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("reversed_at"))
            .col(text_null("reverse_reason"))
            .foreign_key(&mut key("purchase", "outlet_id", "outlet"))
            .foreign_key(&mut key("purchase", "supplier_id", "supplier"))
            .foreign_key(&mut key("purchase", "person_id", "person"))
            .check(Expr::cust(
                "\"goods_total\" >= 0 AND \"freight\" >= 0 AND \"total\" = \"goods_total\" + \"freight\"",
            ))
            .to_owned(),
    )
    .await?;
    index(m, "purchase", &["outlet_id", "bought_on"]).await?;
    index(m, "purchase", &["supplier_id", "bought_on"]).await?;
    m.create_table(
        Table::create()
            .table("purchase_line")
            .col(big_pk_auto("id"))
            .col(big_integer("purchase_id"))
            .col(big_integer("item_id"))
            .col(text("name"))
            .col(text("pack_name"))
            .col(big_integer("packs"))
            .col(big_integer("pack_quantity"))
            .col(big_integer("price"))
            .col(big_integer("freight"))
            .col(big_integer("lot_id").unique_key())
            .foreign_key(&mut key("purchase_line", "purchase_id", "purchase"))
            .foreign_key(&mut key("purchase_line", "item_id", "item"))
            .foreign_key(&mut key("purchase_line", "lot_id", "lot"))
            .check(Expr::cust("\"packs\" > 0 AND \"pack_quantity\" > 0 AND \"price\" >= 0 AND \"freight\" >= 0"))
            .to_owned(),
    )
    .await?;
    index(m, "purchase_line", &["purchase_id"]).await?;
    index(m, "purchase_line", &["item_id"]).await?;
    m.create_table(
        Table::create()
            .table("supplier_payment")
            .col(big_pk_auto("id"))
            .col(big_integer("supplier_id"))
            .col(big_integer_null("purchase_id"))
            .col(big_integer("amount"))
            .col(text("source"))
            .col(text_null("reference"))
            .col(big_integer("person_id"))
            .col(text("source_key").unique_key())
            .col(timestamp_with_time_zone("paid_at"))
            .foreign_key(&mut key("supplier_payment", "supplier_id", "supplier"))
            .foreign_key(&mut key("supplier_payment", "purchase_id", "purchase"))
            .foreign_key(&mut key("supplier_payment", "person_id", "person"))
            .check(Expr::cust("\"amount\" > 0"))
            .to_owned(),
    )
    .await?;
    index(m, "supplier_payment", &["supplier_id"]).await
}

/// What a move did to what the goods are worth, and the heap after it: a reading of the moves, made anew from where
/// something was written later than it happened.
async fn costs(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("move_cost")
            .col(big_integer("move_id").primary_key())
            .col(big_integer("item_id"))
            .col(big_integer("goods"))
            .col(big_integer("used"))
            .col(big_integer("quantity_after"))
            .col(big_integer("value_after"))
            .col(big_integer("last_value"))
            .col(big_integer("last_quantity"))
            .foreign_key(&mut key("move_cost", "move_id", "stock_move"))
            .foreign_key(&mut key("move_cost", "item_id", "item"))
            .to_owned(),
    )
    .await?;
    index(m, "move_cost", &["item_id"]).await
}
