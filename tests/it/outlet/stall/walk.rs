//! Two tills at once, for days, told in any order, in pieces and many times: the same as a notebook says.
use std::collections::BTreeMap;

use chrono::Duration;
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::SliceRandom};
use serde_json::{Value, json};
use uuid::Uuid;
use warong::ledger::Book;

use super::{SUGAR, Stall};
use crate::outlet::field::handset::Handset;

/// What a notebook would say.
#[derive(Default)]
struct Notebook {
    rice: i64,
    sugar: i64,
    drawers: BTreeMap<usize, i64>,
    sold: i64,
}

#[actix_web::test]
async fn two_tills_without_signal_for_days_come_to_what_a_notebook_says() {
    let steps: usize = std::env::var("TILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(120);
    let seed = 20_261_130;
    let mut dice = StdRng::seed_from_u64(seed);
    let stall = Stall::open().await;
    // Enough for all of it.
    let rice = steps as i64 * 1_500;
    let sugar = steps as i64 * 3;
    for _ in 0..2 {
        stall.granary.buys(&stall.granary.of(rice / 2, rice * 6, stall.granary.today())).await.expect("rice");
        let mut bags = stall.granary.of(sugar / 2, sugar * 8_000, stall.granary.today());
        bags.lines[0].item_id = stall.sugar;
        stall.granary.buys(&bags).await.expect("sugar");
    }
    let mut tills = [
        Handset::of(&stall.granary.stand, stall.granary.stand.siti.clone()).await,
        Handset::of(&stall.granary.stand, stall.granary.stand.hasan.clone()).await,
    ];
    let shifts = [Uuid::new_v4().to_string(), Uuid::new_v4().to_string()];
    let mut book = Notebook { rice: 100_000 + rice, sugar: 40 + sugar, ..Notebook::default() };
    let mut waiting: Vec<(usize, Value)> = Vec::new();
    let mut sold: Vec<(usize, Value, i64, i64)> = Vec::new();
    let mut known: Vec<(usize, Value)> = Vec::new();
    for step in 0..steps {
        let n = dice.random_range(0..2);
        match dice.random_range(0..10) {
            0..=6 => {
                let (grams, bags) = (dice.random_range(100..1_500), dice.random_range(1..3));
                let lines = [stall.line(stall.granary.rice, grams), stall.line(stall.sugar, bags)];
                let mut body = stall.sale(&lines);
                body["shift"] = json!(shifts[n]);
                let event = tills[n].records("sale", &body);
                let total = body["total"].as_i64().expect("a total");
                book.rice -= grams;
                book.sugar -= bags;
                book.sold += total;
                *book.drawers.entry(n).or_default() += total;
                sold.push((n, event.clone(), bags, 0));
                waiting.push((n, event));
            }
            7 if !sold.is_empty() => {
                let which = dice.random_range(0..sold.len());
                let (of, sale, bags, back) = &mut sold[which];
                if *of == n && *back < *bags {
                    *back += 1;
                    let body = json!({ "shift": shifts[n], "sale": sale["id"], "lines": [{ "n": 1, "quantity": 1 }],
                        "by": "cash", "amount": SUGAR, "reason": "sobek" });
                    waiting.push((n, tills[n].records("return", &body)));
                    book.sugar += 1;
                    book.sold -= SUGAR;
                    *book.drawers.entry(n).or_default() -= SUGAR;
                }
            }
            8 => {
                let amount = dice.random_range(1..50) * 1_000;
                let body = json!({ "shift": shifts[n], "way": "in", "amount": amount, "reason": "receh" });
                waiting.push((n, tills[n].records("drawer", &body)));
                *book.drawers.entry(n).or_default() += amount;
            }
            _ => {
                stall.granary.stand.shop.clock.advance(Duration::minutes(7));
                tills.iter_mut().for_each(|till| till.waits(Duration::minutes(7)));
            }
        }
        if step % 17 == 16 || step + 1 == steps {
            deliver(&mut dice, &mut tills, &mut waiting, &mut known).await;
        }
    }
    assert!(waiting.is_empty());
    // Everything once more, as it came.
    for (n, event) in &known {
        assert_eq!(tills[*n].verdict(event).await["verdict"], "accepted");
    }
    for (n, shift) in shifts.iter().enumerate() {
        let row = {
            use entity::shift::{Column, Entity};
            use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
            let found = Entity::find().filter(Column::Key.eq(shift.as_str()));
            found.one(&stall.granary.stand.shop.app.db).await.expect("a read")
        };
        let drawer = match row {
            Some(row) => stall.granary.books(Book::Drawer(row.id)).await,
            None => 0,
        };
        assert_eq!(drawer, book.drawers.get(&n).copied().unwrap_or(0), "the drawer of till {n}");
    }
    let there = warong::stock::available(&stall.granary.stand.shop.app.db, &[stall.granary.rice, stall.sugar]).await;
    let there = there.expect("a read");
    assert_eq!((there[&stall.granary.rice], there[&stall.sugar]), (book.rice, book.sugar), "rice and sugar");
    assert_eq!(stall.granary.worth().await.0, book.rice);
    assert_eq!(stall.granary.books(Book::OwnSales(stall.granary.stand.outlet.id)).await, -book.sold);
    stall.close().await;
}

/// Sends what waits: returns after their sales, everything else as chance will have it, cut anywhere, some of it twice.
async fn deliver(
    dice: &mut StdRng,
    tills: &mut [Handset; 2],
    waiting: &mut Vec<(usize, Value)>,
    known: &mut Vec<(usize, Value)>,
) {
    let (mut backs, mut rest): (Vec<_>, Vec<_>) = waiting.drain(..).partition(|(_, event)| event["kind"] == "return");
    rest.shuffle(dice);
    backs.shuffle(dice);
    rest.append(&mut backs);
    for (n, till) in tills.iter_mut().enumerate() {
        let mine: Vec<Value> = rest.iter().filter(|(of, _)| *of == n).map(|(_, event)| event.clone()).collect();
        let mut from = 0;
        while from < mine.len() {
            let to = std::cmp::min(mine.len(), from + dice.random_range(1..9));
            for _ in 0..dice.random_range(1..3) {
                let told = till.told(&mine[from..to]).await;
                assert!(told.iter().all(|one| one["verdict"] == "accepted"), "{told:?}");
            }
            from = to;
        }
    }
    known.append(&mut rest);
}
