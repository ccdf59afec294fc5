//! Letters in which a village says that a household runs a business (SKU).
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
        let numbered = Index::create()
            .unique()
            .name("business_letter_village_id_year_sequence_unique")
            .col("village_id")
            .col("year")
            .col("sequence")
            .to_owned();
        m.create_table(
            Table::create()
                .table("business_letter")
                .col(big_pk_auto("id"))
                .col(big_integer("village_id"))
                .col(big_integer("crafter_id"))
                .col(text("state"))
                .col(text("name"))
                .col(text("dusun"))
                .col(text("rt"))
                .col(text("rw"))
                .col(text("business"))
                .col(big_integer_null("since"))
                .col(text_null("purpose"))
                .col(big_integer("asked_by"))
                .col(timestamp_with_time_zone("asked_at"))
                .col(big_integer_null("decided_by"))
                .col(timestamp_with_time_zone_null("decided_at"))
                .col(text_null("reason"))
                .col(big_integer_null("year"))
                .col(big_integer_null("sequence"))
                .col(text_null("number").unique_key())
                .col(text_null("secret").unique_key())
                .col(date_null("issued_on"))
                .col(date_null("valid_until"))
                .col(text_null("head_name"))
                .col(big_integer_null("revoked_by"))
                .col(timestamp_with_time_zone_null("revoked_at"))
                .foreign_key(ForeignKey::create().from("business_letter", "village_id").to("village", "id"))
                .foreign_key(ForeignKey::create().from("business_letter", "crafter_id").to("crafter", "id"))
                .foreign_key(ForeignKey::create().from("business_letter", "asked_by").to("person", "id"))
                .index(&mut numbered.clone())
                .check(Expr::cust("(\"state\" IN ('issued', 'revoked')) = (\"number\" IS NOT NULL)"))
                .to_owned(),
        )
        .await?;
        index(m, "business_letter", &["crafter_id", "id"]).await?;
        index(m, "business_letter", &["village_id", "state"]).await
    }
}
