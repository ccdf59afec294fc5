//! What a till asks of the server while there is signal, and the pages on which people look at what tills told.
mod bill;
mod day;
mod last_sales;
mod odd;
mod provisions;
mod shift;
mod shifts;

use actix_web::web;

use crate::page::Sample;

/// Addresses of this module.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.route("/kelola/kasir/bekal.json", web::get().to(provisions::show))
        .route("/kelola/kasir/tagihan", web::post().to(bill::make))
        .route("/kelola/kasir/tagihan/{id}", web::get().to(bill::state))
        .route("/kelola/kasir/tagihan/{id}/pembatalan", web::post().to(bill::cancel))
        .route("/kelola/kasir/beda", web::get().to(odd::list))
        .route("/kelola/kasir/beda/{id}", web::post().to(odd::seen))
        .route("/kelola/kasir/hari", web::get().to(day::show))
        .route("/kelola/kasir/sif", web::get().to(shifts::list))
        .route("/kelola/kasir/sif/{id}", web::get().to(shift::show))
        .route("/kelola/kasir/sif/{id}/tutup", web::post().to(shift::close));
}

/// Pages of this module, for the test that draws all of them.
pub fn samples() -> Vec<Sample> {
    [odd::samples(), shifts::samples(), shift::samples(), day::samples()].into_iter().flatten().collect()
}
