//! A Midtrans of our own, with play money: Snap and Core as the real one answers them, notifications as it sends them,
//! and pages on which a person acts as the buyer's wallet or bank.
//!
//! It keeps its own file, not the shop's database, so that neither can look into the other's books; what it has told
//! anybody is on file, so that a process that is killed forgets nothing on either side. Everything that happens to a transaction becomes an `Event`; the courier turns events
//! into deliveries, which is the one place where they could be lost, doubled or shuffled on purpose.
mod answers;
mod beneficiary;
mod bill;
mod book;
mod chaos;
mod charge;
mod console_form;
mod console_page;
mod control;
mod control_web;
mod core_web;
mod courier;
mod demo_page;
mod dial;
mod dice;
mod door;
mod event;
mod file;
mod frame;
mod idempotency;
mod iris;
mod iris_web;
mod kept;
mod keys;
mod later;
mod manner;
mod method;
mod mutation;
mod numbers;
mod page;
mod pay_page;
mod payout;
mod purse;
mod qris;
mod refund;
mod simulator_page;
mod snap;
mod snap_page;
mod snap_web;
mod standing;
mod state;
mod transaction;

pub use core_web::HttpLayer;
pub use file::FileError;
pub use state::{Now, OpenError, Sandbox};

use actix_web::{HttpResponse, web};

/// Where the stand-in is mounted.
pub const MOUNT: &str = "/sandbox/midtrans";

/// Its routes. The application adds `web::Data<Sandbox>` beside them and keeps `Sandbox::run` going.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::scope(MOUNT)
            .route("/key", web::get().to(key))
            .route("/gaya.css", web::get().to(page::stylesheet))
            .configure(snap_web::routes)
            .configure(demo_page::routes)
            .configure(snap_page::routes)
            .configure(pay_page::routes)
            .configure(simulator_page::routes)
            .configure(control_web::routes)
            .configure(console_page::routes)
            .configure(iris_web::routes)
            .configure(core_web::routes),
    );
}

async fn key(sandbox: web::Data<Sandbox>) -> HttpResponse {
    HttpResponse::Ok().json(sandbox.with(|desk| desk.book.keys.published()))
}
