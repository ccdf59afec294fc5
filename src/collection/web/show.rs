//! `/kelola/setoran/{id}`: one hand-over, what became of its pieces, and what can be done with them.
use actix_web::{HttpResponse, http::StatusCode, web};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;

use super::{
    photo as shot, receipt,
    sheet::{self, Sheet},
};
use crate::{
    accounts::visit::Operator,
    app::App,
    catalogue::photo,
    collection::{amount, departure, intake},
    error::Result,
    form::FormView,
    locale::grouped,
    orders::order as orders,
    page::{Page, Sample, samples as drawn},
    stock,
};
use entity::{
    intake::Model,
    lot,
    lot::{Grade, Terms},
    order, photo as photo_row,
    photo::Subject,
    stock_move,
    stock_move::Kind,
};

pub(super) fn samples() -> Vec<Sample> {
    drawn::<IntakePage>()
}

#[derive(Serialize)]
struct IntakePage {
    sheet: Sheet,
    lots: Vec<Lot>,
    /// What was left over of measured goods: "0,75".
    offcut_a: Option<String>,
    offcut_b: Option<String>,
    moves: Vec<Move>,
    photos: Vec<Photo>,
    /// A phone has one that it has not sent yet.
    photo_comes: bool,
    share: String,
    /// The act whose form was refused.
    open: String,
    form: FormView,
    may_reverse: bool,
}

/// The pieces of one grade.
#[derive(Clone, Default, Serialize)]
struct Lot {
    id: i64,
    grade: &'static str,
    received: i64,
    left: i64,
    sold: i64,
    given_back: i64,
    broken: i64,
    lost: i64,
    /// With a kiosk elsewhere.
    elsewhere: i64,
    consigned: bool,
    /// Pieces that leave for an order and for nobody else.
    kept: Vec<Kept>,
}

#[derive(Clone, Serialize)]
struct Kept {
    n: i64,
    order_id: i64,
    number: String,
}

/// Something that happened to them.
#[derive(Clone, Serialize)]
struct Move {
    id: i64,
    /// Pieces that left here and can be put back, if it was noted wrongly.
    may_undo: bool,
    kind: Kind,
    quantity: String,
    reason: Option<String>,
    who: String,
    at: DateTime<Utc>,
}

#[derive(Clone, Serialize)]
struct Photo {
    id: i64,
    ready: bool,
    refused: bool,
}

impl Page for IntakePage {
    const TEMPLATE: &'static str = "collection/intake.html";

    fn samples() -> Vec<IntakePage> {
        let lot = Lot {
            id: 3,
            grade: "A",
            received: 12,
            left: 5,
            sold: 3,
            given_back: 1,
            broken: 1,
            lost: 1,
            elsewhere: 1,
            consigned: true,
            kept: vec![Kept { n: 2, order_id: 42, number: "K-2611-0042".into() }],
        };
        let of_kind = |kind| Move {
            id: 4,
            may_undo: kind == Kind::Damaged,
            kind,
            quantity: "-2".into(),
            reason: Some("Dimakan rayap".into()),
            who: "Bu Siti Aminah".into(),
            at: DateTime::UNIX_EPOCH,
        };
        let kinds = [
            Kind::Received,
            Kind::Sold,
            Kind::Returned,
            Kind::Shrunk,
            Kind::Found,
            Kind::Moved,
            Kind::GivenBack,
            Kind::Damaged,
        ];
        let photo = |id, ready| Photo { id, ready, refused: !ready && id > 2 };
        let page = |terms, open: &str| IntakePage {
            sheet: Sheet::sample(terms),
            lots: vec![lot.clone(), Lot { grade: "B", consigned: terms == Terms::Consigned, ..Lot::default() }],
            offcut_a: Some("0,75".into()),
            offcut_b: None,
            moves: kinds.map(of_kind).to_vec(),
            photos: if open.is_empty() { vec![photo(1, true), photo(2, false), photo(3, false)] } else { Vec::new() },
            photo_comes: !open.is_empty(),
            share: "https://wa.me/?text=halo".into(),
            open: open.into(),
            form: FormView::default(),
            may_reverse: terms == Terms::Consigned,
        };
        vec![page(Terms::Consigned, ""), page(Terms::Bought, "3")]
    }
}

/// `GET /kelola/setoran/{id}`
pub(super) async fn show(operator: Operator, id: web::Path<i64>, app: web::Data<App>) -> Result<HttpResponse> {
    draw(&operator, &app, *id, (String::new(), FormView::default()), StatusCode::OK).await
}

/// The page, with the form of an act as it was typed.
pub(super) async fn draw(
    operator: &Operator,
    app: &App,
    id: i64,
    (open, form): (String, FormView),
    status: StatusCode,
) -> Result<HttpResponse> {
    let intake = intake::read(&app.db, operator.outlet.id, id).await?;
    let Some(sheet) = sheet::of(&app.db, std::slice::from_ref(&intake)).await?.pop() else {
        return Err(crate::error::Error::NotFound);
    };
    let rows = intake::lots(&app.db, id).await?;
    let moves = stock_move::Entity::find()
        .filter(stock_move::Column::LotId.is_in(rows.iter().map(|lot| lot.id)))
        .order_by_desc(stock_move::Column::Id)
        .all(&app.db)
        .await?;
    let mut lots: Vec<Lot> = rows.iter().map(|lot| of_lot(lot, &moves)).collect();
    for lot in &mut lots {
        lot.kept = kept(&app.db, lot.id).await?;
    }
    let photos = photo::of(&app.db, Subject::Intake, id).await?;
    let page = IntakePage {
        may_reverse: intake.reversed_at.is_none() && lots.iter().all(|lot| lot.left == lot.received),
        offcut_a: left_over(&app.db, &intake, &sheet, Grade::A).await?,
        offcut_b: left_over(&app.db, &intake, &sheet, Grade::B).await?,
        moves: told(&app.db, id, &moves).await?,
        photo_comes: photos.is_empty() && shot::of(&app.db, &intake).await?.1 == shot::Standing::Coming,
        photos: photos.iter().map(Photo::of).collect(),
        share: receipt::share_link(app, operator.visit.lang, &intake, &sheet).await?,
        lots,
        sheet,
        open,
        form,
    };
    operator.visit.page_with(status, &app.templates, &page)
}

impl Photo {
    fn of(row: &photo_row::Model) -> Photo {
        use photo_row::State::{Ready, Refused};
        Photo { id: row.id, ready: row.state == Ready, refused: row.state == Refused }
    }
}

fn of_lot(lot: &lot::Model, moves: &[stock_move::Model]) -> Lot {
    let sum = |kinds: &[Kind]| -> i64 {
        let of = |one: &&stock_move::Model| one.lot_id == Some(lot.id) && kinds.contains(&one.kind);
        -moves.iter().filter(of).map(|one| one.quantity).sum::<i64>()
    };
    Lot {
        id: lot.id,
        grade: if lot.grade == Some(Grade::B) { "B" } else { "A" },
        received: lot.received,
        left: lot.remaining,
        sold: sum(&[Kind::Sold, Kind::Returned]),
        given_back: sum(&[Kind::GivenBack]),
        broken: sum(&[Kind::Damaged]),
        lost: sum(&[Kind::Shrunk, Kind::Found]),
        elsewhere: sum(&[Kind::Moved]),
        consigned: lot.terms == Terms::Consigned,
        kept: Vec::new(),
    }
}

/// The orders that pieces of a lot are kept for.
async fn kept(db: &impl ConnectionTrait, lot_id: i64) -> Result<Vec<Kept>> {
    let holds = stock::kept(db, &[lot_id]).await?;
    let of = |order: &order::Model| {
        let subject = orders::subject(order.id);
        let n = holds.iter().filter(|held| held.subject == subject).map(|held| held.quantity).sum();
        Kept { n, order_id: order.id, number: orders::number(order) }
    };
    let ids = holds.iter().filter_map(|held| held.subject.strip_prefix("order:")?.parse::<i64>().ok());
    let orders = order::Entity::find().filter(order::Column::Id.is_in(ids)).all(db).await?;
    Ok(orders.iter().map(of).collect())
}

/// What of measured goods does not fill a square metre yet, all hand-overs of them together.
pub(super) async fn left_over(
    db: &impl ConnectionTrait,
    intake: &Model,
    sheet: &Sheet,
    grade: Grade,
) -> Result<Option<String>> {
    let handed = if grade == Grade::A { intake.grade_a } else { intake.grade_b };
    if !sheet.measured || handed == 0 || intake.reversed_at.is_some() {
        return Ok(None);
    }
    let rest = intake::offcut(db, intake, grade).await?;
    Ok((rest > 0).then(|| amount::written(entity::product::Unit::SquareMetre, rest)))
}

async fn told(db: &impl ConnectionTrait, intake_id: i64, moves: &[stock_move::Model]) -> Result<Vec<Move>> {
    let ids = moves.iter().filter_map(|one| one.person_id);
    let people = entity::person::Entity::find().filter(entity::person::Column::Id.is_in(ids)).all(db).await?;
    let name = |id: Option<i64>| people.iter().find(|row| Some(row.id) == id).map(|row| row.name.clone());
    Ok(moves
        .iter()
        .map(|one| Move {
            id: one.id,
            may_undo: departure::is_departure(one, intake_id)
                && moves.iter().all(|other| other.source_key != departure::undone_key(one.id)),
            kind: one.kind,
            quantity: format!("{}{}", if one.quantity > 0 { "+" } else { "" }, grouped(one.quantity)),
            reason: one.reason.clone(),
            who: name(one.person_id).unwrap_or_default(),
            at: one.at,
        })
        .collect())
}
