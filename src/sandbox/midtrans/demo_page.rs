//! A page of a shop in small, on which `snap.js` can be tried. Its bills are nobody's: no shop hears of them.
use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web::{self, Data, Query},
};
use serde::Deserialize;
use serde_json::json;

use super::{MOUNT, door::Call, event::Route, page, snap, state::Sandbox};

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/snap/coba").route(web::get().to(show)).route(web::post().to(bill)))
        .route("/snap/snap.js", web::get().to(async || script(include_str!("snap.js"))))
        .route("/snap/bingkai.js", web::get().to(async || script(include_str!("bingkai.js"))))
        .route("/snap/coba.js", web::get().to(async || script(include_str!("coba.js"))));
}

fn script(text: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/javascript; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "max-age=3600"))
        .body(text)
}

#[derive(Deserialize)]
struct Shown {
    token: Option<String>,
}

async fn show(shown: Query<Shown>, sandbox: Data<Sandbox>) -> HttpResponse {
    let token = shown.token.as_deref().map(|token| with_token(token, &sandbox.client_key()));
    let content = format!(
        r#"<p>Begini toko membuka pembayaran di halamannya sendiri, dengan <code>snap.js</code>.</p>
{}
<form method="post"><button class="button button--quiet">Buat tagihan Rp25.000</button></form>
<p><a href="{MOUNT}/simulator">Bayar tagihan</a></p>"#,
        token.unwrap_or_default()
    );
    page::page(StatusCode::OK, "Coba snap.js", &content)
}

fn with_token(token: &str, client_key: &str) -> String {
    format!(
        r#"<div id="coba" data-token="{token}"></div>
<div id="tombol" hidden>
<button class="button" type="button" id="lapis">Bayar di atas halaman</button>
<button class="button button--quiet" type="button" id="dalam">Bayar di dalam halaman</button>
<button class="button button--quiet" type="button" id="tunggu">Tampilkan layar tunggu</button>
</div>
<noscript><p><a class="button" href="{MOUNT}/snap/v3/redirection/{token}">Bayar di halaman Midtrans tiruan</a></p></noscript>
<h2>Kabar untuk toko</h2>
<ul id="kabar" aria-live="polite"></ul>
<div id="wadah"></div>
<script src="{MOUNT}/snap/snap.js" data-client-key="{}"></script>
<script src="{MOUNT}/snap/coba.js"></script>"#,
        page::escape(client_key),
        token = page::escape(token),
    )
}

async fn bill(sandbox: Data<Sandbox>) -> HttpResponse {
    let made = sandbox.with(|desk| {
        let order_id = format!("COBA-{}", desk.book.dice.digits("demonstration", 8));
        let body = json!({
            "transaction_details": {"order_id": order_id, "gross_amount": 25_000},
            "callbacks": {"finish": format!("{}/snap/coba", desk.mount)},
        });
        snap::create(desk, &body, &Call { key: None, route: Route::Override(Vec::new()) })
    });
    let token = made.ok().and_then(|made| made["token"].as_str().map(str::to_owned));
    page::see_other(&token.map_or("coba".to_owned(), |token| format!("coba?token={token}")))
}
