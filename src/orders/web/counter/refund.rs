//! Money sent back by hand: asked for at the order, then a page of its own with its two people, its slip and its end.
use std::collections::HashMap;

use actix_web::{
    HttpResponse, ResponseError,
    http::StatusCode,
    web::{Data, Path},
};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::Serialize;

use super::proof;
use crate::{
    accounts::visit::{BookReader, Treasurer, Visit, done},
    app::App,
    catalogue::{Hand, Side, photo},
    clock::Clock,
    db::{self, Tx},
    error::{Error, Result},
    form::{Form, FormView, Wrong},
    locale::Said,
    once,
    orders::{
        docket::Docket,
        refund_account::{self, Account},
        refund_transfer::{self as transfer, Model, Proposal, State, Way},
    },
    page::{self, Page, Sample, see_other},
    upload::Upload,
};
use entity::{Rupiah, person, person_role::Role, photo::Subject};

/// What is asked before one is made.
#[derive(Serialize)]
struct AskPage {
    id: i64,
    number: String,
    buyer: String,
    owed: Rupiah,
    /// What the buyer named, as a start: bank, number, holder.
    account: [String; 3],
    is_named: bool,
    form: FormView,
}

impl Page for AskPage {
    const TEMPLATE: &'static str = "counter/refund_ask.html";
    fn samples() -> Vec<AskPage> {
        let page = |is_named| AskPage {
            id: 42,
            number: "K-2611-0042".into(),
            buyer: "Ibu Ratna".into(),
            owed: Rupiah(74_000),
            account: ["BRI".into(), "002101000123507".into(), "Ratna".into()],
            is_named,
            form: FormView::default(),
        };
        vec![page(true), page(false)]
    }
}

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
    [page::samples::<AskPage>(), page::samples::<RefundPage>()].into_iter().flatten().collect()
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
        let shown = if reader.is_some() { number } else { format!("···{}", refund_account::end_of(&number)) };
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

/// `GET /kelola/pesanan/{id}/kembali`
pub async fn ask(treasurer: Treasurer, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    draw_ask(&treasurer, &app, *id, StatusCode::OK, FormView::default()).await
}

async fn draw_ask(
    treasurer: &Treasurer,
    app: &App,
    id: i64,
    status: StatusCode,
    form: FormView,
) -> Result<HttpResponse> {
    let docket = docket_of(treasurer, app, id).await?;
    if docket.order.refund_due == Rupiah::ZERO && status == StatusCode::OK {
        return Ok(done(&format!("/kelola/pesanan/{id}"), "order.nothing_owed"));
    }
    let named = refund_account::of(&app.db, id).await?;
    let page = AskPage {
        id,
        number: docket.number(),
        buyer: docket.order.buyer_name.clone(),
        owed: docket.order.refund_due,
        is_named: named.is_some(),
        account: named.map_or_else(Default::default, |account| [account.bank, account.number, account.holder]),
        form,
    };
    treasurer.visit.page_with(status, &app.templates, &page)
}

async fn docket_of(treasurer: &Treasurer, app: &App, order_id: i64) -> Result<Docket> {
    let outlets = treasurer.others.iter().chain([&treasurer.outlet]);
    for outlet in outlets {
        match Docket::read(&app.db, outlet.id, order_id).await {
            Err(Error::NotFound) => {}
            found => return found,
        }
    }
    Err(Error::NotFound)
}

/// `POST /kelola/pesanan/{id}/kembali`: makes one.
pub async fn propose(treasurer: Treasurer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    docket_of(&treasurer, &app, *id).await?;
    let made = match proposal(&form) {
        Ok(wish) => make(&treasurer, &app, *id, &form, &wish).await,
        Err(wrong) => Err(Ok(wrong)),
    };
    let (status, wrong) = match made {
        Ok(url) => return Ok(see_other(&url)),
        Err(Ok(wrong)) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
        Err(Err(Error::Refused(refusal))) => {
            let field = if refusal.said.key == "money.at_most_owed" { "amount" } else { "" };
            (Error::Refused(refusal.clone()).status_code(), Wrong::refusal(field, refusal))
        }
        Err(Err(fault)) => return Err(fault),
    };
    let view = FormView::new(&form, &wrong, app.templates.words(), treasurer.visit.lang);
    draw_ask(&treasurer, &app, *id, status, view).await
}

fn proposal(form: &Form) -> Result<Proposal, Wrong> {
    let mut reader = form.read();
    let amount = reader.rupiah("amount", 1, 1_000_000_000_000);
    let note = reader.optional("note", 200);
    let way = reader.choice("cara", |way| match way {
        "transfer" => Some(Way::Transfer),
        "tunai" => Some(Way::Cash),
        _ => None,
    });
    let base = reader.done(Proposal { amount, account: None, note });
    match (way, base) {
        (Some(Way::Transfer), base) => match (base, Account::read(form)) {
            (Ok(base), Ok(account)) => Ok(Proposal { account: Some(account), ..base }),
            (Ok(_), Err(wrong)) | (Err(wrong), Ok(_)) => Err(wrong),
            (Err(Wrong(mut all)), Err(Wrong(more))) => {
                all.extend(more);
                Err(Wrong(all))
            }
        },
        (_, base) => base,
    }
}

async fn make(
    treasurer: &Treasurer,
    app: &App,
    order_id: i64,
    form: &Form,
    wish: &Proposal,
) -> std::result::Result<String, Result<Wrong, Error>> {
    let made = async {
        let tx = db::begin(&app.db).await?;
        let docket = Docket::lock_any(&tx, order_id).await?;
        let scope = format!("refund {order_id}");
        let hash = form.content_hash();
        if let Some(key) = form.request_key()
            && let Some(answer) = once::answered(&tx, &scope, key, &hash).await?
        {
            return Ok(answer);
        }
        let row = transfer::propose(&tx, &app.clock, &docket, wish, treasurer.person_id).await?;
        let answer = format!("/kelola/uang/kembali/{}", row.id);
        if let Some(key) = form.request_key() {
            once::remember(&tx, &app.clock, &scope, key, &hash, &answer).await?;
        }
        tx.commit().await?;
        Ok(answer)
    };
    made.await.map_err(Err)
}

/// `GET /kelola/uang/kembali/{id}`
pub async fn show(reader: BookReader, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    let row = transfer::by_id(&app.db, *id).await?;
    reader.must_have(row.outlet_id)?;
    let actor = reader.may_act.then_some(reader.person_id);
    draw(&reader.visit, &app, &row, actor, StatusCode::OK, FormView::default()).await
}

async fn draw(
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
pub(super) async fn names(db: &impl ConnectionTrait, ids: Vec<i64>) -> Result<HashMap<i64, String>> {
    let people = person::Entity::find().filter(person::Column::Id.is_in(ids)).all(db).await?;
    Ok(people.into_iter().map(|person| (person.id, person.name)).collect())
}

/// Slips that can be looked at.
pub(crate) async fn ready_proofs(db: &impl ConnectionTrait, id: i64) -> Result<Vec<entity::photo::Model>> {
    let mut all = photo::of(db, Subject::RefundProof, id).await?;
    all.retain(|photo| photo.state == entity::photo::State::Ready);
    Ok(all)
}

/// What can be done with one.
enum Act {
    Approve,
    Refuse(String),
    Sent(String),
    Returned(String),
}

impl Act {
    async fn carry_out(&self, tx: &Tx, clock: &Clock, docket: &Docket, row: &Model, by: i64) -> Result<()> {
        match self {
            Act::Approve => transfer::approve(tx, clock, docket, row, by).await,
            Act::Refuse(reason) => transfer::refuse(tx, clock, docket, row, reason, by).await,
            Act::Sent(reference) => transfer::sent(tx, clock, docket, row, reference, by).await,
            Act::Returned(reason) => transfer::returned(tx, clock, docket, row, reason, by).await,
        }
    }
}

/// An act as it came: with what it is known by, and the slip where there is one.
struct Came<'a> {
    id: i64,
    form: &'a Form,
    hash: String,
    slip: Option<&'a photo::Kept>,
}

/// Does an act once for each key of its form. Says whether it was this time.
async fn perform(treasurer: &Treasurer, app: &App, came: &Came<'_>, act: &Act) -> Result<bool> {
    let tx = db::begin(&app.db).await?;
    let (docket, row) = transfer::lock(&tx, came.id).await?;
    treasurer.must_have(row.outlet_id)?;
    let scope = format!("refund act {}", came.id);
    if let Some(key) = came.form.request_key()
        && once::answered(&tx, &scope, key, &came.hash).await?.is_some()
    {
        return Ok(false);
    }
    act.carry_out(&tx, &app.clock, &docket, &row, treasurer.person_id).await?;
    if let Some(slip) = came.slip {
        let hand = Hand {
            village_id: Some(docket.outlet.village_id),
            person_id: Some(treasurer.person_id),
            side: Side::Operator,
        };
        photo::enter(&tx, &app.clock, &hand, Subject::RefundProof, came.id, slip).await?;
    }
    if let Some(key) = came.form.request_key() {
        once::remember(&tx, &app.clock, &scope, key, &came.hash, "").await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// The page again after an act, or with the sentence why not.
async fn answer(
    treasurer: &Treasurer,
    app: &App,
    id: i64,
    form: &Form,
    done: Result<(), Wrong>,
    status: StatusCode,
) -> Result<HttpResponse> {
    let Err(wrong) = done else { return Ok(see_other(&format!("/kelola/uang/kembali/{id}"))) };
    let row = transfer::by_id(&app.db, id).await?;
    treasurer.must_have(row.outlet_id)?;
    let view = FormView::new(form, &wrong, app.templates.words(), treasurer.visit.lang);
    draw(&treasurer.visit, app, &row, Some(treasurer.person_id), status, view).await
}

async fn press(
    treasurer: &Treasurer,
    app: &App,
    id: i64,
    form: &Form,
    act: Result<Act, Wrong>,
) -> Result<HttpResponse> {
    let act = match act {
        Ok(act) => act,
        Err(wrong) => return answer(treasurer, app, id, form, Err(wrong), StatusCode::UNPROCESSABLE_ENTITY).await,
    };
    let came = Came { id, form, hash: form.content_hash(), slip: None };
    match perform(treasurer, app, &came, &act).await {
        Ok(_) => answer(treasurer, app, id, form, Ok(()), StatusCode::OK).await,
        Err(Error::Refused(refusal)) => {
            let status = Error::Refused(refusal.clone()).status_code();
            answer(treasurer, app, id, form, Err(Wrong::refusal("", refusal)), status).await
        }
        Err(fault) => Err(fault),
    }
}

/// `POST /kelola/uang/kembali/{id}/setuju`
pub async fn approve(treasurer: Treasurer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    press(&treasurer, &app, *id, &form, Ok(Act::Approve)).await
}

/// `POST /kelola/uang/kembali/{id}/tolak`
pub async fn refuse(treasurer: Treasurer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut reader = form.read();
    let reason = reader.text("alasan", 200);
    let act = reader.done(Act::Refuse(reason));
    press(&treasurer, &app, *id, &form, act).await
}

/// `POST /kelola/uang/kembali/{id}/balik`
pub async fn returned(treasurer: Treasurer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut reader = form.read();
    let reason = reader.text("alasan", 200);
    let act = reader.done(Act::Returned(reason));
    press(&treasurer, &app, *id, &form, act).await
}

/// `POST /kelola/uang/kembali/{id}/terkirim`: with the reference, and for a transfer the photo of its slip.
pub async fn sent(treasurer: Treasurer, id: Path<i64>, upload: Upload, app: Data<App>) -> Result<HttpResponse> {
    let row = transfer::by_id(&app.db, *id).await?;
    treasurer.must_have(row.outlet_id)?;
    let mut reader = upload.form.read();
    let reference = reader.text("reference", 80);
    if upload.is_too_large("foto") {
        reader.refuse("foto", Said::new("photo.refused.too_many_bytes"));
    } else if upload.file("foto").is_none() && row.way == Way::Transfer && row.state == State::Approved {
        reader.refuse("foto", Said::new("money.slip_missing"));
    }
    let form = &upload.form;
    let act = match reader.done(Act::Sent(reference)) {
        Ok(act) => act,
        Err(wrong) => return answer(&treasurer, &app, *id, form, Err(wrong), StatusCode::UNPROCESSABLE_ENTITY).await,
    };
    match send(&treasurer, &app, *id, &upload, &act).await {
        Ok(()) => answer(&treasurer, &app, *id, form, Ok(()), StatusCode::OK).await,
        Err(Error::Refused(refusal)) => {
            let status = Error::Refused(refusal.clone()).status_code();
            let field = match refusal.said.key {
                "counter.reference_used" => "reference",
                key if key.starts_with("photo.") => "foto",
                _ => "",
            };
            answer(&treasurer, &app, *id, form, Err(Wrong::refusal(field, refusal)), status).await
        }
        Err(fault) => Err(fault),
    }
}

async fn send(treasurer: &Treasurer, app: &App, id: i64, upload: &Upload, act: &Act) -> Result<()> {
    let kept = match upload.file("foto") {
        Some(picture) => Some(photo::keep(&app.files, Subject::RefundProof, &picture.read().await?).await?),
        None => None,
    };
    let came = Came { id, form: &upload.form, hash: upload.content_hash(), slip: kept.as_ref() };
    let done = perform(treasurer, app, &came, act).await;
    if !matches!(done, Ok(true))
        && let Some(kept) = kept
    {
        // What nobody will look at does not stay on the disk.
        kept.discard(&app.files).await?;
    }
    done.map(drop)
}

/// `GET /kelola/uang/kembali/{id}/bukti/{photo}/{size}`: the slip.
pub async fn slip(reader: BookReader, path: Path<(i64, i64, String)>, app: Data<App>) -> Result<HttpResponse> {
    let (id, photo_id, size) = path.into_inner();
    let row = transfer::by_id(&app.db, id).await?;
    reader.must_have(row.outlet_id)?;
    let photos = ready_proofs(&app.db, id).await?;
    proof::picture(&app, photos.iter().find(|photo| photo.id == photo_id), &size).await
}
