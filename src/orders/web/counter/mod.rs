//! The operator's pages: what is to be done now, an order with all its acts, what is printed, and shipping rates.
mod acts;
mod ask;
mod brought_back;
mod home;
mod labels;
mod list;
mod money;
mod print;
pub(crate) mod proof;
mod rates;
pub(crate) mod refund;
mod refund_acts;
mod refund_ask;
mod show;
mod treasury;
mod view;

use actix_web::web;

use crate::page::Sample;

/// Addresses under `/kelola` that are about orders.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.route("/kelola", web::get().to(home::show))
        .route("/kelola/pesanan", web::get().to(list::show))
        .route("/kelola/pesanan/kemas", web::get().to(print::packing_of_all))
        .route("/kelola/pesanan/{id}", web::get().to(show::show))
        .route("/kelola/pesanan/{id}/kemas", web::get().to(print::packing))
        .route("/kelola/pesanan/{id}/label", web::get().to(print::label))
        .route("/kelola/pesanan/{id}/bukti/{photo}/{size}", web::get().to(proof::show))
        .route("/kelola/pesanan/{id}/konfirmasi", web::post().to(acts::confirm))
        .route("/kelola/pesanan/{id}/lunas", web::post().to(acts::transfer_seen))
        .route("/kelola/pesanan/{id}/paket", web::get().to(show::choose_pieces))
        .route("/kelola/pesanan/{id}/paket", web::post().to(acts::pack))
        .route("/kelola/pesanan/{id}/paket/{parcel}/buka", web::post().to(acts::unpack))
        .route("/kelola/pesanan/{id}/paket/{parcel}/kirim", web::get().to(ask::send))
        .route("/kelola/pesanan/{id}/paket/{parcel}/kirim", web::post().to(acts::send))
        .route("/kelola/pesanan/{id}/paket/{parcel}/resi", web::get().to(ask::track))
        .route("/kelola/pesanan/{id}/paket/{parcel}/resi", web::post().to(acts::track))
        .route("/kelola/pesanan/{id}/paket/{parcel}/sampai", web::post().to(acts::deliver))
        .route("/kelola/pesanan/{id}/paket/{parcel}/balik", web::get().to(ask::come_back))
        .route("/kelola/pesanan/{id}/paket/{parcel}/balik", web::post().to(acts::come_back))
        .route("/kelola/pesanan/{id}/paket/{parcel}/serah", web::post().to(acts::hand_over))
        .route("/kelola/pesanan/{id}/paket/{parcel}/tunai", web::post().to(acts::collect))
        .route("/kelola/pesanan/{id}/barang/{line}/kurang", web::get().to(ask::short))
        .route("/kelola/pesanan/{id}/barang/{line}/kurang", web::post().to(acts::short))
        .route("/kelola/pesanan/{id}/barang/{line}/ganti", web::get().to(ask::compensate))
        .route("/kelola/pesanan/{id}/barang/{line}/ganti", web::post().to(acts::compensate))
        .route("/kelola/pesanan/{id}/barang-kembali", web::get().to(brought_back::ask))
        .route("/kelola/pesanan/{id}/barang-kembali", web::post().to(brought_back::take))
        .route("/kelola/pesanan/{id}/batal", web::get().to(ask::cancel))
        .route("/kelola/pesanan/{id}/batal", web::post().to(acts::cancel))
        .route("/kelola/pesanan/{id}/pelunasan", web::get().to(ask::balance))
        .route("/kelola/pesanan/{id}/pelunasan", web::post().to(acts::ask_balance))
        .route("/kelola/pesanan/{id}/mundur", web::get().to(ask::step_back))
        .route("/kelola/pesanan/{id}/mundur", web::post().to(acts::step_back))
        .route("/kelola/pesanan/{id}/kembali", web::get().to(refund_ask::ask))
        .route("/kelola/pesanan/{id}/pengembalian", web::post().to(acts::give_back))
        .route("/kelola/pesanan/{id}/kembali", web::post().to(refund_ask::propose))
        .route("/kelola/uang", web::get().to(money::show))
        .route("/kelola/uang/kembali/{id}", web::get().to(refund::show))
        .route("/kelola/uang/kembali/{id}/setuju", web::post().to(refund_acts::approve))
        .route("/kelola/uang/kembali/{id}/tolak", web::post().to(refund_acts::refuse))
        .route("/kelola/uang/kembali/{id}/terkirim", web::post().to(refund_acts::sent))
        .route("/kelola/uang/kembali/{id}/balik", web::post().to(refund_acts::returned))
        .route("/kelola/uang/kembali/{id}/bukti/{photo}/{size}", web::get().to(refund::slip))
        .route("/kelola/uang/cocokkan", web::post().to(treasury::compare))
        .route("/kelola/uang/penarikan", web::post().to(treasury::withdraw))
        .route("/kelola/uang/putusan", web::post().to(treasury::decide))
        .route("/kelola/uang/lebih/{order}/kembali", web::post().to(treasury::owe_back))
        .route("/kelola/uang/{id}/catat", web::post().to(treasury::take_in))
        .route("/kelola/uang/{id}/selesai", web::post().to(treasury::settle))
        .route("/kelola/ongkir", web::get().to(rates::list))
        .route("/kelola/ongkir/baru", web::get().to(rates::blank))
        .route("/kelola/ongkir/baru", web::post().to(rates::create))
        .route("/kelola/ongkir/{id}", web::get().to(rates::edit))
        .route("/kelola/ongkir/{id}", web::post().to(rates::update));
}

/// Pages of the counter with their examples.
pub fn samples() -> Vec<Sample> {
    [
        home::samples(),
        list::samples(),
        show::samples(),
        ask::samples(),
        brought_back::samples(),
        print::samples(),
        rates::samples(),
        money::samples(),
        refund_ask::samples(),
        refund::samples(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
