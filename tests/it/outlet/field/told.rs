//! Batches: sent often, in pieces, in any order, by wrong clocks and by wrong hands.
use chrono::Duration;
use entity::device_event::Verdict;
use reqwest::Method;
use serde_json::{Value, json};

use super::handset::{Handset, events, handed, intakes, post, token};
use crate::counter::stand::Stand;

/// Seven hand-overs of different sizes.
fn seven(phone: &mut Handset, stand: &Stand) -> Vec<Value> {
    (1..=7).map(|n| phone.takes_in(stand.crafter_id, stand.basket, &n.to_string())).collect()
}

#[actix_web::test]
async fn the_same_batch_five_times_is_in_the_books_once() {
    let stand = Stand::open().await;
    let mut phone = Handset::of(&stand, stand.siti.clone()).await;
    let batch = seven(&mut phone, &stand);
    let first = phone.told(&batch).await;
    assert!(first.iter().all(|told| told["verdict"] == "accepted"), "{first:?}");
    for _ in 0..4 {
        assert_eq!(phone.told(&batch).await, first);
    }
    let intakes = intakes(&stand).await;
    assert_eq!(intakes.iter().map(|one| one.grade_a).sum::<i64>(), 28);
    assert_eq!(intakes.len(), 7);
    assert_eq!(first[0]["answer"]["number"], json!(intakes[0].number));
    assert_eq!(stand.available(stand.basket).await, 38);
    stand.close().await;
}

#[actix_web::test]
async fn a_batch_in_pieces_and_in_any_order_gets_the_same_verdicts() {
    let stand = Stand::open().await;
    let mut phone = Handset::of(&stand, stand.siti.clone()).await;
    let batch = seven(&mut phone, &stand);
    let late = phone.told(&batch[4..]).await;
    let mixed = [&batch[5], &batch[0], &batch[0], &batch[6], &batch[3]].map(Clone::clone);
    let told = phone.told(&mixed).await;
    assert_eq!((&told[0], &told[3]), (&late[1], &late[2]));
    assert_eq!(told[1], told[2], "twice in one batch");
    let backwards: Vec<Value> = batch.iter().rev().cloned().collect();
    let all = phone.told(&backwards).await;
    assert!(all.iter().all(|told| told["verdict"] == "accepted"));
    assert_eq!(all[6], told[1]);
    assert_eq!(intakes(&stand).await.len(), 7);
    assert_eq!(events(&stand).await.len(), 7);
    stand.close().await;
}

#[actix_web::test]
async fn what_one_phone_says_is_refused_alone() {
    let stand = Stand::open().await;
    let mut phone = Handset::of(&stand, stand.siti.clone()).await;
    let (crafter, basket) = (stand.crafter_id, stand.basket);
    let mut odd = handed(crafter, basket, "2");
    odd["terms"] = json!("bought");
    odd["cost"] = json!(30_000);
    let dear = phone.records("intake", &odd);
    odd["price_confirmed"] = json!(true);
    let meant = phone.records("intake", &odd);
    let mut foreign = handed(crafter, basket, "6");
    foreign["assignment_id"] = json!(999_999);
    let foreign = phone.records("intake", &foreign);
    let batch = [
        phone.takes_in(crafter, basket, "3"),
        phone.takes_in(crafter, basket, "-3"),
        phone.takes_in(crafter, basket, "2,5"),
        phone.takes_in(crafter, basket, "0"),
        phone.takes_in(crafter + 1_000, basket, "4"),
        phone.takes_in(crafter, basket + 1_000, "4"),
        phone.records("tarian", &json!({})),
        phone.records("intake", &json!([])),
        dear,
        foreign,
        meant,
        phone.takes_in(crafter, basket, "5"),
    ];
    let told = phone.told(&batch).await;
    let verdicts: Vec<&str> = told.iter().map(|told| told["verdict"].as_str().expect("a verdict")).collect();
    let (yes, no) = ("accepted", "refused");
    assert_eq!(verdicts, [yes, no, no, no, no, no, no, no, no, no, yes, yes], "{told:?}");
    for told in told.iter().filter(|told| told["verdict"] == no) {
        let sentence = told["sentence"].as_str().expect("a sentence");
        assert!(sentence.len() > 10 && !sentence.contains('{'), "{told}");
    }
    assert_eq!(intakes(&stand).await.iter().map(|one| one.grade_a).collect::<Vec<_>>(), [3, 2, 5]);
    assert_eq!(phone.told(&batch).await, told, "the same again");
    // In another language it is the same no.
    phone.browser.cookies.insert("bahasa".into(), "en".into());
    let english = phone.told(&batch).await;
    assert_eq!(english[1]["reason"], told[1]["reason"]);
    assert_ne!(english[1]["sentence"], told[1]["sentence"]);
    stand.close().await;
}

#[actix_web::test]
async fn the_same_id_with_another_content_is_refused() {
    let stand = Stand::open().await;
    let mut phone = Handset::of(&stand, stand.siti.clone()).await;
    let event = phone.takes_in(stand.crafter_id, stand.basket, "3");
    let first = phone.verdict(&event).await;
    let mut other = event.clone();
    other["body"] = json!(handed(stand.crafter_id, stand.basket, "4").to_string());
    let other = phone.signs(other);
    let told = phone.verdict(&other).await;
    assert_eq!((&told["verdict"], &told["reason"]), (&json!("refused"), &json!("device.other_content")));
    assert_eq!(phone.verdict(&event).await, first);
    assert_eq!(intakes(&stand).await.len(), 1);
    stand.close().await;
}

#[actix_web::test]
async fn a_clock_that_is_a_year_off_is_set_right_and_kept_beside() {
    for days in [365, -365] {
        let stand = Stand::open().await;
        let mut phone = Handset::of(&stand, stand.siti.clone()).await;
        phone.ahead = Duration::days(days);
        let event = phone.takes_in(stand.crafter_id, stand.basket, "3");
        stand.shop.clock.advance(Duration::hours(5));
        phone.ahead += Duration::hours(5);
        assert_eq!(phone.verdict(&event).await["verdict"], "accepted");
        let taken = intakes(&stand).await.remove(0);
        assert_eq!(stand.shop.clock.now() - taken.taken_at, Duration::hours(5), "{days} days");
        let kept = events(&stand).await.remove(0);
        assert_eq!(kept.recorded_at, event["recorded_at"].as_str().expect("a text"));
        assert_eq!(kept.corrected_at, taken.taken_at);
        stand.close().await;
    }
}

#[actix_web::test]
async fn what_the_phone_did_not_sign_is_kept_and_refused_and_harms_nothing() {
    let stand = Stand::open().await;
    let mut phone = Handset::of(&stand, stand.siti.clone()).await;
    let sound = phone.takes_in(stand.crafter_id, stand.basket, "3");
    let mut forged = sound.clone();
    forged["signature"] = json!("0".repeat(64));
    let mut changed = phone.takes_in(stand.crafter_id, stand.basket, "1");
    changed["body"] = json!(handed(stand.crafter_id, stand.basket, "100").to_string());
    let broken = json!({ "id": "apa", "nul": "\u{0}" });
    let batch = [forged, changed, broken, json!(7)];
    let told = phone.told(&batch).await;
    let reasons: Vec<&Value> = told.iter().map(|told| &told["reason"]).collect();
    let (bad, odd) = ("device.bad_signature", "device.event_not_understood");
    assert_eq!(reasons, [bad, bad, odd, odd]);
    assert_eq!(phone.told(&batch).await, told);
    // The forged one does not stand in the way of the true one.
    assert_eq!(phone.verdict(&sound).await["verdict"], "accepted");
    let kept = events(&stand).await;
    assert_eq!(kept.iter().filter(|event| event.verdict == Verdict::Refused).count(), 4);
    assert_eq!(intakes(&stand).await.len(), 1);
    stand.close().await;
}

#[actix_web::test]
async fn a_batch_from_wrong_hands_or_of_a_wrong_size_is_refused_whole() {
    let stand = Stand::open().await;
    let mut phone = Handset::of(&stand, stand.siti.clone()).await;
    let event = phone.takes_in(stand.crafter_id, stand.basket, "3");
    let batch = json!({ "device": phone.id, "now": phone.clock(), "events": [event] }).to_string();
    // Nobody, a token of nobody, another outlet's operator.
    post(&mut stand.shop.browser(), "/api/v1/sync", "", &batch).await.is(401);
    post(&mut phone.browser.clone(), "/api/v1/sync", "falsch", &batch).await.is(409).says("device.stale");
    let mut stranger = stand.stranger.clone();
    let foreign = token(&mut stranger).await;
    post(&mut stranger, "/api/v1/sync", &foreign, &batch).await.is(409).says("device.unknown").says("belum terdaftar");
    let own = token(&mut phone.browser).await;
    let elsewhere = [("content-type", "application/json"), ("x-csrf-token", &own), ("origin", "https://evil.example")];
    phone.browser.send(Method::POST, "/api/v1/sync", Some(batch.clone()), &elsewhere).await.is(403);
    for body in ["", "[]", "{}", "{\"device\":1}", "\u{0}", &batch.replace("\"now\":\"20", "\"now\":\"x20")] {
        post(&mut phone.browser, "/api/v1/sync", &own, body).await.is(422);
    }
    let many = json!({ "device": phone.id, "now": phone.clock(), "events": vec![json!(1); 501] }).to_string();
    post(&mut phone.browser, "/api/v1/sync", &own, &many).await.is(413).says("500");
    let heavy = json!({ "device": phone.id, "now": phone.clock(), "events": ["x".repeat(1_100_000)] }).to_string();
    post(&mut phone.browser, "/api/v1/sync", &own, &heavy).await.is(413);
    assert!(intakes(&stand).await.is_empty() && events(&stand).await.is_empty());
    // Pak Hasan of the same outlet may send what Bu Siti recorded, and it stays hers.
    let mut hasan = stand.hasan.clone();
    let his = token(&mut hasan).await;
    post(&mut hasan, "/api/v1/sync", &his, &batch).await.is(200).says("accepted");
    assert_eq!(intakes(&stand).await[0].person_id, stand.operator_id);
    stand.close().await;
}

#[actix_web::test]
async fn who_recorded_must_run_the_outlet() {
    let stand = Stand::open().await;
    let mut phone = Handset::of(&stand, stand.siti.clone()).await;
    let siti = phone.person;
    phone.person = 999_999;
    let nobody = phone.takes_in(stand.crafter_id, stand.basket, "3");
    let mut stranger = stand.stranger.clone();
    phone.person = super::handset::state(&mut stranger).await["person"]["id"].as_i64().expect("an id");
    let foreign = phone.takes_in(stand.crafter_id, stand.basket, "4");
    phone.person = siti;
    let told = phone.told(&[nobody, foreign]).await;
    assert!(told.iter().all(|told| told["reason"] == "device.not_an_operator"), "{told:?}");
    assert!(intakes(&stand).await.is_empty());
    stand.close().await;
}

#[actix_web::test]
async fn a_refusal_says_all_that_is_wrong_and_beside_which_field() {
    let stand = Stand::open().await;
    let mut phone = Handset::of(&stand, stand.siti.clone()).await;
    let mut odd = handed(stand.crafter_id, stand.basket, "2,5");
    for (name, value) in [("grade_b", json!("-1")), ("rejected", json!("1")), ("note", json!("x".repeat(501)))] {
        odd[name] = value;
    }
    let event = phone.records("intake", &odd);
    let told = phone.verdict(&event).await;
    let said = told["sentences"].as_object().expect("sentences");
    assert_eq!(said.keys().collect::<Vec<_>>(), ["grade_b", "note", "reject_reason"], "{told}");
    assert!(said["note"].as_str().is_some_and(|text| text.contains("500")), "{told}");
    let mut odd = handed(stand.crafter_id + 1_000, stand.basket, "2,5");
    odd["rejected"] = json!("0,5");
    odd["reject_reason"] = json!("Retak");
    let event = phone.records("intake", &odd);
    let told = phone.verdict(&event).await;
    let said = told["sentences"].as_object().expect("sentences");
    assert_eq!(said.keys().collect::<Vec<_>>(), ["crafter_id", "grade_a", "rejected"], "{told}");
    // Asked again, in another language, it is all of them still.
    phone.browser.cookies.insert("bahasa".into(), "en".into());
    let english = phone.verdict(&event).await;
    assert_eq!(english["sentences"].as_object().map(serde_json::Map::len), Some(3));
    assert_ne!(english["sentences"], told["sentences"]);
    stand.close().await;
}
