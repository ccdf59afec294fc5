//! `/kelola/pesanan/{id}/borongan`: how pieces of an order would be shared out, for the operator to change and offer.
use std::collections::HashMap;

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path, Query},
};
use chrono::{Days, NaiveDate};
use serde::Serialize;

use super::commission_view::{OrderView, cover_of, people_of, typed};
use crate::{
    accounts::visit::Operator,
    app::App,
    db,
    error::{Error, Result},
    form::{self, Form, FormView, Wrong, whole_number},
    locale::Said,
    once,
    orders::docket::Docket,
    page::{self, Page, Sample, see_other},
    wholesale::{
        commission::{New, makers_price, name_of, of_order, to_share},
        round::{self, Proposal},
    },
};
use entity::{Rupiah, order_line};

/// How long a household may take for its answer, in hours; the second is proposed.
const HOURS: [i64; 4] = [6, 24, 48, 72];

#[derive(Serialize)]
struct ProposePage {
    order: OrderView,
    /// Other lines of the order that have pieces to be made.
    others: Vec<Other>,
    line_id: i64,
    goods: String,
    cover: Option<String>,
    to_make: i64,
    unit_price: Rupiah,
    households: Vec<Household>,
    shared: i64,
    missing: i64,
    possible_on: Option<NaiveDate>,
    /// Later than the buyer was promised.
    too_late: bool,
    hours: [i64; 4],
    form: FormView,
}

#[derive(Clone, Serialize)]
struct Other {
    line_id: i64,
    goods: String,
    pieces: i64,
}

#[derive(Clone, Serialize)]
struct Household {
    id: i64,
    name: String,
    dusun: String,
    face: Option<String>,
    room: i64,
    pieces: String,
    wrong: String,
}

impl Page for ProposePage {
    const TEMPLATE: &'static str = "wholesale/propose.html";
    fn samples() -> Vec<ProposePage> {
        let sati = Household {
            id: 1,
            name: "Bu Sati".into(),
            dusun: "Krajan".into(),
            face: Some("p0123456789abcdef0123".into()),
            room: 28,
            pieces: "28".into(),
            wrong: "Paling banyak 28.".into(),
        };
        let marsuki = Household { face: None, wrong: String::new(), ..sati.clone() };
        let page = |households, missing, form| ProposePage {
            order: OrderView::sample(),
            others: vec![Other { line_id: 2, goods: "Kurungan ayam".into(), pieces: 60 }],
            line_id: 1,
            goods: "Keranjang sampah anyam, Besar".into(),
            cover: Some("p0123456789abcdef0123".into()),
            to_make: 300,
            unit_price: Rupiah(28_000),
            households,
            shared: 270,
            missing,
            possible_on: Some(NaiveDate::default()),
            too_late: missing > 0,
            hours: HOURS,
            form,
        };
        let known = [("buah", "300"), ("tanggal", "2026-12-14"), ("harga", "21.280"), ("jam", "24")];
        let form = FormView::blank(&Form::of(known));
        vec![page(vec![sati, marsuki], 30, form.clone()), page(Vec::new(), 300, form)]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<ProposePage>()
}

/// What is wished, as far as it can be read.
struct Wish {
    new: New,
    wrong: Wrong,
}

/// What is missing is filled with what is usual: all of it, in time, at the maker's share of the price.
fn fill(form: &mut Form, line: &order_line::Model, left: i64, usual: NaiveDate) {
    for (name, value) in [
        ("baris", line.id.to_string()),
        ("buah", typed(left)),
        ("tanggal", usual.to_string()),
        ("harga", typed(makers_price(line).0)),
        ("jam", HOURS[1].to_string()),
    ] {
        if form.get(name).is_empty() {
            form.set(name, value);
        }
    }
}

fn read(form: &Form, line: &order_line::Model, left: i64, today: NaiveDate) -> Wish {
    let mut reader = form.read();
    let pieces = reader.number("buah", 1, left.max(1));
    let price = reader.rupiah("harga", 1, line.unit_price.0);
    let due_on = reader.choice("tanggal", form::day).unwrap_or(today);
    if due_on <= today {
        reader.refuse("tanggal", Said::new("commission.due_later"));
    }
    let hours = reader.choice("jam", |text| text.parse::<i64>().ok().filter(|hours| HOURS.contains(hours)));
    let new = New { line_id: line.id, pieces, price, due_on, answer_hours: hours.unwrap_or(HOURS[1]) };
    Wish { new, wrong: reader.done(()).err().unwrap_or_default() }
}

/// `GET /kelola/pesanan/{id}/borongan`
pub async fn show(
    operator: Operator,
    id: Path<i64>,
    asked: Query<HashMap<String, String>>,
    app: Data<App>,
) -> Result<HttpResponse> {
    let form = Form::of(asked.into_inner());
    draw(&operator, &app, *id, StatusCode::OK, form, Wrong::default()).await
}

/// The line that is meant: the one that was named, or the first with anything to be shared out.
fn line_of<'a>(docket: &'a Docket, lefts: &HashMap<i64, i64>, form: &Form) -> Result<&'a order_line::Model> {
    match form.get("baris").parse::<i64>() {
        Ok(id) => docket.line(id),
        Err(_) => {
            let has_some = |line: &&order_line::Model| lefts.get(&line.id).is_some_and(|left| *left > 0);
            docket.lines.iter().find(has_some).or(docket.lines.first()).ok_or(Error::NotFound)
        }
    }
}

/// The page with a proposal for what is wished, or as it was typed when that was refused.
async fn draw(
    operator: &Operator,
    app: &App,
    id: i64,
    status: StatusCode,
    mut form: Form,
    mut wrong: Wrong,
) -> Result<HttpResponse> {
    let docket = Docket::read(&app.db, operator.outlet.id, id).await?;
    let commissions = of_order(&app.db, id).await?;
    let left = |line: &order_line::Model| (line.id, to_share(line, &commissions));
    let lefts: HashMap<i64, i64> = docket.lines.iter().map(left).collect();
    let line = line_of(&docket, &lefts, &form)?;
    let to_make = lefts.get(&line.id).copied().unwrap_or(0);
    let today = app.clock.today();
    let asked_for = form.has("jam");
    fill(&mut form, line, to_make, usual_day(app, &docket, line, to_make).await?);
    let wish = read(&form, line, to_make, today);
    if asked_for {
        wish.wrong.0.into_iter().for_each(|(name, said)| {
            wrong.0.entry(name).or_insert(said);
        });
    }
    let proposal = round::propose(&app.db, &app.clock, line, wish.new.pieces, wish.new.due_on).await?;
    let view = FormView::new(&form, &wrong, app.templates.words(), operator.visit.lang);
    let households = households(app, operator, &proposal, &form).await?;
    let other = |line: &order_line::Model| {
        let pieces = lefts.get(&line.id).copied().unwrap_or(0);
        Other { line_id: line.id, goods: name_of(line), pieces }
    };
    let page = ProposePage {
        order: OrderView::of(&docket.order),
        others: docket.lines.iter().filter(|one| one.id != line.id).map(other).filter(|one| one.pieces > 0).collect(),
        line_id: line.id,
        goods: name_of(line),
        cover: cover_of(&app.db, line.item_id).await?,
        to_make,
        unit_price: line.unit_price,
        shared: proposal.split.shares.iter().map(|(_, pieces)| pieces).sum(),
        households,
        missing: proposal.split.missing,
        possible_on: proposal.possible_on,
        too_late: docket.order.ready_on.is_some_and(|day| wish.new.due_on > day),
        hours: HOURS,
        form: view,
    };
    operator.visit.page_with(status, &app.templates, &page)
}

/// The day that was promised to the buyer; else the first by which all of it can be made.
async fn usual_day(app: &App, docket: &Docket, line: &order_line::Model, pieces: i64) -> Result<NaiveDate> {
    let today = app.clock.today();
    let tomorrow = today.checked_add_days(Days::new(1)).unwrap_or(today);
    if let Some(day) = docket.order.ready_on.filter(|day| *day >= tomorrow) {
        return Ok(day);
    }
    let possible = round::propose(&app.db, &app.clock, line, pieces, today).await?.possible_on;
    Ok(possible.unwrap_or(tomorrow).max(tomorrow))
}

async fn households(app: &App, operator: &Operator, proposal: &Proposal, form: &Form) -> Result<Vec<Household>> {
    let people = people_of(&app.db, proposal.split.shares.iter().map(|(id, _)| *id)).await?;
    let household = |(id, pieces): &(i64, i64)| {
        let (crafter, _) = people.get(id)?;
        let room = proposal.rooms.get(id).copied().unwrap_or(0);
        let field = field(*id);
        let shown = if form.has(&field) { form.get(&field).to_owned() } else { typed(*pieces) };
        let too_many = whole_number(&shown).filter(|_| !shown.is_empty()).is_none_or(|n| n > room) && !shown.is_empty();
        let wrong = Said::new("commission.above_capacity").with("name", crafter.name.as_str()).with("n", room);
        Some(Household {
            id: *id,
            name: crafter.name.clone(),
            dusun: crafter.dusun.clone(),
            face: crafter.face.clone(),
            room,
            pieces: shown,
            wrong: if too_many { app.say(operator.visit.lang, &wrong) } else { String::new() },
        })
    };
    let mut all: Vec<Household> = proposal.split.shares.iter().filter_map(household).collect();
    all.sort_by_key(|household| (household.room == 0, household.name.clone()));
    Ok(all)
}

fn field(crafter_id: i64) -> String {
    format!("untuk_{crafter_id}")
}

/// `POST /kelola/pesanan/{id}/borongan`
pub async fn begin(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let invalid = StatusCode::UNPROCESSABLE_ENTITY;
    let docket = Docket::read(&app.db, operator.outlet.id, *id).await?;
    let left = |line: &order_line::Model| (line.id, line.to_make);
    let line = line_of(&docket, &docket.lines.iter().map(left).collect(), &form)?;
    let wish = read(&form, line, line.quantity, app.clock.today());
    let mut shares = Vec::new();
    for (name, text) in form.pairs().filter(|(_, text)| !text.is_empty()) {
        let Some(Ok(crafter)) = name.strip_prefix("untuk_").map(str::parse::<i64>) else { continue };
        let Some(pieces) = whole_number(text) else {
            return draw(&operator, &app, *id, invalid, form.clone(), look_below()).await;
        };
        shares.push((crafter, pieces));
    }
    if wish.wrong != Wrong::default() {
        return draw(&operator, &app, *id, invalid, form, wish.wrong).await;
    }
    match share_out(&operator, &app, *id, &form, &wish.new, &shares).await {
        Err(Error::Refused(refusal)) => {
            let status = actix_web::ResponseError::status_code(&Error::Refused(refusal.clone()));
            draw(&operator, &app, *id, status, form, Wrong::refusal("", refusal)).await
        }
        done => done,
    }
}

fn look_below() -> Wrong {
    Wrong::field("", Said::new("form.look_below"))
}

async fn share_out(
    operator: &Operator,
    app: &App,
    id: i64,
    form: &Form,
    new: &New,
    shares: &[(i64, i64)],
) -> Result<HttpResponse> {
    let tx = db::begin(&app.db).await?;
    let docket = Docket::lock(&tx, operator.outlet.id, id).await?;
    let scope = format!("commission of order {id}");
    let hash = form.content_hash();
    if let Some(key) = form.request_key()
        && let Some(answer) = once::answered(&tx, &scope, key, &hash).await?
    {
        return Ok(see_other(&answer));
    }
    let begun = round::begin(&tx, &app.clock, &docket, new, shares, operator.person_id).await?;
    let answer = format!("/kelola/borongan/{}", begun.row.id);
    if let Some(key) = form.request_key() {
        once::remember(&tx, &app.clock, &scope, key, &hash, &answer).await?;
    }
    tx.commit().await?;
    Ok(see_other(&answer))
}
