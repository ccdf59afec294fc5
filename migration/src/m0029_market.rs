//! Cards of families and what they may have, operasi pasar with its queue, and what members pay on their accounts.
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
        families(m).await?;
        limits(m).await?;
        markets(m).await?;
        bought(m).await?;
        queue(m).await?;
        members(m).await
    }
}

/// Every card a family ever had; all but the last are void.
async fn families(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("family_card")
            .col(big_pk_auto("id"))
            .col(big_integer("family_id"))
            .col(text("token").unique_key())
            .col(big_integer("given_by"))
            .col(timestamp_with_time_zone("given_at"))
            .col(big_integer_null("void_by"))
            .col(timestamp_with_time_zone_null("void_at"))
            .foreign_key(&mut key("family_card", "family_id", "family"))
            .foreign_key(&mut key("family_card", "given_by", "person"))
            .foreign_key(&mut key("family_card", "void_by", "person"))
            .to_owned(),
    )
    .await?;
    index(m, "family_card", &["family_id"]).await
}

/// How much a family may have, by days. Rows of no village hold in all; the announced ones come with the program.
async fn limits(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("household_limit")
            .col(big_pk_auto("id"))
            .col(big_integer_null("village_id"))
            .col(text("commodity"))
            .col(big_integer("most"))
            .col(big_integer("days"))
            .col(date("valid_from"))
            .col(date_null("valid_to"))
            .col(text("instrument"))
            .col(text("source"))
            .col(big_integer_null("person_id"))
            .col(timestamp_with_time_zone_null("created_at"))
            .foreign_key(&mut key("household_limit", "village_id", "village"))
            .foreign_key(&mut key("household_limit", "person_id", "person"))
            .check(Expr::cust("\"most\" > 0 AND \"days\" > 0"))
            .to_owned(),
    )
    .await?;
    // Announced on 15 January 2026 for February; until then two packs of five kilos.
    let announced = "INSERT INTO household_limit (commodity, most, days, valid_from, valid_to, instrument, source) VALUES \
        ('beras SPHP', 10000, 1, '2023-01-01', '2026-01-31', 'SPHP', '10 kg, sejak 2023 (IDX Channel, 15 Januari 2026)'), \
        ('beras SPHP', 25000, 1, '2026-02-01', NULL, 'SPHP', '25 kg, diumumkan 15 Januari 2026 (IDX Channel)')";
    m.get_connection().execute_unprepared(announced).await?;
    index(m, "household_limit", &["commodity"]).await
}

async fn markets(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("market")
            .col(big_pk_auto("id"))
            .col(big_integer("outlet_id"))
            .col(text("name"))
            .col(text("place"))
            .col(timestamp_with_time_zone("opens_at"))
            .col(timestamp_with_time_zone("closes_at"))
            .col(text("state"))
            .col(text("note"))
            .col(big_integer("slot_minutes"))
            .col(big_integer("slot_families"))
            .col(big_integer("person_id"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("opened_at"))
            .col(timestamp_with_time_zone_null("closed_at"))
            .foreign_key(&mut key("market", "outlet_id", "outlet"))
            .foreign_key(&mut key("market", "person_id", "person"))
            .check(Expr::cust("\"slot_minutes\" > 0 AND \"slot_families\" > 0"))
            .to_owned(),
    )
    .await?;
    index(m, "market", &["outlet_id", "opens_at"]).await?;
    m.create_table(
        Table::create()
            .table("market_good")
            .col(big_pk_auto("id"))
            .col(big_integer("market_id"))
            .col(big_integer("item_id"))
            .col(big_integer("price"))
            .col(big_integer("per_family"))
            .col(big_integer("allotted"))
            .col(big_integer_null("ceiling"))
            .foreign_key(&mut key("market_good", "market_id", "market"))
            .foreign_key(&mut key("market_good", "item_id", "item"))
            .index(Index::create().unique().name("market_good_once").col("market_id").col("item_id"))
            .check(Expr::cust("\"price\" > 0 AND \"per_family\" > 0 AND \"allotted\" > 0"))
            .to_owned(),
    )
    .await
}

/// What families had of goods with a limit and of markets: sales, and what came back as less than nothing.
async fn bought(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("family_purchase")
            .col(big_pk_auto("id"))
            .col(big_integer_null("family_id"))
            .col(big_integer("outlet_id"))
            .col(big_integer_null("sale_id"))
            .col(big_integer_null("market_id"))
            .col(big_integer("item_id"))
            .col(text_null("commodity"))
            .col(big_integer("quantity"))
            .col(big_integer("content"))
            .col(timestamp_with_time_zone("at"))
            .col(text("source_key").unique_key())
            .foreign_key(&mut key("family_purchase", "family_id", "family"))
            .foreign_key(&mut key("family_purchase", "outlet_id", "outlet"))
            .foreign_key(&mut key("family_purchase", "sale_id", "sale"))
            .foreign_key(&mut key("family_purchase", "market_id", "market"))
            .foreign_key(&mut key("family_purchase", "item_id", "item"))
            .to_owned(),
    )
    .await?;
    index(m, "family_purchase", &["family_id", "at"]).await?;
    index(m, "family_purchase", &["market_id"]).await?;
    index(m, "family_purchase", &["outlet_id", "at"]).await?;
    index(m, "family_purchase", &["sale_id"]).await
}

async fn queue(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("market_ticket")
            .col(big_pk_auto("id"))
            .col(big_integer("market_id"))
            .col(big_integer("family_id"))
            .col(big_integer("number"))
            .col(big_integer("slot"))
            .col(big_integer("given_by"))
            .col(timestamp_with_time_zone("given_at"))
            .col(timestamp_with_time_zone_null("called_at"))
            .foreign_key(&mut key("market_ticket", "market_id", "market"))
            .foreign_key(&mut key("market_ticket", "family_id", "family"))
            .index(Index::create().unique().name("market_ticket_number").col("market_id").col("number"))
            .index(Index::create().unique().name("market_ticket_family").col("market_id").col("family_id"))
            .to_owned(),
    )
    .await?;
    m.create_table(
        Table::create()
            .table("market_refusal")
            .col(big_pk_auto("id"))
            .col(big_integer("market_id"))
            .col(big_integer_null("family_id"))
            .col(big_integer_null("item_id"))
            .col(text("why"))
            .col(big_integer("asked"))
            .col(timestamp_with_time_zone("at"))
            .col(text("source_key").unique_key())
            .foreign_key(&mut key("market_refusal", "market_id", "market"))
            .foreign_key(&mut key("market_refusal", "family_id", "family"))
            .foreign_key(&mut key("market_refusal", "item_id", "item"))
            .to_owned(),
    )
    .await?;
    index(m, "market_refusal", &["market_id"]).await
}

async fn members(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    // Who wrote the member down: another person than this one says how much may be owed.
    let by = big_integer_null("person_id");
    m.alter_table(Table::alter().table("member").add_column(by).to_owned()).await?;
    m.create_table(
        Table::create()
            .table("member_payment")
            .col(big_pk_auto("id"))
            .col(big_integer("outlet_id"))
            .col(big_integer("member_id"))
            .col(big_integer("amount"))
            .col(text("book"))
            .col(big_integer("person_id"))
            .col(text("source_key").unique_key())
            .col(timestamp_with_time_zone("at"))
            .foreign_key(&mut key("member_payment", "outlet_id", "outlet"))
            .foreign_key(&mut key("member_payment", "member_id", "member"))
            .foreign_key(&mut key("member_payment", "person_id", "person"))
            .check(Expr::cust("\"amount\" > 0"))
            .to_owned(),
    )
    .await?;
    index(m, "member_payment", &["member_id"]).await
}
