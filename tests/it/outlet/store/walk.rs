//! A long walk of purchases, sales, packings, counts and days that pass, against somebody who adds it all up anew, from
//! the first day to the last.
use std::collections::BTreeMap;

use chrono::Duration;
use entity::{place, stock_move::Kind};
use warong::{
    clock,
    ledger::Book,
    outlet::store::{self, Carry},
    stock::{self, Cause},
};

use super::{KG, Pantry};

/// What happened, as it is written with a pencil.
#[derive(Clone)]
enum Line {
    Bought(usize, i64, i64),
    Went(usize, i64, bool),
    Found(usize, i64),
    /// Out of one, in so many grams; into others: which, how many, and how many grams in all.
    Packed(usize, i64, i64, Vec<(usize, i64, i64)>, i64),
}

/// Half a rupiah is rounded up.
fn near(value: i64, n: i64, of: i64) -> i64 {
    if of == 0 {
        return 0;
    }
    let (twice, of) = (2 * i128::from(value) * i128::from(n), i128::from(of));
    i64::try_from((twice + of) / (2 * of)).expect("an amount")
}

/// Shares by weight: what is left over goes one by one to the largest remainders, the first of equals first.
fn shared(value: i64, weights: &[i64]) -> Vec<i64> {
    let all: i128 = weights.iter().map(|n| i128::from(*n)).sum();
    let exact: Vec<(i128, i128)> = weights
        .iter()
        .map(|n| {
            let product = i128::from(value) * i128::from(*n);
            (product / all, product % all)
        })
        .collect();
    let mut left = i128::from(value) - exact.iter().map(|(whole, _)| whole).sum::<i128>();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|n| (-exact[*n].1, *n));
    let mut parts: Vec<i64> = exact.iter().map(|(whole, _)| i64::try_from(*whole).expect("a part")).collect();
    for n in order {
        if left > 0 {
            parts[n] += 1;
            left -= 1;
        }
    }
    parts
}

#[derive(Default)]
struct Sums {
    heaps: [(i64, i64, i64, i64); 3],
    cost: i64,
    loss: i64,
}

impl Sums {
    /// Takes so much out of a heap; what it was worth.
    fn goes(&mut self, item: usize, n: i64) -> i64 {
        let (there, worth, last_worth, last) = &mut self.heaps[item];
        let gone = if n <= *there { near(*worth, n, *there) } else { *worth + near(*last_worth, n - *there, *last) };
        (*there, *worth) = (*there - n, *worth - gone);
        if *there > 0 {
            (*last_worth, *last) = (*worth, *there);
        }
        gone
    }

    fn comes(&mut self, item: usize, n: i64, value: i64) {
        let (there, worth, last_worth, last) = &mut self.heaps[item];
        (*there, *worth) = (*there + n, *worth + value);
        (*last_worth, *last) = (*worth, *there);
    }

    fn of(lines: &BTreeMap<(i64, usize), Line>) -> Sums {
        let mut sums = Sums::default();
        for line in lines.values() {
            match line {
                Line::Bought(item, n, price) => sums.comes(*item, *n, *price),
                Line::Found(item, n) => {
                    let (_, _, worth, of) = sums.heaps[*item];
                    let value = near(worth, *n, of);
                    sums.comes(*item, *n, value);
                    sums.loss -= value;
                }
                Line::Went(item, n, is_lost) => {
                    let gone = sums.goes(*item, *n);
                    if *is_lost { sums.loss += gone } else { sums.cost += gone }
                }
                Line::Packed(item, n, content, made, bags) => {
                    let gone = sums.goes(*item, *n);
                    let filled: Vec<i64> = made.iter().map(|(.., grams)| *grams).collect();
                    let mut weights = filled.clone();
                    weights.push(content - filled.iter().sum::<i64>());
                    let parts = shared(gone, &weights);
                    let bags = shared(*bags, &filled);
                    for ((into, n, _), (part, bag)) in made.iter().zip(parts.iter().zip(bags)) {
                        sums.comes(*into, *n, part + bag);
                    }
                    sums.loss += parts[made.len()];
                }
            }
        }
        sums
    }
}

#[actix_web::test]
async fn whatever_is_packed_counted_and_written_late_is_worth_what_the_pencil_says() {
    let steps: usize = std::env::var("PANTRY").ok().and_then(|n| n.parse().ok()).unwrap_or(200);
    let pantry = Pantry::open().await;
    let stand = &pantry.granary.stand;
    let clock = &stand.shop.clock;
    let items = [pantry.rice, pantry.five, pantry.one];
    let grams = [1, 5 * KG, KG];
    let reserve = pantry.place(place::Kind::Reserve).await;
    let mut lines: BTreeMap<(i64, usize), Line> = BTreeMap::new();
    let mut seed = 20_261_201_u64;
    let mut chance = |below: i64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((seed >> 33) as i64).rem_euclid(below)
    };
    let mut bags_paid = 0;
    for step in 0..steps {
        clock.advance(Duration::minutes(chance(600) + 1));
        let now = clock.now().timestamp_micros();
        let item = usize::try_from(chance(3)).expect("an item");
        let there = pantry.available(items[item]).await;
        match chance(10) {
            0 | 1 => {
                let n = if item == 0 { chance(60 * KG) + KG } else { chance(20) + 1 };
                let price = n * grams[item] / KG * (11_000 + chance(4_000)) + chance(1_000);
                let back = if chance(3) == 0 { chance(4) } else { 0 };
                let on = pantry.day(-back);
                pantry.buys(items[item], n, price, on, None).await;
                let at = if back == 0 { now } else { clock::start_of(on).timestamp_micros() };
                lines.insert((at, step), Line::Bought(item, n, price));
            }
            2..=4 if there > 0 => {
                let n = chance(there) / 2 + 1;
                pantry.sells(items[item], n).await.expect("sold");
                lines.insert((now, step), Line::Went(item, n, false));
            }
            5 if there > 1 => {
                let n = chance(there.min(if item == 0 { 500 } else { 1 })) + 1;
                counted(&pantry, items[item], there - n).await;
                lines.insert((now, step), Line::Went(item, n, true));
            }
            6 if there > 0 => {
                let n = chance(if item == 0 { 300 } else { 2 }) + 1;
                counted(&pantry, items[item], there + n).await;
                lines.insert((now, step), Line::Found(item, n));
            }
            7 if there > 0 => {
                let tx = pantry.begin().await;
                let quantity = chance(there) / 4 + 1;
                let new = Carry { item_id: items[item], from: stand.place_id, to: reserve, quantity, is_sure: true };
                store::carry(&tx, clock, &stand.outlet, new, stand.operator_id).await.expect("carried");
                tx.commit().await.expect("it stands");
            }
            8 | 9 if there * grams[item] >= 6 * KG => {
                let n = if item == 0 { chance(there - 6 * KG + 1) + 6 * KG } else { chance(there) + 1 };
                let content = n * grams[item];
                let others: Vec<usize> = (0..3).filter(|other| *other != item).collect();
                let mut made = Vec::new();
                let mut left = content;
                for other in others {
                    let most = left / grams[other];
                    let n = if most > 0 { chance(most + 1) } else { 0 };
                    if n > 0 {
                        left -= n * grams[other];
                        made.push((other, n, n * grams[other]));
                    }
                }
                if made.is_empty() {
                    continue;
                }
                let bags = chance(2_000);
                let into: Vec<(i64, i64)> = made.iter().map(|(other, n, _)| (items[*other], *n)).collect();
                let mut new = pantry.packing(items[item], n, &into);
                new.bag_cost = entity::Rupiah(bags);
                pantry.packs(&new).await.expect("packed");
                bags_paid += bags;
                lines.insert((now, step), Line::Packed(item, n, content, made, bags));
            }
            _ => {}
        }
        if step % 50 == 49 || step + 1 == steps {
            let sums = Sums::of(&lines);
            for (n, item) in items.iter().enumerate() {
                let (there, worth, ..) = sums.heaps[n];
                assert_eq!(pantry.worth(*item).await, (there, worth), "item {n} after step {step}");
            }
            assert_eq!(pantry.books(Book::Stock).await, sums.heaps.iter().map(|heap| heap.1).sum::<i64>());
            assert_eq!((pantry.books(Book::CostOfGoods).await, pantry.books(Book::Loss).await), (sums.cost, sums.loss));
            assert_eq!(pantry.books(Book::Cash).await, -bags_paid);
            pantry.adds_up().await;
        }
    }
    assert!(!pantry.moves(Kind::Repacked).await.is_empty());
    pantry.close().await;
}

/// The shelf is counted.
async fn counted(pantry: &Pantry, item_id: i64, there: i64) {
    let stand = &pantry.granary.stand;
    let (tx, key) = (pantry.begin().await, pantry.key());
    let on_shelf = pantry.available(item_id).await;
    let cause = Cause { subject: None, reason: Some("hitung"), person_id: None, source_key: &key };
    stock::adjust(&tx, &stand.shop.clock, (item_id, stand.place_id), there - on_shelf, cause).await.expect("counted");
    warong::outlet::cost::follow(&tx, &stand.shop.clock, stand.outlet.id, &[item_id]).await.expect("its cost");
    tx.commit().await.expect("it stands");
}
