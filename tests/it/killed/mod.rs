//! The real service, killed with SIGKILL at any moment under a stream of orders, payments, notices and refunds, and
//! started again on the same data. After all of it the books add up and every order is as the stand-in says.
//!
//! Eight times in the suite; `KILLS=200 cargo test --test it -- killed` takes some minutes.
mod buyer;
mod counter;
mod service;
mod truth;
mod village;

use std::time::{Duration, Instant};

use chrono::Utc;
use futures_util::future::join_all;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use service::Service;
use truth::Found;
use village::Village;
use warong::{clock::Clock, outbox, work};

use crate::{
    counter::stand::Stand,
    support::{Ground, Shop, database},
};

const BUYERS: u64 = 6;
/// So many pieces that nobody goes home without.
const PIECES: i64 = 100_000;

#[actix_web::test]
async fn killed_at_any_moment_it_loses_and_doubles_no_rupiah() {
    let begun = Instant::now();
    let kills: usize = std::env::var("KILLS").map_or(8, |text| text.parse().expect("KILLS is a number"));
    let folder = tempfile::tempdir().expect("a folder");
    let mut service = Service::at(folder.path(), database::fresh(folder.path()));
    let village = opened(&service).await;
    let killer = async {
        let killed = kill_often(&mut service, &village, kills).await;
        village.ends();
        killed
    };
    let buyers = join_all((0..BUYERS).map(|seed| village.buyers(seed)));
    let (killed, ..) = tokio::join!(killer, buyers, village.weather(91), village.counter(92), village.counter(93));
    let under_fire = begun.elapsed();

    let shop = after(&service).await;
    let mut found = Found::default();
    truth::every_order_is_as_the_stand_in_says(&shop, &mut found).await;
    truth::nobody_ordered_twice(&shop, &village.placed.take()).await;
    truth::no_piece_is_lost(&shop, PIECES + 10).await;
    truth::every_letter_is_there_once(&shop, &mut found).await;
    let check = service.check();
    assert!(check.status.success(), "{}{}", String::from_utf8_lossy(&check.stdout), service.said());
    assert!(village.tally.faults.borrow().is_empty(), "{:?}\n{}", village.tally.faults.borrow(), service.said());
    println!("{killed} kills in {under_fire:.0?}, all in {:.0?}. {}. {found:?}", begun.elapsed(), village.tally);
    shop.close().await;
}

/// A stand with goods and an operator, and nobody in it yet.
async fn opened(service: &Service) -> Village {
    let ground = Ground { data: &service.folder, database_url: &service.database_url, port: 0 };
    // With a key of Midtrans it leaves the stand-in's file to the service.
    let shop = Shop::on(ground, Clock::system(), &[("MIDTRANS_SERVER_KEY", "SB-Mid-server-x")], None).await;
    let stand = Stand::at(shop).await;
    stand.brings(stand.basket, PIECES).await;
    let village = Village::new(service.base(), &stand.siti, &stand.hasan, vec![stand.basket, stand.cage]);
    stand.close().await;
    village
}

/// Starts and kills the service so often, and goes on until enough has happened to prove something.
async fn kill_often(service: &mut Service, village: &Village, kills: usize) -> usize {
    let mut rng = StdRng::seed_from_u64(7281);
    let mut killed = 0;
    while killed < kills || (!village.tally.is_enough() && killed < kills + 50) {
        service.start();
        if rng.random_bool(0.15) {
            tokio::time::sleep(Duration::from_millis(rng.random_range(1..400))).await;
        } else {
            service.answers().await;
            tokio::time::sleep(Duration::from_millis(rng.random_range(30..1_500))).await;
        }
        service.kill();
        killed += 1;
    }
    killed
}

/// Opens the shop once more where the service was killed last, with a clock that can be moved, and lets two days pass:
/// whatever the shop is to find out, it finds out by itself.
async fn after(service: &Service) -> Shop {
    let ground = Ground { data: &service.folder, database_url: &service.database_url, port: service.port };
    #[expect(clippy::disallowed_methods, reason = "the service ran by the machine's clock")]
    let shop = Shop::on(ground, Clock::stopped(Utc::now()), &[], None).await;
    let calm = Some(r#"{"chaos": {}, "status_answer": "normal"}"#.to_owned());
    shop.browser().send(reqwest::Method::POST, "/sandbox/midtrans/control", calm, &[]).await.is(200);
    for minutes in [0, 1, 1, 3, 10, 30, 60, 120, 240, 480, 600, 1_440] {
        shop.clock.advance(chrono::Duration::minutes(minutes));
        at_rest(&shop).await;
        work::minute(&shop.app).await.expect("the minute passes");
    }
    shop
}

/// Works until nothing is due.
async fn at_rest(shop: &Shop) {
    for _ in 0..10_000 {
        shop.app.sandbox.as_ref().expect("the stand-in").tick().await;
        if work::step(&shop.app).await.expect("the worker works") == 0 {
            return;
        }
    }
    panic!("the worker never came to rest: {:?}", outbox::waiting(&shop.app.db).await);
}
