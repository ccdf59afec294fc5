//! `/kelola/belanja`: what the outlet buys in, what goes back, and what suppliers are owed.
mod acts;
mod give_back;
mod line;
mod list;
mod new;
mod note;
mod read;
mod returned;
mod said;
mod show;
mod sketch;
mod supplier;
mod supplier_acts;
mod suppliers;

use actix_web::web;

use crate::page::Sample;

/// Addresses of purchases and suppliers.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.route("/kelola/belanja", web::get().to(list::list))
        .route("/kelola/belanja/baru", web::get().to(new::blank))
        .route("/kelola/belanja/baru", web::post().to(new::create))
        .route("/kelola/belanja/pemasok", web::get().to(suppliers::list))
        .route("/kelola/belanja/pemasok", web::post().to(suppliers::add))
        .route("/kelola/belanja/pemasok/{id}", web::get().to(supplier::show))
        .route("/kelola/belanja/pemasok/{id}/bayar", web::post().to(supplier_acts::pay))
        .route("/kelola/belanja/pemasok/{id}/uang-kembali", web::post().to(supplier_acts::refund))
        .route("/kelola/belanja/pemasok/{id}/lama", web::post().to(supplier_acts::say_lead))
        .route("/kelola/belanja/pemasok/{id}/ubah", web::post().to(supplier_acts::describe))
        .route("/kelola/belanja/pemasok/{id}/simpan", web::post().to(supplier_acts::put_away))
        .route("/kelola/belanja/pemasok/{id}/pakai", web::post().to(supplier_acts::take_up))
        .route("/kelola/belanja/{id}", web::get().to(show::show))
        .route("/kelola/belanja/{id}/batal", web::post().to(acts::reverse))
        .route("/kelola/belanja/{id}/foto", web::post().to(acts::photograph))
        .route("/kelola/belanja/{id}/foto/{photo}/{size}", web::get().to(note::picture))
        .route("/kelola/belanja/{id}/kembali", web::get().to(give_back::blank))
        .route("/kelola/belanja/{id}/kembali", web::post().to(give_back::create));
}

/// Pages of purchases with their examples.
pub fn samples() -> Vec<Sample> {
    [list::samples(), new::samples(), show::samples(), give_back::samples(), suppliers::samples(), supplier::samples()]
        .into_iter()
        .flatten()
        .collect()
}
