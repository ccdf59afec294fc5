//! Doors of resellers, kiosks and big orders.
mod commission;
mod commission_acts;
mod commission_view;
mod commissions;
mod kiosk;
mod pace;
mod propose;
mod task;

use actix_web::web;

use crate::page::Sample;
pub(crate) use commission_view::{Progress, TaskView, progress_of, task_views};
pub(crate) use commissions::urgent;

/// Routes of this module.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.route("/kelola/borongan", web::get().to(commissions::list))
        .route("/kelola/pesanan/{id}/borongan", web::get().to(propose::show))
        .route("/kelola/pesanan/{id}/borongan", web::post().to(propose::begin))
        .route("/kelola/borongan/{id}", web::get().to(commission::show))
        .route("/kelola/borongan/{id}/jawab/{part}", web::post().to(commission_acts::answer))
        .route("/kelola/borongan/{id}/lepas/{crafter}", web::post().to(commission_acts::release))
        .route("/kelola/borongan/{id}/tawarkan", web::post().to(commission_acts::ask))
        .route("/kelola/borongan/{id}/edar", web::post().to(commission_acts::go_round))
        .route("/kelola/borongan/{id}/selesai", web::post().to(commission_acts::end))
        .route("/kelola/perajin/{id}/kemampuan", web::get().to(pace::of_household))
        .route("/kelola/perajin/{id}/kemampuan", web::post().to(pace::keep_for_household))
        .route("/karya/kemampuan", web::get().to(pace::own))
        .route("/karya/kemampuan", web::post().to(pace::keep_own))
        .route("/tugas-anyam/{secret}", web::get().to(task::show))
        .route("/tugas-anyam/{secret}", web::post().to(task::answer));
    cfg.configure(kiosk::configure);
}

/// Pages of this module, for the test that draws all of them.
pub fn samples() -> Vec<Sample> {
    [
        commissions::samples(),
        propose::samples(),
        commission::samples(),
        pace::samples(),
        task::samples(),
        kiosk::samples(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
