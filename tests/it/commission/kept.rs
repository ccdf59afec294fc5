//! Pieces made for an order leave for that order, and pay who made them.
use std::collections::BTreeMap;

use entity::{lot, order::Model as Order, parcel_line};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use warong::{
    collection::departure::{Bearer, Departure, depart},
    ledger::Book,
    orders::{
        cancel, parcel,
        parcel::{Journey, Portion},
    },
    stock::{self, Cause},
};

use super::{Workshop, refused};

impl Workshop {
    async fn packs(&self, order: &Order, pieces: i64) -> warong::error::Result<i64> {
        let tx = self.stand.begin().await;
        let docket = warong::orders::docket::Docket::lock(&tx, self.stand.outlet.id, order.id).await?;
        let portion = Portion { line_id: docket.lines[0].id, pieces };
        let id = parcel::pack(&tx, self.clock(), &docket, &[portion], self.stand.operator_id).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// A neighbour buys cages at the counter.
    async fn sells(&self, pieces: i64, key: &str) -> warong::error::Result<i64> {
        let tx = self.stand.begin().await;
        let cause = Cause { subject: Some("meja:1"), reason: None, person_id: None, source_key: key };
        let (cage, shelf) = (self.stand.cage, self.stand.place_id);
        let sold = stock::sell(&tx, self.clock(), cage, shelf, pieces, None, cause).await?;
        tx.commit().await?;
        Ok(sold.iter().map(|part| part.quantity).sum())
    }

    /// Whose pieces are in a parcel.
    async fn makers_of(&self, parcel_id: i64) -> BTreeMap<i64, i64> {
        let lines = parcel_line::Entity::find()
            .filter(parcel_line::Column::ParcelId.eq(parcel_id))
            .find_also_related(lot::Entity)
            .all(&self.stand.shop.app.db)
            .await
            .expect("a parcel");
        lines.iter().fold(BTreeMap::new(), |mut sums, (line, lot)| {
            let owner = lot.as_ref().and_then(|lot| lot.owner_id).expect("somebody's");
            *sums.entry(owner).or_insert(0) += line.quantity;
            sums
        })
    }

    async fn lot_of(&self, intake_id: i64) -> lot::Model {
        let own = lot::Entity::find().filter(lot::Column::IntakeId.eq(intake_id));
        own.one(&self.stand.shop.app.db).await.expect("lots").expect("a lot")
    }

    async fn departs(&self, lot_id: i64, n: i64, how: Departure, key: &str) -> warong::error::Result<()> {
        let tx = self.stand.begin().await;
        let by = (self.stand.operator_id, key);
        depart(&tx, self.clock(), &self.stand.outlet, (lot_id, n), how, "Jatuh", by).await?;
        tx.commit().await?;
        Ok(())
    }
}

#[actix_web::test]
async fn two_orders_get_what_was_made_for_each_and_pay_its_makers() {
    let workshop = Workshop::with(&[20, 20]).await;
    let (first, second) = (workshop.order(20).await, workshop.order(20).await);
    let mut commissions = Vec::new();
    for order in [&first, &second] {
        let id = workshop.shares_out(order, 20).await.row.id;
        workshop.everybody_says_yes(id).await;
        commissions.push(id);
    }
    // Bu A works for the first order and is the elder; Bu B brings hers for the second.
    let (a, b) = (workshop.makers[0].id, workshop.makers[1].id);
    workshop.hands_in(commissions[0], 0, 10, 0).await;
    workshop.hands_in(commissions[1], 1, 10, 0).await;
    let other = workshop.packs(&second, 10).await.expect("packed");
    assert_eq!(workshop.makers_of(other).await, BTreeMap::from([(b, 10)]));
    // Nothing is free for the counter, nor for an order whose makers have not brought theirs.
    assert_eq!(refused(workshop.sells(1, "meja").await), "stock.not_enough");
    assert_eq!(refused(workshop.packs(&second, 1).await), "counter.not_on_shelf");
    let mine = workshop.packs(&first, 10).await.expect("packed");
    assert_eq!(workshop.makers_of(mine).await, BTreeMap::from([(a, 10)]));
    // Opened and packed again, it is the same pieces.
    let tx = workshop.stand.begin().await;
    let docket = workshop.stand.docket(&first).await;
    parcel::unpack(&tx, workshop.clock(), &docket, mine, workshop.stand.operator_id).await.expect("open");
    tx.commit().await.expect("it stands");
    workshop.stand.adds_up().await;
    let mine = workshop.packs(&first, 10).await.expect("packed");
    assert_eq!(workshop.makers_of(mine).await, BTreeMap::from([(a, 10)]));
    // What leaves pays who made it.
    let tx = workshop.stand.begin().await;
    let docket = workshop.stand.docket(&second).await;
    let journey = Journey { courier: "Kapal".into(), tracking_number: None };
    parcel::send(&tx, workshop.clock(), &docket, other, &journey, workshop.stand.operator_id).await.expect("sent");
    tx.commit().await.expect("it stands");
    let owed = (workshop.stand.balance(Book::Crafter(a)).await, workshop.stand.balance(Book::Crafter(b)).await);
    assert_eq!(owed, (0, -494_000));
    workshop.close().await;
}

#[actix_web::test]
async fn a_sale_at_the_counter_takes_what_is_free_while_an_order_is_packed() {
    let workshop = Workshop::with(&[20, 20]).await;
    let order = workshop.order(20).await;
    let id = workshop.shares_out(&order, 20).await.row.id;
    workshop.everybody_says_yes(id).await;
    workshop.hands_in(id, 0, 6, 0).await;
    // Four of Bu Sati's stand beside them, younger than Bu A's.
    workshop.stand.brings(workshop.stand.cage, 4).await;
    let (packed, one, two) =
        tokio::join!(workshop.packs(&order, 6), workshop.sells(3, "meja-1"), workshop.sells(3, "meja-2"));
    let packed = packed.expect("packed");
    assert_eq!(workshop.makers_of(packed).await, BTreeMap::from([(workshop.makers[0].id, 6)]));
    let sold = [one, two].into_iter().filter_map(Result::ok).collect::<Vec<_>>();
    assert_eq!(sold, [3], "one of the two found three, the other only one");
    assert_eq!(workshop.stand.available(workshop.stand.cage).await, 1);
    workshop.stand.adds_up().await;
}

#[actix_web::test]
async fn an_order_that_is_called_off_or_shrinks_frees_what_was_kept_for_it() {
    let workshop = Workshop::with(&[20, 20]).await;
    let (order, other) = (workshop.order(20).await, workshop.order(20).await);
    for (order, maker) in [(&order, 0), (&other, 1)] {
        let id = workshop.shares_out(order, 20).await.row.id;
        workshop.everybody_says_yes(id).await;
        workshop.hands_in(id, maker, 10, 0).await;
    }
    // Eighteen of the second order fall short: two are still wanted, eight are for all.
    let (tx, docket) = (workshop.stand.begin().await, workshop.stand.docket(&other).await);
    let portion = Portion { line_id: docket.lines[0].id, pieces: 18 };
    cancel::fall_short(&tx, workshop.clock(), &docket, portion, "Kurang", workshop.stand.operator_id)
        .await
        .expect("short");
    tx.commit().await.expect("it stands");
    assert_eq!((workshop.held(&other).await, workshop.stand.available(workshop.stand.cage).await), (2, 8));
    assert_eq!(workshop.sells(8, "meja").await.expect("free now"), 8);
    workshop.packs(&order, 10).await.expect("packed");
    let (tx, docket) = (workshop.stand.begin().await, workshop.stand.docket(&order).await);
    cancel::cancel(&tx, workshop.clock(), &docket, "Toko tutup", workshop.stand.operator_id).await.expect("off");
    tx.commit().await.expect("it stands");
    assert_eq!((workshop.held(&order).await, workshop.stand.available(workshop.stand.cage).await), (0, 10));
    assert_eq!(workshop.sells(10, "meja-2").await.expect("free now"), 10);
    workshop.stand.adds_up().await;
}

#[actix_web::test]
async fn what_is_kept_does_not_go_home_and_what_broke_is_promised_anew() {
    let mut workshop = Workshop::with(&[20, 20]).await;
    let order = workshop.order(20).await;
    let id = workshop.shares_out(&order, 20).await.row.id;
    workshop.everybody_says_yes(id).await;
    let (intake, _) = workshop.hands_in(id, 0, 10, 0).await;
    let kept = workshop.lot_of(intake.id).await.id;
    workshop.stand.brings(workshop.stand.cage, 3).await;
    let page = workshop.stand.siti.get(&format!("/kelola/setoran/{}", intake.id)).await;
    page.is(200).says("10 dijaga untuk").says(&warong::orders::order::number(&order));
    workshop
        .stand
        .siti
        .get(&format!("/kelola/borongan/{id}"))
        .await
        .says("10 buatannya di rak, dijaga untuk pesanan ini");
    assert_eq!(refused(workshop.departs(kept, 1, Departure::GivenBack, "a").await), "stock.kept_for_order");
    assert_eq!(refused(workshop.departs(kept, 4, Departure::Broken(Bearer::Owner), "b").await), "intake.only_left");
    workshop.departs(kept, 2, Departure::Broken(Bearer::Owner), "c").await.expect("two broke");
    workshop.stand.adds_up().await;
    // The order is promised two of whatever stands there; one is free.
    assert_eq!((workshop.held(&order).await, workshop.stand.available(workshop.stand.cage).await), (10, 1));
    let packed = workshop.packs(&order, 10).await.expect("packed");
    let (a, sati) = (workshop.makers[0].id, workshop.stand.crafter_id);
    assert_eq!(workshop.makers_of(packed).await, BTreeMap::from([(a, 8), (sati, 2)]));
    workshop.close().await;
}
