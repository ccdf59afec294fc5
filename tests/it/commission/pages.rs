//! The pages of big orders, as each person sees them.
use warong::wholesale::{assignment as task, assignment::Answer};

use super::Workshop;
use crate::support::browser::Seen;

/// The page from its second form on: the first only asks again.
fn below(page: &Seen) -> Seen {
    let from = page.body.find("<form method=\"post\" action=\"/kelola/pesanan").expect("the form");
    Seen { body: page.body[from..].to_owned(), headers: page.headers.clone(), location: None, status: page.status }
}

/// What stands in the boxes of the households.
fn boxes(page: &Seen) -> Vec<(String, String)> {
    let value = |tag: &str, name: &str| {
        let from = tag.find(&format!("{name}=\"")).expect("an attribute") + name.len() + 2;
        tag[from..].split('"').next().expect("it ends").to_owned()
    };
    let of_households = page.body.split("<input ").filter(|tag| tag.contains("name=\"untuk_"));
    of_households.map(|tag| (value(tag, "name"), value(tag, "value"))).collect()
}

#[actix_web::test]
async fn the_operator_shares_out_and_a_maker_answers_by_her_link() {
    let mut workshop = Workshop::open().await;
    let order = workshop.order(300).await;
    let here = format!("/kelola/pesanan/{}/borongan", order.id);
    workshop.stand.siti.get("/kelola/borongan").await.says("Perlu dibuat, belum dibagi").says(&here);
    workshop.stand.siti.get(&format!("/kelola/pesanan/{}", order.id)).await.says(&here);
    let ask = format!("{here}?buah=300&harga=49400&jam=24&tanggal={}", workshop.due());
    let page = workshop.stand.siti.get(&ask).await;
    page.is(200).says("300 buah perlu dibuat").says("Bu A").says("sanggup 10");
    let form = below(&page);
    let mut shares = boxes(&form);
    assert_eq!(shares.iter().map(|(_, n)| n.parse::<i64>().unwrap()).sum::<i64>(), 300);
    // More than a household can is refused beside it, with everything as typed.
    let first = shares[0].1.clone();
    shares[0].1 = "11".into();
    let as_typed = |all: &[(String, String)]| all.to_vec();
    let typed = as_typed(&shares);
    let fields: Vec<(&str, &str)> = typed.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let refused = workshop.stand.siti.fill(&form, &here, &fields).await;
    refused.is(422).says("sanggup paling banyak 10").says("value=\"11\"");
    // Too few while somebody has room is refused too.
    shares[0].1 = "1".into();
    let typed = as_typed(&shares);
    let fields: Vec<(&str, &str)> = typed.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    workshop.stand.siti.fill(&form, &here, &fields).await.is(422).says("Masih 9 buah belum terbagi");
    shares[0].1 = first;
    let typed = as_typed(&shares);
    let fields: Vec<(&str, &str)> = typed.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let done = workshop.stand.siti.fill(&form, &here, &fields).await;
    let there = done.is(303).location.clone().expect("its page");
    // The same tap again is the same answer; another outlet's operator sees nothing.
    let again = workshop.stand.siti.fill(&form, &here, &fields).await;
    assert_eq!(again.location.as_deref(), Some(there.as_str()));
    workshop.stand.stranger.get(&there).await.is(404);
    workshop.stand.stranger.get(&here).await.is(404);
    let page = workshop.stand.siti.get(&there).await;
    page.is(200).says("300 menunggu jawaban").says("https://wa.me/6281300000000").says("Jawab untuk Bu B");
    // Bu A opens her link without signing in.
    let id: i64 = there.rsplit('/').next().unwrap().parse().unwrap();
    let offer = workshop.offer(id, 0).await;
    let mut phone = workshop.stand.shop.browser();
    let page = phone.get(&task::url(&offer)).await;
    page.is(200).says("Sanggup 10 buah").says("Rp494.000").says("Semua keluarga mendapat bagian yang sama");
    assert_eq!(page.headers["x-robots-tag"], "noindex, nofollow");
    let url = task::url(&offer);
    phone.fill(&page, &url, &[("jawaban", "ya"), ("buah", "12")]).await.is(422).says("Paling banyak 10");
    phone.fill(&page, &url, &[("jawaban", "ya"), ("buah", "1,5")]).await.is(422);
    phone.fill(&page, &url, &[("jawaban", "ya")]).await.is(303);
    phone.get(&url).await.says("Terima kasih, Bu A").says("0 dari 10");
    // The operator answers for Bu B, who has no phone.
    let other = workshop.offer(id, 1).await;
    let page = workshop.stand.siti.get(&there).await;
    let answer = format!("{there}/jawab/{}", other.id);
    workshop.stand.siti.fill(&page, &answer, &[("jawaban", "ya"), ("buah", "7")]).await.is(303);
    workshop.stand.siti.get(&there).await.says("Sanggup 7 dari 12");
    workshop.stand.stranger.post_raw(&answer, &[("jawaban", "tidak")]).await;
    assert_eq!(workshop.now(id).await.accepted(), 17);
    // The buyer sees how far all of it is, and nobody's name.
    workshop.hands_in(id, 0, 6, 0).await;
    let page = workshop.stand.shop.browser().get(&warong::orders::order::url(&order)).await;
    page.is(200).says("6 dari 300 buah sudah jadi");
    assert!(!page.body.contains("Bu A"));
    workshop.stand.siti.get(&format!("/kelola/pesanan/{}", order.id)).await.says("6 dari 300");
    workshop.close().await;
}

#[actix_web::test]
async fn a_forged_link_and_one_of_long_ago_lead_nowhere() {
    let workshop = Workshop::open().await;
    let order = workshop.order(300).await;
    let id = workshop.shares_out(&order, 300).await.row.id;
    let offer = workshop.offer(id, 0).await;
    let mut phone = workshop.stand.shop.browser();
    for forged in ["/tugas-anyam/1", "/tugas-anyam/AAAAAAAAAAAAAAAAAAAAAA", &format!("/tugas-anyam/{}", offer.id)] {
        phone.get(forged).await.is(404);
        phone.post_raw(forged, &[("jawaban", "tidak")]).await.is(404);
    }
    workshop.clock().advance(chrono::Duration::hours(25));
    let url = task::url(&offer);
    let page = phone.get(&url).await;
    page.is(200).says("Waktunya sudah lewat");
    assert!(!page.body.contains("name=\"jawaban\""));
    phone.post_raw(&url, &[("jawaban", "ya"), ("buah", "10")]).await.is(409);
    workshop.a_minute_passes().await;
    phone.get(&url).await.is(200).says("Waktunya sudah lewat");
    workshop.clock().advance(chrono::Duration::days(40));
    phone.get(&url).await.is(404);
    workshop.close().await;
}

#[actix_web::test]
async fn only_who_may_changes_what_a_household_can() {
    let mut workshop = Workshop::with(&[20]).await;
    let maker = workshop.makers[0].clone();
    let here = format!("/kelola/perajin/{}/kemampuan", maker.id);
    let page = workshop.stand.siti.get(&here).await;
    page.is(200).says("Kurungan ayam").says("value=\"10\"");
    let field = format!("minggu_{}", workshop.stand.cage);
    workshop.stand.siti.fill(&page, &here, &[(&field, "dua")]).await.is(422).says("Tulis angka saja");
    workshop.stand.siti.fill(&page, &here, &[(&field, "99999")]).await.is(422);
    workshop.stand.siti.fill(&page, &here, &[(&field, "21")]).await.is(303);
    let pool = warong::catalogue::capacity::pool(&workshop.stand.shop.app.db, workshop.stand.cage).await.expect("pool");
    assert_eq!(pool.makers[0].per_week, 21);
    workshop.stand.stranger.get(&here).await.is(404);
    workshop.stand.stranger.post_raw(&here, &[(&field, "1")]).await;
    workshop.stand.shop.browser().get("/karya/kemampuan").await.is(303);
    let pool = warong::catalogue::capacity::pool(&workshop.stand.shop.app.db, workshop.stand.cage).await.expect("pool");
    assert_eq!(pool.makers[0].per_week, 21);
    workshop.close().await;
}

#[actix_web::test]
async fn what_nobody_can_make_is_said_before_anybody_is_asked() {
    let mut workshop = Workshop::with(&[20, 20]).await;
    let order = workshop.order(100).await;
    let ask = format!("/kelola/pesanan/{}/borongan?buah=100&harga=49400&jam=24&tanggal={}", order.id, workshop.due());
    // Twenty a week: a hundred take five weeks.
    workshop.stand.siti.get(&ask).await.is(200).says("60 buah tidak terkerjakan").says("26 Desember 2026");
    let id = workshop.shares_out(&order, 100).await.row.id;
    workshop.says(id, 0, Answer::No).await.expect("no");
    let page = workshop.stand.siti.get(&format!("/kelola/borongan/{id}")).await;
    page.says("80 buah belum ada yang sanggup").says("Kabari pembeli sekarang");
    workshop.stand.siti.get("/kelola/borongan").await.says("Kurang 80");
    workshop.stand.siti.get("/kelola").await.says("Borongan kurang pembuat");
    workshop.close().await;
}

#[actix_web::test]
async fn a_household_sees_its_part_on_its_own_page_and_says_what_it_can() {
    let workshop = Workshop::with(&[20, 20]).await;
    let order = workshop.order(30).await;
    let id = workshop.shares_out(&order, 30).await.row.id;
    let mut phone = workshop.phone_of(0).await;
    phone.get("/karya").await.is(200).says("Borongan untuk saya").says("Jawab dulu").says("15 buah");
    let url = task::url(&workshop.offer(id, 0).await);
    let page = phone.get(&url).await;
    // Signed in, the form carries the token of her session.
    phone.fill(&page, &url, &[("jawaban", "ya")]).await.is(303);
    workshop.hands_in(id, 0, 4, 1).await;
    phone.get("/karya").await.says("Tinggal 11 buah").says("4 dari 15 sudah disetor");
    let page = phone.get("/karya/kemampuan").await;
    let field = format!("minggu_{}", workshop.stand.cage);
    page.is(200).says(&field);
    phone.fill(&page, "/karya/kemampuan", &[(&field, "0")]).await.is(303);
    let pool = warong::catalogue::capacity::pool(&workshop.stand.shop.app.db, workshop.stand.cage).await.expect("pool");
    assert_eq!(pool.makers[0].per_week, 0);
    // Who weaves for no outlet, or nothing, has no such page.
    workshop.stand.stranger.clone().get("/karya/kemampuan").await.is(403);
    workshop.close().await;
}

#[actix_web::test]
async fn what_is_taken_in_for_a_part_is_the_orders_until_it_is_taken_back() {
    let mut workshop = Workshop::with(&[20, 20]).await;
    let order = workshop.order(30).await;
    let id = workshop.shares_out(&order, 30).await.row.id;
    workshop.everybody_says_yes(id).await;
    let (cage, maker) = (workshop.stand.cage, workshop.makers[0].id);
    let part = workshop.now(id).await.assignments[0].clone();
    assert_eq!(part.crafter_id, maker);
    // The commission leads to the page where her goods are taken in.
    let way = format!("/kelola/setoran/baru?perajin={maker}&amp;barang={cage}&amp;tugas={}", part.id);
    workshop.stand.siti.get(&format!("/kelola/borongan/{id}")).await.says(&way);
    let form = workshop.stand.siti.get(&way.replace("&amp;", "&")).await;
    let typed = [("grade_a", "9"), ("grade_b", ""), ("rejected", ""), ("terms", "consigned")];
    // A part of somebody else does not exist for her goods.
    let other = workshop.now(id).await.assignments[1].id.to_string();
    let foreign = [typed.as_slice(), &[("assignment_id", other.as_str())]].concat();
    workshop.stand.siti.fill(&form, "/kelola/setoran", &foreign).await.is(404);
    let taken = workshop.stand.siti.fill(&form, "/kelola/setoran", &typed).await;
    let page = taken.is(303).location.clone().expect("its page");
    workshop.stand.siti.fill(&form, "/kelola/setoran", &typed).await.is(303);
    assert_eq!((workshop.held(&order).await, workshop.now(id).await.delivered()), (9, 9));
    let seen = workshop.stand.siti.get(&page).await;
    let act = format!("{page}/pembatalan");
    workshop.stand.siti.fill(&seen, &act, &[("reverse_reason", "Salah orang")]).await.is(303);
    assert_eq!((workshop.held(&order).await, workshop.now(id).await.delivered()), (0, 0));
    assert_eq!(workshop.stand.available(cage).await, 0);
    workshop.close().await;
}
