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
        paces(m).await?;
        commissions(m).await?;
        assignments(m).await?;
        // What was handed in for a part of a big order is looked for by that part.
        index(m, "intake", &["assignment_id"]).await
    }
}

async fn paces(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("pace")
            .col(big_pk_auto("id"))
            .col(big_integer("crafter_id"))
            .col(big_integer("item_id"))
            .col(big_integer("pieces_per_week"))
            .col(big_integer("person_id"))
            .col(timestamp_with_time_zone("said_at"))
            .foreign_key(ForeignKey::create().from("pace", "crafter_id").to("crafter", "id"))
            .foreign_key(ForeignKey::create().from("pace", "item_id").to("item", "id"))
            .foreign_key(ForeignKey::create().from("pace", "person_id").to("person", "id"))
            .index(Index::create().unique().name("pace_crafter_id_item_id_unique").col("crafter_id").col("item_id"))
            .check(Expr::cust("\"pieces_per_week\" >= 0"))
            .to_owned(),
    )
    .await?;
    index(m, "pace", &["item_id"]).await
}

async fn commissions(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("commission")
            .col(big_pk_auto("id"))
            .col(big_integer("outlet_id"))
            .col(big_integer("order_id"))
            .col(big_integer("order_line_id"))
            .col(big_integer("item_id"))
            .col(big_integer("pieces"))
            .col(big_integer("price"))
            .col(date("due_on"))
            .col(big_integer("answer_hours"))
            .col(big_integer("made_by"))
            .col(timestamp_with_time_zone("made_at"))
            .col(timestamp_with_time_zone_null("closed_at"))
            .col(text_null("close_reason"))
            .foreign_key(ForeignKey::create().from("commission", "outlet_id").to("outlet", "id"))
            .foreign_key(ForeignKey::create().from("commission", "order_id").to("order", "id"))
            .foreign_key(ForeignKey::create().from("commission", "order_line_id").to("order_line", "id"))
            .foreign_key(ForeignKey::create().from("commission", "item_id").to("item", "id"))
            .foreign_key(ForeignKey::create().from("commission", "made_by").to("person", "id"))
            .check(Expr::cust("\"pieces\" >= 0 AND \"price\" >= 0 AND \"answer_hours\" > 0"))
            .to_owned(),
    )
    .await?;
    index(m, "commission", &["order_id"]).await?;
    index(m, "commission", &["order_line_id"]).await?;
    index(m, "commission", &["outlet_id", "closed_at"]).await
}

async fn assignments(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("assignment")
            .col(big_pk_auto("id"))
            .col(big_integer("commission_id"))
            .col(big_integer("crafter_id"))
            .col(big_integer("round"))
            .col(big_integer("offered"))
            .col(big_integer("pieces"))
            .col(text("state"))
            .col(big_integer("price"))
            .col(date("due_on"))
            .col(timestamp_with_time_zone("answer_by"))
            .col(text("secret").unique_key())
            .col(timestamp_with_time_zone("offered_at"))
            .col(timestamp_with_time_zone_null("answered_at"))
            .col(big_integer_null("answered_by"))
            .col(text_null("reason"))
            .foreign_key(ForeignKey::create().from("assignment", "commission_id").to("commission", "id"))
            .foreign_key(ForeignKey::create().from("assignment", "crafter_id").to("crafter", "id"))
            .foreign_key(ForeignKey::create().from("assignment", "answered_by").to("person", "id"))
            .check(Expr::cust("\"offered\" > 0 AND \"pieces\" >= 0 AND \"pieces\" <= \"offered\" AND \"price\" >= 0"))
            .to_owned(),
    )
    .await?;
    index(m, "assignment", &["commission_id"]).await?;
    index(m, "assignment", &["crafter_id", "state"]).await
}
