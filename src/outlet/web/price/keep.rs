//! Saving how a price is made. "Lihat dulu" shows what it comes to and saves nothing; what is odd is asked once more.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};

use super::sheet::{Shown, again};
use crate::{
    accounts::visit::{Treasurer, done},
    app::App,
    catalogue::{item, price},
    db::{self, Tx},
    error::{Error, Result},
    form::{Form, FormView, Reader, Wrong, whole_number},
    locale::Said,
    once,
    outlet::{
        price::{Answer, Doubt},
        price_good::{self, Facts, Good, MOST_CONTENT},
        price_rule::{self, MOST_MARGIN_BP, MOST_WEEKS, NewRule, Step},
    },
    page::see_other,
    prices::selling::Rule,
};
use entity::{Rupiah, item::Measure, person_role::Role};

/// What the form says.
struct Typed {
    facts: Facts,
    rule: NewRule,
    reason: String,
    /// The price that the person said yes to.
    sure: Option<Rupiah>,
}

/// `POST /kelola/harga/{item}`
pub async fn keep(treasurer: Treasurer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let good = price_good::read(&app.db, treasurer.outlet.id, *id).await?;
    let view = |wrong: &Wrong| FormView::new(&form, wrong, app.templates.words(), treasurer.visit.lang);
    let typed = match read(&form, &good) {
        Ok(typed) => typed,
        Err(wrong) => {
            let drawn = (StatusCode::UNPROCESSABLE_ENTITY, view(&wrong), Shown::default());
            return again(&treasurer, &app, &good, drawn).await;
        }
    };
    let url = format!("/kelola/harga/{id}");
    let (scope, hash) = (format!("price {} {id}", treasurer.outlet.id), form.content_hash());
    let looks = form.get("aksi") == "lihat";
    let tx = db::begin(&app.db).await?;
    if let Some(key) = form.request_key().filter(|_| !looks)
        && let Some(answer) = once::answered(&tx, &scope, key, &hash).await?
    {
        return Ok(see_other(&answer));
    }
    let (price, answer) = match perform(&treasurer, &app, &tx, &good, &typed).await {
        Err(Error::Refused(refusal)) => {
            drop(tx);
            let status = actix_web::ResponseError::status_code(&Error::Refused(refusal.clone()));
            let drawn = (status, view(&Wrong::refusal(field(refusal.said.key), refusal)), Shown::default());
            return again(&treasurer, &app, &good, drawn).await;
        }
        done => done?,
    };
    let doubts = if let Answer::Asks(doubts) = &answer { doubts.as_slice() } else { &[] };
    if looks || !doubts.is_empty() {
        // Nothing is kept: the page shows what it would come to.
        drop(tx);
        let said = |doubt: &Doubt| app.say(treasurer.visit.lang, &sentence(*doubt, price));
        let shown = Shown { price: Some(price), doubts: doubts.iter().map(said).collect(), asks: !doubts.is_empty() };
        let mut wrong = Wrong::default();
        if needs_reason(doubts) && typed.reason.is_empty() && !looks {
            wrong = Wrong::field("alasan", Said::new("harga.reason_for_loss"));
        }
        let status = if looks { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        return again(&treasurer, &app, &good, (status, view(&wrong), shown)).await;
    }
    if let Some(key) = form.request_key() {
        once::remember(&tx, &app.clock, &scope, key, &hash, &url).await?;
    }
    tx.commit().await?;
    Ok(done(&url, "harga.saved"))
}

fn needs_reason(doubts: &[Doubt]) -> bool {
    doubts.iter().any(|doubt| matches!(doubt, Doubt::BelowCost { .. }))
}

/// Beside which field a refusal stands.
fn field(key: &str) -> &'static str {
    match key {
        "harga.measure_stays" => "hitung",
        "harga.odd_content" => "isi",
        "harga.facts_loosen" => "komoditas",
        "harga.unknown_commodity" => "komoditas",
        _ => "harga",
    }
}

fn sentence(doubt: Doubt, price: Rupiah) -> Said {
    match doubt {
        Doubt::AboveBand { most } => Said::new("harga.doubt_band").with("most", most),
        Doubt::BelowCost { cost } => Said::new("harga.doubt_cost").with("cost", cost),
        Doubt::FarOff { old } => Said::new("harga.doubt_far").with("old", old).with("new", price),
    }
}

/// What goods are, and how their price is made; what else the product has follows.
async fn perform(treasurer: &Treasurer, app: &App, tx: &Tx, good: &Good, typed: &Typed) -> Result<(Rupiah, Answer)> {
    let (clock, outlet, by) = (&app.clock, &treasurer.outlet, treasurer.person_id);
    // The administrator is the other person.
    let may_loosen = treasurer.visit.signed.as_ref().is_some_and(|signed| signed.role(Role::Administrator).is_some());
    price_good::describe(tx, clock, outlet, (by, may_loosen), good.item.id, &typed.facts).await?;
    let said = (typed.reason.as_str(), typed.sure);
    let chosen = price_rule::choose(tx, clock, outlet, by, good.item.id, &typed.rule, said).await?;
    let sizes = item::of(tx, good.product.id).await?;
    let others: Vec<i64> = sizes.iter().map(|size| size.id).filter(|id| *id != good.item.id).collect();
    price_rule::follow(tx, clock, outlet.id, &others).await?;
    Ok(chosen)
}

fn read(form: &Form, good: &Good) -> Result<Typed, Wrong> {
    let mut reader = form.read();
    let way = reader.choice("cara", |code| ["tetap", "modal", "stabil"].into_iter().find(|way| *way == code));
    let rule = match way {
        Some("modal") => Rule::CostPlus { margin_bp: margin(&mut reader) },
        Some("stabil") => Rule::Pooled { margin_bp: margin(&mut reader) },
        _ => Rule::Fixed { price: reader.rupiah("harga", price::MIN.0, price::MAX.0) },
    };
    let step = if reader.get("bulat") == "500" { Step::FiveHundred } else { Step::Hundred };
    let cover_weeks = reader.optional_number("minggu", 0, MOST_WEEKS).unwrap_or(4);
    let measure = match reader.get("hitung") {
        "" => good.item.measure,
        "kg" => Measure::Gram,
        "liter" => Measure::Millilitre,
        _ => Measure::Piece,
    };
    // What the form does not ask stays as it was.
    let asks_content = form.has("isi") && measure == Measure::Piece;
    let (content, content_unit) =
        if asks_content { content(&mut reader) } else { (good.item.content, good.item.content_unit) };
    let commodity =
        if form.has("komoditas") { reader.optional("komoditas", 60) } else { good.product.commodity.clone() };
    let reason = reader.optional("alasan", 200).unwrap_or_default();
    let sure = form.get("yakin").parse().ok().map(Rupiah);
    let facts = Facts { commodity, measure, content, content_unit };
    reader.done(Typed { facts, rule: NewRule { rule, step, cover_weeks }, reason, sure })
}

/// "7,5" percent in hundredths of a percent.
fn margin(reader: &mut Reader<'_>) -> i64 {
    match scaled(reader.get("untung").trim_end_matches('%'), 2) {
        Some(bp) if bp <= MOST_MARGIN_BP => bp,
        Some(_) => {
            reader.refuse("untung", Said::new("form.at_most").with("max", MOST_MARGIN_BP / 100));
            0
        }
        None => {
            reader.refuse("untung", Said::new("form.not_a_number"));
            0
        }
    }
}

/// What is in a pack, in the smallest unit; nothing when nobody says.
fn content(reader: &mut Reader<'_>) -> (i64, Measure) {
    let (unit, places) = match reader.get("isi_satuan") {
        "g" => (Measure::Gram, 0),
        "l" => (Measure::Millilitre, 3),
        "ml" => (Measure::Millilitre, 0),
        "buah" => (Measure::Piece, 0),
        _ => (Measure::Gram, 3),
    };
    let typed = reader.get("isi");
    if typed.is_empty() {
        return (0, unit);
    }
    let content = if places == 0 { whole_number(typed) } else { scaled(typed, places) };
    match content {
        Some(content) if (1..=MOST_CONTENT).contains(&content) => (content, unit),
        Some(_) => {
            reader.refuse("isi", Said::new("harga.odd_content"));
            (0, unit)
        }
        None => {
            reader.refuse("isi", Said::new("form.not_a_number"));
            (0, unit)
        }
    }
}

/// A number with at most so many places after its comma (or point), in the smallest part: "7,5" in hundredths is 750.
fn scaled(text: &str, places: u32) -> Option<i64> {
    let text = text.trim();
    let (whole, rest) = text.split_once([',', '.']).unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 7 || rest.len() > places as usize || !digits(whole) || !digits(rest) {
        return None;
    }
    let (whole, part): (i64, i64) = (whole.parse().ok()?, format!("0{rest}").parse().ok()?);
    Some(whole * 10_i64.pow(places) + part * 10_i64.pow(places - rest.len() as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percents_and_kilos_are_read_as_people_type_them() {
        assert_eq!(
            (scaled("7,5", 2), scaled("7.5", 2), scaled("5", 2), scaled("0,05", 2)),
            (Some(750), Some(750), Some(500), Some(5))
        );
        assert_eq!((scaled("0,5", 3), scaled("5", 3), scaled("2,25", 3)), (Some(500), Some(5_000), Some(2_250)));
        for text in ["", ",5", "-5", "1e3", "1,234", "5,5,5", "lima"] {
            assert_eq!(scaled(text, 2), None, "{text}");
        }
    }
}
