//! Seals over what is written down: rows in blocks, each block chained to the one before.
//!
//! A block keeps a digest of each of its rows and the hash of the block before, so that a row changed, taken out or
//! slipped in later is found and named, and nobody can replace a block without replacing all that follow.
use std::fmt::Write;

use chrono::Duration;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};
use serde_json::Value;

use crate::{
    clock::Clock,
    db::{self, Db, Tx},
    error::Result,
    secret,
};
use entity::{history, history_block};

/// Rows in one block at most.
const ROWS: u64 = 500;
/// Rows this young wait for the next round: another node may still be writing down an earlier one.
const SETTLED: Duration = Duration::seconds(10);

/// What a look at all seals found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seals {
    pub blocks: u64,
    pub rows: u64,
    /// The hash of the last block; written down elsewhere, it proves all before it.
    pub head: String,
    /// The first record that is not as it was sealed, in words.
    pub first_bad: Option<String>,
}

/// Seals what is settled, in as many blocks as it takes; says how many rows.
pub async fn seal(db: &Db, clock: &Clock) -> Result<u64> {
    let mut sealed = 0;
    loop {
        if waiting(clock).one(db).await?.is_none() {
            return Ok(sealed);
        }
        let tx = db::begin(db).await?;
        let rows = seal_block(&tx, clock).await?;
        tx.commit().await?;
        sealed += rows;
        if rows == 0 {
            return Ok(sealed);
        }
    }
}

fn waiting(clock: &Clock) -> sea_orm::Select<history::Entity> {
    history::Entity::find()
        .filter(history::Column::BlockId.is_null())
        .filter(history::Column::At.lte(clock.now() - SETTLED))
        .order_by_asc(history::Column::Id)
        .limit(ROWS)
}

/// One block. Two nodes take turns at the rows; were they ever to pass each other, only one block can follow another.
async fn seal_block(tx: &Tx, clock: &Clock) -> Result<u64> {
    let rows = waiting(clock).lock_exclusive().all(tx).await?;
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(0) };
    let before = history_block::Entity::find().order_by_desc(history_block::Column::Id).one(tx).await?;
    let previous = before.map_or_else(String::new, |block| block.hash);
    let digests = digests(&rows);
    let block = history_block::ActiveModel {
        first_id: Set(first.id),
        last_id: Set(last.id),
        hash: Set(hash(&previous, &digests)),
        previous: Set(previous),
        digests: Set(digests),
        sealed_at: Set(clock.now()),
        ..Default::default()
    };
    let block_id = history_block::Entity::insert(block).exec(tx).await?.last_insert_id;
    history::Entity::update_many()
        .col_expr(history::Column::BlockId, Expr::value(block_id))
        .filter(history::Column::Id.is_in(rows.iter().map(|row| row.id)))
        .exec(tx)
        .await?;
    Ok(rows.len() as u64)
}

/// Looks at every sealed row again and names the first that is not as it was.
pub async fn verify(db: &impl ConnectionTrait) -> Result<Seals> {
    let mut seals = Seals { blocks: 0, rows: 0, head: String::new(), first_bad: None };
    let mut last_id = 0;
    loop {
        let block = history_block::Entity::find()
            .filter(history_block::Column::Id.gt(last_id))
            .order_by_asc(history_block::Column::Id)
            .one(db)
            .await?;
        let Some(block) = block else { break };
        last_id = block.id;
        let rows = history::Entity::find()
            .filter(history::Column::BlockId.eq(block.id))
            .order_by_asc(history::Column::Id)
            .all(db)
            .await?;
        seals.first_bad = flaw(&block, &seals.head, &rows);
        if seals.first_bad.is_some() {
            return Ok(seals);
        }
        seals.blocks += 1;
        seals.rows += rows.len() as u64;
        seals.head = block.hash;
    }
    // A row whose block is gone: the end of the chain was cut off.
    let orphan =
        history::Entity::find().filter(history::Column::BlockId.gt(last_id)).order_by_asc(history::Column::Id).one(db);
    seals.first_bad = orphan.await?.map(|row| format!("history {}: its block {:?} is gone", row.id, row.block_id));
    Ok(seals)
}

/// What is wrong with a block, if anything.
fn flaw(block: &history_block::Model, before: &str, rows: &[history::Model]) -> Option<String> {
    if block.previous != before {
        return Some(format!("history block {}: the block before it is not the one it was chained to", block.id));
    }
    if hash(&block.previous, &block.digests) != block.hash {
        return Some(format!("history block {}: its seal is broken", block.id));
    }
    let found = digests(rows);
    if found == block.digests {
        return None;
    }
    let id = |line: &str| line.split(' ').next().unwrap_or_default().parse::<i64>().unwrap_or_default();
    let (mut sealed, mut found) = (block.digests.lines().peekable(), found.lines().peekable());
    loop {
        match (sealed.peek().map(|line| id(line)), found.peek().map(|line| id(line))) {
            (Some(was), Some(is)) if was == is => {
                if sealed.next() != found.next() {
                    return Some(format!("history {is}: it was changed after it was sealed"));
                }
            }
            (Some(was), is) if is.is_none_or(|is| was < is) => {
                return Some(format!("history {was}: it was taken out after it was sealed"));
            }
            (_, Some(is)) => {
                return Some(format!("history {is}: it was slipped in after block {} was sealed", block.id));
            }
            _ => return Some(format!("history block {}: its list of rows is broken", block.id)),
        }
    }
}

fn hash(previous: &str, digests: &str) -> String {
    secret::sha256(format!("{previous}\n{digests}").as_bytes())
}

fn digests(rows: &[history::Model]) -> String {
    rows.iter().fold(String::new(), |mut out, row| {
        writeln!(out, "{} {}", row.id, secret::sha256(told(row).as_bytes())).ok();
        out
    })
}

/// A row as one text, the same on every engine: times in microseconds, the names of a detail in order.
fn told(row: &history::Model) -> String {
    let mut out = String::new();
    let number = |n: Option<i64>| n.map_or_else(|| "-".to_owned(), |n| n.to_string());
    writeln!(out, "{}\n{}\n{}\n{}", row.id, number(row.village_id), row.subject, row.subject_id).ok();
    writeln!(out, "{}\n{}\n{}", row.verb, number(row.person_id), row.at.timestamp_micros()).ok();
    ordered(&row.detail, &mut out);
    out
}

fn ordered(value: &Value, out: &mut String) {
    match value {
        Value::Object(fields) => {
            let mut names: Vec<&String> = fields.keys().collect();
            names.sort();
            out.push('{');
            for name in names {
                write!(out, "{}:", Value::from(name.as_str())).ok();
                ordered(&fields[name.as_str()], out);
                out.push(',');
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for item in items {
                ordered(item, out);
                out.push(',');
            }
            out.push(']');
        }
        plain => {
            write!(out, "{plain}").ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn row(id: i64, verb: &str) -> history::Model {
        history::Model {
            id,
            village_id: Some(1),
            subject: "order".into(),
            subject_id: 7,
            verb: verb.into(),
            person_id: None,
            detail: json!({ "b": [1, { "d": "x", "c": null }], "a": true }),
            at: "2026-11-21T03:00:00Z".parse().unwrap(),
            block_id: Some(1),
        }
    }

    fn block(rows: &[history::Model]) -> history_block::Model {
        let digests = digests(rows);
        history_block::Model {
            id: 1,
            first_id: 1,
            last_id: 3,
            previous: String::new(),
            hash: hash("", &digests),
            digests,
            sealed_at: "2026-11-21T03:01:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn a_row_tells_the_same_whatever_the_order_of_its_names() {
        let mut other = row(1, "placed");
        other.detail = json!({ "a": true, "b": [1, { "c": null, "d": "x" }] });
        assert_eq!(told(&row(1, "placed")), told(&other));
    }

    #[test]
    fn the_first_bad_row_is_named() {
        let rows = [row(1, "placed"), row(2, "paid"), row(3, "sent")];
        let block = block(&rows);
        assert_eq!(flaw(&block, "", &rows), None);
        let named = |rows: &[history::Model]| flaw(&block, "", rows).unwrap();
        assert!(
            named(&[row(1, "placed"), row(2, "cancelled"), row(3, "sent")]).starts_with("history 2: it was changed")
        );
        assert!(named(&[row(1, "placed"), row(3, "sent")]).starts_with("history 2: it was taken out"));
        assert!(named(&[row(1, "placed"), row(2, "paid")]).starts_with("history 3: it was taken out"));
        let slipped = [row(0, "x"), row(1, "placed"), row(2, "paid"), row(3, "sent")];
        assert!(named(&slipped).starts_with("history 0: it was slipped in"));
    }

    #[test]
    fn a_block_that_was_replaced_is_named() {
        let rows = [row(1, "placed")];
        let mut block = block(&rows);
        assert!(flaw(&block, "another", &rows).unwrap().contains("chained"));
        block.digests.push_str("9 0\n");
        assert!(flaw(&block, "", &rows).unwrap().contains("seal is broken"));
    }
}
