//! Notices what other processes change: the worker alone, or a second node on the same database.
use sea_orm::{ConnectionTrait, Statement};

use crate::error::Result;

/// A text that differs after any change of stock, holds, prices, products or pictures, in one statement of look-ups by
/// index. Compared once a second; what this process changes itself is known at once without it.
pub async fn signature(db: &impl ConnectionTrait) -> Result<String> {
    let row = db
        .query_one_raw(Statement::from_string(
            db.get_database_backend(),
            "SELECT (SELECT COALESCE(MAX(id), 0) FROM stock_move) AS moves, \
             (SELECT COALESCE(MAX(id), 0) FROM hold) AS holds, \
             (SELECT COUNT(*) FROM hold WHERE state = 'held') AS held, \
             (SELECT COALESCE(MAX(id), 0) FROM price_change) AS prices, \
             (SELECT COUNT(*) FROM photo WHERE state = 'waiting') AS photos, \
             (SELECT CAST(MAX(updated_at) AS TEXT) FROM product) AS products",
        ))
        .await?;
    let Some(row) = row else { return Ok(String::new()) };
    let products: Option<String> = row.try_get("", "products")?;
    let mut signature = products.unwrap_or_default();
    for column in ["moves", "holds", "held", "prices", "photos"] {
        let number: i64 = row.try_get("", column)?;
        signature.push_str(&format!(" {number}"));
    }
    Ok(signature)
}
