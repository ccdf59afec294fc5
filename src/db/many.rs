//! Many rows of a table, written at once.
//!
//! A statement that has a place for each cell of five hundred rows takes PostgreSQL longer to take apart than to carry
//! out. There each column goes as one array, or as one value where all rows say the same, and the statement is short;
//! elsewhere rows go as they are.
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, ColumnType, ConnectionTrait, DbBackend, DbErr, EntityName, EntityTrait,
    FromQueryResult, IdenStatic, IntoActiveModel, Iterable, QueryFilter, Statement, Value,
    sea_query::{OnConflict, OptionEnum},
};

use super::Tx;

/// The most values that one statement may have: SQLite takes 32,766.
const VALUES: usize = 30_000;

/// Writes rows. All of them have the same columns set.
pub async fn insert_all<A>(tx: &Tx, rows: Vec<A>) -> Result<(), DbErr>
where
    A: ActiveModelTrait + Send,
    <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
{
    for rows in chunks(tx, rows) {
        if tx.get_database_backend() == DbBackend::Postgres {
            tx.execute_raw(statement(rows, "")?).await?;
        } else {
            A::Entity::insert_many(rows).exec_without_returning(tx).await?;
        }
    }
    Ok(())
}

/// Writes rows and gives them back with their ids, in no particular order.
pub async fn insert_all_returning<A>(tx: &Tx, rows: Vec<A>) -> Result<Vec<<A::Entity as EntityTrait>::Model>, DbErr>
where
    A: ActiveModelTrait + Send,
    <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
{
    returning(tx, rows, None).await
}

/// Writes those rows whose value in a unique column is not there yet, and gives them back with their ids, in no
/// particular order.
pub async fn insert_missing<A>(
    tx: &Tx,
    rows: Vec<A>,
    unique: <A::Entity as EntityTrait>::Column,
) -> Result<Vec<<A::Entity as EntityTrait>::Model>, DbErr>
where
    A: ActiveModelTrait + Send,
    <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
{
    returning(tx, rows, Some(unique)).await
}

/// Rows whose value in a unique column is one of many.
pub async fn find_all<E>(db: &impl ConnectionTrait, unique: E::Column, keys: &[&str]) -> Result<Vec<E::Model>, DbErr>
where
    E: EntityTrait,
{
    if db.get_database_backend() != DbBackend::Postgres {
        return E::find().filter(unique.is_in(keys.iter().copied())).all(db).await;
    }
    let mut array = String::from("{");
    for (n, key) in keys.iter().enumerate() {
        if n > 0 {
            array.push(',');
        }
        quote(&mut array, key);
    }
    array.push('}');
    // A plan is kept for long. One that was made while the table was empty would read all of it for ever; asked for one
    // key after the other it is the index at any size.
    let (entity, column) = (E::default(), unique.as_str());
    let table = entity.table_name();
    let sql = format!(
        "SELECT row.* FROM UNNEST(CAST(CAST($1 AS text) AS text[])) AS key CROSS JOIN LATERAL \
         (SELECT * FROM \"{table}\" WHERE \"{column}\" = key LIMIT 1) AS row"
    );
    let rows = db.query_all_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, [array.into()])).await?;
    rows.iter().map(|row| FromQueryResult::from_query_result(row, "")).collect()
}

async fn returning<A>(
    tx: &Tx,
    rows: Vec<A>,
    unique: Option<<A::Entity as EntityTrait>::Column>,
) -> Result<Vec<<A::Entity as EntityTrait>::Model>, DbErr>
where
    A: ActiveModelTrait + Send,
    <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
{
    let mut written = Vec::with_capacity(rows.len());
    for rows in chunks(tx, rows) {
        if tx.get_database_backend() == DbBackend::Postgres {
            let once =
                unique.map_or(String::new(), |column| format!(" ON CONFLICT (\"{}\") DO NOTHING", column.as_str()));
            for row in tx.query_all_raw(statement(rows, &format!("{once} RETURNING *"))?).await? {
                written.push(FromQueryResult::from_query_result(&row, "")?);
            }
        } else {
            let mut insert = A::Entity::insert_many(rows);
            if let Some(column) = unique {
                insert = insert.on_conflict(OnConflict::column(column).do_nothing().to_owned());
            }
            written.extend(insert.exec_with_returning(tx).await?);
        }
    }
    Ok(written)
}

/// As many rows as one statement takes; there may be none at all.
fn chunks<A: ActiveModelTrait>(tx: &Tx, mut rows: Vec<A>) -> Vec<Vec<A>> {
    let columns = <A::Entity as EntityTrait>::Column::iter().count();
    let most = if tx.get_database_backend() == DbBackend::Postgres { VALUES } else { VALUES / columns };
    let mut chunks = Vec::new();
    while rows.len() > most {
        let rest = rows.split_off(most);
        chunks.push(std::mem::replace(&mut rows, rest));
    }
    if !rows.is_empty() {
        chunks.push(rows);
    }
    chunks
}

/// The rows by their columns: one array for each that is set in them, one value where all of them say the same.
fn statement<A: ActiveModelTrait>(mut rows: Vec<A>, ending: &str) -> Result<Statement, DbErr> {
    let entity = A::Entity::default();
    let table = entity.table_name();
    let mut columns = Vec::new();
    for column in <A::Entity as EntityTrait>::Column::iter() {
        let mut of_rows = Vec::with_capacity(rows.len());
        for row in &mut rows {
            if let ActiveValue::Set(value) | ActiveValue::Unchanged(value) = row.take(column) {
                of_rows.push(value);
            }
        }
        let Some(first) = of_rows.first() else { continue };
        let kind = kind(column.def().get_column_type()).filter(|_| of_rows.len() == rows.len());
        let kind = kind.ok_or_else(|| wrong(table, column.as_str()))?;
        let is_one = of_rows.iter().all(|value| value == first);
        columns.push((column, kind, of_rows, is_one));
    }
    // One column at least is spread, so that there are as many rows.
    if columns.iter().all(|(_, _, _, is_one)| *is_one)
        && let Some((_, _, _, is_one)) = columns.first_mut()
    {
        *is_one = false;
    }
    let (mut names, mut cells, mut values) = (Vec::new(), Vec::new(), Vec::new());
    for (column, kind, mut of_rows, is_one) in columns {
        names.push(format!("\"{}\"", column.as_str()));
        if is_one {
            values.push(of_rows.swap_remove(0));
            cells.push(format!("${}", values.len()));
        } else {
            values.push(array(of_rows).ok_or_else(|| wrong(table, column.as_str()))?.into());
            cells.push(format!("UNNEST(CAST(CAST(${} AS text) AS {kind}[]))", values.len()));
        }
    }
    let (names, cells) = (names.join(", "), cells.join(", "));
    let sql = format!("INSERT INTO \"{table}\" ({names}) SELECT {cells}{ending}");
    Ok(Statement::from_sql_and_values(DbBackend::Postgres, sql, values))
}

/// Values as an array that is written out.
fn array(values: Vec<Value>) -> Option<String> {
    let mut array = String::with_capacity(values.len() * 12);
    for value in values {
        array.push(if array.is_empty() { '{' } else { ',' });
        push(&mut array, value)?;
    }
    array.push('}');
    Some(array)
}

fn wrong(table: &str, column: &str) -> DbErr {
    DbErr::Custom(format!(
        "column {column} of many rows of {table} is not set in all, or of a kind that is not known here"
    ))
}

/// What PostgreSQL calls a kind of column.
fn kind(column: &ColumnType) -> Option<&'static str> {
    match column {
        ColumnType::BigInteger => Some("bigint"),
        ColumnType::Integer => Some("integer"),
        ColumnType::Boolean => Some("boolean"),
        ColumnType::Text | ColumnType::String(_) => Some("text"),
        ColumnType::TimestampWithTimeZone => Some("timestamptz"),
        ColumnType::Date => Some("date"),
        ColumnType::JsonBinary => Some("jsonb"),
        _ => None,
    }
}

/// A value as an element of an array that is written out.
fn push(array: &mut String, value: Value) -> Option<()> {
    match value {
        Value::BigInt(Some(n)) => array.push_str(&n.to_string()),
        Value::Int(Some(n)) => array.push_str(&n.to_string()),
        Value::Bool(Some(is)) => array.push(if is { 't' } else { 'f' }),
        Value::String(Some(text)) => quote(array, &text),
        Value::Enum(OptionEnum::Some(one)) => quote(array, &one.value),
        Value::ChronoDateTimeUtc(Some(at)) => {
            quote(array, &at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true));
        }
        Value::ChronoDate(Some(day)) => quote(array, &day.to_string()),
        Value::Json(Some(json)) => quote(array, &json.to_string()),
        Value::BigInt(None)
        | Value::Int(None)
        | Value::Bool(None)
        | Value::String(None)
        | Value::Enum(OptionEnum::None(_))
        | Value::ChronoDateTimeUtc(None)
        | Value::ChronoDate(None)
        | Value::Json(None) => array.push_str("NULL"),
        _ => return None,
    }
    Some(())
}

fn quote(array: &mut String, text: &str) {
    array.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            array.push('\\');
        }
        array.push(c);
    }
    array.push('"');
}
