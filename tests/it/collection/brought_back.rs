//! A buyer brings something back after it was handed over: the lot has it again, and nobody earned by it.
use entity::{
    Rupiah,
    order::{Delivery, Method},
};
use warong::{collection::intake::NewIntake, ledger::Book, orders::brought_back::parts};

use super::yard::Yard;

#[actix_web::test]
async fn good_pieces_go_back_into_their_lot_and_their_maker_has_that_much_less() {
    let mut yard = Yard::open().await;
    // Two households: Pak Marsuki's turn comes too.
    let bought = NewIntake::bought(yard.marsuki, yard.stand.basket, 4, Rupiah(20_000));
    let intake = yard.takes_in("one", &bought).await;
    let order = yard.stand.order(Method::PayAtPickup, Delivery::Pickup, &[(yard.stand.basket, 4)]).await;
    let here = format!("/kelola/pesanan/{}", order.id);
    yard.stand.tap(&here, &format!("{here}/konfirmasi"), &[]).await.is(303);
    let back = format!("{here}/barang-kembali");
    yard.stand.siti.get(&back).await.is(200).says("Belum ada barang yang sampai");
    yard.stand.tap(&here, &format!("{here}/paket"), &[("all", "1")]).await.is(303);
    let parcel = yard.stand.docket(&order).await.parcels[0].parcel.id;
    yard.stand.tap(&here, &format!("{here}/paket/{parcel}/serah"), &[]).await.is(303);
    let db = yard.stand.shop.app.db.clone();
    let outlet = yard.stand.outlet.id;
    let owed = yard.on(Book::Crafter(yard.sati)).await;
    assert_eq!((owed, yard.on(Book::Goods(outlet)).await), (-2 * 21_280, 40_000));

    let docket = yard.stand.docket(&order).await;
    let went = parts(&db, &docket).await.expect("parts");
    assert_eq!(
        went.iter().map(|(part, left)| (part.crafter_id, *left)).collect::<Vec<_>>(),
        [(Some(yard.sati), 2), (Some(yard.marsuki), 2)]
    );
    let (of_sati, of_marsuki) = (went[0].0.id.to_string(), went[1].0.id.to_string());
    let page = yard.stand.siti.get(&back).await;
    page.is(200).says("Bu Sati").says("Pak Marsuki");
    let came = |part: &str, n: &str, how: &str| {
        [("part", part), ("pieces", n), ("how", how), ("reason", "Terlalu kecil")].map(|(k, v)| (k, v.to_owned()))
    };
    let mut bring = async |part: &str, n: &str, how: &str| {
        let fields = came(part, n, how);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let page = yard.stand.siti.get(&back).await;
        yard.stand.siti.fill(&page, &back, &fields).await;
        yard.stand.siti.fill(&page, &back, &fields).await
    };
    bring(&of_sati, "3", "good").await.is(409).says("Yang diserahkan hanya 2.");
    bring(&of_sati, "0", "good").await.is(422);
    bring(&of_sati, "1", "").await.is(422);
    bring("999999", "1", "good").await.is(404);
    bring(&of_sati, "1", "good").await.is(303);
    bring(&of_marsuki, "1", "good").await.is(303);
    bring(&of_sati, "1", "broken_outlet").await.is(303);
    bring(&of_sati, "1", "good").await.is(404);

    // One came back, for the other the outlet pays: what the receipt of its hand-over said (Rp20.000 in this lot).
    assert_eq!(yard.on(Book::Crafter(yard.sati)).await, -20_000);
    assert_eq!(yard.on(Book::Goods(outlet)).await, 60_000);
    assert_eq!(yard.on(Book::Compensation(outlet)).await, -3 * 28_000);
    assert_eq!(yard.lots(&intake).await[0].remaining, 3);
    assert_eq!(yard.stand.available(yard.stand.basket).await, 14 - 4 + 2);
    yard.stand.siti.get(&here).await.says("dibawa kembali: Terlalu kecil");

    // What the buyer gets goes the usual way.
    let line = docket.lines[0].id;
    let give = [("amount", "84000"), ("reason", "Barang kembali")];
    yard.stand.tap(&format!("{here}/barang/{line}/ganti"), &format!("{here}/barang/{line}/ganti"), &give).await.is(303);
    assert_eq!(yard.on(Book::Compensation(outlet)).await, 0);
    let mut stranger = yard.stand.stranger.clone();
    stranger.get(&back).await.is(404);
    yard.close().await;
}
