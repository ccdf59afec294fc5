//! Pieces of a certain lot that are kept for whoever they were made for, and kiosks that are closed.
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
        m.alter_table(Table::alter().table("kiosk").add_column(closed).to_owned()).await
    }
}
