//! What a buyer hears of their order.
use serde_json::json;

use crate::{clock::Clock, db::Tx, error::Result, outbox};
use entity::order;

/// Tells the buyer that something changed, if they left an address.
pub async fn state_changed(tx: &Tx, clock: &Clock, order: &order::Model) -> Result<()> {
    if order.buyer_email.is_none() {
        return Ok(());
    }
    let key = format!("order_state:{}:{}", order.id, clock.now().timestamp_micros());
    let payload = json!({ "template": "order_state", "order_id": order.id });
    outbox::queue(tx, clock.now(), "mail.send", &key, &payload).await?;
    Ok(())
}
