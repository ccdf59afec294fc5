//! Drops, visits and what they do to goods and money.
use entity::{
    kiosk::{Bearer, PaysAt},
    kiosk_visit,
};
use futures_util::future::join_all;
use sea_orm::{EntityTrait, PaginatorTrait};
use warong::ledger::Book;

use super::post::Post;

#[actix_web::test]
async fn ten_baskets_go_to_balikpapan_and_what_is_sold_there_is_paid() {
    let mut post = Post::open(Bearer::Outlet, PaysAt::Sale).await;
    let note = post.takes_there("10").await.is(303).location.clone().expect("the note");
    assert_eq!(post.stands(post.stand.basket).await, (0, 10));
    assert_eq!(post.stand.available(post.stand.basket).await, 0, "the shop does not sell what is away");
    let mut keeper = post.stand.shop.browser();
    keeper.get(&note).await.is(200).says("Surat jalan").says("T-2611-").says("Rp32.000").says("Kota Balikpapan");
    keeper.get("/kiriman/rubbish").await.is(404);
    post.stand.siti.get(&post.here()).await.says("Bu Sati").says("Keranjang sampah anyam");

    let seen = post.counts(["6", "1", "", "3"], &[("uang", "100.000")]).await;
    let visit = seen.is(303).location.clone().expect("the visit");
    assert_eq!(post.stands(post.stand.basket).await, (1, 3));
    // Of Rp32.000 Bu Rahma keeps Rp4.000; of Rp28.000 Bu Sati gets 76 percent.
    assert_eq!((post.owes().await, post.due(post.stand.crafter_id).await), (68_000, 6 * 21_280));
    assert_eq!(post.stand.balance(Book::Cash(post.stand.outlet.id)).await, 100_000);
    post.stand.siti.get(&visit).await.is(200).says("Rp24.000").says("Rp168.000").says("Rp100.000");
    post.stand.siti.get("/kelola/kios").await.is(200).says("Kios Bu Rahma").says("Rp68.000");
    post.stand.siti.get("/kelola").await.says("Rp100.000");
    // The rest of the money comes by transfer, without a count.
    let nothing = post.counts(["", "", "", ""], &[]).await;
    nothing.is(422).says("Hitung barangnya");
    let more = post.counts(["", "", "", ""], &[("uang", "68.001")]).await;
    more.is(409).says("Rp68.000");
    let typed = [("uang", "68.000"), ("cara", "transfer"), ("acuan", "TRF-9")];
    post.counts(["", "", "", ""], &typed).await.is(303);
    assert_eq!((post.owes().await, post.stand.balance(Book::Bank(post.stand.outlet.id)).await), (0, 68_000));
    post.stand.siti.get(&format!("{}/rekening", post.here())).await.is(200).says("10 buah dititipkan").says("Rp68.000");
    post.stand.close().await;
}

#[actix_web::test]
async fn a_kiosk_is_closed_when_neither_goods_nor_money_stand_there() {
    let mut post = Post::open(Bearer::Outlet, PaysAt::Sale).await;
    let (here, closes) = (post.here(), format!("{}/tutup", post.here()));
    post.takes_there("4").await.is(303);
    post.stand.tap(&here, &closes, &[]).await.is(409).says("masih ada 4 buah");
    post.counts(["1", "", "", "3"], &[]).await.is(303);
    post.stand.tap(&here, &closes, &[]).await.is(409).says("masih ada 3 buah").says("Rp28.000");
    post.counts(["", "3", "", "0"], &[]).await.is(303);
    post.stand.tap(&here, &closes, &[]).await.is(409).says("masih harus menyetor Rp28.000");
    let paid = post.counts(["", "", "", ""], &[("uang", "28.000")]).await;
    let visit = paid.is(303).location.clone().expect("the visit");
    let page = post.stand.siti.get(&here).await;
    post.stand
        .stranger
        .post_raw(&closes, &page.hidden(&closes).iter().map(|(a, b)| (a.as_str(), b.as_str())).collect::<Vec<_>>())
        .await;
    post.stand.siti.get(&here).await.says("Ya, tutup");
    post.stand.siti.fill(&page, &closes, &[]).await.is(303);
    post.stand.siti.fill(&page, &closes, &[]).await.is(303);
    post.stand.siti.get("/kelola/kios").await.says("sudah ditutup");
    // Nothing goes there, nothing is counted there, and what was counted stays.
    post.takes_there("1").await.is(409).says("sudah ditutup");
    post.stand.tap(&visit, &format!("{visit}/batal"), &[("reason", "Salah")]).await.is(409).says("sudah ditutup");
    post.stand.tap(&here, &format!("{here}/buka"), &[]).await.is(303);
    post.takes_there("1").await.is(303);
    post.stand.close().await;
}

#[actix_web::test]
async fn no_more_goes_there_than_there_is_and_no_more_is_sold_than_went() {
    let mut post = Post::open(Bearer::Kiosk, PaysAt::Sale).await;
    post.takes_there("11").await.is(422).says("inggal 10");
    for odd in ["", "0", "-3", "2,5", "banyak"] {
        post.takes_there(odd).await.is(422);
    }
    post.takes_there("4").await.is(303);
    post.counts(["5", "", "", "0"], &[]).await.is(422).says("seharusnya 4");
    post.counts(["1", "", "", ""], &[]).await.is(422).says("masih ada");
    let expected = post.basket("ada");
    let told = post.counts(["5", "", "", "0"], &[(expected.as_str(), "5")]).await;
    told.is(409).says("sekarang 4");
    let price = post.basket("harga");
    post.counts(["1", "", "", "3"], &[(price.as_str(), "99.000")]).await.is(409).says("harga kios");
    assert_eq!((post.owes().await, post.stands(post.stand.basket).await), (0, (6, 4)));
    post.stand.close().await;
}

#[actix_web::test]
async fn the_same_visit_five_times_is_one_visit_and_with_other_figures_it_is_none() {
    let mut post = Post::open(Bearer::Outlet, PaysAt::Cash).await;
    post.takes_there("10").await.is(303);
    let action = format!("{}/kunjungan", post.here());
    let page = post.stand.siti.get(&action).await;
    let keys = page.hidden(&action);
    let (sold, still) = (post.basket("laku"), post.basket("masih"));
    let send = |n: &'static str, left: &'static str| {
        let (mut siti, keys, sold, still, action) =
            (post.stand.siti.clone(), keys.clone(), sold.clone(), still.clone(), action.clone());
        async move {
            let mut all: Vec<(&str, &str)> = keys.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            all.extend([(sold.as_str(), n), (still.as_str(), left), ("uang", "56.000")]);
            siti.post_raw(&action, &all).await
        }
    };
    let told = join_all((0..5).map(|_| send("6", "4"))).await;
    for seen in &told {
        seen.is(303);
        assert_eq!(seen.location, told[0].location);
    }
    send("7", "3").await.is(409);
    assert_eq!((post.owes().await, post.stands(post.stand.basket).await), (112_000, (0, 4)));
    // Two of six are covered by the cash.
    let sati = post.stand.crafter_id;
    assert_eq!((post.due(sati).await, post.waits(sati).await), (2 * 21_280, 4 * 21_280));
    post.stand.siti.get(&post.here()).await.says("Rp85.120 bagian pembuat menunggu");
    post.stand.close().await;
}

#[actix_web::test]
async fn two_phones_count_the_same_shelf_and_one_must_count_again() {
    let mut post = Post::open(Bearer::Outlet, PaysAt::Sale).await;
    post.takes_there("10").await.is(303);
    let action = format!("{}/kunjungan", post.here());
    let (sold, still) = (post.basket("laku"), post.basket("masih"));
    let phones = [post.stand.siti.clone(), post.stand.hasan.clone()];
    let mut pages = Vec::new();
    for mut phone in phones {
        let page = phone.get(&action).await;
        pages.push((phone, page));
    }
    let sends = pages.into_iter().map(|(mut phone, page)| {
        let (action, sold, still) = (action.clone(), sold.clone(), still.clone());
        async move { phone.fill(&page, &action, &[(sold.as_str(), "6"), (still.as_str(), "4")]).await }
    });
    let told = join_all(sends).await;
    let mut status: Vec<u16> = told.iter().map(|seen| seen.status).collect();
    status.sort_unstable();
    assert_eq!(status, [303, 409]);
    told.iter().find(|seen| seen.status == 409).expect("one").says("sekarang 4").says("value=\"6\"");
    assert_eq!((post.owes().await, post.stands(post.stand.basket).await), (168_000, (0, 4)));
    post.stand.close().await;
}

#[actix_web::test]
async fn what_breaks_is_borne_as_was_agreed() {
    for (bearer, owes, due, loss) in
        [(Bearer::Kiosk, 56_000, 42_560, 0), (Bearer::Outlet, 0, 42_560, 56_000), (Bearer::Maker, 0, 0, 0)]
    {
        let mut post = Post::open(bearer, PaysAt::Sale).await;
        post.takes_there("10").await.is(303);
        post.counts(["", "", "2", "8"], &[]).await.is(303);
        let sati = post.stand.crafter_id;
        let found =
            (post.owes().await, post.due(sati).await, post.stand.balance(Book::Loss(post.stand.outlet.id)).await);
        assert_eq!(found, (owes, due, loss), "{bearer:?}");
        assert_eq!(post.stands(post.stand.basket).await, (0, 8));
        post.stand.close().await;
    }
}

#[actix_web::test]
async fn what_nobody_can_show_is_asked_for_and_is_the_kiosks_or_a_loss_with_a_reason() {
    let mut post = Post::open(Bearer::Maker, PaysAt::Sale).await;
    post.takes_there("10").await.is(303);
    post.counts(["2", "", "", "7"], &[]).await.is(422).says("1 buah tidak ada");
    post.counts(["2", "", "", "7"], &[("hilang", "warong")]).await.is(422);
    post.counts(["2", "", "", "7"], &[("hilang", "kios")]).await.is(303);
    assert_eq!(post.owes().await, 3 * 28_000);
    let seen = post.counts(["", "", "", "5"], &[("hilang", "warong"), ("alasan", "Banjir")]).await;
    let visit = seen.is(303).location.clone().expect("the visit");
    post.stand.siti.get(&visit).await.says("Banjir").says("Hilang");
    assert_eq!((post.owes().await, post.due(post.stand.crafter_id).await), (3 * 28_000, 3 * 21_280));
    assert_eq!(post.stands(post.stand.basket).await, (0, 5));
    post.stand.close().await;
}

#[actix_web::test]
async fn a_visit_is_taken_back_with_all_it_did_and_only_the_latest() {
    let mut post = Post::open(Bearer::Outlet, PaysAt::Cash).await;
    post.takes_there("10").await.is(303);
    let first = post.counts(["4", "1", "1", "4"], &[("uang", "112.000")]).await.location.expect("the first");
    let second = post.counts(["1", "1", "", "2"], &[("uang", "28.000")]).await.location.expect("the second");
    let sati = post.stand.crafter_id;
    assert_eq!((post.due(sati).await, post.waits(sati).await), (6 * 21_280, 0), "five sold and one broken");
    let void = |visit: &str| format!("{visit}/batal");
    post.stand.tap(&first, &void(&first), &[("reason", "Salah hitung")]).await.is(409).says("lebih baru");
    post.stand.tap(&second, &void(&second), &[("reason", "")]).await.is(422);
    post.stand.tap(&second, &void(&second), &[("reason", "Salah hitung")]).await.is(303);
    assert_eq!(post.stands(post.stand.basket).await, (1, 4));
    assert_eq!((post.owes().await, post.due(sati).await, post.waits(sati).await), (0, 5 * 21_280, 0));
    // What came home is promised to a buyer meanwhile: the first visit stands.
    let order = post.stand.paid(&[(post.stand.basket, 1)]).await;
    post.stand.tap(&first, &void(&first), &[("reason", "Salah hitung")]).await.is(409).says("sudah terjual");
    let tx = post.stand.begin().await;
    warong::stock::release(&tx, &warong::orders::order::subject(order.id)).await.expect("released");
    drop(tx);
    post.stand.siti.get(&second).await.is(200).says("Dibatalkan").says("Salah hitung");
    post.stand.close().await;
}

#[actix_web::test]
async fn a_visit_taken_back_leaves_nothing_behind_and_is_told_once() {
    let mut post = Post::open(Bearer::Kiosk, PaysAt::Cash).await;
    post.takes_there("10").await.is(303);
    let lots = post.lots().await;
    let visit = post.counts(["4", "2", "1", "3"], &[("uang", "140.000")]).await.location.expect("a visit");
    let action = format!("{visit}/batal");
    let page = post.stand.siti.get(&visit).await;
    let keys = page.hidden(&action);
    let taps = (0..5).map(|_| {
        let (mut siti, keys, action) = (post.stand.siti.clone(), keys.clone(), action.clone());
        async move {
            let mut all: Vec<(&str, &str)> = keys.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            all.push(("reason", "Salah kios"));
            siti.post_raw(&action, &all).await
        }
    });
    for seen in join_all(taps).await {
        seen.is(303);
    }
    let sati = post.stand.crafter_id;
    assert_eq!((post.owes().await, post.due(sati).await, post.waits(sati).await), (0, 0, 0));
    assert_eq!(post.stand.balance(Book::Cash(post.stand.outlet.id)).await, 0);
    assert_eq!(post.stands(post.stand.basket).await, (0, 10));
    assert_eq!(post.lots().await, lots);
    post.stand.close().await;
}

#[actix_web::test]
async fn an_older_sale_is_paid_before_a_newer_one_whatever_it_costs() {
    let mut post = Post::open(Bearer::Outlet, PaysAt::Cash).await;
    post.takes_there("6").await.is(303);
    post.counts(["3", "", "", "3"], &[]).await.is(303);
    let sati = post.stand.crafter_id;
    assert_eq!((post.due(sati).await, post.waits(sati).await), (0, 3 * 21_280));
    post.counts(["3", "", "", "0"], &[("uang", "83.999")]).await.is(303);
    assert_eq!(post.due(sati).await, 2 * 21_280, "the cash is one rupiah short of the third");
    post.counts(["", "", "", ""], &[("uang", "1")]).await.is(303);
    assert_eq!((post.due(sati).await, post.waits(sati).await), (3 * 21_280, 3 * 21_280));
    post.stand.close().await;
}

#[actix_web::test]
async fn a_kiosk_is_written_down_and_agreed_with_anew() {
    let mut post = Post::open(Bearer::Outlet, PaysAt::Sale).await;
    let new = "/kelola/kios/baru";
    let typed = |place: &'static str, commission: &'static str| {
        [
            ("name", "Pak Amir"),
            ("keeper", "Pak Amir"),
            ("phone", "0813-1111-2222"),
            ("place", place),
            ("commission", commission),
            ("damage_by", "pembuat"),
            ("pays_at", "uang"),
        ]
    };
    post.stand.tap(new, new, &typed("Balikpapan", "10")).await.is(422).says("Yang mana?").says("type=\"radio\"");
    post.stand.tap(new, new, &typed("64.71.01.1001", "75")).await.is(422);
    post.stand.tap(new, new, &typed("Zzzzz", "10")).await.is(422);
    let here = post.stand.tap(new, new, &typed("64.71.01.1001", "10")).await.is(303).location.clone().expect("it");
    post.stand.siti.get(&here).await.is(200).says("Pak Amir").says("Kota Balikpapan").says("10%");
    let change = format!("{here}/ubah");
    post.stand.tap(&change, &change, &typed("64.71.01.1001", "7,5")).await.is(303);
    post.stand.siti.get(&here).await.says("7,5%");
    post.stand.close().await;
}

#[actix_web::test]
async fn another_outlets_kiosk_does_not_exist() {
    let mut post = Post::open(Bearer::Outlet, PaysAt::Sale).await;
    post.takes_there("4").await.is(303);
    let visit = post.counts(["1", "", "", "3"], &[]).await.location.expect("a visit");
    let here = post.here();
    for page in ["", "/ubah", "/titip", "/kunjungan", "/rekening"] {
        post.stand.stranger.get(&format!("{here}{page}")).await.is(404);
    }
    post.stand.stranger.get(&visit).await.is(404);
    let key = [("request_key", "abcdefgh12345678")];
    for act in ["/titip", "/kunjungan", "/ubah"] {
        let seen = post.stand.stranger.post_raw(&format!("{here}{act}"), &key).await;
        assert!(matches!(seen.status, 404 | 409), "{act}: {}", seen.status);
    }
    post.stand.shop.browser().get(&here).await.is(303);
    post.stand.siti.get("/kelola/kios/999").await.is(404);
    post.stand.siti.get(&format!("{here}/kunjungan/999")).await.is(404);
    let count = kiosk_visit::Entity::find().count(&post.stand.shop.app.db).await.expect("a count");
    assert_eq!(count, 1);
    post.stand.close().await;
}

#[actix_web::test]
async fn sembako_does_not_go_to_a_kiosk() {
    use entity::{Rupiah, category, item, product};
    use sea_orm::ActiveValue::Set;
    use warong::{
        error::Error,
        wholesale::kiosk_drop::{self, NewDrop, NewLine},
    };

    let post = Post::open(Bearer::Outlet, PaysAt::Sale).await;
    let tx = post.stand.begin().await;
    let basket = item::Entity::find_by_id(post.stand.basket).one(&tx).await.expect("a read").expect("the basket");
    let of = product::Entity::find_by_id(basket.product_id).one(&tx).await.expect("a read").expect("its product");
    let sembako =
        category::ActiveModel { id: Set(of.category_id), kind: Set(category::Kind::Sembako), ..Default::default() };
    category::Entity::update(sembako).exec(&tx).await.expect("it is sembako now");
    let line = NewLine { item_id: post.stand.basket, quantity: 1, grade: None, unit_price: Rupiah(32_000) };
    let new = NewDrop { lines: vec![line], carrier: None, note: None };
    let (clock, by) = (&post.stand.shop.clock, post.stand.operator_id);
    let done = kiosk_drop::drop(&tx, clock, &post.stand.outlet, post.kiosk.id, &new, by, "story").await;
    assert!(matches!(done, Err(Error::NotFound)), "{done:?}");
    drop(tx);
    post.stand.close().await;
}
