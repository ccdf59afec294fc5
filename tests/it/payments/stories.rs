//! Everything that may happen around paying for an order, in every order it may happen in, through the real shop: what
//! is in the books at the end is what the treasurer's model says, and nothing happened twice.
//!
//! Many orders live beside each other in one shop and take their steps together, half a minute apart. Where a story has
//! a deadline, its order was placed just so long before that the deadline passes at that step.
use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Duration, Utc};
use entity::{
    history, hold, order,
    order::{Delivery, Method},
    outbox, payment_attempt,
    payment_attempt::State as Attempt,
};
use proptest::{
    collection::vec,
    sample::select,
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use warong::{
    gateway::midtrans::{ServerKey, signature},
    ledger::{self, Book as Account},
    orders::{cancel, docket::Docket, order as orders, pay},
    payments::{
        apply,
        inbox::{self, Received},
        provider::{Returned, Verified},
        status::Seen,
    },
    stock::{self, Want},
    work,
};

use super::{
    desk::{Desk, KEY, transaction, transaction_of},
    model::Book,
};
use crate::counter::stand::Stand;

const STEP: Duration = Duration::seconds(30);
const MAIL: &str = "ratna@example.com";
/// One basket, sent to Makassar.
const TOTAL: i64 = 74_000;

/// What may happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Event {
    /// The provider tells how the transaction stands.
    Notice,
    /// The same notice once more.
    Again,
    /// A notice that nobody at the provider signed.
    Forged,
    /// Well signed, and yet it claims another status than is true.
    Lie,
    /// A code and a word that do not go together.
    Mismatch,
    Settles,
    Expires,
    Denies,
    Refunds,
    RefundsPart,
    ChargesBack,
    /// The reconciler looks.
    Looks,
    /// The time to pay is over.
    Deadline,
    /// The buyer says that they have paid.
    Asks,
    /// The operator calls the order off.
    CallsOff,
    /// The buyer takes another way to pay.
    AnotherWay,
    /// The transaction of the other way is paid, and told.
    OtherSettles,
    /// Under the first order id a second transaction is paid, and told.
    Second,
    SecondRefunds,
    SecondDenies,
    /// An answer is fetched now ...
    Fetches,
    /// ... and comes to be applied only now.
    Lands,
    /// Somebody else takes what is on the shelf.
    SoldOut,
}

use Event::*;

/// One order, and what is to happen to it.
struct Case {
    events: Vec<Event>,
    order: order::Model,
    item_id: i64,
    book: Book,
    /// The order ids at the provider, first attempt first.
    attempts: Vec<String>,
    notices: usize,
    last_notice: Option<String>,
    fetched: Option<(i64, Verified, usize)>,
}

/// A shop with a provider in memory, and what was told by it so far.
struct Village {
    stand: Stand,
    memory: std::sync::Arc<super::desk::Memory>,
    read: usize,
    cases: Vec<Case>,
    by_reference: HashMap<String, usize>,
}

impl Village {
    async fn open() -> Village {
        let Desk { shop, memory } = Desk::open().await;
        let stand = Stand::at(shop).await;
        Village { stand, memory, read: 0, cases: Vec::new(), by_reference: HashMap::new() }
    }

    fn now(&self) -> DateTime<Utc> {
        self.stand.shop.clock.now()
    }

    /// Plays all stories to their end and compares each with its book.
    async fn plays(mut self, stories: Vec<Vec<Event>>) {
        let longest = stories.iter().map(Vec::len).max().unwrap_or(0);
        self.places(stories, longest).await;
        for step in 0..longest {
            self.time_passes(STEP).await;
            for n in 0..self.cases.len() {
                if let Some(event) = self.cases[n].events.get(step).copied() {
                    self.happens(n, event).await;
                }
            }
            self.settles().await;
            self.hears();
        }
        // The end of the first way, an attempt ended by us, a night, the end of another way, and another night; after each
        // the second look where the first made no sense.
        for pause in [18, 65, 15 * 60, 9 * 60, 24 * 60].map(Duration::minutes) {
            for by in [pause, Duration::seconds(3)] {
                self.time_passes(by).await;
            }
        }
        self.compares().await;
        self.nothing_twice().await;
        self.stand.adds_up().await;
        self.stand.shop.close().await;
    }

    /// Places each order so long before the first step that its deadline passes when the story says.
    async fn places(&mut self, stories: Vec<Vec<Event>>, longest: usize) {
        let never = longest + 1;
        let deadline = |events: &[Event]| events.iter().position(|event| *event == Deadline).unwrap_or(never);
        let mut waves: BTreeMap<usize, Vec<Vec<Event>>> = BTreeMap::new();
        stories.into_iter().for_each(|events| waves.entry(deadline(&events)).or_default().push(events));
        let plenty: usize = waves.values().map(Vec::len).sum();
        self.stand.brings(self.stand.basket, plenty as i64).await;
        let wish = self.stand.wish(Method::Qris, Delivery::Courier, Some(MAIL));
        let mut gone = 0;
        for (at, stories) in waves {
            self.stand.shop.clock.advance(STEP * (at as i32 - gone));
            gone = at as i32;
            for events in stories {
                let n = self.cases.len();
                let (item_id, shelf) = match events.contains(&SoldOut) {
                    true => {
                        let item = self.stand.another_basket(&format!("Keranjang {n}")).await;
                        self.stand.brings(item, 1).await;
                        (item, 1)
                    }
                    false => (self.stand.basket, i64::MAX),
                };
                let order = self.stand.place(&wish, &[(item_id, 1)]).await;
                assert_eq!(order.total.0, TOTAL);
                let book = Book::open(TOTAL, self.now(), shelf);
                let (attempts, last_notice, fetched) = (Vec::new(), None, None);
                self.cases.push(Case { events, order, item_id, book, attempts, notices: 0, last_notice, fetched });
            }
            self.settles().await;
        }
        self.knows_attempts().await;
        // A second after the first deadline less a step: the first step is the first to pass one.
        self.stand.shop.clock.advance(Duration::minutes(15) - STEP * (gone + 1) + Duration::seconds(1));
        self.settles().await;
        self.hears();
    }

    async fn knows_attempts(&mut self) {
        let rows = payment_attempt::Entity::find().order_by_asc(payment_attempt::Column::Id);
        let of: HashMap<String, usize> =
            self.cases.iter().enumerate().map(|(n, case)| (orders::subject(case.order.id), n)).collect();
        for row in rows.all(&self.stand.shop.app.db).await.expect("attempts") {
            let n = of[&row.subject];
            if self.by_reference.insert(row.provider_order_id.clone(), n).is_none() {
                self.cases[n].attempts.push(row.provider_order_id);
            }
        }
    }

    async fn time_passes(&mut self, by: Duration) {
        self.stand.shop.clock.advance(by);
        let now = self.now();
        self.cases.iter_mut().for_each(|case| case.book.now = now);
        self.settles().await;
        self.hears();
        self.cases.iter_mut().for_each(|case| case.book.time_passes());
    }

    /// Does all work that is due.
    async fn settles(&self) {
        while work::step(&self.stand.shop.app).await.expect("the worker works") > 0 {}
    }

    /// Reads what the provider answered since, into the books.
    fn hears(&mut self) {
        let answers = self.memory.answers.lock().expect("a lock");
        for answer in &answers[self.read..] {
            let reference = answer.order_id.as_deref().expect("an order id");
            let book = &mut self.cases[self.by_reference[reference]].book;
            book.hears(reference, &answer.transaction_id, answer.seen, answer.refunded.0);
        }
        self.read = answers.len();
    }

    async fn happens(&mut self, n: usize, event: Event) {
        let first = transaction_of(&self.cases[n].attempts[0]);
        let second = format!("tx-second-{}", self.cases[n].attempts[0]);
        match event {
            Deadline => {}
            Settles => self.becomes(&first, Seen::Paid, 0),
            Expires => self.becomes(&first, Seen::Expired, 0),
            Denies => self.becomes(&first, Seen::Denied, 0),
            Refunds => self.becomes(&first, Seen::Refunded, TOTAL),
            RefundsPart => self.becomes(&first, Seen::PartlyRefunded, 24_000),
            ChargesBack => self.becomes(&first, Seen::ChargedBack, 0),
            Notice => {
                let body = self.notice(n, &first);
                self.receives(n, body, Received::Kept).await;
            }
            Again => {
                if let Some(body) = self.cases[n].last_notice.clone() {
                    self.receives(n, body, Received::Kept).await;
                }
            }
            Forged => {
                let body = self.notice(n, &first).replace("signature_key\":\"", "signature_key\":\"0");
                self.receives(n, body, Received::Forged).await;
            }
            Lie => {
                let body = self.claims(n, &first, "settlement", "200");
                self.receives(n, body, Received::Kept).await;
            }
            Mismatch => {
                let body = self.claims(n, &first, "settlement", "201");
                self.receives(n, body, Received::Kept).await;
            }
            Looks => {
                let app = &self.stand.shop.app;
                let row = attempt_of(app, &self.cases[n].attempts[0]).await;
                apply::check(&app.db, &app.clock, &app.payments, row.id, None).await.expect("a look");
                self.hears();
            }
            Asks => {
                let app = &self.stand.shop.app;
                pay::check_now(&app.db, &app.clock, &app.payments, &self.cases[n].order).await.expect("an answer");
                self.hears();
            }
            CallsOff => self.calls_off(n).await,
            AnotherWay => self.takes_another_way(n).await,
            OtherSettles => {
                if let Some(other) = self.cases[n].attempts.get(1).cloned() {
                    self.becomes(&transaction_of(&other), Seen::Paid, 0);
                    let body = self.notice(n, &transaction_of(&other));
                    self.receives(n, body, Received::Kept).await;
                }
            }
            Second => {
                let reference = self.cases[n].attempts[0].clone();
                self.memory.has(transaction(&second, &reference, Seen::Paid, entity::Rupiah(TOTAL)));
                self.tells_of_second(n, &second).await;
            }
            SecondRefunds | SecondDenies => {
                let known = self.memory.transactions.lock().expect("a lock").contains_key(&second);
                if known {
                    let (seen, back) = if event == SecondRefunds { (Seen::Refunded, TOTAL) } else { (Seen::Denied, 0) };
                    self.becomes(&second, seen, back);
                    self.tells_of_second(n, &second).await;
                }
            }
            Fetches => {
                let app = &self.stand.shop.app;
                let row = attempt_of(app, &self.cases[n].attempts[0]).await;
                let (_, ticket) = apply::ticket(&app.db, row.id).await.expect("a ticket");
                let answer = self.memory.transactions.lock().expect("a lock")[&first].clone();
                self.cases[n].fetched = Some((ticket, answer, self.answered_about(&row.provider_order_id)));
            }
            Lands => self.lands(n).await,
            SoldOut => {
                let tx = self.stand.begin().await;
                let wants = [Want { item_id: self.cases[n].item_id, quantity: 1 }];
                let (clock, place) = (&self.stand.shop.clock, self.stand.place_id);
                let sold = stock::hold(&tx, clock, "meja:1", place, &wants, None).await.expect("a hold").is_ok();
                tx.commit().await.expect("it stands");
                assert_eq!(sold, self.cases[n].book.shelf > 0, "{:?}", self.cases[n].events);
                self.cases[n].book.shelf = 0;
            }
        }
    }

    /// What the provider now says of a transaction. It gives back no less than before.
    fn becomes(&self, id: &str, seen: Seen, back: i64) {
        self.memory.becomes(id, |one| {
            one.seen = seen;
            one.word = format!("{seen:?}").to_lowercase();
            if back > one.refunded.0 {
                let amount = entity::Rupiah(back - one.refunded.0);
                one.refunds.push(Returned { key: None, amount, confirmed: true });
                one.refunded = entity::Rupiah(back);
            }
        });
    }

    fn answered_about(&self, reference: &str) -> usize {
        let answers = self.memory.answers.lock().expect("a lock");
        answers.iter().filter(|answer| answer.order_id.as_deref() == Some(reference)).count()
    }

    /// A signed notice about a transaction as it stands, none like any other.
    fn notice(&mut self, n: usize, id: &str) -> String {
        let seen = self.memory.transactions.lock().expect("a lock")[id].seen;
        let (word, code) = match seen {
            Seen::Paid => ("settlement", "200"),
            Seen::Expired => ("expire", "202"),
            Seen::Denied => ("deny", "202"),
            Seen::Refunded => ("refund", "200"),
            Seen::PartlyRefunded => ("partial_refund", "200"),
            Seen::ChargedBack => ("chargeback", "200"),
            _ => ("pending", "201"),
        };
        self.claims(n, id, word, code)
    }

    fn claims(&mut self, n: usize, id: &str, word: &str, code: &str) -> String {
        let reference = self.memory.transactions.lock().expect("a lock")[id].order_id.clone().expect("an order id");
        let gross = format!("{TOTAL}.00");
        self.cases[n].notices += 1;
        json!({
            "order_id": reference, "transaction_id": id, "status_code": code, "gross_amount": gross,
            "transaction_status": word, "custom_field1": self.cases[n].notices.to_string(),
            "signature_key": signature(&reference, code, &gross, &ServerKey::new(KEY)),
        })
        .to_string()
    }

    async fn receives(&mut self, n: usize, body: String, expected: Received) {
        let app = &self.stand.shop.app;
        let received = inbox::receive(&app.db, &app.clock, &app.payments, Value::Null, body.as_bytes()).await;
        assert_eq!(received.expect("an answer"), expected);
        if expected == Received::Kept {
            self.cases[n].last_notice = Some(body);
        }
    }

    async fn tells_of_second(&mut self, n: usize, id: &str) {
        let body = self.notice(n, id);
        self.receives(n, body, Received::Kept).await;
    }

    /// As the counter does it: open attempts are ended first, and what was just paid is not called off.
    async fn calls_off(&mut self, n: usize) {
        let (app, outlet) = (self.stand.shop.app.clone(), self.stand.outlet.id);
        let id = self.cases[n].order.id;
        let docket = Docket::read(&app.db, outlet, id).await.expect("the order");
        if docket.order.payment == order::Payment::Unpaid {
            let closing = pay::close_live(&app.db, &app.clock, &app.payments, &docket.order).await.expect("an answer");
            if closing == pay::Closing::Paid {
                return self.hears();
            }
        }
        let tx = self.stand.begin().await;
        let docket = Docket::lock(&tx, outlet, id).await.expect("the order");
        if cancel::cancel(&tx, &app.clock, &docket, "habis", self.stand.operator_id).await.is_ok() {
            tx.commit().await.expect("it stands");
            self.cases[n].book.is_called_off();
        } else {
            assert_ne!(self.cases[n].book.state, order::State::Placed, "{:?}", self.cases[n].events);
        }
        self.hears();
    }

    /// As the buyer's page does it.
    async fn takes_another_way(&mut self, n: usize) {
        let app = self.stand.shop.app.clone();
        let order = orders::by_secret(&app.db, &self.cases[n].order.secret).await.expect("the order");
        let closing = pay::close_live(&app.db, &app.clock, &app.payments, &order).await.expect("an answer");
        if closing == pay::Closing::Closed {
            let tx = self.stand.begin().await;
            let order = orders::lock(&tx, &order.secret).await.expect("the order");
            if pay::change_method(&tx, &app.clock, &order, Method::BriVa).await.is_ok() {
                tx.commit().await.expect("it stands");
                self.cases[n].book.is_paid_another_way();
                self.knows_attempts().await;
            }
        }
        self.hears();
    }

    /// An answer that was long on its way. It counts only if nothing newer was applied.
    async fn lands(&mut self, n: usize) {
        let Some((ticket, answer, before)) = self.cases[n].fetched.take() else { return };
        let app = self.stand.shop.app.clone();
        let reference = self.cases[n].attempts[0].clone();
        let row = attempt_of(&app, &reference).await;
        let tx = self.stand.begin().await;
        let applied = apply::apply(&tx, &app.clock, &app.payments, row.id, ticket, &answer).await.expect("applied");
        tx.commit().await.expect("it stands");
        let newer = self.answered_about(&reference) > before;
        assert_eq!(applied == apply::Checked::Overtaken, newer, "{:?}", self.cases[n].events);
        if !newer {
            let book = &mut self.cases[n].book;
            book.hears(&reference, &answer.transaction_id, answer.seen, answer.refunded.0);
        }
    }

    /// Each order, its money and its mails, as the books say.
    async fn compares(&self) {
        let db = &self.stand.shop.app.db;
        let orders_now: HashMap<i64, order::Model> =
            order::Entity::find().all(db).await.expect("orders").into_iter().map(|order| (order.id, order)).collect();
        let mut money: HashMap<(String, Account), i64> = HashMap::new();
        let outlet = self.stand.outlet.id;
        let accounts = [Account::Midtrans, Account::Deposits(outlet), Account::RefundsDue(outlet), Account::Surplus];
        for account in accounts {
            for (subject, sum) in ledger::by_subject(db, account).await.expect("sums") {
                money.insert((subject, account), sum.0);
            }
        }
        let held: HashSet<String> = hold::Entity::find()
            .filter(hold::Column::State.eq(hold::State::Held))
            .all(db)
            .await
            .expect("holds")
            .into_iter()
            .map(|held| held.subject)
            .collect();
        let (mut verbs, mails) = (self.verbs().await, self.mails().await);
        for case in &self.cases {
            let (book, subject) = (&case.book, orders::subject(case.order.id));
            let now = &orders_now[&case.order.id];
            let on = |account| money.get(&(subject.clone(), account)).copied().unwrap_or(0);
            let story = format!("{:?}\n{book:?}", case.events);
            assert_eq!((now.state, now.payment), (book.state, book.payment), "{story}");
            assert_eq!(now.refund_due.0, book.owed, "owed back: {story}");
            assert_eq!(accounts.map(on), [book.at_provider(), -book.deposit, -book.owed, book.claim], "{story}");
            assert_eq!(held.contains(&subject), book.keeps_goods, "{story}");
            let mut told: Vec<&str> = book.told.iter().map(|(verb, _)| *verb).collect();
            let mut happened = verbs.remove(&case.order.id).unwrap_or_default();
            told.sort_unstable();
            happened.sort_unstable();
            assert_eq!(happened, told, "{story}");
            let mut sent = mails.get(&case.order.id).cloned().unwrap_or_default();
            sent.sort_unstable();
            let expected: Vec<_> = book.mails().into_iter().map(|(verb, at)| (format!("order_{verb}"), at)).collect();
            assert_eq!(sent, expected, "{story}");
        }
    }

    async fn verbs(&self) -> HashMap<i64, Vec<String>> {
        let rows = history::Entity::find().filter(history::Column::Subject.eq("order"));
        let mut all: HashMap<i64, Vec<String>> = HashMap::new();
        for row in rows.all(&self.stand.shop.app.db).await.expect("history") {
            all.entry(row.subject_id).or_default().push(row.verb);
        }
        all
    }

    async fn mails(&self) -> HashMap<i64, Vec<(String, DateTime<Utc>)>> {
        let rows = outbox::Entity::find().filter(outbox::Column::Kind.eq("mail.send"));
        let mut all: HashMap<i64, Vec<(String, DateTime<Utc>)>> = HashMap::new();
        for row in rows.all(&self.stand.shop.app.db).await.expect("mails") {
            let order = row.payload["order_id"].as_i64().expect("an order");
            let template = row.payload["template"].as_str().expect("a template").to_owned();
            all.entry(order).or_default().push((template, row.created_at));
        }
        all
    }

    /// No news of a payment was written down twice, no charge made twice, and no attempt is left open.
    async fn nothing_twice(&self) {
        let db = &self.stand.shop.app.db;
        let effects = outbox::Entity::find().filter(outbox::Column::Kind.starts_with("payment."));
        let effects = effects.filter(outbox::Column::Kind.is_not_in(["payment.charge", "payment.refund"]));
        let effects = effects.all(db).await.expect("the outbox");
        assert!(effects.iter().all(|row| row.done_at.is_some()), "all was done");
        let noted = history::Entity::find().filter(history::Column::Subject.eq("payment_attempt"));
        let noted = noted.all(db).await.expect("history").len();
        assert_eq!(noted, effects.len(), "each effect was noted once");
        let charges: Vec<String> = self.memory.calls.lock().expect("a lock").clone();
        let charges: Vec<&String> = charges.iter().filter(|call| call.starts_with("charge")).collect();
        assert_eq!(charges.iter().collect::<HashSet<_>>().len(), charges.len(), "a charge was made twice");
        let open = payment_attempt::Entity::find()
            .filter(payment_attempt::Column::State.is_in([Attempt::Created, Attempt::Pending]))
            .one(db)
            .await
            .expect("attempts");
        assert_eq!(open, None);
    }
}

async fn attempt_of(app: &warong::app::App, reference: &str) -> payment_attempt::Model {
    warong::payments::attempt::by_reference(&app.db, reference).await.expect("a read").expect("the attempt")
}

/// All different orders of some events, and of all their parts if `drops`.
fn orders_of(events: &[Event], drops: bool) -> Vec<Vec<Event>> {
    fn go(left: &mut Vec<Event>, so_far: &mut Vec<Event>, drops: bool, all: &mut HashSet<Vec<Event>>) {
        if left.is_empty() || drops {
            all.insert(so_far.clone());
        }
        for at in 0..left.len() {
            let event = left.remove(at);
            so_far.push(event);
            go(left, so_far, drops, all);
            so_far.pop();
            left.insert(at, event);
        }
    }
    let mut all = HashSet::new();
    go(&mut events.to_vec(), &mut Vec::new(), drops, &mut all);
    let mut all: Vec<_> = all.into_iter().filter(|story| !story.is_empty()).collect();
    all.sort_unstable();
    all
}

/// The stories whose every order is played, and how many orders that makes.
async fn play(stories: &[(&[Event], bool)], expected: usize) {
    let mut all: Vec<Vec<Event>> = stories.iter().flat_map(|(events, drops)| orders_of(events, *drops)).collect();
    all.sort_unstable();
    all.dedup();
    let count = all.len();
    println!("{count} stories");
    let begun = std::time::Instant::now();
    Village::open().await.plays(all).await;
    println!("{count} stories took {:?}", begun.elapsed());
    assert_eq!(count, expected);
}

#[actix_web::test]
async fn a_payment_and_its_notices_in_any_order() {
    let stories: [(&[Event], bool); 4] = [
        (&[Settles, Notice, Again, Lie], true),
        (&[Settles, Notice, Forged, Mismatch, Deadline], false),
        (&[Fetches, Settles, Notice, Lands, Deadline], false),
        (&[Fetches, Settles, Denies, Lands], true),
    ];
    play(&stories, 367).await;
}

#[actix_web::test]
async fn money_that_comes_and_leaves_again_in_any_order() {
    let stories: [(&[Event], bool); 6] = [
        (&[Settles, Notice, Denies, Looks], true),
        (&[Settles, Looks, Denies, Looks, Settles, Looks], false),
        (&[Settles, Notice, RefundsPart, Notice, Refunds, Notice], false),
        (&[Settles, Notice, ChargesBack, Notice, Refunds], false),
        (&[Settles, Looks, RefundsPart, CallsOff], false),
        (&[Settles, Looks, Refunds, Looks, CallsOff], false),
    ];
    play(&stories, 388).await;
}

#[actix_web::test]
async fn what_buyer_and_operator_do_meanwhile_in_any_order() {
    let stories: [(&[Event], bool); 3] = [
        (&[Settles, Asks, CallsOff, Deadline], true),
        (&[AnotherWay, Settles, Notice, OtherSettles, CallsOff], false),
        (&[AnotherWay, Settles, Asks, OtherSettles, Deadline], false),
    ];
    play(&stories, 304).await;
}

#[actix_web::test]
async fn money_that_comes_late_or_twice_in_any_order() {
    let stories: [(&[Event], bool); 4] = [
        (&[Deadline, SoldOut, Settles, Notice], true),
        (&[Expires, Settles, Notice, SoldOut], true),
        (&[Settles, Notice, Second, SecondRefunds, SecondDenies], false),
        (&[Second, SecondRefunds, Settles, Denies, Notice], false),
    ];
    play(&stories, 353).await;
}

#[actix_web::test]
async fn a_payment_a_deadline_and_another_way_that_cross_in_any_order() {
    play(&[(&[Settles, Notice, Notice, Deadline, SoldOut, AnotherWay], false)], 360).await;
}

#[actix_web::test]
async fn a_payment_its_reversal_and_a_second_one_that_cross_in_any_order() {
    play(&[(&[Settles, Denies, Notice, Notice, Second, CallsOff], false)], 360).await;
}

#[actix_web::test]
async fn long_stories_of_anything() {
    let all = [
        Notice,
        Again,
        Forged,
        Lie,
        Mismatch,
        Settles,
        Expires,
        Denies,
        Refunds,
        RefundsPart,
        ChargesBack,
        Looks,
        Asks,
        CallsOff,
        AnotherWay,
        OtherSettles,
        Second,
        SecondRefunds,
        SecondDenies,
        Fetches,
        Lands,
        SoldOut,
        Deadline,
    ];
    let mut runner = TestRunner::deterministic();
    let mut stories = Vec::new();
    for _ in 0..120 {
        let mut story = vec(select(all.to_vec()), 7..=25).new_tree(&mut runner).expect("a story").current();
        // There is one deadline; of more, the first counts.
        if let Some(first) = story.iter().position(|event| *event == Deadline) {
            let mut n = 0;
            story.retain(|event| {
                n += 1;
                *event != Deadline || n == first + 1
            });
        }
        stories.push(story);
    }
    let count = stories.len();
    Village::open().await.plays(stories).await;
    assert_eq!(count, 120);
}
