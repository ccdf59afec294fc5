//! The till: barcodes, shifts and their drawers, what a sale was paid with, what is odd about it; families and members.
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
        people(m).await?;
        shifts(m).await?;
        sales(m).await?;
        returns(m).await
    }
}

async fn goods(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("barcode")
            .col(big_pk_auto("id"))
            .col(big_integer("outlet_id"))
            .col(text("code"))
            .col(big_integer("item_id"))
            .foreign_key(&mut key("barcode", "outlet_id", "outlet"))
            .foreign_key(&mut key("barcode", "item_id", "item"))
            .index(Index::create().unique().name("barcode_outlet_id_code_unique").col("outlet_id").col("code"))
            .to_owned(),
    )
    .await?;
    index(m, "barcode", &["item_id"]).await
}

/// A family is a card with a token; a member is a person whom the outlet knows by name.
async fn people(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("family")
            .col(big_pk_auto("id"))
            .col(big_integer("village_id"))
            .col(text("token").unique_key())
            .col(text_null("kk_hash"))
            .col(text_null("kk_sealed"))
            .col(text_null("kk_last"))
            .col(text("dusun"))
            .col(big_integer("person_id"))
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(&mut key("family", "village_id", "village"))
            .index(Index::create().unique().name("family_village_id_kk_hash_unique").col("village_id").col("kk_hash"))
            .to_owned(),
    )
    .await?;
    m.create_table(
        Table::create()
            .table("member")
            .col(big_pk_auto("id"))
            .col(big_integer("outlet_id"))
            .col(text("name"))
            .col(text_null("phone"))
            .col(big_integer_null("family_id"))
            .col(big_integer("account_limit").default(0))
            .col(timestamp_with_time_zone("joined_at"))
            .col(timestamp_with_time_zone_null("left_at"))
            .foreign_key(&mut key("member", "outlet_id", "outlet"))
            .foreign_key(&mut key("member", "family_id", "family"))
            .check(Expr::cust("\"account_limit\" >= 0"))
            .to_owned(),
    )
    .await?;
    index(m, "member", &["outlet_id"]).await
}

async fn shifts(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("shift")
            .col(big_pk_auto("id"))
            .col(big_integer("outlet_id"))
            .col(big_integer_null("device_id"))
            .col(text("key").unique_key())
            .col(big_integer("opened_by"))
            .col(timestamp_with_time_zone("opened_at"))
            .col(big_integer_null("float"))
            .col(big_integer_null("closed_by"))
            .col(timestamp_with_time_zone_null("closed_at"))
            .col(json_binary_null("notes"))
            .col(big_integer_null("expected"))
            .col(big_integer_null("counted"))
            .col(text_null("explanation"))
            .foreign_key(&mut key("shift", "outlet_id", "outlet"))
            .foreign_key(&mut key("shift", "device_id", "device"))
            .foreign_key(&mut key("shift", "opened_by", "person"))
            .foreign_key(&mut key("shift", "closed_by", "person"))
            .to_owned(),
    )
    .await?;
    index(m, "shift", &["outlet_id", "opened_at"]).await?;
    m.create_table(
        Table::create()
            .table("shift_cash")
            .col(big_pk_auto("id"))
            .col(big_integer("shift_id"))
            .col(text("way"))
            .col(big_integer("amount"))
            .col(text("reason"))
            .col(big_integer("person_id"))
            .col(text("source_key").unique_key())
            .col(timestamp_with_time_zone("at"))
            .foreign_key(&mut key("shift_cash", "shift_id", "shift"))
            .foreign_key(&mut key("shift_cash", "person_id", "person"))
            .check(Expr::cust("\"amount\" > 0"))
            .to_owned(),
    )
    .await?;
    index(m, "shift_cash", &["shift_id"]).await
}

async fn sales(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let sale = vec![
        big_integer_null("shift_id"),
        text_null("till_number"),
        big_integer_null("member_id"),
        big_integer_null("family_id"),
        timestamp_with_time_zone_null("prices_at"),
    ];
    add(m, "sale", sale).await?;
    index(m, "sale", &["shift_id"]).await?;
    index(m, "sale", &["member_id"]).await?;
    let line = vec![
        big_integer("amount").default(0).to_owned(),
        text("measure").default("piece").to_owned(),
        text("price_of").default("posted").to_owned(),
        big_integer_null("markdown_id"),
        big_integer_null("market_id"),
    ];
    add(m, "sale_line", line).await?;
    m.get_connection().execute_unprepared("UPDATE sale_line SET amount = quantity * unit_price").await?;
    m.create_table(
        Table::create()
            .table("sale_tender")
            .col(big_pk_auto("id"))
            .col(big_integer("sale_id"))
            .col(text("by"))
            .col(big_integer("amount"))
            .col(big_integer_null("received"))
            .col(big_integer_null("bill_id"))
            .col(text_null("reference"))
            .foreign_key(&mut key("sale_tender", "sale_id", "sale"))
            .check(Expr::cust("\"amount\" > 0"))
            .to_owned(),
    )
    .await?;
    index(m, "sale_tender", &["sale_id"]).await?;
    m.create_table(
        Table::create()
            .table("sale_conflict")
            .col(big_pk_auto("id"))
            .col(big_integer("outlet_id"))
            .col(big_integer("sale_id"))
            .col(text("kind"))
            .col(json_binary("detail"))
            .col(timestamp_with_time_zone("at"))
            .col(big_integer_null("seen_by"))
            .col(timestamp_with_time_zone_null("seen_at"))
            .col(text_null("note"))
            .foreign_key(&mut key("sale_conflict", "outlet_id", "outlet"))
            .foreign_key(&mut key("sale_conflict", "sale_id", "sale"))
            .foreign_key(&mut key("sale_conflict", "seen_by", "person"))
            .to_owned(),
    )
    .await?;
    index(m, "sale_conflict", &["outlet_id", "seen_at"]).await?;
    index(m, "sale_conflict", &["sale_id"]).await
}

/// What comes back of a sale of the till: so much of a line, in good state or not.
async fn returns(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("till_return")
            .col(big_pk_auto("id"))
            .col(big_integer("outlet_id"))
            .col(big_integer("sale_id"))
            .col(big_integer_null("shift_id"))
            .col(text("reason"))
            .col(text("by"))
            .col(big_integer("amount"))
            .col(big_integer("person_id"))
            .col(big_integer_null("second_id"))
            .col(text("source_key").unique_key())
            .col(timestamp_with_time_zone("at"))
            .foreign_key(&mut key("till_return", "outlet_id", "outlet"))
            .foreign_key(&mut key("till_return", "sale_id", "sale"))
            .foreign_key(&mut key("till_return", "shift_id", "shift"))
            .foreign_key(&mut key("till_return", "person_id", "person"))
            .foreign_key(&mut key("till_return", "second_id", "person"))
            .check(Expr::cust("\"amount\" > 0"))
            .to_owned(),
    )
    .await?;
    index(m, "till_return", &["sale_id"]).await?;
    index(m, "till_return", &["shift_id"]).await?;
    m.create_table(
        Table::create()
            .table("till_return_line")
            .col(big_pk_auto("id"))
            .col(big_integer("till_return_id"))
            .col(big_integer("sale_line_id"))
            .col(big_integer("quantity"))
            .col(boolean("is_good"))
            .col(big_integer("amount"))
            .foreign_key(&mut key("till_return_line", "till_return_id", "till_return"))
            .foreign_key(&mut key("till_return_line", "sale_line_id", "sale_line"))
            .check(Expr::cust("\"quantity\" > 0 AND \"amount\" >= 0"))
            .to_owned(),
    )
    .await?;
    index(m, "till_return_line", &["till_return_id"]).await?;
    index(m, "till_return_line", &["sale_line_id"]).await
}
