//! Where goods are handed in, and where a household reads what became of them.
mod origin;

use actix_web::web;

use crate::page::Sample;

/// Routes of this module.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.configure(origin::configure);
}

/// Pages of this module, for the test that draws all of them.
pub fn samples() -> Vec<Sample> {
    origin::samples()
}
