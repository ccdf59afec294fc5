//! Prices as people see them: the operator's pages, the second person's, the law's, and the board for everybody.
use chrono::Duration;
use entity::{Rupiah, history, outlet, person_role::Role, product};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use warong::{
    accounts::{
        outlet::{self as outlets, NewVillage},
        role::Place,
    },
    outlet::{
        price_ceiling,
        price_override::{self, Decision},
    },
    prices::selling::Rule,
};

use super::{payout::desk::tap, price::Market};
use crate::support::Browser;

const LIST: &str = "/kelola/harga";
const ASKS: &str = "/kelola/harga/izin";
const LAW: &str = "/desa/harga";

/// Who else is about.
struct People {
    officer: Browser,
    administrator: Browser,
    auditor: Browser,
    buyer: Browser,
}

async fn people(market: &Market) -> People {
    let village = Place::Village(market.outlet().village_id);
    let officer = market.person("Pak Hariyanto", Role::VillageOfficer, village).await;
    let administrator = market.person("Mas Rizal", Role::Administrator, Place::Everywhere).await;
    let auditor = market.person("Pak Wahyudi", Role::Auditor, village).await;
    let buyer = market.person("Ibu Ratna", Role::Buyer, Place::Everywhere).await;
    People {
        officer: market.browser(officer).await,
        administrator: market.browser(administrator).await,
        auditor: market.browser(auditor).await,
        buyer: market.browser(buyer).await,
    }
}

#[actix_web::test]
async fn bu_siti_looks_before_she_saves_and_is_asked_about_what_is_odd() {
    let mut market = Market::open().await;
    let rice = market.rice();
    market.buys(100_000, 1_200_000, market.today()).await;
    market.granary.stand.siti.get("/kelola").await.says(LIST);
    let list = market.granary.stand.siti.get(LIST).await;
    list.is(200).says("Beras medium curah").says("Rp13.500").says("per kg").says("Rp12.000").says("Harga dari orang");
    let sheet = format!("{LIST}/{rice}");
    let page = market.granary.stand.siti.get(&sheet).await;
    page.is(200).says("Paling mahal Rp13.500").says("5,4%").says("9,1%");
    let steady =
        [("cara", "stabil"), ("untung", "5"), ("bulat", "100"), ("minggu", "4"), ("komoditas", "beras medium")];
    let looks = [steady.as_slice(), &[("aksi", "lihat")]].concat();
    let seen = market.granary.stand.siti.fill(&page, &sheet, &looks).await;
    seen.is(200).says("Harganya akan menjadi").says("Rp12.600");
    assert_eq!(market.price(rice).await, 13_500, "looking posts nothing");
    let saves = [steady.as_slice(), &[("aksi", "simpan")]].concat();
    market.granary.stand.siti.fill(&page, &sheet, &saves).await.is(303);
    market.granary.stand.siti.fill(&page, &sheet, &saves).await.is(303);
    assert_eq!((market.price(rice).await, market.posted(rice).await.len()), (12_600, 2), "tapped twice, posted once");
    market.granary.stand.siti.get(&sheet).await.says("Harga stabil").says("Bu Siti Aminah").says("price-chart__line");
    // 125000 typed for 12500 is above the ceiling; a loss asks for its reason.
    let fixed = |price| [("cara", "tetap"), ("harga", price), ("komoditas", "beras medium"), ("aksi", "simpan")];
    let page = market.granary.stand.siti.get(&sheet).await;
    let dear = market.granary.stand.siti.fill(&page, &sheet, &fixed("125000")).await;
    dear.is(409).says("paling mahal Rp13.500").says("value=\"125000\"");
    let loss = market.granary.stand.siti.fill(&page, &sheet, &fixed("11.500")).await;
    loss.is(422).says("di bawah modal Rp12.000").says("Tulis alasannya").says("Ya, pasang Rp11.500");
    let yes = [fixed("11.500").as_slice(), &[("yakin", "11500")]].concat();
    market.granary.stand.siti.fill(&page, &sheet, &yes).await.is(422).says("Tulis alasannya");
    let why = [yes.as_slice(), &[("alasan", "hampir kutuan")]].concat();
    market.granary.stand.siti.fill(&loss, &sheet, &why).await.is(303);
    assert_eq!(market.price(rice).await, 11_500);
    market.granary.stand.siti.get(LIST).await.says("Di bawah modal Rp12.000");
    for (field, typed, sentence) in [
        ("cara", "gratis", "Pilih"),
        ("harga", "1e3", "angka saja"),
        ("harga", "0", "sedikit"),
        ("minggu", "99", "paling"),
        ("komoditas", "emas", "aturan pemerintah"),
    ] {
        let mut odd = fixed("11.600").to_vec();
        odd.extend([("isi_satuan", "kg"), ("minggu", "4")]);
        odd.retain(|(name, _)| *name != field);
        odd.push((field, typed));
        let answer = market.granary.stand.siti.fill(&page, &sheet, &odd).await;
        assert_eq!(answer.status, 422, "{field}={typed}: {}", answer.body);
        assert!(answer.body.to_lowercase().contains(&sentence.to_lowercase()), "{field}={typed}: {}", answer.body);
    }
    let odd = [("cara", "modal"), ("untung", "400"), ("aksi", "simpan")];
    market.granary.stand.siti.fill(&page, &sheet, &odd).await.is(422).says("value=\"400\"");
    assert_eq!(market.price(rice).await, 11_500);
    // A bag says what is in it, and the law is read for the whole bag.
    let bag = market.adds("Beras 5 kg", None, 60_000, 0).await;
    let sheet = format!("{LIST}/{bag}");
    let page = market.granary.stand.siti.get(&sheet).await;
    for (typed, sentence) in [("lima", "angka"), ("5000000", "masuk akal"), ("-5", "angka"), ("0", "masuk akal")] {
        let odd = [fixed("60.000").as_slice(), &[("isi", typed), ("isi_satuan", "kg")]].concat();
        market
            .granary
            .stand
            .siti
            .fill(&page, &sheet, &odd)
            .await
            .is(422)
            .says(sentence)
            .says(&format!("value=\"{typed}\""));
    }
    let whole = [fixed("60.000").as_slice(), &[("isi", "5"), ("isi_satuan", "kg")]].concat();
    market.granary.stand.siti.fill(&page, &sheet, &whole).await.is(303);
    market.granary.stand.siti.get(&sheet).await.says("Paling mahal Rp67.500").says("value=\"5\"");
    market.granary.adds_up().await;
    market.granary.stand.close().await;
}

#[actix_web::test]
async fn nobody_else_comes_near_a_price() {
    let mut market = Market::open().await;
    let rice = market.rice();
    market.buys(100_000, 1_200_000, market.today()).await;
    let mut others = people(&market).await;
    let sheet = format!("{LIST}/{rice}");
    let mut guest = market.granary.stand.shop.browser();
    for address in [LIST, ASKS, LAW, sheet.as_str()] {
        let seen = guest.get(address).await;
        assert!(seen.status == 303 || seen.status == 401, "{address}: {}", seen.status);
        others.buyer.get(address).await.is(403);
    }
    market.granary.stand.stranger.get(&sheet).await.is(404);
    market.granary.stand.stranger.get(LIST).await.is(200).says("Belum ada sembako");
    others.officer.get(LIST).await.is(403);
    others.officer.get(ASKS).await.is(200);
    others.auditor.get(LIST).await.is(200).says("Beras medium curah");
    let read_only = others.auditor.get(&sheet).await;
    read_only.is(200);
    assert!(!read_only.body.contains("Simpan dan pasang harga"), "an auditor changes nothing");
    let price = [("cara", "tetap"), ("harga", "13.000"), ("aksi", "simpan")];
    let page = market.granary.stand.siti.get(&sheet).await;
    for (browser, status) in [
        (&mut others.auditor, 403),
        (&mut others.officer, 403),
        (&mut others.buyer, 403),
        (&mut market.granary.stand.stranger, 404),
    ] {
        // The token of one's own session stands on a page one may see.
        let own = browser.get("/akun").await;
        let csrf = csrf(&own.body);
        let fields = [price.as_slice(), &[("csrf", csrf.as_str())]].concat();
        browser.post_raw(&sheet, &fields).await.is(status);
    }
    market.granary.stand.siti.post_raw(&sheet, &price).await.is(409);
    market
        .granary
        .stand
        .siti
        .fill(&page, &sheet, &[("csrf", "falsch"), ("cara", "tetap"), ("harga", "1")])
        .await
        .is(409);
    market.granary.stand.siti.get("/kelola/harga/999").await.is(404);
    market.granary.stand.siti.get("/kelola/harga/nasi").await.is(404);
    assert_eq!(market.price(rice).await, 13_500);
    market.granary.stand.close().await;
}

pub fn csrf(body: &str) -> String {
    let at = body.find("name=\"csrf\" value=\"").expect("a token") + 19;
    body[at..].split('"').next().expect("a token").to_owned()
}

#[actix_web::test]
async fn one_asks_above_the_ceiling_and_another_says_yes_on_a_page() {
    let mut market = Market::open().await;
    let rice = market.rice();
    market.buys(100_000, 1_200_000, market.today()).await;
    let mut others = people(&market).await;
    let (sheet, ask) = (format!("{LIST}/{rice}"), format!("{LIST}/{rice}/izin"));
    let until = (market.today() + Duration::days(2)).to_string();
    let wish = [("izin_harga", "14.500"), ("izin_sampai", until.as_str()), ("izin_alasan", "<b>jalan putus</b>")];
    for (field, typed) in [
        ("izin_harga", "13.000"),
        ("izin_harga", ""),
        ("izin_sampai", "kapan"),
        ("izin_sampai", "2020-01-01"),
        ("izin_alasan", ""),
    ] {
        let mut odd = wish.to_vec();
        odd.retain(|(name, _)| *name != field);
        odd.push((field, typed));
        tap(&mut market.granary.stand.siti, &sheet, &ask, &odd).await.is(422);
    }
    let page = market.granary.stand.siti.get(&sheet).await;
    market.granary.stand.siti.fill(&page, &ask, &wish).await.is(303);
    market.granary.stand.siti.fill(&page, &ask, &wish).await.is(303);
    market.granary.stand.siti.get("/kelola").await.says(ASKS).says("Izin harga");
    market.granary.stand.siti.get(LIST).await.says("1 izin harga menunggu");
    let own = market.granary.stand.siti.get(ASKS).await;
    own.is(200).says("Rp14.500").says("&lt;b&gt;jalan putus").says("orang lain yang menyetujui");
    let waiting = price_override::waiting(&market.granary.stand.shop.app.db, market.outlet().id, market.today()).await;
    let id = waiting.expect("a read").first().expect("one").id;
    let (yes, no) = (format!("{ASKS}/{id}/setuju"), format!("{ASKS}/{id}/tolak"));
    let keys = own.hidden(&no);
    let keys: Vec<(&str, &str)> = keys.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    market.granary.stand.siti.post_raw(&yes, &keys).await.is(409).says("orang lain yang menyetujui");
    let of_stranger = csrf(&market.granary.stand.stranger.get("/akun").await.body);
    market.granary.stand.stranger.post_raw(&yes, &[("csrf", of_stranger.as_str())]).await.is(404);
    let of_auditor = csrf(&others.auditor.get("/akun").await.body);
    others.auditor.post_raw(&yes, &[("csrf", of_auditor.as_str())]).await.is(403);
    let page = others.officer.get(ASKS).await;
    page.says("Setujui Rp14.500").says("Bu Siti Aminah");
    others.officer.fill(&page, &yes, &[]).await.is(303);
    others.officer.fill(&page, &yes, &[]).await.is(303);
    others.officer.fill(&page, &no, &[]).await.is(409).says("sudah dijawab");
    assert_eq!(market.price(rice).await, 14_500);
    market.granary.stand.siti.get(&sheet).await.says("dengan izin di atas batas").says("Disetujui");
    market.granary.stand.shop.browser().get("/harga/kemuning-lor").await.says("di atas batas, dengan izin");
    let refused = price_override::read(&market.granary.stand.shop.app.db, market.outlet().id, id).await.expect("it");
    assert_eq!(refused.decision, Some(Decision::Approved));
    market.granary.stand.close().await;
}

#[actix_web::test]
async fn everybody_reads_the_board() {
    let market = Market::open().await;
    let shop = &market.granary.stand.shop;
    market.buys(100_000, 1_200_000, market.today()).await;
    let odd = market.adds("Gula <script>alert(1)</script>", Some("gula konsumsi"), 17_000, 1_000).await;
    let mut guest = shop.browser();
    let board = guest.get("/harga/kemuning-lor").await;
    board.is(200).says("Rp13.500").says("HET Rp13.500 per kg").says("sampai Rp17.500 per kg").says("21 November 2026");
    assert!(!board.body.contains("<script>alert"), "{}", board.body);
    assert!(!board.body.contains("Modal"), "what goods cost is the outlet's own");
    guest.get("/harga/kemuning-lor/cetak").await.is(200).says("HET Rp13.500 per kg");
    guest.get("/harga/kemuning-lor/layar").await.is(200).says("http-equiv=\"refresh\"");
    guest.get("/harga/tidak-ada").await.is(404);
    guest.get("/harga/tidak-ada/gambar.png").await.is(404);
    let picture = guest.raw("/harga/kemuning-lor/gambar.png", &[]).await;
    assert_eq!(
        (picture.status().as_u16(), picture.headers()["content-type"].to_str().expect("text")),
        (200, "image/png")
    );
    let etag = picture.headers()["etag"].to_str().expect("text").to_owned();
    let bytes = picture.bytes().await.expect("a picture");
    assert!(image::load_from_memory(&bytes).is_ok_and(|picture| picture.width() == 720));
    assert_eq!(guest.raw("/harga/kemuning-lor/gambar.png", &[("if-none-match", &etag)]).await.status().as_u16(), 304);
    // A price that changes is on the board at once, though its page was kept.
    market.says(odd, Rule::Fixed { price: Rupiah(16_900) }, "", None).await.expect("a price");
    guest.get("/harga/kemuning-lor").await.says("Rp16.900").says("Berubah hari ini");
    let mut siti = market.browser(market.granary.stand.operator_id).await;
    tap(&mut siti, LIST, "/kelola/harga/papan", &[("modal", "1")]).await.is(303);
    guest.get("/harga/kemuning-lor").await.says("Modal Rp12.000, untung warong Rp1.500");
    // What is not in the shop is not on the board.
    let tx = market.granary.stand.begin().await;
    let product_id = market.item(odd).await.product_id;
    let gone =
        product::ActiveModel { id: Set(product_id), state: Set(product::State::Withdrawn), ..Default::default() };
    product::Entity::update(gone).exec(&tx).await.expect("withdrawn");
    tx.changes_what_is_shown();
    tx.commit().await.expect("it stands");
    assert!(!guest.get("/harga/kemuning-lor").await.body.contains("Gula"));
    market.granary.stand.close().await;
}

#[actix_web::test]
async fn a_new_regulation_is_written_down_and_prices_follow() {
    let mut market = Market::open().await;
    let rice = market.rice();
    market.buys(100_000, 1_200_000, market.today()).await;
    let mut others = people(&market).await;
    let (today, tomorrow) = (market.today().to_string(), (market.today() + Duration::days(1)).to_string());
    let row = |high, from| {
        [
            ("komoditas", "beras medium"),
            ("sifat", "batas"),
            ("wilayah", "1"),
            ("tertinggi", high),
            ("per", "kg"),
            ("berlaku", from),
            ("aturan", "Perbadan 1/2027"),
        ]
    };
    market.granary.stand.siti.get(LAW).await.is(403);
    for (field, typed) in [
        ("komoditas", ""),
        ("sifat", "mungkin"),
        ("wilayah", "9"),
        ("tertinggi", "0"),
        ("tertinggi", "13,5"),
        ("per", "karung"),
        ("berlaku", "besok"),
        ("sampai", "2020-01-01"),
        ("terendah", "99.000"),
        ("aturan", ""),
    ] {
        let mut odd = row("13.000", &tomorrow).to_vec();
        odd.retain(|(name, _)| *name != field);
        odd.push((field, typed));
        let answer = tap(&mut others.officer, LAW, LAW, &odd).await;
        assert_eq!(answer.status, 422, "{field}={typed}: {}", answer.body);
    }
    let page = others.officer.get(LAW).await;
    page.is(200).says("Berlaku untuk desa Anda").says("gula konsumsi");
    others.officer.fill(&page, LAW, &row("13.000", &tomorrow)).await.is(303);
    others.officer.fill(&page, LAW, &row("13.000", &tomorrow)).await.is(303);
    let added = others.officer.get(LAW).await;
    assert_eq!(added.body.matches("Perbadan 1/2027").count(), 1, "tapped twice, written once");
    market.granary.stand.siti.get(LIST).await.says("22 November 2026").says("Rp13.000");
    market.granary.stand.shop.browser().get("/harga/kemuning-lor").await.says("HET Rp13.000 per kg");
    assert_eq!(market.price(rice).await, 13_500, "it begins tomorrow");
    let page = others.administrator.get(LAW).await;
    page.is(200).says("Berlaku untuk semua desa");
    others.administrator.fill(&page, LAW, &row("12.800", &today)).await.is(303);
    assert_eq!(market.price(rice).await, 12_800, "what holds today holds at once");
    // A village takes back its own rows and no other's.
    let page = others.officer.get(LAW).await;
    let (first, second) = (format!("{LAW}/1/tarik"), format!("{LAW}/2/tarik"));
    assert!(!page.body.contains(&second), "a row for all villages is not theirs");
    let token = csrf(&page.body);
    others.officer.post_raw(&second, &[("csrf", token.as_str())]).await.is(404);
    others.officer.fill(&page, &first, &[]).await.is(303);
    let again = others.officer.post_raw(&first, &[("csrf", token.as_str())]).await;
    again.is(409).says("sudah ditarik");
    others.officer.get(LAW).await.says("Ditarik");
    market.granary.adds_up().await;
    market.granary.stand.close().await;
}

/// The most that the law lets be asked for rice today.
async fn most(market: &Market) -> Option<i64> {
    let db = &market.granary.stand.shop.app.db;
    let outlet = outlet::Entity::find_by_id(market.outlet().id).one(db).await.expect("a read").expect("the outlet");
    let rice = market.item(market.rice()).await;
    price_ceiling::most(db, &outlet, &rice, market.today()).await.expect("the law").map(|most| most.0)
}

/// A village without an outlet.
pub async fn other_village(market: &Market) -> i64 {
    let tx = market.granary.stand.begin().await;
    let new = NewVillage {
        code: "35.09.22.2002".into(),
        name: "Darsono".into(),
        kecamatan: "Arjasa".into(),
        kabupaten: "Jember".into(),
    };
    let id = outlets::create_village(&tx, &market.granary.stand.shop.clock, &new).await.expect("a village");
    tx.commit().await.expect("it is there");
    id
}

#[actix_web::test]
async fn an_outlet_is_put_into_its_zone_and_its_prices_follow() {
    const ZONE: &str = "/desa/zona";
    let mut market = Market::open().await;
    let rice = market.rice();
    market.buys(100_000, 1_200_000, market.today()).await;
    let mut others = people(&market).await;
    let act = format!("{ZONE}/{}", market.outlet().id);
    for browser in [&mut market.granary.stand.siti, &mut others.auditor, &mut others.buyer] {
        let page = browser.get(ZONE).await;
        page.is(403);
        assert!(matches!(browser.post_raw(&act, &[("zona", "2")]).await.status, 403 | 409));
    }
    others.officer.get(LAW).await.is(200).says(ZONE);
    let page = others.officer.get(ZONE).await;
    page.is(200).says("e-Warong").says("beras medium: Rp13.500").says("Rp14.000").says("Rp15.500");
    for typed in ["", "4", "timur"] {
        others.officer.fill(&page, &act, &[("zona", typed)]).await.is(422);
    }
    let token = csrf(&page.body);
    others.officer.post_raw(&format!("{ZONE}/9999"), &[("csrf", token.as_str()), ("zona", "2")]).await.is(404);
    let elsewhere =
        market.person("Bu Endang", Role::VillageOfficer, Place::Village(other_village(&market).await)).await;
    let mut stranger = market.browser(elsewhere).await;
    stranger.get(ZONE).await.is(200).says("Belum ada warong");
    let token = csrf(&stranger.get(LAW).await.body);
    stranger.post_raw(&act, &[("csrf", token.as_str()), ("zona", "2")]).await.is(404);
    assert_eq!(most(&market).await, Some(13_500));
    for _ in 0..2 {
        others.officer.fill(&page, &act, &[("zona", "2")]).await.is(303);
    }
    assert_eq!(most(&market).await, Some(14_000));
    market.granary.stand.shop.browser().get("/harga/kemuning-lor").await.says("HET Rp14.000 per kg");
    // A price above the limit of the new zone is not left standing.
    let sheet = format!("{LIST}/{rice}");
    let dear = [("cara", "tetap"), ("harga", "14.000"), ("komoditas", "beras medium"), ("aksi", "simpan")];
    let dear = [dear.as_slice(), &[("yakin", "14000")]].concat();
    tap(&mut market.granary.stand.siti, &sheet, &sheet, &dear).await.is(303);
    assert_eq!(market.price(rice).await, 14_000);
    let page = others.administrator.get(ZONE).await;
    page.is(200).says("checked");
    others.administrator.fill(&page, &act, &[("zona", "1")]).await.is(303);
    assert_eq!((market.price(rice).await, most(&market).await), (13_500, Some(13_500)));
    let kept = history::Entity::find().filter(history::Column::Verb.eq("zone_changed"));
    let kept = kept.order_by_asc(history::Column::Id).all(&market.granary.stand.shop.app.db).await.expect("a read");
    let kept: Vec<_> = kept.iter().map(|row| (row.detail["from"].as_str(), row.detail["to"].as_str())).collect();
    assert_eq!(kept, [(Some("one"), Some("two")), (Some("two"), Some("one"))], "tapped twice, written once");
    market.granary.adds_up().await;
    market.granary.stand.close().await;
}
