//! Where goods are handed in, and where a household reads what became of them.
mod acts;
mod book;
mod choose;
mod form;
mod list;
mod look_up;
mod origin;
mod photo;
mod pickups;
pub(crate) mod ready;
mod receipt;
mod sheet;
mod show;

use actix_web::web;

use crate::page::Sample;

/// Routes of this module.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.configure(origin::configure);
    cfg.route("/kelola/setoran", web::get().to(list::show))
        .route("/kelola/setoran", web::post().to(form::create))
        .route("/kelola/setoran/baru", web::get().to(choose::intake))
        .route("/kelola/setoran/{id}", web::get().to(show::show))
        .route("/kelola/setoran/{id}/keluar", web::post().to(acts::depart))
        .route("/kelola/setoran/{id}/keluar/{move}/pembatalan", web::post().to(acts::undo))
        .route("/kelola/setoran/{id}/pembatalan", web::post().to(acts::reverse))
        .route("/kelola/setoran/{id}/foto", web::post().to(photo::add))
        .route("/kelola/setoran/{id}/foto/{photo}/{size}", web::get().to(photo::show))
        .route("/kelola/jemput", web::get().to(pickups::list))
        .route("/kelola/jemput", web::post().to(pickups::note))
        .route("/kelola/jemput/baru", web::get().to(choose::ready))
        .route("/kelola/jemput/baru/{crafter}/{product}", web::get().to(pickups::ask))
        .route("/kelola/jemput/urutan", web::get().to(pickups::walk))
        .route("/kelola/jemput/urutan", web::post().to(pickups::put_in_order))
        .route("/kelola/jemput/{id}/batal", web::post().to(pickups::call_off))
        .route("/karya/siap", web::post().to(ready::say))
        .route("/setoran/cek", web::get().to(look_up::show))
        .route("/setoran/cek", web::post().to(look_up::find))
        .route("/setoran/{secret}", web::get().to(receipt::show))
        .route("/setoran/{secret}/foto/{size}", web::get().to(photo::on_receipt))
        .route("/setoran/{secret}/cetak", web::get().to(receipt::print))
        .route("/setoran/{secret}/kartu.png", web::get().to(receipt::card));
    cfg.configure(book::configure);
}

/// Pages of this module, for the test that draws all of them.
pub fn samples() -> Vec<Sample> {
    [
        book::samples(),
        choose::samples(),
        form::samples(),
        list::samples(),
        look_up::samples(),
        origin::samples(),
        pickups::samples(),
        receipt::samples(),
        show::samples(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
