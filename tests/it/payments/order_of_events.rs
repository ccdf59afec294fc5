//! Any order, any repetition: the end is what a simple model says, and nothing is told twice.
use std::collections::HashSet;

use entity::{Rupiah, order::Method, payment_attempt::State};
use proptest::{collection::vec, prelude::*, strategy::ValueTree, test_runner::TestRunner};
use sea_orm::{EntityTrait, QueryOrder};
use warong::{
    db,
    payments::{apply, status::Seen},
};

use super::desk::{BILL, Desk, transaction, transaction_of};

/// What the provider really says one after another, and the order in which these answers reach us; some twice.
fn story() -> impl Strategy<Value = (Vec<Seen>, Vec<usize>)> {
    vec(proptest::sample::select(Seen::ALL.to_vec()), 1..=5).prop_flat_map(|truth| {
        let arrivals = vec(0..truth.len(), truth.len()..=truth.len() * 2);
        (Just(truth), arrivals)
    })
}

/// The model, in words a treasurer would use: the newest answer counts, money that was here is never forgotten, and
/// what makes no sense changes nothing.
#[derive(Default)]
struct Model {
    newest: usize,
    money_came: bool,
    taken_back: bool,
    given_back: bool,
    disputed: bool,
    closed: bool,
    known: bool,
    doubt: bool,
}

impl Model {
    fn hears(&mut self, number: usize, seen: Seen) {
        if number < self.newest {
            return;
        }
        self.newest = number;
        let again = std::mem::take(&mut self.doubt);
        let refused = matches!(seen, Seen::Cancelled | Seen::Expired | Seen::Denied | Seen::Failed);
        match seen {
            Seen::Unknown => self.doubt = !again,
            Seen::Pending => self.known |= !self.money_came && !self.closed,
            Seen::Paid if self.taken_back && again => self.taken_back = false,
            Seen::Paid if self.disputed || self.taken_back => self.doubt = !again,
            Seen::Paid => self.money_came = true,
            Seen::ChargedBack | Seen::PartlyChargedBack if self.taken_back || self.given_back => {}
            Seen::ChargedBack | Seen::PartlyChargedBack => (self.money_came, self.disputed) = (true, true),
            Seen::Refunded | Seen::PartlyRefunded if self.taken_back || self.disputed => self.doubt = !again,
            Seen::Refunded | Seen::PartlyRefunded => (self.money_came, self.given_back) = (true, true),
            _ if refused && !self.money_came => self.closed = true,
            _ if self.taken_back => {}
            Seen::Denied if !self.given_back && !self.disputed => self.taken_back = true,
            _ => self.doubt = !again,
        }
    }

    fn state(&self) -> State {
        match self {
            Model { taken_back: true, .. } => State::Reversed,
            Model { disputed: true, .. } => State::Disputed,
            Model { given_back: true, .. } => State::Refunded,
            Model { money_came: true, .. } => State::Paid,
            Model { closed: true, .. } => State::Closed,
            Model { known: true, .. } => State::Pending,
            _ => State::Created,
        }
    }
}

#[actix_web::test]
async fn any_order_of_answers_ends_where_the_model_does_and_tells_nothing_twice() {
    let desk = Desk::open().await;
    let mut runner = TestRunner::deterministic();
    for case in 0..80 {
        let (truth, arrivals) = story().new_tree(&mut runner).expect("a story").current();
        ends_as_modelled(&desk, case, &truth, &arrivals).await;
    }
    let rows = entity::outbox::Entity::find()
        .order_by_asc(entity::outbox::Column::Id)
        .all(&desk.shop.app.db)
        .await
        .expect("a read");
    let mut seen = HashSet::new();
    for row in rows {
        assert!(seen.insert(row.unique_key.clone()), "{} twice", row.unique_key);
    }
    desk.shop.close().await;
}

async fn ends_as_modelled(desk: &Desk, case: usize, truth: &[Seen], arrivals: &[usize]) {
    let app = &desk.shop.app;
    let subject = format!("till:{case}");
    let row = desk.asked_for(&subject, Method::Qris).await;
    let id = transaction_of(&row.provider_order_id);
    // Looks are taken in the order of the truth; their answers arrive as they like, some again.
    let mut tickets = Vec::new();
    for _ in truth {
        tickets.push(apply::ticket(&app.db, row.id).await.expect("a ticket").1);
    }
    let mut model = Model::default();
    let mut moments = Vec::new();
    for &at in arrivals {
        let mut answer = transaction(&id, &row.provider_order_id, truth[at], BILL);
        answer.refunded = if truth[at] == Seen::Refunded { BILL } else { Rupiah(1) };
        let tx = db::begin(&app.db).await.expect("a transaction");
        apply::apply(&tx, &app.clock, &app.payments, row.id, tickets[at], &answer).await.expect("it applies");
        tx.commit().await.expect("it commits");
        model.hears(at, truth[at]);
        moments.push(desk.state(&row).await);
        assert_eq!(moments.last(), Some(&model.state()), "{truth:?} arriving as {arrivals:?}: {moments:?}");
    }
    // The books must balance: money told in, less money told back, is what the state says.
    let told = told(desk, row.id).await;
    let count = |kind: &str| told.iter().filter(|one| *one == kind).count();
    let in_hand = count("paid") as i64 - count("reversed") as i64;
    let expected = match model.state() {
        State::Created | State::Pending | State::Closed | State::Reversed => 0,
        State::Paid | State::Refunded | State::Disputed => 1,
    };
    assert_eq!(in_hand, expected, "{truth:?} arriving as {arrivals:?} told {told:?}");
}

async fn told(desk: &Desk, attempt_id: i64) -> Vec<String> {
    let rows = entity::outbox::Entity::find().all(&desk.shop.app.db).await.expect("a read");
    let ours = |row: &&entity::outbox::Model| row.payload["attempt_id"] == attempt_id;
    rows.iter().filter(ours).map(|row| row.kind.trim_start_matches("payment.").to_owned()).collect()
}
