//! Every boundary of the table of the law, in every zone and for every pack, at the one door to a price, against a slow
//! reading of the table of its own.
use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Duration, NaiveDate};
use entity::{Rupiah, item, outlet::PriceZone, product};
use sea_orm::{ActiveValue::Set, EntityTrait};
use warong::{
    clock::{self, Clock},
    error::Error,
    outlet::price::{self, Answer, Doubt, NewPrice},
};

use super::price::Market;

/// One line as a person reads it.
#[derive(Debug)]
struct Line {
    commodity: String,
    forbids: bool,
    where_to: String,
    high: i64,
    unit: String,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
}

/// Reads the file letter by letter; buying prices are left out.
fn table() -> Vec<Line> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/data/reference_prices.csv");
    let text = std::fs::read_to_string(path).expect("the table");
    let mut lines = Vec::new();
    for line in text.lines().skip(1) {
        let mut quoted = false;
        let plain: String = line
            .chars()
            .filter_map(|c| match c {
                '"' => {
                    quoted = !quoted;
                    None
                }
                ',' if quoted => Some(';'),
                c => Some(c),
            })
            .collect();
        let cells: Vec<&str> = plain.split(',').collect();
        let forbids = cells[1].contains("HET") || cells[1].starts_with("max");
        if !forbids && !cells[1].contains("HAP consumer") {
            continue;
        }
        let from = match cells[6].len() {
            0 => None,
            7 => Some(format!("{}-01", cells[6]).parse().expect("a month")),
            _ => Some(cells[6].parse().expect("a day")),
        };
        let to = match cells[7].len() {
            0 => None,
            7 => {
                let mut day: NaiveDate = format!("{}-28", cells[7]).parse().expect("a month");
                while day.succ_opt().expect("a day").month() == day.month() {
                    day += Duration::days(1);
                }
                Some(day)
            }
            _ => Some(cells[7].parse().expect("a day")),
        };
        lines.push(Line {
            commodity: cells[0].into(),
            forbids,
            where_to: cells[2].split(' ').take(2).collect::<Vec<_>>().join(" "),
            high: cells[4].parse().expect("a price"),
            unit: cells[5].into(),
            from,
            to,
        });
    }
    lines
}

/// The price for a kilogram or litre that a patient reader finds.
fn read(lines: &[Line], commodity: &str, forbids: bool, zone: PriceZone, day: NaiveDate, unit: &str) -> Option<i64> {
    let mut found: Option<&Line> = None;
    for line in lines {
        let here = match line.where_to.split(' ').next().expect("a word") {
            "national" => true,
            "zone" => {
                let number = match zone {
                    PriceZone::One => "zone 1",
                    PriceZone::Two => "zone 2",
                    PriceZone::Three => "zone 3",
                };
                line.where_to == number
            }
            "eastern" => zone == PriceZone::Three,
            other => panic!("where is {other}?"),
        };
        let begun = line.from.is_none_or(|from| from <= day);
        let over = line.to.is_some_and(|to| to < day);
        if line.commodity != commodity || line.forbids != forbids || !here || !begun || over {
            continue;
        }
        let later = match found {
            None => true,
            Some(known) if known.from == line.from => !line.where_to.starts_with("national"),
            Some(known) => line.from > known.from,
        };
        if later {
            found = Some(line);
        }
    }
    found.filter(|line| line.unit == unit).map(|line| line.high)
}

#[actix_web::test]
async fn every_boundary_zone_and_pack_at_the_door_to_a_price() {
    let lines = table();
    let market = Market::open().await;
    let pack = market.adds("Sebungkus", None, 100, 1_000).await;
    let product_id = market.item(pack).await.product_id;
    let mut names: BTreeMap<&str, BTreeSet<NaiveDate>> = BTreeMap::new();
    for line in &lines {
        let days = names.entry(&line.commodity).or_default();
        for day in [line.from, line.to].into_iter().flatten() {
            days.extend([day - Duration::days(1), day, day + Duration::days(1)]);
        }
    }
    // What belongs to no line of its own: long before, today, and long after.
    for days in names.values_mut() {
        days.extend(["2016-01-01", "2026-11-30", "2030-01-01"].map(|day| day.parse::<NaiveDate>().expect("a day")));
    }
    let packs: &[(i64, item::Measure)] = &[
        (1_000, item::Measure::Gram),
        (2_500, item::Measure::Gram),
        (5_000, item::Measure::Gram),
        (500, item::Measure::Millilitre),
        (1_000, item::Measure::Millilitre),
        (2_000, item::Measure::Millilitre),
    ];
    let (mut cases, mut refused) = (0, 0);
    for (name, days) in &names {
        for zone in [PriceZone::One, PriceZone::Two, PriceZone::Three] {
            // One transaction for all of them, which is never kept.
            let tx = market.granary.stand.begin().await;
            let outlet = entity::outlet::Model { price_zone: zone, ..market.outlet().clone() };
            let named = product::ActiveModel {
                id: Set(product_id),
                commodity: Set(Some((*name).into())),
                ..Default::default()
            };
            product::Entity::update(named).exec(&tx).await.expect("a name");
            for (content, content_unit) in packs {
                let unit = if *content_unit == item::Measure::Gram { "kg" } else { "litre" };
                if !lines.iter().any(|line| line.commodity == *name && line.unit == unit) && *content != 1_000 {
                    continue;
                }
                let filled = item::ActiveModel {
                    id: Set(pack),
                    content: Set(*content),
                    content_unit: Set(*content_unit),
                    ..Default::default()
                };
                item::Entity::update(filled).exec(&tx).await.expect("a pack");
                for day in days {
                    let clock = Clock::stopped(clock::start_of(*day) + Duration::hours(9));
                    let most =
                        |forbids| read(&lines, name, forbids, zone, *day, unit).map(|high| high * content / 1_000);
                    let (ceiling, band) = (most(true), most(false));
                    let posts = async |price: i64| {
                        let price = Rupiah(price);
                        let wanted = NewPrice { price, ..NewPrice::default() };
                        price::post(&tx, &clock, &outlet, market.granary.stand.operator_id, pack, &wanted).await
                    };
                    let warned = |answer: &Answer| {
                        matches!(answer, Answer::Asks(doubts)
                            if doubts.iter().any(|doubt| matches!(doubt, Doubt::AboveBand { .. })))
                    };
                    // From what it is now everything is far off, so that a good price asks and posts nothing.
                    for edge in [ceiling, band, Some(5_000_000)].into_iter().flatten() {
                        for price in [edge, edge + 1] {
                            let case = format!("{name} {zone:?} {content} {unit} on {day} for {price}");
                            let forbidden = ceiling.is_some_and(|most| price > most);
                            match posts(price).await {
                                Err(Error::Refused(refusal)) => {
                                    assert!(forbidden, "{case}: {refusal:?}");
                                    assert_eq!(refusal.said.key, "harga.above_ceiling", "{case}");
                                    refused += 1;
                                }
                                Err(e) => panic!("{case}: {e}"),
                                Ok(answer) => {
                                    assert!(!forbidden, "{case} was let through");
                                    assert_eq!(warned(&answer), band.is_some_and(|most| price > most), "{case}");
                                }
                            }
                            cases += 1;
                        }
                    }
                }
            }
            drop(tx);
        }
    }
    assert!(cases > 4_000 && refused > 1_000, "{cases} cases, {refused} refused");
    market.granary.stand.close().await;
}
