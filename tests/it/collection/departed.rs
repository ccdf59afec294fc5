//! Pieces that leave a lot without being sold: back to their owner, broken, lost; and never more than there are.
use entity::{Rupiah, stock_move, stock_move::Kind};
use futures_util::future::join;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use warong::{
    collection::{
        departure::{Bearer, Departure, depart, undo},
        intake::NewIntake,
    },
    error::{Error, Result},
    ledger::Book,
    stock::{self, Cause},
};

use super::yard::Yard;

impl Yard {
    async fn lets_go(&self, lot_id: i64, n: i64, departure: Departure, key: &str) -> Result<()> {
        let tx = self.stand.begin().await;
        let by = (self.stand.operator_id, key);
        depart(&tx, &self.stand.shop.clock, &self.stand.outlet, (lot_id, n), departure, "Hujan", by).await?;
        Ok(tx.commit().await?)
    }
}

fn no(outcome: Result<()>) -> (&'static str, Option<String>) {
    match outcome {
        Err(Error::Refused(no)) => (no.said.key, no.said.values.first().map(|(_, n)| format!("{n:?}"))),
        other => panic!("{other:?}"),
    }
}

#[actix_web::test]
async fn consigned_baskets_go_home_break_and_are_lost_and_the_outlet_pays_for_what_it_broke() {
    let yard = Yard::open().await;
    let intake = yard.takes_in("one", &NewIntake::consigned(yard.marsuki, yard.stand.basket, 10)).await;
    let lot = yard.lots(&intake).await.remove(0);
    let crafter = Book::Crafter(yard.marsuki);
    yard.lets_go(lot.id, 2, Departure::GivenBack, "a").await.expect("taken home");
    assert_eq!(yard.on(crafter).await, 0);
    yard.lets_go(lot.id, 3, Departure::Broken(Bearer::Outlet), "b").await.expect("broken");
    assert_eq!((yard.on(crafter).await, yard.on(Book::Loss(yard.stand.outlet.id)).await), (-63_840, 63_840));
    yard.lets_go(lot.id, 1, Departure::Lost(Bearer::Owner), "c").await.expect("lost");
    assert_eq!(yard.on(crafter).await, -63_840, "whose own fault it was is paid nothing");
    assert_eq!(yard.lots(&intake).await[0].remaining, 4);
    let (key, n) = no(yard.lets_go(lot.id, 5, Departure::GivenBack, "d").await);
    assert_eq!((key, n.as_deref()), ("intake.only_left", Some("Number(4)")));
    let moves = stock_move::Entity::find().filter(stock_move::Column::LotId.eq(lot.id));
    let moves = moves.all(&yard.stand.shop.app.db).await.expect("moves");
    let kinds: Vec<_> = moves.iter().map(|one| (one.kind, one.quantity)).collect();
    assert_eq!(kinds, [(Kind::Received, 10), (Kind::GivenBack, -2), (Kind::Damaged, -3), (Kind::Shrunk, -1)]);
    yard.close().await;
}

#[actix_web::test]
async fn what_was_noted_wrongly_stands_on_the_shelf_again_once() {
    let yard = Yard::open().await;
    let intake = yard.takes_in("one", &NewIntake::consigned(yard.marsuki, yard.stand.basket, 10)).await;
    let lot = yard.lots(&intake).await.remove(0);
    let (crafter, loss) = (Book::Crafter(yard.marsuki), Book::Loss(yard.stand.outlet.id));
    yard.lets_go(lot.id, 10, Departure::Broken(Bearer::Outlet), "ten for one").await.expect("broken");
    assert_eq!(yard.lots(&intake).await[0].remaining, 0);
    let gone = stock_move::Entity::find().filter(stock_move::Column::SourceKey.eq("ten for one:0"));
    let gone = gone.one(&yard.stand.shop.app.db).await.expect("a read").expect("the move");
    let undo = async |id: i64, move_id: i64| {
        let tx = yard.stand.begin().await;
        let by = yard.stand.operator_id;
        undo(&tx, &yard.stand.shop.clock, &yard.stand.outlet, (id, move_id), "Hanya satu", by).await?;
        Ok::<_, Error>(tx.commit().await?)
    };
    let came = stock_move::Entity::find().filter(stock_move::Column::Kind.eq(Kind::Received));
    let came = came.filter(stock_move::Column::LotId.eq(lot.id)).one(&yard.stand.shop.app.db).await;
    let came = came.expect("a read").expect("how it came");
    assert!(matches!(undo(intake.id, came.id).await, Err(Error::NotFound)), "that it came is another matter");
    assert!(matches!(undo(intake.id + 1, gone.id).await, Err(Error::NotFound)), "it was of another hand-over");
    let (one, other) = join(undo(intake.id, gone.id), undo(intake.id, gone.id)).await;
    assert_eq!([one.is_ok(), other.is_ok()].iter().filter(|ok| **ok).count(), 1);
    assert_eq!(no(undo(intake.id, gone.id).await).0, "intake.undone_before");
    assert_eq!(yard.lots(&intake).await[0].remaining, 10);
    assert_eq!((yard.on(crafter).await, yard.on(loss).await), (0, 0));
    // The one that broke.
    yard.lets_go(lot.id, 1, Departure::Broken(Bearer::Outlet), "one").await.expect("broken");
    assert_eq!((yard.on(crafter).await, yard.lots(&intake).await[0].remaining), (-21_280, 9));
    yard.close().await;
}

#[actix_web::test]
async fn bought_baskets_that_break_leave_the_books_at_their_cost_and_do_not_go_home() {
    let yard = Yard::open().await;
    let intake = yard.takes_in("one", &NewIntake::bought(yard.sati, yard.stand.basket, 4, Rupiah(20_000))).await;
    let lot = yard.lots(&intake).await.remove(0);
    assert_eq!(no(yard.lets_go(lot.id, 1, Departure::GivenBack, "a").await).0, "intake.bought_stays");
    yard.lets_go(lot.id, 1, Departure::Broken(Bearer::Outlet), "b").await.expect("broken");
    let outlet = yard.stand.outlet.id;
    assert_eq!((yard.on(Book::Goods(outlet)).await, yard.on(Book::CostOfGoods(outlet)).await), (60_000, 20_000));
    assert_eq!(yard.on(Book::Crafter(yard.sati)).await, -80_000, "the maker was owed and is");
    yard.close().await;
}

#[actix_web::test]
async fn bought_baskets_that_a_count_finds_missing_leave_the_books_too() {
    let mut yard = Yard::open().await;
    yard.takes_in("one", &NewIntake::bought(yard.sati, yard.stand.cage, 4, Rupiah(40_000))).await;
    let page = format!("/kelola/stok/{}", yard.stand.cage);
    let counted = [("counted", "3"), ("reason", "Dimakan rayap")];
    yard.stand.tap(&page, &format!("{page}/hitungan"), &counted).await.is(303);
    let outlet = yard.stand.outlet.id;
    assert_eq!((yard.on(Book::Goods(outlet)).await, yard.on(Book::CostOfGoods(outlet)).await), (120_000, 40_000));
    yard.close().await;
}

#[actix_web::test]
async fn another_outlets_lot_does_not_exist_here() {
    let yard = Yard::open().await;
    let intake = yard.takes_in("one", &NewIntake::consigned(yard.sati, yard.stand.basket, 4)).await;
    let lot = yard.lots(&intake).await.remove(0);
    let other = entity::outlet::Entity::find()
        .filter(entity::outlet::Column::Id.ne(yard.stand.outlet.id))
        .one(&yard.stand.shop.app.db)
        .await
        .expect("a read")
        .expect("another outlet");
    let tx = yard.stand.begin().await;
    let by = (yard.stand.operator_id, "a");
    let outcome = depart(&tx, &yard.stand.shop.clock, &other, (lot.id, 1), Departure::GivenBack, "", by).await;
    assert!(matches!(outcome, Err(Error::NotFound)));
    drop(tx);
    yard.close().await;
}

#[actix_web::test]
async fn a_lot_that_is_sold_while_it_is_taken_back_is_not_there_twice() {
    let yard = Yard::open().await;
    for round in 0..6 {
        let new = NewIntake::consigned(yard.marsuki, yard.stand.cage, 5);
        let intake = yard.takes_in(&format!("round {round}"), &new).await;
        let lot = yard.lots(&intake).await.remove(0);
        let (sold, home) = (format!("sold {round}"), format!("home {round}"));
        let selling = async {
            let tx = yard.stand.begin().await;
            let cause = Cause { subject: None, reason: None, person_id: None, source_key: &sold };
            let (clock, place) = (&yard.stand.shop.clock, yard.stand.place_id);
            stock::sell(&tx, clock, yard.stand.cage, place, 3, None, cause).await?;
            Ok::<_, Error>(tx.commit().await?)
        };
        let (sold, home) = join(selling, yard.lets_go(lot.id, 4, Departure::GivenBack, &home)).await;
        assert!(sold.is_ok() != home.is_ok(), "one of them was first: {sold:?}, {home:?}");
        let left = yard.lots(&intake).await[0].remaining;
        match home {
            Ok(()) => assert_eq!((left, no(sold).0), (1, "stock.not_enough")),
            refused => assert_eq!((left, no(refused)), (2, ("intake.only_left", Some("Number(2)".into())))),
        }
        yard.lets_go(lot.id, left, Departure::GivenBack, &format!("rest {round}")).await.expect("the rest goes home");
    }
    yard.close().await;
}
