//! The people who weave, as buyers meet them.
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};

use super::shelf::statement;
use crate::error::Result;

/// Makers on a page.
pub const PAGE: i64 = 48;

/// A maker with their village and how many goods of theirs are on sale.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Maker {
    pub id: i64,
    pub slug: String,
    pub name: String,
    pub dusun: String,
    pub group_name: Option<String>,
    pub story: String,
    pub face: Option<String>,
    pub village: String,
    pub kecamatan: String,
    pub kabupaten: String,
    pub goods: i64,
}

const MAKER: &str = "SELECT c.id, c.slug, c.name, c.dusun, c.group_name, c.story, c.face, v.name AS village, \
     v.kecamatan, v.kabupaten, \
     (SELECT COUNT(*) FROM product p WHERE p.crafter_id = c.id AND p.state = 'published') AS goods \
     FROM crafter c JOIN village v ON v.id = c.village_id ";

/// Makers who have something on sale, by name.
pub async fn makers(db: &impl ConnectionTrait, n: i64, skip: i64) -> Result<Vec<Maker>> {
    let sql = format!(
        "{MAKER} WHERE EXISTS (SELECT 1 FROM product p WHERE p.crafter_id = c.id AND p.state = 'published') \
         ORDER BY c.name, c.id LIMIT $1 OFFSET $2"
    );
    Ok(Maker::find_by_statement(statement(db, sql, [n, skip])).all(db).await?)
}

/// The maker of an address.
pub async fn maker(db: &impl ConnectionTrait, slug: &str) -> Result<Option<Maker>> {
    let sql = format!("{MAKER} WHERE c.slug = $1");
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [slug.into()]);
    Ok(Maker::find_by_statement(statement).one(db).await?)
}
