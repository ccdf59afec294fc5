//! `/kelola/bayar-perajin/{id}`: one run: who made it, who must approve it, and each payout to tick off.
use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web::{Data, Path},
};
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::payout_new;
use crate::{
    accounts::{
        person,
        visit::{BookReader, Treasurer},
    },
    app::App,
    db::Db,
    error::Result,
    form::FormView,
    locale::{Said, grouped},
    outlet::{iris, payee::last_four, payout_run, payout_run::Run, transfer_list},
    page::{self, Page, Sample},
};
use entity::{
    Rupiah, iris_payout,
    payout::{self, State as Payout, Way},
    payout_run::State,
};

#[derive(Clone, Serialize)]
struct PayoutRunPage {
    id: i64,
    state: &'static str,
    hint: &'static str,
    badge: &'static str,
    made_by: String,
    made_at: DateTime<Utc>,
    decided_by: Option<String>,
    decided_at: Option<DateTime<Utc>>,
    reason: Option<String>,
    total: Rupiah,
    paid: Rupiah,
    payouts: Vec<Line>,
    /// Transfers that are still to be made, for the list.
    transfers: usize,
    is_draft: bool,
    /// Whether the reader made it, and so may not approve it.
    is_own: bool,
    may_act: bool,
    /// The payout whose form was refused, 0 for the run's own.
    at: i64,
    form: FormView,
}

/// One payout as it stands.
#[derive(Clone, Serialize)]
struct Line {
    id: i64,
    name: String,
    amount: Rupiah,
    way: &'static str,
    /// Where it goes: bank, whole number, holder.
    account: Option<String>,
    state: &'static str,
    badge: &'static str,
    reference: Option<String>,
    receiver: Option<String>,
    reason: Option<String>,
    paid_at: Option<DateTime<Utc>>,
    /// Owed again.
    is_owed_again: bool,
    asks_reference: bool,
    asks_receiver: bool,
    /// Has not gone yet, and may be given up.
    can_fail: bool,
    /// Has gone, and may come back.
    can_return: bool,
    iris: Option<AtMidtrans>,
}

/// How it stands at Midtrans.
#[derive(Clone, Serialize)]
struct AtMidtrans {
    word: &'static str,
    reference: Option<String>,
    trouble: Option<String>,
}

impl Page for PayoutRunPage {
    const TEMPLATE: &'static str = "outlet/payout_run.html";
    fn samples() -> Vec<PayoutRunPage> {
        let line = |way, state| Line {
            iris: (way == Way::Midtrans).then(|| AtMidtrans {
                word: "payout.iris_queued",
                reference: Some("1d4f8423393005".into()),
                trouble: Some("Partner balance is insufficient".into()),
            }),
            ..Line::of(&sample(way, state), None, true)
        };
        let states = [Payout::Approved, Payout::Paid, Payout::Failed, Payout::Dropped];
        let lines = states
            .into_iter()
            .flat_map(|state| [Way::Transfer, Way::Cash, Way::Midtrans].into_iter().map(move |way| line(way, state)));
        let page = |state| PayoutRunPage {
            id: 7,
            state: standing(state).0,
            hint: hint(state),
            badge: standing(state).1,
            made_by: "Bu Siti Aminah".into(),
            made_at: DateTime::<Utc>::UNIX_EPOCH,
            decided_by: Some("Mas Rizal".into()),
            decided_at: Some(DateTime::<Utc>::UNIX_EPOCH),
            reason: Some("jumlah keliru".into()),
            total: Rupiah(63_840),
            paid: Rupiah(21_280),
            payouts: lines.clone().collect(),
            transfers: 1,
            is_draft: state == State::Draft,
            is_own: true,
            may_act: true,
            at: 0,
            form: FormView::default(),
        };
        let checker = PayoutRunPage { is_own: false, ..page(State::Draft) };
        let states = [State::Draft, State::Approved, State::Done, State::Withdrawn, State::Rejected];
        states.into_iter().map(page).chain([checker]).collect()
    }
}

fn sample(way: Way, state: Payout) -> payout::Model {
    payout::Model {
        id: 1,
        run_id: 7,
        outlet_id: 1,
        payee: "crafter:1".into(),
        name: "Bu Sati".into(),
        amount: Rupiah(21_280),
        way,
        bank: Some("BRI".into()),
        number: Some("002101000123507".into()),
        holder: Some("Sati".into()),
        state,
        reference: Some("TRX-1".into()),
        receiver: Some("Bu Sati".into()),
        reason: Some("rekening ditutup".into()),
        paid_at: Some(DateTime::<Utc>::UNIX_EPOCH),
        ended_at: Some(DateTime::<Utc>::UNIX_EPOCH),
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<PayoutRunPage>()
}

/// How a run stands: its words and its colour.
pub(super) fn standing(state: State) -> (&'static str, &'static str) {
    match state {
        State::Draft => ("payout.run_draft", "wait"),
        State::Approved => ("payout.run_approved", "urgent"),
        State::Done => ("payout.run_done", ""),
        State::Withdrawn => ("payout.run_withdrawn", "off"),
        State::Rejected => ("payout.run_rejected", "off"),
    }
}

fn hint(state: State) -> &'static str {
    match state {
        State::Draft => "payout.hint_draft",
        State::Approved => "payout.hint_approved",
        State::Done => "payout.hint_done",
        State::Withdrawn | State::Rejected => "payout.hint_off",
    }
}

/// How a payout stands: its words and its colour.
pub(super) fn payout_standing(payout: &payout::Model) -> (&'static str, &'static str) {
    match (payout.state, payout.way) {
        (Payout::Waiting, _) => ("payout.waiting", "off"),
        (Payout::Approved, Way::Transfer) => ("payout.to_transfer", "wait"),
        (Payout::Approved, Way::Cash) => ("payout.to_hand_over", "wait"),
        (Payout::Approved, Way::Midtrans) => ("payout.with_midtrans", "wait"),
        (Payout::Paid, _) => ("payout.paid", ""),
        (Payout::Failed, _) => ("payout.failed", "urgent"),
        (Payout::Dropped, _) => ("payout.dropped", "off"),
    }
}

impl Line {
    fn of(row: &payout::Model, iris: Option<&iris_payout::Model>, may_act: bool) -> Line {
        let (state, badge) = payout_standing(row);
        let to_do = may_act && row.state == Payout::Approved;
        let by_hand = row.way != Way::Midtrans;
        // The provider alone knows of what it has released.
        let is_held = iris.is_some_and(|iris| matches!(iris.status.as_deref(), None | Some("queued")));
        let account = match (&row.bank, &row.number, &row.holder) {
            (Some(bank), Some(number), Some(holder)) => {
                let shown = if may_act { number.clone() } else { format!("…{}", last_four(number)) };
                Some(format!("{bank} {shown}, {holder}"))
            }
            _ => None,
        };
        Line {
            id: row.id,
            name: row.name.clone(),
            amount: row.amount,
            way: payout_new::key(row.way),
            account,
            state,
            badge,
            reference: row.reference.clone(),
            receiver: row.receiver.clone(),
            reason: row.reason.clone(),
            paid_at: row.paid_at,
            is_owed_again: matches!(row.state, Payout::Failed | Payout::Dropped),
            asks_reference: to_do && row.way == Way::Transfer,
            asks_receiver: to_do && row.way == Way::Cash,
            can_fail: to_do && (by_hand || is_held),
            can_return: may_act && by_hand && row.state == Payout::Paid,
            iris: iris.map(AtMidtrans::of),
        }
    }
}

impl AtMidtrans {
    fn of(iris: &iris_payout::Model) -> AtMidtrans {
        let word = match iris.status.as_deref() {
            None => "payout.iris_asked",
            Some("queued") => "payout.iris_queued",
            Some("approved") => "payout.iris_approved",
            Some("processed") => "payout.iris_processed",
            Some("completed") => "payout.iris_completed",
            Some("rejected") => "payout.iris_rejected",
            Some(_) => "payout.iris_failed",
        };
        AtMidtrans { word, reference: iris.reference_no.clone(), trouble: iris.trouble.clone() }
    }
}

/// `GET /kelola/bayar-perajin/{id}`
pub async fn show(reader: BookReader, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    let run = payout_run::read(&app.db, reader.outlet.id, *id).await?;
    let own = reader.visit.signed.as_ref().map(|signed| signed.id);
    let page = view(&app.db, &run, own, reader.may_act).await?;
    reader.visit.page(&app.templates, &page)
}

/// The page again, with what was refused beside the payout `at`.
pub(super) async fn draw_refused(
    treasurer: &Treasurer,
    app: &App,
    id: i64,
    at: i64,
    status: StatusCode,
    form: FormView,
) -> Result<HttpResponse> {
    let run = payout_run::read(&app.db, treasurer.outlet.id, id).await?;
    let page = PayoutRunPage { at, form, ..view(&app.db, &run, Some(treasurer.person_id), true).await? };
    treasurer.visit.page_with(status, &app.templates, &page)
}

async fn view(db: &Db, run: &Run, reader: Option<i64>, may_act: bool) -> Result<PayoutRunPage> {
    let ids: Vec<i64> = run.payouts.iter().map(|payout| payout.id).collect();
    let iris = iris::of_payouts(db, &ids).await?;
    let line = |row: &payout::Model| Line::of(row, iris.iter().find(|one| one.payout_id == row.id), may_act);
    let decided_by = match run.run.decided_by {
        Some(id) => Some(person::get(db, id).await?.name),
        None => None,
    };
    let open = |row: &&payout::Model| matches!(row.state, Payout::Waiting | Payout::Approved);
    let (state, badge) = standing(run.run.state);
    Ok(PayoutRunPage {
        id: run.run.id,
        state,
        hint: hint(run.run.state),
        badge,
        made_by: person::get(db, run.run.made_by).await?.name,
        made_at: run.run.made_at,
        decided_by,
        decided_at: run.run.decided_at,
        reason: run.run.reason.clone(),
        total: run.total(),
        paid: run.payouts.iter().filter(|row| row.state == Payout::Paid).map(|row| row.amount).sum(),
        payouts: run.payouts.iter().map(line).collect(),
        transfers: run.payouts.iter().filter(open).filter(|row| row.way == Way::Transfer).count(),
        is_draft: run.run.state == State::Draft,
        is_own: reader == Some(run.run.made_by),
        may_act,
        at: 0,
        form: FormView::default(),
    })
}

/// `GET /kelola/bayar-perajin/{id}/daftar.csv`: the transfers that are still to be made. It holds account numbers, so
/// nobody keeps it on the way, and only those who move the money get it.
pub async fn transfers(treasurer: Treasurer, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    let run = payout_run::read(&app.db, treasurer.outlet.id, *id).await?;
    let lang = treasurer.visit.lang;
    let keys = ["payout.csv_name", "payout.csv_bank", "payout.csv_number", "payout.csv_amount", "payout.csv_note"];
    let headings = keys.map(|key| app.say(lang, &Said::new(key)));
    let note = app.say(lang, &Said::new("payout.csv_what_for"));
    let file = format!("attachment; filename=\"bayar-perajin-{}.csv\"", grouped(*id));
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_DISPOSITION, file))
        .body(transfer_list::csv(&run, headings.each_ref().map(String::as_str), &note)))
}
