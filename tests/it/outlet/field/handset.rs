//! A phone as its scripts make it: registered, with a key, a count, and a clock of its own.
use chrono::{DateTime, Duration, SecondsFormat, Utc};
use entity::{device_event, intake};
use reqwest::Method;
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::{Value, json};
use uuid::Uuid;
use warong::outlet::{device, device_event::Told};

use crate::{
    counter::stand::Stand,
    support::{Browser, browser::Seen},
};

/// A phone in an operator's hand.
pub struct Handset {
    pub browser: Browser,
    pub id: i64,
    pub key: String,
    pub person: i64,
    counter: i64,
    /// How far its clock is ahead.
    pub ahead: Duration,
    now: DateTime<Utc>,
}

impl Handset {
    /// Somebody who is signed in opens a field page.
    pub async fn of(stand: &Stand, mut browser: Browser) -> Handset {
        let state = state(&mut browser).await;
        let person = state["person"]["id"].as_i64().expect("a person");
        let made = register(&mut browser, &Uuid::new_v4().to_string()).await;
        let made: Value = serde_json::from_str(&made.is(200).body).expect("JSON");
        Handset {
            browser,
            id: made["device"].as_i64().expect("an id"),
            key: made["key"].as_str().expect("a key").to_owned(),
            person,
            counter: 0,
            ahead: Duration::zero(),
            now: stand.shop.clock.now(),
        }
    }

    /// What the phone's clock says.
    pub fn clock(&self) -> String {
        (self.now + self.ahead).to_rfc3339_opts(SecondsFormat::Millis, true)
    }

    /// How many events it has recorded.
    pub fn count(&self) -> i64 {
        self.counter
    }

    /// Time goes by for it too.
    pub fn waits(&mut self, by: Duration) {
        self.now += by;
    }

    /// An event that was recorded just now, signed.
    pub fn records(&mut self, kind: &str, body: &Value) -> Value {
        self.counter += 1;
        let event = json!({
            "counter": self.counter,
            "id": Uuid::new_v4().to_string(),
            "kind": kind,
            "recorded_at": self.clock(),
            "person": self.person,
            "body": body.to_string(),
            "signature": "",
        });
        self.signs(event)
    }

    /// The same event with a signature that fits what it says.
    pub fn signs(&self, mut event: Value) -> Value {
        let told = Told::read(&event).expect("an event");
        event["signature"] = json!(device::signature(&self.key, &told.signed_text(self.id)));
        event
    }

    /// Baskets were handed in.
    pub fn takes_in(&mut self, crafter_id: i64, item_id: i64, pieces: &str) -> Value {
        self.records("intake", &handed(crafter_id, item_id, pieces))
    }

    /// Sends a batch as the page does.
    pub async fn sends(&mut self, events: &[Value]) -> Seen {
        let token = token(&mut self.browser).await;
        let batch = json!({ "device": self.id, "now": self.clock(), "events": events });
        post(&mut self.browser, "/api/v1/sync", &token, &batch.to_string()).await
    }

    /// Sends a batch; says what became of each event.
    pub async fn told(&mut self, events: &[Value]) -> Vec<Value> {
        let seen = self.sends(events).await;
        let answer: Value = serde_json::from_str(&seen.is(200).body).expect("JSON");
        let told = answer["events"].as_array().expect("a list").clone();
        assert_eq!(told.len(), events.len());
        told
    }

    /// The verdict of one event alone.
    pub async fn verdict(&mut self, event: &Value) -> Value {
        self.told(std::slice::from_ref(event)).await.remove(0)
    }
}

/// What the page sends for goods of grade A on consignment.
pub fn handed(crafter_id: i64, item_id: i64, pieces: &str) -> Value {
    json!({
        "crafter_id": crafter_id, "item_id": item_id, "terms": "consigned", "grade_a": pieces, "grade_b": "",
        "rejected": "", "reject_reason": null, "cost": 0, "cost_b": 0, "maker_bp": null, "material": 0,
        "price_confirmed": false, "assignment_id": null, "note": null,
    })
}

/// Who is signed in, as the server tells the page.
pub async fn state(browser: &mut Browser) -> Value {
    serde_json::from_str(&browser.get("/api/v1/sync").await.is(200).body).expect("JSON")
}

pub async fn token(browser: &mut Browser) -> String {
    state(browser).await["csrf"].as_str().expect("a token").to_owned()
}

pub async fn register(browser: &mut Browser, install: &str) -> Seen {
    let token = token(browser).await;
    post(browser, "/api/v1/devices", &token, &json!({ "install": install }).to_string()).await
}

pub async fn post(browser: &mut Browser, path: &str, token: &str, body: &str) -> Seen {
    let headers = [("content-type", "application/json"), ("x-csrf-token", token)];
    browser.send(Method::POST, path, Some(body.to_owned()), &headers).await
}

/// All hand-overs in the books.
pub async fn intakes(stand: &Stand) -> Vec<intake::Model> {
    let all = intake::Entity::find().order_by_asc(intake::Column::Id);
    all.all(&stand.shop.app.db).await.expect("a read")
}

/// All that phones told.
pub async fn events(stand: &Stand) -> Vec<device_event::Model> {
    let all = device_event::Entity::find().order_by_asc(device_event::Column::Id);
    all.all(&stand.shop.app.db).await.expect("a read")
}
