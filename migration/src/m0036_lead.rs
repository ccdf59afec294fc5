//! How many days goods of a supplier take to come, as whoever buys there knows it.
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
        let lead = big_integer_null("lead_days").check(Expr::cust("\"lead_days\" BETWEEN 0 AND 60")).to_owned();
        add(m, "supplier", vec![lead]).await
    }
}
