//! What stands somewhere and can be taken from there, with what a person needs to know it by.
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};
use serde::Serialize;

use crate::error::Result;
use entity::Rupiah;

/// Pieces of one size that nobody was promised.
#[derive(Clone, Debug, Serialize)]
pub struct Standing {
    pub item_id: i64,
    pub name: String,
    pub cover: Option<String>,
    /// The shop's price now.
    pub price: Rupiah,
    pub free: i64,
    /// How many of them are of grade B.
    pub grade_b: i64,
}

#[derive(FromQueryResult)]
struct Row {
    item_id: i64,
    product_name: String,
    item_name: String,
    cover: Option<String>,
    price: i64,
    free: i64,
    grade_b: i64,
}

/// Craft goods on an outlet's own shelf, by name.
pub async fn on_shelf(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Vec<Standing>> {
    let craft = "JOIN category c ON c.id = p.category_id AND c.kind = 'craft'";
    find(db, craft, "p.outlet_id = $1 AND s.on_shelf", outlet_id).await
}

/// Everything in one place, by name.
pub async fn in_place(db: &impl ConnectionTrait, place_id: i64) -> Result<Vec<Standing>> {
    find(db, "", "s.place_id = $1", place_id).await
}

async fn find(db: &impl ConnectionTrait, join: &str, here: &str, id: i64) -> Result<Vec<Standing>> {
    let sql = format!(
        "SELECT i.id AS item_id, p.name AS product_name, i.name AS item_name, p.cover, i.price, \
         CAST(SUM(s.on_hand - s.promised) AS BIGINT) AS free, \
         CAST(COALESCE(SUM((SELECT SUM(l.remaining) FROM lot l WHERE l.item_id = s.item_id \
         AND l.place_id = s.place_id AND l.grade = 'B')), 0) AS BIGINT) AS grade_b \
         FROM stock s JOIN item i ON i.id = s.item_id JOIN product p ON p.id = i.product_id {join} WHERE {here} \
         GROUP BY i.id, p.name, i.name, p.cover, i.price, i.position \
         HAVING SUM(s.on_hand - s.promised) > 0 ORDER BY p.name, i.position, i.id"
    );
    let question = Statement::from_sql_and_values(db.get_database_backend(), sql, [Value::from(id)]);
    let rows = Row::find_by_statement(question).all(db).await?;
    let standing = |row: Row| Standing {
        item_id: row.item_id,
        name: if row.item_name.is_empty() {
            row.product_name
        } else {
            format!("{}, {}", row.product_name, row.item_name)
        },
        cover: row.cover,
        price: Rupiah(row.price),
        free: row.free,
        grade_b: row.grade_b,
    };
    Ok(rows.into_iter().map(standing).collect())
}
