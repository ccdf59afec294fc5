//! What a till takes along about families and markets, and what is said of a sale that passed a limit.
use chrono::{DateTime, Days, Utc};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Value, json};

use super::{State, goods, hold, window};
use crate::{
    clock,
    error::Result,
    locale::{self, Lang, Said, Say},
    outlet::household_limit,
};
use entity::{family, family_card as card, family_purchase as purchase, market, outlet};

/// The `limits`, `markets`, `used`, `silent` and `void` parts of what a till takes along. The same rows give the same answer.
pub async fn for_till(db: &impl ConnectionTrait, outlet: &outlet::Model, now: DateTime<Utc>) -> Result<Value> {
    let today = clock::local_date(now);
    let rows = household_limit::rows(db, outlet.village_id).await?;
    let live: Vec<_> = rows.iter().filter(|row| row.valid_to.is_none_or(|to| to >= today)).collect();
    let days = live.iter().map(|row| row.days).max().unwrap_or(1).max(1);
    let limits: Vec<Value> = live
        .iter()
        .map(|row| {
            json!({ "commodity": row.commodity, "most": row.most, "days": row.days, "from": row.valid_from,
                "to": row.valid_to })
        })
        .collect();
    let coming = market::Entity::find()
        .filter(market::Column::OutletId.eq(outlet.id))
        .filter(market::Column::State.is_in([State::Planned, State::Open]))
        .order_by_asc(market::Column::Id);
    let coming: Vec<market::Model> = coming.all(db).await?.into_iter().filter(|one| one.closes_at > now).collect();
    let mut markets = Vec::with_capacity(coming.len());
    for market in &coming {
        let (opens_at, closes_at) = window(market);
        let goods: Vec<Value> = goods(db, market.id)
            .await?
            .iter()
            .map(|good| {
                json!({ "item_id": good.item_id, "price": good.price, "per_family": good.per_family,
                    "left": good.left() })
            })
            .collect();
        markets.push(json!({ "id": market.id, "name": market.name, "place": market.place, "opens_at": opens_at,
            "closes_at": closes_at, "goods": goods }));
    }
    let first = today.checked_sub_days(Days::new(days.unsigned_abs() - 1)).map_or(now, clock::start_of);
    let ids: Vec<i64> = coming.iter().map(|market| market.id).collect();
    let lately = Condition::any().add(purchase::Column::At.gte(first)).add(purchase::Column::MarketId.is_in(ids));
    let used = used(db, outlet.village_id, lately).await?;
    let void = card::Entity::find()
        .filter(card::Column::VoidAt.is_not_null())
        .inner_join(family::Entity)
        .filter(family::Column::VillageId.eq(outlet.village_id))
        .order_by_asc(card::Column::Token)
        .select_only()
        .column(card::Column::Token);
    let void: Vec<String> = void.into_tuple().all(db).await?;
    let silent = hold::silent(db, outlet.village_id, now).await?;
    Ok(json!({ "limits": limits, "markets": markets, "used": used, "silent": silent, "void": void }))
}

/// What one family had lately, as a till is told when it asks about that family alone.
pub async fn used_of(
    db: &impl ConnectionTrait,
    outlet: &outlet::Model,
    family_id: i64,
    now: DateTime<Utc>,
) -> Result<Vec<Value>> {
    let first = clock::local_date(now).checked_sub_days(Days::new(92)).map_or(now, clock::start_of);
    let of = Condition::all().add(purchase::Column::At.gte(first)).add(purchase::Column::FamilyId.eq(family_id));
    used(db, outlet.village_id, of).await
}

/// `[token, what it is about, at, quantity]`: of a market in what the item counts, of a commodity in grams or millilitres.
async fn used(db: &impl ConnectionTrait, village_id: i64, which: Condition) -> Result<Vec<Value>> {
    let rows = purchase::Entity::find()
        .filter(which)
        .find_also_related(family::Entity)
        .filter(family::Column::VillageId.eq(village_id))
        .order_by_asc(purchase::Column::Id);
    let mut used = Vec::new();
    for (row, family) in rows.all(db).await? {
        let Some(family) = family else { continue };
        if let Some(market_id) = row.market_id {
            let about = format!("market:{market_id}:item:{}", row.item_id);
            used.push(json!([family.token, about, row.at, row.quantity]));
        }
        if let Some(commodity) = &row.commodity {
            used.push(json!([family.token, format!("commodity:{commodity}"), row.at, row.content]));
        }
    }
    Ok(used)
}

/// The sentence about what [`super::count`] told of a line; none when it is not one of its own.
pub fn odd(detail: &Value, lang: Lang) -> Option<Said> {
    let number = |name: &str| detail[name].as_i64().unwrap_or(0);
    let text = |name: &str| detail[name].as_str().unwrap_or_default().to_owned();
    let moment = |name: &str| -> Option<Say> {
        let at: DateTime<Utc> = detail[name].as_str()?.parse().ok()?;
        Some(Say::Text(locale::moment(lang, at, clock::wib())))
    };
    let said = match detail["rule"].as_str()? {
        "no_card" => Said::new("quota.no_card"),
        "no_content" => Said::new("quota.no_content").with("commodity", text("commodity")),
        "not_offered" => Said::new("quota.not_offered"),
        "window" => Said::new("quota.window").with("from", moment("from")?).with("to", moment("to")?),
        "per_family" => Said::new("quota.per_family")
            .with("most", number("most"))
            .with("allowed", number("allowed"))
            .with("asked", number("asked")),
        "allotted" => Said::new("quota.allotted").with("allowed", number("allowed")).with("asked", number("asked")),
        "limit" => {
            let kilos = |name: &str| crate::page::kilograms(number(name));
            let said = match moment("next") {
                Some(next) => Said::new("quota.limit").with("next", next),
                None => Said::new("quota.limit_now"),
            };
            said.with("commodity", text("commodity"))
                .with("most", kilos("most"))
                .with("days", number("days"))
                .with("allowed", kilos("allowed"))
                .with("asked", kilos("asked"))
        }
        _ => return None,
    };
    Some(said)
}
