//! What staples cost at a market on a day, as somebody saw it there.
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
        m.create_table(
            Table::create()
                .table("price_observation")
                .col(big_pk_auto("id"))
                .col(big_integer("village_id"))
                .col(text("commodity"))
                .col(text("per"))
                .col(big_integer("price"))
                .col(text("place"))
                .col(date("seen_on"))
                .col(big_integer("person_id"))
                .col(timestamp_with_time_zone("created_at"))
                .col(big_integer_null("withdrawn_by"))
                .col(timestamp_with_time_zone_null("withdrawn_at"))
                .foreign_key(&mut key("price_observation", "village_id", "village"))
                .foreign_key(&mut key("price_observation", "person_id", "person"))
                .foreign_key(&mut key("price_observation", "withdrawn_by", "person"))
                .check(Expr::cust("\"price\" > 0"))
                .check(Expr::cust("(\"withdrawn_by\" IS NULL) = (\"withdrawn_at\" IS NULL)"))
                .to_owned(),
        )
        .await?;
        // One price of one kind at one place on one day stands.
        let standing = "CREATE UNIQUE INDEX price_observation_standing ON price_observation \
                        (village_id, commodity, per, place, seen_on) WHERE withdrawn_at IS NULL";
        m.get_connection().execute_unprepared(standing).await?;
        index(m, "price_observation", &["village_id", "seen_on"]).await
    }
}
