//! Phones: registered, renamed, revoked.
use entity::device;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use super::handset::{Handset, register, state};
use crate::counter::stand::Stand;

const INSTALL: &str = "0a1b2c3d-0000-4000-8000-000000000001";

#[actix_web::test]
async fn a_phone_gets_its_key_until_it_has_used_it() {
    let stand = Stand::open().await;
    let mut siti = stand.siti.clone();
    let first = register(&mut siti, INSTALL).await.is(200).body.clone();
    assert_eq!(register(&mut siti, INSTALL).await.is(200).body, first, "an answer that was lost");
    register(&mut stand.hasan.clone(), INSTALL).await.is(409).says("device.key_given");
    register(&mut stand.stranger.clone(), INSTALL).await.is(409);
    let first: Value = serde_json::from_str(&first).expect("JSON");
    assert_eq!(first["name"], "HP Bu Siti Aminah");
    let mut phone = Handset::of(&stand, siti.clone()).await;
    (phone.id, phone.key) =
        (first["device"].as_i64().expect("an id"), first["key"].as_str().expect("a key").to_owned());
    let event = phone.takes_in(stand.crafter_id, stand.basket, "1");
    assert_eq!(phone.verdict(&event).await["verdict"], "accepted");
    register(&mut siti, INSTALL).await.is(409).says("device.key_given");
    for bad in ["", "kurz", "x'; DROP TABLE device; --xxxx", &"a".repeat(65)] {
        register(&mut siti, bad).await.is(422);
    }
    stand.shop.browser().get("/api/v1/sync").await.is(401);
    let kept = device::Entity::find().all(&stand.shop.app.db).await.expect("a read");
    assert!(kept.iter().all(|row| !format!("{row:?}").contains(&phone.key)), "the key is kept nowhere");
    stand.close().await;
}

#[actix_web::test]
async fn a_revoked_phone_is_not_heard_and_signs_in_anew() {
    let mut stand = Stand::open().await;
    let mut phone = Handset::of(&stand, stand.hasan.clone()).await;
    let before = phone.takes_in(stand.crafter_id, stand.basket, "1");
    phone.verdict(&before).await;
    let list = "/kelola/perangkat";
    let page = stand.siti.get(list).await;
    page.is(200).says("HP Pak Hasan").says("1 catatan diterima");
    stand.siti.fill(&page, &format!("{list}/{}/nama", phone.id), &[("name", "HP keliling")]).await.is(303);
    let page = stand.siti.get(list).await;
    page.says("HP keliling");
    let empty = stand.siti.fill(&page, &format!("{list}/{}/nama", phone.id), &[("name", "  ")]).await;
    stand.siti.follow(empty).await.says("tidak boleh kosong");
    stand.stranger.get(list).await.is(200).says("Belum ada HP");
    let fields = page.hidden(&format!("{list}/{}/cabut", phone.id));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    for _ in 0..2 {
        stand.siti.post_raw(&format!("{list}/{}/cabut", phone.id), &fields).await.is(303);
    }
    stand.siti.get(list).await.says("Dicabut");
    // Whoever holds it is signed out.
    phone.browser.get("/api/v1/sync").await.is(401);
    phone.browser = stand.siti.clone();
    let asked = stand.siti.get(&format!("/api/v1/sync?device={}", phone.id)).await;
    assert_eq!(serde_json::from_str::<Value>(&asked.body).expect("JSON")["device"], "revoked");
    let after = phone.takes_in(stand.crafter_id, stand.basket, "2");
    phone.sends(&[before.clone(), after.clone()]).await.is(409).says("device.revoked").says("sudah dicabut");
    // What is on it goes with another key, and what had come already comes no second time.
    let mut anew = Handset::of(&stand, stand.siti.clone()).await;
    let (before, after) = (anew.signs(before), anew.signs(after));
    let told = anew.told(&[before, after]).await;
    assert!(told.iter().all(|told| told["verdict"] == "accepted"), "{told:?}");
    assert_eq!(entity::intake::Entity::find().count(&stand.shop.app.db).await.expect("a count"), 2);
    stand.close().await;
}

#[actix_web::test]
async fn missing_numbers_and_a_wrong_clock_are_shown() {
    let mut stand = Stand::open().await;
    let mut phone = Handset::of(&stand, stand.siti.clone()).await;
    phone.ahead = chrono::Duration::days(365);
    let all: Vec<Value> = (1..=5).map(|n| phone.takes_in(stand.crafter_id, stand.basket, &n.to_string())).collect();
    phone.told(&[all[0].clone(), all[4].clone()]).await;
    let page = stand.siti.get("/kelola/perangkat").await;
    page.says("Belum sampai: nomor 2, 3, 4").says("525.600 menit");
    phone.told(&all).await;
    assert!(!stand.siti.get("/kelola/perangkat").await.body.contains("Belum sampai"));
    stand.close().await;
}

#[actix_web::test]
async fn a_phone_learns_who_is_signed_in_and_how_it_stands() {
    let stand = Stand::open().await;
    let phone = Handset::of(&stand, stand.siti.clone()).await;
    let mut siti = stand.siti.clone();
    let told = state(&mut siti).await;
    assert_eq!((&told["person"]["name"], &told["device"]), (&json!("Bu Siti Aminah"), &json!("none")));
    let mine = siti.get(&format!("/api/v1/sync?device={}", phone.id)).await;
    mine.is(200).says("\"device\":\"registered\"");
    let mut stranger = stand.stranger.clone();
    stranger.get(&format!("/api/v1/sync?device={}", phone.id)).await.is(200).says("\"device\":\"elsewhere\"");
    stranger.get("/api/v1/sync?device=99999").await.is(200).says("\"device\":\"none\"");
    stand.close().await;
}
