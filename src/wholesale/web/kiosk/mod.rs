//! `/kelola/kios`: kiosks on other islands, what stands there and what they owe; `/kiriman/{secret}`: the delivery note.
mod agree;
mod close;
mod drop;
mod list;
mod note;
mod show;
mod statement;
mod visit;
mod visited;

use actix_web::web;

use crate::page::Sample;

/// Addresses of kiosks.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.route("/kelola/kios", web::get().to(list::show))
        .route("/kelola/kios/baru", web::get().to(agree::blank))
        .route("/kelola/kios/baru", web::post().to(agree::open))
        .route("/kelola/kios/{id}", web::get().to(show::show))
        .route("/kelola/kios/{id}/ubah", web::get().to(agree::edit))
        .route("/kelola/kios/{id}/ubah", web::post().to(agree::change))
        .route("/kelola/kios/{id}/tutup", web::post().to(close::close))
        .route("/kelola/kios/{id}/buka", web::post().to(close::reopen))
        .route("/kelola/kios/{id}/titip", web::get().to(drop::show))
        .route("/kelola/kios/{id}/titip", web::post().to(drop::make))
        .route("/kelola/kios/{id}/kunjungan", web::get().to(visit::show))
        .route("/kelola/kios/{id}/kunjungan", web::post().to(visit::tell))
        .route("/kelola/kios/{id}/kunjungan/{visit}", web::get().to(visited::show))
        .route("/kelola/kios/{id}/kunjungan/{visit}/batal", web::post().to(visited::void))
        .route("/kelola/kios/{id}/rekening", web::get().to(statement::show))
        .route("/kiriman/{secret}", web::get().to(note::show));
}

/// Pages of kiosks with their examples.
pub fn samples() -> Vec<Sample> {
    [
        agree::samples(),
        drop::samples(),
        list::samples(),
        note::samples(),
        show::samples(),
        statement::samples(),
        visit::samples(),
        visited::samples(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Where a kiosk is looked at.
fn url(id: i64) -> String {
    format!("/kelola/kios/{id}")
}
