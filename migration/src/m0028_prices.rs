//! Prices of sembako: how each is made, every one that was posted, what was asked above the ceiling, and rows of the law
//! that came after the program.
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
        outlet(m).await?;
        rules(m).await?;
        overrides(m).await?;
        posted(m).await?;
        law(m).await
    }
}

/// Where the outlet stands for the law, and whether its board shows what goods cost it.
async fn outlet(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [text("price_zone").default("one").to_owned(), boolean("shows_cost").default(false).to_owned()];
    for column in columns {
        m.alter_table(Table::alter().table("outlet").add_column(column).to_owned()).await?;
    }
    for (zone, provinces) in [
        ("two", "'11','12','13','14','15','17','19','21','53','61','62','63','64','65'"),
        ("three", "'81','82','91','92','93','94','95','96','97'"),
    ] {
        let there = format!(
            "UPDATE outlet SET price_zone = '{zone}' \
             WHERE village_id IN (SELECT id FROM village WHERE substr(code, 1, 2) IN ({provinces}))"
        );
        m.get_connection().execute_unprepared(&there).await?;
    }
    Ok(())
}

async fn rules(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("price_rule")
            .col(big_pk_auto("id"))
            .col(big_integer("item_id").unique_key())
            .col(text("rule"))
            .col(big_integer("margin_bp"))
            .col(big_integer_null("fixed_price"))
            .col(text("step"))
            .col(big_integer("cover_weeks"))
            .col(big_integer_null("person_id"))
            .col(timestamp_with_time_zone("set_at"))
            .foreign_key(&mut key("price_rule", "item_id", "item"))
            .foreign_key(&mut key("price_rule", "person_id", "person"))
            .check(Expr::cust("(\"rule\" = 'fixed') = (\"fixed_price\" IS NOT NULL)"))
            .to_owned(),
    )
    .await
}

async fn overrides(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("price_override")
            .col(big_pk_auto("id"))
            .col(big_integer("outlet_id"))
            .col(big_integer("item_id"))
            .col(big_integer("price"))
            .col(text("reason"))
            .col(big_integer("asked_by"))
            .col(timestamp_with_time_zone("asked_at"))
            .col(date("valid_until"))
            .col(text_null("decision"))
            .col(big_integer_null("decided_by"))
            .col(timestamp_with_time_zone_null("decided_at"))
            .foreign_key(&mut key("price_override", "outlet_id", "outlet"))
            .foreign_key(&mut key("price_override", "item_id", "item"))
            .foreign_key(&mut key("price_override", "asked_by", "person"))
            .foreign_key(&mut key("price_override", "decided_by", "person"))
            .check(Expr::cust("\"price\" > 0 AND (\"decision\" IS NULL) = (\"decided_by\" IS NULL)"))
            .check(Expr::cust("\"decision\" <> 'approved' OR \"decided_by\" <> \"asked_by\""))
            .to_owned(),
    )
    .await?;
    index(m, "price_override", &["outlet_id", "decision"]).await?;
    index(m, "price_override", &["item_id", "decision"]).await
}

async fn posted(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("posted_price")
            .col(big_pk_auto("id"))
            .col(big_integer("item_id"))
            .col(big_integer("price"))
            .col(timestamp_with_time_zone("posted_at"))
            .col(text_null("rule"))
            .col(big_integer_null("cost"))
            .col(big_integer_null("ceiling"))
            .col(big_integer_null("person_id"))
            .col(text_null("reason"))
            .col(big_integer_null("override_id"))
            .foreign_key(&mut key("posted_price", "item_id", "item"))
            .foreign_key(&mut key("posted_price", "person_id", "person"))
            .foreign_key(&mut key("posted_price", "override_id", "price_override"))
            .to_owned(),
    )
    .await?;
    index(m, "posted_price", &["item_id", "posted_at"]).await?;
    // What is asked today has been asked since the goods were first written down, as far as anybody knows.
    let backfill = "INSERT INTO posted_price (item_id, price, posted_at) \
                    SELECT item.id, item.price, product.created_at FROM item \
                    JOIN product ON product.id = item.product_id ORDER BY item.id";
    m.get_connection().execute_unprepared(backfill).await?;
    Ok(())
}

async fn law(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("reference_price")
            .col(big_pk_auto("id"))
            .col(big_integer_null("village_id"))
            .col(text("commodity"))
            .col(text("force"))
            .col(text("scope"))
            .col(big_integer_null("low"))
            .col(big_integer("high"))
            .col(text("per"))
            .col(date("valid_from"))
            .col(date_null("valid_to"))
            .col(text("instrument"))
            .col(text("note"))
            .col(text("source"))
            .col(big_integer("person_id"))
            .col(timestamp_with_time_zone("created_at"))
            .col(big_integer_null("withdrawn_by"))
            .col(timestamp_with_time_zone_null("withdrawn_at"))
            .foreign_key(&mut key("reference_price", "village_id", "village"))
            .foreign_key(&mut key("reference_price", "person_id", "person"))
            .foreign_key(&mut key("reference_price", "withdrawn_by", "person"))
            .check(Expr::cust("\"high\" > 0 AND (\"low\" IS NULL OR (\"low\" > 0 AND \"low\" <= \"high\"))"))
            .check(Expr::cust("\"valid_to\" IS NULL OR \"valid_from\" <= \"valid_to\""))
            .to_owned(),
    )
    .await
}
