//! Craft goods sold over the counter, and what comes back of them.
use entity::{
    Rupiah, crafter,
    earning::{Column, Entity as Earnings, Model as Earning},
    lot,
    lot::{Grade, Terms},
};
use futures_util::future::join_all;
use sea_orm::{EntityTrait, QueryOrder};
use warong::{
    accounts::crafter::{Household, register},
    ledger::Book,
    stock::{self, Agreed, NewLot},
};

use super::till::Till;
use crate::{counter::stand::Stand, support::browser::Seen};

const PAY: &str = "/kelola/jual/bayar";
const SELL: &str = "/kelola/jual";

/// Bu Sati's ten baskets, and some of Pak Marsuki.
struct Counter {
    stand: Stand,
    marsuki: crafter::Model,
}

impl Counter {
    async fn open() -> Counter {
        let stand = Stand::open().await;
        let tx = stand.begin().await;
        let household = Household { name: "Pak Marsuki".into(), dusun: "Rayap".into(), ..Household::default() };
        let marsuki = register(&tx, &stand.shop.clock, &stand.outlet, None, &household, None).await.expect("a crafter");
        tx.commit().await.expect("he is there");
        Counter { stand, marsuki }
    }

    async fn marsuki_brings(&self, terms: Terms, quantity: i64, grade: Grade) -> i64 {
        let tx = self.stand.begin().await;
        let lot = NewLot {
            item_id: self.stand.basket,
            place_id: self.stand.place_id,
            owner_id: Some(self.marsuki.id),
            terms,
            cost: Rupiah(20_000),
            quantity,
            grade: Some(grade),
            agreed: Some(Agreed { maker_bp: 8_000, outlet_bp: 1_500, group_bp: 500 }),
            material: Rupiah::ZERO,
            intake_id: None,
            person_id: None,
            source_key: warong::secret::short_token(),
            fresh: stock::Fresh::default(),
        };
        let id = stock::receive(&tx, &self.stand.shop.clock, &lot).await.expect("an intake");
        tx.commit().await.expect("it stands");
        id
    }

    /// Bu Siti chooses so many baskets, and pays as typed.
    async fn sells(&mut self, pieces: &str, typed: &[(&str, &str)]) -> Seen {
        let item = self.stand.basket;
        let page = self.stand.siti.get(&format!("{PAY}?n_{item}={pieces}")).await;
        let n = format!("n_{item}");
        let mut all = vec![(n.as_str(), pieces), ("how", "tunai")];
        all.retain(|(name, _)| !typed.iter().any(|(other, _)| other == name));
        all.extend_from_slice(typed);
        self.stand.siti.fill(&page, SELL, &all).await
    }

    fn basket(&self, name: &str) -> String {
        format!("{name}_{}", self.stand.basket)
    }

    async fn earnings(&self) -> Vec<Earning> {
        Earnings::find().order_by_asc(Column::Id).all(&self.stand.shop.app.db).await.expect("a read")
    }

    async fn owed(&self, crafter: i64) -> i64 {
        -self.stand.balance(Book::Crafter(crafter)).await
    }

    async fn cash(&self) -> i64 {
        self.stand.balance(Book::Cash(self.stand.outlet.id)).await
    }

    async fn left(&self, lot_id: i64) -> i64 {
        let lot = lot::Entity::find_by_id(lot_id).one(&self.stand.shop.app.db).await.expect("a read");
        lot.expect("the lot").remaining
    }

    async fn comes_back(&mut self, sale: &str, typed: &[(&str, &str)]) -> Seen {
        let action = format!("{sale}/kembali");
        self.stand.tap(&action, &action, typed).await
    }
}

#[actix_web::test]
async fn three_baskets_are_sold_in_turn_and_each_household_gets_its_share() {
    let mut counter = Counter::open().await;
    let lot = counter.marsuki_brings(Terms::Consigned, 1, Grade::A).await;
    let page = counter.stand.siti.get(SELL).await;
    page.is(200).says("Keranjang sampah anyam").says("Rp28.000").says("11 di rak");
    let sold = counter.sells("3", &[]).await;
    let here = sold.is(303).location.clone().expect("the sale");
    assert_eq!(counter.cash().await, 84_000);
    assert_eq!(counter.owed(counter.stand.crafter_id).await, 2 * 21_280);
    assert_eq!(counter.owed(counter.marsuki.id).await, 22_400);
    assert_eq!(counter.left(lot).await, 0);
    let seen = counter.stand.siti.get(&here).await;
    seen.is(200).says("Rp84.000").says("Bu Sati").says("Pak Marsuki").says("Rp42.560");
    let receipt = seen.body.split("href=\"/jual/").nth(1).and_then(|rest| rest.split('"').next()).expect("a receipt");
    let mut buyer = counter.stand.shop.browser();
    let note = buyer.get(&format!("/jual/{receipt}")).await;
    note.is(200).says("J-2611-").says("Rp84.000").says("3 × Rp28.000");
    assert!(!note.body.contains("Bu Sati"), "a receipt names no household's money");
    buyer.get("/jual/rubbish").await.is(404);
    counter.stand.close().await;
}

#[actix_web::test]
async fn the_same_tap_five_times_sells_once_even_the_last_pieces() {
    let counter = Counter::open().await;
    let mut siti = counter.stand.siti.clone();
    let page = siti.get(&format!("{PAY}?{}=10", counter.basket("n"))).await;
    let keys = page.hidden(SELL);
    let n = counter.basket("n");
    let taps = (0..5).map(|_| {
        let (mut siti, keys, n) = (siti.clone(), keys.clone(), n.clone());
        async move {
            let mut all: Vec<(&str, &str)> = keys.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            all.extend([(n.as_str(), "10"), ("how", "tunai")]);
            siti.post_raw(SELL, &all).await
        }
    });
    let told = join_all(taps).await;
    for seen in &told {
        seen.is(303);
        assert_eq!(seen.location, told[0].location);
    }
    assert_eq!(counter.cash().await, 280_000);
    assert_eq!(counter.earnings().await.len(), 1);
    counter.stand.close().await;
}

#[actix_web::test]
async fn two_phones_want_the_last_baskets_and_one_is_told_how_many_are_left() {
    let counter = Counter::open().await;
    let sends = [counter.stand.siti.clone(), counter.stand.hasan.clone()].map(|mut phone| {
        let n = counter.basket("n");
        async move {
            let page = phone.get(&format!("{PAY}?{n}=6")).await;
            phone.fill(&page, SELL, &[(n.as_str(), "6"), ("how", "tunai")]).await
        }
    });
    let told = join_all(sends).await;
    let mut status: Vec<u16> = told.iter().map(|seen| seen.status).collect();
    status.sort_unstable();
    assert!(matches!(status[..], [303, 409 | 422]), "{status:?}");
    told.iter().find(|seen| seen.status != 303).expect("one").says("inggal 4");
    assert_eq!(counter.cash().await, 168_000);
    counter.stand.close().await;
}

#[actix_web::test]
async fn another_price_needs_a_reason_and_odd_figures_come_back_as_typed() {
    let mut counter = Counter::open().await;
    let (price, reason, n) = (counter.basket("harga"), counter.basket("alasan"), counter.basket("n"));
    let cheap = counter.sells("2", &[(price.as_str(), "25.000")]).await;
    cheap.is(422).says("Tulis kenapa harganya lain").says("value=\"25.000\"");
    for odd in ["-1", "1,5", "2e3", "99999", "dua"] {
        counter.sells("2", &[(n.as_str(), odd)]).await.is(422);
    }
    for odd in ["0", "-28000", "12,5"] {
        counter.sells("2", &[(price.as_str(), odd), (reason.as_str(), "Langganan")]).await.is(422);
    }
    counter.sells("2", &[("how", "transfer")]).await.is(422);
    counter.sells("2", &[("how", "qris-99")]).await.is(404);
    counter.sells("2", &[("how", "qris-x")]).await.is(422);
    assert!(counter.earnings().await.is_empty());
    counter.sells("2", &[(price.as_str(), "25.000"), (reason.as_str(), "Langganan")]).await.is(303);
    assert_eq!((counter.cash().await, counter.owed(counter.stand.crafter_id).await), (50_000, 38_000));
    counter.sells("1", &[("how", "transfer"), ("reference", "TRF-1")]).await.is(303);
    assert_eq!(counter.stand.balance(Book::Bank(counter.stand.outlet.id)).await, 28_000);
    counter.stand.close().await;
}

#[actix_web::test]
async fn who_asks_for_grade_b_gets_it_and_no_more_than_there_is() {
    let mut counter = Counter::open().await;
    let lot = counter.marsuki_brings(Terms::Consigned, 2, Grade::B).await;
    let grade = counter.basket("mutu");
    let more = counter.sells("3", &[(grade.as_str(), "B")]).await;
    more.is(409).says("tinggal 2 di rak");
    counter.sells("2", &[(grade.as_str(), "B")]).await.is(303);
    assert_eq!((counter.left(lot).await, counter.owed(counter.marsuki.id).await), (0, 44_800));
    counter.stand.close().await;
}

#[actix_web::test]
async fn one_good_and_one_broken_basket_come_back_and_take_exactly_what_they_brought() {
    let mut counter = Counter::open().await;
    let here = counter.sells("3", &[]).await.location.expect("the sale");
    let id = counter.earnings().await[0].id;
    let (good, broken) = (format!("baik_{id}"), format!("rusak_{id}"));
    counter.comes_back(&here, &[(good.as_str(), "1")]).await.is(422);
    counter.comes_back(&here, &[("reason", "Lepas")]).await.is(422);
    counter.comes_back(&here, &[(good.as_str(), "4"), ("reason", "Lepas")]).await.is(422).says("Hanya 3 buah");
    let typed = [(good.as_str(), "1"), (broken.as_str(), "1"), ("reason", "Anyaman lepas"), ("borne_by", "pembuat")];
    counter.comes_back(&here, &typed).await.is(303);
    assert_eq!((counter.cash().await, counter.owed(counter.stand.crafter_id).await), (28_000, 21_280));
    assert_eq!(counter.stand.available(counter.stand.basket).await, 8);
    // The last one breaks in the buyer's hands: the outlet bears it, and Bu Sati keeps her share.
    let typed = [(broken.as_str(), "1"), ("reason", "Jatuh"), ("borne_by", "warong")];
    counter.comes_back(&here, &typed).await.is(303);
    assert_eq!((counter.cash().await, counter.owed(counter.stand.crafter_id).await), (0, 21_280));
    assert_eq!(counter.stand.balance(Book::Compensation(counter.stand.outlet.id)).await, 28_000);
    let seen = counter.stand.siti.get(&format!("{here}/kembali")).await;
    seen.is(200).says("Tidak ada lagi yang bisa kembali");
    let sums: i64 = counter.earnings().await.iter().map(|earning| earning.quantity).sum();
    assert_eq!(sums, 1);
    counter.stand.close().await;
}

#[actix_web::test]
async fn bought_goods_come_back_into_the_books_at_their_cost() {
    let mut counter = Counter::open().await;
    counter.sells("10", &[]).await.is(303);
    let lot = counter.marsuki_brings(Terms::Bought, 4, Grade::A).await;
    let here = counter.sells("4", &[]).await.location.expect("the sale");
    assert_eq!(counter.owed(counter.marsuki.id).await, 0);
    let earning = counter.earnings().await.pop().expect("his");
    let id = earning.id;
    let (good, broken) = (format!("baik_{id}"), format!("rusak_{id}"));
    let typed = [(good.as_str(), "2"), (broken.as_str(), "1"), ("reason", "Salah ukuran"), ("borne_by", "pembuat")];
    counter.comes_back(&here, &typed).await.is(303);
    assert_eq!(counter.left(lot).await, 2);
    let own = counter.stand.balance(Book::OwnSales(counter.stand.outlet.id)).await;
    assert_eq!(own, -22_400, "one piece is still sold");
    counter.stand.close().await;
}

#[actix_web::test]
async fn the_same_return_five_times_gives_money_back_once() {
    let mut counter = Counter::open().await;
    let here = counter.sells("3", &[]).await.location.expect("the sale");
    let action = format!("{here}/kembali");
    let page = counter.stand.siti.get(&action).await;
    let good = format!("baik_{}", counter.earnings().await[0].id);
    let keys = page.hidden(&action);
    let taps = (0..5).map(|_| {
        let (mut siti, keys, good, action) = (counter.stand.siti.clone(), keys.clone(), good.clone(), action.clone());
        async move {
            let mut all: Vec<(&str, &str)> = keys.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            all.extend([(good.as_str(), "2"), ("reason", "Kebanyakan"), ("borne_by", "warong")]);
            siti.post_raw(&action, &all).await
        }
    });
    for seen in join_all(taps).await {
        seen.is(303);
    }
    assert_eq!(counter.cash().await, 28_000);
    counter.stand.close().await;
}

#[actix_web::test]
async fn strangers_find_no_sale_and_sell_nothing_of_others() {
    let mut counter = Counter::open().await;
    let here = counter.sells("1", &[]).await.location.expect("the sale");
    counter.stand.stranger.get(&here).await.is(404);
    counter.stand.stranger.get(&format!("{here}/kembali")).await.is(404);
    let n = counter.basket("n");
    let page = counter.stand.stranger.get(SELL).await;
    assert!(!page.is(200).body.contains("Keranjang sampah"));
    let page = counter.stand.stranger.get(&format!("{PAY}?{n}=1")).await;
    page.is(200).says("Belum ada barang");
    counter.stand.shop.browser().get(SELL).await.is(303);
    counter.stand.siti.get("/kelola/jual/999").await.is(404);
    counter.stand.siti.get("/kelola/jual/x").await.is(404);
    counter.stand.close().await;
}

#[actix_web::test]
async fn a_qris_bill_that_was_paid_pays_one_sale_of_just_its_amount() {
    let mut till = Till::open().await;
    till.asks().await;
    let row = till.is_paid("bill:1").await;
    till.noticed(&row, "settlement", "200").await;
    let item = till.stand.basket;
    let [n, price, reason] = ["n", "harga", "alasan"].map(|name| format!("{name}_{item}"));
    let page = till.stand.siti.get(&format!("{PAY}?{n}=10")).await;
    page.says("qris-1").says("Telur");
    let typed = |each: &'static str| {
        [(n.as_str(), "10"), (price.as_str(), each), (reason.as_str(), "Borongan"), ("how", "qris-1")]
    };
    till.stand.siti.fill(&page, SELL, &typed("27.000")).await.is(409).says("harus sama");
    till.stand.siti.fill(&page, SELL, &typed("27.500")).await.is(303);
    let outlet = till.stand.outlet.id;
    assert_eq!(till.stand.balance(Book::OwnSales(outlet)).await, 0, "the bill's money was shared out");
    assert_eq!(till.stand.balance(Book::Crafter(till.stand.crafter_id)).await, -209_000);
    till.stand.brings(item, 10).await;
    let page = till.stand.siti.get(&format!("{PAY}?{n}=10")).await;
    assert!(!page.body.contains("qris-1"), "it pays no other sale");
    till.stand.siti.fill(&page, SELL, &typed("27.500")).await.is(409).says("sudah dipakai");
    till.close().await;
}
