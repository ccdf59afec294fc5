//! `warong check` finds what does not add up.
use sea_orm::ConnectionTrait;
use warong::{check, db};

use super::stand::Stand;

#[actix_web::test]
async fn the_first_record_that_does_not_add_up_is_named() {
    for (rule, spoil, record) in [
        ("stock on hand equals the sum of its moves", "UPDATE stock SET on_hand = on_hand + 1", "stock of item"),
        ("what is left of a lot equals its moves", "UPDATE lot SET remaining = remaining - 1", "lot 1"),
        ("promised stock equals the holds that stand", "UPDATE hold SET quantity = 1", "stock of item"),
        ("an order's total is goods and shipping", "UPDATE \"order\" SET total = total + 1", "order 1"),
        ("goods of an order sum to its lines", "UPDATE order_line SET quantity = 9", "order 1"),
        ("the shares of a line sum to its price", "UPDATE order_line SET group_total = 0", "order line 1"),
        ("packed pieces of a line are in its parcels", "UPDATE order_line SET packed = 1", "order line 1"),
        ("what is owed back for an order is in the books", "UPDATE \"order\" SET refund_due = 5", "order 1"),
        ("every entry sums to zero", "UPDATE posting SET amount = amount + 7 WHERE id = 1", "entry paid:order:1"),
        ("the deposit of an order stands for what has not left", "UPDATE entry SET subject = 'x'", "order 1"),
    ] {
        let stand = Stand::open().await;
        stand.paid(&[(stand.basket, 2)]).await;
        stand.adds_up().await;
        let tx = db::begin(&stand.shop.app.db).await.expect("a transaction");
        tx.execute_unprepared(spoil).await.expect("spoilt");
        tx.commit().await.expect("it stands");
        let report = check::all(&stand.shop.app.db).await.expect("the check runs");
        let broken = report.checks.iter().find(|finding| finding.rule == rule).expect("the rule");
        assert!(!report.ok && !broken.ok, "{rule}:\n{}", check::in_words(&report));
        let named = broken.record.as_deref().expect("a record");
        assert!(named.starts_with(record), "{rule}: {named}");
    }
}
