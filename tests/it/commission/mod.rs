//! Stories of big orders: three hundred cages over ten households.
mod answers;
mod delivered;
mod kept;
mod pages;
mod promised;
mod wandering;

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{Days, NaiveDate};
use entity::{
    Rupiah, assignment,
    assignment::State,
    crafter, intake,
    order::{Delivery, Method, Model as Order, State as OrderState},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use warong::{
    accounts::{
        crafter::{self as households, Household},
        session,
    },
    catalogue::capacity,
    clock::Clock,
    collection::{
        amount::Amount,
        intake::{Entered, NewIntake, accept},
    },
    form::SESSION_COOKIE,
    orders::docket::Docket,
    stock,
    wholesale::{
        assignment::{self as task, Answer, Delivered},
        commission::{Commission, New},
        round,
    },
};

use crate::{counter::stand::Stand, support::Browser};

/// What each of the ten can weave in two weeks.
const CANS: [i64; 10] = [10, 12, 20, 28, 60, 60, 60, 60, 60, 60];

/// A stand with ten households that weave cages.
struct Workshop {
    stand: Stand,
    makers: Vec<crafter::Model>,
    hand_overs: AtomicI64,
}

impl Workshop {
    async fn open() -> Workshop {
        Workshop::with(&CANS).await
    }

    /// Households that can weave so many cages in two weeks each.
    async fn with(cans: &[i64]) -> Workshop {
        let stand = Stand::open().await;
        let tx = stand.begin().await;
        let mut makers = Vec::new();
        for (n, can) in cans.iter().enumerate() {
            let household = Household {
                name: format!("Bu {}", (b'A' + n as u8) as char),
                // Every second household has a phone.
                phone: (n % 2 == 0).then(|| format!("62813000000{n:02}")),
                dusun: "Rayap".into(),
                rt: "01".into(),
                rw: "02".into(),
                ..Household::default()
            };
            let maker = households::register(&tx, &stand.shop.clock, &stand.outlet, None, &household, None).await;
            let maker = maker.expect("a crafter");
            let by = maker.person_id;
            capacity::say(&tx, &stand.shop.clock, maker.id, stand.cage, can / 2, by).await.expect("it is said");
            makers.push(maker);
        }
        tx.commit().await.expect("they are there");
        Workshop { stand, makers, hand_overs: AtomicI64::new(0) }
    }

    fn clock(&self) -> &Clock {
        &self.stand.shop.clock
    }

    fn due(&self) -> NaiveDate {
        self.clock().today() + Days::new(14)
    }

    /// Ibu Ratna orders cages and pays by transfer.
    async fn order(&self, cages: i64) -> Order {
        let order = self.stand.order(Method::Transfer, Delivery::Courier, &[(self.stand.cage, cages)]).await;
        self.stand.pay(&order, "slip:1").await;
        order
    }

    /// Bu Siti shares pieces of an order out as it was proposed.
    async fn shares_out(&self, order: &Order, pieces: i64) -> Commission {
        let tx = self.stand.begin().await;
        let docket = Docket::lock(&tx, self.stand.outlet.id, order.id).await.expect("the order");
        let line = &docket.lines[0];
        let proposal = round::propose(&tx, self.clock(), line, pieces, self.due()).await.expect("a proposal");
        let new = New { line_id: line.id, pieces, price: Rupiah(49_400), due_on: self.due(), answer_hours: 24 };
        let begun =
            round::begin(&tx, self.clock(), &docket, &new, &proposal.split.shares, self.stand.operator_id).await;
        let begun = begun.expect("shared out");
        tx.commit().await.expect("it stands");
        begun
    }

    async fn now(&self, id: i64) -> Commission {
        Commission::read(&self.stand.shop.app.db, self.stand.outlet.id, id).await.expect("the commission")
    }

    /// The offer a household has not answered.
    async fn offer(&self, id: i64, maker: usize) -> assignment::Model {
        let waiting = assignment::Entity::find()
            .filter(assignment::Column::CommissionId.eq(id))
            .filter(assignment::Column::CrafterId.eq(self.makers[maker].id))
            .filter(assignment::Column::State.eq(State::Offered))
            .order_by_desc(assignment::Column::Id)
            .one(&self.stand.shop.app.db)
            .await
            .expect("offers");
        waiting.expect("an offer")
    }

    async fn says(&self, id: i64, maker: usize, answer: Answer) -> warong::error::Result<()> {
        let offer = self.offer(id, maker).await;
        let tx = self.stand.begin().await;
        let whole = Commission::lock_any(&tx, id).await.expect("the commission");
        task::answer(&tx, self.clock(), &whole, offer.id, answer, None).await?;
        tx.commit().await.expect("it stands");
        Ok(())
    }

    /// Everybody who was asked says yes to all of it.
    async fn everybody_says_yes(&self, id: i64) {
        for maker in 0..self.makers.len() {
            let asked = self.now(id).await.asked_of(self.makers[maker].id);
            if asked > 0 {
                self.says(id, maker, Answer::Yes(asked)).await.expect("yes");
            }
        }
    }

    /// What each household said yes to or is asked for.
    async fn parts(&self, id: i64) -> Vec<i64> {
        let whole = self.now(id).await;
        self.makers.iter().map(|maker| whole.accepted_by(maker.id) + whole.asked_of(maker.id)).collect()
    }

    /// A household hands in pieces for its part.
    async fn hands_in(&self, id: i64, maker: usize, good: i64, rejected: i64) -> (intake::Model, Delivered) {
        self.hands_in_amounts(id, maker, Amount::whole(good), Amount::whole(rejected)).await
    }

    /// The same as it is typed: "9,35".
    async fn hands_in_amounts(
        &self,
        id: i64,
        maker: usize,
        good: Amount,
        rejected: Amount,
    ) -> (intake::Model, Delivered) {
        let crafter = &self.makers[maker];
        let part = assignment::Entity::find()
            .filter(assignment::Column::CommissionId.eq(id))
            .filter(assignment::Column::CrafterId.eq(crafter.id))
            .order_by_asc(assignment::Column::Id)
            .one(&self.stand.shop.app.db)
            .await
            .expect("parts")
            .expect("a part");
        let (stand, clock) = (&self.stand, self.clock());
        let tx = stand.begin().await;
        task::expect(&tx, stand.outlet.id, crafter.id, stand.cage, part.id).await.expect("it is theirs");
        let key = format!("setoran-{}", self.hand_overs.fetch_add(1, Ordering::SeqCst));
        let mut new = NewIntake { grade_a: good, ..NewIntake::consigned(crafter.id, stand.cage, 0) };
        if rejected != Amount::whole(0) {
            new.rejected = rejected;
            new.reject_reason = Some("Jeruji renggang".to_owned());
        }
        new.assignment_id = Some(part.id);
        let entered =
            Entered { outlet: &stand.outlet, person_id: stand.operator_id, at: clock.now(), source_key: &key };
        let row = accept(&tx, clock, entered, &new).await.expect("an answer").expect("an intake").intake;
        let delivered = task::delivered(&tx, clock, &row).await.expect("delivered");
        tx.commit().await.expect("it stands");
        (row, delivered)
    }

    /// Pieces of an order that are promised to it on the shelf.
    async fn held(&self, order: &Order) -> i64 {
        let subject = warong::orders::order::subject(order.id);
        let holds = stock::held_for(&self.stand.shop.app.db, &subject).await.expect("holds");
        holds.iter().map(|held| held.quantity).sum()
    }

    async fn state_of(&self, order: &Order) -> OrderState {
        self.stand.docket(order).await.order.state
    }

    /// A household on a phone of its own, signed in.
    async fn phone_of(&self, maker: usize) -> Browser {
        let tx = self.stand.begin().await;
        let token = session::open(&tx, self.clock(), self.makers[maker].person_id, "HP").await.expect("a session");
        tx.commit().await.expect("signed in");
        let mut browser = self.stand.shop.browser();
        browser.cookies.insert(SESSION_COOKIE.into(), token);
        browser
    }

    /// A minute of the worker.
    async fn a_minute_passes(&self) {
        warong::work::minute(&self.stand.shop.app).await.expect("a minute");
    }

    async fn close(self) {
        self.stand.close().await;
    }
}

/// The key of the sentence somebody was refused with.
fn refused<T: std::fmt::Debug>(result: warong::error::Result<T>) -> &'static str {
    match result {
        Err(warong::error::Error::Refused(refusal)) => refusal.said.key,
        other => panic!("not refused: {other:?}"),
    }
}
