//! A village whose outlet has a till: the operator's phone with the page open, and sembako on the shelf.
use std::time::Duration;

use entity::{Rupiah, device_event, item, outlet, product, sale, sale_line, sale_tender};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::Value;
use warong::{
    check, db,
    outlet::{
        purchase::{self, NewLine, NewPurchase},
        supplier::{self, Kind, NewSupplier},
    },
    seed,
};

use crate::support::{Shop, chrome::Phone};

/// Where goods are sold.
pub const HERE: &str = "/kelola/kasir";

/// A till on somebody's phone, and how often it was tapped.
pub struct Stall {
    pub shop: Shop,
    pub phone: Phone,
    pub taps: usize,
}

impl Stall {
    /// Loose rice has come, and the phone has seen the page once with signal.
    pub async fn open() -> Stall {
        let shop = Shop::empty().await;
        seed::run_small(&shop.app.db, &shop.clock, &shop.app.files).await.expect("the village");
        shop.knows_its_place().await;
        loose_rice(&shop).await;
        let phone = Phone::new(&shop.base, true).await;
        let stall = Stall { shop, phone, taps: 0 };
        stall.signs_in().await;
        stall.phone.open(HERE).await;
        stall.phone.sees("Uang awal di laci").await;
        stall.runs("const done = arguments[0]; navigator.serviceWorker.ready.then(() => done(true))").await;
        stall
    }

    /// The same with Rp200.000 in its drawer.
    pub async fn begun() -> Stall {
        let mut stall = Stall::open().await;
        stall.begins("200.000").await;
        stall.is_told("shift_open").await;
        stall
    }

    /// Waits until the outlet has heard of such an event, and the till of its answer.
    pub async fn is_told(&self, kind: &str) {
        let told = device_event::Entity::find().filter(device_event::Column::Kind.eq(kind));
        for _ in 0..200 {
            if told.clone().count(&self.shop.app.db).await.expect("a count") > 0 {
                return self.phone.sees("Semua terkirim").await;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("nobody told of {kind}:\n{}", self.phone.text().await);
    }

    /// Waits until what the till takes along has something under a name.
    pub async fn knows_of(&self, name: &str) {
        let kept = format!(
            "const done = arguments[0]; (async () => {{ \
             const asked = indexedDB.open('kelola'); const db = await new Promise((on) => {{ asked.onsuccess = () => on(asked.result); }}); \
             for (let n = 0; n < 100; n += 1) {{ \
                 const got = db.transaction('kept').objectStore('kept').get('till-bekal'); \
                 const known = await new Promise((on) => {{ got.onsuccess = () => on(got.result); }}); \
                 if (known?.{name}?.length) return done(true); \
                 await new Promise((on) => setTimeout(on, 50)); }} \
             done(false); }})().catch((fault) => done(String(fault)))"
        );
        assert_eq!(self.runs(&kept).await, Value::Bool(true), "{name}");
    }

    pub async fn begins(&mut self, float: &str) {
        self.phone.type_in("#f-float", float).await;
        self.taps_on("Mulai jualan").await;
        self.phone.find(".till-tile").await;
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

    /// Taps the button that says this, in the window that is in front.
    pub async fn taps_on(&mut self, text: &str) {
        self.phone.tap_on("body, dialog", text).await;
        self.taps += 1;
    }

    /// What the basket comes to.
    pub async fn total(&self) -> String {
        self.phone.find(".till-cart__sum").await.text().await.expect("a sum")
    }

    /// Waits until the basket comes to so much.
    pub async fn comes_to(&self, total: i64) {
        let wanted = Rupiah(total).to_string();
        for _ in 0..100 {
            if self.total().await == wanted {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the basket comes to {}, not to {wanted}:\n{}", self.total().await, self.phone.text().await);
    }

    /// What the shop asks for something today.
    pub async fn price(&self, name: &str) -> i64 {
        self.item(name).await.price.0
    }

    /// Sales that tills told, with their lines and tenders.
    pub async fn sales(&self) -> Vec<(sale::Model, Vec<sale_line::Model>, Vec<sale_tender::Model>)> {
        let db = &self.shop.app.db;
        let told = sale::Entity::find().filter(sale::Column::Method.eq(sale::Method::Till));
        let mut all = Vec::new();
        for one in told.order_by_asc(sale::Column::TillNumber).all(db).await.expect("a read") {
            let lines = sale_line::Entity::find().filter(sale_line::Column::SaleId.eq(one.id));
            let lines = lines.order_by_asc(sale_line::Column::Id).all(db).await.expect("a read");
            let tenders = sale_tender::Entity::find().filter(sale_tender::Column::SaleId.eq(one.id));
            let tenders = tenders.order_by_asc(sale_tender::Column::Id).all(db).await.expect("a read");
            all.push((one, lines, tenders));
        }
        all
    }

    pub async fn item(&self, name: &str) -> item::Model {
        let db = &self.shop.app.db;
        let of = product::Entity::find().filter(product::Column::Name.eq(name));
        let of = of.one(db).await.expect("a read").expect("the product");
        let sizes = item::Entity::find().filter(item::Column::ProductId.eq(of.id));
        sizes.one(db).await.expect("a read").expect("its size")
    }

    pub async fn ends(self) {
        self.phone.put_down().await;
        self.shop.settle().await;
        let report = check::all(&self.shop.app.db).await.expect("the books can be read");
        assert!(report.ok, "{}", check::in_words(&report));
        self.shop.close().await;
    }
}

/// A hundred kilograms of rice in the sack, for Rp12.500 a kilogram.
async fn loose_rice(shop: &Shop) {
    let (db, clock) = (&shop.app.db, &shop.clock);
    let packed = product::Entity::find().filter(product::Column::Name.eq("Beras medium 5 kg"));
    let packed = packed.one(db).await.expect("a read").expect("packed rice");
    let size = item::Entity::find().filter(item::Column::ProductId.eq(packed.id));
    let size = size.one(db).await.expect("a read").expect("its size");
    let outlet = outlet::Entity::find_by_id(packed.outlet_id).one(db).await.expect("a read").expect("the outlet");
    let operator = entity::person::Entity::find().filter(entity::person::Column::Phone.eq("6281200000001"));
    let operator = operator.one(db).await.expect("a read").expect("Bu Siti");
    let tx = db::begin(db).await.expect("a transaction");
    let mut loose = product::ActiveModel::from(packed).reset_all();
    loose.id = sea_orm::ActiveValue::NotSet;
    loose.slug = Set("beras-curah".into());
    loose.name = Set("Beras curah".into());
    let loose = loose.insert(&tx).await.expect("loose rice");
    let mut rice = item::ActiveModel::from(size).reset_all();
    rice.id = sea_orm::ActiveValue::NotSet;
    rice.product_id = Set(loose.id);
    rice.measure = Set(item::Measure::Gram);
    rice.price = Set(Rupiah(12_500));
    let rice = rice.insert(&tx).await.expect("its measure");
    let new = NewSupplier { name: "UD Sumber Padi".into(), kind: Kind::Wholesaler, phone: None, place: None };
    let supplier = supplier::add(&tx, clock, outlet.id, &new).await.expect("a supplier");
    let sacks = NewLine {
        item_id: rice.id,
        pack_name: "karung".into(),
        packs: 2,
        pack_quantity: 50_000,
        price: Rupiah(1_100_000),
        expires_on: None,
        batch: None,
    };
    let bought = NewPurchase {
        supplier_id: supplier.id,
        note_number: None,
        bought_on: clock.today(),
        lines: vec![sacks],
        freight: Rupiah::ZERO,
        sure: vec![0],
        paid: None,
    };
    purchase::buy(&tx, clock, &outlet, &bought, operator.id, "story:rice").await.expect("it comes");
    tx.commit().await.expect("it stands");
}
