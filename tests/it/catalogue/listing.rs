//! From a crafter's first photo to the shop.
use entity::{history, price_change, product, product::State};
use sea_orm::{EntityTrait, PaginatorTrait};

use super::shop::{Outlet, SIZE, photo, send};

#[actix_web::test]
async fn a_crafter_lists_goods_and_the_operator_puts_them_in_the_shop() {
    let outlet = Outlet::open().await;
    let (mut sati, mut siti) = (outlet.sati(), outlet.siti());
    let (id, item) = outlet.basket(&mut sati).await;
    sati.get("/karya").await.is(200).says("Keranjang sampah anyam").says("Belum dikirim");

    let page = sati.get(&format!("/karya/{id}/persediaan?langkah=3")).await;
    let action = format!("/karya/{id}/persediaan");
    let made = [("how", "both"), ("pieces_ready", "5"), ("days_to_make", "3"), ("pieces_per_week", "10")];
    sati.fill(&page, &action, &made).await.is(303);
    let page = sati.get(&format!("/karya/{id}")).await;
    page.says("Kirim ke warong").says("foto sedang disiapkan".replace("foto", "Foto").as_str());
    sati.fill(&page, &format!("/karya/{id}/pengajuan"), &[]).await.is(303);
    assert_eq!(outlet.product(id).await.state, State::Submitted);

    siti.get("/kelola/produk").await.says("1 barang menunggu");
    let page = siti.get(&format!("/kelola/produk/{id}")).await;
    let approve = format!("/kelola/produk/{id}/persetujuan");
    siti.fill(&page, &approve, &[]).await.is(409).says("Fotonya masih disiapkan");
    outlet.shop.settle().await;
    siti.fill(&page, &approve, &[]).await.is(303);

    let product = outlet.product(id).await;
    assert_eq!((product.state, product.slug.as_str()), (State::Published, "keranjang-sampah-anyam"));
    assert_eq!((product.price_min.0, product.price_max.0), (28_000, 28_000));
    assert_eq!((product.pieces_ready, product.days_to_make, product.pieces_per_week), (Some(5), Some(3), Some(10)));
    assert!(product.cover.is_some() && product.published_at.is_some());
    assert_eq!(product.crafter_id, Some(outlet.sati_id));
    sati.get(&format!("/karya/{id}")).await.says("Dijual di toko").says("38,5").says("Rp21.280 untuk Anda");
    let size = entity::item::Entity::find_by_id(item).one(&outlet.shop.app.db).await.unwrap().unwrap();
    assert_eq!((size.height_mm, size.weight_grams), (385, 600));
    outlet.shop.close().await;
}

#[actix_web::test]
async fn anothers_goods_are_not_there() {
    let outlet = Outlet::open().await;
    let (mut sati, mut marsuki, mut anton) = (outlet.sati(), outlet.marsuki(), outlet.anton());
    let (id, item) = outlet.basket(&mut sati).await;
    let pages = ["", "/nama", "/foto", "/persediaan", "/ukuran", &format!("/ukuran/{item}")].map(str::to_owned);
    for below in &pages {
        marsuki.get(&format!("/karya/{id}{below}")).await.is(404);
        anton.get(&format!("/karya/{id}{below}")).await.is(403);
        sati.get(&format!("/kelola/produk/{id}{below}")).await.is(403);
        outlet.shop.browser().get(&format!("/karya/{id}{below}")).await.is(303);
    }
    // The form of Marsuki's own page carries a token that is good, sent where it does not belong.
    let page = marsuki.get("/karya/baru").await;
    let csrf = page.hidden("/karya/baru");
    let fields: Vec<(&str, &str)> = csrf.iter().map(|(n, v)| (n.as_str(), v.as_str())).chain(SIZE).collect();
    for below in ["/pengajuan", "/penarikan", "/pemulihan", "/ukuran", &format!("/ukuran/{item}"), "/persediaan"] {
        let seen = marsuki.post_raw(&format!("/karya/{id}{below}"), &fields).await;
        assert!(matches!(seen.status, 404 | 422), "{below}: {}", seen.status);
    }
    marsuki.post_raw(&format!("/karya/{id}/penarikan"), &fields).await.is(404);
    sati.get("/karya/abc").await.is(404);
    sati.get("/karya/999999").await.is(404);
    assert_eq!(outlet.product(id).await.state, State::Draft);
    outlet.shop.settle().await;
    outlet.shop.close().await;
}

#[actix_web::test]
async fn a_second_tap_makes_no_second_product() {
    let outlet = Outlet::open().await;
    let mut sati = outlet.sati();
    let page = sati.get("/karya/baru").await;
    let category = outlet.category_id.to_string();
    let fields = [("name", "Tampah"), ("category", category.as_str())];
    let first = send(&outlet, &sati, &page, "/karya/baru", &fields, Some(&photo())).await;
    let second = send(&outlet, &sati, &page, "/karya/baru", &fields, Some(&photo())).await;
    assert_eq!((first.is(303).location.clone(), second.is(303).status), (second.location.clone(), 303));
    let other = [("name", "Besek"), ("category", category.as_str())];
    send(&outlet, &sati, &page, "/karya/baru", &other, None).await.is(409);
    assert_eq!(product::Entity::find().count(&outlet.shop.app.db).await.unwrap(), 1);
    assert_eq!(entity::photo::Entity::find().count(&outlet.shop.app.db).await.unwrap(), 1);
    let kept = std::fs::read_dir(outlet.shop.app.config.data.join("blobs")).unwrap();
    let raw = kept.filter(|file| file.as_ref().unwrap().file_name().to_string_lossy().starts_with("raw-")).count();
    assert_eq!(raw, 1, "the second picture was not left behind");
    outlet.shop.close().await;
}

#[actix_web::test]
async fn what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost() {
    let outlet = Outlet::open().await;
    let mut sati = outlet.sati();
    let page = sati.get("/karya/baru").await;
    let seen = send(&outlet, &sati, &page, "/karya/baru", &[("name", "Kursi <b>teras</b>")], None).await;
    seen.is(422).says("Pilih salah satu").says("Kursi &lt;b&gt;teras");
    let (id, _) = outlet.basket(&mut sati).await;
    let page = sati.get(&format!("/karya/{id}/ukuran")).await;
    let mut typed = SIZE.to_vec();
    typed[0].1 = "1e3";
    typed.push(("name", "Besar"));
    let seen = sati.fill(&page, &format!("/karya/{id}/ukuran"), &typed).await;
    seen.is(422).says("Tulis rupiah dengan angka saja").says("38,5").says("value=\"1e3\"");
    outlet.shop.settle().await;
    outlet.shop.close().await;
}

#[actix_web::test]
async fn a_price_ten_times_off_is_asked_about_and_every_price_is_kept() {
    let outlet = Outlet::open().await;
    let mut siti = outlet.siti();
    let (id, item) = outlet.published().await;
    let action = format!("/kelola/produk/{id}/ukuran/{item}");
    let page = siti.get(&action).await;
    let mut typed = SIZE.to_vec();
    typed[0].1 = "280.000";
    typed.push(("reason", "Bambu naik"));
    let asked = siti.fill(&page, &action, &typed).await;
    asked.is(422).says("Rp280.000").says("name=\"price_sure\" value=\"280000\"");
    assert_eq!(outlet.product(id).await.price_min.0, 28_000);
    // A yes to another price is no yes.
    typed.push(("price_sure", "281000"));
    siti.fill(&asked, &action, &typed).await.is(422);
    typed.pop();
    typed.push(("price_sure", "280000"));
    siti.fill(&asked, &action, &typed).await.is(303);
    siti.fill(&asked, &action, &typed).await.is(303);
    let product = outlet.product(id).await;
    assert_eq!((product.price_min.0, product.price_max.0), (280_000, 280_000));
    assert_eq!(price_change::Entity::find().count(&outlet.shop.app.db).await.unwrap(), 2);
    siti.get(&format!("/kelola/produk/{id}")).await.says("Bambu naik").says("Rp28.000");
    outlet.shop.close().await;
}

#[actix_web::test]
async fn the_address_follows_the_name_only_until_it_was_in_the_shop() {
    let outlet = Outlet::open().await;
    let mut sati = outlet.sati();
    let (id, _) = outlet.basket(&mut sati).await;
    let category = outlet.category_id.to_string();
    let action = format!("/karya/{id}/nama");
    let rename = async |sati: &mut crate::support::Browser, name: &str| {
        let page = sati.get(&action).await;
        sati.fill(&page, &action, &[("name", name), ("category", &category), ("description", "")]).await.is(303);
    };
    rename(&mut sati, "Keranjang besar").await;
    assert_eq!(outlet.product(id).await.slug, "keranjang-besar");
    outlet.shop.settle().await;
    let page = sati.get(&format!("/karya/{id}")).await;
    sati.fill(&page, &format!("/karya/{id}/pengajuan"), &[]).await.is(303);
    let mut siti = outlet.siti();
    let page = siti.get(&format!("/kelola/produk/{id}")).await;
    siti.fill(&page, &format!("/kelola/produk/{id}/persetujuan"), &[]).await.is(303);
    rename(&mut sati, "Keranjang kecil").await;
    let product = outlet.product(id).await;
    assert_eq!((product.slug.as_str(), product.name.as_str()), ("keranjang-besar", "Keranjang kecil"));
    assert!(product.search.contains("kecil") && product.search.contains("sati"));
    outlet.shop.close().await;
}

#[actix_web::test]
async fn sent_back_withdrawn_and_brought_back() {
    let outlet = Outlet::open().await;
    let (mut sati, mut siti) = (outlet.sati(), outlet.siti());
    let (id, _) = outlet.published().await;
    let (mine, theirs) = (format!("/karya/{id}"), format!("/kelola/produk/{id}"));
    let page = siti.get(&theirs).await;
    siti.fill(&page, &format!("{theirs}/penarikan"), &[]).await.is(303);
    assert_eq!(outlet.product(id).await.state, State::Withdrawn);
    // By her own hand it goes to the outlet's table first.
    let page = sati.get(&mine).await;
    sati.fill(page.says("Tidak dijual"), &format!("{mine}/pemulihan"), &[]).await.is(303);
    assert_eq!(outlet.product(id).await.state, State::Submitted);
    let page = siti.get(&theirs).await;
    let back = format!("{theirs}/pengembalian");
    siti.fill(&page, &back, &[("note", "")]).await.is(422).says("Harap diisi");
    siti.fill(&page, &back, &[("note", "Fotonya gelap")]).await.is(303);
    siti.fill(&page, &back, &[("note", "Fotonya gelap")]).await.is(303);
    siti.fill(&page, &back, &[("note", "Lain lagi")]).await.is(409);
    sati.get(&mine).await.says("Fotonya gelap").says("Kirim ke warong");
    let verbs: Vec<String> =
        history::Entity::find().all(&outlet.shop.app.db).await.unwrap().into_iter().map(|row| row.verb).collect();
    for verb in ["created", "size_added", "submitted", "approved", "withdrawn", "brought_back", "sent_back"] {
        assert!(verbs.iter().any(|known| known == verb), "{verb} in {verbs:?}");
    }
    outlet.shop.close().await;
}

#[actix_web::test]
async fn an_operator_lists_goods_for_a_crafter_without_a_phone() {
    let outlet = Outlet::open().await;
    let mut siti = outlet.siti();
    let page = siti.get(&format!("/kelola/produk/baru?perajin={}", outlet.marsuki_id)).await;
    let (category, maker) = (outlet.category_id.to_string(), outlet.marsuki_id.to_string());
    page.says(&format!("value=\"{maker}\" selected"));
    let fields = [("name", "Kurungan ayam"), ("category", category.as_str()), ("crafter", maker.as_str())];
    let next = send(&outlet, &siti, &page, "/kelola/produk/baru", &fields, Some(&photo())).await;
    let next = next.is(303).location.clone().expect("the next step");
    let page = siti.get(&next).await;
    let action = next.split('?').next().expect("a path").to_owned();
    let on = siti.fill(&page, &action, &SIZE).await;
    siti.get(on.is(303).location.as_deref().expect("the third step")).await.is(200).says("Langkah 3 dari 3");
    let product = product::Entity::find().one(&outlet.shop.app.db).await.unwrap().unwrap();
    assert_eq!((product.crafter_id, product.maker_bp), (Some(outlet.marsuki_id), 7600));
    let page = siti.get("/kelola/produk/baru").await;
    let foreign = [("name", "Besek"), ("category", category.as_str()), ("crafter", "99")];
    send(&outlet, &siti, &page, "/kelola/produk/baru", &foreign, None).await.is(422);
    outlet.shop.close().await;
}

#[actix_web::test]
async fn what_was_approved_is_not_turned_into_something_else_unseen() {
    let outlet = Outlet::open().await;
    let (id, _) = outlet.published().await;
    let (mut sati, mut siti) = (outlet.sati(), outlet.siti());
    let page = sati.get(&format!("/karya/{id}/nama")).await;
    let category = outlet.category_id.to_string();
    let action = format!("/karya/{id}/nama");
    let wish = |name: &'static str| [("name", name), ("category", category.as_str()), ("description", "Lain")];
    sati.fill(&page, &action, &wish("Judi online")).await.is(303);
    assert_eq!(outlet.product(id).await.state, State::Submitted);
    siti.get("/kelola/produk").await.says("1 barang menunggu").says("Judi online");
    let page = siti.get(&format!("/kelola/produk/{id}")).await;
    siti.fill(&page, &format!("/kelola/produk/{id}/persetujuan"), &[]).await.is(303);
    // The operator's own hand needs no second look.
    let page = siti.get(&format!("/kelola/produk/{id}/nama")).await;
    siti.fill(&page, &format!("/kelola/produk/{id}/nama"), &wish("Keranjang sampah")).await.is(303);
    assert_eq!(outlet.product(id).await.state, State::Published);
    let path = format!("/karya/{id}/foto");
    let page = sati.get(&path).await;
    send(&outlet, &sati, &page, &path, &[], Some(&photo())).await.is(303);
    assert_eq!(outlet.product(id).await.state, State::Submitted);
    outlet.shop.settle().await;
    outlet.shop.close().await;
}

#[actix_web::test]
async fn going_back_while_listing_corrects_the_size_and_adds_none() {
    let outlet = Outlet::open().await;
    let mut sati = outlet.sati();
    let (id, item) = outlet.basket(&mut sati).await;
    let back = sati.get(&format!("/karya/{id}/ukuran?langkah=2")).await;
    assert_eq!(back.location.as_deref(), Some(format!("/karya/{id}/ukuran/{item}?langkah=2").as_str()));
    let page = sati.follow(back).await;
    page.is(200).says("28.000");
    let action = format!("/karya/{id}/ukuran/{item}");
    let on = sati.fill(&page, &action, &[&SIZE[..], &[("price", "30.000")]].concat()).await;
    assert_eq!(on.location.as_deref(), Some(format!("/karya/{id}/persediaan?langkah=3").as_str()));
    let sizes = entity::item::Entity::find().all(&outlet.shop.app.db).await.unwrap();
    assert_eq!((sizes.len(), sizes[0].price.0), (1, 30_000));
    outlet.shop.settle().await;
    outlet.shop.close().await;
}
