//! Pages that work without signal at a crafter's door, at a kiosk and at the till, the phones they run on, and what those phones take along.
mod devices;
mod held;
mod kiosks;
mod provisions;
mod shell;
mod till;

use actix_web::web;

use crate::page::Sample;

/// Addresses of this module.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.route("/sw.js", web::get().to(shell::worker))
        .route("/kelola/luring", web::get().to(shell::away))
        .route("/kelola/setoran/kerangka", web::get().to(shell::intake))
        .route("/kelola/kios/kerangka", web::get().to(shell::visit))
        .route("/kelola/kasir", web::get().to(till::show))
        .route("/kelola/kasir/kerangka", web::get().to(till::shell))
        .route("/kelola/kasir/manifes.json", web::get().to(till::manifest))
        .route("/kelola/setoran/bekal.json", web::get().to(provisions::show))
        .route("/kelola/perangkat", web::get().to(devices::list))
        .route("/kelola/perangkat/tertahan", web::get().to(held::list))
        .route("/kelola/perangkat/tertahan/{id}/terima", web::post().to(held::accept))
        .route("/kelola/perangkat/tertahan/{id}/abaikan", web::post().to(held::dismiss))
        .route("/kelola/perangkat/{id}/nama", web::post().to(devices::rename))
        .route("/kelola/perangkat/{id}/cabut", web::post().to(devices::revoke));
}

/// Pages of this module, for the test that draws all of them.
pub fn samples() -> Vec<Sample> {
    [devices::samples(), held::samples(), shell::samples(), till::samples()].into_iter().flatten().collect()
}
