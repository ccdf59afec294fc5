//! What is to be done now: every open order of an outlet under the acts that wait for somebody.
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, Func, LikeExpr},
};

use super::{docket::Docket, method, state};
use crate::{error::Result, form};
use entity::{
    Rupiah, order,
    order::{Method, Payment, State},
    outlet, parcel, photo,
};

/// An act that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Todo {
    /// Accept it, or look at the proof of a transfer.
    Confirm,
    Pack,
    /// Give it to the courier.
    Send,
    /// The buyer comes for it.
    Pickup,
    /// With the courier: until it has arrived and its cash is here.
    Travel,
    /// Pay money back.
    Refund,
}

impl Todo {
    /// All of them, in the order of a working day.
    pub const ALL: [Todo; 6] = [Todo::Confirm, Todo::Pack, Todo::Send, Todo::Pickup, Todo::Travel, Todo::Refund];

    /// Its name in addresses.
    pub fn code(self) -> &'static str {
        match self {
            Todo::Confirm => "konfirmasi",
            Todo::Pack => "kemas",
            Todo::Send => "kirim",
            Todo::Pickup => "ambil",
            Todo::Travel => "jalan",
            Todo::Refund => "kembali",
        }
    }

    /// The act of a name in an address.
    pub fn of(code: &str) -> Option<Todo> {
        Todo::ALL.into_iter().find(|todo| todo.code() == code)
    }
}

/// An order that needs somebody, and for what.
#[derive(Clone, Debug)]
pub struct Waiting {
    pub docket: Docket,
    pub todos: Vec<Todo>,
}

/// What waits for somebody on one order.
pub fn todos(docket: &Docket, now: DateTime<Utc>) -> Vec<Todo> {
    let order = &docket.order;
    let open = order.state == State::Placed;
    let has = |wanted: parcel::State| open && docket.parcels.iter().any(|packed| packed.parcel.state == wanted);
    let waits = |todo: &Todo| match todo {
        // What is unpaid and has no deadline ends only by a person: a transfer with its proof, money taken back.
        Todo::Confirm if method::is_cash(order.method) => open && order.confirmed_at.is_none(),
        Todo::Confirm => open && state::is_asked(order) && order.pay_by.is_none(),
        Todo::Pack => state::may_pack(order, now).is_ok() && docket.open_pieces() > 0,
        // Packed, and the balance still to be asked: that is done there too. Once asked, the buyer is waited for.
        Todo::Send => {
            let waits_for_buyer =
                order.part_paid > Rupiah::ZERO && order.balance_asked_at.is_some() && order.balance_days.is_none();
            has(parcel::State::Packed) && state::may_pack(order, now).is_ok() && !waits_for_buyer
        }
        Todo::Pickup => has(parcel::State::Ready),
        Todo::Travel => has(parcel::State::Sent) || (open && order.method == Method::Cod && has_arrived(docket)),
        Todo::Refund => order.payment == Payment::RefundDue,
    };
    Todo::ALL.into_iter().filter(waits).collect()
}

/// Everything was delivered and the order still stands: its cash is not here.
fn has_arrived(docket: &Docket) -> bool {
    docket.parcels.iter().any(|packed| packed.parcel.state == parcel::State::Delivered)
}

/// Every order of an outlet that waits for somebody, the longest waiting first.
pub async fn waiting(db: &impl ConnectionTrait, outlet: &outlet::Model, now: DateTime<Utc>) -> Result<Vec<Waiting>> {
    let orders = order::Entity::find()
        .filter(order::Column::OutletId.eq(outlet.id))
        .filter(
            Condition::any()
                .add(
                    // Who still has time to pay waits for nobody here.
                    Condition::all().add(order::Column::State.eq(State::Placed)).add(
                        Condition::any()
                            .add(order::Column::Payment.ne(Payment::Unpaid))
                            .add(order::Column::Method.is_in([Method::Cod, Method::PayAtPickup]))
                            .add(order::Column::PayBy.is_null()),
                    ),
                )
                .add(order::Column::Payment.eq(Payment::RefundDue)),
        )
        .order_by_asc(order::Column::Id)
        .all(db)
        .await?;
    let dockets = Docket::all_of(db, outlet, orders).await?;
    let waiting = dockets.into_iter().map(|docket| {
        let todos = todos(&docket, now);
        Waiting { docket, todos }
    });
    Ok(waiting.filter(|waiting| !waiting.todos.is_empty()).collect())
}

/// The pictures a buyer sent as proof of a transfer.
pub async fn proofs(db: &impl ConnectionTrait, order_id: i64) -> Result<Vec<photo::Model>> {
    Ok(photo::Entity::find()
        .filter(photo::Column::Subject.eq(photo::Subject::Proof))
        .filter(photo::Column::SubjectId.eq(order_id))
        .filter(photo::Column::State.eq(photo::State::Ready))
        .order_by_asc(photo::Column::Id)
        .all(db)
        .await?)
}

/// How many orders stand on a page of the list.
pub const PER_PAGE: u64 = 24;

/// Orders of an outlet, newest first, that match a number, a phone or a name; all when nothing is sought.
/// Says how many pages there are.
pub async fn search(
    db: &impl ConnectionTrait,
    outlet: &outlet::Model,
    text: &str,
    page: u64,
) -> Result<(Vec<Docket>, u64)> {
    let mut query =
        order::Entity::find().filter(order::Column::OutletId.eq(outlet.id)).order_by_desc(order::Column::Id);
    if !text.is_empty() {
        query = query.filter(matches(text));
    }
    let pages = query.clone().paginate(db, PER_PAGE);
    let count = pages.num_pages().await?;
    let orders = pages.fetch_page(page).await?;
    Ok((Docket::all_of(db, outlet, orders).await?, count))
}

fn matches(text: &str) -> Condition {
    let literal: String = text.to_lowercase().chars().filter(|c| !matches!(c, '%' | '_' | '\\')).collect();
    let name = Expr::expr(Func::lower(Expr::col(order::Column::BuyerName)));
    let mut condition = Condition::any().add(name.like(LikeExpr::new(format!("%{literal}%"))));
    if let Some(phone) = form::phone(text) {
        condition = condition.add(order::Column::BuyerPhone.eq(phone));
    }
    if let Some(id) = number_in(text) {
        condition = condition.add(order::Column::Id.eq(id));
    }
    condition
}

/// The order meant by "K-2611-0042", "0042" or "42".
fn number_in(text: &str) -> Option<i64> {
    let last = text.rsplit('-').next()?.trim();
    if last.len() <= 9 && last.bytes().all(|b| b.is_ascii_digit()) { last.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_noon(docket: &Docket) -> Vec<Todo> {
        todos(docket, docket.order.placed_at + chrono::Duration::hours(2))
    }

    fn paid() -> Docket {
        let mut docket = Docket::sample();
        docket.order.payment = Payment::Paid;
        docket.parcels.clear();
        docket.lines.iter_mut().for_each(|line| line.packed = 0);
        docket
    }

    #[test]
    fn an_order_waits_for_packing_when_it_is_paid_and_not_before() {
        assert_eq!(at_noon(&paid()), [Todo::Pack]);
        let mut unpaid = paid();
        unpaid.order.payment = Payment::Unpaid;
        assert_eq!(at_noon(&unpaid), []);
    }

    #[test]
    fn a_cod_order_waits_for_a_yes_first() {
        let mut docket = paid();
        docket.order.method = Method::Cod;
        docket.order.payment = Payment::Unpaid;
        assert_eq!(at_noon(&docket), [Todo::Confirm]);
        docket.order.confirmed_at = Some(docket.order.placed_at);
        assert_eq!(at_noon(&docket), [Todo::Pack]);
    }

    #[test]
    fn a_transfer_waits_for_somebody_once_its_proof_is_there() {
        let mut docket = paid();
        docket.order.method = Method::Transfer;
        docket.order.payment = Payment::Unpaid;
        docket.order.pay_by = Some(docket.order.placed_at);
        assert_eq!(at_noon(&docket), []);
        docket.order.pay_by = None;
        assert_eq!(at_noon(&docket), [Todo::Confirm]);
    }

    #[test]
    fn a_part_can_wait_for_the_courier_while_the_rest_waits_for_packing() {
        let mut docket = Docket::sample();
        docket.order.payment = Payment::RefundDue;
        assert_eq!(at_noon(&docket), [Todo::Pack, Todo::Send, Todo::Refund]);
    }

    #[test]
    fn a_cancelled_order_waits_only_for_its_refund() {
        let mut docket = Docket::sample();
        docket.order.state = State::Cancelled;
        docket.order.payment = Payment::RefundDue;
        assert_eq!(at_noon(&docket), [Todo::Refund]);
    }

    #[test]
    fn a_number_is_found_as_printed_or_as_spoken() {
        for text in ["K-2611-0042", "0042", "42", " 42 "] {
            assert_eq!(number_in(text), Some(42), "{text}");
        }
        assert_eq!(number_in("Ratna"), None);
    }
}
