//! `/kelola/bayar-perajin/{id}`: one run: who made it, who must approve it, and each payout to tick off.
use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web::{Data, Path},
};
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{
    debt::kind_key,
    payout_line::{Line, Taken},
    payout_tick,
};
use crate::{
    accounts::{
        crafter, person,
        visit::{BookReader, Treasurer},
    },
    app::App,
    db::Db,
    error::Result,
    form::FormView,
    locale::Said,
    outlet::{debt, iris, payout_run, payout_run::Run, transfer_list},
    page::{self, Page, Sample},
};
use entity::{
    Rupiah,
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
    /// What was set off of those who get nothing out.
    only_set_off: Vec<Taken>,
    set_off: Rupiah,
    /// Transfers that are still to be made, for the list.
    transfers: usize,
    is_draft: bool,
    /// Whether whoever decided called it off.
    is_off: bool,
    /// Whether the reader made it, and so may not approve it.
    is_own: bool,
    may_act: bool,
    /// The payout whose form was refused, 0 for the run's own.
    at: i64,
    form: FormView,
}

impl Page for PayoutRunPage {
    const TEMPLATE: &'static str = "outlet/payout_run.html";
    fn samples() -> Vec<PayoutRunPage> {
        let states = [Payout::Approved, Payout::Paid, Payout::Failed, Payout::Dropped];
        let lines = states.into_iter().flat_map(|state| {
            [Way::Transfer, Way::Cash, Way::Midtrans].into_iter().map(move |way| Line::sample(way, state))
        });
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
            only_set_off: vec![Taken::sample()],
            set_off: Rupiah(12_000),
            transfers: 1,
            is_draft: state == State::Draft,
            is_off: matches!(state, State::Withdrawn | State::Rejected),
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

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<PayoutRunPage>()
}

/// How a run stands: its words and its colour.
pub(super) fn standing(state: State) -> (&'static str, &'static str) {
    match state {
        State::Draft => ("payout.run_draft", "wait"),
        State::Approved => ("payout.run_approved", "wait"),
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
    let mut payouts: Vec<Line> = run.payouts.iter().map(line).collect();
    let taken = taken(db, run).await?;
    let of = |id| taken.iter().filter(move |(payout, _)| *payout == id).map(|(_, one)| one.clone()).collect();
    for line in &mut payouts {
        line.set_offs = of(Some(line.id));
        line.photos = payout_tick::photos(db, line.id).await?.iter().map(|photo| photo.id).collect();
    }
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
        payouts,
        only_set_off: of(None),
        set_off: taken.iter().filter(|(_, one)| !one.is_undone).map(|(_, one)| one.amount).sum(),
        transfers: run.payouts.iter().filter(open).filter(|row| row.way == Way::Transfer).count(),
        is_draft: run.run.state == State::Draft,
        is_off: matches!(run.run.state, State::Withdrawn | State::Rejected),
        is_own: reader == Some(run.run.made_by),
        may_act,
        at: 0,
        form: FormView::default(),
    })
}

/// What the run set off, with the payout it was taken from.
async fn taken(db: &Db, run: &Run) -> Result<Vec<(Option<i64>, Taken)>> {
    let mut all = Vec::new();
    for row in &run.set_offs {
        let debt = debt::read(db, run.run.outlet_id, row.debt_id).await?.debt;
        let crafter = crafter::in_outlet(db, run.run.outlet_id, debt.crafter_id).await?;
        let taken = Taken {
            debt_id: debt.id,
            name: crafter.name,
            key: kind_key(debt.kind),
            amount: row.amount,
            is_undone: row.undone_at.is_some(),
        };
        all.push((row.payout_id, taken));
    }
    Ok(all)
}

/// `GET /kelola/bayar-perajin/{id}/daftar.csv`: the transfers that are still to be made. It holds account numbers, so
/// nobody keeps it on the way, and only those who move the money get it.
pub async fn transfers(treasurer: Treasurer, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    let run = payout_run::read(&app.db, treasurer.outlet.id, *id).await?;
    let lang = treasurer.visit.lang;
    let keys = ["payout.csv_name", "payout.csv_bank", "payout.csv_number", "payout.csv_amount", "payout.csv_note"];
    let headings = keys.map(|key| app.say(lang, &Said::new(key)));
    let note = app.say(lang, &Said::new("payout.csv_what_for"));
    let file = format!("attachment; filename=\"bayar-perajin-{id}.csv\"");
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_DISPOSITION, file))
        .body(transfer_list::csv(&run, headings.each_ref().map(String::as_str), &note)))
}
