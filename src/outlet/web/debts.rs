//! `/kelola/utang`: who was given something in advance, and what is left of it.
use actix_web::{HttpResponse, web::Data};
use serde::Serialize;

use super::debt::{kind_key, standing};
use crate::{
    accounts::visit::BookReader,
    app::App,
    error::Result,
    outlet::debt::{self, Standing},
    page::{self, Page, Sample},
};
use entity::{
    Rupiah, crafter,
    debt::{Kind, State},
};

#[derive(Default, Serialize)]
struct DebtsPage {
    lines: Vec<Line>,
    left: Rupiah,
    may_act: bool,
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
        vec![DebtsPage::default(), DebtsPage { lines, left: Rupiah(90_000), may_act: true }]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<DebtsPage>()
}

/// `GET /kelola/utang`
pub async fn list(reader: BookReader, app: Data<App>) -> Result<HttpResponse> {
    let open = debt::open(&app.db, reader.outlet.id).await?;
    let page = DebtsPage {
        left: open.iter().map(|(_, one)| one.rest()).sum(),
        lines: open.iter().map(|(crafter, one)| line(crafter, one)).collect(),
        may_act: reader.may_act,
    };
    reader.visit.page(&app.templates, &page)
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
