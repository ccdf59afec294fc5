//! Goods of the outlet beyond its shelf: counts of a place, sacks made into bags, and what is sold for less before it
//! expires.
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
        markdowns(m).await?;
        repackings(m).await?;
        counts(m).await?;
        // What expires is looked for every minute.
        index(m, "lot", &["expires_on", "remaining"]).await
    }
}

async fn markdowns(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("markdown")
            .col(big_pk_auto("id"))
            .col(big_integer("outlet_id"))
            .col(big_integer("item_id"))
            .col(big_integer("lot_id"))
            .col(big_integer("price"))
            .col(timestamp_with_time_zone("from_at"))
            .col(big_integer("person_id"))
            .col(text("reason"))
            .col(timestamp_with_time_zone_null("ended_at"))
            .foreign_key(&mut key("markdown", "outlet_id", "outlet"))
            .foreign_key(&mut key("markdown", "item_id", "item"))
            .foreign_key(&mut key("markdown", "lot_id", "lot"))
            .foreign_key(&mut key("markdown", "person_id", "person"))
            .check(Expr::cust("\"price\" > 0"))
            .to_owned(),
    )
    .await?;
    index(m, "markdown", &["outlet_id", "ended_at"]).await?;
    index(m, "markdown", &["item_id"]).await?;
    // A lot has one price at a time.
    let once = "CREATE UNIQUE INDEX markdown_lot_id_open ON markdown (lot_id) WHERE ended_at IS NULL";
    m.get_connection().execute_unprepared(once).await.map(|_| ())
}

/// Goods of one item made into others. What was in them is kept as it was then: an item may say something else later.
async fn repackings(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("repacking")
            .col(big_pk_auto("id"))
            .col(big_integer("outlet_id"))
            .col(big_integer("item_id"))
            .col(big_integer("place_id"))
            .col(text("name"))
            .col(big_integer("quantity"))
            .col(big_integer("content"))
            .col(big_integer("lost"))
            .col(text_null("reason"))
            .col(big_integer("bag_cost"))
            .col(big_integer("person_id"))
            .col(text("source_key").unique_key())
            .col(timestamp_with_time_zone("packed_at"))
            .foreign_key(&mut key("repacking", "outlet_id", "outlet"))
            .foreign_key(&mut key("repacking", "item_id", "item"))
            .foreign_key(&mut key("repacking", "place_id", "place"))
            .foreign_key(&mut key("repacking", "person_id", "person"))
            .check(Expr::cust("\"quantity\" > 0 AND \"content\" > 0 AND \"lost\" >= 0 AND \"bag_cost\" >= 0"))
            .to_owned(),
    )
    .await?;
    index(m, "repacking", &["outlet_id", "packed_at"]).await?;
    index(m, "repacking", &["item_id"]).await?;
    m.create_table(
        Table::create()
            .table("repacking_line")
            .col(big_pk_auto("id"))
            .col(big_integer("repacking_id"))
            .col(big_integer("item_id"))
            .col(text("name"))
            .col(big_integer("quantity"))
            .col(big_integer("content"))
            .col(big_integer("lot_id").unique_key())
            .foreign_key(&mut key("repacking_line", "repacking_id", "repacking"))
            .foreign_key(&mut key("repacking_line", "item_id", "item"))
            .foreign_key(&mut key("repacking_line", "lot_id", "lot"))
            .check(Expr::cust("\"quantity\" > 0 AND \"content\" > 0"))
            .to_owned(),
    )
    .await?;
    index(m, "repacking_line", &["repacking_id"]).await
}

/// A sheet is one going through a place with pen and paper; its lines are what was counted, and what the books said at
/// that moment.
async fn counts(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("count_sheet")
            .col(big_pk_auto("id"))
            .col(big_integer("outlet_id"))
            .col(big_integer("place_id"))
            .col(text("state"))
            .col(big_integer("opened_by"))
            .col(timestamp_with_time_zone("opened_at"))
            .col(big_integer_null("closed_by"))
            .col(timestamp_with_time_zone_null("closed_at"))
            .foreign_key(&mut key("count_sheet", "outlet_id", "outlet"))
            .foreign_key(&mut key("count_sheet", "place_id", "place"))
            .foreign_key(&mut key("count_sheet", "opened_by", "person"))
            .to_owned(),
    )
    .await?;
    index(m, "count_sheet", &["outlet_id", "id"]).await?;
    // Two who count one place write on one sheet.
    let once = "CREATE UNIQUE INDEX count_sheet_place_id_open ON count_sheet (place_id) WHERE state = 'open'";
    m.get_connection().execute_unprepared(once).await?;
    m.create_table(
        Table::create()
            .table("count_line")
            .col(big_pk_auto("id"))
            .col(big_integer("count_sheet_id"))
            .col(big_integer("item_id"))
            .col(big_integer("counted"))
            .col(big_integer("books"))
            .col(big_integer("last_move_id"))
            .col(big_integer("counted_by"))
            .col(timestamp_with_time_zone("counted_at"))
            .col(text_null("cause"))
            .col(text_null("words"))
            .col(big_integer_null("difference"))
            .foreign_key(&mut key("count_line", "count_sheet_id", "count_sheet"))
            .foreign_key(&mut key("count_line", "item_id", "item"))
            .foreign_key(&mut key("count_line", "counted_by", "person"))
            .index(
                Index::create()
                    .unique()
                    .name("count_line_count_sheet_id_item_id_unique")
                    .col("count_sheet_id")
                    .col("item_id"),
            )
            .check(Expr::cust("\"counted\" >= 0"))
            .to_owned(),
    )
    .await
}
