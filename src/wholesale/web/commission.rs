//! `/kelola/borongan/{id}`: how far each household is, who has not answered, what is missing, and the messages to send.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use chrono::NaiveDate;
use serde::Serialize;

use super::commission_view::{Household, OrderView, Progress, cover_of, households, people_of, reason};
use crate::{
    accounts::visit::Operator,
    app::App,
    catalogue::capacity,
    error::Result,
    form::FormView,
    page::{self, Page, Sample},
    wholesale::{
        commission::Commission,
        round::{self, days_until},
    },
};
use entity::Rupiah;

#[derive(Serialize)]
struct CommissionPage {
    id: i64,
    order: OrderView,
    bar: Progress,
    cover: Option<String>,
    price: Rupiah,
    answer_hours: i64,
    households: Vec<Household>,
    missing: i64,
    possible_on: Option<NaiveDate>,
    /// Households with room that the operator may ask by hand.
    free: Vec<Free>,
    why_over: String,
    form: FormView,
}

/// A household that has room.
#[derive(Clone, Serialize)]
struct Free {
    crafter_id: i64,
    name: String,
    room: i64,
}

impl Page for CommissionPage {
    const TEMPLATE: &'static str = "wholesale/commission.html";
    fn samples() -> Vec<CommissionPage> {
        let page = |bar, missing, form| CommissionPage {
            id: 7,
            order: OrderView::sample(),
            bar,
            cover: Some("p0123456789abcdef0123".into()),
            price: Rupiah(21_280),
            answer_hours: 24,
            households: vec![Household::sample(), Household { phone: None, whatsapp: None, ..Household::sample() }],
            missing,
            possible_on: Some(NaiveDate::default()),
            free: vec![Free { crafter_id: 4, name: "Pak Marsuki".into(), room: 14 }],
            why_over: "Pesanan dibatalkan.".into(),
            form,
        };
        let mut refused = FormView::default();
        refused.errors.insert(String::new(), "Penawaran ini sudah dijawab.".into());
        let over = Progress { is_over: true, ..Progress::sample() };
        vec![page(Progress::sample(), 30, FormView::default()), page(over, 0, refused)]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<CommissionPage>()
}

/// `GET /kelola/borongan/{id}`
pub async fn show(operator: Operator, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    draw(&operator, &app, *id, StatusCode::OK, FormView::default()).await
}

/// The page, with the sentence of an act that was refused.
pub(super) async fn draw(
    operator: &Operator,
    app: &App,
    id: i64,
    status: StatusCode,
    form: FormView,
) -> Result<HttpResponse> {
    let commission = Commission::read(&app.db, operator.outlet.id, id).await?;
    let lang = operator.visit.lang;
    let missing = round::missing(&app.db, &app.clock, &commission).await?;
    let page = CommissionPage {
        id,
        order: OrderView::of(&commission.order),
        bar: Progress::of(&commission),
        cover: cover_of(&app.db, commission.row.item_id).await?,
        price: commission.row.price,
        answer_hours: commission.row.answer_hours,
        households: households(app, lang, &commission).await?,
        missing: missing.map_or(0, |missing| missing.pieces),
        possible_on: missing.and_then(|missing| missing.possible_on),
        free: free(app, &commission).await?,
        why_over: reason(app.templates.words(), lang, commission.row.close_reason.as_deref()),
        form,
    };
    operator.visit.page_with(status, &app.templates, &page)
}

async fn free(app: &App, commission: &Commission) -> Result<Vec<Free>> {
    if commission.is_over() || commission.open() == 0 {
        return Ok(Vec::new());
    }
    let pool = capacity::pool(&app.db, commission.row.item_id).await?;
    let days = days_until(app.clock.today(), commission.row.due_on);
    let rooms: Vec<(i64, i64)> =
        pool.makers.iter().filter_map(|maker| Some((maker.crafter_id?, maker.room(days)))).collect();
    let people = people_of(&app.db, rooms.iter().map(|(id, _)| *id)).await?;
    let free = |(id, room): &(i64, i64)| {
        let (crafter, _) = people.get(id)?;
        (*room > 0).then(|| Free { crafter_id: *id, name: crafter.name.clone(), room: *room })
    };
    Ok(rooms.iter().filter_map(free).collect())
}
