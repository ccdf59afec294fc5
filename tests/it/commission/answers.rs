//! What households say, and what becomes of what they do not make.
use chrono::Duration;
use entity::assignment::State;
use warong::wholesale::{
    assignment::{self as task, Answer},
    commission::Commission,
    round,
};

use super::{Workshop, refused};

#[actix_web::test]
async fn three_hundred_cages_find_ten_households() {
    let workshop = Workshop::open().await;
    let order = workshop.order(300).await;
    let begun = workshop.shares_out(&order, 300).await;
    assert_eq!(workshop.parts(begun.row.id).await, [10, 12, 20, 28, 39, 39, 38, 38, 38, 38]);
    workshop.everybody_says_yes(begun.row.id).await;
    let whole = workshop.now(begun.row.id).await;
    assert_eq!((whole.accepted(), whole.asked(), whole.open()), (300, 0, 0));
    workshop.close().await;
}

#[actix_web::test]
async fn who_says_no_less_or_nothing_leaves_it_to_the_others_and_takes_from_nobody() {
    let workshop = Workshop::open().await;
    let order = workshop.order(300).await;
    let id = workshop.shares_out(&order, 300).await.row.id;
    workshop.says(id, 4, Answer::Yes(39)).await.expect("yes");
    workshop.says(id, 5, Answer::Yes(14)).await.expect("some");
    // 25 came open; who stays stands alike in the end, and the odd one goes to whoever had least of late.
    let parts = workshop.parts(id).await;
    assert_eq!((parts[4], parts[5], parts.iter().sum::<i64>()), (43, 14, 300));
    assert_eq!(parts[6..], [44, 43, 43, 43], "{parts:?}");
    workshop.says(id, 6, Answer::No).await.expect("no");
    assert_eq!(workshop.parts(id).await[6..], [0, 54, 54, 54], "who has not answered is asked for more");
    let makers = &workshop.makers;
    while workshop.now(id).await.asked_of(makers[4].id) > 0 {
        let pieces = workshop.offer(id, 4).await.pieces;
        workshop.says(id, 4, Answer::Yes(pieces)).await.expect("yes");
    }
    let yes = workshop.now(id).await.accepted_by(makers[4].id);
    // The rest say nothing for a day; who has said yes keeps what they have.
    workshop.clock().advance(Duration::hours(25));
    workshop.a_minute_passes().await;
    let whole = workshop.now(id).await;
    assert_eq!((whole.accepted_by(makers[4].id), whole.accepted_by(makers[5].id)), (yes, 14));
    let silent = whole.assignments.iter().filter(|part| part.state == State::Silent).count();
    assert!(silent >= 7, "{silent}");
    // Bu E is the only one left who never said less: she is asked for what she still has time for.
    let asked = whole.asked_of(makers[4].id);
    assert_eq!(whole.asked(), asked);
    assert!(asked > 0 && yes + asked <= 60, "{asked}");
    // The operator knows at once how many are missing, and a later day is named.
    let missing = round::missing(&workshop.stand.shop.app.db, workshop.clock(), &whole).await.expect("known");
    let missing = missing.expect("something is missing");
    assert_eq!(missing.pieces, 300 - yes - 14 - asked);
    assert!(missing.possible_on.is_some_and(|day| day > whole.row.due_on));
    workshop.close().await;
}

#[actix_web::test]
async fn an_answer_is_given_once_and_in_time() {
    let workshop = Workshop::open().await;
    let order = workshop.order(300).await;
    let id = workshop.shares_out(&order, 300).await.row.id;
    assert_eq!(refused(workshop.says(id, 0, Answer::Yes(11)).await), "task.at_most");
    assert_eq!(refused(workshop.says(id, 0, Answer::Yes(0)).await), "task.at_most");
    assert_eq!(refused(workshop.says(id, 0, Answer::Yes(-3)).await), "task.at_most");
    let offer = workshop.offer(id, 0).await;
    let again = async |answer, by| {
        let tx = workshop.stand.begin().await;
        let whole = Commission::lock_any(&tx, id).await.expect("there");
        let said = task::answer(&tx, workshop.clock(), &whole, offer.id, answer, by).await;
        if said.is_ok() {
            tx.commit().await.expect("it stands");
        }
        said
    };
    again(Answer::Yes(10), Some(workshop.stand.operator_id)).await.expect("the operator answers for her");
    again(Answer::Yes(10), None).await.expect("the same again changes nothing");
    assert_eq!(refused(again(Answer::No, None).await), "task.already_answered");
    assert_eq!(refused(again(Answer::Yes(4), None).await), "task.already_answered");
    // A quarter of an hour after its time an offer is dead, whether or not the worker has looked.
    let late = workshop.offer(id, 1).await;
    workshop.clock().advance(late.answer_by - workshop.clock().now());
    assert_eq!(refused(workshop.says(id, 1, Answer::Yes(12)).await), "task.too_late");
    workshop.close().await;
}

#[actix_web::test]
async fn yes_and_no_at_the_same_moment_are_one_answer() {
    let workshop = Workshop::open().await;
    let order = workshop.order(300).await;
    let id = workshop.shares_out(&order, 300).await.row.id;
    let offer = workshop.offer(id, 9).await;
    let url = task::url(&offer);
    let mut taps = Vec::new();
    for n in 0..8 {
        let mut phone = workshop.stand.shop.browser();
        let page = phone.get(&url).await;
        page.is(200);
        let answer = if n % 2 == 0 { "ya" } else { "tidak" };
        let url = url.clone();
        taps.push(async move { phone.fill(&page, &url, &[("jawaban", answer), ("buah", "38")]).await.status });
    }
    let told = futures_util::future::join_all(taps).await;
    let whole = workshop.now(id).await;
    let part = whole.assignments.iter().find(|part| part.id == offer.id).expect("her part");
    let (yes, no) = (part.state == State::Accepted, part.state == State::Declined);
    assert!(yes || no);
    for (n, status) in told.iter().enumerate() {
        let same = (n % 2 == 0) == yes;
        assert_eq!(*status, if same { 303 } else { 409 }, "tap {n} of {told:?}");
    }
    assert_eq!(whole.accepted() + whole.asked() + whole.open(), 300);
    workshop.close().await;
}

#[actix_web::test]
async fn two_orders_at_once_never_ask_a_household_for_the_same_days() {
    let workshop = Workshop::with(&[40, 40]).await;
    let (one, other) = (workshop.order(60).await, workshop.order(60).await);
    let (a, b) = futures_util::future::join(tried(&workshop, &one), tried(&workshop, &other)).await;
    let asked: Vec<i64> = [a, b].into_iter().flatten().collect();
    let mut by_maker = [0, 0];
    for id in asked {
        for (sum, part) in by_maker.iter_mut().zip(workshop.parts(id).await) {
            *sum += part;
        }
    }
    assert!(by_maker.iter().all(|sum| *sum <= 40), "{by_maker:?}");
    workshop.close().await;
}

/// Shares 60 out half and half, as two operators might who looked at the same moment.
async fn tried(workshop: &Workshop, order: &super::Order) -> Option<i64> {
    use entity::Rupiah;
    use warong::{orders::docket::Docket, wholesale::commission::New};
    let tx = workshop.stand.begin().await;
    let docket = Docket::lock(&tx, workshop.stand.outlet.id, order.id).await.expect("the order");
    let line_id = docket.lines[0].id;
    let new = New { line_id, pieces: 60, price: Rupiah(49_400), due_on: workshop.due(), answer_hours: 24 };
    let shares: Vec<(i64, i64)> = workshop.makers.iter().map(|maker| (maker.id, 30)).collect();
    let begun = round::begin(&tx, workshop.clock(), &docket, &new, &shares, workshop.stand.operator_id).await;
    match begun {
        Ok(begun) => {
            tx.commit().await.expect("it stands");
            Some(begun.row.id)
        }
        Err(_) => None,
    }
}

#[actix_web::test]
async fn the_operator_takes_back_what_somebody_ill_cannot_make() {
    let workshop = Workshop::with(&[30, 30, 30]).await;
    let order = workshop.order(60).await;
    let id = workshop.shares_out(&order, 60).await.row.id;
    workshop.everybody_says_yes(id).await;
    workshop.hands_in(id, 0, 5, 0).await;
    let tx = workshop.stand.begin().await;
    let whole = Commission::lock_any(&tx, id).await.expect("there");
    let ill = workshop.makers[0].id;
    task::release(&tx, workshop.clock(), &whole, ill, "Sakit", workshop.stand.operator_id).await.expect("released");
    tx.commit().await.expect("it stands");
    assert_eq!(workshop.parts(id).await, [5, 28, 27], "what was handed in stays, the others are asked for the rest");
    let whole = workshop.now(id).await;
    assert_eq!((whole.accepted(), whole.asked(), whole.delivered()), (45, 15, 5));
    let tx = workshop.stand.begin().await;
    let again = task::release(&tx, workshop.clock(), &whole, ill, "Sakit", workshop.stand.operator_id).await;
    assert_eq!(refused(again), "commission.nothing_to_release");
    drop(tx);
    workshop.close().await;
}
