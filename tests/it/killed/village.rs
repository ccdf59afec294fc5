//! A village that does not care whether the service is there: who got no answer asks again.
use std::{
    cell::{Cell, RefCell},
    fmt,
    time::Duration,
};

use rand::{RngExt, SeedableRng, rngs::StdRng};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Browser, browser::Seen};

/// How long somebody waits for an answer before asking again.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a buyer sent, and where they were sent to when it was answered.
pub struct Placed {
    pub phone: String,
    pub url: Option<String>,
}

/// What everybody knows and did.
pub struct Village {
    pub base: String,
    pub siti: Browser,
    pub hasan: Browser,
    pub items: Vec<i64>,
    over: Cell<bool>,
    pub placed: RefCell<Vec<Placed>>,
    pub tally: Tally,
}

/// How often what was answered; the more of each, the more the story proves.
#[derive(Default)]
pub struct Tally {
    pub lost: Cell<usize>,
    pub paid: Cell<usize>,
    pub refused: Cell<usize>,
    pub acts: Cell<usize>,
    pub given_back: Cell<usize>,
    pub by_hand: Cell<usize>,
    pub faults: RefCell<Vec<String>>,
}

impl Tally {
    /// Whether so much happened that an end without a fault proves something.
    pub fn is_enough(&self) -> bool {
        self.paid.get() >= 5 && self.given_back.get() >= 1 && self.acts.get() >= 10
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tally { lost, paid, refused, acts, given_back, by_hand, faults: _ } = self;
        let [lost, paid, refused, acts] = [lost, paid, refused, acts].map(Cell::get);
        write!(
            f,
            "{lost} calls without an answer, {paid} payments, {refused} orders refused, {acts} acts at the counter "
        )?;
        write!(f, "({} given back by Midtrans, {} by hand)", given_back.get(), by_hand.get())
    }
}

pub fn one_more(count: &Cell<usize>) {
    count.set(count.get() + 1);
}

pub fn pick<T: Copy>(rng: &mut StdRng, from: &[T]) -> T {
    from[rng.random_range(0..from.len())]
}

pub async fn rest(rng: &mut StdRng, millis: u64) {
    tokio::time::sleep(Duration::from_millis(rng.random_range(0..=millis))).await;
}

fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

impl Village {
    /// `siti` and `hasan` are the operators, signed in; `items` lie on the shelf.
    pub fn new(base: String, siti: &Browser, hasan: &Browser, items: Vec<i64>) -> Village {
        let at_home = |who: &Browser| {
            let mut browser = Browser::new(&base);
            browser.cookies.clone_from(&who.cookies);
            browser
        };
        let (siti, hasan) = (at_home(siti), at_home(hasan));
        let (over, placed, tally) = (Cell::new(false), RefCell::default(), Tally::default());
        Village { base, siti, hasan, items, over, placed, tally }
    }

    /// Everybody ends what they are at, and begins nothing new.
    pub fn ends(&self) {
        self.over.set(true);
    }

    pub fn is_over(&self) -> bool {
        self.over.get()
    }

    /// Asks until there is an answer; nothing when the day is over before.
    pub async fn ask(&self, who: &mut Browser, method: Method, path: &str, body: Option<&str>) -> Option<Seen> {
        while !self.over.get() {
            let asked = who.try_send(method.clone(), path, body.map(|body| body.as_bytes().to_vec()), &[]);
            match tokio::time::timeout(PATIENCE, asked).await {
                Ok(Ok(seen)) => {
                    if seen.status >= 500 {
                        self.tally.faults.borrow_mut().push(format!("{method} {path}: {}", seen.status));
                    }
                    return Some(seen);
                }
                _ => one_more(&self.tally.lost),
            }
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
        None
    }

    pub async fn post(&self, who: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Option<Seen> {
        self.ask(who, Method::POST, path, Some(&form(fields))).await
    }

    pub async fn control(&self, who: &mut Browser, wish: &Value) -> Option<Seen> {
        self.ask(who, Method::POST, "/sandbox/midtrans/control", Some(&wish.to_string())).await
    }

    /// Notices get lost, doubled and turned round, and calls are cut off after they were done.
    pub async fn weather(&self, seed: u64) -> Option<()> {
        let mut rng = StdRng::seed_from_u64(seed);
        let mut sky = Browser::new(&self.base);
        while !self.over.get() {
            let calm = json!({});
            let bad = json!({
                "duplicate": rng.random_range(0..3),
                "shuffle": rng.random_bool(0.3),
                "drop": rng.random_bool(0.3),
                "answer": pick(&mut rng, &["normal", "normal", "normal", "cut", "503"]),
            });
            let chaos = if rng.random_bool(0.4) { calm } else { bad };
            self.control(&mut sky, &json!({ "chaos": chaos })).await?;
            rest(&mut rng, 700).await;
        }
        Some(())
    }
}
