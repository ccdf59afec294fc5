//! Snap: a page on which the buyer picks.
use chrono::Duration;
use entity::Rupiah;
use serde_json::{Value, json};
use warong::gateway::midtrans::{
    CallOptions, EnabledPayment, Error, Purchase, SnapRequest, SnapSession, SnapToken, TransactionStatus,
};

use super::shop::{Shop, bill, minutes, order};

fn request(name: &str) -> SnapRequest {
    let offered = vec![EnabledPayment::OtherQris, EnabledPayment::BriVa, EnabledPayment::Gopay];
    SnapRequest::new(bill(name), offered).finish("https://warong.example/pesanan/x?dari=snap")
}

async fn create(shop: &Shop, name: &str) -> Result<SnapSession, Error> {
    shop.client.snap_create(&request(name), &CallOptions::default()).await
}

#[actix_web::test]
async fn a_buyer_picks_a_method_and_pays() {
    let shop = Shop::open().await;
    let session = create(&shop, "UEP-1").await.unwrap();
    assert_eq!(session.token.as_str().len(), 36);
    // Before a method is picked there is no transaction, which is not a failure.
    assert!(matches!(shop.client.status(&order("UEP-1")).await, Err(Error::NotFound)));
    let (_, page) = shop.get(&session.redirect_url).await;
    assert!(page.contains("QRIS") && page.contains("Transfer BRI") && !page.contains("Transfer BCA"), "{page}");
    assert!(page.contains("Rp275.000") && page.contains("Bukan uang sungguhan"));

    let (http, page) = shop.post(&session.redirect_url, "method=bri_va").await;
    assert_eq!(http, 200);
    assert!(page.contains("Anda sekarang bank pembeli") && page.contains("1306 0"), "{page}");
    let status = shop.client.status(&order("UEP-1")).await.unwrap();
    assert_eq!(status.transaction_status, TransactionStatus::Pending);
    assert_eq!(status.payment_type.as_deref(), Some("bank_transfer"));
    // Opening the page again leads to the same payment.
    assert!(shop.get(&session.redirect_url).await.1.contains("Anda sekarang bank pembeli"));

    let (_, page) = shop.pay(&status).await;
    let back = "https://warong.example/pesanan/x?dari=snap&amp;order_id=UEP-1&amp;status_code=200&amp;\
                transaction_status=settlement";
    assert!(page.contains(back), "{page}");
    assert!(matches!(create(&shop, "UEP-1").await, Err(Error::Duplicate)));
}

#[actix_web::test]
async fn asking_again_closes_the_older_page() {
    let shop = Shop::open().await;
    let first = create(&shop, "UEP-1").await.unwrap();
    let second = create(&shop, "UEP-1").await.unwrap();
    assert_ne!(first.token, second.token);
    assert_eq!(shop.get(&first.redirect_url).await.0, 410);
    shop.post(&first.redirect_url, "method=gopay").await;
    assert!(matches!(shop.client.status(&order("UEP-1")).await, Err(Error::NotFound)));
    shop.post(&second.redirect_url, "method=gopay").await;
    assert!(matches!(create(&shop, "UEP-1").await, Err(Error::Duplicate)));
}

#[actix_web::test]
async fn a_refused_payment_can_be_tried_another_way() {
    let shop = Shop::open().await;
    let session = create(&shop, "UEP-1").await.unwrap();
    shop.post(&session.redirect_url, "method=gopay").await;
    let first = shop.client.status(&order("UEP-1")).await.unwrap();
    let (_, page) = shop.post(&format!("/bayar/{}", super::shop::id(&first)), "act=gagal").await;
    assert!(page.contains("Pembayaran gagal"));
    assert!(shop.get(&session.redirect_url).await.1.contains("Pilih cara bayar"));
    shop.post(&session.redirect_url, "method=other_qris").await;
    let second = shop.client.status(&order("UEP-1")).await.unwrap();
    assert_eq!((second.payment_type.as_deref(), second.status_code.as_str()), (Some("qris"), "201"));
    let old = shop.client.status(first.transaction_id.as_ref().unwrap()).await.unwrap();
    assert_eq!(old.transaction_status, TransactionStatus::Deny);
}

#[actix_web::test]
async fn a_page_can_be_closed_until_a_method_is_picked() {
    let shop = Shop::open().await;
    let session = create(&shop, "UEP-1").await.unwrap();
    assert!(shop.client.snap_cancel(&session.token).await.unwrap().canceled_at.is_some());
    assert_eq!(shop.client.snap_cancel(&session.token).await.unwrap().canceled_at, None);
    let (http, page) = shop.get(&session.redirect_url).await;
    assert_eq!(http, 410);
    assert!(page.contains("sudah ditutup oleh toko"));

    let session = create(&shop, "UEP-1").await.unwrap();
    shop.post(&session.redirect_url, "method=gopay").await;
    assert!(matches!(shop.client.snap_cancel(&session.token).await, Err(Error::Forbidden { .. })));
    assert!(matches!(shop.client.snap_cancel(&SnapToken::new("tidak/ada")).await, Err(Error::NotFound)));
}

#[actix_web::test]
async fn a_page_closes_in_silence_but_a_number_already_shown_stays_payable() {
    let shop = Shop::open().await;
    let request = |name| request(name).page_expiry(minutes(60)).unwrap();
    let seen = shop.client.snap_create(&request("UEP-1"), &CallOptions::default()).await.unwrap();
    let unseen = shop.client.snap_create(&request("UEP-2"), &CallOptions::default()).await.unwrap();
    shop.post(&seen.redirect_url, "method=bri_va").await;
    shop.mail().await;
    shop.wait(Duration::minutes(61));
    assert!(shop.mail().await.is_empty());
    assert_eq!(shop.get(&unseen.redirect_url).await.0, 410);
    let status = shop.client.status(&order("UEP-1")).await.unwrap();
    assert!(shop.pay(&status).await.1.contains("Sudah dibayar"));
}

#[actix_web::test]
async fn a_page_is_refused_in_sentences() {
    let shop = Shop::open().await;
    let key = shop.sandbox.server_key();
    let ask =
        async |body: Value| shop.call(reqwest::Method::POST, "/snap/v1/transactions", &key, &body.to_string()).await;
    let bill = |order: &str, gross: i64| json!({"transaction_details": {"order_id": order, "gross_amount": gross}});
    let items = json!([{"id": "a", "name": "Besek", "price": 4_000, "quantity": 1}]);
    let mut wrong_sum = bill("A", 5_000);
    wrong_sum["item_details"] = items;
    for (body, sentence) in [
        (wrong_sum, "transaction_details.gross_amount is not equal to the sum of item_details"),
        (bill("A", 0), "transaction_details.gross_amount must be greater than or equal to 0.01"),
        (bill("", 5_000), "transaction_details.order_id is required"),
        (bill(&"a".repeat(51), 5_000), "transaction_details.order_id length must be less than or equal to 50"),
    ] {
        assert_eq!(ask(body).await, (400, json!({"error_messages": [sentence]})));
    }
    assert_eq!(ask(bill("A#1", 5_000)).await.0, 400);
    let (http, told) = ask(json!({"x": "y".repeat(17_000)})).await;
    assert_eq!((http, told["error_messages"].as_array().map(Vec::len)), (413, Some(1)));
    // Once picked the order is in use, once paid it is done.
    let (_, made) = ask(bill("A", 5_000)).await;
    shop.post(made["redirect_url"].as_str().unwrap(), "method=gopay").await;
    let used = "transaction_details.order_id sudah digunakan";
    assert_eq!(ask(bill("A", 5_000)).await, (400, json!({"error_messages": [used]})));
    let charged = shop.client.status(&order("A")).await.unwrap();
    shop.pay(&charged).await;
    let paid = "transaction_details.order_id has been paid and utilized, please use another order ID";
    assert_eq!(ask(bill("A", 5_000)).await, (400, json!({"error_messages": [paid]})));
}

#[actix_web::test]
async fn digits_asked_for_on_a_page_end_the_number() {
    let shop = Shop::open().await;
    let body = json!({
        "transaction_details": {"order_id": "A", "gross_amount": 5_000}, "bri_va": {"va_number": "1234567"},
    });
    let key = shop.sandbox.server_key();
    let (_, made) = shop.call(reqwest::Method::POST, "/snap/v1/transactions", &key, &body.to_string()).await;
    shop.post(made["redirect_url"].as_str().unwrap(), "method=bri_va").await;
    assert_eq!(shop.client.status(&order("A")).await.unwrap().va_number(), Some("130601234567"));
}

#[actix_web::test]
async fn a_method_that_cannot_carry_the_amount_is_not_offered() {
    let shop = Shop::open().await;
    let large = Purchase::new(order("UEP-1"), Rupiah(15_000_000), vec![]).unwrap();
    let offered = vec![EnabledPayment::OtherQris, EnabledPayment::BriVa];
    let session = shop.client.snap_create(&SnapRequest::new(large, offered), &CallOptions::default()).await.unwrap();
    let (_, page) = shop.get(&session.redirect_url).await;
    assert!(page.contains("Transfer BRI") && !page.contains("other_qris"), "{page}");
    shop.post(&session.redirect_url, "method=other_qris").await;
    assert!(matches!(shop.client.status(&order("UEP-1")).await, Err(Error::NotFound)));
}
