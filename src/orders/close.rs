//! When an order is over: everything delivered or cancelled, and the money settled.
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::json;

use super::{
    balance,
    docket::{Docket, Packed},
    notify, state,
};
use crate::{clock::Clock, db::Tx, error::Result, ledger, ledger::Book};
use entity::{
    Rupiah, order,
    order::{Method, Payment, State},
    parcel,
};

/// Closes an order if nothing is left to do. Called after every act that may have been the last.
pub async fn close_if_done(tx: &Tx, clock: &Clock, order_id: i64) -> Result<()> {
    let mut docket = Docket::lock_any(tx, order_id).await?;
    if docket.order.state != State::Placed {
        return Ok(());
    }
    if cod_is_settled(tx, &docket).await? {
        let change = order::ActiveModel {
            id: Set(order_id),
            payment: Set(state::step(docket.order.payment, Payment::Paid)?),
            paid_at: Set(Some(clock.now())),
            ..Default::default()
        };
        docket.order = order::Entity::update(change).exec(tx).await?;
    }
    if has_arrived(&docket) {
        balance::arrived(tx, clock, &docket).await?;
    }
    if !is_done(&docket) {
        return Ok(());
    }
    let change = order::ActiveModel {
        id: Set(order_id),
        state: Set(state::step(docket.order.state, State::Completed)?),
        closed_at: Set(Some(clock.now())),
        ..Default::default()
    };
    let order = order::Entity::update(change).exec(tx).await?;
    docket.remember(tx, clock, "completed", None, json!({})).await?;
    notify::state_changed(tx, clock, &order, "completed").await
}

/// A COD order is paid when everything has left and all its cash has come.
async fn cod_is_settled(tx: &Tx, docket: &Docket) -> Result<bool> {
    let order = &docket.order;
    if order.method != Method::Cod || order.payment != Payment::Unpaid || !has_all_left(docket) {
        return Ok(false);
    }
    let courier = Book::Courier(order.outlet_id);
    Ok(ledger::balance_of(tx, courier, &docket.subject()).await? == Rupiah::ZERO)
}

fn has_all_left(docket: &Docket) -> bool {
    docket.open_pieces() == 0
        && docket.has_begun_to_leave()
        && docket.parcels.iter().filter(|p| p.stands()).all(Packed::is_handed_over)
}

fn has_arrived(docket: &Docket) -> bool {
    let mut standing = docket.parcels.iter().filter(|packed| packed.stands());
    has_all_left(docket) && standing.all(|packed| packed.parcel.state == parcel::State::Delivered)
}

fn is_done(docket: &Docket) -> bool {
    let settled =
        docket.order.refund_due == Rupiah::ZERO && matches!(docket.order.payment, Payment::Paid | Payment::Refunded);
    has_arrived(docket) && settled && docket.order.owed == Rupiah::ZERO
}
