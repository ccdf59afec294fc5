//! The sales of a batch: judged one by one, and booked together, so that a day without signal is one breath of the
//! database.
use chrono::{DateTime, Duration, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use super::{
    book::{self, Fit},
    conflict::Kind,
    judge,
    known::Known,
    shift::Speaker,
    told,
};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Result},
    outlet::{device_event::Outcome, sale::number},
};
use entity::{outlet, sale};

/// A sale as its till told it.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    pub event_id: &'a str,
    pub device_id: i64,
    pub person_id: i64,
    /// When it happened, by our clock.
    pub at: DateTime<Utc>,
    /// How far the till's clock was ahead of ours.
    pub ahead: Duration,
    /// A person has looked and says that it is to be booked.
    pub insisted: bool,
    pub told: told::Sale,
}

impl Asked<'_> {
    fn speaker(&self) -> Speaker {
        Speaker { device_id: self.device_id, person_id: self.person_id, at: self.at }
    }
}

/// Names the sale of an event once and for all.
pub fn source_key(event_id: &str) -> String {
    format!("event:{event_id}")
}

/// Books a sale, unless it is in the books already.
pub async fn one(tx: &Tx, clock: &Clock, outlet: &outlet::Model, asked: Asked<'_>) -> Result<Outcome> {
    let key = source_key(asked.event_id);
    if let Some(row) = sale::Entity::find().filter(sale::Column::SourceKey.eq(key)).one(tx).await? {
        return Ok(Outcome::Accepted(answer(&row)));
    }
    let outcome = all(tx, clock, outlet, &[asked]).await?.into_iter().next();
    Ok(outcome.ok_or_else(|| anyhow::anyhow!("a sale has no outcome"))?)
}

/// Books what can be booked of sales that were never told before; says of each what became of it, in the same order. The
/// goods were locked by the caller.
pub async fn all(tx: &Tx, clock: &Clock, outlet: &outlet::Model, asked: &[Asked<'_>]) -> Result<Vec<Outcome>> {
    let keys: Vec<String> = asked.iter().map(|one| source_key(one.event_id)).collect();
    let sales: Vec<_> = asked.iter().map(|one| (&one.told, one.speaker())).collect();
    let mut known = Known::read(tx, outlet, &sales).await?;
    let mut outcomes: Vec<Option<Outcome>> = vec![None; asked.len()];
    let mut fit = Vec::new();
    // Said once for all sales that are told together.
    let mut is_clock_told = false;
    for (n, (one, key)) in asked.iter().zip(&keys).enumerate() {
        if !known.shifts.contains_key(&one.told.shift) {
            outcomes[n] = Some(Outcome::Held(crate::locale::Said::new("kasir.other_shift"), json!({})));
            continue;
        }
        match judge::judge(&known, &one.told, one.at, one.insisted) {
            Ok(mut odds) => {
                if is_clock_off(one) && !is_clock_told {
                    odds.push((Kind::Clock, json!({ "hours": one.ahead.num_hours() })));
                    is_clock_told = true;
                }
                known.note(&one.told);
                fit.push((n, Fit { asked: one, key, odds }));
            }
            Err(said) => outcomes[n] = Some(Outcome::Held(said, json!({}))),
        }
    }
    let is_craft = |fit: &Fit<'_>| {
        fit.asked.told.lines.iter().any(|line| known.goods.get(&line.item).is_some_and(|good| good.is_craft))
    };
    // What households made is sold by turns and may be missing: each such sale by itself.
    let (craft, plain): (Vec<_>, Vec<_>) = fit.into_iter().partition(|(_, fit)| is_craft(fit));
    let (places, plain): (Vec<usize>, Vec<Fit<'_>>) = plain.into_iter().unzip();
    for (n, sale) in places.into_iter().zip(book::all(tx, clock, outlet, &known, &plain).await?) {
        outcomes[n] = Some(Outcome::Accepted(answer(&sale)));
    }
    for (n, one) in craft {
        outcomes[n] = Some(match tx.part(book::all(tx, clock, outlet, &known, &[one])).await? {
            Ok(sales) => Outcome::Accepted(sales.first().map(answer).unwrap_or_default()),
            Err(Error::Refused(refusal)) => Outcome::Held(refusal.said, json!({})),
            Err(e) => return Err(e),
        });
    }
    let missing = || anyhow::anyhow!("a sale of a batch was not judged");
    outcomes.into_iter().map(|one| one.ok_or_else(|| missing().into())).collect()
}

/// From half a day on a clock that is wrong may have put a sale on another day than the cashier thinks.
fn is_clock_off(asked: &Asked<'_>) -> bool {
    asked.ahead.abs() >= Duration::hours(12)
}

/// What a till is told of its sale.
pub fn answer(sale: &sale::Model) -> Value {
    json!({ "id": sale.id, "number": number(sale), "receipt": format!("/jual/{}", sale.secret),
        "url": format!("/kelola/jual/{}", sale.id) })
}
