//! Every address of the service, one line a module.
use actix_web::web;

use crate::{
    accounts, app, assets, catalogue, collection, edge, orders, outlet, page::Sample, payments, village, wholesale,
};

/// Puts all addresses in their place.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.route("/aset/{name}", web::get().to(assets::serve))
        .route("/healthz", web::get().to(app::healthz))
        .route("/readyz", web::get().to(app::readyz))
        .route("/metrics", web::get().to(app::metrics))
        .configure(accounts::web::configure)
        .configure(payments::web::configure)
        .configure(orders::web::configure)
        .configure(outlet::web::configure)
        .configure(collection::web::configure)
        .configure(wholesale::web::configure)
        .configure(village::web::configure)
        .configure(catalogue::web::configure);
}

/// Example values of every page, for the test that draws all of them in all languages.
pub fn samples() -> Vec<Sample> {
    [
        edge::samples(),
        accounts::web::samples(),
        catalogue::web::samples(),
        orders::web::samples(),
        outlet::web::samples(),
        collection::web::samples(),
        wholesale::web::samples(),
        village::web::samples(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
