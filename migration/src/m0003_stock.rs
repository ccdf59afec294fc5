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
                .table("place")
                .col(big_pk_auto("id"))
                .col(big_integer("outlet_id"))
                .col(text("name"))
                .col(timestamp_with_time_zone("created_at"))
                .foreign_key(ForeignKey::create().from("place", "outlet_id").to("outlet", "id"))
                .to_owned(),
        )
        .await?;
        m.create_table(
            Table::create()
                .table("lot")
                .col(big_pk_auto("id"))
                .col(big_integer("item_id"))
                .col(big_integer("place_id"))
                .col(big_integer_null("owner_id"))
                .col(text("terms"))
                .col(big_integer("cost"))
                .col(big_integer("received"))
                .col(big_integer("remaining"))
                .col(text_null("grade"))
                .col(timestamp_with_time_zone("received_at"))
                .foreign_key(ForeignKey::create().from("lot", "item_id").to("item", "id"))
                .foreign_key(ForeignKey::create().from("lot", "place_id").to("place", "id"))
                .foreign_key(ForeignKey::create().from("lot", "owner_id").to("crafter", "id"))
                .check(Expr::cust("\"remaining\" >= 0 AND \"remaining\" <= \"received\""))
                .to_owned(),
        )
        .await?;
        index(m, "lot", &["item_id", "received_at"]).await?;
        m.create_table(
            Table::create()
                .table("stock")
                .col(big_pk_auto("id"))
                .col(big_integer("item_id"))
                .col(big_integer("place_id"))
                .col(big_integer("on_hand"))
                .col(big_integer("promised"))
                .foreign_key(ForeignKey::create().from("stock", "item_id").to("item", "id"))
                .foreign_key(ForeignKey::create().from("stock", "place_id").to("place", "id"))
                .index(Index::create().unique().name("stock_item_id_place_id_unique").col("item_id").col("place_id"))
                .check(Expr::cust("\"on_hand\" >= 0"))
                .check(Expr::cust("\"promised\" >= 0"))
                .check(Expr::cust("\"promised\" <= \"on_hand\""))
                .to_owned(),
        )
        .await?;
        m.create_table(
            Table::create()
                .table("stock_move")
                .col(big_pk_auto("id"))
                .col(big_integer("item_id"))
                .col(big_integer("place_id"))
                .col(big_integer_null("lot_id"))
                .col(text("kind"))
                .col(big_integer("quantity"))
                .col(text_null("subject"))
                .col(text_null("reason"))
                .col(big_integer_null("person_id"))
                .col(text("source_key").unique_key())
                .col(timestamp_with_time_zone("at"))
                .foreign_key(ForeignKey::create().from("stock_move", "item_id").to("item", "id"))
                .foreign_key(ForeignKey::create().from("stock_move", "place_id").to("place", "id"))
                .foreign_key(ForeignKey::create().from("stock_move", "lot_id").to("lot", "id"))
                .check(Expr::cust("\"quantity\" <> 0"))
                .to_owned(),
        )
        .await?;
        index(m, "stock_move", &["item_id", "id"]).await?;
        m.create_table(
            Table::create()
                .table("hold")
                .col(big_pk_auto("id"))
                .col(text("subject"))
                .col(big_integer("item_id"))
                .col(big_integer("place_id"))
                .col(big_integer("quantity"))
                .col(text("state"))
                .col(timestamp_with_time_zone_null("expires_at"))
                .col(timestamp_with_time_zone("created_at"))
                .foreign_key(ForeignKey::create().from("hold", "item_id").to("item", "id"))
                .foreign_key(ForeignKey::create().from("hold", "place_id").to("place", "id"))
                .check(Expr::cust("\"quantity\" > 0"))
                .to_owned(),
        )
        .await?;
        index(m, "hold", &["subject"]).await?;
        index(m, "hold", &["state", "expires_at"]).await?;
        Ok(())
    }
}
