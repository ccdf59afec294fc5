//! Money sent back by hand: two people, one slip, and owed again when the bank returns it.
use entity::{
    order::{Model, Payment, State},
    refund_transfer::{self, State as Transfer},
};
use sea_orm::EntityTrait;
use warong::{ledger::Book, orders::order as orders};

use super::stand::{Stand, slip};
use crate::support::{Browser, browser::Seen};

const ACCOUNT: [(&str, &str); 4] =
    [("cara", "transfer"), ("bank", "BRI"), ("rekening", "0021-01-000123.507"), ("pemilik", "Ratna Dewi")];

/// A paid order that was called off: Rp102.000 are owed back.
async fn called_off(stand: &mut Stand) -> Model {
    let order = stand.paid(&[(stand.basket, 2)]).await;
    let cancel = format!("/kelola/pesanan/{}/batal", order.id);
    stand.tap(&cancel, &cancel, &[("reason", "Dimakan rayap")]).await.is(303);
    stand.docket(&order).await.order
}

/// Sends an act whose button the page does not show, with the tokens of one that it does.
async fn forces(who: &mut Browser, seen: &Seen, from: &str, act: &str, fields: &[(&str, &str)]) -> Seen {
    let hidden = seen.hidden(from);
    let mut all: Vec<(&str, &str)> = hidden.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    all.extend_from_slice(fields);
    who.post_raw(act, &all).await
}

async fn transfers(stand: &Stand) -> Vec<refund_transfer::Model> {
    refund_transfer::Entity::find().all(&stand.shop.app.db).await.expect("a read")
}

#[actix_web::test]
async fn one_asks_another_approves_and_then_it_is_sent_with_its_slip() {
    let mut stand = Stand::open().await;
    let order = called_off(&mut stand).await;
    let url = orders::url(&order);
    let mut ratna = stand.shop.browser();
    let page = stand.proposes(&order, &ACCOUNT).await;
    ratna.get(&url).await.says("menunggu persetujuan");
    // Nothing has gone yet, and Bu Siti cannot say yes to herself.
    let seen = stand.siti.get(&page).await;
    seen.says("Minta operator lain").says("002101000123507");
    assert!(!seen.body.contains("/setuju"), "{}", seen.body);
    let (refuse, approve) = (format!("{page}/tolak"), format!("{page}/setuju"));
    forces(&mut stand.siti, &seen, &refuse, &approve, &[]).await.is(409).says("Orang lain yang harus menyetujui");
    forces(&mut stand.siti, &seen, &refuse, &format!("{page}/terkirim"), &[("reference", "TRX-1")]).await.is(409);
    assert_eq!(stand.balance(Book::Bank(stand.outlet.id)).await, 0);
    // Somebody of another outlet finds nothing.
    stand.stranger.get(&page).await.is(404);
    let home = stand.stranger.get("/akun").await;
    let token = home.hidden("/keluar");
    let token: Vec<(&str, &str)> = token.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    stand.stranger.post_raw(&approve, &token).await.is(404);
    assert_eq!(transfers(&stand).await[0].state, Transfer::Proposed);

    let seen = stand.hasan.get(&page).await;
    stand.hasan.fill(&seen, &format!("{page}/setuju"), &[]).await.is(303);
    ratna.get(&url).await.says("sebentar lagi dikirim");
    // Without its slip it does not count, and what was typed stays.
    let seen = stand.siti.get(&page).await;
    let sent = format!("{page}/terkirim");
    let no_slip = stand.siti.fill_with_picture(&seen, &sent, &[("reference", "TRX-1")], "foto", None).await;
    no_slip.is(422).says("Pilih foto struknya").says("TRX-1");
    let no_picture = stand.siti.fill_with_picture(&seen, &sent, &[("reference", "TRX-1")], "foto", Some(b"no")).await;
    no_picture.is(422);
    assert_eq!(stand.balance(Book::Bank(stand.outlet.id)).await, 0);
    let slip = slip();
    let done = stand.siti.fill_with_picture(&seen, &sent, &[("reference", "TRX-1")], "foto", Some(&slip)).await;
    done.is(303);
    // The same tap once more changes nothing.
    stand.siti.fill_with_picture(&seen, &sent, &[("reference", "TRX-1")], "foto", Some(&slip)).await.is(303);
    stand.shop.settle().await;
    let over = stand.docket(&order).await.order;
    assert_eq!((over.state, over.payment, over.refund_due.0), (State::Cancelled, Payment::Refunded, 0));
    assert_eq!(stand.balance(Book::Bank(stand.outlet.id)).await, -102_000);
    let row = &transfers(&stand).await[0];
    assert_ne!(Some(row.maker_id), row.checker_id);
    let seen = ratna.get(&url).await;
    seen.says("sudah dikirim ke rekening Anda").says("TRX-1");
    let at = seen.body.find(&format!("{url}/kembali/")).expect("a slip");
    let address: String = seen.body[at..].chars().take_while(|c| *c != '"').collect();
    ratna.raw(&address, &[]).await.error_for_status().expect("the slip is there for its buyer");
    stand.stranger.get(&address.replace(&order.secret, "somebody-elses-order-000")).await.is(404);
    stand.adds_up().await;
    stand.close().await;
}

#[actix_web::test]
async fn what_the_bank_returns_is_owed_again_once() {
    let mut stand = Stand::open().await;
    let order = called_off(&mut stand).await;
    stand.sends_back(&order, "TRX-1").await;
    let page = format!("/kelola/uang/kembali/{}", transfers(&stand).await[0].id);
    let seen = stand.hasan.get(&page).await;
    let back = format!("{page}/balik");
    stand.hasan.fill(&seen, &back, &[("alasan", "")]).await.is(422);
    let (mut left, mut right) = (stand.hasan.clone(), stand.siti.clone());
    let other = right.get(&page).await;
    let why = [("alasan", "Nomor salah")];
    let (one, two) = tokio::join!(left.fill(&seen, &back, &why), right.fill(&other, &back, &why));
    assert!([one.status, two.status].contains(&303), "{} {}", one.status, two.status);
    let owed = stand.docket(&order).await.order;
    assert_eq!((owed.payment, owed.refund_due.0), (Payment::RefundDue, 102_000));
    assert_eq!(stand.balance(Book::Bank(stand.outlet.id)).await, 0);
    stand.adds_up().await;
    // And once more, this time it stays; the reference of the first cannot be used again.
    let page = stand.proposes(&order, &ACCOUNT).await;
    let seen = stand.hasan.get(&page).await;
    stand.hasan.fill(&seen, &format!("{page}/setuju"), &[]).await.is(303);
    let seen = stand.siti.get(&page).await;
    let sent = format!("{page}/terkirim");
    let again = stand.siti.fill_with_picture(&seen, &sent, &[("reference", "TRX-1")], "foto", Some(&slip())).await;
    again.is(409).says("sudah dicatat");
    stand.siti.fill_with_picture(&seen, &sent, &[("reference", "TRX-2")], "foto", Some(&slip())).await.is(303);
    assert_eq!(stand.docket(&order).await.order.payment, Payment::Refunded);
    assert_eq!(stand.balance(Book::Bank(stand.outlet.id)).await, -102_000);
    stand.adds_up().await;
    stand.close().await;
}

#[actix_web::test]
async fn a_part_goes_in_cash_and_the_rest_by_transfer() {
    let mut stand = Stand::open().await;
    let order = called_off(&mut stand).await;
    let page = stand.proposes(&order, &[("amount", "Rp 2.000"), ("cara", "tunai")]).await;
    // Two say yes at once: one of them is told.
    let seen = stand.hasan.get(&page).await;
    let approve = format!("{page}/setuju");
    let (mut left, mut right) = (stand.hasan.clone(), stand.hasan.clone());
    let other = right.get(&page).await;
    let (one, two) = tokio::join!(left.fill(&seen, &approve, &[]), right.fill(&other, &approve, &[]));
    let mut answers = [one.status, two.status];
    answers.sort_unstable();
    assert_eq!(answers, [303, 409]);
    // While it is open, nobody begins another.
    let ask = format!("/kelola/pesanan/{}/kembali", order.id);
    stand.tap(&ask, &ask, &[("amount", "1000"), ("cara", "tunai")]).await.is(409).says("Jangan dikirim lagi");
    let seen = stand.siti.get(&page).await;
    let sent = format!("{page}/terkirim");
    stand.siti.fill_with_picture(&seen, &sent, &[("reference", "Ratna")], "foto", None).await.is(303);
    assert_eq!(stand.docket(&order).await.order.refund_due.0, 100_000);
    assert_eq!(stand.balance(Book::Cash(stand.outlet.id)).await, -2_000);
    stand.sends_back(&order, "TRX-7").await;
    assert_eq!(stand.docket(&order).await.order.payment, Payment::Refunded);
    stand.adds_up().await;
    stand.close().await;
}

#[actix_web::test]
async fn a_wrong_wish_is_told_and_what_was_typed_stays() {
    let mut stand = Stand::open().await;
    let order = called_off(&mut stand).await;
    let ask = format!("/kelola/pesanan/{}/kembali", order.id);
    let typed =
        |amount| [("amount", amount), ("cara", "transfer"), ("bank", "BRI"), ("rekening", "12"), ("pemilik", "R")];
    for (amount, sentence) in [("0", "Paling sedikit"), ("seratus", "Tulis jumlah"), ("-5", "Tulis jumlah")] {
        let seen = stand.tap(&ask, &ask, &typed(amount)).await;
        seen.is(422).says(amount).says("BRI");
        assert!(seen.body.contains(sentence) || seen.body.contains("field__wrong"), "{amount}: {}", seen.body);
    }
    let mut above = ACCOUNT.to_vec();
    above.push(("amount", "102001"));
    stand.tap(&ask, &ask, &above).await.is(422).says("Paling banyak Rp102.000").says("Ratna Dewi");
    stand.tap(&ask, &ask, &[("amount", "1000")]).await.is(422);
    assert!(transfers(&stand).await.is_empty());
    // Called off by its maker: no money went, and another can be made.
    let page = stand.proposes(&order, &ACCOUNT).await;
    let seen = stand.siti.get(&page).await;
    stand.siti.fill(&seen, &format!("{page}/tolak"), &[("alasan", "Salah hitung")]).await.is(303);
    stand.siti.get(&page).await.says("Tidak ada uang keluar").says("Salah hitung");
    let hasan = stand.hasan.get(&page).await;
    assert!(!hasan.body.contains("/setuju") && !hasan.body.contains("/terkirim"), "{}", hasan.body);
    assert_eq!(transfers(&stand).await[0].state, Transfer::Refused);
    stand.sends_back(&order, "TRX-3").await;
    // What is not owed cannot be sent.
    let paid = stand.paid(&[(stand.basket, 1)]).await;
    let ask = format!("/kelola/pesanan/{}/kembali", paid.id);
    stand.siti.get(&ask).await.is(303);
    let here = format!("/kelola/pesanan/{}", paid.id);
    let seen = stand.siti.get(&here).await;
    let mut some = ACCOUNT.to_vec();
    some.push(("amount", "1000"));
    forces(&mut stand.siti, &seen, &format!("{here}/paket"), &ask, &some).await;
    assert_eq!(transfers(&stand).await.len(), 2);
    stand.adds_up().await;
    stand.close().await;
}

#[actix_web::test]
async fn a_broken_piece_is_made_good_and_its_maker_keeps_what_it_earned() {
    let mut stand = Stand::open().await;
    let order = stand.paid(&[(stand.basket, 2)]).await;
    let here = format!("/kelola/pesanan/{}", order.id);
    let line = stand.docket(&order).await.lines[0].id;
    let give = format!("{here}/barang/{line}/ganti");
    // Nothing was handed over yet, so there is nothing to make good.
    stand.tap(&give, &give, &[("amount", "1"), ("reason", "Pecah")]).await.is(422).says("Paling banyak Rp0");
    stand.tap(&here, &format!("{here}/paket"), &[]).await.is(303);
    let parcel = stand.docket(&order).await.parcels[0].parcel.id;
    let send = format!("{here}/paket/{parcel}/kirim");
    stand.tap(&send, &send, &[("courier", "JNE")]).await.is(303);
    stand.tap(&here, &format!("{here}/paket/{parcel}/sampai"), &[]).await.is(303);
    assert_eq!(stand.docket(&order).await.order.state, State::Completed);
    stand.siti.get(&here).await.says("Ganti rugi");
    stand.stranger.get(&give).await.is(404);
    stand.tap(&give, &give, &[("amount", "56.001"), ("reason", "Pecah")]).await.is(422).says("56.001").says("Pecah");
    stand.tap(&give, &give, &[("amount", "20.000"), ("reason", "Pecah satu")]).await.is(303);
    stand.tap(&give, &give, &[("amount", "36.001"), ("reason", "Lagi")]).await.is(422).says("Paling banyak Rp36.000");
    let owed = stand.docket(&order).await.order;
    assert_eq!((owed.state, owed.payment, owed.refund_due.0), (State::Completed, Payment::RefundDue, 20_000));
    stand.adds_up().await;
    stand.sends_back(&order, "TRX-8").await;
    let done = stand.docket(&order).await.order;
    assert_eq!((done.state, done.payment), (State::Completed, Payment::Paid));
    assert_eq!(stand.balance(Book::Crafter(stand.crafter_id)).await, -2 * 21_280);
    assert_eq!(stand.balance(Book::Compensation(stand.outlet.id)).await, 20_000);
    stand.adds_up().await;
    stand.close().await;
}
