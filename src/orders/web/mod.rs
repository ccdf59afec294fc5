//! The buyer's doors (basket, desk, order page, village look-up) and, in `counter`, the operator's.
mod acts;
mod add;
mod api;
mod back;
mod bill;
mod cart;
mod checkout;
pub mod counter;
mod find;
mod order;
mod panel;
mod proof;
mod region;
mod ways;

pub use order::keep_secret;

use actix_web::{
    HttpResponse,
    cookie::{Cookie, SameSite, time::Duration},
    web,
};

use crate::{
    accounts::visit::{CART_COOKIE, CART_COUNT_COOKIE, FLASH_COOKIE},
    app::App,
    page,
};

/// Routes of this module.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/keranjang").get(cart::show).post(add::add))
        .service(web::resource("/keranjang/isi").get(to_basket).post(cart::change))
        .service(web::resource("/pesan").get(checkout::show).post(checkout::act))
        .service(web::resource("/pesanan").get(find::show).post(find::find))
        .route("/pesanan/{secret}", web::get().to(order::show))
        .route("/pesanan/{secret}/keadaan", web::get().to(order::state))
        .route("/pesanan/{secret}/nota", web::get().to(bill::bill))
        .service(web::resource("/pesanan/{secret}/cek").get(to_order).post(acts::check))
        .service(web::resource("/pesanan/{secret}/bayar").get(to_order).post(acts::change_method))
        .service(web::resource("/pesanan/{secret}/batal").get(to_order).post(acts::cancel))
        .service(web::resource("/pesanan/{secret}/rekening").get(to_order).post(acts::name_account))
        .route("/pesanan/{secret}/kembali/{transfer}/{photo}/{size}", web::get().to(back::slip))
        .service(web::resource("/pesanan/{secret}/bukti").get(to_order).post(proof::receive))
        .route("/api/v1/orders", web::get().to(api::list))
        .route("/wilayah", web::get().to(region::search))
        .configure(counter::configure);
}

/// Somebody reloads or shares the address of a form that was refused: its page is the basket.
async fn to_basket() -> HttpResponse {
    page::see_other("/keranjang")
}

/// The same for what is done with an order.
async fn to_order(secret: web::Path<String>) -> HttpResponse {
    page::see_other(&format!("/pesanan/{}", page::escape_query(&secret)))
}

/// Pages of this module, for the test that draws all of them.
pub fn samples() -> Vec<page::Sample> {
    [
        cart::samples(),
        add::samples(),
        checkout::samples(),
        find::samples(),
        order::samples(),
        bill::samples(),
        counter::samples(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Where to look next, with the badge of the basket as it is now.
fn see_other_with_count(app: &App, url: &str, count: i64) -> HttpResponse {
    let mut answer = page::see_other(url);
    answer.add_cookie(&cookie(app, CART_COUNT_COOKIE, count.to_string())).ok();
    answer
}

/// Names the basket from now on.
fn name_cart(app: &App, answer: &mut HttpResponse, token: &str) {
    answer.add_cookie(&cookie(app, CART_COOKIE, token.to_owned())).ok();
}

/// Says a sentence on the next page.
fn say_next(answer: &mut HttpResponse, key: &str) {
    let flash = Cookie::build(FLASH_COOKIE, key.to_owned()).path("/").http_only(true).same_site(SameSite::Lax);
    answer.add_cookie(&flash.max_age(Duration::minutes(5)).finish()).ok();
}

fn cookie(app: &App, name: &'static str, value: String) -> Cookie<'static> {
    Cookie::build(name, value)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.config.public_url.starts_with("https://"))
        .max_age(Duration::days(90))
        .finish()
}

#[cfg(test)]
mod tests {
    use crate::{
        locale::{self, LANGS},
        page::{Shell, Templates},
    };

    #[test]
    fn every_page_is_drawn_in_every_language() {
        let templates = Templates::load().unwrap();
        for lang in LANGS {
            for sample in super::samples().into_iter().chain(crate::sandbox::mail::samples()) {
                let shell = Shell { lang: locale::code(lang), ..Shell::default() };
                templates.draw(sample.template, &shell, sample.context).unwrap();
            }
        }
    }
}
