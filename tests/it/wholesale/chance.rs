//! Whatever happens to an order paid in two parts, in whatever order: after each act the books add up.
use entity::{
    Rupiah,
    order::{Method, Model},
};
use warong::{
    db::Tx,
    error::{Error, Result},
    orders::{
        balance, cancel, compensation,
        docket::Docket,
        parcel::{self, Journey, Portion},
        settle,
    },
    payments::effect::Told,
};

use super::trader::Trader;

/// Numbers that look like chance and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

async fn act(trader: &Trader, tx: &Tx, order: &Model, dice: &mut Dice, n: u64) -> Result<()> {
    let (clock, by) = (&trader.stand.shop.clock, trader.stand.operator_id);
    let docket = Docket::lock(tx, trader.stand.outlet.id, order.id).await?;
    let amounts = [114_000, 266_000, 380_000, 50_000, 114_001, 266_001];
    let amount = Rupiah(amounts[dice.roll(6) as usize]);
    let event = format!("event-{n}");
    let line_id = docket.lines[0].id;
    let of = |state| docket.parcels.iter().find(|packed| packed.parcel.state == state).map(|packed| packed.parcel.id);
    match dice.roll(22) {
        0..=6 => settle::mark_paid(tx, clock, order.id, &event, amount, Method::Qris).await,
        7 => settle::reversed(tx, clock, order.id, &event, amount).await,
        8 => {
            let told = Told {
                subject: docket.subject(),
                attempt_id: 0,
                transaction_id: Some(event.clone()),
                amount,
                method: Method::Qris,
                late: false,
                refunded: amount,
                word: None,
            };
            settle::refunded(tx, clock, order.id, &event, &told).await
        }
        9..=11 => balance::ask(tx, clock, &docket, 7, by).await,
        12 => cancel::fall_short(tx, clock, &docket, Portion { line_id, pieces: 1 }, "Pecah", by).await,
        13 => match dice.roll(3) {
            0 => cancel::cancel(tx, clock, &docket, "Bambu habis", by).await,
            1 => cancel::step_back(tx, clock, &docket, "Toko tutup", by).await,
            _ => Ok(()),
        },
        14..=15 => parcel::pack(tx, clock, &docket, &[Portion { line_id, pieces: 3 }], by).await.map(drop),
        16..=17 => match of(entity::parcel::State::Packed) {
            Some(id) => parcel::send(tx, clock, &docket, id, &Journey::default(), by).await,
            None => Ok(()),
        },
        18 => match of(entity::parcel::State::Sent) {
            Some(id) => parcel::deliver(tx, clock, &docket, id, by).await,
            None => Ok(()),
        },
        19 => match of(entity::parcel::State::Packed) {
            Some(id) => parcel::unpack(tx, clock, &docket, id, by).await,
            None => Ok(()),
        },
        20 => match of(entity::parcel::State::Sent) {
            Some(id) => parcel::come_back(tx, clock, &docket, id, "Tidak ada orang", by).await,
            None => Ok(()),
        },
        _ => compensation::give(tx, clock, &docket, (line_id, Rupiah(20_000)), "Retak", by).await,
    }
}

#[actix_web::test]
async fn the_books_add_up_after_whatever_happens() {
    wander(20_261_121, None).await;
}

#[actix_web::test]
async fn the_books_add_up_where_the_balance_comes_after_the_goods() {
    wander(4_711, Some(14)).await;
}

async fn wander(seed: u64, balance_days: Option<i64>) {
    let trader = Trader::agreed().await;
    trader.stand.brings(trader.stand.basket, 190).await;
    let mut dice = Dice(seed);
    let (mut done, mut refused) = (0, 0);
    for round in 0..14 {
        let order = trader.ordered_on(balance_days, Method::Transfer).await;
        let mut said = Vec::new();
        for n in 0..14 {
            if dice.roll(8) == 0 {
                trader.stand.shop.clock.advance(chrono::Duration::days(8));
                trader.stand.shop.settle().await;
                said.push("eight days".to_owned());
            }
            let tx = trader.stand.begin().await;
            let before = dice.0;
            match act(&trader, &tx, &order, &mut dice, n).await {
                Ok(()) => {
                    tx.commit().await.expect("it stands");
                    done += 1;
                    said.push(format!("{before}: done"));
                }
                Err(Error::Refused(refusal)) => {
                    drop(tx);
                    refused += 1;
                    said.push(format!("{before}: {}", refusal.said.key));
                }
                Err(e) => panic!("round {round}: {e} after {said:#?}"),
            }
            let report = warong::check::all(&trader.stand.shop.app.db).await.expect("the check runs");
            let now = trader.stand.docket(&order).await.order;
            assert!(report.ok, "round {round}: {}\n{now:#?}\n{said:#?}", warong::check::in_words(&report));
        }
    }
    assert!(done > 80 && refused > 20, "{done} done, {refused} refused");
    trader.stand.close().await;
}
