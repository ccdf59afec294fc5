//! Money asked for at the counter by QRIS.
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
                .table("bill")
                .col(big_pk_auto("id"))
                .col(big_integer("outlet_id"))
                .col(big_integer("amount").check(Expr::col("amount").gt(0)))
                .col(text_null("purpose"))
                .col(big_integer("person_id"))
                .col(text("state"))
                .col(big_integer("sold").check(Expr::col("sold").gte(0)))
                .col(big_integer("refund_due").check(Expr::col("refund_due").gte(0)))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone_null("paid_at"))
                .col(timestamp_with_time_zone_null("closed_at"))
                .foreign_key(ForeignKey::create().from("bill", "outlet_id").to("outlet", "id"))
                .foreign_key(ForeignKey::create().from("bill", "person_id").to("person", "id"))
                .to_owned(),
        )
        .await?;
        index(m, "bill", &["outlet_id", "created_at"]).await
    }
}
