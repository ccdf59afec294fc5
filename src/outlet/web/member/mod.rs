//! `/kelola/anggota`: members, what they may owe and owe, their payments and their statement.
mod acts;
mod list;
mod show;

use actix_web::web;

use crate::page::Sample;

const HERE: &str = "/kelola/anggota";

/// Routes of this part.
pub(super) fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(HERE).get(list::list).post(list::add))
        .route("/kelola/anggota/{id}", web::get().to(show::show))
        .route("/kelola/anggota/{id}/cetak", web::get().to(show::print))
        .route("/kelola/anggota/{id}/bayar", web::post().to(acts::pay))
        .route("/kelola/anggota/{id}/batas", web::post().to(acts::limit))
        .route("/kelola/anggota/{id}/keluar", web::post().to(acts::leave));
}

/// Pages of this part, for the test that draws all of them.
pub(super) fn samples() -> Vec<Sample> {
    [list::samples(), show::samples()].into_iter().flatten().collect()
}
