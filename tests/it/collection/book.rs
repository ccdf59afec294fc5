//! A crafter reads what became of their baskets, and the outlet reads the same.
use entity::{
    Rupiah, crafter,
    debt::{Kind, Source},
    earning, order,
    payout::{Shown, Way},
    person_role::Role,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use warong::{
    accounts::{
        person,
        role::{self, Place},
    },
    collection::{
        amount::Amount,
        intake::{self, NewIntake},
        statement,
    },
    db,
    form::SESSION_COOKIE,
    ledger::{self, Book},
    outlet::{
        debt::{self, NewDebt},
        payee::Payee,
        payout::{self, Proof},
        payout_run::{self as runs, Line},
        repayment::{self, SetOff},
    },
};

use super::yard::Yard;
use crate::{
    outlet::payout::desk::signed_in,
    support::{Browser, people::new_outlet},
};

const BOOK: &str = "/karya/buku";

impl Yard {
    async fn phone_of(&self, crafter_id: i64) -> Browser {
        let row = crafter::Entity::find_by_id(crafter_id).one(&self.stand.shop.app.db).await.expect("a read");
        signed_in(&self.stand.shop, row.expect("the crafter").person_id).await
    }

    /// Somebody who may say yes to what Bu Siti asks for.
    pub async fn checker(&self) -> i64 {
        let tx = self.stand.begin().await;
        let id = person::create(&tx, &self.stand.shop.clock, "Mas Rizal", None, None).await.expect("a person");
        role::grant(&tx, &self.stand.shop.clock, id, Role::Administrator, Place::Everywhere, None)
            .await
            .expect("a role");
        tx.commit().await.expect("it stands");
        id
    }

    /// Two baskets go to Makassar.
    async fn sells_two(&mut self) -> order::Model {
        let order = self.stand.paid(&[(self.stand.basket, 2)]).await;
        let here = format!("/kelola/pesanan/{}", order.id);
        self.stand.tap(&here, &format!("{here}/paket"), &[]).await.is(303);
        let parcel = self.stand.docket(&order).await.parcels.last().expect("a parcel").parcel.id;
        let send = format!("{here}/paket/{parcel}/kirim");
        self.stand.tap(&send, &send, &[("courier", "JNE"), ("tracking", "JT0042")]).await.is(303);
        order
    }

    async fn comes_back(&mut self, order: &order::Model) {
        let parcel = self.stand.docket(order).await.parcels.last().expect("a parcel").parcel.id;
        let back = format!("/kelola/pesanan/{}/paket/{parcel}/balik", order.id);
        self.stand.tap(&back, &back, &[("reason", "Ditolak di pintu")]).await.is(303);
    }

    pub async fn gives(&self, crafter_id: i64, kind: Kind, amount: i64, checker: i64) -> i64 {
        let source = if kind == Kind::Cash { Source::Cash } else { Source::Stock };
        let reason = "40 batang bambu".to_owned();
        let (first, most_per_payout) = (false, None);
        let new = NewDebt { crafter_id, kind, source, amount: Rupiah(amount), reason, first, most_per_payout };
        let (clock, outlet) = (&self.stand.shop.clock, &self.stand.outlet);
        let tx = self.stand.begin().await;
        let id = debt::ask(&tx, clock, outlet, &new, self.stand.operator_id).await.expect("asked");
        debt::give(&tx, clock, outlet, id, checker).await.expect("given");
        tx.commit().await.expect("it stands");
        id
    }

    async fn pays(&self, amount: i64, set_offs: Vec<SetOff>, checker: i64) -> i64 {
        let (clock, outlet) = (&self.stand.shop.clock, &self.stand.outlet);
        let line = Line { payee: Payee::Crafter(self.sati), amount: Rupiah(amount), way: Way::Cash, set_offs };
        let tx = self.stand.begin().await;
        let run = runs::make(&tx, clock, outlet, &[line], false, self.stand.operator_id).await.expect("a list");
        runs::approve(&tx, clock, outlet, run, checker).await.expect("approved");
        let payout = runs::read(&tx, outlet.id, run).await.expect("a run").payouts.remove(0);
        let proof = Proof::Cash { receiver: "Bu Sati".into(), shown: Shown::Pin };
        payout::tick_off(&tx, clock, outlet, run, payout.id, &proof, checker).await.expect("paid");
        tx.commit().await.expect("it stands");
        payout.id
    }

    pub async fn says_what_the_ledger_says(&self, crafter_id: i64) {
        let db = &self.stand.shop.app.db;
        let lines = statement::of_crafter(db, crafter_id).await.expect("a statement");
        let owed = -ledger::balance(db, Book::Crafter(crafter_id)).await.expect("a balance");
        assert_eq!(lines.last().map_or(Rupiah::ZERO, |line| line.balance), owed);
        assert_eq!(lines.iter().map(|line| line.amount).sum::<Rupiah>(), owed);
    }
}

#[actix_web::test]
async fn a_crafter_sees_what_was_handed_in_what_stands_what_was_sold_and_what_is_owed() {
    let mut yard = Yard::open().await;
    let basket = yard.stand.basket;
    let new = NewIntake { grade_b: Amount::whole(1), ..NewIntake::consigned(yard.sati, basket, 4) };
    let intake = yard.takes_in("one", &new).await;
    let mut sati = yard.phone_of(yard.sati).await;
    let page = sati.get(BOOK).await;
    page.is(200).says("Bu Sati").says("15").says("Disetor").says("Masih dijual").says("Rp0");
    sati.get("/karya").await.is(200).says(BOOK);

    let order = yard.sells_two().await;
    let page = sati.get(BOOK).await;
    page.is(200).says("Rp42.560").says("uang Anda di warong").says("note--20000").says("jadi Rp42.560");
    let receipt = intake::receipt_url(&intake);
    sati.get(&format!("{BOOK}/setoran"))
        .await
        .is(200)
        .says(&intake.number)
        .says(&receipt)
        .says("mutu A")
        .says("mutu B");
    sati.get(&format!("{BOOK}/jualan")).await.is(200).says("Keranjang sampah anyam").says("13 buah").says("di warong");
    sati.get(&format!("{BOOK}/laku")).await.is(200).says("+Rp42.560").says("2 buah");

    let sale = earning::Entity::find().one(&yard.stand.shop.app.db).await.expect("a read").expect("a sale");
    let one = format!("{BOOK}/laku/{}", sale.id);
    let page = sati.get(&one).await;
    page.is(200).says("Rp56.000").says("Rp42.560").says("Rp8.960").says("Rp4.480").says("Sulawesi Selatan");
    assert!(!page.body.contains("Ratna") && !page.body.contains("Perintis"), "nobody learns who bought it");
    sati.get(&format!("{BOOK}/uang")).await.is(200).says("+Rp42.560").says(&one).says("sisa Rp42.560");

    yard.comes_back(&order).await;
    sati.get(&format!("{BOOK}/laku")).await.says("−Rp42.560").says("Kembali");
    sati.get(&one).await.says("Barang ini kembali");
    sati.get(&format!("{BOOK}/uang")).await.says("−Rp42.560").says("Dikembalikan").says("sisa Rp0");
    yard.says_what_the_ledger_says(yard.sati).await;
    yard.close().await;
}

#[actix_web::test]
async fn each_line_of_the_money_opens_the_document_behind_it() {
    let mut yard = Yard::open().await;
    let checker = yard.checker().await;
    let loan = yard.gives(yard.sati, Kind::Cash, 50_000, checker).await;
    let bought = yard.takes_in("one", &NewIntake::bought(yard.sati, yard.stand.basket, 3, Rupiah(20_000))).await;
    let order = yard.sells_two().await;
    let set_off = vec![SetOff { debt_id: loan, amount: Rupiah(30_000) }];
    let paid = yard.pays(72_560, set_off, checker).await;
    let mut sati = yard.phone_of(yard.sati).await;
    sati.get(BOOK).await.says("Pinjaman uang").says("sisa Rp20.000").says("Rp72.560");
    let money = sati.get(&format!("{BOOK}/uang")).await;
    money.is(200).says("Dibeli warong").says(&intake::receipt_url(&bought)).says("+Rp60.000");
    money.says("Dipotong Pinjaman uang").says("−Rp30.000").says("Dibayar").says("−Rp72.560").says("diterima Bu Sati");
    let payout = format!("{BOOK}/bayar/{paid}");
    money.says(&payout);
    sati.get(&payout)
        .await
        .is(200)
        .says("Rp72.560")
        .says("dengan PIN sendiri")
        .says("Sekalian dipotong")
        .says("Rp30.000");
    let debt = format!("{BOOK}/utang/{loan}");
    money.says(&debt);
    sati.get(&debt).await.is(200).says("Rp20.000").says("40 batang bambu").says(&payout);

    // After she was paid, the baskets come back: the next payment will be less.
    yard.comes_back(&order).await;
    sati.get(BOOK).await.says("Sudah diterima lebih dulu Rp42.560");
    sati.get(&format!("{BOOK}/uang")).await.says("Dikembalikan").says("sisa -Rp42.560");
    let list = "/kelola/bayar-perajin/baru";
    yard.stand.siti.get(list).await.is(200).says("Sudah diterima lebih dulu").says("−Rp42.560");
    yard.takes_in("two", &NewIntake::bought(yard.sati, yard.stand.basket, 3, Rupiah(20_000))).await;
    let next = yard.stand.siti.get(list).await;
    next.is(200).says("Berhak Rp17.440").says("Masuk sejak itu").says("Rp60.000");
    next.says("Barang kembali atau batal").says("−Rp42.560");
    yard.says_what_the_ledger_says(yard.sati).await;
    yard.close().await;
}

#[actix_web::test]
async fn the_book_is_printed_and_sent_as_a_picture() {
    let mut yard = Yard::open().await;
    yard.sells_two().await;
    let mut sati = yard.phone_of(yard.sati).await;
    let a6 = sati.get(&format!("{BOOK}/cetak")).await;
    a6.is(200).says("paper--a6").says("Bu Sati").says("+42.560").says("Rp42.560");
    sati.get(&format!("{BOOK}/cetak?kertas=a5")).await.is(200).says("paper--a5");
    let cookie = format!("{SESSION_COOKIE}={}", sati.cookies[SESSION_COOKIE]);
    let answer = sati.raw(&format!("{BOOK}/gambar.png"), &[("Cookie", &cookie)]).await;
    assert_eq!(answer.status().as_u16(), 200);
    assert_eq!(answer.headers()["content-type"], "image/png");
    assert_eq!(answer.headers()["cache-control"], "private, no-store");
    let png = answer.bytes().await.expect("a picture");
    assert!(png.starts_with(b"\x89PNG") && png.len() < 120 * 1024, "{} bytes", png.len());
    yard.close().await;
}

#[actix_web::test]
async fn who_keeps_the_books_reads_every_book_and_nobody_else_does() {
    let mut yard = Yard::open().await;
    let checker = yard.checker().await;
    let loan = yard.gives(yard.sati, Kind::Cash, 50_000, checker).await;
    yard.sells_two().await;
    let paid = yard.pays(42_560, Vec::new(), checker).await;
    let sale = earning::Entity::find().one(&yard.stand.shop.app.db).await.expect("a read").expect("a sale").id;
    let of_sati = format!("/kelola/perajin/{}/buku", yard.sati);
    let parts = [
        String::new(),
        "/setoran".into(),
        "/jualan".into(),
        "/laku".into(),
        format!("/laku/{sale}"),
        "/uang".into(),
        format!("/bayar/{paid}"),
        format!("/utang/{loan}"),
        "/cetak".into(),
    ];
    let mut sati = yard.phone_of(yard.sati).await;
    let mut marsuki = yard.phone_of(yard.marsuki).await;
    let mut rizal = signed_in(&yard.stand.shop, checker).await;
    let mut guest = yard.stand.shop.browser();
    for part in &parts {
        let (own, kept) = (format!("{BOOK}{part}"), format!("{of_sati}{part}"));
        sati.get(&own).await.is(200);
        yard.stand.siti.get(&kept).await.is(200);
        rizal.get(&kept).await.is(200);
        yard.stand.stranger.get(&kept).await.is(404);
        sati.get(&kept).await.is(403);
        marsuki.get(&kept).await.is(403);
        guest.get(&kept).await.is(303);
        guest.get(&own).await.is(303);
        yard.stand.siti.get(&own).await.is(403);
        // What has a number of its own is not found in another's book.
        let theirs = marsuki.get(&own).await.status;
        assert_eq!(theirs, if part.matches('/').count() > 1 { 404 } else { 200 }, "{own}");
    }
    for bad in ["/laku/x", "/laku/-1", "/laku/999", "/bayar/999", "/utang/999", "/utang/x"] {
        sati.get(&format!("{BOOK}{bad}")).await.is(404);
    }
    yard.stand.siti.get("/kelola/perajin/999/buku").await.is(404);
    yard.stand.siti.get("/kelola/perajin/x/buku").await.is(404);
    let all = yard.stand.siti.get("/kelola/buku").await;
    all.is(200).says("Bu Sati").says("Pak Marsuki").says("lunas").says("Rp50.000").says(&of_sati);
    yard.stand.stranger.get("/kelola/buku").await.is(200);
    sati.get("/kelola/buku").await.is(403);
    guest.get("/kelola/buku").await.is(303);
    let moved = sati.get("/karya/uang").await;
    assert_eq!((moved.status, moved.location.as_deref()), (301, Some("/karya/buku/uang")));
    yard.close().await;
}

#[actix_web::test]
async fn a_list_that_was_called_off_is_no_news_for_whom_it_was_about() {
    let mut yard = Yard::open().await;
    let checker = yard.checker().await;
    let loan = yard.gives(yard.sati, Kind::Cash, 50_000, checker).await;
    yard.sells_two().await;
    let (clock, outlet) = (yard.stand.shop.clock.clone(), yard.stand.outlet.clone());
    for amount in [10_000, 0] {
        let set_offs = vec![SetOff { debt_id: loan, amount: Rupiah(5_000) }];
        let line = Line { payee: Payee::Crafter(yard.sati), amount: Rupiah(amount), way: Way::Cash, set_offs };
        let tx = yard.stand.begin().await;
        let run = runs::make(&tx, &clock, &outlet, &[line], false, yard.stand.operator_id).await.expect("a list");
        runs::call_off(&tx, &clock, &outlet, run, "keliru", checker).await.expect("called off");
        tx.commit().await.expect("it stands");
    }
    let lines = statement::of_crafter(&yard.stand.shop.app.db, yard.sati).await.expect("a statement");
    assert_eq!(lines.len(), 1, "{lines:?}");
    yard.says_what_the_ledger_says(yard.sati).await;
    let mut sati = yard.phone_of(yard.sati).await;
    let dropped = entity::payout::Entity::find().one(&yard.stand.shop.app.db).await.expect("a read").expect("a payout");
    sati.get(&format!("{BOOK}/bayar/{}", dropped.id)).await.is(404);
    yard.close().await;
}

#[actix_web::test]
async fn material_is_due_by_the_pieces_that_were_sold() {
    let mut yard = Yard::open().await;
    let checker = yard.checker().await;
    let bamboo = yard.gives(yard.sati, Kind::Material, 100_000, checker).await;
    let due = |yard: &Yard| {
        let (db, sati) = (yard.stand.shop.app.db.clone(), yard.sati);
        async move {
            let due = repayment::due(&db, sati).await.expect("a read");
            due.of(Rupiah(1_000_000)).iter().map(|one| one.amount.0).sum::<i64>()
        }
    };
    assert_eq!(due(&yard).await, 100_000, "no piece says what it holds, so it is as a loan");
    yard.stand.shop.clock.advance(chrono::Duration::days(1));
    // The old lot of ten goes first; the new one is made of the bamboo.
    let held = NewIntake { material: Rupiah(4_000), ..NewIntake::consigned(yard.sati, yard.stand.basket, 5) };
    yard.takes_in("one", &held).await;
    assert_eq!(due(&yard).await, 0, "nothing of it is sold yet");
    let bought =
        NewIntake { material: Rupiah(3_000), ..NewIntake::bought(yard.sati, yard.stand.basket, 2, Rupiah(20_000)) };
    let bought = yard.takes_in("two", &bought).await;
    assert_eq!(due(&yard).await, 6_000, "bought pieces are credited as they come");
    for _ in 0..5 {
        yard.sells_two().await;
    }
    assert_eq!(due(&yard).await, 6_000);
    let order = yard.sells_two().await;
    assert_eq!(due(&yard).await, 14_000);
    let owed = -yard.on(Book::Crafter(yard.sati)).await;
    yard.pays(owed - 14_000, vec![SetOff { debt_id: bamboo, amount: Rupiah(14_000) }], checker).await;
    assert_eq!(due(&yard).await, 0);
    yard.comes_back(&order).await;
    assert_eq!(due(&yard).await, 0, "what came back is not asked for twice");
    let tx = yard.stand.begin().await;
    let outlet = &yard.stand.outlet;
    let by = yard.stand.operator_id;
    intake::reverse(&tx, &yard.stand.shop.clock, outlet, bought.id, "salah", by).await.expect("reversed");
    tx.commit().await.expect("it stands");
    assert_eq!(due(&yard).await, 0);
    yard.close().await;
}

#[actix_web::test]
async fn a_sale_of_several_households_shows_each_only_their_own() {
    let mut yard = Yard::open().await;
    yard.takes_in("one", &NewIntake::consigned(yard.marsuki, yard.stand.basket, 5)).await;
    yard.sells_two().await;
    let mut marsuki = yard.phone_of(yard.marsuki).await;
    marsuki.get(BOOK).await.is(200).says("Rp21.280");
    let of = earning::Entity::find().filter(earning::Column::CrafterId.eq(yard.marsuki));
    let sale = of.one(&yard.stand.shop.app.db).await.expect("a read").expect("a sale");
    marsuki.get(&format!("{BOOK}/laku/{}", sale.id)).await.is(200).says("Rp28.000").says("Rp21.280");
    yard.says_what_the_ledger_says(yard.sati).await;
    yard.says_what_the_ledger_says(yard.marsuki).await;
    let tx = db::begin(&yard.stand.shop.app.db).await.expect("a transaction");
    let other = new_outlet(yard.stand.outlet.village_id, "e-Warong Jauh");
    warong::accounts::outlet::create_outlet(&tx, &yard.stand.shop.clock, &other).await.expect("an outlet");
    tx.commit().await.expect("it stands");
    yard.close().await;
}
