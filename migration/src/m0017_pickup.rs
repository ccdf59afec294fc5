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
                .table("pickup")
                .col(big_pk_auto("id"))
                .col(big_integer("outlet_id"))
                .col(big_integer("crafter_id"))
                .col(big_integer("product_id"))
                .col(big_integer("quantity"))
                .col(text("state"))
                .col(big_integer("person_id"))
                .col(timestamp_with_time_zone("since"))
                .col(timestamp_with_time_zone_null("ended_at"))
                .col(big_integer_null("ended_by"))
                .foreign_key(ForeignKey::create().from("pickup", "outlet_id").to("outlet", "id"))
                .foreign_key(ForeignKey::create().from("pickup", "crafter_id").to("crafter", "id"))
                .foreign_key(ForeignKey::create().from("pickup", "product_id").to("product", "id"))
                .foreign_key(ForeignKey::create().from("pickup", "person_id").to("person", "id"))
                .check(Expr::cust("\"quantity\" > 0"))
                .to_owned(),
        )
        .await?;
        index(m, "pickup", &["outlet_id", "state"]).await?;
        index(m, "pickup", &["crafter_id", "state"]).await?;
        m.create_table(
            Table::create()
                .table("walk")
                .col(big_pk_auto("id"))
                .col(big_integer("outlet_id"))
                .col(text("dusun"))
                .col(text("rw"))
                .col(text("rt"))
                .col(big_integer("position"))
                .foreign_key(ForeignKey::create().from("walk", "outlet_id").to("outlet", "id"))
                .to_owned(),
        )
        .await?;
        index(m, "walk", &["outlet_id", "position"]).await?;
        // A hand-over is looked for by its goods when the same baskets are entered on two phones.
        index(m, "intake", &["item_id", "crafter_id"]).await?;
        index(m, "intake", &["outlet_id", "taken_at"]).await
    }
}
