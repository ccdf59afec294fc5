//! Pictures: taken, made ready, refused with a sentence, shown to everybody only when they may be.
use entity::{photo as row, photo::State};
use sea_orm::{EntityTrait, PaginatorTrait, QueryOrder};

use super::shop::{Outlet, photo, post, send};

async fn all(outlet: &Outlet) -> Vec<row::Model> {
    row::Entity::find().order_by_asc(row::Column::Position).all(&outlet.shop.app.db).await.expect("an answer")
}

#[actix_web::test]
async fn a_photo_waits_then_is_shown_in_every_size() {
    let outlet = Outlet::open().await;
    let mut sati = outlet.sati();
    let (id, _) = outlet.basket(&mut sati).await;
    sati.get(&format!("/karya/{id}/foto")).await.says("Foto sedang disiapkan").says("http-equiv=\"refresh\"");
    let name = all(&outlet).await[0].name.clone();
    sati.get(&format!("/foto/{name}-320.webp")).await.is(404);
    outlet.shop.settle().await;
    let ready = all(&outlet).await.remove(0);
    assert_eq!((ready.state, ready.width, ready.height), (State::Ready, Some(400), Some(300)));
    assert_eq!(outlet.product(id).await.cover.as_deref(), Some(name.as_str()));
    let page = sati.get(&format!("/karya/{id}/foto")).await;
    assert!(!page.body.contains("http-equiv"));
    let mut anybody = outlet.shop.browser();
    for (suffix, kind) in [("320.webp", "image/webp"), ("1280.webp", "image/webp"), ("640.jpg", "image/jpeg")] {
        let client = reqwest::get(format!("{}/foto/{name}-{suffix}", outlet.shop.base)).await.expect("an answer");
        assert_eq!(client.status(), 200);
        assert_eq!(client.headers()["content-type"], kind);
        assert!(client.headers()["cache-control"].to_str().unwrap().contains("immutable"));
        assert_eq!(client.headers()["etag"].to_str().unwrap(), format!("\"{name}-{suffix}\""));
    }
    let tag = format!("\"{name}-320.webp\"");
    let path = format!("/foto/{name}-320.webp");
    anybody.send(reqwest::Method::GET, &path, None, &[("If-None-Match", &tag)]).await.is(304);
    for bad in
        ["p-320.webp", "..%2f..%2fsecret", "raw-x", &format!("{name}-99.webp"), &format!("x{}-320.webp", &name[1..])]
    {
        anybody.get(&format!("/foto/{bad}")).await.is(404);
    }
    outlet.shop.close().await;
}

#[actix_web::test]
async fn what_is_no_picture_is_refused_and_everything_else_stays() {
    let outlet = Outlet::open().await;
    let mut sati = outlet.sati();
    let page = sati.get("/karya/baru").await;
    let category = outlet.category_id.to_string();
    let fields = [("name", "Tampah besar"), ("category", category.as_str())];
    for file in [&b"halo, saya bukan foto"[..], b"%PDF-1.7 and so on", b"GIF89a............", b"x"] {
        let seen = send(&outlet, &sati, &page, "/karya/baru", &fields, Some(file)).await;
        seen.is(422).says("Tampah besar").says("field__wrong").says("checked");
    }
    let heavy = [photo(), vec![0; 20 * 1024 * 1024 + 1]].concat();
    send(&outlet, &sati, &page, "/karya/baru", &fields, Some(&heavy)).await.is(422).says("20 MB").says("Tampah besar");
    assert_eq!(all(&outlet).await.len(), 0);
    let cut = &photo()[..400];
    send(&outlet, &sati, &page, "/karya/baru", &fields, Some(cut)).await.is(422).says("terpotong").says("Tampah besar");
    assert_eq!(all(&outlet).await.len(), 0);
    // A picture that is whole outside and broken inside is taken, looked at by the worker, and refused there.
    let mut broken = photo();
    let middle = broken.len() / 2;
    broken[middle - 40..middle].fill(0);
    send(&outlet, &sati, &page, "/karya/baru", &fields, Some(&broken)).await.is(303);
    outlet.shop.settle().await;
    let refused = all(&outlet).await.remove(0);
    assert_eq!(refused.state, State::Refused);
    sati.get(&format!("/karya/{}", refused.subject_id))
        .await
        .says("Foto ini tidak bisa dipakai")
        .says("Satu foto barang");
    outlet.shop.close().await;
}

#[actix_web::test]
async fn a_broken_upload_and_a_forged_one_change_nothing() {
    let outlet = Outlet::open().await;
    let mut sati = outlet.sati();
    let (id, _) = outlet.basket(&mut sati).await;
    let path = format!("/karya/{id}/foto");
    let half = b"--edge\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\n\r\nabc".to_vec();
    post(&outlet, &sati, &path, half).await.is(422);
    let mut forged = b"--edge\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.png\"\r\n\r\n".to_vec();
    forged.extend(photo());
    forged.extend(b"\r\n--edge--\r\n");
    post(&outlet, &sati, &path, forged.clone()).await.is(409);
    post(&outlet, &outlet.marsuki(), &path, forged).await.is(409);
    let page = outlet.marsuki().get("/karya/baru").await;
    let tokens: Vec<(String, String)> = page.hidden("/karya/baru");
    let mut body = Vec::new();
    for (name, value) in &tokens {
        body.extend(
            format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").into_bytes(),
        );
    }
    body.extend(b"--edge\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.png\"\r\n\r\n".iter());
    body.extend(photo());
    body.extend(b"\r\n--edge--\r\n".iter());
    post(&outlet, &outlet.marsuki(), &path, body).await.is(404);
    assert_eq!(all(&outlet).await.len(), 1);
    outlet.shop.close().await;
}

#[actix_web::test]
async fn photos_are_put_in_order_and_removed() {
    let outlet = Outlet::open().await;
    let mut sati = outlet.sati();
    let (id, _) = outlet.basket(&mut sati).await;
    let path = format!("/karya/{id}/foto");
    let page = sati.get(&path).await;
    send(&outlet, &sati, &page, &path, &[], Some(&photo())).await.is(303);
    send(&outlet, &sati, &page, &path, &[], Some(&photo())).await.is(303);
    send(&outlet, &sati, &page, &path, &[], None).await.is(422).says("Ambil atau pilih");
    outlet.shop.settle().await;
    let shots = all(&outlet).await;
    assert_eq!(shots.len(), 2, "the second tap brought none");
    let page = sati.get(&path).await;
    let forward = format!("{path}/{}/depan", shots[1].id);
    sati.fill(&page, &forward, &[]).await.is(303);
    assert_eq!(outlet.product(id).await.cover.as_deref(), Some(shots[1].name.as_str()));
    let remove = format!("{path}/{}/hapus", shots[1].id);
    sati.fill(&page, &remove, &[]).await.is(303);
    sati.fill(&page, &remove, &[]).await.is(303);
    assert_eq!(outlet.product(id).await.cover.as_deref(), Some(shots[0].name.as_str()));
    sati.get(&format!("/foto/{}-320.webp", shots[1].name)).await.is(404);
    assert_eq!(row::Entity::find().count(&outlet.shop.app.db).await.unwrap(), 1);
    outlet.shop.close().await;
}
