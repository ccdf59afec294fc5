//! Random days of a big order, on the real books: whatever people say and bring, the sentences of the rule hold.
use std::collections::HashMap;

use chrono::Duration;
use warong::wholesale::assignment::Answer;

use super::Workshop;

/// Small, and the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % sides.max(1) as u64) as i64
    }
}

#[actix_web::test]
async fn whatever_people_say_and_bring_the_rule_holds() {
    for seed in 1..=4 {
        wander(seed).await;
    }
}

async fn wander(seed: u64) {
    let mut dice = Dice(seed);
    let cans: Vec<i64> = (0..6).map(|_| 2 * (1 + dice.roll(12))).collect();
    let workshop = Workshop::with(&cans).await;
    let pieces = (cans.iter().sum::<i64>() * (60 + dice.roll(60)) / 100).max(1);
    let order = workshop.order(pieces).await;
    let id = workshop.shares_out(&order, pieces).await.row.id;
    let mut said_yes: HashMap<i64, i64> = HashMap::new();
    let mut brought: HashMap<i64, i64> = HashMap::new();
    for _ in 0..25 {
        let maker = dice.roll(6) as usize;
        let crafter = workshop.makers[maker].id;
        let before = workshop.now(id).await;
        let is_open = !before.is_over();
        let asked = before.asked_of(crafter);
        match dice.roll(6) {
            0 | 1 if asked > 0 && is_open => {
                let pieces = workshop.offer(id, maker).await.pieces;
                workshop.says(id, maker, Answer::Yes(pieces)).await.expect("yes");
            }
            2 if asked > 0 && is_open => {
                let pieces = workshop.offer(id, maker).await.pieces;
                workshop.says(id, maker, Answer::Yes(1 + dice.roll(pieces))).await.expect("some");
            }
            3 if asked > 0 && is_open => workshop.says(id, maker, Answer::No).await.expect("no"),
            4 if before.accepted_by(crafter) > 0 => {
                let good = 1 + dice.roll(4);
                workshop.hands_in(id, maker, good, dice.roll(2)).await;
                *brought.entry(crafter).or_insert(0) += good;
            }
            _ => {
                workshop.clock().advance(Duration::hours(5));
                workshop.a_minute_passes().await;
            }
        }
        let now = workshop.now(id).await;
        let whole = now.accepted() + now.asked();
        assert!(whole <= pieces, "seed {seed}: {whole} of {pieces}");
        assert_eq!(whole + now.open(), pieces, "seed {seed}");
        for (n, maker) in workshop.makers.iter().enumerate() {
            let (yes, all) = (now.accepted_by(maker.id), now.accepted_by(maker.id) + now.asked_of(maker.id));
            // Days go by, so what is left of two weeks only shrinks.
            assert!(all <= cans[n], "seed {seed}: {all} of {}", cans[n]);
            let had = said_yes.insert(maker.id, yes).unwrap_or(0);
            assert!(yes >= had, "seed {seed}: nobody who said yes is cut");
            let good = brought.get(&maker.id).copied().unwrap_or(0);
            assert_eq!(now.delivered_by(maker.id), good.min(yes), "seed {seed}");
        }
        assert_eq!(workshop.held(&order).await, now.delivered(), "seed {seed}");
    }
    workshop.close().await;
}
