//! A program that reads orders.
use entity::person_role::Role;
use reqwest::Method as Verb;
use warong::accounts::{person, role, role::Place, token};

use super::open;
use crate::{counter::stand::Stand, support::browser::Seen};

async fn token_of(stand: &Stand, kind: Role, place: Place) -> String {
    let tx = stand.begin().await;
    let clock = &stand.shop.clock;
    let id = person::create(&tx, clock, "Program", None, None).await.expect("somebody");
    let (role_id, _) = role::grant(&tx, clock, id, kind, place, None).await.expect("a role");
    let held = role::of(&tx, id).await.expect("roles").into_iter().find(|held| held.id == role_id).expect("the role");
    let secret = &stand.shop.app.config.secret;
    let (text, _) = token::issue(&tx, clock, secret, &held, "Laporan", "key").await.expect("a token");
    tx.commit().await.expect("it stands");
    text
}

async fn ask(stand: &Stand, path: &str, shown: Option<&str>) -> Seen {
    let header = shown.map(|text| format!("Bearer {text}")).unwrap_or_default();
    let headers: &[(&str, &str)] = if shown.is_some() { &[("authorization", &header)] } else { &[] };
    stand.shop.browser().send(Verb::GET, path, None, headers).await
}

#[actix_web::test]
async fn a_program_reads_the_orders_of_its_outlet_and_no_names() {
    let stand = open().await;
    let order = stand.paid(&[(stand.basket, 2)]).await;
    let here = token_of(&stand, Role::Operator, Place::Outlet(stand.outlet.id)).await;
    let elsewhere = token_of(&stand, Role::Operator, Place::Outlet(stand.outlet.id + 1)).await;
    let everywhere = token_of(&stand, Role::Auditor, Place::Everywhere).await;
    let crafter = token_of(&stand, Role::Crafter, Place::Outlet(stand.outlet.id)).await;
    for shown in [&here, &everywhere] {
        let seen = ask(&stand, "/api/v1/orders", Some(shown)).await;
        seen.is(200).says("\"due\":102000").says("\"payment\":\"paid\"").says("\"after\":null");
        assert!(!seen.body.contains("Ratna") && !seen.body.contains("62812"), "{}", seen.body);
    }
    let after = format!("/api/v1/orders?after={}", order.id);
    ask(&stand, &after, Some(&here)).await.is(200).says("\"orders\":[]");
    ask(&stand, "/api/v1/orders", Some(&elsewhere)).await.is(200).says("\"orders\":[]");
    for (shown, status) in [(None, 401), (Some("warong_0000"), 401), (Some(crafter.as_str()), 403)] {
        let seen = ask(&stand, "/api/v1/orders", shown).await;
        seen.is(status);
        assert_eq!(seen.headers["content-type"], "application/problem+json");
    }
    ask(&stand, "/api/v1/openapi.json", None).await.is(200).says("listOrders").says("bearer");
    stand.close().await;
}
