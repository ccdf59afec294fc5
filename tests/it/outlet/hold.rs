//! Two tills with signal that are asked for the same family: together they give what it may have, and no more.
use std::collections::BTreeMap;

use chrono::Duration;
use entity::{family, family_purchase};
use futures_util::future::join;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{field::handset::Handset, market::Square};
use crate::support::Browser;

const ASK: &str = "/kelola/kasir/keluarga";
/// A pack of five kilograms; a family may have twenty-five a day.
const PACK: i64 = 62_500;
const MOST: i64 = 5;

/// A till that sells packs for families' cards.
struct Counter {
    handset: Handset,
    csrf: String,
    shift: String,
    /// Sold, and not told yet.
    pocket: Vec<Value>,
    is_dark: bool,
    /// What families had, as it was told last.
    known: BTreeMap<i64, i64>,
    /// Families that another till may have served without telling of it, as it was told last.
    silent: Vec<String>,
}

impl Counter {
    async fn of(square: &Square, mut browser: Browser) -> Counter {
        let page = browser.get("/kelola/keluarga").await;
        let csrf = page.hidden("/kelola/keluarga").into_iter().find(|(name, _)| name == "csrf").expect("a token").1;
        let handset = Handset::of(&square.granary.stand, browser).await;
        Counter {
            handset,
            csrf,
            shift: Uuid::new_v4().to_string(),
            pocket: Vec::new(),
            is_dark: false,
            known: BTreeMap::new(),
            silent: Vec::new(),
        }
    }

    /// Asks about a family; the status, and what it is told.
    async fn asks(&self, card: &str, till: &str) -> (u16, Value) {
        let mut browser = self.handset.browser.clone();
        let seen = browser.post_raw(ASK, &[("csrf", &self.csrf), ("kartu", card), ("kasir", till)]).await;
        (seen.status, serde_json::from_str(&seen.body).unwrap_or_default())
    }

    async fn asks_for(&self, family: &family::Model) -> (u16, Value) {
        self.asks(&family.token, &self.handset.id.to_string()).await
    }

    /// So many packs are sold; it is told later.
    fn sells(&mut self, square: &Square, family: &family::Model, packs: i64) {
        let total = packs * PACK;
        let body = json!({ "shift": self.shift, "number": "", "total": total, "family": family.token,
            "lines": [{ "item": square.pack, "quantity": packs, "price": PACK, "amount": total }],
            "tenders": [{ "by": "cash", "amount": total }] });
        let event = self.handset.records("sale", &body);
        self.pocket.push(event);
    }

    async fn tells(&mut self) {
        if self.pocket.is_empty() {
            return;
        }
        let told = self.handset.told(&std::mem::take(&mut self.pocket)).await;
        assert!(told.iter().all(|one| one["verdict"] == "accepted"), "{told:?}");
    }

    /// Tells what it sold, and hears what is known.
    async fn syncs(&mut self, square: &Square, family: &family::Model) {
        self.tells().await;
        self.known.insert(family.id, had(square, family).await);
        let told = self.handset.browser.clone().get("/kelola/kasir/bekal.json").await;
        let told: Value = serde_json::from_str(&told.body).expect("provisions");
        let silent = told["silent"].as_array().expect("a list");
        self.silent = silent.iter().filter_map(|token| Some(token.as_str()?.to_owned())).collect();
    }

    /// How many packs it sold to a family that nobody knows of.
    fn untold(&self, family: &family::Model) -> i64 {
        let bodies = self.pocket.iter().filter_map(|event| event["body"].as_str());
        let bodies = bodies.map(|body| serde_json::from_str::<Value>(body).expect("JSON"));
        let theirs = bodies.filter(|body| body["family"] == family.token.as_str());
        theirs.filter_map(|body| body["lines"][0]["quantity"].as_i64()).sum()
    }

    /// Sells what is asked for, as far as it may: with signal it tells and asks first, without it goes by what it knows.
    async fn serves(&mut self, square: &Square, family: &family::Model, packs: i64) {
        let mut is_away = self.is_dark;
        if !self.is_dark {
            self.syncs(square, family).await;
            let (status, told) = self.asks_for(family).await;
            if status == 409 {
                let why = told["why"].as_str().expect("a reason");
                return assert!(["family.busy", "family.other_silent"].contains(&why), "{told}");
            }
            assert_eq!(status, 200, "{told}");
            let had: i64 = told["used"].as_array().expect("a list").iter().filter_map(|row| row[2].as_i64()).sum();
            self.known.insert(family.id, had / 5_000);
            is_away = told["away"] == true;
        }
        let untold = self.untold(family);
        let mut left = MOST - self.known.get(&family.id).copied().unwrap_or(0) - untold;
        if is_away {
            let is_silent = self.is_dark && self.silent.contains(&family.token);
            left = if untold > 0 || is_silent { 0 } else { left.min(1) };
        }
        let packs = packs.min(left);
        if packs > 0 {
            self.sells(square, family, packs);
        }
    }
}

async fn two(square: &Square) -> [Counter; 2] {
    let stand = &square.granary.stand;
    [Counter::of(square, stand.siti.clone()).await, Counter::of(square, stand.hasan.clone()).await]
}

/// How many packs a family had in all.
async fn had(square: &Square, family: &family::Model) -> i64 {
    let all = family_purchase::Entity::find().filter(family_purchase::Column::FamilyId.eq(family.id));
    let all = all.all(&square.granary.stand.shop.app.db).await.expect("a read");
    all.iter().map(|row| row.quantity).sum()
}

fn waits(square: &Square, tills: &mut [Counter; 2], by: Duration) {
    square.granary.stand.shop.clock.advance(by);
    tills.iter_mut().for_each(|till| till.handset.waits(by));
}

#[actix_web::test]
async fn of_two_tills_that_ask_at_once_one_serves_the_family_and_the_other_waits() {
    let square = Square::open().await;
    let mut tills = two(&square).await;
    for n in 1..6 {
        let family = square.family(n, "Krajan").await;
        let (one, other) = join(tills[0].asks_for(&family), tills[1].asks_for(&family)).await;
        let mut told = [one.0, other.0];
        told.sort_unstable();
        assert_eq!(told, [200, 409], "{one:?} {other:?}");
        let first = usize::from(one.0 != 200);
        // Whoever holds it may ask again, and sells all of it; as long as nobody knows of that the other one waits.
        assert_eq!(tills[first].asks_for(&family).await.1["away"], false);
        tills[first].sells(&square, &family, MOST);
        let (status, told) = tills[1 - first].asks_for(&family).await;
        assert_eq!((status, told["why"].as_str()), (409, Some("family.busy")), "{told}");
        assert!(told["said"].as_str().is_some_and(|said| said.contains("kasir lain")), "{told}");
        tills[first].tells().await;
        let (status, told) = tills[1 - first].asks_for(&family).await;
        assert_eq!((status, &told["away"], told["used"][0][2].as_i64()), (200, &json!(false), Some(25_000)), "{told}");
        assert_eq!(had(&square, &family).await, MOST);
    }
    square.adds_up().await;
    square.granary.stand.close().await;
}

#[actix_web::test]
async fn a_till_that_fell_silent_leaves_one_pack_to_the_other_until_it_is_heard_of() {
    let square = Square::open().await;
    let mut tills = two(&square).await;
    let (family, other) = (square.family(1, "Krajan").await, square.family(2, "Rayap").await);
    assert_eq!(tills[0].asks_for(&family).await.0, 200);
    tills[0].sells(&square, &family, MOST);
    waits(&square, &mut tills, Duration::minutes(4));
    let (status, told) = tills[1].asks_for(&family).await;
    assert_eq!((status, &told["away"]), (200, &json!(true)));
    tills[1].sells(&square, &family, 1);
    tills[1].tells().await;
    let (status, told) = tills[1].asks_for(&family).await;
    assert_eq!((status, told["why"].as_str()), (409, Some("family.other_silent")), "{told}");
    tills[0].tells().await;
    let (status, told) = tills[1].asks_for(&family).await;
    assert_eq!((status, &told["away"], had(&square, &family).await), (200, &json!(false), MOST + 1));
    // Nothing was sold to them: the till is heard of once the minutes are over, or asks about somebody else.
    assert_eq!(tills[1].asks_for(&other).await.0, 200);
    assert_eq!(tills[0].asks_for(&other).await.0, 409);
    assert_eq!(tills[1].asks_for(&family).await.0, 200);
    assert_eq!(tills[0].asks_for(&other).await.1["away"], false);
    waits(&square, &mut tills, Duration::minutes(4));
    assert_eq!(tills[1].asks_for(&other).await.1["away"], true);
    let drawer = json!({ "shift": tills[0].shift, "way": "in", "amount": 5_000, "reason": "receh" });
    let heard = tills[0].handset.records("drawer", &drawer);
    assert_eq!(tills[0].handset.verdict(&heard).await["verdict"], "accepted");
    assert_eq!(tills[1].asks_for(&other).await.1["away"], false);
    square.adds_up().await;
    square.granary.stand.close().await;
}

#[actix_web::test]
async fn a_till_without_signal_gives_no_second_pack_while_the_other_was_not_heard_of() {
    let square = Square::open().await;
    let mut tills = two(&square).await;
    let family = square.family(1, "Krajan").await;
    // The first one sells all that is left and loses its signal; the other gives a pack, tells of it, and loses it too.
    assert_eq!(tills[0].asks_for(&family).await.0, 200);
    tills[0].sells(&square, &family, MOST);
    waits(&square, &mut tills, Duration::minutes(4));
    assert_eq!(tills[1].asks_for(&family).await.1["away"], true);
    tills[1].sells(&square, &family, 1);
    tills[1].syncs(&square, &family).await;
    assert_eq!(tills[1].silent, [family.token.as_str()]);
    tills[1].is_dark = true;
    tills[1].serves(&square, &family, 2).await;
    assert_eq!(tills[1].untold(&family), 0);
    tills[0].tells().await;
    assert_eq!(had(&square, &family).await, MOST + 1);
    tills[1].syncs(&square, &family).await;
    assert!(tills[1].silent.is_empty(), "it was heard of");
    square.adds_up().await;
    square.granary.stand.close().await;
}

#[actix_web::test]
async fn only_a_till_of_the_outlet_holds_anything() {
    let square = Square::open().await;
    let [mine, theirs] = two(&square).await;
    let family = square.family(1, "Krajan").await;
    let stand = &square.granary.stand;
    let elsewhere = Handset::of(stand, stand.stranger.clone()).await;
    for till in [elsewhere.id.to_string(), "999999".into(), "-1".into(), "dua".into(), "99999999999999999999".into()] {
        let (status, told) = mine.asks(&family.token, &till).await;
        assert_eq!((status, told["why"].as_str()), (409, Some("device.unknown")), "{till}: {told}");
    }
    assert_eq!(mine.asks(&family.token, "").await.1["away"], true, "nobody knows who asks");
    assert_eq!(theirs.asks_for(&family).await.0, 200);
    assert_eq!(mine.asks_for(&family).await.0, 409);
    // Who emptied a basket is done with that family, and with no other.
    let lets_go = async |card: &str, till: i64| {
        let mut browser = theirs.handset.browser.clone();
        let fields = [("csrf", theirs.csrf.as_str()), ("kartu", card), ("kasir", &till.to_string())];
        browser.post_raw(&format!("{ASK}/selesai"), &fields).await.status
    };
    let another = square.family(2, "Rayap").await;
    assert_eq!(lets_go(&another.token, theirs.handset.id).await, 204);
    assert_eq!(mine.asks_for(&family).await.0, 409);
    assert_eq!(lets_go("TIDAK ADA", theirs.handset.id).await, 404);
    assert_eq!(lets_go(&family.token, elsewhere.id).await, 409);
    assert_eq!(lets_go(&family.token, theirs.handset.id).await, 204);
    assert_eq!(mine.asks_for(&family).await.1["away"], false);
    assert_eq!(mine.asks_for(&another).await.0, 200);
    assert_eq!(theirs.asks_for(&family).await.0, 200);
    assert_eq!(mine.asks_for(&family).await.0, 409);
    // A till that was taken out of use tells of nothing any more.
    let tx = stand.begin().await;
    let by = stand.operator_id;
    warong::outlet::device::revoke(&tx, &stand.shop.clock, &stand.outlet, theirs.handset.id, by)
        .await
        .expect("revoked");
    tx.commit().await.expect("it stands");
    assert_eq!(mine.asks_for(&family).await.1["away"], false);
    square.granary.stand.close().await;
}

#[actix_web::test]
async fn with_signal_two_tills_give_what_a_family_may_have_and_without_it_a_pack_more_at_most() {
    let square = Square::open().await;
    let mut tills = two(&square).await;
    let mut dice = StdRng::seed_from_u64(20_261_130);
    for n in 1..17_u32 {
        let family = square.family(n, "Krajan").await;
        // On every second of these days the first one loses its signal, also between asking and telling; on every fourth
        // both do, one after the other.
        let is_steady = n % 2 == 0;
        for _ in 0..10 {
            let (packs, other_packs) = (dice.random_range(1..6), dice.random_range(1..6));
            let [first, second] = &mut tills;
            match dice.random_range(0..3) {
                0 => first.serves(&square, &family, packs).await,
                1 => second.serves(&square, &family, packs).await,
                _ => {
                    let (one, other) =
                        (first.serves(&square, &family, packs), second.serves(&square, &family, other_packs));
                    join(one, other).await;
                }
            }
            first.is_dark = !is_steady && dice.random_range(0..3) > 0;
            second.is_dark = n % 4 == 3 && dice.random_range(0..2) > 0;
            for till in tills.iter_mut().filter(|till| !till.is_dark) {
                till.syncs(&square, &family).await;
            }
            waits(&square, &mut tills, Duration::seconds(dice.random_range(0..240)));
        }
        for till in &mut tills {
            till.is_dark = false;
            till.tells().await;
        }
        let had = had(&square, &family).await;
        assert!(had <= MOST + i64::from(!is_steady), "family {n} had {had} packs");
    }
    square.adds_up().await;
    square.granary.stand.close().await;
}
