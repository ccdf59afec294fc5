//! Kind `intake`: goods were handed in.
use entity::{
    Rupiah, assignment, commission, crafter, item, lot::Terms, order, person, photo::Subject, product, product::Unit,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Value, json};

use super::kinds::{Case, Fact, Other, Story};
use crate::{
    app::App,
    collection::{
        amount,
        intake::{self, Entered, Model, NewIntake},
    },
    db::Tx,
    error::{Error, Refusal, Result},
    form::{Form, Wrong},
    locale::Said,
    outlet::{device_event, device_event::Outcome},
    stock,
    wholesale::assignment as assignments,
};

/// Takes the goods in. What looks like a hand-over that another phone or a page has told already waits for a person; on
/// one phone the same twice was asked about before it was saved.
pub(super) async fn carry_out(tx: &Tx, app: &App, case: &Case<'_>) -> Result<Outcome> {
    let new = match read(case.body)? {
        Ok(new) => new,
        Err(wrong) => return Ok(no(wrong)),
    };
    let source_key = source_key(case.event_id);
    if let Some(part) = new.assignment_id {
        let expected = assignments::expect(tx, case.outlet.id, new.crafter_id, new.item_id, part).await;
        expected.map_err(|e| match e {
            Error::NotFound => Refusal::invalid("device.no_such_task").into(),
            e => e,
        })?;
    }
    let Some(locked) = intake::lock(tx, &app.clock, case.outlet.id, new.item_id).await? else {
        return Ok(no(Wrong::field("item_id", Said::new("intake.no_such_goods"))));
    };
    if case.agreed_by.is_none()
        && let Some(twin) = twin(tx, case, &source_key, &new).await?
    {
        let said = Said::new("device.held_double");
        let said = said.with("what", goods(tx, twin.item_id).await?.0).with("name", maker(tx, twin.crafter_id).await?);
        return Ok(Outcome::Held(said, json!({ "twin": twin.id })));
    }
    let entered = Entered { outlet: case.outlet, person_id: case.person_id, at: case.at, source_key: &source_key };
    match intake::accept_locked(tx, &app.clock, entered, &new, &locked).await? {
        Ok(accepted) => {
            if accepted.first {
                assignments::delivered(tx, &app.clock, &accepted.intake).await?;
            }
            Ok(Outcome::Accepted(answer(&accepted.intake)))
        }
        Err(wrong) => Ok(no(wrong)),
    }
}

fn source_key(event_id: &str) -> String {
    format!("event:{event_id}")
}

/// What the phone is told of goods that were taken in.
fn answer(intake: &Model) -> Value {
    json!({ "id": intake.id, "number": intake.number, "url": format!("/kelola/setoran/{}", intake.id),
        "receipt": intake::receipt_url(intake) })
}

/// The fields of an event are those of the form, under the same names.
fn read(body: &str) -> Result<Result<NewIntake, Wrong>> {
    let not_understood = || Refusal::invalid("device.event_not_understood");
    let body: Value = serde_json::from_str(body).map_err(|_| not_understood())?;
    let fields = body.as_object().ok_or_else(not_understood)?;
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    };
    let form = Form::of(fields.iter().filter_map(|(name, value)| Some((name.clone(), text(value)?))));
    Ok(intake::parse(&form))
}

/// Everything that is wrong with it: nothing was written then.
fn no(wrong: Wrong) -> Outcome {
    Outcome::Refused(wrong.0.into_iter().map(|(name, said)| (name.to_owned(), said)).collect())
}

/// What looks the same and came from elsewhere.
async fn twin(tx: &Tx, case: &Case<'_>, source_key: &str, new: &NewIntake) -> Result<Option<Model>> {
    let Some(twin) = intake::twin(tx, case.outlet.id, case.at, source_key, new).await? else { return Ok(None) };
    let Some(told) = twin.source_key.strip_prefix("event:") else { return Ok(Some(twin)) };
    let told = device_event::known(tx, &[told]).await?.into_values().next();
    // An event that is not written down yet is of this very batch.
    let is_of_another = told.is_some_and(|told| told.device_id != case.device_id);
    Ok(is_of_another.then_some(twin))
}

/// The hand-over that an event became, whose picture its photo is.
pub(super) fn pictured(event: &device_event::Model) -> Option<(Subject, i64)> {
    let id = event.answer.as_ref()?.get("id")?.as_i64()?;
    Some((Subject::Intake, id))
}

/// Locks the orders that goods were made for, their commissions, and the stock of all goods, each in the order of ids.
pub(super) async fn lock_ahead(tx: &Tx, bodies: Vec<&str>) -> Result<()> {
    let new: Vec<NewIntake> = bodies.into_iter().filter_map(|body| read(body).ok()?.ok()).collect();
    let parts: Vec<i64> = new.iter().filter_map(|new| new.assignment_id).collect();
    if !parts.is_empty() {
        let parts = assignment::Entity::find().filter(assignment::Column::Id.is_in(parts)).all(tx).await?;
        let ids: Vec<i64> = parts.iter().map(|part| part.commission_id).collect();
        let wholes = commission::Entity::find().filter(commission::Column::Id.is_in(ids.iter().copied()));
        let orders = wholes.clone().all(tx).await?.into_iter().map(|whole| whole.order_id);
        let orders = order::Entity::find().filter(order::Column::Id.is_in(orders)).order_by_asc(order::Column::Id);
        orders.lock_exclusive().all(tx).await?;
        wholes.order_by_asc(commission::Column::Id).lock_exclusive().all(tx).await?;
    }
    let goods: Vec<i64> = new.iter().map(|new| new.item_id).collect();
    if !goods.is_empty() {
        stock::lock(tx, &goods).await?;
    }
    Ok(())
}

/// Tells a held hand-over beside the one it may be.
pub(super) async fn story(db: &impl ConnectionTrait, event: &device_event::Model) -> Result<Story> {
    let Ok(Ok(new)) = read(&event.body) else {
        return Ok(Story { facts: vec![Fact { key: "device.fact_body", text: event.body.clone() }], other: None });
    };
    let (what, unit) = goods(db, new.item_id).await?;
    let counts = [new.grade_a, new.grade_b, new.rejected].map(|amount| amount.of(unit).unwrap_or_default());
    let facts = facts(maker(db, new.crafter_id).await?, what, unit, counts, (new.terms, new.cost));
    let twin = event.answer.as_ref().and_then(|help| help.get("twin")?.as_i64());
    let other = match twin {
        Some(id) => other(db, event.outlet_id, id).await?,
        None => None,
    };
    Ok(Story { facts, other })
}

async fn other(db: &impl ConnectionTrait, outlet_id: i64, id: i64) -> Result<Option<Other>> {
    let twin = match intake::read(db, outlet_id, id).await {
        Ok(twin) => twin,
        Err(Error::NotFound) => return Ok(None),
        Err(e) => return Err(e),
    };
    let (what, unit) = goods(db, twin.item_id).await?;
    let counts = [twin.grade_a, twin.grade_b, twin.rejected];
    let by = person::Entity::find_by_id(twin.person_id).one(db).await?;
    Ok(Some(Other {
        url: format!("/kelola/setoran/{id}"),
        by: by.map(|person| person.name).unwrap_or_default(),
        at: twin.taken_at,
        facts: facts(maker(db, twin.crafter_id).await?, what, unit, counts, (twin.terms, twin.cost)),
        number: twin.number,
    }))
}

fn facts(
    maker: String,
    what: String,
    unit: Unit,
    [a, b, rejected]: [i64; 3],
    (terms, cost): (Terms, Rupiah),
) -> Vec<Fact> {
    let unit_name = if unit == Unit::SquareMetre { " m²" } else { "" };
    let of = |grade: &str, n: i64| (n > 0).then(|| format!("{grade} {}{unit_name}", amount::written(unit, n)));
    let amounts = [of("A", a), of("B", b), of("×", rejected)].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let mut facts = vec![
        Fact { key: "device.fact_crafter", text: maker },
        Fact { key: "device.fact_goods", text: what },
        Fact { key: "device.fact_amount", text: amounts },
    ];
    if terms == Terms::Bought {
        facts.push(Fact { key: "device.fact_cost", text: cost.to_string() });
    }
    facts
}

async fn maker(db: &impl ConnectionTrait, id: i64) -> Result<String> {
    Ok(crafter::Entity::find_by_id(id).one(db).await?.map(|crafter| crafter.name).unwrap_or_default())
}

/// What goods are called, and how they are counted.
async fn goods(db: &impl ConnectionTrait, id: i64) -> Result<(String, Unit)> {
    let found = item::Entity::find_by_id(id).find_also_related(product::Entity).one(db).await?;
    let Some((item, Some(product))) = found else { return Ok((String::new(), Unit::Piece)) };
    let name = if item.name.is_empty() { product.name } else { format!("{}, {}", product.name, item.name) };
    Ok((name, product.unit))
}
