//! `/kelola/kasir/sif`: who is at which till, and how the drawers came out.
use actix_web::{HttpResponse, web::Data};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::Serialize;
use std::collections::HashMap;

use crate::{
    accounts::visit::Operator,
    app::App,
    error::Result,
    ledger::{self, Book},
    outlet::till::{
        conflict,
        shift::{self, Model},
    },
    page::{Page, Sample, samples as drawn},
};
use entity::{Rupiah, device, person};

/// So many shifts are on the page.
const MOST: u64 = 60;

#[derive(Default, Serialize)]
struct ShiftsPage {
    open: Vec<Row>,
    closed: Vec<Row>,
    odd: u64,
}

#[derive(Clone, Serialize)]
struct Row {
    id: i64,
    till: String,
    by: String,
    opened_at: DateTime<Utc>,
    closed_at: Option<DateTime<Utc>>,
    /// In the drawer now, or what was counted.
    amount: Rupiah,
    /// Too much (more than nothing) or missing.
    difference: Rupiah,
    missing: bool,
}

impl Page for ShiftsPage {
    const TEMPLATE: &'static str = "outlet/till_shifts.html";
    fn samples() -> Vec<ShiftsPage> {
        let row = |id, difference: i64| Row {
            id,
            till: "HP Bu Siti Aminah".into(),
            by: "Bu Siti Aminah".into(),
            opened_at: DateTime::<Utc>::UNIX_EPOCH,
            closed_at: Some(DateTime::<Utc>::UNIX_EPOCH),
            amount: Rupiah(412_500),
            difference: Rupiah(difference.abs()),
            missing: difference < 0,
        };
        let open = Row { closed_at: None, ..row(3, 0) };
        vec![ShiftsPage::default(), ShiftsPage { open: vec![open], closed: vec![row(2, 0), row(1, -2_000)], odd: 2 }]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    drawn::<ShiftsPage>()
}

/// `GET /kelola/kasir/sif`
pub(super) async fn list(operator: Operator, app: Data<App>) -> Result<HttpResponse> {
    let shifts = shift::list(&app.db, operator.outlet.id, MOST).await?;
    let names = Names::of(&app, &shifts).await?;
    let mut page = ShiftsPage { odd: conflict::count(&app.db, operator.outlet.id).await?, ..ShiftsPage::default() };
    for one in shifts {
        let difference = shift::difference(&one).unwrap_or_default();
        let amount = match one.counted {
            Some(counted) => counted,
            None => ledger::balance(&app.db, Book::Drawer(one.id)).await?,
        };
        let row = Row {
            id: one.id,
            till: names.till(&one),
            by: names.person(one.closed_by.unwrap_or(one.opened_by)),
            opened_at: one.opened_at,
            closed_at: one.closed_at,
            amount,
            difference: Rupiah(difference.0.abs()),
            missing: difference < Rupiah::ZERO,
        };
        if one.closed_at.is_some() { page.closed.push(row) } else { page.open.push(row) }
    }
    operator.visit.page(&app.templates, &page)
}

/// What tills and people of some shifts are called.
pub(super) struct Names {
    tills: HashMap<i64, String>,
    people: HashMap<i64, String>,
}

impl Names {
    pub(super) async fn of(app: &App, shifts: &[Model]) -> Result<Names> {
        let tills =
            device::Entity::find().filter(device::Column::Id.is_in(shifts.iter().filter_map(|one| one.device_id)));
        let people = shifts.iter().flat_map(|one| [Some(one.opened_by), one.closed_by]).flatten();
        let people = person::Entity::find().filter(person::Column::Id.is_in(people));
        Ok(Names {
            tills: tills.all(&app.db).await?.into_iter().map(|row| (row.id, row.name)).collect(),
            people: people.all(&app.db).await?.into_iter().map(|row| (row.id, row.name)).collect(),
        })
    }

    pub(super) fn till(&self, shift: &Model) -> String {
        shift.device_id.and_then(|id| self.tills.get(&id)).cloned().unwrap_or_default()
    }

    pub(super) fn person(&self, id: i64) -> String {
        self.people.get(&id).cloned().unwrap_or_default()
    }
}
