//! Something that happened to money, once.
use std::collections::HashMap;

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::account::{self, Book};
use crate::{
    clock::Clock,
    db::{self, Tx},
    error::Result,
};
use entity::{Rupiah, entry, posting};

/// One side of an entry: debits positive, credits negative.
pub type Line = (Book, Rupiah);

/// An entry to be written.
#[derive(Clone, Debug)]
pub struct NewEntry<'a> {
    /// Names the event once and for all: "paid:order:12:attempt:3".
    pub source_key: &'a str,
    pub kind: &'a str,
    /// What it was about: "order:12".
    pub subject: &'a str,
    pub memo: &'a str,
    pub lines: &'a [Line],
}

/// Writes an entry. The same source key writes nothing again; says whether this was the first time.
///
/// Lines of the same account are put together, lines of nothing are left out; the rest must sum to zero.
pub async fn post(tx: &Tx, clock: &Clock, new: NewEntry<'_>) -> Result<bool> {
    let lines = put_together(&new)?;
    if lines.is_empty() {
        return Ok(false);
    }
    let known = entry::Entity::find().filter(entry::Column::SourceKey.eq(new.source_key)).one(tx).await?;
    if known.is_some() {
        return Ok(false);
    }
    let entry_id = entry::Entity::insert(row(clock, &new)).exec(tx).await?.last_insert_id;
    let books: Vec<Book> = lines.iter().map(|(book, _)| *book).collect();
    let ids = account::ids(tx, &books).await?;
    let postings = ids.iter().zip(&lines).map(|(account_id, (_, amount))| posting::ActiveModel {
        entry_id: Set(entry_id),
        account_id: Set(*account_id),
        amount: Set(*amount),
        ..Default::default()
    });
    db::insert_all(tx, postings.collect()).await?;
    Ok(true)
}

/// Lines of the same account as one, without those of nothing, if they sum to zero.
fn put_together(new: &NewEntry<'_>) -> Result<Vec<Line>> {
    let mut lines: Vec<Line> = Vec::with_capacity(new.lines.len());
    for (book, amount) in new.lines {
        match lines.iter_mut().find(|(known, _)| known == book) {
            Some((_, sum)) => *sum += *amount,
            None => lines.push((*book, *amount)),
        }
    }
    lines.retain(|(_, amount)| *amount != Rupiah::ZERO);
    let sum: Rupiah = lines.iter().map(|(_, amount)| *amount).sum();
    if sum != Rupiah::ZERO {
        return Err(anyhow::anyhow!("entry {} does not add up: {sum}", new.source_key).into());
    }
    Ok(lines)
}

/// Writes many entries at once, as [`post`] does each; their keys differ.
pub async fn post_all(tx: &Tx, clock: &Clock, all: &[NewEntry<'_>]) -> Result<()> {
    let mut of_entries: HashMap<&str, Vec<Line>> = HashMap::with_capacity(all.len());
    for one in all {
        let lines = put_together(one)?;
        if !lines.is_empty() {
            of_entries.insert(one.source_key, lines);
        }
    }
    let mut books: Vec<Book> = of_entries.values().flatten().map(|(book, _)| *book).collect();
    books.sort_unstable_by_key(|book| book.code());
    books.dedup();
    let accounts: HashMap<Book, i64> = books.iter().copied().zip(account::ids(tx, &books).await?).collect();
    let new = all.iter().filter(|one| of_entries.contains_key(one.source_key)).map(|one| row(clock, one)).collect();
    let mut postings = Vec::with_capacity(2 * all.len());
    for written in db::insert_missing(tx, new, entry::Column::SourceKey).await? {
        for (book, amount) in of_entries.get(written.source_key.as_str()).into_iter().flatten() {
            let account_id = accounts.get(book).ok_or_else(|| anyhow::anyhow!("{book:?} was not made"))?;
            postings.push(posting::ActiveModel {
                entry_id: Set(written.id),
                account_id: Set(*account_id),
                amount: Set(*amount),
                ..Default::default()
            });
        }
    }
    db::insert_all(tx, postings).await?;
    Ok(())
}

fn row(clock: &Clock, new: &NewEntry<'_>) -> entry::ActiveModel {
    entry::ActiveModel {
        source_key: Set(new.source_key.to_owned()),
        kind: Set(new.kind.to_owned()),
        subject: Set(Some(new.subject.to_owned())),
        memo: Set(new.memo.to_owned()),
        at: Set(clock.now()),
        ..Default::default()
    }
}

/// Takes an entry back by its opposite, under the key "reversed:…"; nothing when there is no such entry. Once.
pub async fn reverse(tx: &Tx, clock: &Clock, source_key: &str) -> Result<bool> {
    let Some(old) = entry::Entity::find().filter(entry::Column::SourceKey.eq(source_key)).one(tx).await? else {
        return Ok(false);
    };
    let key = format!("reversed:{source_key}");
    if entry::Entity::find().filter(entry::Column::SourceKey.eq(&key)).one(tx).await?.is_some() {
        return Ok(false);
    }
    let row = entry::ActiveModel {
        source_key: Set(key),
        kind: Set(old.kind.clone()),
        subject: Set(old.subject.clone()),
        memo: Set("reversed".into()),
        at: Set(clock.now()),
        ..Default::default()
    };
    let entry_id = entry::Entity::insert(row).exec(tx).await?.last_insert_id;
    let postings = posting::Entity::find().filter(posting::Column::EntryId.eq(old.id)).all(tx).await?;
    let opposite = postings.into_iter().map(|posting| posting::ActiveModel {
        entry_id: Set(entry_id),
        account_id: Set(posting.account_id),
        amount: Set(-posting.amount),
        ..Default::default()
    });
    posting::Entity::insert_many(opposite).exec_without_returning(tx).await?;
    Ok(true)
}
