//! What a phone takes along.
use entity::kiosk::{Bearer, PaysAt};
use reqwest::Method;
use serde_json::Value;

use super::handset::Handset;
use crate::{counter::stand::Stand, wholesale::post::Post};

const HERE: &str = "/kelola/setoran/bekal.json";

#[actix_web::test]
async fn provisions_name_who_makes_what_and_come_once() {
    let mut stand = Stand::open().await;
    let first = stand.siti.get(HERE).await;
    let said: Value = serde_json::from_str(&first.is(200).body).expect("JSON");
    assert_eq!(said["outlet"], stand.outlet.id);
    let sati = &said["crafters"][0];
    assert_eq!((sati["name"].as_str(), sati["rt"].as_str()), (Some("Bu Sati"), Some("03")));
    let made: Vec<i64> = sati["made"].as_array().expect("a list").iter().filter_map(Value::as_i64).collect();
    assert!(made.contains(&stand.basket) && made.contains(&stand.cage));
    let basket = said["items"].as_array().expect("a list").iter().find(|one| one["id"] == stand.basket);
    let basket = basket.expect("the basket");
    assert_eq!((basket["price"].as_i64(), basket["maker_bp"].as_i64()), (Some(28_000), Some(7_600)));
    let tag = first.headers["etag"].to_str().expect("text").to_owned();
    for known in [tag.clone(), format!("W/{tag}")] {
        stand.siti.send(Method::GET, HERE, None, &[("if-none-match", &known)]).await.is(304);
    }
    let item = stand.another_basket("Keranjang baru").await;
    let next = stand.siti.send(Method::GET, HERE, None, &[("if-none-match", &tag)]).await;
    assert!(next.is(200).body.contains(&format!("\"id\":{item},")));
    let other: Value = serde_json::from_str(&stand.stranger.get(HERE).await.body).expect("JSON");
    assert_eq!(
        (other["crafters"].as_array().map(Vec::len), other["items"].as_array().map(Vec::len)),
        (Some(0), Some(0))
    );
    stand.shop.browser().get(HERE).await.is(303);
    stand.close().await;
}

#[actix_web::test]
async fn another_outlets_crafter_is_refused() {
    let stand = Stand::open().await;
    let mut phone = Handset::of(&stand, stand.stranger.clone()).await;
    let event = phone.takes_in(stand.crafter_id, stand.basket, "3");
    let told = phone.verdict(&event).await;
    assert_eq!(told["verdict"], "refused");
    assert!(told["sentence"].as_str().is_some_and(|text| text.contains("bukan")), "{told}");
    stand.close().await;
}

#[actix_web::test]
async fn the_frames_and_the_worker_are_open_and_say_nothing_of_anybody() {
    let mut stand = Stand::open().await;
    let mut guest = stand.shop.browser();
    let frame = guest.get("/kelola/setoran/kerangka").await;
    frame.is(200).says("data-field").says("Siapa yang menyetor?").says("field-intake-");
    guest.get("/kelola/kios/kerangka").await.is(200).says("data-field").says("Kios mana?").says("field-visit-");
    assert!(!frame.body.contains("name=\"csrf\""), "no token is in it");
    assert_eq!(stand.siti.get("/kelola/setoran/kerangka").await.body, frame.body);
    guest.get("/kelola/luring").await.is(200).says("Tidak ada sinyal");
    let worker = guest.get("/sw.js").await;
    worker.is(200).says("const FILES = [\"/aset/").says("/kelola/setoran/kerangka");
    assert!(worker.headers["content-type"].to_str().is_ok_and(|kind| kind.starts_with("text/javascript")));
    for file in worker.body.split('"').filter(|part| part.starts_with("/aset/")) {
        guest.get(file).await.is(200);
    }
    stand.close().await;
}

#[actix_web::test]
async fn kiosks_come_along_with_what_stands_in_them_and_what_they_owe() {
    let mut post = Post::open(Bearer::Outlet, PaysAt::Sale).await;
    post.takes_there("10").await.is(303);
    post.counts(["4", "", "", "6"], &[("uang", "28.000")]).await.is(303);
    let said: Value = serde_json::from_str(&post.stand.siti.get(HERE).await.is(200).body).expect("JSON");
    let kiosk = &said["kiosks"][0];
    assert_eq!((kiosk["id"].as_i64(), kiosk["owes"].as_i64()), (Some(post.kiosk.id), Some(84_000)));
    assert_eq!((kiosk["commission_bp"].as_i64(), kiosk["damage_by"].as_str()), (Some(1_250), Some("outlet")));
    let good = &kiosk["goods"][0];
    let seen = (good["id"].as_i64(), good["n"].as_i64(), good["price"].as_i64());
    assert_eq!(seen, (Some(post.stand.basket), Some(6), Some(32_000)));
    let other: Value = serde_json::from_str(&post.stand.stranger.get(HERE).await.body).expect("JSON");
    assert_eq!(other["kiosks"].as_array().map(Vec::len), Some(0));
    post.stand.close().await;
}
