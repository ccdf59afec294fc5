//! Money on its way back, as the buyer follows it: each step with its day, and the slip where one was taken.
use actix_web::{HttpResponse, web};
use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use serde::Serialize;

use super::counter::{proof::picture, refund::ready_proofs};
use crate::{
    app::App,
    error::{Error, Result},
    orders::{
        order as orders,
        refund_transfer::{self as transfer, State, Way},
    },
    payments::refund,
};
use entity::{Rupiah, order, payment_refund, payment_refund::State as Refund, refund_transfer};

/// One amount on its way back.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Back {
    amount: Rupiah,
    /// What became of it, as a key of words.
    key: &'static str,
    at: DateTime<Utc>,
    reference: Option<String>,
    /// Where its slip can be seen.
    slips: Vec<String>,
}

impl Back {
    pub(super) fn sample() -> Back {
        Back {
            amount: Rupiah(28_000),
            key: "order.back_sent",
            at: DateTime::<Utc>::UNIX_EPOCH,
            reference: Some("TRX-1".into()),
            slips: vec!["/pesanan/x/kembali/1/2".into()],
        }
    }

    fn by_provider(row: &payment_refund::Model) -> Option<Back> {
        let key = match row.state {
            Refund::Requested => "order.back_asked",
            Refund::Accepted => "order.back_accepted",
            Refund::Confirmed => "order.back_confirmed",
            // A person sends it instead, and that has a line of its own.
            Refund::Denied => return None,
        };
        let at = row.confirmed_at.or(row.answered_at).unwrap_or(row.asked_at);
        Some(Back { amount: row.amount, key, at, reference: None, slips: Vec::new() })
    }

    fn by_hand(row: &refund_transfer::Model, slips: Vec<String>) -> Option<Back> {
        let (key, at) = match (row.state, row.way) {
            (State::Proposed, _) => ("order.back_proposed", row.made_at),
            (State::Approved, _) => ("order.back_approved", row.checked_at.unwrap_or(row.made_at)),
            (State::Sent, Way::Transfer) => ("order.back_sent", row.sent_at.unwrap_or(row.made_at)),
            (State::Sent, Way::Cash) => ("order.back_sent_cash", row.sent_at.unwrap_or(row.made_at)),
            (State::Returned, _) => ("order.back_returned", row.ended_at.unwrap_or(row.made_at)),
            (State::Refused, _) => return None,
        };
        let reference = row.reference.clone().filter(|_| row.state == State::Sent);
        Some(Back { amount: row.amount, key, at, reference, slips })
    }
}

/// Everything that is or was on its way back to a buyer, oldest first.
pub(super) async fn of_order(db: &impl ConnectionTrait, order: &order::Model) -> Result<Vec<Back>> {
    let asked = refund::of_subject(db, &orders::subject(order.id)).await?;
    let mut all: Vec<Back> = asked.iter().filter_map(Back::by_provider).collect();
    for row in transfer::of_order(db, order.id).await? {
        let address = |photo: &entity::photo::Model| format!("{}/kembali/{}/{}", orders::url(order), row.id, photo.id);
        let slips = match row.state {
            State::Sent => ready_proofs(db, row.id).await?.iter().map(address).collect(),
            _ => Vec::new(),
        };
        all.extend(Back::by_hand(&row, slips));
    }
    all.sort_by_key(|back| back.at);
    Ok(all)
}

/// `GET /pesanan/{secret}/kembali/{transfer}/{photo}/{size}`: the slip, for whoever has the order's address.
pub(super) async fn slip(app: web::Data<App>, path: web::Path<(String, i64, i64, String)>) -> Result<HttpResponse> {
    let (secret, id, photo_id, size) = path.into_inner();
    let order = orders::by_secret(&app.db, &secret).await?;
    let row = transfer::by_id(&app.db, id).await?;
    if row.order_id != order.id || row.state != State::Sent {
        return Err(Error::NotFound);
    }
    let photos = ready_proofs(&app.db, id).await?;
    picture(&app, photos.iter().find(|photo| photo.id == photo_id), &size).await
}
