//! Who of the makers has a business letter and who still has none.
use chrono::NaiveDate;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, Order, QueryFilter, QueryOrder, QuerySelect, Statement,
};

use crate::error::Result;
use entity::business_letter;

/// Whose makers are looked at.
#[derive(Clone, Copy, Debug)]
pub enum Of {
    Village(i64),
    Outlet(i64),
}

impl Of {
    fn column(self) -> (&'static str, i64) {
        match self {
            Of::Village(id) => ("village_id", id),
            Of::Outlet(id) => ("outlet_id", id),
        }
    }
}

/// A household without a good letter.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Without {
    pub id: i64,
    pub name: String,
    pub dusun: String,
    pub rt: String,
    pub rw: String,
    pub face: Option<String>,
    /// Letters of theirs that wait to be decided.
    pub asked: i64,
}

/// How many makers there are, and how many of them have no good letter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Count {
    pub makers: i64,
    pub without: i64,
}

const HAS_ONE: &str = "EXISTS (SELECT 1 FROM business_letter l WHERE l.crafter_id = c.id AND l.state = 'issued' \
     AND l.valid_until >= $2)";

/// Counts them as of a day.
pub async fn count(db: &impl ConnectionTrait, of: Of, today: NaiveDate) -> Result<Count> {
    let (column, id) = of.column();
    let sql = format!(
        "SELECT COUNT(*) AS makers, CAST(COALESCE(SUM(CASE WHEN {HAS_ONE} THEN 0 ELSE 1 END), 0) AS BIGINT) AS without \
         FROM crafter c WHERE c.{column} = $1"
    );
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [id.into(), today.into()]);
    Ok(Count::find_by_statement(statement).one(db).await?.unwrap_or_default())
}

/// Those who have none, where they live close together.
pub async fn without(db: &impl ConnectionTrait, of: Of, today: NaiveDate) -> Result<Vec<Without>> {
    let (column, id) = of.column();
    let sql = format!(
        "SELECT c.id, c.name, c.dusun, c.rt, c.rw, c.face, (SELECT COUNT(*) FROM business_letter a \
         WHERE a.crafter_id = c.id AND a.state = 'asked') AS asked \
         FROM crafter c WHERE c.{column} = $1 AND NOT {HAS_ONE} ORDER BY c.dusun, c.rw, c.rt, c.name, c.id LIMIT 500"
    );
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [id.into(), today.into()]);
    Ok(Without::find_by_statement(statement).all(db).await?)
}

/// Letters of a village in one state, for the desk: what waits longest first, what was decided last first.
pub async fn letters(
    db: &impl ConnectionTrait,
    villages: &[i64],
    states: &[business_letter::State],
) -> Result<Vec<business_letter::Model>> {
    use business_letter::{Column, Entity, State};
    let order = if states.contains(&State::Asked) { Order::Asc } else { Order::Desc };
    Ok(Entity::find()
        .filter(Column::VillageId.is_in(villages.iter().copied()))
        .filter(Column::State.is_in(states.iter().copied()))
        .order_by(Column::DecidedAt, order.clone())
        .order_by(Column::Id, order)
        .limit(100)
        .all(db)
        .await?)
}
