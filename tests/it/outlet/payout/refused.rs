//! What is said no to: the wrong person, the wrong amount, the wrong moment.
use entity::payout::{State, Way};
use sea_orm::ConnectionTrait;
use warong::{check, db, error::Error};

use super::desk::{Desk, NEW, RUNS, act, at, tap};
use crate::support::people::PIN;

#[actix_web::test]
async fn whoever_made_a_list_cannot_approve_it() {
    let mut desk = Desk::open().await;
    desk.earns(desk.payee(), 21_280).await;
    let run = desk.makes(&[(desk.payee(), 21_280, Way::Cash)]).await;
    let page = desk.siti.get(NEW).await;
    // Everything is reserved, so the form for another list is not there; the run's own form carries the keys.
    page.is(200).says("Semua perajin sudah dibayar");
    let keys = desk.siti.get(&at(run)).await.hidden(&format!("{}/batal", at(run)));
    let keys: Vec<(&str, &str)> = keys.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = desk.siti.post_raw(&format!("{}/setuju", at(run)), &keys).await;
    answer.is(409).says("Mintalah orang lain menyetujuinya");
    assert_eq!(desk.state(run).await, entity::payout_run::State::Draft);
    desk.close().await;
}

#[actix_web::test]
async fn nobody_else_comes_near_the_money() {
    let mut desk = Desk::open().await;
    desk.earns(desk.payee(), 21_280).await;
    desk.names_account("002101000123507").await;
    let payout = desk.approved(20_000, Way::Transfer).await;
    let draft = desk.makes(&[(desk.payee(), 1_000, Way::Cash)]).await;
    let account = format!("{RUNS}/rekening/{}", desk.cast.sati.id);
    let pages = [at(draft), at(payout.run_id), format!("{}/daftar.csv", at(payout.run_id)), account.clone()];
    let acts = [
        (format!("{}/setuju", at(draft)), vec![]),
        (format!("{}/batal", at(draft)), vec![("alasan", "x")]),
        (act(&payout, "lunas"), vec![("acuan", "TRF-9")]),
        (act(&payout, "gagal"), vec![("alasan", "x")]),
        (account, vec![("bank", "BRI"), ("rekening", "123456"), ("pemilik", "X")]),
    ];
    let mut sati = desk.sati().await;
    let mut guest = desk.shop.browser();
    for page in &pages {
        desk.stranger.get(page).await.is(404);
        sati.get(page).await.is(403);
        guest.get(page).await.is(303);
    }
    for (path, fields) in &acts {
        let with = |keys: Vec<(String, String)>| {
            let typed = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            keys.into_iter().chain(typed).collect::<Vec<_>>()
        };
        for (who, status) in [(&mut desk.stranger, 404), (&mut desk.wahyudi, 403), (&mut sati, 403)] {
            let keys = with(who.get("/akun").await.hidden("/keluar"));
            let keys: Vec<(&str, &str)> = keys.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            who.post_raw(path, &keys).await.is(status);
        }
        guest.post_raw(path, &[]).await.is(401);
        // Somebody of the outlet, from a page of another site.
        desk.rizal.post_raw(path, fields).await.is(409);
    }
    desk.wahyudi.get(RUNS).await.is(200).says("Rp280");
    desk.wahyudi.get(NEW).await.is(403);
    desk.stranger.get(RUNS).await.is(200).says("Semua perajin sudah dibayar");
    desk.is(&payout, State::Approved).await;
    assert_eq!((desk.owed(desk.payee()).await, desk.underway().await), (280, 21_000));
    for path in [at(99), format!("{RUNS}/x"), format!("{RUNS}/rekening/99"), format!("{RUNS}/-1")] {
        desk.siti.get(&path).await.is(404);
    }
    desk.close().await;
}

#[actix_web::test]
async fn wrong_amounts_are_refused_beside_their_field_and_what_was_typed_stays() {
    let mut desk = Desk::open().await;
    desk.earns(desk.payee(), 21_280).await;
    desk.earns(desk.other_payee(), 5_000).await;
    let (sati, marsuki) = (desk.cast.sati.id, desk.cast.marsuki.id);
    for (typed, sentence) in [
        ("21.281", "Bu Sati hanya berhak Rp21.280"),
        ("-5000", "angka saja"),
        ("banyak", "angka saja"),
        ("", "angka saja"),
        ("1e3", "angka saja"),
        ("99999999999999999999", "angka saja"),
    ] {
        let page = desk.siti.get(NEW).await;
        let (tick, sum, other) = (format!("pilih_{sati}"), format!("jumlah_{sati}"), format!("jumlah_{marsuki}"));
        let fields = [(tick.as_str(), "1"), (sum.as_str(), typed), (other.as_str(), "4.321")];
        let answer = desk.siti.fill(&page, NEW, &fields).await;
        answer.is(422).says(sentence).says(&format!("value=\"{typed}\"")).says("value=\"4.321\"");
        assert!(answer.body.contains(&format!("name=\"pilih_{sati}\" value=\"1\" checked")), "{}", answer.body);
        assert!(!answer.body.contains(&format!("name=\"pilih_{marsuki}\" value=\"1\" checked")), "{}", answer.body);
    }
    for fields in [vec![], vec![(format!("pilih_{sati}"), "1"), (format!("jumlah_{sati}"), "0")]] {
        let page = desk.siti.get(NEW).await;
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        desk.siti.fill(&page, NEW, &fields).await.is(422).says("Pilih sedikitnya satu perajin");
    }
    let page = desk.siti.get(NEW).await;
    desk.siti.fill(&page, NEW, &[("pilih_9999", "1"), ("jumlah_9999", "5")]).await.is(409).says("tidak punya uang");
    let page = desk.siti.get(NEW).await;
    let (tick, sum, way) = (format!("pilih_{sati}"), format!("jumlah_{sati}"), format!("cara_{sati}"));
    for (typed, sentence) in [("transfer", "belum punya rekening"), ("midtrans", "belum punya rekening")] {
        let fields = [(tick.as_str(), "1"), (sum.as_str(), "5"), (way.as_str(), typed)];
        desk.siti.fill(&page, NEW, &fields).await.is(409).says(sentence);
    }
    assert_eq!((desk.owed(desk.payee()).await, desk.underway().await), (21_280, 0));
    desk.close().await;
}

#[actix_web::test]
async fn the_books_themselves_refuse_what_the_page_did_not() {
    let desk = Desk::open().await;
    let sati = desk.payee();
    desk.earns(sati, 21_280).await;
    desk.names_account("002101000123507").await;
    for lines in [
        vec![(sati, 21_281, Way::Cash)],
        vec![(sati, 0, Way::Cash)],
        vec![(sati, -5, Way::Cash)],
        vec![(sati, 5, Way::Cash), (sati, 5, Way::Cash)],
        vec![(desk.other_payee(), 5, Way::Cash)],
        vec![(sati, 5, Way::Midtrans)],
        vec![],
    ] {
        let refused = desk.tries_to_make(&lines).await;
        assert!(matches!(refused, Err(Error::Refused(_))), "{lines:?}: {refused:?}");
    }
    assert_eq!((desk.owed(sati).await, desk.underway().await), (21_280, 0));
    desk.close().await;
}

#[actix_web::test]
async fn a_transfer_pays_one_person_and_only_after_approval() {
    let mut desk = Desk::open().await;
    let sati = desk.payee();
    desk.earns(sati, 21_280).await;
    desk.names_account("002101000123507").await;
    let first = desk.approved(1_000, Way::Transfer).await;
    let second = desk.approved(2_000, Way::Transfer).await;
    let page = at(first.run_id);
    tap(&mut desk.siti, &page, &act(&first, "lunas"), &[("acuan", "")]).await.is(422).says("Harap diisi");
    tap(&mut desk.siti, &page, &act(&first, "lunas"), &[("acuan", "TRF-1")]).await.is(303);
    let other = at(second.run_id);
    let used = tap(&mut desk.siti, &other, &act(&second, "lunas"), &[("acuan", " trf-1 ")]).await;
    used.is(409).says("sudah dipakai untuk Bu Sati").says("value=\" trf-1 \"");
    desk.is(&second, State::Approved).await;
    // Another run's payout is not found under this one.
    let keys = desk.siti.get(&other).await.hidden(&act(&second, "lunas"));
    let keys: Vec<(&str, &str)> = keys.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    desk.siti.post_raw(&format!("{page}/{}/lunas", second.id), &keys).await.is(404);

    let draft = desk.makes(&[(sati, 3_000, Way::Cash)]).await;
    let waiting = desk.run(draft).await.payouts.remove(0);
    for what in ["lunas", "gagal"] {
        let fields: Vec<(&str, &str)> = keys.iter().copied().chain([("alasan", "x")]).collect();
        desk.siti.post_raw(&act(&waiting, what), &fields).await.is(409).says("belum disetujui");
    }
    desk.close().await;
}

#[actix_web::test]
async fn an_account_that_cannot_be_is_refused_and_stays_as_typed() {
    let mut desk = Desk::open().await;
    let page = format!("{RUNS}/rekening/{}", desk.cast.sati.id);
    desk.siti.get(&page).await.is(200).says("Bu Sati").says("dibayar tunai");
    for wrong in ["1234", "BRI 12345", "123456789012345678901", "-12345x"] {
        let typed = [("bank", "BRI"), ("rekening", wrong), ("pemilik", "Sati")];
        let answer = tap(&mut desk.siti, &page, &page, &typed).await;
        answer.is(422).says("5 sampai 20 angka").says(&format!("value=\"{wrong}\""));
    }
    tap(&mut desk.siti, &page, &page, &[]).await.is(422).says("Harap diisi");
    desk.close().await;
}

#[actix_web::test]
async fn the_check_names_a_payout_that_does_not_add_up() {
    let spoils = [
        (
            "what is underway to payees is in payouts that have not ended",
            "UPDATE payout SET state = 'paid' WHERE id = 2",
        ),
        ("a payout takes from what is owed until it fails", "UPDATE payout SET state = 'failed' WHERE id = 1"),
        (
            "money has left for payouts that are paid, and for no other",
            "UPDATE payout SET state = 'approved' WHERE id = 1",
        ),
        ("whoever made a payout run did not approve it", "UPDATE payout_run SET decided_by = made_by"),
        ("nothing of a run is paid by hand before it is approved", "UPDATE payout_run SET state = 'draft'"),
        ("no payout counts as paid without its proof", "UPDATE payout SET proof = NULL WHERE id = 1"),
        ("no payout counts as paid without its proof", "UPDATE payout SET proof = 'photo' WHERE id = 1"),
    ];
    for (rule, spoil) in spoils {
        let mut desk = Desk::open().await;
        desk.earns(desk.payee(), 21_280).await;
        let paid = desk.approved(1_000, Way::Cash).await;
        tap(&mut desk.siti, &at(paid.run_id), &act(&paid, "lunas"), &[("pin", PIN)]).await.is(303);
        desk.approved(2_000, Way::Cash).await;
        desk.adds_up().await;
        let tx = db::begin(&desk.shop.app.db).await.expect("a transaction");
        tx.execute_unprepared(spoil).await.expect("spoilt");
        tx.commit().await.expect("it stands");
        let report = check::all(&desk.shop.app.db).await.expect("the check runs");
        let broken = report.checks.iter().find(|finding| finding.rule == rule).expect("the rule");
        assert!(!broken.ok, "{rule}:\n{}", check::in_words(&report));
    }
}
