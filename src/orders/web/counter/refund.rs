//! `/kelola/uang/kembali/{id}`: money sent back by hand, with its two people, its slip and its end.
use std::collections::HashMap;

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::Serialize;

use super::proof;
use crate::{
    accounts::visit::{BookReader, Visit},
    app::App,
    bank_account::end_of,
    catalogue::photo,
    error::Result,
    form::FormView,
    orders::{
        docket::Docket,
        refund_transfer::{self as transfer, Model, State, Way},
    },
    page::{self, Page, Sample},
};
use entity::{Rupiah, person, person_role::Role, photo::Subject};

/// One step of its way: what, when, who.
#[derive(Serialize)]
struct Step {
    key: &'static str,
    at: Option<DateTime<Utc>>,
    who: Option<String>,
    mark: &'static str,
}

/// What this reader may do with it now.
#[derive(Default, Serialize)]
struct May {
    approve: bool,
    /// It waits for a yes, and this reader made it.
    is_maker: bool,
    refuse: bool,
    send: bool,
    give_up: bool,
}

#[derive(Serialize)]
struct RefundPage {
    id: i64,
    order_id: i64,
    number: String,
    buyer: String,
    amount: Rupiah,
    cash: bool,
    account: Option<[String; 3]>,
    state: &'static str,
    steps: Vec<Step>,
    note: Option<String>,
    reference: Option<String>,
    ended_reason: Option<String>,
    proofs: Vec<i64>,
    may: May,
    /// Whether the order's own page opens for this reader.
    opens_order: bool,
    form: FormView,
}

impl Page for RefundPage {
    const TEMPLATE: &'static str = "counter/refund.html";
    fn samples() -> Vec<RefundPage> {
        let names = HashMap::from([(1, "Bu Siti Aminah".to_owned()), (2, "Pak Hasan".to_owned())]);
        let page = |state, way, reader| {
            let row = sample(state, way);
            let docket = Docket::sample();
            RefundPage::of(&row, &docket, &names, Some(reader), vec![7], FormView::default())
        };
        vec![
            page(State::Proposed, Way::Transfer, 1),
            page(State::Proposed, Way::Cash, 2),
            page(State::Approved, Way::Transfer, 1),
            page(State::Approved, Way::Cash, 1),
            page(State::Sent, Way::Transfer, 2),
            page(State::Refused, Way::Transfer, 1),
            page(State::Returned, Way::Transfer, 1),
        ]
    }
}

fn sample(state: State, way: Way) -> Model {
    let at = DateTime::<Utc>::UNIX_EPOCH;
    Model {
        id: 3,
        order_id: 42,
        outlet_id: 1,
        amount: Rupiah(74_000),
        way,
        bank: Some("BRI".into()),
        number: Some("002101000123507".into()),
        holder: Some("Ratna".into()),
        state,
        note: Some("Barang habis".into()),
        maker_id: 1,
        made_at: at,
        checker_id: (!matches!(state, State::Proposed | State::Refused)).then_some(2),
        checked_at: Some(at),
        reference: Some("TRX-1".into()),
        sender_id: Some(1),
        sent_at: Some(at),
        ended_by: Some(2),
        ended_at: Some(at),
        ended_reason: Some("Nomor salah".into()),
    }
}

pub fn samples() -> Vec<Sample> {
    page::samples::<RefundPage>()
}

impl RefundPage {
    /// `reader` is the treasurer who looks; none for somebody who only reads.
    fn of(
        row: &Model,
        docket: &Docket,
        names: &HashMap<i64, String>,
        reader: Option<i64>,
        proofs: Vec<i64>,
        form: FormView,
    ) -> RefundPage {
        let is_open = matches!(row.state, State::Proposed | State::Approved);
        let may = match reader {
            None => May::default(),
            Some(reader) => May {
                approve: row.state == State::Proposed && row.maker_id != reader,
                is_maker: row.state == State::Proposed && row.maker_id == reader,
                refuse: is_open,
                send: row.state == State::Approved,
                give_up: row.state == State::Sent && row.way == Way::Transfer,
            },
        };
        let number = row.number.clone().unwrap_or_default();
        let shown = if reader.is_some() { number } else { format!("···{}", end_of(&number)) };
        RefundPage {
            id: row.id,
            order_id: row.order_id,
            number: docket.number(),
            buyer: docket.order.buyer_name.clone(),
            amount: row.amount,
            cash: row.way == Way::Cash,
            account: (row.way == Way::Transfer)
                .then(|| [row.bank.clone().unwrap_or_default(), shown, row.holder.clone().unwrap_or_default()]),
            state: state_key(row.state),
            steps: steps(row, names),
            note: row.note.clone(),
            reference: row.reference.clone(),
            ended_reason: row.ended_reason.clone(),
            proofs,
            may,
            opens_order: true,
            form,
        }
    }
}

fn state_key(state: State) -> &'static str {
    match state {
        State::Proposed => "money.is_proposed",
        State::Approved => "money.is_approved",
        State::Sent => "money.is_sent",
        State::Refused => "money.is_refused",
        State::Returned => "money.is_returned",
    }
}

fn steps(row: &Model, names: &HashMap<i64, String>) -> Vec<Step> {
    let name = |id: Option<i64>| id.and_then(|id| names.get(&id).cloned());
    let approved = row.checker_id.is_some();
    let sent = matches!(row.state, State::Sent | State::Returned);
    let mark = |done: bool, now: bool| match (done, now) {
        (true, _) => "done",
        (false, true) => "now",
        _ => "later",
    };
    let mut steps = vec![
        Step { key: "money.step_made", at: Some(row.made_at), who: name(Some(row.maker_id)), mark: "done" },
        Step {
            key: "money.step_approved",
            at: row.checked_at.filter(|_| approved),
            who: name(row.checker_id),
            mark: mark(approved, row.state == State::Proposed),
        },
        Step {
            key: "money.step_sent",
            at: row.sent_at.filter(|_| sent),
            who: name(row.sender_id.filter(|_| sent)),
            mark: mark(sent, row.state == State::Approved),
        },
    ];
    let ended = match row.state {
        State::Refused => {
            steps.retain(|step| step.mark == "done");
            "money.step_refused"
        }
        State::Returned => "money.step_returned",
        _ => return steps,
    };
    steps.push(Step { key: ended, at: row.ended_at, who: name(row.ended_by), mark: "done" });
    steps
}

/// `GET /kelola/uang/kembali/{id}`
pub async fn show(reader: BookReader, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    let row = transfer::by_id(&app.db, *id).await?;
    reader.must_have(row.outlet_id)?;
    let actor = reader.may_act.then_some(reader.person_id);
    draw(&reader.visit, &app, &row, actor, StatusCode::OK, FormView::default()).await
}

/// The page of one; `reader` is the treasurer who looks, none for somebody who only reads.
pub(super) async fn draw(
    visit: &Visit,
    app: &App,
    row: &Model,
    reader: Option<i64>,
    status: StatusCode,
    form: FormView,
) -> Result<HttpResponse> {
    let docket = Docket::read(&app.db, row.outlet_id, row.order_id).await?;
    let people = [Some(row.maker_id), row.checker_id, row.sender_id, row.ended_by].into_iter().flatten();
    let names = names(&app.db, people.collect()).await?;
    let proofs = ready_proofs(&app.db, row.id).await?;
    let mut page = RefundPage::of(row, &docket, &names, reader, proofs.iter().map(|photo| photo.id).collect(), form);
    page.opens_order = visit.signed.as_ref().is_some_and(|signed| signed.role(Role::Operator).is_some());
    visit.page_with(status, &app.templates, &page)
}

/// Names of people by their numbers.
async fn names(db: &impl ConnectionTrait, ids: Vec<i64>) -> Result<HashMap<i64, String>> {
    let people = person::Entity::find().filter(person::Column::Id.is_in(ids)).all(db).await?;
    Ok(people.into_iter().map(|person| (person.id, person.name)).collect())
}

/// Slips that can be looked at.
pub(crate) async fn ready_proofs(db: &impl ConnectionTrait, id: i64) -> Result<Vec<entity::photo::Model>> {
    let mut all = photo::of(db, Subject::RefundProof, id).await?;
    all.retain(|photo| photo.state == entity::photo::State::Ready);
    Ok(all)
}

/// `GET /kelola/uang/kembali/{id}/bukti/{photo}/{size}`: the slip.
pub async fn slip(reader: BookReader, path: Path<(i64, i64, String)>, app: Data<App>) -> Result<HttpResponse> {
    let (id, photo_id, size) = path.into_inner();
    let row = transfer::by_id(&app.db, id).await?;
    reader.must_have(row.outlet_id)?;
    let photos = ready_proofs(&app.db, id).await?;
    proof::picture(&app, photos.iter().find(|photo| photo.id == photo_id), &size).await
}
