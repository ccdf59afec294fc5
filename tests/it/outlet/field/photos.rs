//! Photos of what was recorded: late, twice, never, and of what came to nothing.
use entity::photo;
use reqwest::Method;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use super::handset::{Handset, handed, intakes, token};
use crate::{
    counter::stand::{Stand, slip},
    support::browser::Seen,
};

async fn brings(phone: &mut Handset, event: &Value, bytes: Vec<u8>) -> Seen {
    let token = token(&mut phone.browser).await;
    let path = format!("/api/v1/sync/photo/{}", event["id"].as_str().expect("an id"));
    let headers = [("content-type", "image/jpeg"), ("x-csrf-token", token.as_str())];
    phone.browser.try_send(Method::POST, &path, Some(bytes), &headers).await.expect("an answer")
}

async fn count(stand: &Stand) -> u64 {
    photo::Entity::find().count(&stand.shop.app.db).await.expect("a count")
}

#[actix_web::test]
async fn the_intake_stands_and_its_photo_catches_up_once() {
    let mut stand = Stand::open().await;
    let mut phone = Handset::of(&stand, stand.siti.clone()).await;
    let event = phone.takes_in(stand.crafter_id, stand.basket, "3");
    brings(&mut phone, &event, slip()).await.is(409).says("device.event_unknown");
    let told = phone.verdict(&event).await;
    assert_eq!(told["verdict"], "accepted");
    assert_eq!(count(&stand).await, 0);
    stand.shop.clock.advance(chrono::Duration::days(3));
    brings(&mut phone, &event, b"bukan foto".to_vec()).await.is(422);
    for _ in 0..3 {
        brings(&mut phone, &event, slip()).await.is(200);
    }
    assert_eq!(count(&stand).await, 1);
    stand.shop.settle().await;
    let kept = photo::Entity::find().one(&stand.shop.app.db).await.expect("a read").expect("a photo");
    assert_eq!((kept.subject, kept.subject_id), (photo::Subject::Intake, intakes(&stand).await[0].id));
    assert_eq!(kept.state, photo::State::Ready);
    let mut stranger = Handset::of(&stand, stand.stranger.clone()).await;
    brings(&mut stranger, &event, slip()).await.is(409).says("device.event_unknown");
    stand.siti.get("/kelola/perangkat").await.is(200);
    stand.close().await;
}

#[actix_web::test]
async fn a_photo_waits_with_what_is_held_and_is_not_wanted_of_what_was_refused() {
    let stand = Stand::open().await;
    let mut siti = Handset::of(&stand, stand.siti.clone()).await;
    let mut hasan = Handset::of(&stand, stand.hasan.clone()).await;
    let first = siti.takes_in(stand.crafter_id, stand.basket, "3");
    siti.verdict(&first).await;
    let second = hasan.takes_in(stand.crafter_id, stand.basket, "3");
    hasan.verdict(&second).await;
    brings(&mut hasan, &second, slip()).await.is(409).says("device.photo_waits");
    let mut odd = handed(stand.crafter_id, stand.basket, "1");
    odd["item_id"] = json!(0);
    let refused = siti.records("intake", &odd);
    siti.verdict(&refused).await;
    brings(&mut siti, &refused, slip()).await.is(422).says("device.photo_not_wanted");
    assert_eq!(count(&stand).await, 0);
    stand.close().await;
}

#[actix_web::test]
async fn a_photo_that_a_phone_still_has_is_said_to_follow() {
    let mut stand = Stand::open().await;
    let mut phone = Handset::of(&stand, stand.siti.clone()).await;
    let mut body = handed(stand.crafter_id, stand.basket, "3");
    body["photo"] = json!(true);
    let (with, without) = (phone.records("intake", &body), phone.takes_in(stand.crafter_id, stand.basket, "4"));
    let told = phone.told(&[with.clone(), without]).await;
    let [url, bare] = [&told[0], &told[1]].map(|told| told["answer"]["url"].as_str().expect("a page").to_owned());
    let receipt = told[0]["answer"]["receipt"].as_str().expect("a receipt").to_owned();
    stand.siti.get(&url).await.is(200).says("Foto menyusul dari HP");
    stand.shop.browser().get(&receipt).await.is(200).says("Foto menyusul");
    assert!(!stand.siti.get(&bare).await.body.contains("Foto menyusul"));
    brings(&mut phone, &with, slip()).await.is(200);
    stand.shop.settle().await;
    assert!(!stand.siti.get(&url).await.body.contains("Foto menyusul"));
    stand.shop.browser().get(&receipt).await.is(200).says("/foto/640.webp");
    stand.close().await;
}
