//! What is sold over the counter, and what stands with kiosks on other islands.
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
        sales(m).await?;
        sale_returns(m).await?;
        kiosks(m).await?;
        drops(m).await?;
        visits(m).await
    }
}

async fn sales(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("sale")
            .col(big_pk_auto("id"))
            .col(big_integer("outlet_id"))
            .col(text("secret").unique_key())
            .col(text("method"))
            .col(text_null("reference"))
            .col(big_integer_null("bill_id").unique_key())
            .col(big_integer("total"))
            .col(big_integer("person_id"))
            .col(text("source_key").unique_key())
            .col(timestamp_with_time_zone("sold_at"))
            .foreign_key(&mut key("sale", "outlet_id", "outlet"))
            .foreign_key(&mut key("sale", "bill_id", "bill"))
            .foreign_key(&mut key("sale", "person_id", "person"))
            .check(Expr::cust("\"total\" >= 0"))
            .to_owned(),
    )
    .await?;
    index(m, "sale", &["outlet_id", "sold_at"]).await?;
    m.create_table(
        Table::create()
            .table("sale_line")
            .col(big_pk_auto("id"))
            .col(big_integer("sale_id"))
            .col(big_integer("item_id"))
            .col(text("name"))
            .col(text_null("grade"))
            .col(big_integer("quantity"))
            .col(big_integer("list_price"))
            .col(big_integer("unit_price"))
            .col(text_null("reason"))
            .foreign_key(&mut key("sale_line", "sale_id", "sale"))
            .foreign_key(&mut key("sale_line", "item_id", "item"))
            .check(Expr::cust("\"quantity\" > 0 AND \"unit_price\" >= 0"))
            .to_owned(),
    )
    .await?;
    index(m, "sale_line", &["sale_id"]).await
}

async fn sale_returns(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("sale_return")
            .col(big_pk_auto("id"))
            .col(big_integer("sale_id"))
            .col(text("reason"))
            .col(text_null("borne_by"))
            .col(big_integer("amount"))
            .col(big_integer("person_id"))
            .col(text("source_key").unique_key())
            .col(timestamp_with_time_zone("at"))
            .foreign_key(&mut key("sale_return", "sale_id", "sale"))
            .foreign_key(&mut key("sale_return", "person_id", "person"))
            .to_owned(),
    )
    .await?;
    index(m, "sale_return", &["sale_id"]).await?;
    m.create_table(
        Table::create()
            .table("sale_return_line")
            .col(big_pk_auto("id"))
            .col(big_integer("sale_return_id"))
            .col(big_integer("earning_id"))
            .col(big_integer("good"))
            .col(big_integer("broken"))
            .foreign_key(&mut key("sale_return_line", "sale_return_id", "sale_return"))
            .foreign_key(&mut key("sale_return_line", "earning_id", "earning"))
            .check(Expr::cust("\"good\" >= 0 AND \"broken\" >= 0 AND \"good\" + \"broken\" > 0"))
            .to_owned(),
    )
    .await?;
    index(m, "sale_return_line", &["sale_return_id"]).await
}

async fn kiosks(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("kiosk")
            .col(big_pk_auto("id"))
            .col(big_integer("outlet_id"))
            .col(big_integer("place_id").unique_key())
            .col(text("name"))
            .col(text("keeper"))
            .col(text("phone"))
            .col(text("town"))
            .col(text("region_code"))
            .col(big_integer("commission_bp"))
            .col(text("damage_by"))
            .col(text("pays_at"))
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(&mut key("kiosk", "outlet_id", "outlet"))
            .foreign_key(&mut key("kiosk", "place_id", "place"))
            .check(Expr::cust("\"commission_bp\" >= 0 AND \"commission_bp\" <= 5000"))
            .to_owned(),
    )
    .await?;
    index(m, "kiosk", &["outlet_id"]).await
}

async fn drops(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("kiosk_drop")
            .col(big_pk_auto("id"))
            .col(big_integer("kiosk_id"))
            .col(text("secret").unique_key())
            .col(text_null("carrier"))
            .col(text_null("note"))
            .col(big_integer("person_id"))
            .col(text("source_key").unique_key())
            .col(timestamp_with_time_zone("at"))
            .foreign_key(&mut key("kiosk_drop", "kiosk_id", "kiosk"))
            .foreign_key(&mut key("kiosk_drop", "person_id", "person"))
            .to_owned(),
    )
    .await?;
    index(m, "kiosk_drop", &["kiosk_id", "at"]).await?;
    m.create_table(
        Table::create()
            .table("kiosk_drop_line")
            .col(big_pk_auto("id"))
            .col(big_integer("kiosk_drop_id"))
            .col(big_integer("item_id"))
            .col(text("name"))
            .col(text_null("grade"))
            .col(big_integer("quantity"))
            .col(big_integer("unit_price"))
            .foreign_key(&mut key("kiosk_drop_line", "kiosk_drop_id", "kiosk_drop"))
            .foreign_key(&mut key("kiosk_drop_line", "item_id", "item"))
            .check(Expr::cust("\"quantity\" > 0 AND \"unit_price\" > 0"))
            .to_owned(),
    )
    .await?;
    index(m, "kiosk_drop_line", &["kiosk_drop_id"]).await
}

async fn visits(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("kiosk_visit")
            .col(big_pk_auto("id"))
            .col(big_integer("kiosk_id"))
            .col(text("damage_by"))
            .col(text("pays_at"))
            .col(big_integer("owed"))
            .col(big_integer("commission"))
            .col(big_integer("collected"))
            .col(text("method"))
            .col(text_null("reference"))
            .col(text_null("reason"))
            .col(text_null("note"))
            .col(big_integer("person_id"))
            .col(text("source_key").unique_key())
            .col(text("content_hash"))
            .col(timestamp_with_time_zone("visited_at"))
            .col(timestamp_with_time_zone("recorded_at"))
            .col(timestamp_with_time_zone_null("voided_at"))
            .col(text_null("void_reason"))
            .foreign_key(&mut key("kiosk_visit", "kiosk_id", "kiosk"))
            .foreign_key(&mut key("kiosk_visit", "person_id", "person"))
            .check(Expr::cust("\"owed\" >= 0 AND \"commission\" >= 0 AND \"collected\" >= 0"))
            .to_owned(),
    )
    .await?;
    index(m, "kiosk_visit", &["kiosk_id", "id"]).await?;
    m.create_table(
        Table::create()
            .table("kiosk_visit_line")
            .col(big_pk_auto("id"))
            .col(big_integer("kiosk_visit_id"))
            .col(big_integer("item_id"))
            .col(text("name"))
            .col(big_integer("expected"))
            .col(big_integer("sold"))
            .col(big_integer("good"))
            .col(big_integer("damaged"))
            .col(big_integer("still"))
            .col(big_integer("missing"))
            .col(boolean("missing_owed"))
            .col(big_integer("unit_price"))
            .col(big_integer("commission"))
            .foreign_key(&mut key("kiosk_visit_line", "kiosk_visit_id", "kiosk_visit"))
            .foreign_key(&mut key("kiosk_visit_line", "item_id", "item"))
            .check(Expr::cust(
                "\"sold\" >= 0 AND \"good\" >= 0 AND \"damaged\" >= 0 AND \"still\" >= 0 AND \"missing\" >= 0",
            ))
            .check(Expr::cust("\"sold\" + \"good\" + \"damaged\" + \"still\" + \"missing\" = \"expected\""))
            .check(Expr::cust("\"unit_price\" > \"commission\" AND \"commission\" >= 0"))
            .to_owned(),
    )
    .await?;
    index(m, "kiosk_visit_line", &["kiosk_visit_id"]).await
}
