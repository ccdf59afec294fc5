//! `/kelola/pasar` and `/pasar`: an operasi pasar planned, announced, queued for, sold and reported.
mod form;
mod good;
mod list;
mod public;
mod queue;
mod report;
mod show;
pub(crate) mod view;

use actix_web::web;

use crate::page::Sample;

const HERE: &str = "/kelola/pasar";

/// Routes of this part.
pub(super) fn configure(cfg: &mut web::ServiceConfig) {
    cfg.route("/kelola/pasar", web::get().to(list::list))
        .service(web::resource("/kelola/pasar/baru").get(form::blank).post(form::make))
        .route("/kelola/pasar/{id}", web::get().to(show::show))
        .service(web::resource("/kelola/pasar/{id}/ubah").get(form::edit).post(form::change))
        .route("/kelola/pasar/{id}/buka", web::post().to(show::open))
        .route("/kelola/pasar/{id}/tutup", web::post().to(show::close))
        .route("/kelola/pasar/{id}/batal", web::post().to(show::call_off))
        .route("/kelola/pasar/{id}/pengumuman", web::get().to(show::announce))
        .service(web::resource("/kelola/pasar/{id}/barang/{item}").get(good::show).post(good::keep))
        .route("/kelola/pasar/{id}/barang/{item}/keluar", web::post().to(good::take_out))
        .service(web::resource("/kelola/pasar/{id}/antre").get(queue::show).post(queue::give))
        .route("/kelola/pasar/{id}/antre/{number}", web::get().to(queue::ticket))
        .route("/kelola/pasar/{id}/panggil", web::post().to(queue::call))
        .route("/kelola/pasar/{id}/laporan", web::get().to(report::show))
        .route("/kelola/pasar/{id}/laporan.csv", web::get().to(report::csv))
        .route("/pasar", web::get().to(public::list))
        .route("/pasar/{id}", web::get().to(public::show))
        .route("/pasar/{id}/layar", web::get().to(public::screen));
}

/// Pages of this part, for the test that draws all of them.
pub(super) fn samples() -> Vec<Sample> {
    [
        form::samples(),
        good::samples(),
        list::samples(),
        public::samples(),
        queue::samples(),
        report::samples(),
        show::samples(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
