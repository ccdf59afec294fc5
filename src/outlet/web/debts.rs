//! `/kelola/utang`: who was given something in advance, and what is left of it.
use actix_web::{HttpResponse, http::StatusCode, web::Data};
use serde::Serialize;

use super::debt::{kind_key, standing};
use crate::{
    accounts::visit::{BookReader, Treasurer},
    app::App,
    error::Result,
    form::{Form, FormView},
    outlet::debt::{self, Standing},
    page::{self, Page, Sample},
};
use entity::{
    Rupiah, crafter,
    debt::{Kind, State},
    outlet,
};

#[derive(Default, Serialize)]
struct DebtsPage {
    lines: Vec<Line>,
    left: Rupiah,
    /// The most that one crafter may owe at once.
    limit: Rupiah,
    may_act: bool,
    form: FormView,
}

#[derive(Clone, Serialize)]
struct Line {
    id: i64,
    name: String,
    face: Option<String>,
    kind: &'static str,
    reason: String,
    amount: Rupiah,
    rest: Rupiah,
    /// Hundredths of what was given that are paid back.
    part: i64,
    state: &'static str,
    badge: &'static str,
    is_asked: bool,
}

impl Page for DebtsPage {
    const TEMPLATE: &'static str = "outlet/debts.html";
    fn samples() -> Vec<DebtsPage> {
        let line = |state, is_asked| Line {
            id: 3,
            name: "Bu Sati".into(),
            face: None,
            kind: kind_key(Kind::Material),
            reason: "40 batang bambu apus".into(),
            amount: Rupiah(150_000),
            rest: Rupiah(90_000),
            part: 40,
            state: standing(state).0,
            badge: standing(state).1,
            is_asked,
        };
        let lines = vec![line(State::Given, false), line(State::Asked, true)];
        let full = DebtsPage {
            lines,
            left: Rupiah(90_000),
            limit: Rupiah(1_000_000),
            may_act: true,
            form: FormView::default(),
        };
        vec![DebtsPage::default(), full]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<DebtsPage>()
}

/// `GET /kelola/utang`
pub async fn list(reader: BookReader, app: Data<App>) -> Result<HttpResponse> {
    let form = FormView::blank(&Form::of([("batas", crate::locale::grouped(reader.outlet.advance_max.0))]));
    let page = page(&app, &reader.outlet, reader.may_act, form).await?;
    reader.visit.page(&app.templates, &page)
}

/// The page again, with a limit that cannot be.
pub(super) async fn draw_refused(treasurer: &Treasurer, app: &App, form: FormView) -> Result<HttpResponse> {
    let page = page(app, &treasurer.outlet, true, form).await?;
    treasurer.visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &app.templates, &page)
}

async fn page(app: &App, outlet: &outlet::Model, may_act: bool, form: FormView) -> Result<DebtsPage> {
    let open = debt::open(&app.db, outlet.id).await?;
    Ok(DebtsPage {
        left: open.iter().map(|(_, one)| one.rest()).sum(),
        lines: open.iter().map(|(crafter, one)| line(crafter, one)).collect(),
        limit: outlet.advance_max,
        may_act,
        form,
    })
}

fn line(crafter: &crafter::Model, one: &Standing) -> Line {
    let (state, badge) = standing(one.debt.state);
    Line {
        id: one.debt.id,
        name: crafter.name.clone(),
        face: crafter.face.clone(),
        kind: kind_key(one.debt.kind),
        reason: one.debt.reason.clone(),
        amount: one.debt.amount,
        rest: one.rest(),
        part: one.paid_back.0 * 100 / one.debt.amount.0.max(1),
        state,
        badge,
        is_asked: one.debt.state == State::Asked,
    }
}
