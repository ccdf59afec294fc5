//! `/kelola/grosir`: who wants to resell, the quotes, and what else belongs to big orders.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{QuoteRow, Tap, refused, status_of};
use crate::{
    accounts::{
        person,
        visit::{Operator, done},
    },
    app::App,
    db,
    error::{Error, Result},
    form::{Form, FormView, Wrong},
    locale::Said,
    orders::{balance, order as orders},
    page::{self, Page, Sample},
    wholesale::{
        quote,
        reseller::{self, Decision, State},
    },
};
use entity::{Rupiah, order};

#[derive(Clone, Serialize)]
struct Row {
    id: i64,
    business: String,
    town: String,
    state: &'static str,
    badge: &'static str,
}

#[derive(Serialize)]
struct PartnersPage {
    outlet: String,
    /// Orders that left on agreed terms and are not paid yet.
    owing: Vec<Owing>,
    owed: Rupiah,
    resellers: Vec<Row>,
    quotes: Vec<QuoteRow>,
}

/// Who owes what, since when, and until when.
#[derive(Clone, Serialize)]
struct Owing {
    order_id: i64,
    number: String,
    buyer: String,
    owed: Rupiah,
    since: Option<DateTime<Utc>>,
    by: Option<DateTime<Utc>>,
    late: bool,
}

impl Owing {
    fn of(order: &order::Model, now: DateTime<Utc>) -> Owing {
        Owing {
            order_id: order.id,
            number: orders::number(order),
            buyer: order.buyer_name.clone(),
            owed: order.owed,
            since: order.owed_since,
            by: order.owed_by,
            late: order.owed_by.is_some_and(|by| by <= now),
        }
    }
}

#[derive(Serialize)]
struct PartnerPage {
    id: i64,
    name: String,
    phone: Option<String>,
    row: Row,
    sells: String,
    reason: Option<String>,
    asked_at: DateTime<Utc>,
    may_approve: bool,
    may_refuse: bool,
    may_suspend: bool,
    quotes: Vec<QuoteRow>,
    form: FormView,
}

impl Row {
    fn of(row: &reseller::Model) -> Row {
        let (state, badge) = match row.state {
            State::Asked => ("wholesale.reseller_asked", "urgent"),
            State::Approved => ("wholesale.reseller_approved", ""),
            State::Refused => ("wholesale.reseller_refused", "off"),
            State::Suspended => ("wholesale.reseller_suspended", "off"),
        };
        Row { id: row.id, business: row.business.clone(), town: row.town.clone(), state, badge }
    }

    fn sample() -> Row {
        Row {
            id: 1,
            business: "Toko Rimba".into(),
            town: "Samarinda, Kalimantan".into(),
            state: "wholesale.reseller_asked",
            badge: "urgent",
        }
    }
}

impl Page for PartnersPage {
    const TEMPLATE: &'static str = "wholesale/partners.html";
    fn samples() -> Vec<PartnersPage> {
        let late = Owing {
            order_id: 42,
            number: "K-2611-0042".into(),
            buyer: "Toko Rimba".into(),
            owed: Rupiah(1_252_440),
            since: Some(DateTime::UNIX_EPOCH),
            by: Some(DateTime::UNIX_EPOCH),
            late: true,
        };
        let owing = vec![late.clone(), Owing { late: false, ..late.clone() }, Owing { by: None, late: false, ..late }];
        let page = |owing, resellers, quotes| PartnersPage {
            outlet: "e-Warong Kemuning Lor".into(),
            owed: Rupiah(3_757_320),
            owing,
            resellers,
            quotes,
        };
        vec![page(owing, vec![Row::sample()], vec![QuoteRow::sample()]), page(Vec::new(), Vec::new(), Vec::new())]
    }
}

impl Page for PartnerPage {
    const TEMPLATE: &'static str = "wholesale/partner.html";
    fn samples() -> Vec<PartnerPage> {
        let page = |waits: bool| PartnerPage {
            id: 1,
            name: "Pak Made".into(),
            phone: Some("6281300000006".into()),
            row: Row::sample(),
            sells: "Alat rumah tangga".into(),
            reason: (!waits).then(|| "Belum bayar".into()),
            asked_at: DateTime::UNIX_EPOCH,
            may_approve: waits,
            may_refuse: waits,
            may_suspend: !waits,
            quotes: vec![QuoteRow::sample()],
            form: FormView::default(),
        };
        vec![page(true), page(false)]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    [page::samples::<PartnersPage>(), page::samples::<PartnerPage>()].into_iter().flatten().collect()
}

/// `GET /kelola/grosir`
pub async fn list(operator: Operator, app: Data<App>) -> Result<HttpResponse> {
    let outlet = &operator.outlet;
    let today = app.clock.today();
    let desk = |quote: &quote::Quote| QuoteRow::of(quote, format!("/kelola/penawaran/{}", quote.row.id), today);
    let owing = balance::owing(&app.db, outlet.id).await?;
    let page = PartnersPage {
        outlet: outlet.name.clone(),
        owed: owing.iter().map(|order| order.owed).sum(),
        owing: owing.iter().map(|order| Owing::of(order, app.clock.now())).collect(),
        resellers: reseller::list(&app.db, outlet.id).await?.iter().map(Row::of).collect(),
        quotes: quote::list(&app.db, outlet.id).await?.iter().map(desk).collect(),
    };
    operator.visit.page(&app.templates, &page)
}

/// `GET /kelola/grosir/mitra/{id}`
pub async fn show(operator: Operator, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    draw(&operator, &app, *id, StatusCode::OK, FormView::default()).await
}

async fn draw(operator: &Operator, app: &App, id: i64, status: StatusCode, form: FormView) -> Result<HttpResponse> {
    let row = reseller::by_id(&app.db, operator.outlet.id, id).await?;
    let somebody = person::get(&app.db, row.person_id).await?;
    let may = |decision: &Decision| reseller::next(row.state, decision).is_some();
    let today = app.clock.today();
    let quotes = quote::of_reseller(&app.db, id).await?;
    let page = PartnerPage {
        id,
        name: somebody.name,
        phone: somebody.phone,
        sells: row.sells.clone(),
        reason: row.reason.clone(),
        asked_at: row.asked_at,
        may_approve: may(&Decision::Approve),
        may_refuse: may(&Decision::Refuse(String::new())),
        may_suspend: may(&Decision::Suspend(String::new())),
        quotes: quotes
            .iter()
            .map(|quote| QuoteRow::of(quote, format!("/kelola/penawaran/{}", quote.row.id), today))
            .collect(),
        row: Row::of(&row),
        form,
    };
    operator.visit.page_with(status, &app.templates, &page)
}

/// `POST /kelola/grosir/mitra/{id}`
pub async fn decide(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let (status, wrong) = match read(&form) {
        Err(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
        Ok(decision) => match carry_out(&operator, &app, *id, &form, &decision).await {
            Err(Error::Refused(refusal)) => (status_of(&refusal), Wrong::refusal("", refusal)),
            answer => return answer,
        },
    };
    let view = refused(&operator.visit, &app, &form, &wrong);
    draw(&operator, &app, *id, status, view).await
}

fn read(form: &Form) -> Result<Decision, Wrong> {
    if form.has("setuju") {
        return Ok(Decision::Approve);
    }
    let mut read = form.read();
    let reason = read.text("alasan", 300);
    let decision = if form.has("tolak") { Decision::Refuse(reason) } else { Decision::Suspend(reason) };
    if !form.has("tolak") && !form.has("tunda") {
        read.refuse("", Said::new("form.choose"));
    }
    read.done(decision)
}

async fn carry_out(operator: &Operator, app: &App, id: i64, form: &Form, decision: &Decision) -> Result<HttpResponse> {
    let url = format!("/kelola/grosir/mitra/{id}");
    let tap = Tap::of(format!("partner {id}"), form);
    let tx = db::begin(&app.db).await?;
    if let Some(answer) = tap.before(&tx).await? {
        return Ok(answer);
    }
    reseller::decide(&tx, &app.clock, &operator.outlet, id, decision, operator.person_id).await?;
    tap.keep(&tx, &app.clock, &url).await?;
    tx.commit().await?;
    Ok(done(&url, "wholesale.decided"))
}
