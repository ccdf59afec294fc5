//! Stories of what crafters are given before they have earned it, and how it comes back.
use entity::{
    Rupiah,
    debt::{Kind, Source, State},
    payout::{State as Payout, Way},
    payout_run,
};
use futures_util::future::join_all;
use sea_orm::ConnectionTrait;
use warong::{
    check, db,
    error::Error,
    ledger::Book,
    outlet::{
        debt::{self, NewDebt, Standing},
        payee::{self, Payee},
        payout_run::{self as runs, Line},
        repayment::{self, SetOff},
    },
};

use super::payout::desk::{Desk, NEW, RUNS, act, at, signed_in, tap};
use crate::support::people::PIN;

const DEBTS: &str = "/kelola/utang";
const ASK: &str = "/kelola/utang/baru";

impl Desk {
    /// Bu Siti writes it down, Mas Rizal says yes.
    async fn gives(&self, payee: Payee, kind: Kind, amount: i64, most: Option<i64>) -> i64 {
        let Payee::Crafter(crafter_id) = payee;
        let source = if kind == Kind::Cash { Source::Cash } else { Source::Stock };
        let new = NewDebt {
            crafter_id,
            kind,
            source,
            amount: Rupiah(amount),
            reason: "bambu apus".into(),
            first: false,
            most_per_payout: most.map(Rupiah),
        };
        let (clock, outlet) = (&self.shop.clock, &self.cast.outlet);
        let tx = db::begin(&self.shop.app.db).await.expect("a transaction");
        let id = debt::ask(&tx, clock, outlet, &new, self.cast.siti).await.expect("asked");
        debt::give(&tx, clock, outlet, id, self.cast.rizal).await.expect("given");
        tx.commit().await.expect("it stands");
        id
    }

    async fn standing(&self, id: i64) -> Standing {
        debt::read(&self.shop.app.db, self.cast.outlet.id, id).await.expect("the debt")
    }

    async fn rest(&self, id: i64) -> i64 {
        self.standing(id).await.rest().0
    }

    async fn advance(&self, payee: Payee) -> i64 {
        let Payee::Crafter(id) = payee;
        self.balance(Book::Advance(id)).await
    }

    /// Bu Siti makes a list with one line.
    async fn tries(&self, amount: i64, set_offs: &[(i64, i64)]) -> warong::error::Result<i64> {
        let set_offs = set_offs.iter().map(|(debt_id, amount)| SetOff { debt_id: *debt_id, amount: Rupiah(*amount) });
        let line = Line { payee: self.payee(), amount: Rupiah(amount), way: Way::Cash, set_offs: set_offs.collect() };
        let (clock, outlet) = (&self.shop.clock, &self.cast.outlet);
        let tx = db::begin(&self.shop.app.db).await.expect("a transaction");
        let id = runs::make(&tx, clock, outlet, &[line], false, self.cast.siti).await?;
        tx.commit().await.expect("it stands");
        Ok(id)
    }
}

fn refused<T: std::fmt::Debug>(done: warong::error::Result<T>) -> &'static str {
    match done {
        Err(Error::Refused(refusal)) => refusal.said.key,
        other => panic!("should have been refused: {other:?}"),
    }
}

#[actix_web::test]
async fn one_person_writes_it_down_and_another_hands_it_over() {
    let mut desk = Desk::open().await;
    let sati = desk.cast.sati.id.to_string();
    desk.siti.get(DEBTS).await.is(200).says("Tidak ada perajin yang berutang");
    let typed = [
        ("perajin", sati.as_str()),
        ("jenis", "bahan"),
        ("dari", "gudang"),
        ("jumlah", "150.000"),
        ("alasan", "40 batang bambu apus"),
        ("paling_banyak", "25.000"),
    ];
    let asked = tap(&mut desk.siti, ASK, ASK, &typed).await;
    asked.is(303);
    let page = asked.location.clone().expect("its page");
    desk.siti.get(&page).await.is(200).says("Anda yang menulis ini").says("Rp150.000").says("40 batang bambu apus");
    assert_eq!(desk.advance(desk.payee()).await, 0, "nothing moves before somebody else says yes");
    let give = format!("{page}/setuju");
    let keys = desk.siti.get(&page).await.hidden(&format!("{page}/tolak"));
    let keys: Vec<(&str, &str)> = keys.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    desk.siti.post_raw(&give, &keys).await.is(409).says("Anda sendiri yang menulis");
    let before = desk.rizal.get(&page).await;
    desk.rizal.fill(&before, &give, &[]).await.is(303);
    desk.rizal.fill(&before, &give, &[]).await.is(303);
    desk.rizal.fill(&before, &give, &[("request_key", "another-key")]).await.is(409).says("sudah diputuskan");
    assert_eq!(desk.advance(desk.payee()).await, 150_000);
    assert_eq!(desk.balance(Book::OwnSales(desk.cast.outlet.id)).await, -150_000, "material is a sale on credit");
    desk.siti.get(DEBTS).await.is(200).says("Rp150.000").says("Bu Sati").says("40 batang");
    desk.siti.get(RUNS).await.says(DEBTS);
    desk.wahyudi.get(&page).await.is(200).says("belum kembali").says("Mas Rizal");
    desk.close().await;
}

#[actix_web::test]
async fn what_was_asked_wrongly_is_said_beside_its_field_and_stays_as_typed() {
    let mut desk = Desk::open().await;
    let sati = desk.cast.sati.id.to_string();
    for (field, typed, sentence) in [
        ("perajin", "999", "Pilih"),
        ("jenis", "emas", "Pilih"),
        ("dari", "langit", "Pilih"),
        ("jumlah", "-5", "angka saja"),
        ("jumlah", "0", "sedikit"),
        ("jumlah", "12,5", "angka saja"),
        ("jumlah", "99999999999", "paling"),
        ("alasan", "", "Harap diisi"),
        ("paling_banyak", "0", "sedikit"),
        ("jenis", "uang", "bukan dari persediaan"),
    ] {
        let mut fields = vec![
            ("perajin", sati.as_str()),
            ("jenis", "bahan"),
            ("dari", "gudang"),
            ("jumlah", "50.000"),
            ("alasan", "rotan"),
        ];
        fields.retain(|(name, _)| *name != field);
        fields.push((field, typed));
        let answer = tap(&mut desk.siti, ASK, ASK, &fields).await;
        assert_eq!(answer.status, 422, "{field}={typed}: {}", answer.body);
        assert!(answer.body.to_lowercase().contains(&sentence.to_lowercase()), "{field}={typed}: {}", answer.body);
    }
    assert!(debt::open(&desk.shop.app.db, desk.cast.outlet.id).await.expect("a read").is_empty());
    desk.close().await;
}

#[actix_web::test]
async fn nobody_else_comes_near_a_debt() {
    let mut desk = Desk::open().await;
    let id = desk.gives(desk.payee(), Kind::Cash, 100_000, None).await;
    let page = format!("{DEBTS}/{id}");
    let mut sati = desk.sati().await;
    let mut guest = desk.shop.browser();
    desk.stranger.get(&page).await.is(404);
    sati.get(&page).await.is(403);
    guest.get(&page).await.is(303);
    desk.wahyudi.get(ASK).await.is(403);
    for what in ["setuju", "tolak", "batal", "sepakat", "kembali"] {
        let path = format!("{page}/{what}");
        for (who, status) in [(&mut desk.stranger, 404), (&mut desk.wahyudi, 403), (&mut sati, 403)] {
            let keys = who.get("/akun").await.hidden("/keluar");
            let mut keys: Vec<(&str, &str)> = keys.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            keys.extend([("alasan", "x"), ("jumlah", "5")]);
            who.post_raw(&path, &keys).await.is(status);
        }
        guest.post_raw(&path, &[]).await.is(401);
        desk.rizal.post_raw(&path, &[("alasan", "x"), ("jumlah", "5")]).await.is(409);
    }
    for bad in ["99", "x", "-1"] {
        desk.siti.get(&format!("{DEBTS}/{bad}")).await.is(404);
    }
    assert_eq!(desk.rest(id).await, 100_000);
    desk.close().await;
}

#[actix_web::test]
async fn a_list_proposes_what_was_agreed_and_whoever_makes_it_may_lower_it() {
    let mut desk = Desk::open().await;
    let sati = desk.payee();
    let loan = desk.gives(sati, Kind::Cash, 100_000, Some(25_000)).await;
    let bamboo = desk.gives(sati, Kind::Material, 40_000, None).await;
    desk.earns(sati, 90_000).await;
    let page = desk.siti.get(NEW).await;
    page.is(200).says(&format!("name=\"potong_{loan}\" value=\"25.000\"")).says("Potong Pinjaman uang");
    page.says(&format!("name=\"potong_{bamboo}\" value=\"40.000\"")).says("value=\"25.000\"");
    let id = desk.cast.sati.id;
    let (tick, sum) = (format!("pilih_{id}"), format!("jumlah_{id}"));
    let (first, second) = (format!("potong_{loan}"), format!("potong_{bamboo}"));
    for (loan, bamboo, paid, sentence) in [
        ("25.001", "0", "1.000", "Paling banyak Rp25.000"),
        ("-1", "0", "1.000", "angka saja"),
        ("25.000", "40.000", "25.001", "tinggal Rp25.000 setelah dipotong"),
    ] {
        let typed = [(tick.as_str(), "1"), (&first, loan), (&second, bamboo), (&sum, paid)];
        let no = desk.siti.fill(&page, NEW, &typed).await;
        no.is(422).says(sentence).says(&format!("value=\"{loan}\""));
    }
    let typed = [(tick.as_str(), "1"), (&first, "20.000"), (&second, "0"), (&sum, "50.000")];
    let made = desk.siti.fill(&page, NEW, &typed).await;
    made.is(303);
    assert_eq!((desk.owed(sati).await, desk.underway().await), (20_000, 50_000), "a part payout");
    assert_eq!((desk.rest(loan).await, desk.rest(bamboo).await), (80_000, 40_000));
    assert_eq!(desk.advance(sati).await, 120_000);
    let run = made.location.clone().expect("the run");
    desk.rizal.get(&run).await.is(200).says("Dipotong Pinjaman uang").says("Rp20.000");
    desk.siti.get(&format!("{DEBTS}/{loan}")).await.says("Dipotong di daftar bayar").says("Rp80.000");
    desk.close().await;
}

#[actix_web::test]
async fn a_payout_that_is_dropped_or_fails_gives_back_what_was_set_off_once() {
    let mut desk = Desk::open().await;
    let sati = desk.payee();
    let loan = desk.gives(sati, Kind::Cash, 100_000, None).await;
    desk.earns(sati, 90_000).await;
    let run = desk.tries(50_000, &[(loan, 40_000)]).await.expect("a list");
    assert_eq!((desk.owed(sati).await, desk.rest(loan).await), (0, 60_000));
    tap(&mut desk.rizal, &at(run), &format!("{}/batal", at(run)), &[("alasan", "keliru")]).await.is(303);
    assert_eq!((desk.owed(sati).await, desk.rest(loan).await), (90_000, 100_000));
    desk.siti.get(&at(run)).await.says("dikembalikan ke utang");

    let run = desk.tries(50_000, &[(loan, 40_000)]).await.expect("a list");
    desk.approves(run).await;
    let payout = desk.run(run).await.payouts.remove(0);
    tap(&mut desk.siti, &at(run), &act(&payout, "lunas"), &[("pin", PIN)]).await.is(303);
    let page = desk.siti.get(&at(run)).await;
    for (key, status) in [("first-key-1", 303), ("first-key-1", 303), ("second-key", 409)] {
        let fields = [("alasan", "uang kembali"), ("request_key", key)];
        desk.siti.fill(&page, &act(&payout, "gagal"), &fields).await.is(status);
        assert_eq!((desk.owed(sati).await, desk.rest(loan).await), (90_000, 100_000));
    }
    desk.is(&payout, Payout::Failed).await;
    desk.close().await;
}

#[actix_web::test]
async fn when_all_is_set_off_nothing_is_paid_out_and_another_still_approves() {
    let mut desk = Desk::open().await;
    let sati = desk.payee();
    let loan = desk.gives(sati, Kind::Cash, 100_000, None).await;
    desk.earns(sati, 30_000).await;
    let page = desk.siti.get(NEW).await;
    let id = desk.cast.sati.id;
    let (tick, sum, part) = (format!("pilih_{id}"), format!("jumlah_{id}"), format!("potong_{loan}"));
    let typed = [(tick.as_str(), "1"), (part.as_str(), "30.000"), (sum.as_str(), "0")];
    let made = desk.siti.fill(&page, NEW, &typed).await;
    made.is(303);
    let run: i64 = made.location.as_deref().and_then(|url| url.rsplit('/').next()?.parse().ok()).expect("a number");
    assert_eq!((desk.owed(sati).await, desk.rest(loan).await, desk.underway().await), (0, 70_000, 0));
    desk.rizal.get(&at(run)).await.is(200).says("habis dipotong").says("Bu Sati");
    assert_eq!(desk.state(run).await, payout_run::State::Draft);
    desk.approves(run).await;
    assert_eq!(desk.state(run).await, payout_run::State::Done);
    // The next such list is called off.
    desk.earns(sati, 10_000).await;
    let run = desk.tries(0, &[(loan, 10_000)]).await.expect("a list");
    tap(&mut desk.siti, &at(run), &format!("{}/batal", at(run)), &[("alasan", "nanti")]).await.is(303);
    assert_eq!((desk.owed(sati).await, desk.rest(loan).await), (10_000, 70_000));
    desk.close().await;
}

#[actix_web::test]
async fn the_books_refuse_what_the_page_did_not() {
    let desk = Desk::open().await;
    let sati = desk.payee();
    let loan = desk.gives(sati, Kind::Cash, 50_000, Some(20_000)).await;
    let other = desk.gives(desk.other_payee(), Kind::Cash, 50_000, None).await;
    desk.earns(sati, 60_000).await;
    assert_eq!(refused(desk.tries(0, &[]).await), "payout.not_positive");
    assert_eq!(refused(desk.tries(0, &[(loan, 0)]).await), "payout.not_positive");
    assert_eq!(refused(desk.tries(-5, &[(loan, 5)]).await), "payout.not_positive");
    assert_eq!(refused(desk.tries(1_000, &[(loan, 20_001)]).await), "debt.more_than_due");
    assert_eq!(refused(desk.tries(1_000, &[(loan, -1)]).await), "debt.not_positive");
    assert_eq!(refused(desk.tries(1_000, &[(other, 5)]).await), "debt.nothing_left", "not hers");
    assert_eq!(refused(desk.tries(1_000, &[(99, 5)]).await), "debt.nothing_left");
    assert_eq!(refused(desk.tries(1_000, &[(loan, 5), (loan, 5)]).await), "debt.nothing_left");
    assert_eq!(refused(desk.tries(50_000, &[(loan, 10_001)]).await), "payout.more_than_owed");
    assert_eq!((desk.owed(sati).await, desk.rest(loan).await), (60_000, 50_000));
    desk.tries(40_000, &[(loan, 20_000)]).await.expect("to the rupiah");
    assert_eq!(desk.owed(sati).await, 0);
    desk.close().await;
}

#[actix_web::test]
async fn two_lists_at_once_set_a_debt_off_once() {
    let desk = Desk::open().await;
    let sati = desk.payee();
    let loan = desk.gives(sati, Kind::Cash, 30_000, None).await;
    desk.earns(sati, 200_000).await;
    let tries = (0..4).map(|n| {
        let desk = &desk;
        async move { desk.tries(1_000 + n, &[(loan, 30_000)]).await.is_ok() }
    });
    let done = join_all(tries).await;
    assert_eq!(done.iter().filter(|done| **done).count(), 1, "{done:?}");
    assert_eq!(desk.rest(loan).await, 0);
    desk.close().await;
}

#[actix_web::test]
async fn a_debt_given_twice_at_once_is_given_once() {
    let desk = Desk::open().await;
    let sati = desk.cast.sati.id.to_string();
    let mut siti = desk.siti.clone();
    let typed =
        [("perajin", sati.as_str()), ("jenis", "uang"), ("dari", "laci"), ("jumlah", "75.000"), ("alasan", "sekolah")];
    let page = tap(&mut siti, ASK, ASK, &typed).await.location.clone().expect("its page");
    let mut taps = Vec::new();
    for _ in 0..3 {
        let mut browser = signed_in(&desk.shop, desk.cast.rizal).await;
        let seen = browser.get(&page).await;
        let give = format!("{page}/setuju");
        taps.push(async move { browser.fill(&seen, &give, &[]).await.status });
    }
    let mut told = join_all(taps).await;
    told.sort_unstable();
    assert_eq!(told, [303, 409, 409]);
    assert_eq!(desk.balance(Book::Cash(desk.cast.outlet.id)).await, -75_000);
    desk.close().await;
}

#[actix_web::test]
async fn a_crafter_who_brings_money_back_owes_less_and_never_less_than_nothing() {
    let mut desk = Desk::open().await;
    let sati = desk.payee();
    let loan = desk.gives(sati, Kind::Cash, 100_000, None).await;
    let page = format!("{DEBTS}/{loan}");
    let back = format!("{page}/kembali");
    tap(&mut desk.siti, &page, &back, &[("jumlah", "100.001")]).await.is(409).says("tinggal Rp100.000");
    let seen = desk.siti.get(&page).await;
    desk.siti.fill(&seen, &back, &[("jumlah", "40.000")]).await.is(303);
    desk.siti.fill(&seen, &back, &[("jumlah", "40.000")]).await.is(303);
    assert_eq!((desk.rest(loan).await, desk.balance(Book::Cash(desk.cast.outlet.id)).await), (60_000, -60_000));
    let keys = desk.siti.get(&page).await.hidden(&back);
    let mut keys: Vec<(&str, &str)> = keys.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    keys.push(("alasan", "x"));
    desk.siti.post_raw(&format!("{page}/batal"), &keys).await.is(409).says("Sebagian sudah kembali");
    tap(&mut desk.siti, &page, &back, &[("jumlah", "60.000")]).await.is(303);
    assert_eq!((desk.rest(loan).await, desk.advance(sati).await), (0, 0));
    desk.siti.get(DEBTS).await.says("Tidak ada perajin yang berutang");
    desk.close().await;
}

#[actix_web::test]
async fn what_was_written_by_mistake_is_refused_or_undone() {
    let mut desk = Desk::open().await;
    let sati = desk.payee();
    let given = desk.gives(sati, Kind::Material, 100_000, None).await;
    let page = format!("{DEBTS}/{given}");
    tap(&mut desk.siti, &page, &format!("{page}/batal"), &[("alasan", "")]).await.is(422).says("Harap diisi");
    tap(&mut desk.siti, &page, &format!("{page}/batal"), &[("alasan", "salah orang")]).await.is(303);
    assert_eq!((desk.rest(given).await, desk.advance(sati).await), (0, 0));
    assert_eq!(desk.standing(given).await.debt.state, State::Undone);
    desk.siti.get(&page).await.says("Dibatalkan").says("salah orang");
    let id = desk.cast.sati.id.to_string();
    let typed =
        [("perajin", id.as_str()), ("jenis", "uang"), ("dari", "bank"), ("jumlah", "75.000"), ("alasan", "sekolah")];
    let asked = tap(&mut desk.siti, ASK, ASK, &typed).await.location.clone().expect("its page");
    tap(&mut desk.rizal, &asked, &format!("{asked}/tolak"), &[("alasan", "kas kosong")]).await.is(303);
    desk.siti.get(&asked).await.says("Tidak jadi").says("kas kosong");
    assert_eq!(desk.advance(sati).await, 0);
    desk.close().await;
}

#[actix_web::test]
async fn the_order_of_setting_off_is_what_the_crafter_agreed_to() {
    let mut desk = Desk::open().await;
    let sati = desk.payee();
    let loan = desk.gives(sati, Kind::Cash, 30_000, None).await;
    let bamboo = desk.gives(sati, Kind::Material, 30_000, None).await;
    let order = || async {
        let due = repayment::due(&desk.shop.app.db, desk.cast.sati.id).await.expect("a read");
        due.of(Rupiah(40_000)).iter().map(|one| (one.debt_id, one.amount.0)).collect::<Vec<_>>()
    };
    assert_eq!(order().await, [(loan, 30_000), (bamboo, 10_000)]);
    let page = format!("{DEBTS}/{bamboo}");
    let mut siti = desk.siti.clone();
    let typed = [("dulu", "1"), ("paling_banyak", "15.000")];
    tap(&mut siti, &page, &format!("{page}/sepakat"), &typed).await.is(303);
    assert_eq!(order().await, [(bamboo, 15_000), (loan, 25_000)]);
    desk.siti.get(&page).await.says("Rp15.000");
    desk.close().await;
}

#[actix_web::test]
async fn whoever_is_ahead_after_a_return_is_not_paid_until_they_have_caught_up() {
    let desk = Desk::open().await;
    let sati = desk.payee();
    desk.earns(sati, 50_000).await;
    desk.approved(50_000, Way::Cash).await;
    // A basket comes back after its maker was paid.
    desk.earns(sati, -21_280).await;
    assert_eq!(desk.owed(sati).await, -21_280);
    assert!(payee::owed(&desk.shop.app.db, desk.cast.outlet.id).await.expect("a read").is_empty());
    assert_eq!(refused(desk.tries(1, &[]).await), "payout.nothing_owed");
    desk.earns(sati, 30_000).await;
    assert_eq!(refused(desk.tries(8_721, &[]).await), "payout.more_than_owed");
    desk.tries(8_720, &[]).await.expect("the next payout is less by what came back");
    desk.close().await;
}

#[actix_web::test]
async fn the_check_names_a_debt_that_does_not_add_up() {
    let spoils = [
        ("what is left of a debt is in the books", "UPDATE debt SET amount = amount + 1"),
        ("no debt is paid back beyond what was given", "UPDATE debt SET state = 'asked'"),
        ("what was set off stands as long as its payout does", "UPDATE payout SET state = 'dropped'"),
        ("whoever asked for a debt did not give it", "UPDATE debt SET decided_by = asked_by"),
    ];
    for (rule, spoil) in spoils {
        let desk = Desk::open().await;
        let loan = desk.gives(desk.payee(), Kind::Cash, 30_000, None).await;
        desk.earns(desk.payee(), 50_000).await;
        desk.tries(10_000, &[(loan, 30_000)]).await.expect("a list");
        desk.adds_up().await;
        let tx = db::begin(&desk.shop.app.db).await.expect("a transaction");
        tx.execute_unprepared(spoil).await.expect("spoilt");
        tx.commit().await.expect("it stands");
        let report = check::all(&desk.shop.app.db).await.expect("the check runs");
        let broken = report.checks.iter().find(|finding| finding.rule == rule).expect("the rule");
        assert!(!broken.ok, "{rule}:\n{}", check::in_words(&report));
    }
}

#[actix_web::test]
async fn one_crafter_is_lent_no_more_than_the_outlet_says() {
    let mut desk = Desk::open().await;
    let sati = desk.cast.sati.id.to_string();
    let fields = |amount: &'static str| {
        [("perajin", sati.as_str()), ("jenis", "uang"), ("dari", "laci"), ("jumlah", amount), ("alasan", "sekolah")]
    };
    desk.siti.get(ASK).await.is(200).says("paling banyak Rp1.000.000");
    tap(&mut desk.siti, ASK, ASK, &fields("1.000.001")).await.is(409).says("Masih bisa Rp1.000.000").says("1.000.001");
    desk.gives(desk.payee(), Kind::Cash, 600_000, None).await;
    let waits = tap(&mut desk.siti, ASK, ASK, &fields("300.000")).await.is(303).location.clone().expect("its page");
    // What waits for a yes counts too.
    tap(&mut desk.siti, ASK, ASK, &fields("100.001")).await.is(409).says("Masih bisa Rp100.000");
    let others = desk.other_payee();
    desk.gives(others, Kind::Cash, 1_000_000, None).await;

    let limit = format!("{DEBTS}/batas");
    for typed in ["", "-1", "banyak", "99.000.000"] {
        tap(&mut desk.siti, DEBTS, &limit, &[("batas", typed)]).await.is(422);
    }
    let before = desk.siti.get(DEBTS).await;
    before.is(200).says("paling banyak berutang Rp1.000.000");
    desk.siti.fill(&before, &limit, &[("batas", "800.000")]).await.is(303);
    desk.siti.fill(&before, &limit, &[("batas", "800.000")]).await.is(303);
    let read = desk.wahyudi.get(DEBTS).await;
    assert!(read.is(200).says("Rp800.000").body.matches(&limit).count() == 0, "who only reads changes nothing");
    let keys = read.hidden("/bahasa");
    let keys: Vec<(&str, &str)> = keys.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let typed: Vec<(&str, &str)> = keys.iter().copied().chain([("batas", "5")]).collect();
    desk.wahyudi.post_raw(&limit, &typed).await.is(403);
    // It was lowered after it was asked for.
    let page = desk.rizal.get(&waits).await;
    desk.rizal.fill(&page, &format!("{waits}/setuju"), &[]).await.is(409).says("Masih bisa Rp200.000");
    tap(&mut desk.siti, DEBTS, &limit, &[("batas", "900.000")]).await.is(303);
    let page = desk.rizal.get(&waits).await;
    desk.rizal.fill(&page, &format!("{waits}/setuju"), &[]).await.is(303);
    assert_eq!(desk.advance(desk.payee()).await, 900_000);
    desk.close().await;
}

#[actix_web::test]
async fn two_askings_at_once_stay_within_the_limit() {
    let desk = Desk::open().await;
    let ask = |n: i64| {
        let desk = &desk;
        async move {
            let Payee::Crafter(crafter_id) = desk.payee();
            let new = NewDebt {
                crafter_id,
                kind: Kind::Cash,
                source: Source::Cash,
                amount: Rupiah(600_000 + n),
                reason: "sekolah".into(),
                first: false,
                most_per_payout: None,
            };
            let tx = db::begin(&desk.shop.app.db).await.expect("a transaction");
            let asked = debt::ask(&tx, &desk.shop.clock, &desk.cast.outlet, &new, desk.cast.siti).await;
            if asked.is_ok() {
                tx.commit().await.expect("it stands");
            }
            asked
        }
    };
    let done = join_all((0..4).map(ask)).await;
    assert_eq!(done.iter().filter(|one| one.is_ok()).count(), 1, "{done:?}");
    assert!(done.into_iter().filter(|one| one.is_err()).all(|one| refused(one) == "debt.above_limit"));
    desk.close().await;
}
