//! The usual way: a list, a transfer or cash, and a tick.
use entity::{
    payout::{State, Way},
    payout_run,
};
use warong::ledger::Book;

use super::desk::{Desk, NEW, RUNS, act, at, face, tap};
use crate::support::people::PIN;

#[actix_web::test]
async fn one_person_makes_the_list_another_approves_it_and_each_payout_is_ticked_off() {
    let mut desk = Desk::open().await;
    let (sati, marsuki) = (desk.payee(), desk.other_payee());
    desk.earns(sati, 21_280).await;
    desk.earns(marsuki, 49_400).await;
    desk.names_account("002101000123507").await;
    desk.siti.get("/kelola").await.is(200).says(RUNS);
    desk.siti.get(RUNS).await.is(200).says("Rp70.680").says("2 perajin");

    let page = desk.siti.get(NEW).await;
    page.is(200).says("Bu Sati").says("BRI …3507, Sati").says("21.280");
    let (sati_id, marsuki_id) = (desk.cast.sati.id, desk.cast.marsuki.id);
    let typed = [
        (format!("pilih_{sati_id}"), "1"),
        (format!("jumlah_{sati_id}"), "20.000"),
        (format!("cara_{sati_id}"), "transfer"),
        (format!("pilih_{marsuki_id}"), "1"),
        (format!("jumlah_{marsuki_id}"), "49.400"),
        (format!("cara_{marsuki_id}"), "tunai"),
    ];
    let typed: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    let made = desk.siti.fill(&page, NEW, &typed).await;
    made.is(303);
    let run: i64 = made.location.as_deref().and_then(|url| url.rsplit('/').next()?.parse().ok()).expect("a number");
    assert_eq!((desk.owed(sati).await, desk.owed(marsuki).await, desk.underway().await), (1_280, 0, 69_400));
    desk.siti.get(&at(run)).await.is(200).says("Menunggu disetujui").says("Anda yang membuat daftar ini");

    let approve = format!("{}/setuju", at(run));
    tap(&mut desk.rizal, &at(run), &approve, &[]).await.is(303);
    let payouts = desk.run(run).await.payouts;
    assert_eq!(payouts.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Bu Sati", "Pak Marsuki"]);
    desk.siti.get(&at(run)).await.is(200).says("Boleh dibayar").says("Mas Rizal").says("Perlu ditransfer");
    tap(&mut desk.siti, &at(run), &act(&payouts[0], "lunas"), &[("acuan", "trf-0001")]).await.is(303);
    assert_eq!(desk.state(run).await, payout_run::State::Approved);
    let page = desk.siti.get(&at(run)).await;
    let (hand_over, picture) = (act(&payouts[1], "lunas"), face());
    let receiver = [("penerima", "Bu Marsuki")];
    desk.siti.fill_with_picture(&page, &hand_over, &receiver, "foto", Some(&picture)).await.is(303);

    assert_eq!(desk.state(run).await, payout_run::State::Done);
    let outlet = desk.cast.outlet.id;
    assert_eq!((desk.owed(sati).await, desk.underway().await), (1_280, 0));
    assert_eq!(desk.balance(Book::Bank(outlet)).await, -20_000);
    assert_eq!(desk.balance(Book::Cash(outlet)).await, 70_680 - 49_400);
    desk.siti.get(&at(run)).await.says("Selesai").says("TRF-0001").says("Diterima Bu Marsuki");
    desk.siti.get(RUNS).await.says("Rp1.280").says("Selesai");
    let mut sati = desk.sati().await;
    sati.get("/karya").await.is(200).says("/karya/buku");
    sati.get("/karya/buku/uang").await.is(200).says("Rp1.280").says("Rp20.000").says("TRF-0001").says("…3507");
    desk.close().await;
}

#[actix_web::test]
async fn a_payout_that_failed_is_owed_again_once() {
    let mut desk = Desk::open().await;
    let sati = desk.payee();
    desk.earns(sati, 21_280).await;
    desk.names_account("002101000123507").await;
    let payout = desk.approved(21_280, Way::Transfer).await;
    let page = at(payout.run_id);
    let failed = act(&payout, "gagal");
    let before = desk.siti.get(&page).await;
    desk.siti.fill(&before, &failed, &[("alasan", "rekening ditutup")]).await.is(303);
    assert_eq!((desk.owed(sati).await, desk.underway().await), (21_280, 0));
    // The same tap again, and the same wish from another page that was still open.
    desk.siti.fill(&before, &failed, &[("alasan", "rekening ditutup")]).await.is(303);
    desk.siti.fill(&before, &failed, &[("alasan", "lagi"), ("request_key", "another-key")]).await.is(409);
    let paid = act(&payout, "lunas");
    desk.siti.fill(&before, &paid, &[("acuan", "TRF-1"), ("request_key", "a-third-key")]).await.is(409);
    assert_eq!((desk.owed(sati).await, desk.underway().await), (21_280, 0));
    desk.siti.get(&page).await.says("Gagal").says("Utang lagi").says("rekening ditutup");
    assert_eq!(desk.state(payout.run_id).await, payout_run::State::Done);

    // It can be paid again, in cash, and only once more.
    let again = desk.approved(21_280, Way::Cash).await;
    tap(&mut desk.siti, &at(again.run_id), &act(&again, "lunas"), &[("pin", PIN)]).await.is(303);
    assert_eq!(desk.owed(sati).await, 0);
    desk.is(&again, State::Paid).await;
    desk.close().await;
}

#[actix_web::test]
async fn a_transfer_that_came_back_after_it_was_ticked_off_is_owed_again_once() {
    let mut desk = Desk::open().await;
    let sati = desk.payee();
    desk.earns(sati, 21_280).await;
    desk.names_account("002101000123507").await;
    let payout = desk.approved(21_280, Way::Transfer).await;
    tap(&mut desk.siti, &at(payout.run_id), &act(&payout, "lunas"), &[("acuan", "TRF-1")]).await.is(303);
    let page = desk.siti.get(&at(payout.run_id)).await;
    page.says("Uangnya kembali");
    for (key, status) in [("first-key-1", 303), ("first-key-1", 303), ("second-key", 409)] {
        let fields = [("alasan", "dikembalikan bank"), ("request_key", key)];
        desk.siti.fill(&page, &act(&payout, "gagal"), &fields).await.is(status);
        assert_eq!((desk.owed(sati).await, desk.underway().await), (21_280, 0));
        assert_eq!(desk.balance(Book::Bank(desk.cast.outlet.id)).await, 0);
    }
    desk.is(&payout, State::Failed).await;
    let mut phone = desk.sati().await;
    phone.get("/karya/buku/uang").await.says("Belum sampai");
    desk.close().await;
}

#[actix_web::test]
async fn a_draft_that_was_called_off_leaves_all_of_it_owed() {
    let mut desk = Desk::open().await;
    let sati = desk.payee();
    desk.earns(sati, 21_280).await;
    for (by_maker, state, word) in
        [(true, payout_run::State::Withdrawn, "Ditarik pembuatnya"), (false, payout_run::State::Rejected, "Ditolak")]
    {
        let run = desk.makes(&[(sati, 21_280, Way::Cash)]).await;
        assert_eq!(desk.owed(sati).await, 0);
        let action = format!("{}/batal", at(run));
        let who = if by_maker { &mut desk.siti } else { &mut desk.rizal };
        tap(who, &at(run), &action, &[("alasan", "")]).await.is(422).says("Harap diisi");
        let who = if by_maker { &mut desk.siti } else { &mut desk.rizal };
        tap(who, &at(run), &action, &[("alasan", "jumlah keliru")]).await.is(303);
        assert_eq!(desk.state(run).await, state);
        assert_eq!((desk.owed(sati).await, desk.underway().await), (21_280, 0));
        desk.rizal.get(&at(run)).await.says(word).says("jumlah keliru").says("Utang lagi");
        let again = format!("{}/setuju", at(run));
        let csrf = desk.rizal.get(NEW).await.hidden(NEW);
        let csrf: Vec<(&str, &str)> = csrf.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        desk.rizal.post_raw(&again, &csrf).await.is(409).says("sudah diputuskan");
    }
    desk.close().await;
}

#[actix_web::test]
async fn the_list_of_transfers_is_a_file_that_no_spreadsheet_takes_for_formulas() {
    let mut desk = Desk::open().await;
    let (sati, marsuki) = (desk.payee(), desk.other_payee());
    desk.earns(sati, 21_280).await;
    desk.earns(marsuki, 5_000).await;
    let page = format!("{RUNS}/rekening/{}", desk.cast.sati.id);
    let typed = [("bank", "=Bank \"Jatim\""), ("rekening", "0021-01 000123507"), ("pemilik", "+Sati, Bu")];
    tap(&mut desk.siti, &page, &page, &typed).await.is(303);
    let run = desk.makes(&[(sati, 21_280, Way::Transfer), (marsuki, 5_000, Way::Cash)]).await;
    desk.approves(run).await;
    let file = desk.siti.get(&format!("{}/daftar.csv", at(run))).await;
    file.is(200);
    let payout = &desk.run(run).await.payouts[0];
    let line = format!(
        "\"'+Sati, Bu\",\"'=Bank \"\"Jatim\"\"\",\"'002101000123507\",\"21280\",\"Hasil kerajinan {}\"\r\n",
        payout.id
    );
    let headings = "\"Nama\",\"Bank\",\"Nomor rekening\",\"Jumlah\",\"Catatan\"\r\n";
    assert_eq!(file.body.trim_start_matches('\u{feff}'), format!("{headings}{line}"));
    let raw = desk.siti.raw(&format!("{}/daftar.csv", at(run)), &[]).await;
    assert_eq!(raw.status().as_u16(), 303, "nobody gets it without signing in");
    assert_eq!(file.headers["cache-control"], "no-store");
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    desk.wahyudi.get(&format!("{}/daftar.csv", at(run))).await.is(403);
    desk.wahyudi.get(&at(run)).await.is(200).says("…3507");
    assert!(!desk.wahyudi.get(&at(run)).await.body.contains("002101000123507"));
    desk.close().await;
}

#[actix_web::test]
async fn an_account_changed_later_leaves_what_was_made_before_as_it_was() {
    let mut desk = Desk::open().await;
    desk.earns(desk.payee(), 21_280).await;
    desk.names_account("002101000123507").await;
    let run = desk.makes(&[(desk.payee(), 1_000, Way::Transfer)]).await;
    desk.names_account("777700000001").await;
    let later = desk.makes(&[(desk.payee(), 1_000, Way::Transfer)]).await;
    assert_eq!(desk.run(run).await.payouts[0].number.as_deref(), Some("002101000123507"));
    assert_eq!(desk.run(later).await.payouts[0].number.as_deref(), Some("777700000001"));
    // Only the end of a number is written down for ever.
    let all = warong::history::of(&desk.shop.app.db, warong::history::Subject("crafter", desk.cast.sati.id)).await;
    let all = serde_json::to_string(&all.expect("a read").iter().map(|row| &row.detail).collect::<Vec<_>>());
    let all = all.expect("JSON");
    assert!(all.contains("3507") && !all.contains("000123507"), "{all}");
    desk.siti.get(NEW).await.says("BRI …0001, Sati");
    desk.close().await;
}
