//! Cash from hand to hand: somebody shows that it was the payee who took it.
use entity::payout::{Shown, State, Way};
use futures_util::future::join_all;
use sea_orm::EntityTrait;
use warong::{
    accounts::{person, pin::Pin},
    db,
    form::SESSION_COOKIE,
    ledger::Book,
};

use super::desk::{Desk, RUNS, act, at, face, signed_in, tap};
use crate::support::people::PIN;

#[actix_web::test]
async fn the_crafter_types_her_own_pin_and_the_money_leaves_the_drawer() {
    let mut desk = Desk::open().await;
    desk.earns(desk.payee(), 50_000).await;
    let payout = desk.approved(20_000, Way::Cash).await;
    let seen = tap(&mut desk.siti, &at(payout.run_id), &act(&payout, "lunas"), &[("pin", PIN)]).await;
    seen.is(303);
    let now = desk.payout(payout.id).await;
    assert_eq!((now.state, now.proof, now.receiver.as_deref()), (State::Paid, Some(Shown::Pin), Some("Bu Sati")));
    assert_eq!(desk.balance(Book::Cash(desk.cast.outlet.id)).await, 30_000);
    desk.siti.get(&at(payout.run_id)).await.says("dengan PIN sendiri");
    // Nothing that is kept says what the PIN is.
    let kept = entity::history::Entity::find().all(&desk.shop.app.db).await.expect("a read");
    assert!(!kept.iter().any(|row| row.detail.to_string().contains(PIN)));
    let asked = entity::request::Entity::find().all(&desk.shop.app.db).await.expect("a read");
    assert!(
        !asked.iter().any(|row| row.answer.contains(PIN) || row.content_hash == warong::secret::sha256(PIN.as_bytes()))
    );
    desk.close().await;
}

#[actix_web::test]
async fn without_a_pin_a_photo_shows_who_took_it_and_only_staff_see_it() {
    let mut desk = Desk::open().await;
    desk.earns(desk.other_payee(), 30_000).await;
    let run = desk.makes(&[(desk.other_payee(), 30_000, Way::Cash)]).await;
    desk.approves(run).await;
    let payout = desk.run(run).await.payouts.remove(0);
    let page = desk.siti.get(&at(run)).await;
    let hand_over = act(&payout, "lunas");
    desk.siti.fill_with_picture(&page, &hand_over, &[], "foto", None).await.is(422).says("mengetik PIN-nya");
    desk.siti.fill_with_picture(&page, &hand_over, &[], "foto", Some(b"bukan foto")).await.is(422);
    let typed = [("pin", PIN)];
    desk.siti.fill_with_picture(&page, &hand_over, &typed, "foto", None).await.is(422).says("belum punya PIN");
    desk.is(&payout, State::Approved).await;
    desk.siti.fill_with_picture(&page, &hand_over, &[], "foto", Some(&face())).await.is(303);
    desk.is(&payout, State::Paid).await;
    assert_eq!(desk.payout(payout.id).await.proof, Some(Shown::Photo));
    desk.shop.settle().await;
    let page = desk.siti.get(&at(run)).await;
    page.says("dengan foto");
    let shown =
        page.body.split('"').find(|text| text.ends_with("320.webp") && text.contains("/foto/")).expect("a photo");
    let shown = shown.to_owned();
    assert!(shown.starts_with(RUNS), "{shown}");
    for who in [&mut desk.siti, &mut desk.wahyudi] {
        let cookie = format!("{SESSION_COOKIE}={}", who.cookies[SESSION_COOKIE]);
        assert_eq!(who.raw(&shown, &[("Cookie", &cookie)]).await.status().as_u16(), 200);
    }
    desk.stranger.get(&shown).await.is(404);
    let mut sati = desk.sati().await;
    sati.get(&shown).await.is(403);
    desk.shop.browser().get(&shown).await.is(303);
    desk.close().await;
}

#[actix_web::test]
async fn a_pin_guessed_often_closes_its_door_and_only_a_photo_helps_then() {
    let mut desk = Desk::open().await;
    desk.earns(desk.payee(), 50_000).await;
    let payout = desk.approved(20_000, Way::Cash).await;
    let (page, hand_over) = (at(payout.run_id), act(&payout, "lunas"));
    for _ in 0..4 {
        let wrong = tap(&mut desk.siti, &page, &hand_over, &[("pin", "111119")]).await;
        wrong.is(422).says("PIN tidak cocok");
        assert!(!wrong.body.contains("111119"), "a PIN is never shown again");
    }
    tap(&mut desk.siti, &page, &hand_over, &[("pin", "111119")]).await.is(429).says("terlalu banyak PIN salah");
    tap(&mut desk.siti, &page, &hand_over, &[("pin", PIN)]).await.is(429).says("terlalu banyak PIN salah");
    desk.is(&payout, State::Approved).await;
    let seen = desk.siti.get(&page).await;
    desk.siti.fill_with_picture(&seen, &hand_over, &[], "foto", Some(&face())).await.is(303);
    desk.is(&payout, State::Paid).await;
    desk.close().await;
}

#[actix_web::test]
async fn many_guesses_at_once_are_counted_one_by_one() {
    let desk = Desk::open().await;
    desk.earns(desk.payee(), 50_000).await;
    let payout = desk.approved(20_000, Way::Cash).await;
    let mut taps = Vec::new();
    for n in 0..8 {
        let mut browser = signed_in(&desk.shop, if n % 2 == 0 { desk.cast.siti } else { desk.cast.rizal }).await;
        let seen = browser.get(&at(payout.run_id)).await;
        let hand_over = act(&payout, "lunas");
        taps.push(async move { browser.fill(&seen, &hand_over, &[("pin", "111119")]).await.status });
    }
    let told = join_all(taps).await;
    assert!(told.iter().all(|status| matches!(status, 422 | 429)), "{told:?}");
    let person = person::get(&desk.shop.app.db, desk.cast.sati.person_id).await.expect("Bu Sati");
    assert!(person.locked_until.is_some(), "the door is closed");
    assert!(person.failed_count <= 8);
    desk.is(&payout, State::Approved).await;
    desk.close().await;
}

#[actix_web::test]
async fn a_pin_that_the_outlet_chose_proves_nothing() {
    let mut desk = Desk::open().await;
    desk.earns(desk.payee(), 50_000).await;
    let payout = desk.approved(20_000, Way::Cash).await;
    let hash = Pin::chosen("482913", None).expect("a PIN").hash().await.expect("a hash");
    let tx = db::begin(&desk.shop.app.db).await.expect("a transaction");
    person::lend_secret(&tx, &desk.shop.clock, desk.cast.sati.person_id, hash).await.expect("lent");
    tx.commit().await.expect("it stands");
    let (page, hand_over) = (at(payout.run_id), act(&payout, "lunas"));
    tap(&mut desk.siti, &page, &hand_over, &[("pin", "482913")]).await.is(422).says("dipilihkan warong");
    desk.is(&payout, State::Approved).await;
    desk.close().await;
}

#[actix_web::test]
async fn cash_handed_over_twice_at_once_leaves_once() {
    let desk = Desk::open().await;
    desk.earns(desk.payee(), 50_000).await;
    let payout = desk.approved(20_000, Way::Cash).await;
    let mut taps = Vec::new();
    for person in [desk.cast.siti, desk.cast.rizal, desk.cast.siti] {
        let mut browser = signed_in(&desk.shop, person).await;
        let seen = browser.get(&at(payout.run_id)).await;
        let hand_over = act(&payout, "lunas");
        taps.push(async move { browser.fill(&seen, &hand_over, &[("pin", PIN)]).await.status });
    }
    let mut told = join_all(taps).await;
    told.sort_unstable();
    assert_eq!(told, [303, 409, 409]);
    assert_eq!(desk.balance(Book::Cash(desk.cast.outlet.id)).await, 30_000);
    desk.close().await;
}

#[actix_web::test]
async fn two_part_payouts_at_once_never_come_to_more_than_is_owed() {
    let desk = Desk::open().await;
    desk.earns(desk.payee(), 50_000).await;
    let id = desk.cast.sati.id;
    let mut taps = Vec::new();
    for person in [desk.cast.siti, desk.cast.rizal, desk.cast.siti] {
        let mut browser = signed_in(&desk.shop, person).await;
        let page = browser.get(super::desk::NEW).await;
        let fields = [(format!("pilih_{id}"), "1".to_owned()), (format!("jumlah_{id}"), "30.000".to_owned())];
        taps.push(async move {
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            browser.fill(&page, super::desk::NEW, &fields).await.status
        });
    }
    let mut told = join_all(taps).await;
    told.sort_unstable();
    assert_eq!(told[0], 303);
    assert!(told[1..].iter().all(|status| matches!(status, 409 | 422)), "{told:?}");
    assert_eq!((desk.owed(desk.payee()).await, desk.underway().await), (20_000, 30_000));
    let rest = desk.approved(20_000, Way::Cash).await;
    assert_eq!((rest.amount.0, desk.owed(desk.payee()).await), (20_000, 0));
    desk.close().await;
}
