//! A desk to pay crafters at: a maker, a checker, somebody who only reads, and a stranger from another outlet.
use chrono::Duration;
use entity::{
    Rupiah, iris_payout,
    payout::{Model, State, Way},
    payout_inbox, payout_run,
    person_role::Role,
};
use reqwest::Method as Http;
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use warong::{
    accounts::{
        outlet::create_outlet,
        person,
        role::{self, Place},
        session,
    },
    bank_account::Account,
    check, db,
    form::SESSION_COOKIE,
    gateway::midtrans::{MerchantKey, payouts::payout_signature},
    ledger::{self, Book, NewEntry},
    outlet::{
        payee::{self, Payee},
        payout_run::{self as runs, Line, Run},
        payout_wallet,
    },
};

use crate::support::{
    Browser, Shop,
    browser::Seen,
    people::{Cast, new_outlet},
};

pub const RUNS: &str = "/kelola/bayar-perajin";
pub const NEW: &str = "/kelola/bayar-perajin/baru";

pub struct Desk {
    pub shop: Shop,
    pub cast: Cast,
    /// Bu Siti, who makes the lists.
    pub siti: Browser,
    /// Mas Rizal, who checks them.
    pub rizal: Browser,
    /// Pak Wahyudi, who only reads.
    pub wahyudi: Browser,
    /// The operator of another outlet.
    pub stranger: Browser,
}

impl Desk {
    pub async fn open() -> Desk {
        Desk::open_with(&[]).await
    }

    /// The same, and payouts may go through Midtrans, with a million in the wallet.
    pub async fn with_midtrans() -> Desk {
        let desk = Desk::open_with(&[("MIDTRANS_PAYOUTS", "on")]).await;
        desk.fills_wallet(1_000_000, "ISI-0").await;
        desk
    }

    pub async fn open_with(settings: &[(&str, &str)]) -> Desk {
        let shop = Shop::open(settings).await;
        let cast = Cast::of(&shop).await;
        let tx = db::begin(&shop.app.db).await.expect("a transaction");
        let new = new_outlet(cast.outlet.village_id, "e-Warong Lain");
        let elsewhere = create_outlet(&tx, &shop.clock, &new).await.expect("an outlet");
        let other = person::create(&tx, &shop.clock, "Pak Lain", None, None).await.expect("a person");
        role::grant(&tx, &shop.clock, other, Role::Operator, Place::Outlet(elsewhere.id), None).await.expect("a role");
        tx.commit().await.expect("they are there");
        let wahyudi = person::by_phone(&shop.app.db, &crate::support::people::kept(crate::support::people::WAHYUDI))
            .await
            .expect("a read")
            .expect("the auditor");
        Desk {
            siti: signed_in(&shop, cast.siti).await,
            rizal: signed_in(&shop, cast.rizal).await,
            wahyudi: signed_in(&shop, wahyudi.id).await,
            stranger: signed_in(&shop, other).await,
            shop,
            cast,
        }
    }

    /// Bu Sati's phone.
    pub async fn sati(&self) -> Browser {
        signed_in(&self.shop, self.cast.sati.person_id).await
    }

    pub fn payee(&self) -> Payee {
        Payee::Crafter(self.cast.sati.id)
    }

    pub fn other_payee(&self) -> Payee {
        Payee::Crafter(self.cast.marsuki.id)
    }

    /// Goods of a crafter are sold for so much.
    pub async fn earns(&self, payee: Payee, amount: i64) {
        let tx = db::begin(&self.shop.app.db).await.expect("a transaction");
        let entry = NewEntry {
            source_key: &warong::secret::short_token(),
            kind: "handed_over",
            subject: "till:1",
            memo: "sold",
            lines: &[(Book::Cash(self.cast.outlet.id), Rupiah(amount)), (payee.book(), Rupiah(-amount))],
        };
        ledger::post(&tx, &self.shop.clock, entry).await.expect("an entry");
        tx.commit().await.expect("it stands");
    }

    /// Bu Sati has an account at BRI.
    pub async fn names_account(&self, number: &str) {
        let account = Account { bank: "BRI".into(), number: number.into(), holder: "Sati".into() };
        let tx = db::begin(&self.shop.app.db).await.expect("a transaction");
        payee::name_account(&tx, &self.shop.clock, &self.cast.sati, &account, Some(self.cast.siti))
            .await
            .expect("kept");
        tx.commit().await.expect("it stands");
    }

    pub async fn fills_wallet(&self, amount: i64, reference: &str) {
        let tx = db::begin(&self.shop.app.db).await.expect("a transaction");
        let (clock, outlet) = (&self.shop.clock, &self.cast.outlet);
        payout_wallet::top_up(&tx, clock, outlet, Rupiah(amount), reference, self.cast.siti).await.expect("filled");
        tx.commit().await.expect("it stands");
    }

    /// Bu Siti makes a list.
    pub async fn makes(&self, lines: &[(Payee, i64, Way)]) -> i64 {
        self.tries_to_make(lines).await.expect("a list")
    }

    pub async fn tries_to_make(&self, lines: &[(Payee, i64, Way)]) -> warong::error::Result<i64> {
        let lines: Vec<Line> = lines
            .iter()
            .map(|(payee, amount, way)| Line {
                payee: *payee,
                amount: Rupiah(*amount),
                way: *way,
                set_offs: Vec::new(),
            })
            .collect();
        let through = self.shop.app.payouts.is_some();
        let tx = db::begin(&self.shop.app.db).await.expect("a transaction");
        let made = runs::make(&tx, &self.shop.clock, &self.cast.outlet, &lines, through, self.cast.siti).await?;
        tx.commit().await.expect("it stands");
        Ok(made)
    }

    /// Mas Rizal approves it.
    pub async fn approves(&self, run: i64) {
        let tx = db::begin(&self.shop.app.db).await.expect("a transaction");
        runs::approve(&tx, &self.shop.clock, &self.cast.outlet, run, self.cast.rizal).await.expect("approved");
        tx.commit().await.expect("it stands");
    }

    /// A list with one payout to Bu Sati, approved.
    pub async fn approved(&self, amount: i64, way: Way) -> Model {
        let run = self.makes(&[(self.payee(), amount, way)]).await;
        self.approves(run).await;
        self.run(run).await.payouts.remove(0)
    }

    pub async fn run(&self, id: i64) -> Run {
        runs::read(&self.shop.app.db, self.cast.outlet.id, id).await.expect("the run")
    }

    pub async fn state(&self, id: i64) -> payout_run::State {
        self.run(id).await.run.state
    }

    pub async fn payout(&self, id: i64) -> Model {
        entity::payout::Entity::find_by_id(id).one(&self.shop.app.db).await.expect("a read").expect("the payout")
    }

    pub async fn is(&self, payout: &Model, state: State) {
        let now = self.payout(payout.id).await;
        assert_eq!(now.state, state, "{now:?}");
    }

    /// What a crafter is owed.
    pub async fn owed(&self, payee: Payee) -> i64 {
        -self.balance(payee.book()).await
    }

    pub async fn underway(&self) -> i64 {
        -self.balance(Book::PayoutsUnderway(self.cast.outlet.id)).await
    }

    pub async fn balance(&self, book: Book) -> i64 {
        ledger::balance(&self.shop.app.db, book).await.expect("a balance").0
    }

    pub async fn iris(&self, payout: &Model) -> iris_payout::Model {
        warong::outlet::iris::of_payout(&self.shop.app.db, payout.id).await.expect("a read").expect("at Midtrans")
    }

    pub async fn inbox(&self) -> Vec<payout_inbox::Model> {
        payout_inbox::Entity::find().all(&self.shop.app.db).await.expect("a read")
    }

    /// The stand-in does as a test says.
    pub async fn control(&self, order: Value) -> Value {
        let json = [("Content-Type", "application/json")];
        let body = Some(order.to_string());
        let told = self.shop.browser().send(Http::POST, "/sandbox/midtrans/control", body, &json).await;
        told.is(200);
        serde_json::from_str(&told.body).expect("JSON")
    }

    /// How all calls of the stand-in are answered from now on.
    pub async fn answers(&self, dial: &str) {
        self.control(json!({ "chaos": { "answer": dial } })).await;
    }

    /// The bank of the stand-in does something with a payout.
    pub async fn bank_says(&self, payout: &Model, set: Value, times: usize) {
        let reference = self.iris(payout).await.reference_no.expect("a number");
        self.control(json!({ "reference_no": reference, "set": set, "notify": { "times": times } })).await;
    }

    /// So much time passes, and all that is due then is done.
    pub async fn wait(&self, time: Duration) {
        self.shop.clock.advance(time);
        self.shop.settle().await;
    }

    /// Every sum is as it should be.
    pub async fn adds_up(&self) {
        let report = check::all(&self.shop.app.db).await.expect("the check runs");
        assert!(report.ok, "{}", check::in_words(&report));
    }

    pub async fn close(self) {
        self.adds_up().await;
        self.shop.close().await;
    }
}

pub async fn signed_in(shop: &Shop, person_id: i64) -> Browser {
    let tx = db::begin(&shop.app.db).await.expect("a transaction");
    let token = session::open(&tx, &shop.clock, person_id, "HP").await.expect("a session");
    tx.commit().await.expect("it stands");
    let mut browser = shop.browser();
    browser.cookies.insert(SESSION_COOKIE.into(), token);
    browser
}

/// Somebody taps the button whose form goes to `action` on a page.
pub async fn tap(browser: &mut Browser, page: &str, action: &str, fields: &[(&str, &str)]) -> Seen {
    let page = browser.get(page).await;
    page.is(200);
    browser.fill(&page, action, fields).await
}

/// A small picture of somebody with money in their hand.
pub fn face() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let picture = image::RgbImage::from_pixel(360, 480, image::Rgb([190, 140, 110]));
    picture.write_to(&mut bytes, image::ImageFormat::Png).expect("a picture");
    bytes.into_inner()
}

/// The address of a run.
pub fn at(run: i64) -> String {
    format!("{RUNS}/{run}")
}

/// Where a payout's forms go.
pub fn act(payout: &Model, what: &str) -> String {
    format!("{RUNS}/{}/{}/{what}", payout.run_id, payout.id)
}

impl Desk {
    /// What the stand-in has of payouts, as it stands in its file.
    pub fn at_provider(&self) -> Vec<Value> {
        self.shop.app.sandbox.as_ref().expect("a stand-in").save().expect("saved");
        let file = self.shop.app.config.data.join("sandbox").join("midtrans.json");
        let book: Value = serde_json::from_slice(&std::fs::read(file).expect("its file")).expect("JSON");
        book["iris"]["payouts"].as_array().expect("a list").clone()
    }

    /// What left the wallet at the stand-in, less what came back.
    pub fn moved(&self) -> i64 {
        let out = |one: &&Value| matches!(one["standing"].as_str(), Some("approved" | "processed" | "completed"));
        self.at_provider().iter().filter(out).map(|one| one["amount"].as_i64().expect("an amount")).sum()
    }

    /// A key of the stand-in.
    pub fn key(&self) -> MerchantKey {
        MerchantKey::new(self.shop.app.sandbox.as_ref().expect("a stand-in").payout_keys().0)
    }

    /// A notice as it would come from Midtrans, with this signature or a good one.
    pub async fn notify(&self, body: &str, signature: Option<&str>) -> u16 {
        let good = payout_signature(body.as_bytes(), &self.key());
        let headers = [("Content-Type", "application/json"), ("Iris-Signature", signature.unwrap_or(&good))];
        let mut midtrans = self.shop.browser();
        midtrans.send(Http::POST, "/midtrans/payout", Some(body.to_owned()), &headers).await.status
    }
}
