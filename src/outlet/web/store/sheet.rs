//! `/kelola/gudang/hitung/{id}`: one count: what is counted, what differs and why; and what it was once it is booked.
use std::collections::BTreeMap;

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use chrono::{DateTime, Utc};
use sea_orm::EntityTrait;
use serde::Serialize;

use super::{
    acts::{Act, perform, status_of, view},
    counts::state_key,
    goods, place_key,
};
use crate::{
    accounts::visit::Operator,
    app::App,
    error::{Error, Result},
    form::{Form, FormView, Wrong},
    locale::Said,
    outlet::{
        count::{self, Cause, Difference, Explained, State},
        store, weighed,
    },
    page::{Page, Sample, samples as samples_of},
};
use entity::{Rupiah, person, place};

#[derive(Serialize)]
struct SheetPage {
    id: i64,
    place: &'static str,
    opened_at: DateTime<Utc>,
    who: String,
    state: &'static str,
    badge: &'static str,
    is_open: bool,
    rows: Vec<Row>,
    differences: Vec<Line>,
    /// How many lines agree with the books.
    agree: usize,
    /// What all differences are worth together.
    worth: Rupiah,
    causes: Vec<(&'static str, &'static str)>,
    form: FormView,
}

/// Something to count.
#[derive(Clone, Serialize)]
struct Row {
    item_id: i64,
    name: String,
    cover: Option<String>,
    unit: &'static str,
    counted: String,
    /// Whether something was written there when the page was drawn: sent empty, it is taken off the sheet.
    is_written: bool,
    wrong: String,
    /// Whether the books have any of it here: the others are below.
    is_here: bool,
}

/// Something that differs from the books.
#[derive(Clone, Serialize)]
struct Line {
    item_id: i64,
    name: String,
    counted: String,
    books: String,
    difference: String,
    is_less: bool,
    worth: Rupiah,
    cause: String,
    words: String,
    wrong: String,
}

impl Page for SheetPage {
    const TEMPLATE: &'static str = "store/sheet.html";
    fn samples() -> Vec<SheetPage> {
        let row = Row {
            item_id: 9,
            name: "Beras medium curah".into(),
            cover: None,
            unit: "kg",
            counted: "48".into(),
            is_written: true,
            wrong: String::new(),
            is_here: true,
        };
        let other = Row {
            is_here: false,
            unit: "",
            counted: String::new(),
            is_written: false,
            wrong: "Tulis angka".into(),
            ..row.clone()
        };
        let line = Line {
            item_id: 9,
            name: "Beras medium curah".into(),
            counted: "48 kg".into(),
            books: "50 kg".into(),
            difference: "−2 kg".into(),
            is_less: true,
            worth: Rupiah(-51_715),
            cause: "mice".into(),
            words: String::new(),
            wrong: "Jelaskan selisihnya".into(),
        };
        let page = |state: State| SheetPage {
            id: 3,
            place: "store.place_shelf",
            opened_at: DateTime::UNIX_EPOCH,
            who: "Bu Siti Aminah".into(),
            state: state_key(state).0,
            badge: state_key(state).1,
            is_open: state == State::Open,
            rows: vec![row.clone(), other.clone()],
            differences: vec![line.clone()],
            agree: 4,
            worth: Rupiah(-51_715),
            causes: CAUSES.map(|(_, code, key)| (code, key)).to_vec(),
            form: FormView::default(),
        };
        let empty = SheetPage { rows: Vec::new(), differences: Vec::new(), agree: 0, ..page(State::Open) };
        vec![page(State::Open), page(State::Booked), empty]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    samples_of::<SheetPage>()
}

/// Causes with their code in the form and their words.
const CAUSES: [(Cause, &str, &str); 6] = [
    (Cause::Shrunk, "shrunk", "count.cause_shrunk"),
    (Cause::Spilled, "spilled", "count.cause_spilled"),
    (Cause::Mice, "mice", "count.cause_mice"),
    (Cause::Miscounted, "miscounted", "count.cause_miscounted"),
    (Cause::Theft, "theft", "count.cause_theft"),
    (Cause::Other, "other", "count.cause_other"),
];

fn key(cause: Cause) -> &'static str {
    CAUSES.iter().find(|(one, ..)| *one == cause).map_or("count.cause_other", |(.., key)| key)
}

/// `GET /kelola/gudang/hitung/{id}`
pub(super) async fn show(operator: Operator, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    draw(&operator, &app, *id, StatusCode::OK, None, FormView::default()).await
}

async fn draw(
    operator: &Operator,
    app: &App,
    id: i64,
    status: StatusCode,
    typed: Option<&Form>,
    form: FormView,
) -> Result<HttpResponse> {
    let outlet_id = operator.outlet.id;
    let sheet = count::read(&app.db, outlet_id, id).await?;
    let place = place::Entity::find_by_id(sheet.place_id).one(&app.db).await?.ok_or(Error::NotFound)?;
    let who = person::Entity::find_by_id(sheet.closed_by.unwrap_or(sheet.opened_by)).one(&app.db).await?;
    let goods = goods(&app.db, outlet_id).await?;
    let ids: Vec<i64> = goods.iter().map(|good| good.item.id).collect();
    let levels = store::levels(&app.db, &ids).await?;
    let all = count::differences(&app.db, &sheet).await?;
    let is_open = sheet.state == State::Open;
    let rows = goods.iter().filter(|_| is_open).map(|good| {
        let name = format!("n_{}", good.item.id);
        let known = all.iter().find(|one| one.line.item_id == good.item.id);
        let known = known.map(|one| weighed::number(one.line.counted, good.item.measure)).unwrap_or_default();
        let here = levels
            .iter()
            .any(|level| level.item_id == good.item.id && level.place_id == sheet.place_id && level.on_hand > 0);
        Row {
            item_id: good.item.id,
            name: good.name.clone(),
            cover: good.product.cover.clone(),
            unit: unit(good.item.measure),
            counted: typed.filter(|typed| typed.has(&name)).map_or(known.clone(), |typed| typed.get(&name).to_owned()),
            // What somebody else wrote meanwhile stays: who typed did not see it.
            is_written: typed
                .filter(|typed| typed.has(&name))
                .map_or(!known.is_empty(), |typed| typed.has(&written(good.item.id))),
            wrong: form.errors.get(&name).cloned().unwrap_or_default(),
            is_here: here || !known.is_empty(),
        }
    });
    let rows = rows.collect();
    let mut differences = Vec::new();
    for one in all.iter().filter(|one| one.quantity != 0) {
        let Some(good) = goods.iter().find(|good| good.item.id == one.line.item_id) else { continue };
        differences.push(line(app, operator, good, one, typed, &form));
    }
    let page = SheetPage {
        id,
        place: place_key(place.kind),
        opened_at: sheet.opened_at,
        who: who.map(|person| person.name).unwrap_or_default(),
        state: state_key(sheet.state).0,
        badge: state_key(sheet.state).1,
        is_open,
        rows,
        agree: all.iter().filter(|one| one.quantity == 0).count(),
        worth: all.iter().map(|one| one.worth).sum(),
        differences,
        causes: CAUSES.map(|(_, code, key)| (code, key)).to_vec(),
        form,
    };
    operator.visit.page_with(status, &app.templates, &page)
}

/// The field that says that something stood in another when the page was drawn.
fn written(item_id: i64) -> String {
    format!("ada_{item_id}")
}

fn unit(of: entity::item::Measure) -> &'static str {
    use entity::item::Measure;
    match of {
        Measure::Piece => "",
        Measure::Gram => "kg",
        Measure::Millilitre => "l",
    }
}

fn line(
    app: &App,
    operator: &Operator,
    good: &super::Good,
    one: &Difference,
    typed: Option<&Form>,
    form: &FormView,
) -> Line {
    let (id, measure) = (good.item.id, good.item.measure);
    let field = |name: &str| typed.map(|typed| typed.get(&format!("{name}_{id}")).to_owned());
    let booked = one.line.cause.filter(|_| one.line.difference.is_some());
    Line {
        item_id: id,
        name: good.name.clone(),
        counted: weighed::words(one.line.counted, measure),
        books: weighed::words(one.line.counted - one.quantity, measure),
        difference: weighed::words(one.quantity, measure).replace('-', "−"),
        is_less: one.quantity < 0,
        worth: one.worth,
        cause: match booked {
            Some(cause) => app.say(operator.visit.lang, &Said::new(key(cause))),
            None => field("sebab").unwrap_or_default(),
        },
        words: one.line.words.clone().or_else(|| field("kata")).unwrap_or_default(),
        wrong: form.errors.get(&format!("sebab_{id}")).cloned().unwrap_or_default(),
    }
}

/// `POST /kelola/gudang/hitung/{id}`: what was counted so far. What is left empty was not counted, and what was
/// emptied was not counted either.
pub(super) async fn write(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    count::read(&app.db, operator.outlet.id, *id).await?;
    let mut wrong = BTreeMap::new();
    let (mut counted, mut struck) = (Vec::new(), Vec::new());
    for good in goods(&app.db, operator.outlet.id).await? {
        let name = format!("n_{}", good.item.id);
        let text = form.get(&name);
        if text.is_empty() {
            if form.has(&name) && form.has(&written(good.item.id)) {
                struck.push(good.item.id);
            }
            continue;
        }
        match weighed::read(text, good.item.measure) {
            Ok(quantity) => counted.push((good.item.id, quantity)),
            Err(said) => {
                wrong.insert(name, app.say(operator.visit.lang, &said));
            }
        }
    }
    let mut again = view(&operator, &app, &form, &Wrong::default());
    if counted.is_empty() && struck.is_empty() && wrong.is_empty() {
        wrong.insert(String::new(), app.say(operator.visit.lang, &Said::new("count.nothing")));
    }
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if wrong.is_empty() {
        match perform(&operator, &app, &form, &Act::Write(*id, counted, struck)).await? {
            Ok(done) => return Ok(done),
            Err(no) => {
                status = status_of(&no);
                wrong.insert(String::new(), app.say(operator.visit.lang, &no.said));
            }
        }
    }
    again.errors.extend(wrong);
    draw(&operator, &app, *id, status, Some(&form), again).await
}

/// `POST /kelola/gudang/hitung/{id}/buku`
pub(super) async fn book(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let sheet = count::read(&app.db, operator.outlet.id, *id).await?;
    let mut explained: BTreeMap<i64, Explained> = BTreeMap::new();
    let mut again = view(&operator, &app, &form, &Wrong::default());
    let said = |key: &'static str| app.say(operator.visit.lang, &Said::new(key));
    for one in count::differences(&app.db, &sheet).await?.iter().filter(|one| one.quantity != 0) {
        let item = one.line.item_id;
        let cause = form.get(&format!("sebab_{item}"));
        let words: String = form.get(&format!("kata_{item}")).split_whitespace().collect::<Vec<_>>().join(" ");
        let words = Some(words.chars().take(200).collect::<String>()).filter(|words| !words.is_empty());
        match CAUSES.iter().find(|(_, code, _)| *code == cause).map(|(cause, ..)| *cause) {
            None => {
                again.errors.insert(format!("sebab_{item}"), said("count.choose_cause"));
            }
            Some(Cause::Other) if words.is_none() => {
                again.errors.insert(format!("sebab_{item}"), said("count.other_needs_words"));
            }
            Some(cause) => {
                explained.insert(item, (cause, words));
            }
        }
    }
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if again.errors.is_empty() || sheet.state != State::Open {
        match perform(&operator, &app, &form, &Act::Book(*id, explained)).await? {
            Ok(done) => return Ok(done),
            Err(no) => {
                status = status_of(&no);
                again.errors.insert(String::new(), app.say(operator.visit.lang, &no.said));
            }
        }
    }
    draw(&operator, &app, *id, status, Some(&form), again).await
}

/// `POST /kelola/gudang/hitung/{id}/batal`
pub(super) async fn call_off(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    match perform(&operator, &app, &form, &Act::CallOff(*id)).await? {
        Ok(done) => Ok(done),
        Err(no) => {
            let status = status_of(&no);
            let again = super::acts::refused(&operator, &app, &form, "", no);
            draw(&operator, &app, *id, status, None, again).await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_has_a_code_of_its_own() {
        let codes: std::collections::BTreeSet<_> = CAUSES.iter().map(|(_, code, _)| code).collect();
        let keys: std::collections::BTreeSet<_> = CAUSES.iter().map(|(cause, ..)| key(*cause)).collect();
        assert_eq!((codes.len(), keys.len()), (CAUSES.len(), CAUSES.len()));
    }
}
