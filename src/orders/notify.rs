//! Tells a buyer by mail that something changed, if they left an address. The letter is written when it is sent, from
//! the order as it is then.
use std::fmt::Write;

use sea_orm::{ConnectionTrait, EntityTrait};

use super::{method, order as orders, share, state};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Result},
    gateway::mail::Letter,
    locale::{self, Lang, Words},
    notifications::mail::{self, Mail, say},
};
use entity::{order, outlet};

/// Queues one mail for this event; the words are `letter.order_{event}`, or a general sentence for an event without words.
pub async fn state_changed(tx: &Tx, clock: &Clock, order: &order::Model, event: &str) -> Result<()> {
    let Some(to) = order.buyer_email.clone() else { return Ok(()) };
    let key = format!("order:{}:{event}:{}", order.id, clock.now().timestamp_micros());
    let mail = Mail { to, template: format!("order_{event}"), order_id: order.id, language: order.language };
    mail::queue(tx, clock, &key, &mail).await
}

/// Writes the letter.
pub async fn letter(db: &impl ConnectionTrait, words: &Words, public_url: &str, mail: &Mail) -> Result<Letter> {
    let order = order::Entity::find_by_id(mail.order_id).one(db).await?.ok_or(Error::NotFound)?;
    let outlet = outlet::Entity::find_by_id(order.outlet_id).one(db).await?.ok_or(Error::NotFound)?;
    let lines = orders::lines(db, order.id).await?;
    let parcels = orders::parcels(db, order.id).await?;
    let lang = mail.language;
    let number = orders::number(&order);
    let due = share::due(&order, &lines);
    let total = due.to_string();
    let asked = share::asked(&order, due).to_string();
    let link = format!("{public_url}{}", orders::url(&order));
    let tracking: Vec<&str> = parcels.iter().filter_map(|parcel| parcel.tracking_number.as_deref()).collect();
    let tracking = tracking.join(", ");
    let refund = order.refund_due.to_string();
    let values = [
        ("name", order.buyer_name.as_str()),
        ("number", number.as_str()),
        ("total", total.as_str()),
        ("asked", asked.as_str()),
        ("outlet", outlet.name.as_str()),
        ("link", link.as_str()),
        ("tracking", tracking.as_str()),
        ("refund", refund.as_str()),
        ("phone", outlet.phone.as_str()),
    ];
    let text = |key: &str, fallback: &str| say(words, lang, key, fallback, &values);
    let about = format!("letter.{}", mail.template);
    let mut body = format!("{}\n\n{}\n", text("letter.hello", ""), text(&about, "letter.order_changed"));
    if !tracking.is_empty() && mail.template == "order_sent" {
        writeln!(body, "{}", text("letter.tracking", "")).ok();
    }
    body.push('\n');
    for line in lines.iter().filter(|line| line.quantity > line.cancelled) {
        let pieces = line.quantity - line.cancelled;
        let name = if line.item_name.is_empty() { String::new() } else { format!(", {}", line.item_name) };
        let price = line.unit_price.times(pieces).unwrap_or_default();
        writeln!(body, "{pieces} x {}{name}: {price}", line.product_name).ok();
    }
    if order.shipping_total.0 > 0 {
        writeln!(body, "{}: {}", text("letter.shipping", ""), order.shipping_total).ok();
    }
    writeln!(body, "{}: {total}", text("letter.total", "")).ok();
    if let Some(deadline) = deadline(&order, lang).filter(|_| state::is_asked(&order)) {
        writeln!(body, "\n{}: {deadline}", text("letter.pay_by", "")).ok();
    }
    write!(body, "\n{}\n{link}\n\n{}\n", text("letter.see", ""), text("letter.bye", "")).ok();
    let subject = text(&format!("{about}_subject"), "letter.order_changed_subject");
    Ok(Letter { to: mail.to.clone(), subject, text: body })
}

/// The hour by which an order is to be paid, in the buyer's own zone.
fn deadline(order: &order::Model, lang: Lang) -> Option<String> {
    let until = if order.owed > entity::Rupiah::ZERO { order.owed_by } else { order.pay_by };
    let at = until.filter(|_| order.state == order::State::Placed && !method::is_cash(order.method))?;
    let zone = chrono::FixedOffset::east_opt(orders::zone_hours(order) as i32 * 3600)?;
    Some(locale::moment(lang, at, zone))
}
