//! Resellers, prices by quantity, quotes, orders paid in two parts, cartons and the ships they travel on.
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
        resellers(m).await?;
        tiers(m).await?;
        sailings(m).await?;
        quotes(m).await?;
        parts(m).await?;
        cartons(m).await
    }
}

async fn resellers(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("reseller")
            .col(big_pk_auto("id"))
            .col(big_integer("outlet_id"))
            .col(big_integer("person_id"))
            .col(text("business"))
            .col(text("town"))
            .col(text("sells"))
            .col(text("state"))
            .col(text_null("reason"))
            .col(timestamp_with_time_zone("asked_at"))
            .col(timestamp_with_time_zone_null("decided_at"))
            .col(big_integer_null("decided_by"))
            .foreign_key(ForeignKey::create().from("reseller", "outlet_id").to("outlet", "id"))
            .foreign_key(ForeignKey::create().from("reseller", "person_id").to("person", "id"))
            .index(Index::create().unique().name("reseller_person_unique").col("outlet_id").col("person_id"))
            .to_owned(),
    )
    .await
}

/// Prices by quantity, and the least a maker has agreed to for a piece. What no longer holds is ended, never changed.
async fn tiers(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("tier")
            .col(big_pk_auto("id"))
            .col(big_integer("outlet_id"))
            .col(big_integer("item_id"))
            .col(big_integer("from_pieces").check(Expr::col("from_pieces").gt(1)))
            .col(big_integer("price").check(Expr::col("price").gt(0)))
            .col(boolean("for_all"))
            .col(big_integer("made_by"))
            .col(timestamp_with_time_zone("made_at"))
            .col(timestamp_with_time_zone_null("ended_at"))
            .foreign_key(ForeignKey::create().from("tier", "outlet_id").to("outlet", "id"))
            .foreign_key(ForeignKey::create().from("tier", "item_id").to("item", "id"))
            .foreign_key(ForeignKey::create().from("tier", "made_by").to("person", "id"))
            .to_owned(),
    )
    .await?;
    index(m, "tier", &["item_id", "ended_at"]).await?;
    m.create_table(
        Table::create()
            .table("maker_floor")
            .col(big_pk_auto("id"))
            .col(big_integer("item_id"))
            .col(big_integer("amount").check(Expr::col("amount").gte(0)))
            .col(text("agreed"))
            .col(big_integer("made_by"))
            .col(timestamp_with_time_zone("made_at"))
            .col(timestamp_with_time_zone_null("ended_at"))
            .foreign_key(ForeignKey::create().from("maker_floor", "item_id").to("item", "id"))
            .foreign_key(ForeignKey::create().from("maker_floor", "made_by").to("person", "id"))
            .to_owned(),
    )
    .await?;
    index(m, "maker_floor", &["item_id", "ended_at"]).await
}

async fn sailings(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("sailing")
            .col(big_pk_auto("id"))
            .col(big_integer("outlet_id"))
            .col(text("kind"))
            .col(text("name"))
            .col(text("from_place"))
            .col(text("to_place"))
            .col(timestamp_with_time_zone("closes_at"))
            .col(timestamp_with_time_zone("departs_at"))
            .col(date_null("arrives_on"))
            .col(big_integer("per_kg").check(Expr::col("per_kg").gte(0)))
            .col(big_integer("per_m3").check(Expr::col("per_m3").gte(0)))
            .col(text_null("note"))
            .col(big_integer("made_by"))
            .col(timestamp_with_time_zone("made_at"))
            .col(timestamp_with_time_zone_null("cancelled_at"))
            .foreign_key(ForeignKey::create().from("sailing", "outlet_id").to("outlet", "id"))
            .foreign_key(ForeignKey::create().from("sailing", "made_by").to("person", "id"))
            .to_owned(),
    )
    .await?;
    index(m, "sailing", &["outlet_id", "departs_at"]).await
}

async fn quotes(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("quote")
            .col(big_pk_auto("id"))
            .col(text("secret").unique_key())
            .col(big_integer("outlet_id"))
            .col(big_integer_null("reseller_id"))
            .col(text("buyer_name"))
            .col(text("buyer_phone"))
            .col(text("region_code"))
            .col(text("street"))
            .col(text_null("note"))
            .col(text("state"))
            .col(text("freight_kind"))
            .col(text("freight_name"))
            .col(big_integer("freight"))
            .col(big_integer("chargeable_grams"))
            .col(big_integer("cartons"))
            .col(big_integer("packing"))
            .col(big_integer("deposit"))
            .col(big_integer("kept"))
            .col(big_integer("deposit_days"))
            .col(date_null("valid_until"))
            .col(date_null("ready_on"))
            .col(text_null("terms"))
            .col(text_null("reason"))
            .col(big_integer_null("order_id").unique_key())
            .col(timestamp_with_time_zone("asked_at"))
            .col(timestamp_with_time_zone_null("sent_at"))
            .col(timestamp_with_time_zone_null("answered_at"))
            .foreign_key(ForeignKey::create().from("quote", "outlet_id").to("outlet", "id"))
            .foreign_key(ForeignKey::create().from("quote", "reseller_id").to("reseller", "id"))
            .foreign_key(ForeignKey::create().from("quote", "order_id").to("order", "id"))
            .check(Expr::cust("\"freight\" >= 0 AND \"packing\" >= 0 AND \"deposit\" >= 0 AND \"cartons\" >= 0"))
            .check(Expr::cust("\"kept\" >= 0 AND \"kept\" <= \"deposit\""))
            .to_owned(),
    )
    .await?;
    index(m, "quote", &["outlet_id", "state"]).await?;
    index(m, "quote", &["reseller_id"]).await?;
    m.create_table(
        Table::create()
            .table("quote_line")
            .col(big_pk_auto("id"))
            .col(big_integer("quote_id"))
            .col(big_integer("item_id"))
            .col(big_integer("quantity").check(Expr::col("quantity").gt(0)))
            .col(big_integer("unit_price").check(Expr::col("unit_price").gt(0)))
            .col(big_integer("list_price"))
            .foreign_key(ForeignKey::create().from("quote_line", "quote_id").to("quote", "id"))
            .foreign_key(ForeignKey::create().from("quote_line", "item_id").to("item", "id"))
            .index(Index::create().unique().name("quote_line_item_unique").col("quote_id").col("item_id"))
            .to_owned(),
    )
    .await
}

/// An order may be paid in two parts: a deposit before work begins, and the balance before the goods leave.
async fn parts(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        big_integer("deposit").default(0).to_owned(),
        big_integer("kept").default(0).to_owned(),
        big_integer("part_paid").default(0).to_owned(),
        timestamp_with_time_zone_null("balance_asked_at"),
    ];
    for column in columns {
        m.alter_table(Table::alter().table("order").add_column(column).to_owned()).await?;
    }
    let settled = boolean("settled").default(false).to_owned();
    m.alter_table(Table::alter().table("payment_attempt").add_column(settled).to_owned()).await
}

async fn cartons(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("carton")
            .col(big_pk_auto("id"))
            .col(big_integer("order_id"))
            .col(big_integer("number"))
            .col(text("secret").unique_key())
            .col(big_integer("length_mm"))
            .col(big_integer("width_mm"))
            .col(big_integer("height_mm"))
            .col(big_integer("weight_grams"))
            .col(timestamp_with_time_zone("packed_at"))
            .col(timestamp_with_time_zone_null("received_at"))
            .foreign_key(ForeignKey::create().from("carton", "order_id").to("order", "id"))
            .index(Index::create().unique().name("carton_number_unique").col("order_id").col("number"))
            .to_owned(),
    )
    .await?;
    m.create_table(
        Table::create()
            .table("carton_line")
            .col(big_pk_auto("id"))
            .col(big_integer("carton_id"))
            .col(big_integer("order_line_id"))
            .col(big_integer("quantity").check(Expr::col("quantity").gt(0)))
            .foreign_key(ForeignKey::create().from("carton_line", "carton_id").to("carton", "id"))
            .foreign_key(ForeignKey::create().from("carton_line", "order_line_id").to("order_line", "id"))
            .index(Index::create().unique().name("carton_line_unique").col("carton_id").col("order_line_id"))
            .to_owned(),
    )
    .await?;
    m.create_table(
        Table::create()
            .table("shipment")
            .col(big_pk_auto("id"))
            .col(big_integer("order_id").unique_key())
            .col(big_integer("sailing_id"))
            .col(big_integer("chosen_by"))
            .col(timestamp_with_time_zone("chosen_at"))
            .foreign_key(ForeignKey::create().from("shipment", "order_id").to("order", "id"))
            .foreign_key(ForeignKey::create().from("shipment", "sailing_id").to("sailing", "id"))
            .to_owned(),
    )
    .await?;
    m.create_table(
        Table::create()
            .table("tracking_note")
            .col(big_pk_auto("id"))
            .col(big_integer("order_id"))
            .col(date("on_day"))
            .col(text("place"))
            .col(text("said"))
            .col(big_integer("made_by"))
            .col(timestamp_with_time_zone("made_at"))
            .foreign_key(ForeignKey::create().from("tracking_note", "order_id").to("order", "id"))
            .to_owned(),
    )
    .await?;
    index(m, "tracking_note", &["order_id", "on_day"]).await
}
