//! A code that is broken or asks for another amount never reaches a buyer.
use entity::{Rupiah, payment_attempt::State};
use warong::payments::{inbox, provider::Instructions, reconcile};

use super::desk::{BILL, Desk, SUBJECT, code_of, transaction_of};

#[actix_web::test]
async fn a_code_that_is_broken_or_over_another_amount_is_set_aside_and_not_shown() {
    let other = code_of("UEP-1", Rupiah(BILL.0 + 1));
    for (code, reason) in [
        (other.clone(), "it asks for Rp275.001, the bill says Rp275.000"),
        (other.replace("275001", "275000"), "the checksum is"),
        ("QR-1".to_owned(), "does not end with a checksum"),
    ] {
        let desk = Desk::open().await;
        *desk.memory.code.lock().expect("a lock") = Some(code);
        let row = desk.asked().await;
        desk.shop.settle().await;
        let row = desk.now(row.id).await;
        assert_eq!((row.state, row.qr_string.as_deref()), (State::Pending, None));
        let aside = inbox::for_a_person(&desk.shop.app.db, 10).await.expect("a read");
        assert_eq!(aside.len(), 1);
        let said = inbox::reason(&aside[0]);
        assert!(said.starts_with("its QRIS code is not shown: ") && said.contains(reason), "{said}");
        desk.shop.close().await;
    }
}

#[actix_web::test]
async fn a_status_cannot_bring_another_code_in_either() {
    let desk = Desk::open().await;
    let row = desk.waiting().await;
    let good = row.qr_string.clone().expect("a code");
    let bad = Instructions { qr_string: Some(code_of("UEP-1", Rupiah(1))), ..Instructions::default() };
    desk.memory.becomes(&transaction_of(&row.provider_order_id), |one| one.show = bad);
    let app = &desk.shop.app;
    for _ in 0..2 {
        reconcile::check_now(&app.db, &app.clock, &app.payments, SUBJECT).await.expect("an answer");
    }
    assert_eq!(desk.now(row.id).await.qr_string, Some(good));
    assert_eq!(inbox::for_a_person(&app.db, 10).await.expect("a read").len(), 1, "said once");
    desk.shop.close().await;
}
