//! Money that comes after an order expired.
use entity::order::{Delivery, Method, Payment, State};
use warong::orders::expiry;

use super::stand::Stand;

/// An order by QRIS whose time ran out before anybody paid.
async fn expired(stand: &Stand, pieces: i64) -> entity::order::Model {
    let order = stand.order(Method::Transfer, Delivery::Pickup, &[(stand.basket, pieces)]).await;
    stand.shop.clock.advance(chrono::Duration::hours(25));
    let app = &stand.shop.app;
    expiry::expire_due(&app.db, &app.clock, &app.payments).await.expect("it expires");
    let docket = stand.docket(&order).await;
    assert_eq!(docket.order.state, State::Expired);
    docket.order
}

#[actix_web::test]
async fn late_money_opens_the_order_again_while_its_goods_are_there() {
    let stand = Stand::open().await;
    let order = expired(&stand, 2).await;
    assert_eq!(stand.available(stand.basket).await, 10);
    stand.pay(&order, "late").await;
    stand.pay(&order, "late").await;
    let order = stand.docket(&order).await.order;
    assert_eq!((order.state, order.payment), (State::Placed, Payment::Paid));
    assert_eq!(stand.available(stand.basket).await, 8);
    stand.adds_up().await;
    stand.close().await;
}

#[actix_web::test]
async fn late_money_for_goods_that_are_gone_is_owed_back() {
    let stand = Stand::open().await;
    let order = expired(&stand, 6).await;
    stand.paid(&[(stand.basket, 5)]).await;
    stand.pay(&order, "late").await;
    let order = stand.docket(&order).await.order;
    assert_eq!((order.state, order.payment), (State::Expired, Payment::RefundDue));
    assert_eq!(order.refund_due, order.total);
    assert_eq!(stand.available(stand.basket).await, 5);
    stand.adds_up().await;
    stand.close().await;
}
