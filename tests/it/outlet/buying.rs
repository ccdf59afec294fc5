//! Pages of what the outlet buys in: typed on a small phone, asked about before it is saved, once however often tapped.
use chrono::Duration;
use entity::{Rupiah, person_role::Role, stock_move::Kind};
use futures_util::future::join_all;
use warong::{
    accounts::{
        person,
        role::{self, Place},
        session,
    },
    form::SESSION_COOKIE,
    ledger::Book,
    outlet::{purchase, supplier},
};

mod suppliers;

use super::purchase::Granary;
use crate::{
    counter::stand::slip,
    support::{Browser, browser::Seen},
};

const LIST: &str = "/kelola/belanja";
const NEW: &str = "/kelola/belanja/baru";
const SUPPLIERS: &str = "/kelola/belanja/pemasok";

/// What is typed, by field.
type Typed = Vec<(String, String)>;

impl Granary {
    /// Three sacks of 50 kg from UD Sumber for Rp1.875.000, brought for Rp50.000; Rp500.000 is paid out of the box.
    fn sacks(&self) -> Typed {
        [
            ("b1_barang", self.rice.to_string().as_str()),
            ("b1_cara", "baru"),
            ("b1_kemasan", "karung"),
            ("b1_isi", "50"),
            ("b1_banyak", "3"),
            ("b1_harga", "1.875.000"),
            ("b1_sampai", ""),
            ("b1_batch", "L-7"),
            ("pemasok", self.sumber.id.to_string().as_str()),
            ("tanggal", self.today().to_string().as_str()),
            ("ongkos", "50.000"),
            ("nota", "00123"),
            ("bayar", "kas"),
            ("dibayar", "500.000"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }

    async fn types(&mut self, typed: &Typed) -> Seen {
        let page = self.stand.siti.get(NEW).await;
        self.sends(&page, typed).await
    }

    async fn sends(&mut self, page: &Seen, typed: &Typed) -> Seen {
        let typed: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.stand.siti.fill(page, NEW, &typed).await
    }

    async fn purchases(&self) -> usize {
        purchase::list(&self.stand.shop.app.db, self.stand.outlet.id, 100).await.expect("a list").len()
    }

    async fn owed(&self) -> i64 {
        supplier::owed(&self.stand.shop.app.db, self.sumber.id).await.expect("a read").0
    }

    /// Somebody with a role at this outlet, signed in.
    async fn somebody(&self, role: Role) -> Browser {
        let (tx, clock) = (self.stand.begin().await, &self.stand.shop.clock);
        let id = person::create(&tx, clock, "Pak Wahyudi", None, None).await.expect("a person");
        let place = match role {
            Role::Auditor => Place::Village(self.stand.outlet.village_id),
            _ => Place::Outlet(self.stand.outlet.id),
        };
        role::grant(&tx, clock, id, role, place, None).await.expect("a role");
        let token = session::open(&tx, clock, id, "HP").await.expect("a session");
        tx.commit().await.expect("it stands");
        let mut browser = self.stand.shop.browser();
        browser.cookies.insert(SESSION_COOKIE.into(), token);
        browser
    }
}

fn with(typed: &Typed, field: &str, value: &str) -> Typed {
    let mut typed = typed.clone();
    typed.retain(|(name, _)| name != field);
    typed.push((field.to_owned(), value.to_owned()));
    typed
}

/// The value of a hidden or typed field as it stands on a page.
fn standing(page: &Seen, name: &str) -> Option<String> {
    let at = page.body.find(&format!("name=\"{name}\""))?;
    let tag = &page.body[at..][..page.body[at..].find('>')?];
    let value = tag.split("value=\"").nth(1)?;
    Some(value[..value.find('"')?].to_owned())
}

#[actix_web::test]
async fn a_sack_is_typed_once_and_offered_the_next_time() {
    let mut granary = Granary::open().await;
    granary.stand.siti.get("/kelola").await.is(200).says(LIST);
    granary.stand.siti.get(LIST).await.is(200).says("Belum ada belanja").says(NEW);
    let blank = granary.stand.siti.get(NEW).await;
    blank.is(200).says("Beras medium curah").says("Barang apa yang dibeli?");
    let rice = granary.rice.to_string();
    let one = granary.stand.siti.fill(&blank, NEW, &[("tambah", &rice)]).await;
    one.is(200).says("Lepas, per kg").says("Dibeli dari siapa").says("UD Sumber");
    let typed = granary.sacks();
    let saved = granary.sends(&one, &typed).await;
    saved.is(303);
    let page = saved.location.clone().expect("its page");
    let seen = granary.stand.siti.get(&page).await;
    seen.is(200).says("UD Sumber").says("150 kg").says("3 karung").says("Rp12.833 per kg").says("Rp1.925.000");
    seen.says("Rp500.000").says("nota 00123").says("batch L-7").says("Rp1.425.000").says("Sisa 150 kg");
    granary.stand.siti.get(LIST).await.is(200).says("Rp1.425.000").says("Rp1.925.000").says("UD Sumber");
    assert_eq!(granary.worth().await, (150_000, 1_925_000));
    assert_eq!(granary.books(Book::Cash(granary.stand.outlet.id)).await, -500_000);
    let again = granary.stand.siti.fill(&blank, NEW, &[("tambah", &rice)]).await;
    again.is(200).says("karung 50 kg");
    granary.adds_up().await;
    granary.stand.close().await;
}

#[actix_web::test]
async fn what_was_typed_wrongly_is_said_beside_its_field_and_stays() {
    let mut granary = Granary::open().await;
    let good = granary.sacks();
    let tomorrow = (granary.today() + Duration::days(1)).to_string();
    let yesterday = (granary.today() - Duration::days(1)).to_string();
    for (field, typed, sentence) in [
        ("b1_banyak", "", "Harap diisi"),
        ("b1_banyak", "0", "lebih dari nol"),
        ("b1_banyak", "-3", "lebih dari nol"),
        ("b1_banyak", "200", "kurang dari sepuluh ton"),
        ("b1_banyak", "99999999999999", "kurang dari sepuluh ton"),
        ("b1_banyak", "tiga", "Tulis angka"),
        ("b1_kemasan", "", "Harap diisi"),
        ("b1_kemasan", "karung yang namanya terlalu panjang sekali", "Terlalu panjang"),
        ("b1_isi", "0", "lebih dari nol"),
        ("b1_isi", "-50", "lebih dari nol"),
        ("b1_isi", "banyak", "lebih dari nol"),
        ("b1_harga", "", "Harap diisi"),
        ("b1_harga", "-5", "angka saja"),
        ("b1_harga", "9.999.999.999", "satu miliar"),
        ("b1_sampai", yesterday.as_str(), "sebelum tanggal belanja"),
        ("b1_sampai", "kapan-kapan", "tidak terbaca"),
        ("pemasok", "", "Pilih salah satu"),
        ("pemasok", "999", "tidak tersedia"),
        ("tanggal", tomorrow.as_str(), "paling baru hari ini"),
        ("tanggal", "2020-01-01", "setahun yang lalu"),
        ("tanggal", "besok", "paling baru hari ini"),
        ("ongkos", "-1", "angka saja"),
        ("bayar", "emas", "tidak tersedia"),
        ("dibayar", "1.925.001", "Paling banyak Rp1.925.000"),
        ("dibayar", "0", "Paling sedikit"),
    ] {
        let seen = granary.types(&with(&good, field, typed)).await;
        seen.is(422).says(sentence).says("Lihat tulisan merah");
        assert_eq!(standing(&seen, "b1_batch").as_deref(), Some("L-7"), "{field} = {typed}");
        if field != "bayar" && field != "pemasok" {
            assert_eq!(standing(&seen, field).as_deref(), Some(typed), "{field}");
        }
    }
    // Loose: 10 tonnes in one figure.
    let loose = with(&with(&good, "b1_cara", "lepas"), "b1_banyak", "10.000");
    granary.types(&loose).await.is(422).says("kurang dari sepuluh ton");
    granary.types(&with(&loose, "b1_banyak", "0,0")).await.is(422).says("lebih dari nol");
    let nothing: Typed = good.iter().filter(|(name, _)| !name.starts_with("b1_")).cloned().collect();
    granary.types(&nothing).await.is(422).says("paling sedikit satu barang");
    // Goods of nobody here are passed over.
    let craft = with(&good, "b1_barang", &granary.stand.basket.to_string());
    granary.types(&craft).await.is(422).says("paling sedikit satu barang");
    assert_eq!(granary.purchases().await, 0);
    granary.adds_up().await;
    granary.stand.close().await;
}

#[actix_web::test]
async fn a_zero_too_many_is_asked_about_and_taken_when_it_is_meant() {
    let mut granary = Granary::open().await;
    let good = with(&granary.sacks(), "dibayar", "");
    granary.types(&good).await.is(303);
    let slipped = with(&good, "b1_harga", "18.750.000");
    let asked = granary.types(&slipped).await;
    asked.is(422).says("Salah ketik?").says("Rp125.000 per kg").says("Rp12.500 per kg").says("memang segitu");
    assert_eq!(standing(&asked, "b1_harga").as_deref(), Some("18.750.000"), "what was typed stays");
    assert_eq!(granary.purchases().await, 1);
    let value = standing(&asked, "b1_yakin").expect("what is asked about");
    // Corrected instead: nothing more is asked.
    granary.sends(&asked, &good).await.is(303);
    // Another slip under the same tick is another question.
    let cheap = with(&with(&good, "b1_harga", "187.500"), "b1_yakin", &value);
    granary.sends(&asked, &cheap).await.is(422).says("Rp1.250 per kg");
    granary.sends(&asked, &with(&slipped, "b1_yakin", &value)).await.is(409).says("Muat ulang");
    let fresh = granary.types(&slipped).await;
    granary.sends(&fresh, &with(&slipped, "b1_yakin", &value)).await.is(303);
    assert_eq!(granary.worth().await, (450_000, 1_925_000 * 2 + 18_800_000));
    // Loose from now on at Rp125.000: Rp12.500 is asked about, for the last time it was ten times that.
    let day = granary.today().to_string();
    let tenth = with(&with(&with(&good, "b1_cara", "lepas"), "b1_banyak", "10"), "b1_harga", "125.000");
    granary.types(&with(&tenth, "tanggal", &day)).await.is(422).says("Salah ketik?");
    granary.adds_up().await;
    granary.stand.close().await;
}

#[actix_web::test]
async fn the_first_purchase_is_held_against_what_it_sells_for() {
    let mut granary = Granary::open().await;
    // It sells for Rp28.000 a kilogram.
    let dear = with(&with(&granary.sacks(), "b1_harga", "18.750.000"), "dibayar", "");
    granary.types(&dear).await.is(422).says("padahal dijual Rp28.000 per kg");
    granary.types(&with(&dear, "b1_harga", "1.875.000")).await.is(303);
    granary.stand.close().await;
}

#[actix_web::test]
async fn lines_come_and_go_and_nothing_typed_is_lost() {
    let mut granary = Granary::open().await;
    let typed = granary.sacks();
    let page = granary.stand.siti.get(NEW).await;
    let rice = granary.rice.to_string();
    let two = granary.sends(&page, &with(&typed, "tambah", &rice)).await;
    two.is(200).says("id=\"b2\"").says("1.875.000").says("150 kg · Rp12.500 per kg").says("Rp1.925.000");
    assert_eq!(standing(&two, "nota").as_deref(), Some("00123"));
    let mut both = typed.clone();
    both.extend([
        ("b2_barang".to_owned(), rice.clone()),
        ("b2_cara".to_owned(), "lepas".to_owned()),
        ("b2_banyak".to_owned(), "12,5".to_owned()),
        ("b2_harga".to_owned(), "150.000".to_owned()),
    ]);
    let less = granary.sends(&two, &with(&both, "hapus", "1")).await;
    less.is(200).says("12,5 kg · Rp12.000 per kg");
    assert!(!less.body.contains("id=\"b2\""), "one line is left");
    let sum = granary.sends(&two, &with(&both, "hitung", "1")).await;
    sum.is(200).says("Rp2.075.000");
    for hostile in ["999", "abc", "-1", ""] {
        granary.sends(&two, &with(&both, "tambah", hostile)).await.is(200);
        granary.sends(&two, &with(&both, "hapus", hostile)).await.is(200).says("id=\"b2\"");
    }
    granary.sends(&two, &both).await.is(303);
    assert_eq!(granary.worth().await, (162_500, 2_075_000));
    granary.adds_up().await;
    granary.stand.close().await;
}

#[actix_web::test]
async fn the_photo_of_the_note_stays_while_the_form_comes_back() {
    let mut granary = Granary::open().await;
    let good = granary.sacks();
    let wrong = with(&good, "b1_harga", "");
    let page = granary.stand.siti.get(NEW).await;
    let typed: Vec<(&str, &str)> = wrong.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let no_photo = granary.stand.siti.fill_with_picture(&page, NEW, &typed, "foto", Some(b"<svg/>")).await;
    no_photo.is(422).says("w-foto");
    let kept = granary.stand.siti.fill_with_picture(&page, NEW, &typed, "foto", Some(&slip())).await;
    kept.is(422).says("Foto nota sudah tersimpan");
    assert!(standing(&kept, "foto_simpan").is_some_and(|sealed| !sealed.is_empty()));
    // Somebody else's seal opens nothing.
    let forged = with(&good, "foto_simpan", "x0123456789abcdef0123");
    granary.sends(&kept, &with(&forged, "b1_harga", "")).await.is(422);
    let saved = granary.sends(&kept, &good).await;
    saved.is(303);
    let url = saved.location.clone().expect("its page");
    granary.stand.siti.get(&url).await.says("sedang");
    granary.stand.shop.settle().await;
    let seen = granary.stand.siti.get(&url).await;
    let at = seen.body.find(&format!("{url}/foto/")).expect("its photo");
    let photo = seen.body[at..][..seen.body[at..].find('"').expect("an end")].to_owned();
    granary.stand.siti.get(&photo).await.is(200);
    granary.stand.stranger.get(&photo).await.is(404);
    granary.stand.siti.get(&photo.replace("1200.jpg", "99.jpg")).await.is(404);
    // One more may follow; what is no picture does not.
    let action = format!("{url}/foto");
    granary.stand.siti.fill_with_picture(&seen, &action, &[], "foto", Some(b"no")).await.is(422).says("w-foto");
    granary.stand.siti.fill_with_picture(&seen, &action, &[], "foto", None).await.is(422).says("Pilih fotonya");
    granary.stand.siti.fill_with_picture(&seen, &action, &[], "foto", Some(&slip())).await.is(303);
    granary.stand.siti.fill_with_picture(&seen, &action, &[], "foto", Some(&slip())).await.is(303);
    granary.stand.shop.settle().await;
    let seen = granary.stand.siti.get(&url).await;
    assert_eq!(seen.body.matches("/320.webp").count(), 2, "tapped twice it is there once");
    granary.stand.close().await;
}

#[actix_web::test]
async fn the_same_form_tapped_eight_times_is_one_purchase_and_one_supplier() {
    let mut granary = Granary::open().await;
    let new = with(&with(&granary.sacks(), "pemasok", "baru"), "pemasok_nama", "Pak Karim");
    granary.types(&new).await.is(422).says("Pilih salah satu");
    let new = with(&new, "pemasok_jenis", "petani");
    granary.types(&with(&new, "pemasok_hp", "12")).await.is(422).says("Nomor HP");
    granary.types(&with(&new, "pemasok_nama", "ud sumber")).await.is(409).says("sudah ada di daftar");
    let page = granary.stand.siti.get(NEW).await;
    let hidden = page.hidden(NEW);
    let fields: Vec<(&str, &str)> =
        hidden.iter().chain(&new).map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let taps = join_all((0..8).map(|_| {
        let mut phone = granary.stand.siti.clone();
        let fields = fields.clone();
        async move { phone.post_raw(NEW, &fields).await }
    }))
    .await;
    let first = taps[0].location.clone();
    assert!(taps.iter().all(|seen| seen.status == 303 && seen.location == first), "one answer for all");
    assert_eq!(granary.purchases().await, 1);
    granary.stand.siti.get(SUPPLIERS).await.is(200).says("Pak Karim").says("Petani").says("UD Sumber");
    assert_eq!(granary.worth().await, (150_000, 1_925_000));
    granary.adds_up().await;
    granary.stand.close().await;
}

#[actix_web::test]
async fn weevils_go_back_by_the_page_and_the_purchase_then_says_why_it_stays() {
    let mut granary = Granary::open().await;
    let saved = granary.types(&granary.sacks()).await;
    let url = saved.location.clone().expect("its page");
    let id: i64 = url.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an id");
    let db = granary.stand.shop.app.db.clone();
    let line = purchase::read(&db, granary.stand.outlet.id, id).await.expect("a read").lines[0].id;
    let (many, off) = (format!("banyak_{line}"), format!("potong_{line}"));
    let back = format!("{url}/kembali");
    granary.stand.siti.get(&url).await.says(&back);
    let page = granary.stand.siti.get(&back).await;
    page.is(200).says("Sisa 150 kg").says("Rp12.500 per kg").says("UD Sumber");
    for (quantity, credit, reason, sentence) in [
        ("", "", "berkutu", "lebih dari nol"),
        ("0", "", "berkutu", "lebih dari nol"),
        ("-5", "", "berkutu", "Tulis angka"),
        ("150,001", "", "berkutu", "Sisanya dari belanja ini 150 kg"),
        ("20", "2.000.000", "berkutu", "paling banyak Rp250.000"),
        ("20", "-1", "berkutu", "angka saja"),
        ("20", "", "", "Harap diisi"),
    ] {
        let typed = [(many.as_str(), quantity), (off.as_str(), credit), ("alasan", reason)];
        let seen = granary.stand.siti.fill(&page, &back, &typed).await;
        seen.is(422).says(sentence);
        assert_eq!(standing(&seen, &many).as_deref(), Some(quantity));
    }
    // As they had cost without the way here: Rp12.500 a kilogram.
    let typed = [(many.as_str(), "20"), (off.as_str(), ""), ("alasan", "berkutu")];
    granary.stand.siti.fill(&page, &back, &typed).await.is(303);
    granary.stand.siti.fill(&page, &back, &typed).await.is(303);
    assert_eq!(granary.owed().await, 1_425_000 - 250_000, "tapped twice it went back once");
    let other = [(many.as_str(), "21"), (off.as_str(), ""), ("alasan", "berkutu")];
    granary.stand.siti.fill(&page, &back, &other).await.is(409).says("Muat ulang");
    let seen = granary.stand.siti.get(&url).await;
    seen.is(200).says("20 kg Beras medium curah").says("berkutu").says("Rp250.000").says("Sisa 130 kg");
    seen.says("Sebagian belanja ini sudah dikembalikan");
    let keys = seen.hidden(&format!("{url}/foto"));
    let keys = keys.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let fields: Vec<(&str, &str)> = keys.chain([("alasan", "salah")]).collect();
    granary.stand.siti.post_raw(&format!("{url}/batal"), &fields).await.is(409).says("sudah dikembalikan");
    granary.stand.siti.get(&format!("{SUPPLIERS}/{}", granary.sumber.id)).await.says("Dikembalikan");
    // All of it may go, and then nothing is left to.
    granary.goes(100_000, Kind::Sold).await;
    let page = granary.stand.siti.get(&back).await;
    let typed = [(many.as_str(), "30"), (off.as_str(), "0"), ("alasan", "sisa")];
    granary.stand.siti.fill(&page, &back, &typed).await.is(303);
    granary.stand.siti.get(&back).await.is(200).says("Tidak ada lagi yang bisa dikembalikan");
    assert_eq!(granary.worth().await, (0, 0));
    granary.adds_up().await;
    granary.stand.close().await;
}

#[actix_web::test]
async fn what_was_noted_wrongly_goes_with_a_reason_and_once() {
    let mut granary = Granary::open().await;
    let saved = granary.types(&granary.sacks()).await;
    let url = saved.location.clone().expect("its page");
    let action = format!("{url}/batal");
    let page = granary.stand.siti.get(&url).await;
    granary.stand.siti.fill(&page, &action, &[("alasan", " ")]).await.is(422).says("Harap diisi");
    granary.stand.siti.fill(&page, &action, &[("alasan", "salah pemasok")]).await.is(303);
    granary.stand.siti.fill(&page, &action, &[("alasan", "salah pemasok")]).await.is(303);
    let again = [("alasan", "salah pemasok"), ("request_key", "another-key")];
    granary.stand.siti.fill(&page, &action, &again).await.is(409).says("sudah dibatalkan");
    let seen = granary.stand.siti.get(&url).await;
    seen.is(200).says("Dibatalkan").says("salah pemasok");
    assert!(!seen.body.contains(&action), "nothing is left to reverse");
    assert_eq!(granary.worth().await, (0, 0));
    assert_eq!(granary.owed().await, -500_000, "what was paid stays with the supplier");
    let page = format!("{SUPPLIERS}/{}", granary.sumber.id);
    granary.stand.siti.get(&page).await.is(200).says("Titipan warong").says("Rp500.000").says("Belanja dibatalkan");
    granary.stand.siti.get(&format!("{url}/kembali")).await.is(200).says("Tidak ada lagi");
    granary.adds_up().await;
    granary.stand.close().await;
}

#[actix_web::test]
async fn a_note_found_later_shows_what_it_changed() {
    let mut granary = Granary::open().await;
    granary.buys(&granary.of(100_000, 1_200_000, granary.today())).await.expect("a purchase");
    granary.stand.shop.clock.advance(Duration::days(2));
    granary.goes(50_000, Kind::Sold).await;
    granary.goes(1_000, Kind::Shrunk).await;
    let yesterday = (granary.today() - Duration::days(1)).to_string();
    let typed = with(&with(&granary.sacks(), "tanggal", &yesterday), "ongkos", "");
    let late = with(&with(&with(&typed, "b1_banyak", "2"), "b1_harga", "1.400.000"), "dibayar", "");
    let url = granary.types(&late).await.location.expect("its page");
    let seen = granary.stand.siti.get(&url).await;
    seen.is(200).says("baru ditulis").says("Harga pokok sesudahnya dihitung ulang");
    seen.says("barang terjual ternyata Rp50.000 lebih mahal").says("susut ternyata Rp1.000 lebih mahal");
    let url = granary.types(&with(&granary.sacks(), "dibayar", "")).await.location.expect("its page");
    let today = granary.stand.siti.get(&url).await;
    assert!(!today.body.contains("dihitung ulang"), "what was bought today changes nothing before it");
    granary.adds_up().await;
    granary.stand.close().await;
}

#[actix_web::test]
async fn a_supplier_is_paid_down_and_never_more_than_is_owed() {
    let mut granary = Granary::open().await;
    let page = granary.stand.siti.get(SUPPLIERS).await;
    page.is(200).says("UD Sumber").says("lunas");
    let new = [("pemasok_nama", "Bulog Jember"), ("pemasok_jenis", "bulog"), ("pemasok_hp", "0812-0000-0009")];
    granary.stand.siti.fill(&page, SUPPLIERS, &[("pemasok_nama", ""), new[1]]).await.is(422).says("Harap diisi");
    granary.stand.siti.fill(&page, SUPPLIERS, &[new[0], ("pemasok_jenis", "raja")]).await.is(422);
    granary.stand.siti.fill(&page, SUPPLIERS, &new).await.is(303);
    granary.stand.siti.fill(&page, SUPPLIERS, &new).await.is(303);
    let twice = granary.stand.siti.get(SUPPLIERS).await;
    assert_eq!(twice.body.matches("Bulog Jember<small>").count(), 1);
    granary.stand.siti.fill(&twice, SUPPLIERS, &new).await.is(409).says("sudah ada di daftar");
    granary.types(&granary.sacks()).await.is(303);
    let url = format!("{SUPPLIERS}/{}", granary.sumber.id);
    let pay = format!("{url}/bayar");
    let page = granary.stand.siti.get(&url).await;
    page.is(200).says("Rp1.425.000").says("B-2611-").says("Belanja");
    for (amount, from, sentence) in [
        ("", "kas", "Harap diisi"),
        ("0", "kas", "Paling sedikit"),
        ("-1", "kas", "angka saja"),
        ("1.425.001", "kas", "Rp1.425.000; lebih dari itu"),
        ("1.000", "saku", "tidak tersedia"),
    ] {
        let seen = granary.stand.siti.fill(&page, &pay, &[("jumlah", amount), ("dari", from)]).await;
        assert!(seen.status == 422 || seen.status == 409, "{amount}: {}", seen.status);
        seen.says(sentence);
        assert_eq!(standing(&seen, "jumlah").as_deref(), Some(amount));
    }
    let typed = [("jumlah", "1.000.000"), ("dari", "bank"), ("acuan", "TRX 77")];
    granary.stand.siti.fill(&page, &pay, &typed).await.is(303);
    granary.stand.siti.fill(&page, &pay, &typed).await.is(303);
    assert_eq!(granary.owed().await, 425_000);
    assert_eq!(granary.books(Book::Bank(granary.stand.outlet.id)).await, -1_000_000);
    let seen = granary.stand.siti.get(&url).await;
    seen.says("Rp425.000").says("−Rp1.000.000").says("utang menjadi Rp425.000");
    // Two phones at once pay the rest once.
    let keys = seen.hidden(&pay);
    let csrf = keys.iter().find(|(name, _)| name == "csrf").map(|(_, value)| value.clone()).expect("a token");
    let taps = join_all((0..4).map(|n| {
        let (mut phone, pay, csrf) = (granary.stand.siti.clone(), pay.clone(), csrf.clone());
        async move {
            let key = format!("rest-of-it-{n}");
            let fields = [("csrf", csrf.as_str()), ("request_key", &key), ("jumlah", "425.000"), ("dari", "kas")];
            phone.post_raw(&pay, &fields).await.status
        }
    }))
    .await;
    assert_eq!(taps.iter().filter(|status| **status == 303).count(), 1, "{taps:?}");
    granary.stand.siti.get(&url).await.says("Lunas");
    granary.adds_up().await;
    granary.stand.close().await;
}

#[actix_web::test]
async fn only_those_who_hold_the_money_buy_and_only_here() {
    let mut granary = Granary::open().await;
    let saved = granary.types(&granary.sacks()).await;
    let url = saved.location.clone().expect("its page");
    let person = format!("{SUPPLIERS}/{}", granary.sumber.id);
    let pages = [LIST, NEW, SUPPLIERS, url.as_str(), person.as_str()];
    let mut guest = granary.stand.shop.browser();
    for page in pages {
        assert_eq!(guest.get(page).await.status, 303, "{page}");
    }
    let mut crafter = granary.somebody(Role::Crafter).await;
    for page in pages {
        crafter.get(page).await.is(403);
    }
    // An auditor reads, and is shown nothing to do.
    let mut auditor = granary.somebody(Role::Auditor).await;
    for page in [LIST, SUPPLIERS, url.as_str(), person.as_str()] {
        let seen = auditor.get(page).await;
        seen.is(200);
        assert!(!seen.body.contains("name=\"request_key\""), "{page} has a form");
    }
    auditor.get(NEW).await.is(403);
    // Another outlet's purchases and suppliers do not exist.
    let blank = granary.stand.stranger.get(NEW).await;
    for page in [url.as_str(), person.as_str()] {
        granary.stand.stranger.get(page).await.is(404);
    }
    let keys = blank.hidden("/bahasa");
    let csrf = keys.iter().find(|(name, _)| name == "csrf").map(|(_, value)| value.as_str()).expect("a token");
    let keys = vec![("csrf", csrf), ("request_key", "from-elsewhere")];
    for (act, field) in [("batal", "alasan"), ("kembali", "alasan")] {
        let mut fields = keys.clone();
        fields.push((field, "iseng"));
        granary.stand.stranger.post_raw(&format!("{url}/{act}"), &fields).await.is(404);
    }
    let mut fields = keys.clone();
    fields.extend([("jumlah", "1"), ("dari", "kas")]);
    fields.extend([("lama", "2"), ("pemasok_nama", "Pak Iseng"), ("pemasok_jenis", "petani")]);
    for act in ["bayar", "uang-kembali", "lama", "ubah", "simpan", "pakai"] {
        granary.stand.stranger.post_raw(&format!("{person}/{act}"), &fields).await.is(404);
    }
    for bad in ["/kelola/belanja/999", "/kelola/belanja/999/kembali", "/kelola/belanja/pemasok/999"] {
        granary.stand.siti.get(bad).await.is(404);
    }
    // Without a form's keys nothing is done.
    let bare: Vec<(String, String)> = granary.sacks();
    let bare: Vec<(&str, &str)> = bare.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = granary.stand.siti.post_raw(NEW, &bare).await;
    assert!(answer.status >= 400, "{}", answer.status);
    assert_eq!(granary.purchases().await, 1);
    granary.stand.siti.get(LIST).await.is(200).says(&Rupiah(1_925_000).to_string());
    granary.adds_up().await;
    granary.stand.close().await;
}
