//! `/kelola/bayar-perajin`: what crafters are owed, the lists of payouts, and the wallet at Midtrans.
use actix_web::{HttpResponse, http::StatusCode, web::Data};
use chrono::{DateTime, Utc};
use sea_orm::EntityTrait;
use serde::Serialize;

use super::payout_run::standing;
use crate::{
    accounts::{
        person,
        visit::{BookReader, Treasurer, Visit},
    },
    app::App,
    db::Db,
    error::Result,
    form::FormView,
    outlet::{iris, iris_inbox, payee, payout_run, payout_wallet},
    page::{self, Page, Sample},
};
use entity::{Rupiah, outlet, payout};

/// So many unclear notices are shown.
const MOST: u64 = 20;

#[derive(Default, Serialize)]
struct PayoutRunsPage {
    outlet: String,
    others: Vec<Named>,
    owed: Rupiah,
    people: usize,
    runs: Vec<Line>,
    /// What lies free at Midtrans, where payouts may go through it.
    wallet: Option<Rupiah>,
    unclear: Vec<Unclear>,
    may_act: bool,
    form: FormView,
}

#[derive(Serialize)]
struct Named {
    id: i64,
    name: String,
}

/// One run.
#[derive(Serialize)]
struct Line {
    id: i64,
    made_at: DateTime<Utc>,
    maker: String,
    people: usize,
    total: Rupiah,
    state: &'static str,
    badge: &'static str,
}

/// A notice or an answer that fits nowhere.
#[derive(Serialize)]
pub(super) struct Unclear {
    pub id: i64,
    at: DateTime<Utc>,
    about: String,
    reason: String,
    /// The run it belongs to, where that is known.
    run_id: Option<i64>,
}

impl Page for PayoutRunsPage {
    const TEMPLATE: &'static str = "outlet/payout_runs.html";
    fn samples() -> Vec<PayoutRunsPage> {
        let line = |state, badge| Line {
            id: 7,
            made_at: DateTime::<Utc>::UNIX_EPOCH,
            maker: "Bu Siti Aminah".into(),
            people: 3,
            total: Rupiah(255_360),
            state,
            badge,
        };
        let unclear = |run_id| Unclear {
            id: 1,
            at: DateTime::<Utc>::UNIX_EPOCH,
            about: "1d4f8423393005".into(),
            reason: "it goes to another account".into(),
            run_id,
        };
        let full = PayoutRunsPage {
            outlet: "e-Warong Kemuning Lor".into(),
            others: vec![Named { id: 2, name: "e-Warong Rayap".into() }],
            owed: Rupiah(255_360),
            people: 3,
            runs: vec![line("payout.run_draft", "wait"), line("payout.run_done", "")],
            wallet: Some(Rupiah(1_000_000)),
            unclear: vec![unclear(Some(7)), unclear(None)],
            may_act: true,
            form: FormView::default(),
        };
        vec![PayoutRunsPage::default(), full]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<PayoutRunsPage>()
}

/// `GET /kelola/bayar-perajin`
pub async fn list(reader: BookReader, app: Data<App>) -> Result<HttpResponse> {
    let page = read(&app, &reader.outlet, &reader.others, reader.may_act, FormView::default()).await?;
    reader.visit.page(&app.templates, &page)
}

/// The list again, with what was refused.
pub(super) async fn draw_refused(
    treasurer: &Treasurer,
    app: &App,
    status: StatusCode,
    form: FormView,
) -> Result<HttpResponse> {
    let page = read(app, &treasurer.outlet, &treasurer.others, true, form).await?;
    let visit: &Visit = &treasurer.visit;
    visit.page_with(status, &app.templates, &page)
}

async fn read(
    app: &App,
    outlet: &outlet::Model,
    others: &[outlet::Model],
    may_act: bool,
    form: FormView,
) -> Result<PayoutRunsPage> {
    let db = &app.db;
    let owed = payee::owed(db, outlet.id).await?;
    let mut runs = Vec::new();
    for run in payout_run::list(db, outlet.id).await? {
        let (state, badge) = standing(run.run.state);
        runs.push(Line {
            id: run.run.id,
            made_at: run.run.made_at,
            maker: person::get(db, run.run.made_by).await?.name,
            people: run.payouts.len(),
            total: run.total(),
            state,
            badge,
        });
    }
    let wallet = match app.payouts {
        Some(_) => Some(payout_wallet::free(db).await?),
        None => None,
    };
    Ok(PayoutRunsPage {
        outlet: outlet.name.clone(),
        others: others.iter().map(|other| Named { id: other.id, name: other.name.clone() }).collect(),
        owed: owed.iter().map(|one| one.amount).sum(),
        people: owed.len(),
        runs,
        wallet,
        unclear: unclear(db, outlet.id).await?,
        may_act,
        form,
    })
}

/// What was set aside and is about a payout of this outlet, or about none that is known.
pub(super) async fn unclear(db: &Db, outlet_id: i64) -> Result<Vec<Unclear>> {
    let mut found = Vec::new();
    for row in iris_inbox::for_a_person(db, MOST).await? {
        let about = iris_inbox::about(&row);
        let payout = payout_of(db, &about).await?;
        if payout.as_ref().is_none_or(|payout| payout.outlet_id == outlet_id) {
            let reason = iris_inbox::reason(&row).to_owned();
            let run_id = payout.map(|payout| payout.run_id);
            found.push(Unclear { id: row.id, at: row.received_at, about, reason, run_id });
        }
    }
    Ok(found)
}

async fn payout_of(db: &Db, about: &str) -> Result<Option<payout::Model>> {
    let id = match about.strip_prefix("payout:").and_then(|id| id.parse::<i64>().ok()) {
        Some(id) => Some(id),
        None => iris::by_reference(db, about).await?.map(|iris| iris.payout_id),
    };
    match id {
        Some(id) => Ok(payout::Entity::find_by_id(id).one(db).await?),
        None => Ok(None),
    }
}
