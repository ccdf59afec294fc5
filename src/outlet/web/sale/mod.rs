//! `/kelola/jual`: craft goods sold over the counter, and what comes back of them; `/jual/{secret}`: the receipt.
mod choose;
mod pay;
mod receipt;
mod show;
mod take_back;

use actix_web::web;

use crate::page::Sample;

/// Addresses of sales and their receipts.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.route("/kelola/jual", web::get().to(choose::show))
        .route("/kelola/jual", web::post().to(pay::sell))
        .route("/kelola/jual/bayar", web::get().to(pay::show))
        .route("/kelola/jual/{id}", web::get().to(show::show))
        .route("/kelola/jual/{id}/kembali", web::get().to(take_back::show))
        .route("/kelola/jual/{id}/kembali", web::post().to(take_back::take))
        .route("/jual/{secret}", web::get().to(receipt::show))
        .route("/jual/{secret}/kode.svg", web::get().to(receipt::code));
}

/// Pages of sales with their examples.
pub fn samples() -> Vec<Sample> {
    [choose::samples(), pay::samples(), show::samples(), take_back::samples(), receipt::samples()]
        .into_iter()
        .flatten()
        .collect()
}
