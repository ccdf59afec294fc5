//! Two people, or two taps, at the same moment.
use entity::payout::{State, Way};
use futures_util::future::{join, join_all};
use warong::ledger::Book;

use super::desk::{Desk, NEW, act, at, signed_in};
use crate::support::{Browser, browser::Seen};

fn pairs(keys: &[(String, String)]) -> Vec<(&str, &str)> {
    keys.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

async fn sends(mut browser: Browser, page: Seen, action: String, fields: Vec<(String, String)>) -> Seen {
    browser.fill(&page, &action, &pairs(&fields)).await
}

#[actix_web::test]
async fn two_lists_at_once_never_hold_the_same_rupiah() {
    let desk = Desk::open().await;
    desk.earns(desk.payee(), 21_280).await;
    let id = desk.cast.sati.id;
    let fields = || vec![(format!("pilih_{id}"), "1".into()), (format!("jumlah_{id}"), "21.280".into())];
    let mut taps = Vec::new();
    for person in [desk.cast.siti, desk.cast.rizal, desk.cast.siti, desk.cast.rizal] {
        let mut browser = signed_in(&desk.shop, person).await;
        let page = browser.get(NEW).await;
        taps.push(sends(browser, page, NEW.into(), fields()));
    }
    let mut told: Vec<u16> = join_all(taps).await.iter().map(|seen| seen.status).collect();
    told.sort_unstable();
    assert_eq!(told[0], 303, "{told:?}");
    assert!(told[1..].iter().all(|status| matches!(status, 409 | 422)), "{told:?}");
    assert_eq!((desk.owed(desk.payee()).await, desk.underway().await), (0, 21_280));
    desk.close().await;
}

#[actix_web::test]
async fn the_same_tap_twice_makes_one_list() {
    let desk = Desk::open().await;
    desk.earns(desk.payee(), 21_280).await;
    let id = desk.cast.sati.id;
    let fields = || vec![(format!("pilih_{id}"), "1".into()), (format!("jumlah_{id}"), "1.000".into())];
    let mut browser = desk.siti.clone();
    let page = browser.get(NEW).await;
    let keys = page.hidden(NEW);
    let all: Vec<(String, String)> = keys.into_iter().chain(fields()).collect();
    let tap = || async {
        let mut browser = desk.siti.clone();
        browser.post_raw(NEW, &pairs(&all)).await
    };
    let (one, other) = join(tap(), tap()).await;
    one.is(303);
    other.is(303);
    assert_eq!(one.location, other.location);
    assert_eq!(desk.underway().await, 1_000);
    desk.close().await;
}

#[actix_web::test]
async fn two_checkers_approve_at_once_and_one_of_them_did() {
    let desk = Desk::open().await;
    desk.earns(desk.payee(), 21_280).await;
    let run = desk.makes(&[(desk.payee(), 21_280, Way::Cash)]).await;
    let action = format!("{}/setuju", at(run));
    let mut taps = Vec::new();
    for _ in 0..3 {
        let mut browser = signed_in(&desk.shop, desk.cast.rizal).await;
        let page = browser.get(&at(run)).await;
        taps.push(sends(browser, page, action.clone(), Vec::new()));
    }
    let mut told: Vec<u16> = join_all(taps).await.iter().map(|seen| seen.status).collect();
    told.sort_unstable();
    assert_eq!(told, [303, 409, 409]);
    let subject = warong::history::Subject("payout_run", run);
    let verbs = warong::history::of(&desk.shop.app.db, subject).await.expect("a read");
    assert_eq!(verbs.iter().map(|row| row.verb.as_str()).collect::<Vec<_>>(), ["made", "approved"]);
    desk.close().await;
}

#[actix_web::test]
async fn two_operators_tick_off_at_once_and_the_money_leaves_once() {
    let desk = Desk::open().await;
    desk.earns(desk.payee(), 21_280).await;
    desk.names_account("002101000123507").await;
    let payout = desk.approved(21_280, Way::Transfer).await;
    let mut taps = Vec::new();
    for (n, person) in [desk.cast.siti, desk.cast.rizal, desk.cast.siti].into_iter().enumerate() {
        let mut browser = signed_in(&desk.shop, person).await;
        let page = browser.get(&at(payout.run_id)).await;
        let fields = vec![("acuan".to_owned(), format!("TRF-{n}"))];
        taps.push(sends(browser, page, act(&payout, "lunas"), fields));
    }
    let mut told: Vec<u16> = join_all(taps).await.iter().map(|seen| seen.status).collect();
    told.sort_unstable();
    assert_eq!(told, [303, 409, 409]);
    desk.is(&payout, State::Paid).await;
    assert_eq!(desk.balance(Book::Bank(desk.cast.outlet.id)).await, -21_280);
    desk.close().await;
}

#[actix_web::test]
async fn one_reference_given_to_two_payouts_at_once_pays_one_of_them() {
    let desk = Desk::open().await;
    desk.earns(desk.payee(), 21_280).await;
    desk.names_account("002101000123507").await;
    let mut taps = Vec::new();
    for amount in [1_000, 2_000] {
        let payout = desk.approved(amount, Way::Transfer).await;
        let mut browser = signed_in(&desk.shop, desk.cast.siti).await;
        let page = browser.get(&at(payout.run_id)).await;
        taps.push(sends(browser, page, act(&payout, "lunas"), vec![("acuan".into(), "TRF-1".into())]));
    }
    let mut told: Vec<u16> = join_all(taps).await.iter().map(|seen| seen.status).collect();
    told.sort_unstable();
    assert_eq!(told, [303, 409]);
    desk.close().await;
}
