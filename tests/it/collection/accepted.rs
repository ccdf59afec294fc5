//! What a hand-over becomes, told once or five times, and what is refused.
use entity::{
    Rupiah, category, intake, item,
    lot::{Grade, Terms},
    product,
    product::State,
};
use futures_util::future::join_all;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, PaginatorTrait};
use warong::{
    collection::{
        amount::Amount,
        intake::{NewIntake, offcut, reverse, twin},
    },
    error::Error,
    ledger::Book,
    stock,
};

use super::yard::Yard;

#[actix_web::test]
async fn consigned_baskets_become_a_lot_of_each_grade_and_owe_nothing_yet() {
    let yard = Yard::open().await;
    let new = NewIntake {
        grade_b: Amount::whole(2),
        rejected: Amount::whole(1),
        reject_reason: Some("Retak".into()),
        maker_bp: Some(8_000),
        ..NewIntake::consigned(yard.marsuki, yard.stand.basket, 5)
    };
    let intake = yard.takes_in("one", &new).await;
    assert!(intake.number.starts_with("S-2611-0001-"), "{}", intake.number);
    assert_eq!(intake.taken_at, yard.stand.shop.clock.now(), "a clock a year ahead is not believed");
    let lots = yard.lots(&intake).await;
    let seen: Vec<_> =
        lots.iter().map(|lot| (lot.grade, lot.received, lot.owner_id, lot.maker_bp, lot.outlet_bp)).collect();
    let owner = Some(yard.marsuki);
    assert_eq!(
        seen,
        [(Some(Grade::A), 5, owner, Some(8_000), Some(1_200)), (Some(Grade::B), 2, owner, Some(8_000), Some(1_200))]
    );
    assert_eq!(lots[0].cost, Rupiah(22_400));
    assert_eq!(yard.on(Book::Crafter(yard.marsuki)).await, 0);
    let again = yard.hands_in("one", &new).await.expect("an answer").expect("the same");
    assert_eq!((again.first, again.intake.id), (false, intake.id));
    yard.close().await;
}

#[actix_web::test]
async fn bought_baskets_are_owed_at_once_and_no_longer_when_it_was_a_mistake() {
    let yard = Yard::open().await;
    let new = NewIntake {
        grade_b: Amount::whole(2),
        cost_b: Rupiah(15_000),
        ..NewIntake::bought(yard.sati, yard.stand.basket, 3, Rupiah(20_000))
    };
    let intake = yard.takes_in("one", &new).await;
    let outlet = &yard.stand.outlet;
    assert_eq!(yard.on(Book::Crafter(yard.sati)).await, -90_000);
    assert_eq!(yard.on(Book::Goods(outlet.id)).await, 90_000);
    for reversed in [true, false] {
        let tx = yard.stand.begin().await;
        let (clock, by) = (&yard.stand.shop.clock, yard.stand.operator_id);
        let outcome = reverse(&tx, clock, outlet, intake.id, "Salah orang", by).await;
        match outcome {
            Ok(_) => tx.commit().await.expect("it stands"),
            Err(Error::Refused(no)) => assert_eq!(no.said.key, "intake.already_reversed"),
            Err(e) => panic!("{e}"),
        }
        assert_eq!(yard.on(Book::Crafter(yard.sati)).await, 0, "{reversed}");
        assert_eq!(yard.on(Book::Goods(outlet.id)).await, 0);
    }
    let next = yard.takes_in("two", &NewIntake::consigned(yard.sati, yard.stand.basket, 1)).await;
    assert!(next.number.starts_with("S-2611-0002-"), "a reversed number is not given again: {}", next.number);
    yard.close().await;
}

#[actix_web::test]
async fn gedek_is_measured_and_its_offcuts_count_with_the_next_hand_over() {
    let yard = Yard::open().await;
    let db = &yard.stand.shop.app.db;
    let measured = |text: &str| NewIntake {
        grade_a: Amount::parse(text).expect("a number"),
        ..NewIntake::bought(yard.sati, yard.gedek, 0, Rupiah(60_000))
    };
    let first = yard.takes_in("one", &measured("2,75")).await;
    assert_eq!((first.grade_a, yard.lots(&first).await[0].received), (27_500, 2));
    assert_eq!(offcut(db, &first, Grade::A).await.expect("an offcut"), 7_500);
    let small = yard.takes_in("two", &measured("0.2")).await;
    assert!(yard.lots(&small).await.is_empty(), "nothing whole yet");
    let third = yard.takes_in("three", &measured("1,1")).await;
    assert_eq!(yard.lots(&third).await[0].received, 2, "0,95 and 1,1");
    assert_eq!(yard.on(Book::Crafter(yard.sati)).await, -240_000);

    // The offcuts of the first are in the third.
    let (clock, by) = (&yard.stand.shop.clock, yard.stand.operator_id);
    let tx = yard.stand.begin().await;
    let no = reverse(&tx, clock, &yard.stand.outlet, first.id, "Salah", by).await.expect_err("refused");
    assert!(matches!(no, Error::Refused(no) if no.said.key == "intake.offcut_counted"));
    drop(tx);
    let tx = yard.stand.begin().await;
    reverse(&tx, clock, &yard.stand.outlet, third.id, "Salah", by).await.expect("the last goes");
    reverse(&tx, clock, &yard.stand.outlet, first.id, "Salah", by).await.expect("then the first");
    tx.commit().await.expect("it stands");
    assert_eq!(yard.on(Book::Crafter(yard.sati)).await, 0);
    yard.close().await;
}

#[actix_web::test]
async fn what_cannot_be_handed_in_is_named_field_by_field() {
    let yard = Yard::open().await;
    let basket = yard.stand.basket;
    let good = NewIntake::consigned(yard.sati, basket, 5);
    let bought = NewIntake::bought(yard.sati, basket, 5, Rupiah(20_000));
    let half = Amount::parse("2,5").expect("a number");
    for (new, wrong) in [
        (NewIntake { crafter_id: yard.elsewhere, ..good.clone() }, ("crafter_id", "intake.no_such_crafter")),
        (NewIntake { crafter_id: 999_999, ..good.clone() }, ("crafter_id", "intake.no_such_crafter")),
        (NewIntake { item_id: 999_999, ..good.clone() }, ("item_id", "intake.no_such_goods")),
        (NewIntake { grade_a: Amount::whole(0), ..good.clone() }, ("grade_a", "intake.nothing")),
        (NewIntake { grade_b: half, ..good.clone() }, ("grade_b", "intake.whole_pieces")),
        (NewIntake { grade_a: Amount::whole(100_001), ..good.clone() }, ("grade_a", "intake.too_many")),
        (NewIntake { rejected: Amount::whole(1), ..good.clone() }, ("reject_reason", "form.required")),
        (NewIntake { maker_bp: Some(9_201), ..good.clone() }, ("maker_bp", "intake.share_beyond")),
        (NewIntake { material: Rupiah(21_281), ..good.clone() }, ("material", "intake.material_above")),
        (NewIntake { material: Rupiah(20_001), ..bought.clone() }, ("material", "intake.material_above")),
        (NewIntake { cost: Rupiah(28_001), ..bought.clone() }, ("price_confirmed", "intake.above_price")),
        (NewIntake { cost: Rupiah::ZERO, ..bought.clone() }, ("cost", "form.required")),
        (NewIntake { grade_b: Amount::whole(1), ..bought.clone() }, ("cost_b", "form.required")),
    ] {
        assert_eq!(yard.refuses(&new).await, [wrong], "{new:?}");
    }
    yard.takes_in("dear", &NewIntake { cost: Rupiah(28_001), price_confirmed: true, ..bought }).await;

    let db = &yard.stand.shop.app.db;
    let product_id = item::Entity::find_by_id(basket).one(db).await.expect("a read").expect("an item").product_id;
    let tx = yard.stand.begin().await;
    let gone = product::ActiveModel { id: Set(product_id), state: Set(State::Withdrawn), ..Default::default() };
    let gone = gone.update(&tx).await.expect("withdrawn");
    tx.commit().await.expect("it stands");
    assert_eq!(yard.refuses(&good).await, [("item_id", "intake.withdrawn")]);
    let tx = yard.stand.begin().await;
    let kind =
        category::ActiveModel { id: Set(gone.category_id), kind: Set(category::Kind::Sembako), ..Default::default() };
    kind.update(&tx).await.expect("rice");
    tx.commit().await.expect("it stands");
    assert_eq!(yard.refuses(&good).await, [("item_id", "intake.not_craft")]);
    assert_eq!(intake::Entity::find().count(db).await.expect("a count"), 1);
    yard.close().await;
}

#[actix_web::test]
async fn ten_phones_at_once_leave_no_gap_and_no_double_in_the_numbers() {
    let yard = Yard::open().await;
    let keys: Vec<String> = (0..10).map(|n| format!("phone-{}", n % 5)).collect();
    let new: Vec<NewIntake> = (0..10)
        .map(|n| {
            let (crafter, item) =
                if n % 5 < 3 { (yard.sati, yard.stand.basket) } else { (yard.marsuki, yard.stand.cage) };
            NewIntake::consigned(crafter, item, 1 + n % 5)
        })
        .collect();
    let told = join_all(keys.iter().zip(&new).map(|(key, new)| yard.hands_in(key, new))).await;
    let mut numbers: Vec<String> = told
        .into_iter()
        .map(|told| told.expect("an answer").expect("accepted").intake.number[..11].to_owned())
        .collect();
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers, ["S-2611-0001", "S-2611-0002", "S-2611-0003", "S-2611-0004", "S-2611-0005"]);
    yard.close().await;
}

#[actix_web::test]
async fn two_phones_that_enter_the_same_baskets_are_asked_about_it() {
    let yard = Yard::open().await;
    let (db, clock) = (&yard.stand.shop.app.db, &yard.stand.shop.clock);
    let new = NewIntake::consigned(yard.sati, yard.stand.basket, 5);
    let first = yard.takes_in("phone-a", &new).await;
    let other = NewIntake::consigned(yard.sati, yard.stand.basket, 6);
    let outlet = yard.stand.outlet.id;
    let found = |key: &'static str, new: NewIntake, hours: i64| async move {
        let at = clock.now() + chrono::Duration::hours(hours);
        twin(db, outlet, at, key, &new).await.expect("a read").map(|twin| twin.id)
    };
    assert_eq!(found("phone-b", new.clone(), 3).await, Some(first.id));
    assert_eq!(found("phone-a", new.clone(), 3).await, None, "the same phone again is the same");
    assert_eq!(found("phone-b", new.clone(), 30).await, None, "tomorrow they are others");
    assert_eq!(found("phone-b", other, 1).await, None);
    let bought = NewIntake { terms: Terms::Bought, cost: Rupiah(1), ..new };
    assert_eq!(found("phone-b", bought, 1).await, Some(first.id), "one phone says bought, the other consigned");
    yard.close().await;
}

#[actix_web::test]
async fn a_hand_over_of_which_pieces_are_sold_or_promised_cannot_be_reversed() {
    let yard = Yard::open().await;
    let (clock, by) = (&yard.stand.shop.clock, yard.stand.operator_id);
    let intake = yard.takes_in("one", &NewIntake::consigned(yard.marsuki, yard.stand.basket, 5)).await;
    // Ten of Bu Sati stand there too: twelve promised leave three of any.
    let want = stock::Want { item_id: yard.stand.basket, quantity: 12 };
    let tx = yard.stand.begin().await;
    stock::hold(&tx, clock, "test:1", yard.stand.place_id, &[want], None).await.expect("a hold").expect("enough");
    tx.commit().await.expect("promised");
    let refused = async |key: &str| {
        let tx = yard.stand.begin().await;
        let no = reverse(&tx, clock, &yard.stand.outlet, intake.id, "Salah", by).await.expect_err("refused");
        assert!(matches!(&no, Error::Refused(no) if no.said.key == key), "{no:?}");
    };
    refused("stock.not_enough").await;
    let tx = yard.stand.begin().await;
    stock::release(&tx, "test:1").await.expect("released");
    let cause = stock::Cause { subject: None, reason: None, person_id: None, source_key: "sold" };
    stock::sell(&tx, clock, yard.stand.basket, yard.stand.place_id, 2, None, cause).await.expect("sold");
    tx.commit().await.expect("sold");
    refused("intake.some_are_gone").await;
    yard.close().await;
}
