//! A village, and its operator's phone with a real browser on it.
use std::time::Duration;

use entity::intake;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use warong::{check, seed};

use crate::support::{Shop, chrome::Phone};

/// Where goods are taken in.
pub const HERE: &str = "/kelola/setoran/baru";

/// A village, its operator's phone, and how often it was tapped.
pub struct Door {
    pub shop: Shop,
    pub phone: Phone,
    pub taps: usize,
}

impl Door {
    /// The phone has seen the page once, with signal.
    pub async fn open() -> Door {
        let shop = Shop::empty().await;
        seed::run_small(&shop.app.db, &shop.clock, &shop.app.files).await.expect("the village");
        shop.knows_its_place().await;
        let phone = Phone::new(&shop.base, true).await;
        let door = Door { shop, phone, taps: 0 };
        door.signs_in().await;
        door.phone.open(HERE).await;
        // The page that works without script gives way to the one that works without signal.
        door.phone.find("[data-field]").await;
        door.phone.sees("Siapa yang menyetor?").await;
        door.phone.sees("data per").await;
        door.runs("const done = arguments[0]; navigator.serviceWorker.ready.then(() => done(true))").await;
        door.has_pictures().await;
        door
    }

    pub async fn signs_in(&self) {
        self.phone.open("/masuk").await;
        self.phone.type_in("input[name=phone]", "081200000001").await;
        self.phone.type_in("input[name=pin]", "246810").await;
        self.phone.tap("main form[action='/masuk'] button:not(.visually-hidden)").await;
        self.phone.leaves("/masuk").await;
    }

    /// Runs a script that calls back with its answer.
    pub async fn runs(&self, script: &str) -> Value {
        self.phone.driver.execute_async(script, vec![]).await.expect("the script runs").json().clone()
    }

    /// All small pictures have come along.
    pub async fn has_pictures(&self) {
        let missing = "const done = arguments[0]; (async () => { \
             const { crafters, items, kiosks } = await (await fetch('/kelola/setoran/bekal.json')).json(); \
             const covers = [...items, ...kiosks.flatMap((k) => k.goods)].map((i) => i.cover); \
             const names = new Set([...crafters.map((c) => c.face), ...covers].filter(Boolean)); \
             const kept = await (await caches.open('foto')).keys(); \
             return names.size - kept.length; })().then(done)";
        for _ in 0..400 {
            if self.runs(missing).await == json!(0) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("some pictures were not taken along");
    }

    pub async fn taps(&mut self, css: &str) {
        self.phone.tap(css).await;
        self.taps += 1;
    }

    /// Taps the tile or the button that says this.
    pub async fn chooses(&mut self, text: &str) {
        self.phone.tap_on("[data-field]", text).await;
        self.taps += 1;
    }

    pub async fn intakes(&self) -> Vec<intake::Model> {
        let of_phones = intake::Entity::find().filter(intake::Column::SourceKey.starts_with("event:"));
        of_phones.order_by_asc(intake::Column::Id).all(&self.shop.app.db).await.expect("a read")
    }

    pub async fn ends(self) {
        self.phone.put_down().await;
        self.shop.settle().await;
        let report = check::all(&self.shop.app.db).await.expect("the books can be read");
        assert!(report.ok, "{}", check::in_words(&report));
        self.shop.close().await;
    }
}
