//! `/kelola/belanja/{id}`: one purchase: its lines with what they cost with the way here, the photo of the note, what was
//! paid, what went back, and what it changed when it was written late.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::{
    line::{Line, measure_of, measures},
    returned::{self, Return},
    said,
};
use crate::{
    accounts::{
        person,
        visit::{BookReader, Treasurer},
    },
    app::App,
    catalogue::photo,
    clock,
    error::Result,
    form::FormView,
    locale::Lang,
    outlet::{
        purchase::{self, Changed, Purchase},
        purchase_return, supplier,
    },
    page::{self, Page, Sample},
};
use entity::{Rupiah, photo as photo_row, supplier_payment::Source};

#[derive(Clone, Serialize)]
struct PurchasePage {
    id: i64,
    number: String,
    supplier_id: i64,
    supplier: String,
    kind: &'static str,
    bought_on: NaiveDate,
    written_at: DateTime<Utc>,
    written_by: String,
    note_number: Option<String>,
    lines: Vec<Line>,
    goods_total: Rupiah,
    freight: Rupiah,
    total: Rupiah,
    payments: Vec<Payment>,
    /// What the supplier is owed in all.
    owed: Rupiah,
    photos: Vec<i64>,
    photo_waits: bool,
    returns: Vec<Return>,
    /// It was written on a later day than it happened.
    is_late: bool,
    changed: Option<Difference>,
    reversed_at: Option<DateTime<Utc>>,
    reverse_reason: Option<String>,
    can_return: bool,
    can_reverse: bool,
    may_act: bool,
    /// The form that was refused.
    at: &'static str,
    form: FormView,
}

#[derive(Clone, Serialize)]
struct Payment {
    amount: Rupiah,
    source: &'static str,
    reference: Option<String>,
    at: DateTime<Utc>,
}

/// What came out differently: more, or less.
#[derive(Clone, Serialize)]
struct Difference {
    sold: Rupiah,
    lost: Rupiah,
}

impl Page for PurchasePage {
    const TEMPLATE: &'static str = "outlet/purchase.html";
    fn samples() -> Vec<PurchasePage> {
        let line = Line::sample();
        let paid = |source| Payment {
            amount: Rupiah(500_000),
            source: source_key(source),
            reference: Some("TRX 1".into()),
            at: DateTime::UNIX_EPOCH,
        };
        let returned = Return {
            at: DateTime::UNIX_EPOCH,
            by: "Bu Siti Aminah".into(),
            reason: "berkutu".into(),
            credit: Rupiah(250_000),
            lines: vec!["20 kg Beras medium curah".into()],
        };
        let full = PurchasePage {
            id: 7,
            number: "B-2611-0007".into(),
            supplier_id: 1,
            supplier: "UD Sumber".into(),
            kind: "supplier.kind_wholesaler",
            bought_on: NaiveDate::default(),
            written_at: DateTime::UNIX_EPOCH,
            written_by: "Bu Siti Aminah".into(),
            note_number: Some("00123".into()),
            lines: vec![line.clone()],
            goods_total: Rupiah(1_875_000),
            freight: Rupiah(50_000),
            total: Rupiah(1_925_000),
            payments: vec![paid(Source::Cash), paid(Source::Bank)],
            owed: Rupiah(1_425_000),
            photos: vec![4],
            photo_waits: true,
            returns: vec![returned],
            is_late: true,
            changed: Some(Difference { sold: Rupiah(12_400), lost: Rupiah(-300) }),
            reversed_at: None,
            reverse_reason: None,
            can_return: true,
            can_reverse: true,
            may_act: true,
            at: "",
            form: FormView::default(),
        };
        let bare = PurchasePage {
            lines: vec![Line { packs: String::new(), back: None, expires_on: None, batch: None, ..line }],
            freight: Rupiah::ZERO,
            payments: Vec::new(),
            owed: Rupiah::ZERO,
            photos: Vec::new(),
            photo_waits: false,
            returns: Vec::new(),
            is_late: true,
            changed: None,
            note_number: None,
            reversed_at: Some(DateTime::UNIX_EPOCH),
            reverse_reason: Some("salah ketik".into()),
            can_return: false,
            can_reverse: false,
            ..full.clone()
        };
        vec![full, bare]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<PurchasePage>()
}

/// The words of what was paid out of.
pub(super) fn source_key(source: Source) -> &'static str {
    match source {
        Source::Cash => "purchase.from_cash",
        Source::Bank => "purchase.from_bank",
    }
}

/// `GET /kelola/belanja/{id}`
pub async fn show(reader: BookReader, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    let whole = purchase::read(&app.db, reader.outlet.id, *id).await?;
    let page = view(&app, reader.visit.lang, &whole, reader.may_act, ("", FormView::default())).await?;
    reader.visit.page(&app.templates, &page)
}

/// The page again, with what was refused in the form `at`.
pub(super) async fn draw_refused(
    treasurer: &Treasurer,
    app: &App,
    id: i64,
    status: StatusCode,
    refused: (&'static str, FormView),
) -> Result<HttpResponse> {
    let whole = purchase::read(&app.db, treasurer.outlet.id, id).await?;
    let page = view(app, treasurer.visit.lang, &whole, true, refused).await?;
    treasurer.visit.page_with(status, &app.templates, &page)
}

async fn view(
    app: &App,
    lang: Lang,
    whole: &Purchase,
    may_act: bool,
    (at, form): (&'static str, FormView),
) -> Result<PurchasePage> {
    let (db, row) = (&app.db, &whole.purchase);
    let from = supplier::read(db, row.outlet_id, row.supplier_id).await?;
    let measures = measures(app, whole).await?;
    let left = purchase_return::left(db, whole).await?;
    let photos = photo::of(db, photo_row::Subject::Purchase, row.id).await?;
    let returns = returned::of(app, lang, whole, &measures).await?;
    let is_late = row.bought_on < clock::local_date(row.created_at);
    let changed = purchase::changed(db, whole).await?;
    let payment = |paid: entity::supplier_payment::Model| Payment {
        amount: paid.amount,
        source: source_key(paid.source),
        reference: paid.reference,
        at: paid.paid_at,
    };
    let stands = row.reversed_at.is_none();
    Ok(PurchasePage {
        id: row.id,
        number: purchase::number(row),
        supplier_id: from.id,
        supplier: from.name,
        kind: said::kind_key(from.kind),
        bought_on: row.bought_on,
        written_at: row.created_at,
        written_by: person::get(db, row.person_id).await?.name,
        note_number: row.note_number.clone(),
        lines: left.iter().map(|left| Line::of(app, lang, left, measure_of(&measures, left.line.item_id))).collect(),
        goods_total: row.goods_total,
        freight: row.freight,
        total: row.total,
        payments: supplier::payments_at(db, row.id).await?.into_iter().map(payment).collect(),
        owed: supplier::owed(db, from.id).await?,
        photo_waits: photos.iter().any(|photo| photo.state == photo_row::State::Waiting),
        photos: photos.iter().filter(|photo| photo.state == photo_row::State::Ready).map(|photo| photo.id).collect(),
        can_return: stands && left.iter().any(|left| left.quantity() > 0),
        can_reverse: stands && returns.is_empty(),
        returns,
        is_late,
        changed: (changed != Changed::default())
            .then_some(Difference { sold: changed.sold, lost: changed.lost })
            .filter(|_| is_late),
        reversed_at: row.reversed_at,
        reverse_reason: row.reverse_reason.clone(),
        may_act,
        at,
        form,
    })
}
