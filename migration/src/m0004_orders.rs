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
                .table("cart")
                .col(big_pk_auto("id"))
                .col(text("token_hash").unique_key())
                .col(text_null("region_code"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone("updated_at"))
                .to_owned(),
        )
        .await?;
        m.create_table(
            Table::create()
                .table("cart_line")
                .col(big_pk_auto("id"))
                .col(big_integer("cart_id"))
                .col(big_integer("item_id"))
                .col(big_integer("quantity"))
                .col(big_integer("price_seen"))
                .col(timestamp_with_time_zone("added_at"))
                .foreign_key(ForeignKey::create().from("cart_line", "cart_id").to("cart", "id"))
                .foreign_key(ForeignKey::create().from("cart_line", "item_id").to("item", "id"))
                .index(Index::create().unique().name("cart_line_cart_id_item_id_unique").col("cart_id").col("item_id"))
                .check(Expr::cust("\"quantity\" > 0"))
                .to_owned(),
        )
        .await?;
        m.create_table(
            Table::create()
                .table("courier_service")
                .col(big_pk_auto("id"))
                .col(big_integer("outlet_id"))
                .col(text("code"))
                .col(text("name"))
                .col(big_integer("divisor"))
                .col(big_integer("min_grams"))
                .col(big_integer("step_grams"))
                .col(big_integer("position"))
                .col(boolean("active"))
                .foreign_key(ForeignKey::create().from("courier_service", "outlet_id").to("outlet", "id"))
                .index(
                    Index::create().unique().name("courier_service_outlet_id_code_unique").col("outlet_id").col("code"),
                )
                .to_owned(),
        )
        .await?;
        m.create_table(
            Table::create()
                .table("shipping_rate")
                .col(big_pk_auto("id"))
                .col(big_integer("courier_service_id"))
                .col(text("zone"))
                .col(big_integer("base"))
                .col(big_integer("per_step"))
                .col(big_integer("days_min"))
                .col(big_integer("days_max"))
                .foreign_key(
                    ForeignKey::create().from("shipping_rate", "courier_service_id").to("courier_service", "id"),
                )
                .index(
                    Index::create()
                        .unique()
                        .name("shipping_rate_courier_service_id_zone_unique")
                        .col("courier_service_id")
                        .col("zone"),
                )
                .to_owned(),
        )
        .await?;
        m.create_table(
            Table::create()
                .table("order")
                .col(big_pk_auto("id"))
                .col(text("secret").unique_key())
                .col(big_integer("outlet_id"))
                .col(big_integer_null("person_id"))
                .col(text("buyer_name"))
                .col(text("buyer_phone"))
                .col(text_null("buyer_email"))
                .col(text("language"))
                .col(text("delivery"))
                .col(text_null("region_code"))
                .col(text_null("street"))
                .col(text_null("rt"))
                .col(text_null("rw"))
                .col(text_null("landmark"))
                .col(text_null("postcode"))
                .col(text_null("note"))
                .col(text_null("zone"))
                .col(text_null("service"))
                .col(big_integer("chargeable_grams"))
                .col(big_integer("goods_total"))
                .col(big_integer("shipping_total"))
                .col(big_integer("total"))
                .col(text("method"))
                .col(text("state"))
                .col(text("payment"))
                .col(timestamp_with_time_zone("placed_at"))
                .col(timestamp_with_time_zone_null("pay_by"))
                .col(timestamp_with_time_zone_null("confirmed_at"))
                .col(date_null("ready_on"))
                .col(timestamp_with_time_zone_null("paid_at"))
                .col(timestamp_with_time_zone_null("closed_at"))
                .col(text_null("close_reason"))
                .col(big_integer("refund_due"))
                .foreign_key(ForeignKey::create().from("order", "outlet_id").to("outlet", "id"))
                .to_owned(),
        )
        .await?;
        index(m, "order", &["outlet_id", "state"]).await?;
        index(m, "order", &["outlet_id", "payment"]).await?;
        index(m, "order", &["buyer_phone"]).await?;
        index(m, "order", &["state", "pay_by"]).await?;
        m.create_table(
            Table::create()
                .table("order_line")
                .col(big_pk_auto("id"))
                .col(big_integer("order_id"))
                .col(big_integer("item_id"))
                .col(big_integer_null("crafter_id"))
                .col(text("product_name"))
                .col(text("item_name"))
                .col(big_integer("quantity"))
                .col(big_integer("unit_price"))
                .col(big_integer("maker_total"))
                .col(big_integer("outlet_total"))
                .col(big_integer("group_total"))
                .col(big_integer("to_make"))
                .col(big_integer("cancelled"))
                .col(big_integer("packed"))
                .foreign_key(ForeignKey::create().from("order_line", "order_id").to("order", "id"))
                .foreign_key(ForeignKey::create().from("order_line", "item_id").to("item", "id"))
                .check(Expr::cust("\"quantity\" > 0"))
                .check(Expr::cust(
                    "\"cancelled\" >= 0 AND \"packed\" >= 0 AND \"cancelled\" + \"packed\" <= \"quantity\"",
                ))
                .to_owned(),
        )
        .await?;
        index(m, "order_line", &["order_id"]).await?;
        m.create_table(
            Table::create()
                .table("parcel")
                .col(big_pk_auto("id"))
                .col(big_integer("order_id"))
                .col(text("state"))
                .col(text_null("courier"))
                .col(text_null("tracking_number"))
                .col(timestamp_with_time_zone("packed_at"))
                .col(timestamp_with_time_zone_null("sent_at"))
                .col(timestamp_with_time_zone_null("delivered_at"))
                .foreign_key(ForeignKey::create().from("parcel", "order_id").to("order", "id"))
                .to_owned(),
        )
        .await?;
        index(m, "parcel", &["order_id"]).await?;
        m.create_table(
            Table::create()
                .table("parcel_line")
                .col(big_pk_auto("id"))
                .col(big_integer("parcel_id"))
                .col(big_integer("order_line_id"))
                .col(big_integer("lot_id"))
                .col(big_integer("quantity"))
                .foreign_key(ForeignKey::create().from("parcel_line", "parcel_id").to("parcel", "id"))
                .foreign_key(ForeignKey::create().from("parcel_line", "order_line_id").to("order_line", "id"))
                .foreign_key(ForeignKey::create().from("parcel_line", "lot_id").to("lot", "id"))
                .to_owned(),
        )
        .await?;
        index(m, "parcel_line", &["parcel_id"]).await?;
        Ok(())
    }
}
