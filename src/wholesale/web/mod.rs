//! Doors of resellers, kiosks and big orders.
use actix_web::web;

use crate::page::Sample;

/// Routes of this module.
pub fn configure(_cfg: &mut web::ServiceConfig) {}

/// Pages of this module, for the test that draws all of them.
pub fn samples() -> Vec<Sample> {
    Vec::new()
}
