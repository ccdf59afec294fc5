//! The doors of the catalogue: what everybody sees, what programs read, and where goods are listed and counted.
mod api;
pub(crate) mod draw;
mod goods;
mod keeper;
mod list;
mod maker;
mod pictures;
mod public;
mod robots;
mod sheet;
mod show;
mod size;
mod steps;
mod stock;
mod work;

pub(crate) use work::draw as draw_work;

use actix_web::web;

use crate::{
    accounts::visit::{Crafter, Operator},
    page::Sample,
};

/// Routes of this module.
pub fn configure(cfg: &mut web::ServiceConfig) {
    public::configure(cfg);
    goods::configure(cfg);
    stock::configure(cfg);
    work::configure(cfg);
    pictures::configure(cfg);
    listing::<Crafter>(cfg);
    listing::<Operator>(cfg);
}

/// Listing goods goes the same way for a crafter and for an operator on a crafter's behalf.
fn listing<K: keeper::Keeper>(cfg: &mut web::ServiceConfig) {
    steps::configure::<K>(cfg);
    size::configure::<K>(cfg);
    pictures::configure_for::<K>(cfg);
    sheet::configure::<K>(cfg);
}

/// Example values of the pages here.
pub fn samples() -> Vec<Sample> {
    let pages = [public::samples(), goods::samples(), work::samples(), stock::samples()];
    let listing = [steps::samples(), size::samples(), pictures::samples(), sheet::samples()];
    pages.into_iter().chain(listing).flatten().collect()
}
