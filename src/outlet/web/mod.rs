//! The treasurer's doors: money going out, and payments over the counter.
mod bill;
pub(crate) mod debt;
mod debt_acts;
mod debt_new;
mod debts;
mod family;
mod field;
mod household_limit;
pub(crate) mod market;
mod member;
mod payee_account;
mod payout_acts;
mod payout_line;
mod payout_new;
mod payout_notice;
mod payout_run;
mod payout_runs;
mod payout_tick;
mod perform;
mod price;
mod purchase;
mod sale;
mod store;
pub mod sync;
mod till;

use actix_web::web;

use crate::page::Sample;

/// Routes of this module.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.configure(bill::configure)
        .configure(payout_notice::configure)
        .configure(sync::configure)
        .configure(field::configure)
        .configure(till::configure)
        .configure(family::configure)
        .configure(household_limit::configure)
        .configure(market::configure)
        .configure(member::configure)
        .route("/kelola/utang", web::get().to(debts::list))
        .route("/kelola/utang/baru", web::get().to(debt_new::blank))
        .route("/kelola/utang/baru", web::post().to(debt_new::ask))
        .route("/kelola/utang/batas", web::post().to(debt_acts::limit))
        .route("/kelola/utang/{id}", web::get().to(debt::show))
        .route("/kelola/utang/{id}/setuju", web::post().to(debt_acts::give))
        .route("/kelola/utang/{id}/tolak", web::post().to(debt_acts::refuse))
        .route("/kelola/utang/{id}/batal", web::post().to(debt_acts::undo))
        .route("/kelola/utang/{id}/sepakat", web::post().to(debt_acts::agree))
        .route("/kelola/utang/{id}/kembali", web::post().to(debt_acts::pay_back))
        .configure(sale::configure)
        .configure(store::configure)
        .configure(price::configure)
        .configure(purchase::configure)
        .route("/kelola/bayar-perajin", web::get().to(payout_runs::list))
        .route("/kelola/bayar-perajin/dompet", web::post().to(payout_acts::top_up))
        .route("/kelola/bayar-perajin/kabar/{id}", web::post().to(payout_acts::looked_at))
        .route("/kelola/bayar-perajin/baru", web::get().to(payout_new::blank))
        .route("/kelola/bayar-perajin/baru", web::post().to(payout_acts::make))
        .route("/kelola/bayar-perajin/rekening/{crafter}", web::get().to(payee_account::show))
        .route("/kelola/bayar-perajin/rekening/{crafter}", web::post().to(payee_account::keep))
        .route("/kelola/bayar-perajin/{id}", web::get().to(payout_run::show))
        .route("/kelola/bayar-perajin/{id}/daftar.csv", web::get().to(payout_run::transfers))
        .route("/kelola/bayar-perajin/{id}/setuju", web::post().to(payout_acts::approve))
        .route("/kelola/bayar-perajin/{id}/batal", web::post().to(payout_acts::call_off))
        .route("/kelola/bayar-perajin/{id}/{payout}/lunas", web::post().to(payout_tick::tick_off))
        .route("/kelola/bayar-perajin/{id}/{payout}/foto/{photo}/{size}", web::get().to(payout_tick::picture))
        .route("/kelola/bayar-perajin/{id}/{payout}/gagal", web::post().to(payout_acts::fail));
}

/// Pages of this module, for the test that draws all of them.
pub fn samples() -> Vec<Sample> {
    [
        bill::samples(),
        field::samples(),
        debt::samples(),
        debt_new::samples(),
        debts::samples(),
        family::samples(),
        household_limit::samples(),
        market::samples(),
        member::samples(),
        payout_runs::samples(),
        payout_new::samples(),
        payout_run::samples(),
        payee_account::samples(),
        sale::samples(),
        till::samples(),
        store::samples(),
        price::samples(),
        purchase::samples(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
