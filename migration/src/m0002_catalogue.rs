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
                .table("category")
                .col(big_pk_auto("id"))
                .col(text("slug").unique_key())
                .col(text("name_id"))
                .col(text("name_mad"))
                .col(text("name_en"))
                .col(text("kind"))
                .col(big_integer("position"))
                .to_owned(),
        )
        .await?;
        m.create_table(
            Table::create()
                .table("product")
                .col(big_pk_auto("id"))
                .col(big_integer("outlet_id"))
                .col(big_integer_null("crafter_id"))
                .col(big_integer("category_id"))
                .col(text("slug").unique_key())
                .col(text("name"))
                .col(text("description"))
                .col(text("search"))
                .col(text("state"))
                .col(text("unit"))
                .col(big_integer("maker_bp"))
                .col(big_integer("outlet_bp"))
                .col(big_integer("group_bp"))
                .col(big_integer_null("days_to_make"))
                .col(big_integer_null("pieces_per_week"))
                .col(big_integer_null("pieces_ready"))
                .col(boolean("pickup_only"))
                .col(text_null("cover"))
                .col(big_integer("price_min"))
                .col(big_integer("price_max"))
                .col(text_null("note"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone("updated_at"))
                .col(timestamp_with_time_zone_null("published_at"))
                .foreign_key(ForeignKey::create().from("product", "outlet_id").to("outlet", "id"))
                .foreign_key(ForeignKey::create().from("product", "crafter_id").to("crafter", "id"))
                .foreign_key(ForeignKey::create().from("product", "category_id").to("category", "id"))
                .check(Expr::cust("\"price_min\" > 0 OR (\"price_min\" = 0 AND \"state\" <> 'published')"))
                .check(Expr::cust("\"price_min\" <= \"price_max\""))
                .to_owned(),
        )
        .await?;
        index(m, "product", &["state", "category_id"]).await?;
        index(m, "product", &["state", "published_at"]).await?;
        index(m, "product", &["crafter_id"]).await?;
        index(m, "product", &["updated_at"]).await?;
        m.create_table(
            Table::create()
                .table("item")
                .col(big_pk_auto("id"))
                .col(big_integer("product_id"))
                .col(text("name"))
                .col(big_integer("price"))
                .col(big_integer("length_mm"))
                .col(big_integer("width_mm"))
                .col(big_integer("height_mm"))
                .col(big_integer("weight_grams"))
                .col(big_integer("nests"))
                .col(big_integer("position"))
                .col(timestamp_with_time_zone_null("archived_at"))
                .foreign_key(ForeignKey::create().from("item", "product_id").to("product", "id"))
                .check(Expr::cust("\"price\" > 0"))
                .to_owned(),
        )
        .await?;
        index(m, "item", &["product_id"]).await?;
        m.create_table(
            Table::create()
                .table("price_change")
                .col(big_pk_auto("id"))
                .col(big_integer("item_id"))
                .col(big_integer_null("old_price"))
                .col(big_integer("new_price"))
                .col(big_integer_null("person_id"))
                .col(text("reason"))
                .col(timestamp_with_time_zone("at"))
                .foreign_key(ForeignKey::create().from("price_change", "item_id").to("item", "id"))
                .to_owned(),
        )
        .await?;
        index(m, "price_change", &["item_id"]).await?;
        m.create_table(
            Table::create()
                .table("photo")
                .col(big_pk_auto("id"))
                .col(text("subject"))
                .col(big_integer("subject_id"))
                .col(big_integer("position"))
                .col(text("state"))
                .col(text("name").unique_key())
                .col(big_integer_null("width"))
                .col(big_integer_null("height"))
                .col(text_null("refusal"))
                .col(big_integer_null("person_id"))
                .col(timestamp_with_time_zone("created_at"))
                .to_owned(),
        )
        .await?;
        index(m, "photo", &["subject", "subject_id"]).await?;
        index(m, "photo", &["state"]).await?;
        Ok(())
    }
}
