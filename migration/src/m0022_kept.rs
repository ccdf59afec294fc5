//! Pieces of a certain lot that are kept for whoever they were made for, kiosks that are closed, and balances
//! that are paid after the goods have arrived.
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
        m.alter_table(Table::alter().table("hold").add_column(big_integer_null("lot_id")).to_owned()).await?;
        index(m, "hold", &["lot_id"]).await?;
        let closed = timestamp_with_time_zone_null("closed_at");
        m.alter_table(Table::alter().table("kiosk").add_column(closed).to_owned()).await?;
        m.alter_table(Table::alter().table("quote").add_column(big_integer_null("balance_days")).to_owned()).await?;
        for column in [
            big_integer_null("balance_days"),
            big_integer("owed").default(0).check(Expr::col("owed").gte(0)).take(),
            timestamp_with_time_zone_null("owed_since"),
            timestamp_with_time_zone_null("owed_by"),
        ] {
            m.alter_table(Table::alter().table("order").add_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
