//! A tag leads to whoever made the piece.
use entity::{Rupiah, crafter, item, lot, product};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use warong::collection::{
    amount::Amount,
    intake::{self, NewIntake},
};

use super::yard::Yard;

fn asal(lot: &lot::Model) -> String {
    format!("/asal/{}", lot.secret.as_deref().expect("a lot of a hand-over has a tag"))
}

fn count(page: &str, what: &str) -> usize {
    page.matches(what).count()
}

#[actix_web::test]
async fn a_tag_leads_to_the_maker_and_says_where_the_price_goes() {
    let yard = Yard::open().await;
    let tx = yard.stand.begin().await;
    let story = "Belajar dari ibunya <i>.".to_owned();
    let row = crafter::ActiveModel { id: Set(yard.sati), story: Set(story), ..Default::default() };
    row.update(&tx).await.expect("a story");
    tx.commit().await.expect("it stands");
    let new = NewIntake {
        maker_bp: Some(8000),
        grade_b: Amount::whole(2),
        ..NewIntake::consigned(yard.sati, yard.stand.basket, 3)
    };
    let intake = yard.takes_in("form:tag-1", &new).await;
    let lots = yard.lots(&intake).await;
    let mut guest = yard.stand.shop.browser();
    let seen = guest.get(&asal(&lots[0])).await;
    seen.is(200).says("Bu Sati").says("Belajar dari ibunya &lt;i&gt;.").says("Keranjang sampah anyam").says("Mutu A");
    // 80% was agreed for this lot; the group's part stays as published.
    seen.says("Rp28.000").says("Rp22.400").says("dibayar sesudah laku").says("Ongkos kirim terpisah");
    seen.says("og:title").says("application/ld+json").says("21 November 2026");
    guest.get(&asal(&lots[1])).await.is(200).says("Mutu B");

    // The price of today is what is shown.
    let tx = yard.stand.begin().await;
    let dearer = item::ActiveModel { id: Set(yard.stand.basket), price: Set(Rupiah(30_000)), ..Default::default() };
    dearer.update(&tx).await.expect("a price");
    tx.commit().await.expect("it stands");
    guest.get(&asal(&lots[0])).await.says("Rp30.000").says("Rp24.000");
    yard.close().await;
}

#[actix_web::test]
async fn of_bought_goods_the_maker_had_the_agreed_price() {
    let yard = Yard::open().await;
    let new = NewIntake::bought(yard.marsuki, yard.stand.basket, 4, Rupiah(19_500));
    let intake = yard.takes_in("form:tag-2", &new).await;
    let lot = yard.lots(&intake).await.remove(0);
    let mut guest = yard.stand.shop.browser();
    let seen = guest.get(&asal(&lot)).await;
    seen.is(200).says("Pak Marsuki").says("Rp19.500").says("sudah dibeli lunas");
    // Withdrawn goods keep their maker's page, without a price that nobody can pay.
    let tx = yard.stand.begin().await;
    let item = item::Entity::find_by_id(yard.stand.basket).one(&tx).await.unwrap().unwrap();
    let state = Set(product::State::Withdrawn);
    let row = product::ActiveModel { id: Set(item.product_id), state, ..Default::default() };
    row.update(&tx).await.expect("withdrawn");
    tx.commit().await.expect("it stands");
    let seen = guest.get(&asal(&lot)).await;
    seen.is(200).says("Pak Marsuki");
    assert!(!seen.body.contains("Rp19.500") && !seen.body.contains("/produk/keranjang"));
    yard.close().await;
}

#[actix_web::test]
async fn a_wrong_code_and_a_hand_over_that_was_taken_back_lead_nowhere() {
    let mut yard = Yard::open().await;
    let new = NewIntake::consigned(yard.sati, yard.stand.basket, 3);
    let intake = yard.takes_in("form:tag-3", &new).await;
    let lot = yard.lots(&intake).await.remove(0);
    let mut guest = yard.stand.shop.browser();
    for code in ["AAAAAAAAAAAAAAAAAAAAAA", "1", "%3Cscript%3E", &intake.secret] {
        guest.get(&format!("/asal/{code}")).await.is(404);
    }
    guest.get(&asal(&lot)).await.is(200);
    let tx = yard.stand.begin().await;
    intake::reverse(&tx, &yard.stand.shop.clock, &yard.stand.outlet, intake.id, "Salah orang", yard.stand.operator_id)
        .await
        .expect("taken back");
    tx.commit().await.expect("it stands");
    guest.get(&asal(&lot)).await.is(404);
    yard.stand.siti.get(&format!("/kelola/setoran/{}/label", intake.id)).await.is(409);
    yard.close().await;
}

#[actix_web::test]
async fn tags_are_printed_by_the_operator_of_that_outlet_alone() {
    let mut yard = Yard::open().await;
    let new = NewIntake { grade_b: Amount::whole(2), ..NewIntake::consigned(yard.sati, yard.stand.basket, 3) };
    let intake = yard.takes_in("form:tag-4", &new).await;
    let here = format!("/kelola/setoran/{}/label", intake.id);
    let sheet = yard.stand.siti.get(&here).await;
    sheet.is(200).says("Bu Sati").says("Mutu A").says("Mutu B").says("Dusun Krajan, Kemuning Lor");
    assert_eq!(count(&sheet.body, "class=\"tag\""), 5, "one for each piece");
    let strip = yard.stand.siti.get(&format!("{here}?kertas=58&jumlah=1")).await;
    strip.is(200).says("paper--58");
    assert_eq!(count(&strip.body, "class=\"tag\""), 2);
    for odd in ["jumlah=0", "jumlah=-3", "jumlah=100000", "jumlah=x", "kertas=a0"] {
        let sheet = yard.stand.siti.get(&format!("{here}?{odd}")).await;
        assert_eq!(count(&sheet.body, "class=\"tag\""), 5, "{odd}");
    }
    // What was rejected has no tag.
    let none = NewIntake {
        grade_a: Amount::whole(0),
        rejected: Amount::whole(2),
        reject_reason: Some("Retak".into()),
        ..NewIntake::consigned(yard.sati, yard.stand.basket, 0)
    };
    let none = yard.takes_in("form:tag-5", &none).await;
    yard.stand.siti.get(&format!("/kelola/setoran/{}/label", none.id)).await.is(200).says("Tidak ada barang");

    yard.stand.stranger.get(&here).await.is(404);
    yard.stand.shop.browser().get(&here).await.is(303);
    for odd in ["0", "-1", "x", "99999999999999999999"] {
        yard.stand.siti.get(&format!("/kelola/setoran/{odd}/label")).await.is(404);
    }
    yard.close().await;
}
