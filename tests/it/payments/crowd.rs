//! Everybody at once: the same notice twenty times, the buyer coming back from the wallet, the buyer asking, and the
//! worker, all in the same moment.
use std::time::Duration;

use entity::{
    entry, history, hold,
    order::{self, Delivery, Method, Payment},
    outbox, payment_inbox, stock_move,
};
use futures_util::future::join_all;
use reqwest::Method as Http;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;
use warong::{
    gateway::midtrans::{ServerKey, signature},
    orders::order as orders,
    payments::attempt,
    work,
};

use crate::{counter::stand::Stand, support::Shop};

const NOTICES: usize = 20;

#[actix_web::test]
async fn twenty_notices_a_returning_buyer_and_the_worker_book_one_payment() {
    let stand = Stand::at(Shop::open(&[("WARONG_WORKERS", "2")]).await).await;
    let (app, key) =
        (stand.shop.app.clone(), ServerKey::new(stand.shop.app.sandbox.as_ref().expect("it").server_key()));
    let wish = stand.wish(Method::Qris, Delivery::Courier, Some("ratna@example.com"));
    let worker = actix_web::rt::spawn(work::run(app.clone()));
    for _ in 0..5 {
        let order = stand.place(&wish, &[(stand.basket, 1)]).await;
        let subject = orders::subject(order.id);
        let reference = until(async || {
            let row = attempt::current(&app.db, &subject).await.expect("a read").expect("an attempt");
            attempt::is_live(&row).then_some(row).filter(|row| row.qr_string.is_some())
        })
        .await
        .provider_order_id;
        let moves = stock_move::Entity::find().count(&app.db).await.expect("a count");
        let path = format!("/sandbox/midtrans/bayar/{reference}");
        stand.shop.browser().post_raw(&path, &[("act", "bayar")]).await.is(303);
        at_once(&stand, &order, &reference, &key).await;
        until(async || {
            let now = order::Entity::find_by_id(order.id).one(&app.db).await.expect("a read").expect("the order");
            (now.payment == Payment::Paid).then_some(())
        })
        .await;
        until(async || (warong::outbox::waiting(&app.db).await.expect("a count").0 == 0).then_some(())).await;
        booked_once(&stand, &order).await;
        assert_eq!(stock_move::Entity::find().count(&app.db).await.expect("a count"), moves, "nothing was moved");
    }
    worker.abort();
    worker.await.ok();
    let kept = payment_inbox::Entity::find().count(&app.db).await.expect("a count");
    assert_eq!(kept, 5, "twenty notices alike are one");
    stand.adds_up().await;
    stand.shop.close().await;
}

/// Waits, for as long as a slow machine needs, until there is something.
async fn until<T>(look: impl AsyncFn() -> Option<T>) -> T {
    for _ in 0..600 {
        if let Some(found) = look().await {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it never came");
}

async fn at_once(stand: &Stand, order: &order::Model, reference: &str, key: &ServerKey) {
    let gross = format!("{}.00", order.total.0);
    let body = json!({
        "order_id": reference, "status_code": "200", "gross_amount": gross, "transaction_status": "settlement",
        "signature_key": signature(reference, "200", &gross, key),
    })
    .to_string();
    let url = orders::url(order);
    let notices = async {
        let sent = (0..NOTICES).map(|_| async {
            let json = [("Content-Type", "application/json")];
            stand.shop.browser().send(Http::POST, "/midtrans/notifikasi", Some(body.clone()), &json).await.status
        });
        assert_eq!(join_all(sent).await, [200; NOTICES]);
    };
    let comes_back = async {
        let finish = format!("{url}?order_id={reference}&status_code=200&transaction_status=settlement");
        stand.shop.browser().get(&finish).await.is(200);
    };
    let asks = async {
        stand.shop.browser().post_raw(&format!("{url}/cek"), &[]).await.is(303);
    };
    let another_worker = async {
        for _ in 0..5 {
            work::step(&stand.shop.app).await.expect("the worker works");
        }
    };
    tokio::join!(notices, comes_back, asks, another_worker);
}

async fn booked_once(stand: &Stand, order: &order::Model) {
    let (db, subject) = (&stand.shop.app.db, orders::subject(order.id));
    let entries = entry::Entity::find().filter(entry::Column::Subject.eq(&subject)).all(db).await.expect("entries");
    assert_eq!(entries.iter().map(|entry| entry.kind.as_str()).collect::<Vec<_>>(), ["paid"]);
    let told = history::Entity::find()
        .filter(history::Column::Subject.eq("order"))
        .filter(history::Column::SubjectId.eq(order.id))
        .all(db)
        .await
        .expect("history");
    assert_eq!(told.iter().map(|row| row.verb.as_str()).collect::<Vec<_>>(), ["placed", "paid"]);
    let mails = outbox::Entity::find().filter(outbox::Column::Kind.eq("mail.send")).all(db).await.expect("mails");
    let mails: Vec<_> = mails.iter().filter(|mail| mail.payload["order_id"] == order.id).collect();
    assert_eq!(
        mails.iter().map(|mail| mail.payload["template"].as_str()).collect::<Vec<_>>(),
        [Some("order_placed"), Some("order_paid")]
    );
    let holds = hold::Entity::find().filter(hold::Column::Subject.eq(&subject)).all(db).await.expect("holds");
    assert_eq!(holds.iter().map(|held| (held.quantity, held.expires_at)).collect::<Vec<_>>(), [(1, None)]);
}
