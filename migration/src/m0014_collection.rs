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
        intakes(m).await?;
        lots(m).await?;
        earnings(m).await?;
        places(m).await?;
        m.create_table(
            Table::create()
                .table("turn")
                .col(big_pk_auto("id"))
                .col(big_integer("item_id"))
                .col(big_integer("owner_id"))
                .col(big_integer("number"))
                .foreign_key(ForeignKey::create().from("turn", "item_id").to("item", "id"))
                .foreign_key(ForeignKey::create().from("turn", "owner_id").to("crafter", "id"))
                .index(Index::create().unique().name("turn_item_id_owner_id_unique").col("item_id").col("owner_id"))
                .to_owned(),
        )
        .await
    }
}

async fn intakes(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("intake")
            .col(big_pk_auto("id"))
            .col(big_integer("outlet_id"))
            .col(big_integer("crafter_id"))
            .col(big_integer("item_id"))
            .col(text("number").unique_key())
            .col(text("secret").unique_key())
            .col(text("terms"))
            .col(big_integer("grade_a"))
            .col(big_integer("grade_b"))
            .col(big_integer("rejected"))
            .col(text_null("reject_reason"))
            .col(big_integer("cost"))
            .col(big_integer("cost_b"))
            .col(big_integer("maker_bp"))
            .col(big_integer("outlet_bp"))
            .col(big_integer("group_bp"))
            .col(big_integer("material"))
            .col(big_integer_null("assignment_id"))
            .col(big_integer("person_id"))
            .col(text_null("photo"))
            .col(text_null("note"))
            .col(text("source_key").unique_key())
            .col(timestamp_with_time_zone("taken_at"))
            .col(timestamp_with_time_zone("received_at"))
            .col(timestamp_with_time_zone_null("reversed_at"))
            .col(text_null("reverse_reason"))
            .foreign_key(ForeignKey::create().from("intake", "outlet_id").to("outlet", "id"))
            .foreign_key(ForeignKey::create().from("intake", "crafter_id").to("crafter", "id"))
            .foreign_key(ForeignKey::create().from("intake", "item_id").to("item", "id"))
            .foreign_key(ForeignKey::create().from("intake", "person_id").to("person", "id"))
            .check(Expr::cust("\"grade_a\" >= 0 AND \"grade_b\" >= 0 AND \"rejected\" >= 0"))
            .check(Expr::cust("\"grade_a\" + \"grade_b\" + \"rejected\" > 0"))
            .check(Expr::cust("\"cost\" >= 0 AND \"cost_b\" >= 0 AND \"material\" >= 0"))
            .check(Expr::cust("\"maker_bp\" + \"outlet_bp\" + \"group_bp\" = 10000"))
            .to_owned(),
    )
    .await?;
    index(m, "intake", &["outlet_id", "received_at"]).await?;
    index(m, "intake", &["crafter_id", "id"]).await
}

/// A lot knows the hand-over it came by, how its price is shared, and the lot it was moved out of.
async fn lots(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        big_integer_null("intake_id"),
        big_integer_null("origin_id"),
        big_integer_null("maker_bp"),
        big_integer_null("outlet_bp"),
        big_integer_null("group_bp"),
        big_integer("material").default(0).to_owned(),
        text_null("secret"),
    ];
    for column in columns {
        m.alter_table(Table::alter().table("lot").add_column(column).to_owned()).await?;
    }
    index(m, "lot", &["owner_id", "item_id"]).await?;
    index(m, "lot", &["intake_id"]).await?;
    m.create_index(Index::create().unique().name("lot_secret_unique").table("lot").col("secret").to_owned()).await
}

async fn earnings(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("earning")
            .col(big_pk_auto("id"))
            .col(big_integer("outlet_id"))
            .col(text("subject"))
            .col(text("document"))
            .col(text("entry_key"))
            .col(big_integer("lot_id"))
            .col(big_integer("item_id"))
            .col(big_integer_null("crafter_id"))
            .col(text("terms"))
            .col(big_integer("quantity"))
            .col(big_integer("unit_price"))
            .col(big_integer("maker_total"))
            .col(big_integer("outlet_total"))
            .col(big_integer("group_total"))
            .col(big_integer("cost_total"))
            .col(timestamp_with_time_zone("at"))
            .col(timestamp_with_time_zone_null("undone_at"))
            .col(boolean("crafted"))
            .col(big_integer_null("undoes_id"))
            .foreign_key(ForeignKey::create().from("earning", "undoes_id").to("earning", "id"))
            .foreign_key(ForeignKey::create().from("earning", "outlet_id").to("outlet", "id"))
            .foreign_key(ForeignKey::create().from("earning", "lot_id").to("lot", "id"))
            .foreign_key(ForeignKey::create().from("earning", "item_id").to("item", "id"))
            .foreign_key(ForeignKey::create().from("earning", "crafter_id").to("crafter", "id"))
            .check(Expr::cust("\"quantity\" <> 0 AND (\"quantity\" > 0) = (\"undoes_id\" IS NULL)"))
            .check(Expr::cust("\"maker_total\" + \"outlet_total\" + \"group_total\" = \"quantity\" * \"unit_price\""))
            .to_owned(),
    )
    .await?;
    index(m, "earning", &["entry_key"]).await?;
    index(m, "earning", &["crafter_id", "id"]).await?;
    index(m, "earning", &["lot_id"]).await?;
    index(m, "earning", &["undoes_id"]).await?;
    index(m, "earning", &["subject"]).await
}

/// Goods also stand in kiosks far away; only what is on the outlet's own shelf is sold in the shop.
async fn places(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let kind = text("kind").default("shelf").to_owned();
    m.alter_table(Table::alter().table("place").add_column(kind).to_owned()).await?;
    let on_shelf = boolean("on_shelf").default(true).to_owned();
    m.alter_table(Table::alter().table("stock").add_column(on_shelf).to_owned()).await
}
