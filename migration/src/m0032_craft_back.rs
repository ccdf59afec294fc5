//! A till takes back what households made: which of what they earned it was, and who bears what is broken.
use sea_orm_migration::{prelude::*, schema::*};

use crate::add;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        add(m, "till_return_line", vec![big_integer_null("earning_id"), text_null("borne_by")]).await
    }
}
