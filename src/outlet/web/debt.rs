//! `/kelola/utang/{id}`: one debt: what was given, by whom, what is left, and how it is paid back.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{
    accounts::{
        crafter, person,
        visit::{BookReader, Treasurer},
    },
    app::App,
    error::Result,
    form::{Form, FormView},
    outlet::{
        debt::{self, Standing},
        repayment,
    },
    page::{self, Page, Sample},
};
use entity::{
    Rupiah,
    debt::{Kind, Source, State},
};

#[derive(Clone, Serialize)]
struct DebtPage {
    id: i64,
    crafter_id: i64,
    name: String,
    kind: &'static str,
    source: &'static str,
    reason: String,
    amount: Rupiah,
    rest: Rupiah,
    part: i64,
    most: Option<Rupiah>,
    state: &'static str,
    badge: &'static str,
    asked_by: String,
    asked_at: DateTime<Utc>,
    decided_by: Option<String>,
    decided_at: Option<DateTime<Utc>>,
    note: Option<String>,
    repayments: Vec<Repaid>,
    is_asked: bool,
    is_given: bool,
    /// Whether the reader asked for it, and so may not give it.
    is_own: bool,
    /// Nothing was paid back yet.
    can_undo: bool,
    may_act: bool,
    /// The form that was refused.
    at: &'static str,
    form: FormView,
}

#[derive(Clone, Serialize)]
struct Repaid {
    amount: Rupiah,
    at: DateTime<Utc>,
    run_id: Option<i64>,
    is_undone: bool,
}

impl Page for DebtPage {
    const TEMPLATE: &'static str = "outlet/debt.html";
    fn samples() -> Vec<DebtPage> {
        let repaid =
            |run_id, is_undone| Repaid { amount: Rupiah(6_000), at: DateTime::<Utc>::UNIX_EPOCH, run_id, is_undone };
        let page = |state| DebtPage {
            id: 3,
            crafter_id: 1,
            name: "Bu Sati".into(),
            kind: kind_key(Kind::Material),
            source: source_key(Source::Stock),
            reason: "40 batang bambu apus".into(),
            amount: Rupiah(150_000),
            rest: Rupiah(144_000),
            part: 4,
            most: Some(Rupiah(25_000)),
            state: standing(state).0,
            badge: standing(state).1,
            asked_by: "Bu Siti Aminah".into(),
            asked_at: DateTime::<Utc>::UNIX_EPOCH,
            decided_by: Some("Mas Rizal".into()),
            decided_at: Some(DateTime::<Utc>::UNIX_EPOCH),
            note: Some("salah orang".into()),
            repayments: vec![repaid(Some(7), false), repaid(None, false), repaid(Some(6), true)],
            is_asked: state == State::Asked,
            is_given: state == State::Given,
            is_own: true,
            can_undo: true,
            may_act: true,
            at: "",
            form: FormView::default(),
        };
        let checker = DebtPage { is_own: false, most: None, ..page(State::Asked) };
        let states = [State::Asked, State::Given, State::Refused, State::Undone];
        states.into_iter().map(page).chain([checker]).collect()
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<DebtPage>()
}

/// The words of a kind.
pub(crate) fn kind_key(kind: Kind) -> &'static str {
    match kind {
        Kind::Material => "debt.material",
        Kind::Cash => "debt.loan",
    }
}

/// The words of what it was given out of.
pub(super) fn source_key(source: Source) -> &'static str {
    match source {
        Source::Cash => "debt.from_cash",
        Source::Bank => "debt.from_bank",
        Source::Stock => "debt.from_stock",
    }
}

/// How a debt stands: its words and its colour.
pub(super) fn standing(state: State) -> (&'static str, &'static str) {
    match state {
        State::Asked => ("debt.asked", "wait"),
        State::Given => ("debt.given", ""),
        State::Refused => ("debt.refused", "off"),
        State::Undone => ("debt.undone", "off"),
    }
}

/// `GET /kelola/utang/{id}`
pub async fn show(reader: BookReader, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    let one = debt::read(&app.db, reader.outlet.id, *id).await?;
    let most = one.debt.most_per_payout.map(|most| crate::locale::grouped(most.0)).unwrap_or_default();
    let form = FormView::blank(&Form::of([("paling_banyak", most)]));
    let page = view(&app, &one, reader.person_id, reader.may_act, ("", form)).await?;
    reader.visit.page(&app.templates, &page)
}

/// The page again, with what was refused in the form `at`.
pub(super) async fn draw_refused(
    treasurer: &Treasurer,
    app: &App,
    id: i64,
    status: StatusCode,
    refused: (&'static str, FormView),
) -> Result<HttpResponse> {
    let one = debt::read(&app.db, treasurer.outlet.id, id).await?;
    let page = view(app, &one, treasurer.person_id, true, refused).await?;
    treasurer.visit.page_with(status, &app.templates, &page)
}

async fn view(
    app: &App,
    one: &Standing,
    reader: i64,
    may_act: bool,
    (at, form): (&'static str, FormView),
) -> Result<DebtPage> {
    let (db, debt) = (&app.db, &one.debt);
    let (state, badge) = standing(debt.state);
    let decided_by = match debt.decided_by {
        Some(id) => Some(person::get(db, id).await?.name),
        None => None,
    };
    let repayments = repayment::of_debt(db, debt.id).await?;
    Ok(DebtPage {
        id: debt.id,
        crafter_id: debt.crafter_id,
        name: crafter::in_outlet(db, debt.outlet_id, debt.crafter_id).await?.name,
        kind: kind_key(debt.kind),
        source: source_key(debt.source),
        reason: debt.reason.clone(),
        amount: debt.amount,
        rest: one.rest(),
        part: one.paid_back.0 * 100 / debt.amount.0.max(1),
        most: debt.most_per_payout,
        state,
        badge,
        asked_by: person::get(db, debt.asked_by).await?.name,
        asked_at: debt.asked_at,
        decided_by,
        decided_at: debt.decided_at,
        note: debt.note.clone(),
        can_undo: debt.state == State::Given && one.paid_back == Rupiah::ZERO,
        repayments: repayments
            .iter()
            .map(|row| Repaid {
                amount: row.amount,
                at: row.at,
                run_id: row.run_id,
                is_undone: row.undone_at.is_some(),
            })
            .collect(),
        is_asked: debt.state == State::Asked,
        is_given: debt.state == State::Given,
        is_own: reader == debt.asked_by,
        may_act,
        at,
        form,
    })
}
