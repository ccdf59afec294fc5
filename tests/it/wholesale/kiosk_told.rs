//! Visits that were recorded on a phone without signal.
use entity::{
    kiosk::{Bearer, PaysAt},
    kiosk_visit,
};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use super::post::Post;
use crate::outlet::field::handset::Handset;

/// What the page records: six of ten were sold, and Rp100.000 came.
fn seen(post: &Post, expected: i64, sold: i64) -> Value {
    let mut body = json!({ "kios": post.kiosk.id, "uang": "100.000" });
    for (name, value) in [("ada", expected), ("laku", sold), ("masih", expected - sold), ("harga", 32_000)] {
        body[post.basket(name)] = json!(value);
    }
    body
}

async fn visits(post: &Post) -> u64 {
    kiosk_visit::Entity::find().count(&post.stand.shop.app.db).await.expect("a count")
}

#[actix_web::test]
async fn a_visit_without_signal_is_told_five_times_and_is_in_the_books_once() {
    let mut post = Post::open(Bearer::Outlet, PaysAt::Cash).await;
    post.takes_there("10").await.is(303);
    let mut phone = Handset::of(&post.stand, post.stand.siti.clone()).await;
    let event = phone.records("visit", &seen(&post, 10, 6));
    let first = phone.verdict(&event).await;
    assert_eq!(first["verdict"], "accepted", "{first}");
    for _ in 0..4 {
        assert_eq!(phone.verdict(&event).await, first);
    }
    assert_eq!((visits(&post).await, post.owes().await), (1, 68_000));
    let url = first["answer"]["url"].as_str().expect("a page").to_owned();
    post.stand.siti.get(&url).await.is(200).says("V-2611-").says("Rp100.000");
    post.stand.close().await;
}

#[actix_web::test]
async fn two_phones_that_counted_one_shelf_are_not_both_believed() {
    let mut post = Post::open(Bearer::Outlet, PaysAt::Sale).await;
    post.takes_there("10").await.is(303);
    let mut one = Handset::of(&post.stand, post.stand.siti.clone()).await;
    let mut other = Handset::of(&post.stand, post.stand.hasan.clone()).await;
    let told = [one.records("visit", &seen(&post, 10, 6)), other.records("visit", &seen(&post, 10, 6))];
    assert_eq!(one.verdict(&told[0]).await["verdict"], "accepted");
    let refused = other.verdict(&told[1]).await;
    assert_eq!(refused["verdict"], "refused", "{refused}");
    assert!(refused["sentence"].as_str().is_some_and(|said| said.contains("sekarang 4")), "{refused}");
    // Counted again and told again it is a visit of its own.
    let again = other.records("visit", &seen(&post, 4, 4));
    assert_eq!(other.verdict(&again).await["verdict"], "accepted");
    assert_eq!((visits(&post).await, post.owes().await), (2, 80_000));
    post.stand.close().await;
}

#[actix_web::test]
async fn odd_visits_are_refused_alone_with_the_sentence_that_helps() {
    let mut post = Post::open(Bearer::Outlet, PaysAt::Sale).await;
    post.takes_there("10").await.is(303);
    let mut phone = Handset::of(&post.stand, post.stand.siti.clone()).await;
    let mut bodies = vec![json!({}), json!({ "kios": "x" }), json!({ "kios": post.kiosk.id })];
    for (name, odd) in [("laku", "-1"), ("laku", "1,5"), ("masih", "9"), ("harga", "1"), ("ada", "99"), ("masih", "")] {
        let mut body = seen(&post, 10, 6);
        body[post.basket(name)] = json!(odd);
        bodies.push(body);
    }
    let mut lost = seen(&post, 10, 6);
    lost["kios"] = json!(post.kiosk.id + 1_000);
    bodies.push(lost);
    let odd: Vec<Value> = bodies.iter().map(|body| phone.records("visit", body)).collect();
    let good = phone.records("visit", &seen(&post, 10, 6));
    let told = phone.told(&[odd, vec![good]].concat()).await;
    let (good, odd) = told.split_last().expect("verdicts");
    assert!(odd.iter().all(|told| told["verdict"] == "refused"), "{odd:?}");
    assert_eq!(good["verdict"], "accepted");
    assert_eq!((visits(&post).await, post.stands(post.stand.basket).await), (1, (0, 4)));
    post.stand.close().await;
}
