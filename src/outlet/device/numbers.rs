//! The numbers that a phone gives its events: what is missing among them is on its way, or was lost with the phone.
use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, Select, sea_query::Expr,
};

use crate::error::Result;
use entity::device_event::{Column as Told, Entity as Events};

/// How many numbers of a phone came in, the highest of them, and the first that are missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    pub count: i64,
    pub highest: i64,
    pub missing: Vec<i64>,
}

/// So many missing numbers are named.
const MOST_NAMED: usize = 8;

/// The numbers of each of these phones that came in; what is missing is on its way or was lost with the phone.
pub async fn numbers(db: &impl ConnectionTrait, ids: &[i64]) -> Result<HashMap<i64, Numbers>> {
    let sums: Vec<(i64, i64, i64)> = proven(ids)
        .select_only()
        .column(Told::DeviceId)
        .column_as(Expr::col(Told::Counter).count_distinct(), "came")
        .column_as(Expr::col(Told::Counter).max(), "highest")
        .group_by(Told::DeviceId)
        .into_tuple()
        .all(db)
        .await?;
    let mut of = HashMap::new();
    for (id, count, highest) in sums {
        let missing = if count < highest { gaps(db, id).await? } else { Vec::new() };
        of.insert(id, Numbers { count, highest, missing });
    }
    Ok(of)
}

/// Events that proved to be of these phones.
fn proven(ids: &[i64]) -> Select<Events> {
    let is_proven = Expr::col(Told::SourceKey).equals(Told::EventId);
    Events::find().filter(Told::DeviceId.is_in(ids.iter().copied())).filter(is_proven)
}

async fn gaps(db: &impl ConnectionTrait, id: i64) -> Result<Vec<i64>> {
    let query = proven(&[id]).select_only().column(Told::Counter).order_by_asc(Told::Counter);
    let came: Vec<i64> = query.into_tuple().all(db).await?;
    Ok(missing(&came))
}

/// The first numbers that are missing in an ascending list.
fn missing(came: &[i64]) -> Vec<i64> {
    let before = [0].into_iter().chain(came.iter().copied());
    before.zip(came).flat_map(|(last, next)| last + 1..*next).take(MOST_NAMED).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_numbers_are_named() {
        assert_eq!(missing(&[1, 2, 2, 5]), [3, 4]);
        assert!(missing(&[]).is_empty());
        assert_eq!(missing(&[1, 1_000_000_000]), [2, 3, 4, 5, 6, 7, 8, 9]);
    }
}
