//! `/kelola/qris`: a QRIS code for one sale, and a sign that turns green when the provider itself says that it was paid.
//! The same screen takes the money of an order whose buyer stands at the counter.
mod acts;
mod list;
mod of_order;
mod screen;
mod sign;

use actix_web::web;

use crate::page::Sample;

/// Addresses of bills, and of orders that are paid at the counter.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.route("/kelola/qris", web::get().to(list::show))
        .route("/kelola/qris", web::post().to(list::make))
        .route("/kelola/qris/{id}", web::get().to(acts::show))
        .route("/kelola/qris/{id}/keadaan", web::get().to(acts::state))
        .route("/kelola/qris/{id}/cek", web::post().to(acts::check))
        .route("/kelola/qris/{id}/kode", web::post().to(acts::renew))
        .route("/kelola/qris/{id}/batal", web::post().to(acts::cancel))
        .route("/kelola/qris/{id}/pengembalian", web::post().to(acts::give_back))
        .route("/kelola/qris/{id}/kembali", web::post().to(acts::pay_back))
        .route("/kelola/pesanan/{id}/qris", web::get().to(of_order::show))
        .route("/kelola/pesanan/{id}/qris", web::post().to(of_order::open))
        .route("/kelola/pesanan/{id}/qris/keadaan", web::get().to(of_order::state))
        .route("/kelola/pesanan/{id}/qris/cek", web::post().to(of_order::check))
        .route("/kelola/pesanan/{id}/qris/kode", web::post().to(of_order::open))
        .route("/kelola/pesanan/{id}/qris/batal", web::post().to(of_order::cancel));
}

/// Pages of bills with their examples.
pub fn samples() -> Vec<Sample> {
    [list::samples(), screen::samples()].into_iter().flatten().collect()
}
