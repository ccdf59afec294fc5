//! A till that asked about a family holds what is left for it, until its sale comes or some minutes are over.
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
                .table("family_hold")
                .col(big_pk_auto("id"))
                .col(big_integer("device_id").unique_key())
                .col(big_integer("family_id"))
                .col(big_integer("after_sale_id"))
                .col(timestamp_with_time_zone("until"))
                .foreign_key(&mut key("family_hold", "device_id", "device"))
                .foreign_key(&mut key("family_hold", "family_id", "family"))
                .to_owned(),
        )
        .await?;
        index(m, "family_hold", &["family_id"]).await
    }
}
