//! All that was ever written on one page of the books, in its order.
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};

use super::Book;
use crate::error::Result;
use entity::Rupiah;

/// What one entry put on an account: debits positive, credits negative.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Written {
    pub source_key: String,
    pub kind: String,
    pub subject: String,
    pub memo: String,
    pub at: DateTime<Utc>,
    pub amount: Rupiah,
}

/// What stands on an account, entry by entry as they happened. The amounts sum to its balance.
pub async fn written(db: &impl ConnectionTrait, book: Book) -> Result<Vec<Written>> {
    let sql = "SELECT e.source_key, e.kind, COALESCE(e.subject, '') AS subject, e.memo, e.at, p.amount \
               FROM account a JOIN posting p ON p.account_id = a.id JOIN entry e ON e.id = p.entry_id \
               WHERE a.code = $1 ORDER BY e.id, p.id";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [book.code().into()]);
    let mut all = Written::find_by_statement(statement).all(db).await?;
    // Moments are texts on SQLite, so they are compared here; of one moment the books' own order decides.
    all.sort_by_key(|written| written.at);
    Ok(all)
}
