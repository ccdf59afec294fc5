//! Sembako as it is bought and priced: what the law calls it, five weeks of notes from suppliers, a rule for each, and
//! rice by weight beside the bags.
use chrono::Duration;
use entity::{Rupiah, category, item, outlet, price_override, product, purchase};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::{Ground, goods};
use crate::{
    catalogue::{
        Hand, item as sizes, photo,
        product::{self as products, Basics, Change},
    },
    clock::Clock,
    db::{self, Tx},
    error::{Error, Result},
    outlet::{
        price_good::{self, Facts},
        price_override as asks,
        price_rule::{self, NewRule, Step},
        purchase::{self as purchases, NewLine, NewPurchase, Paid},
        supplier::{self, NewSupplier},
    },
    prices::{
        observation::{self, Per, Seen, Survey},
        selling::Rule,
    },
};

const LOOSE: &str = "Beras medium curah";

/// Name, commodity of the law, content, its unit.
const FACTS: [(&str, &str, i64, item::Measure); 9] = [
    ("Beras medium 5 kg", "beras medium", 5_000, item::Measure::Gram),
    ("Beras premium 5 kg", "beras premium", 5_000, item::Measure::Gram),
    ("Beras SPHP 5 kg", "beras SPHP", 5_000, item::Measure::Gram),
    ("Telur ayam 1 kg", "telur ayam ras", 1_000, item::Measure::Gram),
    ("Minyak goreng 1 liter", "MinyaKita", 1_000, item::Measure::Millilitre),
    ("Gula pasir 1 kg", "gula konsumsi", 1_000, item::Measure::Gram),
    ("Bawang merah setengah kilo", "bawang merah (rogol kering)", 500, item::Measure::Gram),
    ("Cabai rawit seperempat kilo", "cabai rawit merah", 250, item::Measure::Gram),
    (LOOSE, "beras medium", 0, item::Measure::Gram),
];

/// Days ago, supplier, goods, pack, packs, in a pack, price of the line.
type Note = (i64, &'static str, &'static str, &'static str, i64, i64, i64);

const NOTES: [Note; 12] = [
    (35, "UD Sumber Rejeki", LOOSE, "karung", 2, 50_000, 1_190_000),
    (35, "UD Sumber Rejeki", "Gula pasir 1 kg", "", 24, 1, 384_000),
    (35, "Bulog Jember", "Beras SPHP 5 kg", "bal", 4, 5, 1_130_000),
    (28, "Peternak Pak Imam", "Telur ayam 1 kg", "peti", 1, 15, 397_500),
    (24, "UD Sumber Rejeki", "Minyak goreng 1 liter", "dus", 2, 12, 348_000),
    (21, "UD Sumber Rejeki", LOOSE, "karung", 3, 50_000, 1_845_000),
    (14, "Peternak Pak Imam", "Telur ayam 1 kg", "peti", 1, 15, 393_000),
    (12, "UD Sumber Rejeki", "Beras medium 5 kg", "bal", 4, 5, 1_230_000),
    (12, "Bulog Jember", "Beras SPHP 5 kg", "bal", 3, 5, 847_500),
    (9, "UD Sumber Rejeki", "Gula pasir 1 kg", "karung", 1, 50, 805_000),
    (6, "UD Sumber Rejeki", LOOSE, "karung", 2, 50_000, 1_260_000),
    (3, "Peternak Pak Imam", "Telur ayam 1 kg", "peti", 2, 15, 786_000),
];

/// Days ago, goods, how their price is made.
const RULES: [(i64, &str, Rule); 5] = [
    (30, LOOSE, Rule::Pooled { margin_bp: 500 }),
    (30, "Beras medium 5 kg", Rule::Pooled { margin_bp: 600 }),
    (30, "Telur ayam 1 kg", Rule::CostPlus { margin_bp: 500 }),
    (30, "Minyak goreng 1 liter", Rule::CostPlus { margin_bp: 700 }),
    (30, "Gula pasir 1 kg", Rule::CostPlus { margin_bp: 400 }),
];

/// What the market asked for a kilogram or a litre of something.
type Asked = (&'static str, Per, i64);

/// Days ago, and what the market asked.
const MARKET: [(i64, [Asked; 7]); 2] = [
    (
        9,
        [
            ("beras medium", Per::Kilogram, 13_500),
            ("beras premium", Per::Kilogram, 15_000),
            ("telur ayam ras", Per::Kilogram, 29_000),
            ("MinyaKita", Per::Litre, 16_500),
            ("gula konsumsi", Per::Kilogram, 17_500),
            ("bawang merah (rogol kering)", Per::Kilogram, 39_000),
            ("cabai rawit merah", Per::Kilogram, 52_000),
        ],
    ),
    (
        2,
        [
            ("beras medium", Per::Kilogram, 13_800),
            ("beras premium", Per::Kilogram, 15_200),
            ("telur ayam ras", Per::Kilogram, 29_500),
            ("MinyaKita", Per::Litre, 16_500),
            ("gula konsumsi", Per::Kilogram, 17_500),
            ("bawang merah (rogol kering)", Per::Kilogram, 40_000),
            ("cabai rawit merah", Per::Kilogram, 61_000),
        ],
    ),
];

/// Everything in the order in which it happened; once, whatever was cut short.
pub(super) async fn make(ground: &Ground<'_>, outlet: &outlet::Model, hand: &Hand) -> Result<()> {
    let by = hand.person_id.ok_or_else(|| Error::Fault(anyhow::anyhow!("the village has no operator")))?;
    if purchase::Entity::find().filter(purchase::Column::OutletId.eq(outlet.id)).count(ground.db).await? > 0 {
        return Ok(());
    }
    let begun = Clock::stopped(ground.now - Duration::days(44));
    loose(ground, &begun, outlet, hand).await?;
    let tx = db::begin(ground.db).await?;
    for (name, commodity, content, content_unit) in FACTS {
        let Some(good) = found(&tx, outlet.id, name).await? else { continue };
        let commodity = Some(commodity.to_owned());
        let facts = Facts { commodity, measure: good.measure, content, content_unit };
        price_good::describe(&tx, &begun, outlet, (by, false), good.id, &facts).await?;
    }
    for (name, kind, place) in [
        ("UD Sumber Rejeki", supplier::Kind::Wholesaler, "Pasar Tanjung"),
        ("Bulog Jember", supplier::Kind::Bulog, "Jember"),
        ("Peternak Pak Imam", supplier::Kind::Farmer, "Dusun Rayap"),
    ] {
        let new = NewSupplier { name: name.into(), kind, phone: None, place: Some(place.into()) };
        supplier::add(&tx, &begun, outlet.id, &new).await?;
    }
    for day in (0..=45).rev() {
        let clock = Clock::stopped(ground.now - Duration::days(day));
        for (n, note) in NOTES.iter().enumerate().filter(|(_, note)| note.0 == day) {
            buy(&tx, &clock, outlet, by, (n, note)).await?;
        }
        for (_, name, rule) in RULES.iter().filter(|rule| rule.0 == day) {
            let Some(good) = found(&tx, outlet.id, name).await? else { continue };
            let new = NewRule { rule: *rule, step: Step::Hundred, cover_weeks: 4 };
            let said = ("", Some(Rupiah::ZERO));
            price_rule::choose(&tx, &clock, outlet, by, good.id, &new, said).await?;
        }
    }
    for (day, prices) in MARKET {
        let clock = Clock::stopped(ground.now - Duration::days(day));
        let seen = |(commodity, per, price): &Asked| Seen {
            commodity: (*commodity).to_owned(),
            per: *per,
            price: Rupiah(*price),
        };
        let survey =
            Survey { place: "Pasar Arjasa".into(), day: clock.today(), prices: prices.iter().map(seen).collect() };
        observation::write(&tx, &clock, outlet.village_id, &survey, by).await?;
    }
    wait(&tx, ground, outlet, by).await?;
    Ok(tx.commit().await?)
}

/// One price above the ceiling waits for a second person.
async fn wait(tx: &Tx, ground: &Ground<'_>, outlet: &outlet::Model, by: i64) -> Result<()> {
    let known = price_override::Entity::find().filter(price_override::Column::OutletId.eq(outlet.id)).one(tx).await?;
    let Some(good) = found(tx, outlet.id, "Beras premium 5 kg").await?.filter(|_| known.is_none()) else {
        return Ok(());
    };
    let clock = Clock::stopped(ground.now - Duration::hours(3));
    let wish = (Rupiah(76_000), clock.today() + Duration::days(7));
    asks::ask(tx, &clock, outlet, by, good.id, wish, "Jalan ke penggilingan putus, ongkos angkut naik").await?;
    Ok(())
}

async fn found(tx: &Tx, outlet_id: i64, name: &str) -> Result<Option<item::Model>> {
    let of = product::Entity::find().filter(product::Column::Name.eq(name));
    let Some(product) = of.filter(product::Column::OutletId.eq(outlet_id)).one(tx).await? else { return Ok(None) };
    Ok(sizes::of(tx, product.id).await?.into_iter().next())
}

async fn buy(tx: &Tx, clock: &Clock, outlet: &outlet::Model, by: i64, (n, note): (usize, &Note)) -> Result<()> {
    let (_, from, name, pack, packs, pack_quantity, price) = *note;
    let Some(good) = found(tx, outlet.id, name).await? else { return Ok(()) };
    let from = supplier::list(tx, outlet.id).await?.into_iter().find(|one| one.name == from);
    let Some(from) = from else { return Ok(()) };
    let line = NewLine {
        item_id: good.id,
        pack_name: pack.to_owned(),
        packs,
        pack_quantity,
        price: Rupiah(price),
        expires_on: None,
        batch: None,
    };
    let new = NewPurchase {
        supplier_id: from.id,
        note_number: None,
        bought_on: clock.today(),
        lines: vec![line],
        freight: Rupiah(20_000),
        paid: Some(Paid { amount: None, source: supplier::Source::Bank, reference: None }),
        sure: vec![0],
    };
    purchases::buy(tx, clock, outlet, &new, by, &format!("seed:note:{n}")).await?;
    Ok(())
}

/// Rice by weight, sold at the counter.
async fn loose(ground: &Ground<'_>, clock: &Clock, outlet: &outlet::Model, hand: &Hand) -> Result<()> {
    let known = product::Entity::find().filter(product::Column::Name.eq(LOOSE)).one(ground.db).await?;
    if known.is_some() {
        return Ok(());
    }
    let shelf = category::Entity::find().filter(category::Column::Kind.eq(category::Kind::Sembako)).one(ground.db);
    let Some(shelf) = shelf.await? else { return Ok(()) };
    let tx = db::begin(ground.db).await?;
    let description = "Beras medium ditimbang di warong, berapa pun yang perlu.".to_owned();
    let basics = Basics { name: LOOSE.into(), category_id: shelf.id, description };
    let made = products::create(&tx, clock, hand, outlet, None, &basics).await?;
    let change = Change { unit: Some(product::Unit::Pack), pickup_only: Some(true), ..Change::default() };
    products::edit(&tx, clock, hand, made.id, &change).await?;
    let size = sizes::Size {
        name: String::new(),
        price: Rupiah(13_000),
        length_mm: 400,
        width_mm: 260,
        height_mm: 100,
        weight_grams: 1_000,
        nests: 1,
    };
    let size = sizes::add(&tx, clock, hand, made.id, &size).await?;
    let facts = Facts { commodity: None, measure: item::Measure::Gram, content: 0, content_unit: item::Measure::Gram };
    let by = hand.person_id.unwrap_or_default();
    price_good::describe(&tx, clock, outlet, (by, false), size.id, &facts).await?;
    tx.commit().await?;
    let subject = (entity::photo::Subject::Product, made.id);
    if let Some(bytes) = goods::picture("photos/beras-medium-5kg-1.webp").filter(|_| ground.pictures) {
        photo::process_now(ground.db, clock, ground.files, hand, subject, &[bytes]).await?;
    }
    let tx = db::begin(ground.db).await?;
    products::submit(&tx, clock, hand, made.id).await?;
    products::approve(&tx, clock, hand, made.id).await?;
    Ok(tx.commit().await?)
}
