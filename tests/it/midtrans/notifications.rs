//! What the stand-in tells the shop unasked.
use chrono::Duration;
use serde_json::json;
use warong::gateway::midtrans::{
    Bank, CallOptions, ChargeRequest, Method, NotificationUrls, ServerKey, TransactionStatus,
};

use super::shop::{Shop, bill, order, qris};

#[actix_web::test]
async fn the_shop_hears_of_everything_in_signed_words() {
    let shop = Shop::open().await;
    let charged = shop.qris("UEP-1").await;
    shop.pay(&charged).await;
    shop.qris("UEP-2").await;
    shop.client.cancel(&order("UEP-2")).await.unwrap();
    let mail = shop.mail().await;
    let heard: Vec<_> = mail
        .iter()
        .map(|received| {
            let notification = received.read();
            assert_eq!((received.path.as_str(), received.agent.as_str()), ("/midtrans/notifikasi", "Veritrans"));
            assert!(notification.verify(&shop.keys()));
            assert!(!notification.verify(&[ServerKey::new("SB-Mid-server-lain")]));
            assert_eq!(notification.claim.merchant_id, Some(shop.sandbox.merchant_id()));
            let word = notification.claim.transaction_status.as_str().to_owned();
            (notification.order_id, word, notification.status_code)
        })
        .collect();
    for told in [("UEP-1", "pending", "201"), ("UEP-1", "settlement", "200"), ("UEP-2", "cancel", "202")] {
        let told = (told.0.to_owned(), told.1.to_owned(), told.2.to_owned());
        assert_eq!(heard.iter().filter(|h| **h == told).count(), 1, "{told:?} in {heard:?}");
    }
    assert_eq!(heard.len(), 4);
    assert_eq!(shop.sandbox.notifications_waiting(), 0);
}

#[actix_web::test]
async fn paying_twice_is_told_once() {
    let shop = Shop::open().await;
    let charged = shop.qris("UEP-1").await;
    tokio::join!(shop.pay(&charged), shop.pay(&charged), shop.pay(&charged));
    let settled = |mail: &[super::shop::Received]| {
        mail.iter().filter(|r| r.read().claim.transaction_status == TransactionStatus::Settlement).count()
    };
    assert_eq!(settled(&shop.mail().await), 1);
}

#[actix_web::test]
async fn an_expiry_is_told_when_the_clock_says_so() {
    let shop = Shop::open().await;
    shop.qris("UEP-1").await;
    assert_eq!(shop.mail().await.len(), 1);
    shop.wait(Duration::minutes(15));
    let mail = shop.mail().await;
    let notification = mail[0].read();
    assert_eq!(notification.status_code, "202");
    assert_eq!(notification.claim.transaction_status, TransactionStatus::Expire);
    assert!(notification.verify(&shop.keys()));
    assert!(shop.mail().await.is_empty());
}

/// How often the shop hears of one thing when it answers like this.
async fn heard(answer: u16) -> usize {
    let shop = Shop::open().await;
    *shop.inbox.answers.lock().unwrap() = vec![answer; 20];
    shop.qris("UEP-1").await;
    shop.client.cancel(&order("UEP-1")).await.unwrap();
    shop.client.expire(&order("UEP-1")).await.unwrap_err();
    let mut count = 0;
    for _ in 0..60 {
        let mail = shop.mail().await;
        count += mail.iter().filter(|r| r.read().claim.transaction_status == TransactionStatus::Cancel).count();
        shop.wait(Duration::minutes(10));
    }
    assert_eq!(shop.sandbox.notifications_waiting(), 0);
    count
}

#[actix_web::test]
async fn how_often_it_tries_depends_on_our_answer() {
    for (answer, times) in [
        (200, 1),
        (204, 1),
        (301, 1),
        (302, 1),
        (303, 1),
        (300, 6),
        (304, 6),
        (500, 2),
        (400, 3),
        (404, 3),
        (503, 5),
        (403, 6),
        (502, 6),
    ] {
        assert_eq!(heard(answer).await, times, "{answer}");
    }
}

#[actix_web::test]
async fn a_retry_waits_two_minutes_and_says_the_same() {
    let shop = Shop::open().await;
    *shop.inbox.answers.lock().unwrap() = vec![503];
    shop.qris("UEP-1").await;
    let first = shop.mail().await;
    shop.wait(Duration::seconds(119));
    assert!(shop.mail().await.is_empty());
    shop.wait(Duration::seconds(22));
    let second = shop.mail().await;
    assert_eq!(first[0].body, second[0].body);
}

#[actix_web::test]
async fn a_call_can_name_its_own_address() {
    let shop = Shop::open().await;
    let own = NotificationUrls::new([format!("{}/sendiri", shop.base).as_str()]).unwrap();
    let options = CallOptions { override_notification: Some(own), ..CallOptions::default() };
    shop.client.charge(&ChargeRequest::new(bill("UEP-1"), qris()), &options).await.unwrap();
    let mail = shop.mail().await;
    assert_eq!(mail.iter().map(|r| r.path.as_str()).collect::<Vec<_>>(), ["/sendiri"]);
}

#[actix_web::test]
async fn a_call_can_name_more_addresses_but_three_at_most() {
    let shop = Shop::open().await;
    let at = |name: &str| format!("{}/{name}", shop.base);
    let more: Vec<String> = ["a", "b", "c", "d"].map(at).into();
    let paths = async |header: &str, order: &str| {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let body = json!({"payment_type": "qris", "transaction_details": {"order_id": order, "gross_amount": 5_000}});
        let call = client.post(format!("{}/sandbox/midtrans/v2/charge", shop.base)).header(header, more.join(" , "));
        call.basic_auth(shop.sandbox.server_key(), Some("")).body(body.to_string()).send().await.unwrap();
        let mut paths: Vec<String> = shop.mail().await.into_iter().map(|received| received.path).collect();
        paths.sort();
        paths
    };
    assert_eq!(paths("X-Append-Notification", "A").await, ["/a", "/b", "/c", "/midtrans/notifikasi"]);
    assert_eq!(paths("X-Override-Notification", "B").await, ["/a", "/b", "/c"]);
    // The addresses belong to the transaction and hear of all that follows.
    shop.client.cancel(&order("B")).await.unwrap();
    assert_eq!(shop.mail().await.len(), 3);
}

#[actix_web::test]
async fn a_redirect_is_followed_five_times_and_then_counts_as_no_answer() {
    for (redirects, heard, waiting) in [(5, 6, 0), (6, 6, 1)] {
        let shop = Shop::open().await;
        *shop.inbox.answers.lock().unwrap() = vec![307; redirects];
        shop.qris("UEP-1").await;
        assert_eq!(shop.mail().await.len(), heard, "{redirects}");
        assert_eq!(shop.sandbox.notifications_waiting(), waiting, "{redirects}");
    }
}

#[actix_web::test]
async fn the_courier_works_by_itself() {
    let shop = Shop::open().await;
    let courier = tokio::spawn(shop.sandbox.clone().run());
    shop.qris("UEP-1").await;
    for _ in 0..100 {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        if shop.sandbox.notifications_waiting() == 0 {
            break;
        }
    }
    courier.abort();
    assert_eq!(shop.sandbox.notifications_waiting(), 0);
}

#[actix_web::test]
async fn the_ladder_has_five_rungs_on_a_clock_of_its_own() {
    let shop = Shop::open().await;
    *shop.inbox.answers.lock().unwrap() = vec![200];
    shop.qris("UEP-1").await;
    shop.mail().await;
    *shop.inbox.answers.lock().unwrap() = vec![403; 20];
    shop.client.cancel(&order("UEP-1")).await.unwrap();
    let cancels = async || {
        let mail = shop.mail().await;
        mail.iter().filter(|r| r.read().claim.transaction_status == TransactionStatus::Cancel).count()
    };
    assert_eq!(cancels().await, 1);
    for seconds in [120, 600, 1_800, 5_400, 12_600] {
        shop.set(json!({"clock_advance_s": seconds - 1})).await;
        assert_eq!(cancels().await, 0, "before {seconds}");
        // A random shift of at most twenty seconds.
        shop.set(json!({"clock_advance_s": 21})).await;
        assert_eq!(cancels().await, 1, "after {seconds}");
    }
    assert_eq!(shop.sandbox.notifications_waiting(), 0);
    shop.set(json!({"clock_advance_s": 100_000})).await;
    assert!(shop.mail().await.is_empty());
}

#[actix_web::test]
async fn nobody_at_home_is_tried_five_times_more() {
    let shop = Shop::open().await;
    shop.sandbox.set_notify_url("http://127.0.0.1:9/midtrans/notifikasi");
    let bank = Method::VirtualAccount { bank: Bank::Bri, va_number: None };
    shop.charge("UEP-1", bank).await.unwrap();
    for n in 0..5 {
        shop.mail().await;
        assert_eq!(shop.sandbox.notifications_waiting(), 1, "{n}");
        shop.wait(Duration::hours(4));
    }
    shop.mail().await;
    assert_eq!(shop.sandbox.notifications_waiting(), 0);
}

#[actix_web::test]
async fn only_a_redirect_that_keeps_the_body_is_followed() {
    for (answer, heard) in [(301, 1), (302, 1), (303, 1), (307, 2), (308, 2)] {
        let shop = Shop::open().await;
        *shop.inbox.answers.lock().unwrap() = vec![answer];
        shop.qris("UEP-1").await;
        let mail = shop.mail().await;
        assert_eq!(mail.len(), heard, "{answer}");
        assert!(mail.iter().all(|received| received.body == mail[0].body));
        assert_eq!(shop.sandbox.notifications_waiting(), 0, "{answer}");
    }
}

#[actix_web::test]
async fn copies_race_each_other_but_older_news_still_goes_first() {
    let shop = Shop::open().await;
    shop.qris("UEP-1").await;
    let settled = json!({"order_id": "UEP-1", "set": {"transaction_status": "settlement"}, "notify": {"times": 20}});
    shop.set(settled).await;
    let mail = shop.mail().await;
    let word = |received: &super::shop::Received| received.read().claim.transaction_status;
    assert_eq!((mail.len(), word(&mail[0])), (21, TransactionStatus::Pending));
    assert!(mail[1..].iter().all(|received| received.body == mail[1].body));
}
