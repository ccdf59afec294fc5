//! Rows that are written many at once come back as they went, whatever they say.
use chrono::{TimeDelta, TimeZone, Utc};
use entity::{entry, history};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, QueryOrder};
use serde_json::json;
use warong::db;

use crate::support::Shop;

/// What breaks a list that is put together carelessly.
const WORDS: [&str; 12] = [
    "",
    "NULL",
    "null",
    "a,b",
    "{a}",
    "\"",
    "\\",
    "\\\"},{\"",
    "tanduk 'kerbau'",
    "dua\nbaris\tdan\r",
    " tepi ",
    "🐃 ماdura é",
];

fn told(n: usize, word: &str) -> history::ActiveModel {
    history::ActiveModel {
        village_id: Set(None),
        subject: Set(word.to_owned()),
        subject_id: Set(i64::MAX - n as i64),
        verb: Set(format!("{word}{word}")),
        person_id: Set(n.is_multiple_of(2).then_some(-(n as i64))),
        detail: Set(json!({ word: [word, null, 1.5, { "a\"b": true }] })),
        at: Set(Utc.timestamp_opt(1_700_000_000, 123_456_000).unwrap() - TimeDelta::days(n as i64 * 30)),
        block_id: Set(None),
        ..Default::default()
    }
}

#[actix_web::test]
async fn whatever_rows_say_they_are_written_so() {
    let shop = Shop::empty().await;
    let before = history::Entity::find().all(&shop.app.db).await.expect("a read").len();
    let rows: Vec<_> = WORDS.iter().enumerate().map(|(n, word)| told(n, word)).collect();
    let tx = db::begin(&shop.app.db).await.expect("a transaction");
    db::insert_all(&tx, rows.clone()).await.expect("written");
    let mut back = db::insert_all_returning(&tx, rows.clone()).await.expect("written and given back");
    db::insert_all(&tx, Vec::<history::ActiveModel>::new()).await.expect("nothing is nothing");
    // Rows that say the same are as many all the same.
    db::insert_all(&tx, vec![told(3, "sama"); 3]).await.expect("written");
    db::insert_all(&tx, vec![told(4, "satu")]).await.expect("written");
    tx.commit().await.expect("it stands");
    let all = history::Entity::find().order_by_asc(history::Column::Id).all(&shop.app.db).await.expect("a read");
    let (all, same) = all[before..].split_at(2 * WORDS.len());
    assert_eq!(same.iter().map(|row| row.subject.as_str()).collect::<Vec<_>>(), ["sama", "sama", "sama", "satu"]);
    back.sort_by_key(|row| row.id);
    assert_eq!(back, all[WORDS.len()..]);
    for half in all.chunks(WORDS.len()) {
        let mut half = half.to_vec();
        half.sort_by_key(|row| -row.subject_id);
        for (n, row) in half.into_iter().enumerate() {
            let mut sent = told(n, WORDS[n]);
            sent.id = Set(row.id);
            assert_eq!(history::ActiveModel::from(row).reset_all(), sent.reset_all(), "{:?}", WORDS[n]);
        }
    }
    shop.close().await;
}

#[actix_web::test]
async fn what_is_there_already_is_not_written_again_and_all_keys_are_found() {
    let shop = Shop::empty().await;
    let row = |key: &str, memo: &str| entry::ActiveModel {
        source_key: Set(key.to_owned()),
        kind: Set("story".into()),
        subject: Set(None),
        memo: Set(memo.to_owned()),
        at: Set(shop.clock.now()),
        ..Default::default()
    };
    let tx = db::begin(&shop.app.db).await.expect("a transaction");
    let first = WORDS[..8].iter().map(|word| row(word, "first")).collect();
    assert_eq!(db::insert_missing(&tx, first, entry::Column::SourceKey).await.expect("written").len(), 8);
    let second = WORDS.iter().map(|word| row(word, "second")).collect();
    let mut new = db::insert_missing(&tx, second, entry::Column::SourceKey).await.expect("written");
    new.sort_by_key(|row| WORDS.iter().position(|word| *word == row.source_key));
    assert_eq!(new.iter().map(|row| row.source_key.as_str()).collect::<Vec<_>>(), WORDS[8..]);
    let found = db::find_all::<entry::Entity>(&tx, entry::Column::SourceKey, &WORDS).await.expect("a read");
    assert_eq!(found.len(), WORDS.len());
    assert_eq!(found.iter().filter(|row| row.memo == "first").count(), 8);
    let none = db::find_all::<entry::Entity>(&tx, entry::Column::SourceKey, &[]).await.expect("a read");
    assert!(none.is_empty());
    drop(tx);
    shop.close().await;
}

#[actix_web::test]
async fn no_row_names_what_is_not_there() {
    use sea_orm::{ConnectionTrait, DbBackend};
    let shop = Shop::empty().await;
    let tx = db::begin(&shop.app.db).await.expect("a transaction");
    let row = entry::ActiveModel {
        source_key: Set("story".into()),
        kind: Set("story".into()),
        subject: Set(None),
        memo: Set(String::new()),
        at: Set(shop.clock.now()),
        ..Default::default()
    };
    let entry_id = entry::Entity::insert(row).exec(&tx).await.expect("an entry").last_insert_id;
    let of = |amount| entity::posting::ActiveModel {
        entry_id: Set(entry_id),
        account_id: Set(999_999),
        amount: Set(entity::Rupiah(amount)),
        ..Default::default()
    };
    let written = db::insert_all(&tx, vec![of(5), of(-5)]).await;
    if tx.get_database_backend() != DbBackend::Postgres {
        written.expect_err("SQLite sees it at once");
        drop(tx);
        return shop.close().await;
    }
    written.expect("it is looked for later");
    tx.commit().await.expect("it stands");
    let found = warong::check::first_broken(&shop.app.db).await.expect("looked").expect("something is wrong");
    assert!(found.starts_with("whatever a row names is there: posting "), "{found}");
    shop.close().await;
}
