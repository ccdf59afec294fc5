//! What the market asks: written down by whoever was there, questioned where it is odd, and shown on the board for a week.
use chrono::{Duration, NaiveDate};
use entity::{Rupiah, history, outlet, person_role::Role, price_observation};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use warong::{
    accounts::role::Place,
    error::Error,
    prices::observation::{self, MOST_DAYS_BACK, Per, Seen, Survey},
};

use super::{
    price::Market,
    price_pages::{csrf, other_village},
};
use crate::support::{Browser, browser::Seen as Page};

const HERE: &str = "/kelola/harga/pasar";
const RICE: &str = "h beras medium kg";

/// A market with rice at its ceiling of Rp13.500.
async fn open() -> Market {
    let market = Market::open().await;
    market.buys(100_000, 1_200_000, market.today()).await;
    assert_eq!(market.price(market.rice()).await, 13_500);
    market
}

async fn officer(market: &Market) -> Browser {
    let village = Place::Village(market.outlet().village_id);
    let id = market.person("Pak Hariyanto", Role::VillageOfficer, village).await;
    market.browser(id).await
}

/// Fills the form with what was seen of rice.
async fn sees(browser: &mut Browser, place: &str, day: NaiveDate, rice: &str, more: &[(&str, &str)]) -> Page {
    let page = browser.get(HERE).await;
    let day = day.to_string();
    let fields = [[("pasar", place), ("tanggal", day.as_str()), (RICE, rice)].as_slice(), more].concat();
    browser.fill(&page, HERE, &fields).await
}

async fn rows(market: &Market) -> Vec<price_observation::Model> {
    let of = price_observation::Entity::find().order_by_asc(price_observation::Column::Id);
    of.all(&market.granary.stand.shop.app.db).await.expect("a read")
}

fn board(market: &Market, way: &str) -> String {
    format!("/harga/{}{way}", market.outlet().slug)
}

#[actix_web::test]
async fn the_board_shows_the_market_for_a_week_and_no_longer() {
    let mut market = open().await;
    let mut officer = officer(&market).await;
    let mut guest = market.granary.stand.shop.browser();
    let (board, sheet) = (board(&market, ""), format!("/kelola/harga/{}", market.rice()));
    let empty = guest.get(&board).await;
    assert!(!empty.body.contains("Pasar Arjasa"));
    market.granary.stand.siti.get("/kelola/harga").await.says("belum ditulis").says(HERE);
    officer.get("/tugas").await.says(HERE);
    officer.get(HERE).await.is(200).says("beras medium").says("Belum pernah ditulis").says("Di warong Rp13.500 per kg");
    sees(&mut officer, "Pasar Arjasa", market.today(), "14.000", &[]).await.is(303);
    officer.get(HERE).await.says("Hari ini Rp14.000").says("Pasar di atas HET Rp13.500").says("Pak Hariyanto");
    // A bag of the same rice is held against the same market.
    market.adds("Beras 5 kg", Some("beras medium"), 66_000, 5_000).await;
    let seen = guest.get(&board).await;
    assert_eq!(seen.body.matches("Pasar Arjasa Rp14.000 per kg, hari ini").count(), 2, "{}", seen.body);
    for way in ["/cetak", "/layar"] {
        guest.get(&format!("{board}{way}")).await.is(200).says("Pasar Arjasa Rp14.000 per kg, hari ini");
    }
    market.granary.stand.siti.get(&sheet).await.says("Pasar Arjasa Rp14.000 per kg, hari ini");
    let list = market.granary.stand.siti.get("/kelola/harga").await;
    assert!(!list.body.contains("belum ditulis"));
    let picture = guest.get(&format!("{board}/gambar.png")).await;
    for (days, sentence) in
        [(1, "Pasar Arjasa Rp14.000 per kg, kemarin"), (6, "Pasar Arjasa Rp14.000 per kg, 7 hari lalu")]
    {
        market.granary.stand.shop.clock.advance(Duration::days(days));
        guest.get(&board).await.says(sentence);
    }
    let later = guest.get(&format!("{board}/gambar.png")).await;
    assert_ne!(picture.headers["etag"], later.headers["etag"], "another day is another picture");
    market.granary.stand.shop.clock.advance(Duration::days(1));
    let over = guest.get(&board).await;
    assert!(!over.body.contains("Pasar Arjasa"), "what was asked eight days ago is not what is asked");
    let mut siti = market.browser(market.granary.stand.operator_id).await;
    siti.get("/kelola/harga").await.says("belum ditulis");
    // A later walk counts, whatever was written after it of an earlier day.
    sees(&mut siti, "Pasar Tanjung", market.today() - Duration::days(1), "13.900", &[]).await.is(303);
    sees(&mut siti, "Pasar Arjasa", market.today() - Duration::days(3), "14.300", &[]).await.is(303);
    guest.get(&board).await.says("Pasar Tanjung Rp13.900 per kg, kemarin");
    market.granary.stand.close().await;
}

#[actix_web::test]
async fn a_slip_of_the_finger_is_asked_about_and_a_wrong_price_is_put_right() {
    let market = open().await;
    let mut siti = market.browser(market.granary.stand.operator_id).await;
    let today = market.today();
    let dear = sees(&mut siti, "Pasar Arjasa", today, "135000", &[]).await;
    dear.is(422).says("Terakhir Rp13.500. Betul sekarang Rp135.000?").says("value=\"135000\"");
    // The yes is for one number: another is asked about anew.
    let yes = ("y beras medium kg", "135000");
    sees(&mut siti, "Pasar Arjasa", today, "136000", &[yes]).await.is(422).says("Rp136.000");
    assert!(rows(&market).await.is_empty(), "nothing is kept before the yes");
    sees(&mut siti, "Pasar Arjasa", today, "135000", &[yes]).await.is(303);
    // It was no flood after all: written again, the same day and place, whatever the letters.
    let back = ("y beras medium kg", "13600");
    sees(&mut siti, "pasar  arjasa", today, "13.600", &[back]).await.is(303);
    let written = rows(&market).await;
    let said: Vec<_> =
        written.iter().map(|row| (row.price.0, row.place.as_str(), row.withdrawn_at.is_some())).collect();
    assert_eq!(said, [(135_000, "Pasar Arjasa", true), (13_600, "Pasar Arjasa", false)]);
    sees(&mut siti, "Pasar Arjasa", today, "Rp 13.600,00", &[]).await.is(303);
    assert_eq!(rows(&market).await.len(), 2, "the same again says nothing new");
    // Taken back, it is gone from the board; once.
    let take_back = format!("{HERE}/{}/tarik", written[1].id);
    let page = siti.get(HERE).await;
    siti.fill(&page, &take_back, &[]).await.is(303);
    siti.fill(&page, &take_back, &[]).await.is(303);
    siti.fill(&page, &take_back, &[("request_key", "tapped-later-again")]).await.is(409).says("sudah ditarik");
    let mut guest = market.granary.stand.shop.browser();
    let seen = guest.get(&board(&market, "")).await;
    assert!(!seen.body.contains("Pasar Arjasa"));
    let db = &market.granary.stand.shop.app.db;
    let of = history::Entity::find().filter(history::Column::Subject.eq("price_observation"));
    let verbs: Vec<String> = of.all(db).await.expect("a read").into_iter().map(|row| row.verb).collect();
    assert_eq!(verbs, ["seen", "withdrawn", "seen", "withdrawn"]);
    market.granary.adds_up().await;
    market.granary.stand.close().await;
}

#[actix_web::test]
async fn what_makes_no_sense_is_refused_and_what_was_typed_stays() {
    let market = open().await;
    let mut siti = market.browser(market.granary.stand.operator_id).await;
    let today = market.today();
    for (rice, sentence) in [
        ("abc", "angka"),
        ("-5", "angka"),
        ("1e4", "angka"),
        ("0", "sedikit"),
        ("99", "sedikit"),
        ("2.000.000", "paling"),
    ] {
        let answer = sees(&mut siti, "Pasar <Arjasa>", today, rice, &[]).await;
        assert_eq!(answer.status, 422, "{rice}");
        assert!(answer.body.to_lowercase().contains(sentence), "{rice}: {}", answer.body);
        answer.says(&format!("value=\"{rice}\"")).says("Pasar &lt;Arjasa&gt;");
    }
    sees(&mut siti, "", today, "14.000", &[]).await.is(422).says("value=\"14.000\"");
    sees(&mut siti, "Pasar Arjasa", today, "", &[]).await.is(422).says("sedikitnya satu harga");
    sees(&mut siti, &"P".repeat(61), today, "14.000", &[]).await.is(422).says("value=\"14.000\"");
    let long_ago = today - Duration::days(MOST_DAYS_BACK as i64 + 1);
    for day in [today + Duration::days(1), long_ago] {
        sees(&mut siti, "Pasar Arjasa", day, "14.000", &[])
            .await
            .is(422)
            .says("hari yang lalu")
            .says("value=\"14.000\"");
    }
    // Goods that are not sold here are not asked for, and what else is sent is not read.
    sees(&mut siti, "Pasar Arjasa", today, "", &[("h emas kg", "999.000")]).await.is(422);
    assert!(rows(&market).await.is_empty());
    let page = siti.get(HERE).await;
    let twice = [("pasar", "Pasar Arjasa"), ("tanggal", &today.to_string()), (RICE, "14.000")];
    siti.fill(&page, HERE, &twice).await.is(303);
    siti.fill(&page, HERE, &twice).await.is(303);
    assert_eq!(rows(&market).await.len(), 1, "tapped twice, written once");
    market.granary.stand.close().await;
}

#[actix_web::test]
async fn only_who_watches_prices_writes_them_and_only_for_their_village() {
    let mut market = open().await;
    let village = Place::Village(market.outlet().village_id);
    let auditor = market.person("Pak Wahyudi", Role::Auditor, village).await;
    let buyer = market.person("Ibu Ratna", Role::Buyer, Place::Everywhere).await;
    let mut siti = market.browser(market.granary.stand.operator_id).await;
    sees(&mut siti, "Pasar Arjasa", market.today(), "14.000", &[]).await.is(303);
    let row = rows(&market).await.remove(0);
    let take_back = format!("{HERE}/{}/tarik", row.id);
    let wish = [("pasar", "Pasar Arjasa"), ("tanggal", &market.today().to_string()), (RICE, "9.000")];
    for id in [auditor, buyer] {
        let mut browser = market.browser(id).await;
        browser.get(HERE).await.is(403);
        let csrf = csrf(&browser.get("/akun").await.body);
        let own = [("csrf", csrf.as_str())];
        browser.post_raw(HERE, &[wish.as_slice(), &own].concat()).await.is(403);
        browser.post_raw(&take_back, &own).await.is(403);
    }
    let mut guest = market.granary.stand.shop.browser();
    assert!(matches!(guest.get(HERE).await.status, 303 | 401));
    // Who runs an outlet of another village sees nothing of it and takes nothing back.
    let away = outlet::ActiveModel { village_id: Set(other_village(&market).await), ..Default::default() };
    let (db, here) = (&market.granary.stand.shop.app.db, market.outlet().id);
    outlet::Entity::update_many().set(away).filter(outlet::Column::Id.ne(here)).exec(db).await.expect("a change");
    let stranger = &mut market.granary.stand.stranger;
    let seen = stranger.get(HERE).await;
    seen.is(200);
    assert!(!seen.body.contains("Rp14.000"));
    let csrf = csrf(&stranger.get("/akun").await.body);
    stranger.post_raw(&take_back, &[("csrf", csrf.as_str())]).await.is(404);
    let standing = rows(&market).await;
    assert!(standing.iter().all(|row| row.withdrawn_at.is_none()) && standing.len() == 1);
    market.granary.stand.close().await;
}

#[actix_web::test]
async fn two_who_write_the_same_market_at_once_leave_one_price() {
    let market = open().await;
    let stand = &market.granary.stand;
    let village_id = stand.outlet.village_id;
    let writes = async |price: i64| {
        let seen = Seen { commodity: "beras medium".into(), per: Per::Kilogram, price: Rupiah(price) };
        let survey = Survey { place: "Pasar Arjasa".into(), day: stand.shop.clock.today(), prices: vec![seen] };
        let tx = stand.begin().await;
        observation::write(&tx, &stand.shop.clock, village_id, &survey, stand.operator_id).await?;
        tx.commit().await.map_err(Error::from)
    };
    let all = futures_util::future::join_all([13_600, 13_700, 13_800, 13_900].map(writes)).await;
    assert!(all.iter().all(Result::is_ok), "{all:?}");
    let written = rows(&market).await;
    let standing: Vec<_> = written.iter().filter(|row| row.withdrawn_at.is_none()).collect();
    assert_eq!((written.len(), standing.len()), (4, 1));
    let fresh = observation::fresh(&stand.shop.app.db, village_id, market.today()).await.expect("a read");
    assert_eq!(fresh.iter().map(|row| row.id).collect::<Vec<_>>(), [standing[0].id]);
    market.granary.stand.close().await;
}
