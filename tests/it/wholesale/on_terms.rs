//! Goods that leave after the deposit: the rest is owed, falls due after they have arrived, and is paid in the end.
use entity::order::{Method, Model, Payment, State};
use warong::{
    ledger::Book,
    orders::{order as orders, settle},
};

use super::trader::Trader;

/// Payment, what is owed, what is to be paid back.
async fn stands(trader: &Trader, order: &Model) -> (State, Payment, i64, i64) {
    trader.stand.adds_up().await;
    let order = trader.stand.docket(order).await.order;
    assert_eq!(trader.stand.balance(Book::Owed(trader.stand.outlet.id)).await, order.owed.0);
    (order.state, order.payment, order.owed.0, order.refund_due.0)
}

/// Ten baskets for Rp380.000 with Rp114.000 paid, packed. Says where the parcel is.
async fn packed(trader: &mut Trader) -> (Model, String) {
    let order = trader.ordered_on(Some(14), Method::Transfer).await;
    trader.comes(&order, "deposit", 114_000).await;
    let here = format!("/kelola/pesanan/{}", order.id);
    trader.stand.tap(&here, &format!("{here}/paket"), &[]).await.is(303);
    let parcel = trader.stand.docket(&order).await.parcels[0].parcel.id;
    (order, format!("{here}/paket/{parcel}"))
}

async fn leaves(trader: &mut Trader, parcel: &str) {
    let send = format!("{parcel}/kirim");
    trader.stand.tap(&send, &send, &[("courier", "KM Dharma")]).await.is(303);
}

#[actix_web::test]
async fn goods_leave_after_the_deposit_and_the_rest_comes_after_they_arrived() {
    let mut trader = Trader::agreed().await;
    let (order, parcel) = packed(&mut trader).await;
    let (here, outlet) = (format!("/kelola/pesanan/{}", order.id), trader.stand.outlet.id);
    let mut buyer = trader.stand.shop.browser();
    leaves(&mut trader, &parcel).await;
    assert_eq!(stands(&trader, &order).await, (State::Placed, Payment::Paid, 266_000, 0));
    // The maker is paid as ever; the buyer reads what is left and may pay at once.
    assert_eq!(trader.stand.balance(Book::Crafter(trader.stand.crafter_id)).await, -197_600);
    buyer.get(&orders::url(&order)).await.is(200).says("Sisa Rp266.000 dibayar 14 hari setelah semua barang sampai");
    trader.stand.siti.get("/kelola/grosir").await.says("Belum lunas").says("Rp266.000").says("belum sampai semua");
    trader.stand.siti.get(&here).await.says("Masih harus dibayar").says("Sisa dibayar sesuai perjanjian");
    trader.stand.tap(&here, &format!("{parcel}/sampai"), &[]).await.is(303);
    let due = trader.stand.docket(&order).await.order.owed_by.expect("a day");
    assert_eq!(due, trader.stand.shop.clock.now() + chrono::Duration::days(14));
    buyer.get(&orders::url(&order)).await.says("Menunggu pelunasan").says("paling lambat");
    trader.stand.siti.get("/kelola/grosir").await.says("jatuh tempo");
    // Nothing lapses by itself; it is overdue, and can still be paid.
    trader.stand.shop.clock.advance(chrono::Duration::days(15));
    warong::work::minute(&trader.stand.shop.app).await.expect("a minute");
    assert_eq!(stands(&trader, &order).await, (State::Placed, Payment::Paid, 266_000, 0));
    trader.stand.siti.get("/kelola/grosir").await.says("lewat tempo sejak");
    let page = buyer.get(&orders::url(&order)).await;
    let pay = format!("{}/bayar", orders::url(&order));
    buyer.fill(&page, &pay, &[("bayar", "transfer")]).await.is(303);
    buyer.get(&orders::url(&order)).await.says("Rp266.000").says("0021");
    let seen = trader.stand.siti.get(&here).await;
    trader.stand.siti.fill(&seen, &format!("{here}/lunas"), &[]).await.is(303);
    assert_eq!(stands(&trader, &order).await, (State::Completed, Payment::Paid, 0, 0));
    let bank = trader.stand.balance(Book::Bank(outlet)).await;
    assert_eq!((bank, trader.stand.balance(Book::Deposits(outlet)).await), (266_000, 0));
    // The same page tapped once more books nothing.
    trader.stand.siti.fill(&seen, &format!("{here}/lunas"), &[]).await;
    assert_eq!(trader.stand.balance(Book::Bank(outlet)).await, 266_000);
    assert!(!trader.stand.siti.get("/kelola/grosir").await.body.contains("Belum lunas"));
    trader.stand.close().await;
}

#[actix_web::test]
async fn what_is_owed_comes_in_parts_and_what_is_too_much_goes_back() {
    let mut trader = Trader::agreed().await;
    let (order, parcel) = packed(&mut trader).await;
    leaves(&mut trader, &parcel).await;
    trader.comes(&order, "one", 100_000).await;
    trader.comes(&order, "one", 100_000).await;
    assert_eq!(stands(&trader, &order).await, (State::Placed, Payment::Paid, 166_000, 0));
    // A cracked basket lessens it first.
    let line = trader.stand.docket(&order).await.lines[0].id;
    let give = format!("/kelola/pesanan/{}/barang/{line}/ganti", order.id);
    trader.stand.tap(&give, &give, &[("amount", "26.000"), ("reason", "Retak")]).await.is(303);
    assert_eq!(stands(&trader, &order).await, (State::Placed, Payment::Paid, 140_000, 0));
    // A bank takes back what had come: it is owed again.
    let tx = trader.stand.begin().await;
    let clock = &trader.stand.shop.clock;
    settle::reversed(&tx, clock, order.id, "bank", entity::Rupiah(100_000)).await.expect("booked");
    tx.commit().await.expect("it stands");
    assert_eq!(stands(&trader, &order).await, (State::Placed, Payment::Paid, 240_000, 0));
    trader.comes(&order, "two", 250_000).await;
    assert_eq!(stands(&trader, &order).await, (State::Placed, Payment::RefundDue, 0, 10_000));
    trader.stand.sends_back(&order, "TRX-9").await;
    let here = format!("/kelola/pesanan/{}", order.id);
    trader.stand.tap(&here, &format!("{parcel}/sampai"), &[]).await.is(303);
    assert_eq!(stands(&trader, &order).await, (State::Completed, Payment::Paid, 0, 0));
    trader.stand.close().await;
}

#[actix_web::test]
async fn what_comes_back_and_is_called_off_is_not_owed() {
    let mut trader = Trader::agreed().await;
    let (order, parcel) = packed(&mut trader).await;
    leaves(&mut trader, &parcel).await;
    let back = format!("{parcel}/balik");
    trader.stand.tap(&back, &back, &[("reason", "Toko tutup")]).await.is(303);
    assert_eq!(stands(&trader, &order).await, (State::Placed, Payment::Paid, 266_000, 0));
    let cancel = format!("/kelola/pesanan/{}/batal", order.id);
    trader.stand.tap(&cancel, &cancel, &[("reason", "Toko tutup")]).await.is(303);
    assert_eq!(stands(&trader, &order).await, (State::Cancelled, Payment::RefundDue, 0, 114_000));
    trader.stand.close().await;
}

#[actix_web::test]
async fn terms_without_a_deposit_are_refused_and_without_terms_nothing_leaves_unpaid() {
    let mut trader = Trader::agreed().await;
    let (asked, by) = (trader.asked(&[(trader.stand.basket, 10)]), trader.stand.operator_id);
    let tx = trader.stand.begin().await;
    let clock = &trader.stand.shop.clock;
    let begun =
        warong::wholesale::quote::begin(&tx, clock, &trader.stand.outlet, None, &asked, by).await.expect("begun");
    tx.commit().await.expect("it stands");
    let here = format!("/kelola/penawaran/{}", begun.row.id);
    let (n, h) = (format!("n_{}", trader.stand.basket), format!("h_{}", trader.stand.basket));
    let mut terms = vec![(n.as_str(), "10"), (h.as_str(), "26.000"), ("ongkir", "ditulis"), ("kargo_nama", "Kapal")];
    terms.extend([("kargo_harga", "0"), ("koli", "1"), ("kemas", "0"), ("hangus", "0"), ("hari", "3")]);
    terms.extend([("berlaku", "2026-12-05"), ("siap", "")]);
    let with = |muka, tempo| [terms.clone(), vec![("muka", muka), ("tempo", tempo)]].concat();
    trader.stand.tap(&here, &here, &with("0", "14")).await.is(422).says("hanya dengan uang muka");
    for odd in ["91", "-1", "dua"] {
        trader.stand.tap(&here, &here, &with("30%", odd)).await.is(422);
    }
    trader.stand.tap(&here, &here, &with("30%", "14")).await.is(303);
    trader.stand.siti.get(&here).await.says("14 hari setelah barang sampai");
    trader.stand.tap(&here, &here, &with("30%", "")).await.is(303);
    trader.stand.siti.get(&here).await.says("sebelum barang berangkat");
    trader.stand.close().await;
}
