//! What is handed in for a big order, and orders that end or shrink while they are made.
use entity::{assignment::State, item, product, product::Unit};
use sea_orm::{ActiveValue::Set, EntityTrait};
use warong::{
    collection::{amount::Amount, intake},
    orders::{
        cancel, parcel,
        parcel::{Portion, everything_open},
    },
    stock::{self, Want},
    wholesale::assignment as task,
};

use super::{OrderState, Workshop};

#[actix_web::test]
async fn what_is_handed_in_is_the_orders_and_what_is_beyond_is_for_all() {
    let workshop = Workshop::with(&[20, 20]).await;
    let order = workshop.order(30).await;
    let id = workshop.shares_out(&order, 30).await.row.id;
    workshop.everybody_says_yes(id).await;
    let (_, first) = workshop.hands_in(id, 0, 9, 2).await;
    assert_eq!((first.counted, first.beyond, first.left), (9, 0, 6), "two were rejected and are still hers to make");
    assert_eq!((workshop.held(&order).await, workshop.stand.available(workshop.stand.cage).await), (9, 0));
    let haul = workshop.now(id).await.hauls[&workshop.makers[0].id].clone();
    assert_eq!((haul.good, haul.rejected, haul.reason.as_deref()), (9, 2, Some("Jeruji renggang")));
    // Nobody else gets them: another order for a cage has one made.
    let other = workshop.stand.order(order.method, order.delivery, &[(workshop.stand.cage, 1)]).await;
    assert_eq!(workshop.stand.docket(&other).await.lines[0].to_make, 1);
    // She brings more than her part: four stand on the shelf for all.
    let (_, second) = workshop.hands_in(id, 0, 10, 0).await;
    assert_eq!((second.counted, second.beyond, second.left), (6, 4, 0));
    assert_eq!((workshop.held(&order).await, workshop.stand.available(workshop.stand.cage).await), (15, 4));
    let (_, third) = workshop.hands_in(id, 1, 15, 0).await;
    assert_eq!(third.counted, 15);
    let whole = workshop.now(id).await;
    assert_eq!((whole.delivered(), workshop.held(&order).await), (30, 30));
    // All of it is there: the commission ends by itself, and the order is packed.
    workshop.a_minute_passes().await;
    assert_eq!(workshop.now(id).await.row.close_reason.as_deref(), Some("task.order_complete"));
    let docket = workshop.stand.docket(&order).await;
    let tx = workshop.stand.begin().await;
    let all = everything_open(&docket);
    parcel::pack(&tx, workshop.clock(), &docket, &all, workshop.stand.operator_id).await.expect("packed");
    tx.commit().await.expect("it stands");
    assert_eq!((workshop.held(&order).await, workshop.stand.available(workshop.stand.cage).await), (0, 4));
    workshop.close().await;
}

#[actix_web::test]
async fn gedek_counts_by_whole_square_metres_and_its_offcut_with_the_next() {
    let workshop = Workshop::with(&[20, 20]).await;
    let tx = workshop.stand.begin().await;
    let cage = item::Entity::find_by_id(workshop.stand.cage).one(&tx).await.expect("a read").expect("the item");
    let measured =
        product::ActiveModel { id: Set(cage.product_id), unit: Set(Unit::SquareMetre), ..Default::default() };
    product::Entity::update(measured).exec(&tx).await.expect("measured");
    tx.commit().await.expect("it stands");
    let order = workshop.order(30).await;
    let id = workshop.shares_out(&order, 30).await.row.id;
    workshop.everybody_says_yes(id).await;
    let metres = |text| Amount::parse(text).expect("an amount");
    let (_, first) = workshop.hands_in_amounts(id, 0, metres("9,35"), metres("0,65")).await;
    assert_eq!((first.counted, first.beyond, first.left), (9, 0, 6));
    assert_eq!((workshop.now(id).await.delivered(), workshop.held(&order).await), (9, 9));
    let haul = workshop.now(id).await.hauls[&workshop.makers[0].id].clone();
    assert_eq!((haul.good, haul.rejected), (9, 1));
    assert!(workshop.now(id).await.goods().ends_with(" (m²)"));
    // 0,35 of the first and 5,65 of the second are six.
    let (second, delivered) = workshop.hands_in_amounts(id, 0, metres("5,65"), metres("0")).await;
    assert_eq!((delivered.counted, delivered.beyond, delivered.left), (6, 0, 0));
    assert_eq!((workshop.now(id).await.delivered(), workshop.held(&order).await), (15, 15));
    reverse(&workshop, &second).await;
    assert_eq!((workshop.now(id).await.delivered(), workshop.held(&order).await), (9, 9));
    workshop.close().await;
}

#[actix_web::test]
async fn a_reversed_intake_is_hers_to_make_again() {
    let workshop = Workshop::with(&[20, 20]).await;
    let order = workshop.order(30).await;
    let id = workshop.shares_out(&order, 30).await.row.id;
    workshop.everybody_says_yes(id).await;
    workshop.hands_in(id, 0, 9, 0).await;
    let (wrong, _) = workshop.hands_in(id, 0, 8, 0).await;
    assert_eq!((workshop.held(&order).await, workshop.stand.available(workshop.stand.cage).await), (15, 2));
    reverse(&workshop, &wrong).await;
    let whole = workshop.now(id).await;
    assert_eq!((whole.delivered(), workshop.held(&order).await), (9, 9));
    assert_eq!(workshop.stand.available(workshop.stand.cage).await, 0);
    // And it is taken in again.
    let (_, again) = workshop.hands_in(id, 0, 6, 0).await;
    assert_eq!((again.counted, again.left, workshop.held(&order).await), (6, 0, 15));
    workshop.close().await;
}

/// As an intake is taken back: what it promised first, then its lot, then its row.
async fn reverse(workshop: &Workshop, wrong: &entity::intake::Model) {
    let tx = workshop.stand.begin().await;
    task::before_reversal(&tx, workshop.clock(), wrong).await.expect("free");
    let (stand, clock) = (&workshop.stand, workshop.clock());
    intake::reverse(&tx, clock, &stand.outlet, wrong.id, "Salah hitung", stand.operator_id).await.expect("reversed");
    tx.commit().await.expect("it stands");
}

#[actix_web::test]
async fn an_order_called_off_while_it_is_made_frees_its_makers_with_a_sentence() {
    let workshop = Workshop::with(&[20, 20, 20]).await;
    let order = workshop.order(45).await;
    let id = workshop.shares_out(&order, 45).await.row.id;
    workshop.says(id, 0, task::Answer::Yes(15)).await.expect("yes");
    workshop.says(id, 1, task::Answer::Yes(15)).await.expect("yes");
    workshop.hands_in(id, 0, 4, 0).await;
    let (yes, open) = (workshop.now(id).await.assignments[0].clone(), workshop.offer(id, 2).await);
    let docket = workshop.stand.docket(&order).await;
    let tx = workshop.stand.begin().await;
    cancel::cancel(&tx, workshop.clock(), &docket, "Toko tutup", workshop.stand.operator_id).await.expect("off");
    tx.commit().await.expect("it stands");
    assert_eq!(workshop.state_of(&order).await, OrderState::Cancelled);
    // Even before the worker has looked, nobody can say yes any more and every link says why.
    let mut phone = workshop.stand.shop.browser();
    let page = phone.get(&task::url(&open)).await;
    page.is(200).says("Pesanannya dibatalkan");
    assert!(!page.body.contains("Sanggup 15 buah"));
    let key = [("jawaban", "ya"), ("buah", "15"), ("request_key", "12345678")];
    phone.post_raw(&task::url(&open), &key).await.is(409).says("tidak perlu dibuat");
    phone.get(&task::url(&yes)).await.says("Pesanannya dibatalkan").says("tetap boleh disetor");
    workshop.a_minute_passes().await;
    let whole = workshop.now(id).await;
    assert_eq!(whole.row.close_reason.as_deref(), Some("task.order_cancelled"));
    assert_eq!((whole.accepted(), whole.asked()), (4, 0), "what was handed in is remembered");
    assert!(whole.assignments.iter().any(|part| part.state == State::Released));
    phone.get(&task::url(&open)).await.says("Pesanannya dibatalkan");
    // Her four stand on the shelf for others, and what she brings later does too.
    assert_eq!(workshop.stand.available(workshop.stand.cage).await, 4);
    let (_, later) = workshop.hands_in(id, 1, 3, 0).await;
    assert_eq!((later.counted, later.beyond, workshop.held(&order).await), (0, 3, 0));
    let tasks = task::tasks(&workshop.stand.shop.app.db, workshop.clock(), workshop.makers[1].id).await.expect("tasks");
    assert_eq!((tasks.len(), tasks[0].state), (1, State::Released));
    workshop.close().await;
}

#[actix_web::test]
async fn an_order_that_shrinks_takes_offers_back_first_and_then_from_who_has_most() {
    let workshop = Workshop::with(&[10, 40, 40]).await;
    let order = workshop.order(80).await;
    let id = workshop.shares_out(&order, 80).await.row.id;
    assert_eq!(workshop.parts(id).await, [10, 35, 35]);
    workshop.says(id, 0, task::Answer::Yes(10)).await.expect("yes");
    workshop.says(id, 1, task::Answer::Yes(35)).await.expect("yes");
    workshop.hands_in(id, 0, 2, 0).await;
    let falls_short = async |pieces| {
        let docket = workshop.stand.docket(&order).await;
        let portion = Portion { line_id: docket.lines[0].id, pieces };
        let tx = workshop.stand.begin().await;
        let by = workshop.stand.operator_id;
        cancel::fall_short(&tx, workshop.clock(), &docket, portion, "Kurang", by).await.expect("short");
        tx.commit().await.expect("it stands");
        workshop.a_minute_passes().await;
    };
    falls_short(30).await;
    assert_eq!(workshop.parts(id).await, [10, 35, 5], "the open offer became smaller");
    falls_short(26).await;
    // 24 are left: the offer is gone, and Bu B gives before Bu A, who has less than an equal share.
    assert_eq!(workshop.parts(id).await, [10, 14, 0]);
    workshop.close().await;
}

#[actix_web::test]
async fn goods_of_another_order_on_the_shelf_are_not_taken_for_it() {
    let workshop = Workshop::with(&[20, 20]).await;
    let order = workshop.order(20).await;
    let id = workshop.shares_out(&order, 20).await.row.id;
    workshop.everybody_says_yes(id).await;
    workshop.hands_in(id, 0, 10, 0).await;
    // A stranger's hold on more than what is free is refused, to the piece.
    let tx = workshop.stand.begin().await;
    let want = Want { item_id: workshop.stand.cage, quantity: 1 };
    let place = workshop.stand.place_id;
    let held = stock::hold(&tx, workshop.clock(), "order:999", place, &[want], None).await.expect("asked");
    assert_eq!(held.expect_err("nothing is free")[0].left, 0);
    drop(tx);
    workshop.close().await;
}
