//! Families with cards, an operasi pasar that is coming, and members of whom some may buy on account.
use chrono::{Duration, Timelike};
use entity::{Rupiah, family as family_row, outlet, person_role, person_role::Role, product};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

use super::Ground;
use crate::{
    catalogue::Hand,
    clock::Clock,
    db::{self, Tx},
    error::{Error, Result},
    outlet::{
        family,
        market::{self, NewGood, NewMarket},
        member::{self, NewMember},
    },
};

/// Families of each dusun that came for a card so far.
const FAMILIES: [(&str, i64); 4] = [("Krajan", 9), ("Rayap", 7), ("Kopang", 5), ("Darungan", 4)];
/// Who is a member, and what their family may owe.
const MEMBERS: [(&str, i64); 4] =
    [("Bu Sumiati", 200_000), ("Pak Marsuki", 0), ("Bu Holifah", 150_000), ("Pak Ahmad Rofiq", 0)];

pub(super) async fn make(ground: &Ground<'_>, outlet: &outlet::Model, hand: &Hand) -> Result<()> {
    let known = family_row::Entity::find().filter(family_row::Column::VillageId.eq(outlet.village_id));
    if known.count(ground.db).await? > 0 {
        return Ok(());
    }
    let by = hand.person_id.ok_or_else(|| anyhow::anyhow!("nobody runs the outlet"))?;
    let clock = Clock::stopped(ground.now - Duration::days(1));
    let tx = db::begin(ground.db).await?;
    let mut cards = Vec::new();
    for (dusun, families) in FAMILIES {
        for _ in 0..families {
            cards.push(family::draw_card(&tx, &clock, outlet.village_id, dusun, by).await?);
        }
    }
    members(&tx, &clock, outlet, by).await?;
    let market = coming(&tx, &clock, outlet, by).await?;
    for card in cards.iter().take(6) {
        market::give(&tx, &clock, outlet, market.id, &card.token, by).await?;
    }
    Ok(tx.commit().await?)
}

/// Another person than who wrote them down says what they may owe.
async fn members(tx: &Tx, clock: &Clock, outlet: &outlet::Model, by: i64) -> Result<()> {
    let looks_after = person_role::Entity::find()
        .filter(person_role::Column::Role.eq(Role::Administrator))
        .order_by_asc(person_role::Column::Id)
        .one(tx)
        .await?;
    for (name, limit) in MEMBERS {
        let new = NewMember { name: name.into(), phone: None, family_id: None };
        let member = member::add(tx, clock, outlet, &new, by).await?;
        if let Some(other) = looks_after.as_ref().filter(|_| limit > 0) {
            member::set_limit(tx, clock, outlet, member.id, Rupiah(limit), other.person_id).await?;
        }
    }
    Ok(())
}

/// Tomorrow from eight to eleven, with rice and oil below the shop's price.
async fn coming(tx: &Tx, clock: &Clock, outlet: &outlet::Model, by: i64) -> Result<market::Model> {
    let morning = crate::clock::start_of(clock.today() + Duration::days(2)) + Duration::hours(8);
    let new = NewMarket {
        name: "Pasar murah Dusun Krajan".into(),
        place: "Balai Dusun Krajan".into(),
        opens_at: morning.with_nanosecond(0).unwrap_or(morning),
        closes_at: morning + Duration::hours(3),
        note: "Bawa kantong sendiri.".into(),
        slot_minutes: 30,
        slot_families: 15,
    };
    let market = market::plan(tx, clock, outlet, &new, by).await?;
    for (slug, below, per_family, allotted) in [("beras-sphp", 3_500, 2, 60), ("minyak-goreng", 900, 2, 60)] {
        let offers = market::offers(tx, outlet, &market).await?;
        let products = product::Entity::find().filter(product::Column::Slug.starts_with(slug)).all(tx).await?;
        let of = |offer: &&market::Offer| products.iter().any(|product| product.id == offer.item.product_id);
        let Some(offer) = offers.iter().find(of) else { continue };
        let price = Rupiah(offer.item.price.0 - below);
        let good = NewGood { item_id: offer.item.id, price, per_family, allotted };
        match market::offer(tx, clock, outlet, market.id, &good, by).await {
            // The village may have put its goods otherwise; the market goes on without them.
            Err(Error::Refused(_)) | Ok(()) => {}
            Err(e) => return Err(e),
        }
    }
    Ok(market)
}
