//! Pages of this module.
pub mod counter;

use actix_web::web;

use crate::page::Sample;

/// Routes of this module.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.configure(counter::configure);
}

/// Pages of this module with their examples.
pub fn samples() -> Vec<Sample> {
    counter::samples()
}
