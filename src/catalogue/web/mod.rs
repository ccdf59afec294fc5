//! The doors of the catalogue: what everybody sees, and what programs read.
mod api;
mod draw;
mod list;
mod maker;
mod public;
mod robots;
mod show;

use actix_web::web;

use crate::page::Sample;

/// Routes of this module.
pub fn configure(cfg: &mut web::ServiceConfig) {
    public::configure(cfg);
}

/// Example values of the pages here.
pub fn samples() -> Vec<Sample> {
    public::samples()
}
