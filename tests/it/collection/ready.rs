//! "Sudah jadi": the list of whose goods wait, in the order the outlet walks.
use entity::{crafter, item, pickup, pickup::State};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use warong::{
    collection::{
        intake::NewIntake,
        pickup::{list, neighbourhoods, say},
    },
    error::Error,
};

use super::yard::Yard;

impl Yard {
    async fn product(&self, item_id: i64) -> i64 {
        let item = item::Entity::find_by_id(item_id).one(&self.stand.shop.app.db).await.expect("a read");
        item.expect("an item").product_id
    }

    async fn says_ready(&self, crafter_id: i64, item_id: i64, n: i64) -> warong::error::Result<()> {
        let product = self.product(item_id).await;
        let tx = self.stand.begin().await;
        let crafter = crafter::Entity::find_by_id(crafter_id).one(&tx).await?.expect("a crafter");
        say(&tx, &self.stand.shop.clock, &crafter, product, n, self.stand.operator_id).await?;
        Ok(tx.commit().await?)
    }

    async fn waiting(&self) -> Vec<(String, i64)> {
        let list = list(&self.stand.shop.app.db, self.stand.outlet.id).await.expect("a list");
        list.into_iter().map(|one| (one.crafter.name, one.pickup.quantity)).collect()
    }
}

#[actix_web::test]
async fn goods_wait_until_they_are_handed_in_and_fewer_when_some_are() {
    let yard = Yard::open().await;
    let basket = yard.stand.basket;
    yard.says_ready(yard.sati, basket, 6).await.expect("ready");
    yard.stand.shop.clock.advance(chrono::Duration::days(2));
    yard.says_ready(yard.sati, basket, 8).await.expect("two more");
    yard.says_ready(yard.marsuki, basket, 3).await.expect("ready");
    let sati = || ("Bu Sati".to_owned(), 8);
    assert_eq!(yard.waiting().await, [sati(), ("Pak Marsuki".into(), 3)], "Krajan comes before Rayap");
    yard.takes_in("one", &NewIntake::consigned(yard.sati, basket, 5)).await;
    yard.takes_in("two", &NewIntake::consigned(yard.marsuki, yard.stand.cage, 5)).await;
    assert_eq!(yard.waiting().await, [("Bu Sati".into(), 3), ("Pak Marsuki".into(), 3)]);
    yard.takes_in("three", &NewIntake::consigned(yard.sati, basket, 4)).await;
    yard.says_ready(yard.marsuki, basket, 0).await.expect("called off");
    assert!(yard.waiting().await.is_empty());
    let states: Vec<State> = pickup::Entity::find()
        .all(&yard.stand.shop.app.db)
        .await
        .expect("rows")
        .into_iter()
        .map(|row| row.state)
        .collect();
    assert_eq!(states, [State::Collected, State::CalledOff]);
    for n in [-1, 100_001] {
        let no = yard.says_ready(yard.sati, basket, n).await.expect_err("refused");
        assert!(matches!(no, Error::Refused(no) if no.said.key == "ready.odd_number"));
    }
    let elsewhere = yard.says_ready(yard.elsewhere, basket, 1).await;
    assert!(matches!(elsewhere, Err(Error::NotFound)), "another outlet's goods");
    yard.close().await;
}

#[actix_web::test]
async fn the_operator_walks_in_the_order_they_chose_and_takes_in_from_the_list() {
    let yard = Yard::open().await;
    let basket = yard.stand.basket;
    let product = yard.product(basket).await;
    let mut siti = yard.stand.siti.clone();
    let ask = siti.get(&format!("/kelola/jemput/baru/{}/{product}", yard.marsuki)).await;
    ask.is(200).says("Pak Marsuki");
    siti.fill(&ask, "/kelola/jemput", &[("quantity", "nol")]).await.is(422).says("angka bulat");
    siti.fill(&ask, "/kelola/jemput", &[("quantity", "4")]).await.is(303);
    siti.fill(&ask, "/kelola/jemput", &[("quantity", "4")]).await.is(303);
    yard.says_ready(yard.sati, basket, 2).await.expect("ready");
    assert_eq!(yard.waiting().await.len(), 2, "two taps are one line");

    let walk = siti.get("/kelola/jemput/urutan").await;
    walk.is(200).says("urut_Krajan_1_3").says("urut_Rayap_2_1");
    let odd = [("urut_Krajan_1_3", "dua"), ("urut_Rayap_2_1", "1")];
    siti.fill(&walk, "/kelola/jemput/urutan", &odd).await.is(422).says("value=\"dua\"").says("Tulis angka bulat");
    let order = [("urut_Krajan_1_3", "2"), ("urut_Rayap_2_1", "1")];
    siti.fill(&walk, "/kelola/jemput/urutan", &order).await.is(303);
    let first = |list: Vec<(String, i64)>| list.first().map(|(name, _)| name.clone());
    assert_eq!(first(yard.waiting().await).as_deref(), Some("Pak Marsuki"));
    let homes = neighbourhoods(&yard.stand.shop.app.db, yard.stand.outlet.id).await.expect("a way");
    assert_eq!(homes.first().map(|home| home.dusun.as_str()), Some("Rayap"));

    let page = siti.get("/kelola/jemput").await;
    let form = format!("/kelola/setoran/baru?perajin={}&amp;barang={basket}", yard.marsuki);
    page.is(200).says(&form).says("sejak hari ini");
    siti.get(&form.replace("&amp;", "&")).await.is(200).says("value=\"4\"");
    siti.get("/kelola/setoran/baru").await.says("Barangnya sudah jadi");
    let off = page.body.split("action=\"/kelola/jemput/").nth(1).and_then(|rest| rest.split('"').next());
    let off = format!("/kelola/jemput/{}", off.expect("a button"));
    let mut stranger = yard.stand.stranger.clone();
    let own = stranger.get("/kelola/jemput/urutan").await;
    let csrf = own.hidden("/kelola/jemput/urutan");
    stranger.post_raw(&off, &[("csrf", &csrf[0].1)]).await.is(404);
    stranger.get("/kelola/jemput").await.is(200).says("Belum ada yang menunggu");
    siti.fill(&page, &off, &[]).await.is(303);
    siti.fill(&page, &off, &[]).await.is(303);
    assert_eq!(yard.waiting().await.len(), 1);
    yard.close().await;
}

#[actix_web::test]
async fn a_crafter_says_it_with_one_number_and_one_tap() {
    let yard = Yard::open().await;
    let product = yard.product(yard.stand.basket).await.to_string();
    let mut sati = yard.signed_in_crafter().await;
    let page = sati.get("/karya").await;
    page.is(200).says("Sudah jadi");
    sati.fill(&page, "/karya/siap", &[("product_id", &product), ("quantity", "6")]).await.is(303);
    sati.get("/karya").await.says("6 menunggu dijemput");
    assert_eq!(yard.waiting().await, [("Bu Sati".into(), 6)]);
    let told = sati.fill(&page, "/karya/siap", &[("product_id", &product), ("quantity", "banyak")]).await;
    told.is(422).says("Tulis berapa dengan angka").says("value=\"banyak\"");
    sati.fill(&page, "/karya/siap", &[("product_id", "999999"), ("quantity", "6")]).await.is(404);
    sati.fill(&page, "/karya/siap", &[("product_id", &product), ("quantity", "0")]).await.is(303);
    assert!(yard.waiting().await.is_empty());
    let forgotten = sati.fill(&page, "/karya/siap", &[("product_id", &product), ("quantity", "")]).await;
    forgotten.is(422).says("Tulis berapa dengan angka");
    let mut anybody = yard.stand.shop.browser();
    anybody.post_raw("/karya/siap", &[("product_id", &product), ("quantity", "6")]).await.is(401);
    let mut siti = yard.stand.siti.clone();
    let own = siti.get("/kelola/jemput/urutan").await;
    let csrf = own.hidden("/kelola/jemput/urutan")[0].1.clone();
    siti.post_raw("/karya/siap", &[("csrf", &csrf), ("product_id", &product), ("quantity", "6")]).await.is(403);
    assert!(yard.waiting().await.is_empty());
    yard.close().await;
}

impl Yard {
    /// Bu Sati on a phone of her own.
    async fn signed_in_crafter(&self) -> crate::support::Browser {
        use warong::{accounts::session, form::SESSION_COOKIE};
        let tx = self.stand.begin().await;
        let sati = crafter::Entity::find_by_id(self.sati).one(&tx).await.expect("a read").expect("Bu Sati");
        let phone = entity::person::ActiveModel {
            id: Set(sati.person_id),
            phone: Set(Some("6281200000002".into())),
            ..Default::default()
        };
        phone.update(&tx).await.expect("a phone");
        let token = session::open(&tx, &self.stand.shop.clock, sati.person_id, "").await.expect("a session");
        tx.commit().await.expect("signed in");
        let mut browser = self.stand.shop.browser();
        browser.cookies.insert(SESSION_COOKIE.into(), token);
        browser
    }
}
