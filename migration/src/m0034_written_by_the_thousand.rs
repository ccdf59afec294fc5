//! What is written by the thousand is keyed to what it belongs to; on PostgreSQL no longer also to what never goes away.
//!
//! There every key of every row is a question of its own, and these took as long as all else of the writing. Places,
//! goods, people, phones and accounts are never deleted, what writes these rows has just read them, and `warong check`
//! looks for rows that lost what they name. SQLite, where a key costs little, keeps all of them.
use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

const KEYS: [(&str, &str); 9] = [
    ("device_event", "device_id"),
    ("device_event", "sender_id"),
    ("move_cost", "item_id"),
    ("posting", "account_id"),
    ("sale", "outlet_id"),
    ("sale", "person_id"),
    ("sale_line", "item_id"),
    ("stock_move", "item_id"),
    ("stock_move", "place_id"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        if m.get_database_backend() != DbBackend::Postgres {
            return Ok(());
        }
        for (table, column) in KEYS {
            let sql = format!("ALTER TABLE \"{table}\" DROP CONSTRAINT \"{table}_{column}_fkey\"");
            m.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}
