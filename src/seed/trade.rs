//! A month of orders: bought, paid, packed, sent and delivered at their own hours, the latest still under way.
use chrono::{DateTime, Duration, Utc};
use entity::{order, order::Method, outlet, person, village};
use sea_orm::{EntityTrait, PaginatorTrait};

use super::{Ground, Progress, goods::Shelf};
use crate::{
    catalogue::Hand,
    clock::Clock,
    db::{self, Tx},
    error::{Error, Result},
    gateway::shipping::{CourierRates, RateTable},
    orders::{
        cart, confirm,
        docket::Docket,
        parcel::{self, Journey},
        place::{self, Address, Buyer, Way, Wish},
        settle, shipping,
    },
    region,
};

/// How far an order has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Placed,
    Confirmed,
    Packed,
    Sent,
    Delivered,
}

/// Buyers of the demonstration: name, phone, village, street.
const BUYERS: [(&str, &str, &str, &str); 8] = [
    ("Ibu Ratna", "6281200000003", "73.71.09.1001", "Jalan Perintis 12"),
    ("Pak Anton", "6281200000009", "35.09.22.2002", "Dusun Bendelan"),
    ("Mbak Wulan", "6281300000001", "35.78.08.1002", "Jalan Kertajaya 40"),
    ("Pak Ketut", "6281300000002", "51.71.01.1001", "Jalan Danau Tamblingan 8"),
    ("Ibu Nur", "6281300000003", "35.09.22.2001", "Dusun Kopang"),
    ("Pak Dedi", "6281300000004", "31.74.05.1001", "Jalan Kebayoran 3"),
    ("Ibu Marlina", "6281300000005", "35.29.01.1015", "Jalan Trunojoyo 5"),
    ("Toko Rimba", "6281300000006", "64.72.02.1001", "Jalan Mulawarman 77"),
];

pub(super) async fn make(
    ground: &Ground<'_>,
    outlet: &outlet::Model,
    hand: &Hand,
    shelf: &Shelf,
    progress: &mut Progress,
) -> Result<()> {
    let by = hand.person_id.ok_or_else(|| Error::Fault(anyhow::anyhow!("the village has no operator")))?;
    let done = order::Entity::find().count(ground.db).await? as usize;
    let all = 48 * ground.scale;
    for n in done..all {
        one(ground, outlet, shelf, by, n, all).await?;
        progress.count("a month of trade", n + 1, all);
    }
    Ok(())
}

/// The n-th order. Its hour, buyer, goods and way follow from its number, so every demonstration is the same.
async fn one(ground: &Ground<'_>, outlet: &outlet::Model, shelf: &Shelf, by: i64, n: usize, all: usize) -> Result<()> {
    let age = Duration::minutes(((all - n) * 30 * 24 * 60 / all) as i64);
    let at = ground.now - age;
    let (name, phone, code, street) = BUYERS[n * 5 % BUYERS.len()];
    let wants = wants(shelf, n);
    let lines = cart::lines_of(ground.db, &wants).await?;
    let pickup = n % 4 == 3 || lines.iter().any(|line| line.product.pickup_only);
    let region = region::by_code(code).ok_or_else(|| anyhow::anyhow!("no village {code}"))?;
    let near = region.code.as_str().starts_with("35.09");
    let method = match (pickup, near) {
        (true, _) if n.is_multiple_of(3) => Method::Transfer,
        (true, _) => Method::PayAtPickup,
        (false, true) => Method::Cod,
        (false, false) => Method::Transfer,
    };
    let way = if pickup {
        Way::Pickup
    } else {
        let village = village::Entity::find_by_id(outlet.village_id).one(ground.db).await?.ok_or(Error::NotFound)?;
        let origin = region::Code::parse(&village.code).map_err(anyhow::Error::new)?;
        let pieces: Vec<_> = lines.iter().map(cart::Line::piece).collect();
        let rates = RateTable { db: ground.db.clone(), outlet_id: outlet.id };
        let quotes = rates.quote(&origin, &region.code, &shipping::combined(&pieces)).await?;
        let quote = quotes.into_iter().next().ok_or_else(|| anyhow::anyhow!("nobody goes to {code}"))?;
        let address = Address {
            code: region.code,
            street: street.to_owned(),
            rt: Some("01".into()),
            rw: Some("02".into()),
            landmark: None,
            postcode: region.postcode.map(|postcode| postcode.to_string()),
        };
        Way::Courier { address: Box::new(address), quote: Box::new(quote) }
    };
    let buyer_person =
        person::Entity::find().all(ground.db).await?.into_iter().find(|p| p.phone.as_deref() == Some(phone));
    let wish = Wish {
        outlet: outlet.clone(),
        buyer: Buyer {
            name: name.to_owned(),
            phone: phone.to_owned(),
            email: None,
            language: person::Language::Id,
            person_id: buyer_person.map(|person| person.id),
        },
        way,
        note: None,
        method,
    };
    let clock = Clock::stopped(at);
    let tx = db::begin(ground.db).await?;
    let Ok(placed) = place::place(&tx, &clock, &lines, &wish).await? else { return Ok(()) };
    tx.commit().await?;
    advance(ground, outlet, &placed, stage(age, n), at, by).await
}

/// Old orders are over; those of the last days stand at every step, so that each list of the counter shows something.
fn stage(age: Duration, n: usize) -> Stage {
    if age > Duration::days(5) {
        return Stage::Delivered;
    }
    [Stage::Placed, Stage::Confirmed, Stage::Packed, Stage::Sent, Stage::Confirmed][n % 5]
}

/// One to three kinds of goods, more of the small ones.
fn wants(shelf: &Shelf, n: usize) -> Vec<(i64, i64)> {
    let ready: Vec<&(i64, i64)> = shelf.iter().filter(|(_, stock)| *stock > 1).collect();
    let mut wants: Vec<(i64, i64)> = Vec::new();
    for k in 0..=(n % 3) {
        let (item, stock) = ready[(n * 7 + k * 11) % ready.len()];
        if !wants.iter().any(|(known, _)| known == item) {
            wants.push((*item, if *stock > 15 { 1 + (n as i64 + k as i64) % 3 } else { 1 }));
        }
    }
    wants
}

async fn advance(
    ground: &Ground<'_>,
    outlet: &outlet::Model,
    placed: &order::Model,
    to: Stage,
    at: DateTime<Utc>,
    by: i64,
) -> Result<()> {
    let clock = Clock::stopped(at);
    for stage in [Stage::Confirmed, Stage::Packed, Stage::Sent, Stage::Delivered] {
        clock.advance(Duration::hours(7));
        if stage > to || clock.now() > ground.now {
            return Ok(());
        }
        let tx = db::begin(ground.db).await?;
        let docket = Docket::lock(&tx, outlet.id, placed.id).await?;
        step(&tx, &clock, &docket, stage, by).await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn step(tx: &Tx, clock: &Clock, docket: &Docket, stage: Stage, by: i64) -> Result<()> {
    let pickup = docket.order.delivery == order::Delivery::Pickup;
    let parcel_id = docket.parcels.first().map(|packed| packed.parcel.id);
    match (stage, parcel_id) {
        (Stage::Placed, _) => Ok(()),
        (Stage::Confirmed, _) if docket.order.method == Method::Transfer => {
            settle::transfer_seen(tx, clock, docket, by).await
        }
        (Stage::Confirmed, _) => confirm::confirm(tx, clock, docket, by).await,
        (Stage::Packed, None) => {
            parcel::pack(tx, clock, docket, &parcel::everything_open(docket), by).await.map(|_| ())
        }
        (Stage::Sent, Some(_)) if pickup => match docket.order.method {
            Method::PayAtPickup => settle::cash_at_pickup(tx, clock, docket, by).await,
            _ => Ok(()),
        },
        (Stage::Sent, Some(id)) => {
            let tracking_number = Some(format!("JMR{:09}", 310_000_000 + docket.order.id * 7919 % 9_999_999));
            let journey = Journey { courier: docket.order.service.clone().unwrap_or_default(), tracking_number };
            parcel::send(tx, clock, docket, id, &journey, by).await
        }
        (Stage::Delivered, Some(id)) if docket.order.method == Method::Cod => {
            settle::cod_collected(tx, clock, docket, id, by).await
        }
        (Stage::Delivered, Some(id)) => parcel::deliver(tx, clock, docket, id, by).await,
        _ => Ok(()),
    }
}
