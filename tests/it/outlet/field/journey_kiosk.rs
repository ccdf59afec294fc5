//! At a kiosk on another island, on a phone's screen, with nobody answering.
use entity::{Rupiah, kiosk, kiosk_visit, outlet, stock};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use warong::{
    db,
    outlet::goods,
    wholesale::{
        kiosk::prices,
        kiosk_visit::{Counted, NewVisit, Told, accept},
    },
};

use super::door::Door;

impl Door {
    /// Bu Rahma's kiosk, and the first of the goods that stand there with how many.
    async fn kiosk(&self) -> (kiosk::Model, i64, i64) {
        let db = &self.shop.app.db;
        let kiosk = kiosk::Entity::find().one(db).await.expect("a read").expect("a kiosk");
        let good = goods::in_place(db, kiosk.place_id).await.expect("a read").remove(0);
        (kiosk, good.item_id, good.free)
    }

    /// Visits that phones told.
    async fn visits(&self) -> Vec<kiosk_visit::Model> {
        let of_phones = kiosk_visit::Entity::find().filter(kiosk_visit::Column::SourceKey.starts_with("event:"));
        of_phones.order_by_asc(kiosk_visit::Column::Id).all(&self.shop.app.db).await.expect("a read")
    }

    async fn counts(&self, item_id: i64, sold: i64, still: i64, cash: &str) {
        self.phone.type_in(&format!("input[name=laku_{item_id}]"), &sold.to_string()).await;
        self.phone.type_in(&format!("input[name=masih_{item_id}]"), &still.to_string()).await;
        self.phone.type_in("input[name=uang]", cash).await;
    }

    async fn stands(&self, kiosk: &kiosk::Model, item_id: i64) -> i64 {
        let here = stock::Entity::find().filter(stock::Column::PlaceId.eq(kiosk.place_id));
        let row = here.filter(stock::Column::ItemId.eq(item_id)).one(&self.shop.app.db).await.expect("a read");
        row.expect("a level").on_hand
    }
}

#[actix_web::test]
async fn two_visits_without_signal_are_two_visits_once() {
    let mut door = Door::open().await;
    let (kiosk, item_id, n) = door.kiosk().await;
    door.shop.goes_dark().await;
    door.phone.open("/kelola/kios").await;
    door.phone.sees("Kios mana?").await;
    door.phone.fits().await;
    door.phone.picture("visit-which").await;
    door.chooses("Kios Bu Rahma").await;
    door.phone.sees(&format!("seharusnya {n}")).await;
    door.phone.fits().await;
    door.phone.picture("visit-count").await;

    // Something is missing, and somebody bears it.
    door.counts(item_id, 1, n - 2, "20.000").await;
    door.taps("[data-field] form > button").await;
    door.phone.sees("1 buah tidak ada").await;
    door.phone.fits().await;
    door.phone.picture("visit-missing").await;
    door.phone.tap("input[name=hilang][value=kios]").await;
    door.taps("[data-field] form > button").await;
    door.phone.sees("Kunjungan sudah dicatat").await;
    door.phone.sees("1 laku").await;
    door.phone.sees("1 belum terkirim").await;
    door.phone.fits().await;
    door.phone.picture("visit-saved").await;

    // The second, with a page that is loaded anew in between. The phone knows what the first one left there.
    door.chooses("Kios lain").await;
    door.chooses("Kios Bu Rahma").await;
    door.phone.sees(&format!("seharusnya {}", n - 2)).await;
    door.counts(item_id, 1, n - 3, "15.000").await;
    door.phone.driver.goto("about:blank").await.expect("another page");
    door.phone.open(&format!("/kelola/kios/{}/kunjungan", kiosk.id)).await;
    let typed = door.phone.find(&format!("input[name=masih_{item_id}]")).await.prop("value").await.expect("a value");
    assert_eq!(typed, Some((n - 3).to_string()), "what was typed is there");
    door.taps("[data-field] form > button").await;
    door.phone.sees("2 belum terkirim").await;
    door.phone.driver.refresh().await.expect("loaded anew");
    door.phone.sees("2 belum terkirim").await;
    door.taps(".field-status__open").await;
    door.phone.sees("Catatan di HP ini").await;
    door.phone.fits().await;
    assert!(door.visits().await.is_empty());

    door.shop.is_back();
    door.phone.open("/kelola/setoran/baru").await;
    door.phone.sees("Semua terkirim").await;
    let visits = door.visits().await;
    assert_eq!(visits.iter().map(|one| one.collected.0).collect::<Vec<_>>(), [20_000, 15_000]);
    for _ in 0..2 {
        door.phone.open(&format!("/kelola/kios/{}/kunjungan", kiosk.id)).await;
        door.phone.sees("Semua terkirim").await;
        door.phone.sees(&format!("seharusnya {}", n - 3)).await;
    }
    assert_eq!(door.visits().await.len(), 2);
    assert_eq!(door.stands(&kiosk, item_id).await, n - 3);
    door.ends().await;
}

#[actix_web::test]
async fn a_shelf_that_changed_meanwhile_is_counted_again_from_what_was_typed() {
    let mut door = Door::open().await;
    let (kiosk, item_id, n) = door.kiosk().await;
    let page = format!("/kelola/kios/{}/kunjungan", kiosk.id);
    door.shop.goes_dark().await;
    door.phone.open(&page).await;
    door.phone.sees(&format!("seharusnya {n}")).await;
    door.counts(item_id, 2, n - 2, "10.000").await;
    door.taps("[data-field] form > button").await;
    door.phone.sees("1 belum terkirim").await;

    // Somebody else sold one at the same kiosk.
    let (app, clock) = (&door.shop.app, &door.shop.clock);
    let outlet = outlet::Entity::find_by_id(kiosk.outlet_id).one(&app.db).await.expect("a read").expect("the outlet");
    let unit_price = *prices(&app.db, kiosk.id).await.expect("a read")[&item_id].last().expect("a price");
    let line = Counted { item_id, expected: n, sold: 1, good: 0, damaged: 0, still: n - 1, unit_price };
    let new = NewVisit { lines: vec![line], collected: Rupiah::ZERO, ..NewVisit::default() };
    let tx = db::begin(&app.db).await.expect("a transaction");
    let person_id = kiosk_visit::Entity::find().one(&tx).await.expect("a read").expect("a visit").person_id;
    let told = Told { outlet: &outlet, person_id, at: clock.now(), source_key: "another phone" };
    accept(&tx, clock, told, kiosk.id, &new).await.expect("a visit");
    tx.commit().await.expect("it stands");

    door.shop.is_back();
    door.phone.open(&page).await;
    door.phone.sees("1 catatan belum diterima").await;
    door.taps(".field-status__open").await;
    door.phone.sees(&format!("sekarang {}", n - 1)).await;
    door.phone.fits().await;
    door.phone.picture("visit-refused").await;
    door.phone.tap(".field-record a.button").await;
    door.phone.sees(&format!("seharusnya {}", n - 1)).await;
    door.phone.sees("Hitung lagi").await;
    door.phone.fits().await;
    let sold = door.phone.find(&format!("input[name=laku_{item_id}]")).await.prop("value").await.expect("a value");
    assert_eq!(sold.as_deref(), Some("2"), "what was typed is there");
    door.phone.type_in(&format!("input[name=masih_{item_id}]"), &(n - 3).to_string()).await;
    door.taps("[data-field] form > button").await;
    door.phone.sees("Terkirim · V-2611-").await;
    assert_eq!(door.visits().await.len(), 1);
    assert_eq!(door.stands(&kiosk, item_id).await, n - 3);
    door.ends().await;
}
