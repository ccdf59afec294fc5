//! A reseller on Kalimantan: prices by quantity, a quote that waits for an answer, and an order whose deposit has come,
//! in cartons and booked on a ship.
use chrono::{Days, Duration};
use entity::{Rupiah, order::Method, outlet, person::Language, person_role::Role, sailing::Kind};

use super::Ground;
use crate::{
    accounts::{
        person,
        pin::Pin,
        role::{self, Place},
    },
    catalogue::Hand,
    clock::Clock,
    db::{self, Tx},
    error::{Error, Result},
    orders::{docket::Docket, order as orders, settle},
    wholesale::{
        accept::{self, Answer},
        carton,
        quote::{self, Asked, Deposit, Line, Terms},
        reseller::{self, Business, Decision},
        shipment::{self, Sighting},
        tier::{self, Priced},
    },
};

/// Pak Made sells in Samarinda.
const PHONE: &str = "6281200000010";
const THERE: &str = "64.72.02.1001";

pub(super) async fn make(ground: &Ground<'_>, outlet: &outlet::Model, hand: &Hand) -> Result<()> {
    let by = hand.person_id.ok_or_else(|| Error::Fault(anyhow::anyhow!("the village has no operator")))?;
    let goods: Vec<Priced> = tier::list(ground.db, outlet.id, true)
        .await?
        .into_iter()
        .filter(|priced| priced.product.days_to_make.is_some() && priced.product.crafter_id.is_some())
        .filter(|priced| !priced.product.pickup_only && priced.item.nests >= 5)
        .take(3)
        .collect();
    // Done already, or a village without crafters.
    let (Some(first), Some(second), None) = (goods.first(), goods.last(), person::by_phone(ground.db, PHONE).await?)
    else {
        return Ok(());
    };
    let secret = Pin::demonstration().hash().await?;
    let clock = Clock::stopped(ground.now - Duration::days(9));
    let tx = db::begin(ground.db).await?;
    let made = person::create(&tx, &clock, "Pak Made", Some(PHONE), Some(secret)).await?;
    role::grant(&tx, &clock, made, Role::Buyer, Place::Everywhere, None).await?;
    let said = Business {
        name: "Toko Rimba".into(),
        town: "Samarinda, Kalimantan Timur".into(),
        sells: "Perabot dan alat rumah tangga, dua toko di Pasar Pagi".into(),
    };
    let asked = reseller::ask(&tx, &clock, outlet, made, &said).await?;
    let reseller = reseller::decide(&tx, &clock, outlet, asked.id, &Decision::Approve, by).await?;
    for priced in &goods {
        tiers(&tx, &clock, outlet, priced, by).await?;
    }
    let ship = shipment::note(&tx, &clock, outlet, &ship(ground), by).await?;
    let wants = |priced: &Priced, quantity| vec![(priced.item.id, quantity)];
    let (sold, price) = (second.item.id, below(second.item.price, 93));
    let terms = |item_id, quantity, unit_price: Rupiah| Terms {
        lines: vec![Line { item_id, quantity, unit_price }],
        freight_kind: quote::CARGO.into(),
        freight_name: "KM Dharma Rucitra, Surabaya ke Samarinda".into(),
        freight: Rupiah(285_000),
        chargeable_grams: 60_000,
        cartons: 6,
        packing: Rupiah(72_000),
        deposit: Deposit::Percent(30),
        kept_percent: 50,
        deposit_days: 3,
        balance_days: None,
        valid_until: crate::clock::local_date(ground.now) + Days::new(10),
        ready_on: Some(crate::clock::local_date(ground.now) + Days::new(16)),
        terms: Some("Barang yang pecah di jalan diganti pada kiriman berikutnya.".into()),
    };
    // One that was accepted a week ago, with its deposit.
    let begun = quote::begin(&tx, &clock, outlet, Some(&reseller), &wish(wants(second, 24)), by).await?;
    quote::write(&tx, &clock, outlet, begun.row.id, &terms(sold, 24, price), by).await?;
    let sent = quote::send(&tx, &clock, outlet, begun.row.id, by).await?;
    clock.advance(Duration::days(1));
    let Answer::Order(url) = accept::accept(&tx, &clock, &sent.secret, Method::Transfer, Language::Id).await? else {
        return Err(anyhow::anyhow!("the quote of the demonstration ran out").into());
    };
    let order = orders::by_secret(&tx, url.trim_start_matches("/pesanan/")).await?;
    clock.advance(Duration::hours(5));
    settle::transfer_seen(&tx, &clock, &Docket::lock(&tx, outlet.id, order.id).await?, by).await?;
    clock.advance(Duration::days(2));
    let docket = Docket::lock(&tx, outlet.id, order.id).await?;
    carton::propose(&tx, &clock, &docket, by).await?;
    shipment::choose(&tx, &clock, &docket, ship.id, by).await?;
    let sighting = Sighting {
        on: clock.today(),
        place: "Kemuning Lor".into(),
        said: "Tiga keluarga mulai menganyam, bambunya sudah dibelah.".into(),
    };
    shipment::seen(&tx, &clock, &docket, &sighting, by).await?;
    // And one that waits.
    let pieces = 60;
    let begun = quote::begin(&tx, &clock, outlet, Some(&reseller), &wish(wants(first, pieces)), by).await?;
    let each = begun.lines.first().map_or(first.item.price, |line| line.unit_price);
    quote::write(&tx, &clock, outlet, begun.row.id, &terms(first.item.id, pieces, each), by).await?;
    quote::send(&tx, &clock, outlet, begun.row.id, by).await?;
    Ok(tx.commit().await?)
}

fn wish(wants: Vec<(i64, i64)>) -> Asked {
    Asked {
        buyer_name: "Toko Rimba".into(),
        buyer_phone: PHONE.into(),
        region_code: THERE.into(),
        street: "Jalan Mulawarman 77".into(),
        note: Some("Untuk dua toko, mohon dibungkus terpisah".into()),
        wants,
    }
}

/// So many hundredths of a price, in steps of five hundred rupiah.
fn below(price: Rupiah, percent: i64) -> Rupiah {
    Rupiah((price.0 * percent / 100 / 500 * 500).max(500))
}

async fn tiers(tx: &Tx, clock: &Clock, outlet: &outlet::Model, priced: &Priced, by: i64) -> Result<()> {
    let floor = priced.maker_part(below(priced.item.price, 80));
    for (from_pieces, percent) in [(12, 93), (60, 88), (300, 84)] {
        let wish = tier::Wish {
            from_pieces,
            price: below(priced.item.price, percent),
            for_all: false,
            floor: Some((floor, "Musyawarah kelompok, 12 November".into())),
            sure: true,
        };
        tier::set(tx, clock, outlet, priced.item.id, &wish, by).await?.ok();
    }
    Ok(())
}

fn ship(ground: &Ground<'_>) -> shipment::Wish {
    shipment::Wish {
        kind: Kind::Ship,
        name: "KM Dharma Rucitra".into(),
        from_place: "Surabaya".into(),
        to_place: "Samarinda".into(),
        closes_at: ground.now + Duration::days(18),
        departs_at: ground.now + Duration::days(19),
        arrives_on: Some(crate::clock::local_date(ground.now) + Days::new(22)),
        per_kg: Rupiah(2_500),
        per_m3: Rupiah(450_000),
        note: Some("Barang masuk di gudang Pak Slamet, Tanjung Perak".into()),
    }
}
