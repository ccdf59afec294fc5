//! What two phones told of one hand-over, and how a person decides.
use entity::{device_event::Decision, person_role};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use warong::{accounts::role, db};

use super::handset::{Handset, events, intakes};
use crate::{
    counter::stand::Stand,
    support::{Browser, browser::Seen},
};

const HERE: &str = "/kelola/perangkat/tertahan";

async fn two_phones(stand: &Stand) -> (Handset, Handset) {
    (Handset::of(stand, stand.siti.clone()).await, Handset::of(stand, stand.hasan.clone()).await)
}

async fn decide(browser: &mut Browser, id: i64, act: &str) -> Seen {
    let page = browser.get(HERE).await;
    browser.fill(&page, &format!("{HERE}/{id}/{act}"), &[]).await
}

#[actix_web::test]
async fn the_second_phone_with_the_same_hand_over_waits_for_a_person() {
    let mut stand = Stand::open().await;
    let (mut siti, mut hasan) = two_phones(&stand).await;
    let first = siti.takes_in(stand.crafter_id, stand.basket, "12");
    assert_eq!(siti.verdict(&first).await["verdict"], "accepted");
    let second = hasan.takes_in(stand.crafter_id, stand.basket, "12");
    let told = hasan.verdict(&second).await;
    assert_eq!((&told["verdict"], &told["reason"]), (&json!("held"), &json!("device.held_double")));
    assert!(
        told["sentence"].as_str().is_some_and(|text| text.contains("Keranjang sampah anyam dari Bu Sati")),
        "{told}"
    );
    assert_eq!(hasan.verdict(&second).await, told, "told again it waits still");
    // Another count is another hand-over.
    let other = hasan.takes_in(stand.crafter_id, stand.basket, "11");
    assert_eq!(hasan.verdict(&other).await["verdict"], "accepted");
    let number = intakes(&stand).await[0].number.clone();
    let page = stand.siti.get(HERE).await;
    page.is(200).says(&number).says("HP Pak Hasan").says("A 12").says("Bu Sati");
    stand.siti.get("/kelola/perangkat").await.says("1 catatan menunggu keputusan");
    stand.stranger.get(HERE).await.is(200).says("Tidak ada yang menunggu");

    let id = events(&stand)
        .await
        .iter()
        .find(|event| event.decision.is_none() && event.answer.is_some() && event.event_id == second["id"])
        .expect("the held one")
        .id;
    let page = stand.siti.get(HERE).await;
    let foreign = page.hidden(&format!("{HERE}/{id}/terima"));
    let fields: Vec<(&str, &str)> = foreign.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    // Another outlet's operator with a token of their own does not find it.
    let strange = stand.stranger.get("/kelola/perangkat").await;
    let csrf = strange
        .body
        .split("name=\"csrf\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap_or("")
        .to_owned();
    stand.stranger.post_raw(&format!("{HERE}/{id}/terima"), &[("csrf", &csrf)]).await.is(404);
    stand.siti.post_raw(&format!("{HERE}/{id}/abaikan"), &fields).await.is(303);
    // Decided once.
    let again = stand.siti.post_raw(&format!("{HERE}/{id}/terima"), &fields).await;
    stand.siti.follow(again).await.says("Sudah diputuskan sebelumnya");
    assert_eq!(intakes(&stand).await.len(), 2);
    let told: Value = hasan.verdict(&second).await;
    assert_eq!((&told["verdict"], &told["decision"]), (&json!("held"), &json!("dismissed")));
    stand.close().await;
}

#[actix_web::test]
async fn a_held_hand_over_that_is_another_one_is_taken_in_once() {
    let mut stand = Stand::open().await;
    let (mut siti, mut hasan) = two_phones(&stand).await;
    let first = siti.takes_in(stand.crafter_id, stand.basket, "12");
    let second = hasan.takes_in(stand.crafter_id, stand.basket, "12");
    hasan.verdict(&second).await;
    assert_eq!(siti.verdict(&first).await["verdict"], "held", "whoever comes second waits");
    let held = events(&stand).await.into_iter().find(|event| event.event_id == first["id"]).expect("the held one");
    decide(&mut stand.hasan, held.id, "terima").await.is(303);
    let told = siti.verdict(&first).await;
    assert_eq!(told["decision"], "accepted");
    let intakes = intakes(&stand).await;
    assert_eq!((intakes.len(), intakes[1].person_id), (2, stand.operator_id));
    assert_eq!(told["answer"]["number"], json!(intakes[1].number));
    let asked = siti.browser.get(&format!("/api/v1/sync/event/{}", first["id"].as_str().expect("an id"))).await;
    asked.is(200).says(&intakes[1].number);
    stand.stranger.get(&format!("/api/v1/sync/event/{}", first["id"].as_str().expect("an id"))).await.is(404);
    stand.hasan.get("/api/v1/sync/event/apa").await.is(404);
    assert_eq!(stand.available(stand.basket).await, 34);
    stand.close().await;
}

#[actix_web::test]
async fn the_same_twice_on_one_phone_was_asked_about_there() {
    let stand = Stand::open().await;
    let mut siti = Handset::of(&stand, stand.siti.clone()).await;
    let batch = [0, 1].map(|_| siti.takes_in(stand.crafter_id, stand.basket, "12"));
    assert!(siti.told(&batch).await.iter().all(|told| told["verdict"] == "accepted"));
    stand.close().await;
}

#[actix_web::test]
async fn what_somebody_recorded_who_runs_the_outlet_no_more_waits() {
    let mut stand = Stand::open().await;
    let (mut siti, hasan) = two_phones(&stand).await;
    siti.person = hasan.person;
    let event = siti.takes_in(stand.crafter_id, stand.basket, "12");
    let held = person_role::Entity::find().filter(person_role::Column::PersonId.eq(hasan.person));
    let held = held.one(&stand.shop.app.db).await.expect("a read").expect("a role");
    let tx = db::begin(&stand.shop.app.db).await.expect("a transaction");
    role::revoke(&tx, &stand.shop.clock, hasan.person, held.id).await.expect("taken away");
    tx.commit().await.expect("it stands");
    assert_eq!(siti.verdict(&event).await["reason"], "device.held_role_ended");
    let id = events(&stand).await[0].id;
    decide(&mut stand.siti, id, "terima").await.is(303);
    assert_eq!(intakes(&stand).await[0].person_id, hasan.person);
    assert_eq!(events(&stand).await[0].decision, Some(Decision::Accepted));
    stand.close().await;
}
