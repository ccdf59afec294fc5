//! `/kelola/belanja/baru`: what was bought, picture by picture, from whom, and how it was paid. A price far from the last
//! one is asked about once. What was typed stays, also the photo of the note.
use actix_web::{HttpResponse, http::StatusCode, web::Data};
use chrono::{Days, NaiveDate};
use serde::Serialize;

use super::{
    note,
    read::{self, Wish},
    said,
    sketch::{self, Line, PackChoice, field},
};
use crate::{
    accounts::visit::{Treasurer, done},
    app::App,
    catalogue::{Hand, Side, photo},
    db,
    error::{Error, Refusal, Result},
    form::{Form, FormView, Wrong},
    locale::{Lang, Said, date},
    once,
    outlet::{
        buyable::{self, Buyable},
        purchase::{self, DAYS_BACK},
        purchase_doubt::{self, Doubt},
        supplier,
    },
    page::{self, Page, Sample, see_other},
    upload::Upload,
};
use entity::{Rupiah, photo::Subject, supplier as row};

#[derive(Clone, Default, Serialize)]
struct PurchaseNewPage {
    lines: Vec<Line>,
    goods: Vec<Tile>,
    suppliers: Vec<Named>,
    kinds: Vec<KindChoice>,
    /// Of the lines, as far as they can be read; and with the way here.
    goods_total: Rupiah,
    total: Rupiah,
    today: NaiveDate,
    oldest: NaiveDate,
    has_photo: bool,
    form: FormView,
}

/// One of the goods to choose by its picture.
#[derive(Clone, Serialize)]
struct Tile {
    item_id: i64,
    name: String,
    cover: Option<String>,
}

#[derive(Clone, Serialize)]
struct Named {
    id: String,
    name: String,
    kind: &'static str,
}

#[derive(Clone, Serialize)]
struct KindChoice {
    code: &'static str,
    key: &'static str,
}

impl Page for PurchaseNewPage {
    const TEMPLATE: &'static str = "outlet/purchase_new.html";
    fn samples() -> Vec<PurchaseNewPage> {
        let goods = vec![Tile { item_id: 9, name: "Beras medium curah".into(), cover: None }];
        let pack = PackChoice { value: "p3".into(), name: "karung".into(), holds: "50 kg".into(), quantity: 50_000 };
        let wrong = FIELDS.map(|name| (name.to_owned(), "Harap diisi.".to_owned()));
        let line = Line {
            n: 1,
            item_id: 9,
            name: "Beras medium curah".into(),
            measure: "gram",
            unit: "purchase.unit_kg",
            packs: vec![pack],
            way: "baru".into(),
            said: "150 kg · Rp12.500 per kg".into(),
            doubt: "9:150000:1875000".into(),
            wrong: wrong.into_iter().collect(),
            ..Line::default()
        };
        let plain = Line { n: 2, way: "p3".into(), wrong: Default::default(), doubt: String::new(), ..line.clone() };
        let full = PurchaseNewPage {
            lines: vec![line, plain],
            goods: goods.clone(),
            suppliers: vec![Named { id: "1".into(), name: "UD Sumber".into(), kind: "supplier.kind_wholesaler" }],
            kinds: kinds(),
            goods_total: Rupiah(1_875_000),
            total: Rupiah(1_925_000),
            has_photo: true,
            ..PurchaseNewPage::default()
        };
        vec![PurchaseNewPage::default(), PurchaseNewPage { goods, kinds: kinds(), ..PurchaseNewPage::default() }, full]
    }
}

/// Fields of a line that may be refused.
const FIELDS: [&str; 7] = ["banyak", "kemasan", "isi", "harga", "sampai", "batch", "yakin"];

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<PurchaseNewPage>()
}

fn kinds() -> Vec<KindChoice> {
    said::KINDS.map(|(code, kind)| KindChoice { code, key: said::kind_key(kind) }).to_vec()
}

/// `GET /kelola/belanja/baru`
pub async fn blank(treasurer: Treasurer, app: Data<App>) -> Result<HttpResponse> {
    let desk = Desk::open(&treasurer, &app).await?;
    let only = if let [only] = desk.suppliers.as_slice() { only.id.to_string() } else { String::new() };
    let day = app.clock.today().to_string();
    let form = Form::of([("tanggal", day.as_str()), ("bayar", "utang"), ("pemasok", &only)]);
    desk.draw(StatusCode::OK, &form, FormView::blank(&form))
}

/// `POST /kelola/belanja/baru`: one more of the goods, one less, or all of it is written down.
pub async fn create(treasurer: Treasurer, upload: Upload, app: Data<App>) -> Result<HttpResponse> {
    let desk = Desk::open(&treasurer, &app).await?;
    let form = &upload.form;
    let add = form.has("tambah").then(|| form.get("tambah"));
    let without = form.has("hapus").then(|| form.get("hapus").parse().unwrap_or(0));
    if add.is_some() || without.is_some() || form.has("hitung") {
        return desk.again(&upload, sketch::changed(form, add, without), StatusCode::OK, Vec::new()).await;
    }
    let mut view = FormView::default();
    let lists = (desk.goods.as_slice(), desk.suppliers.as_slice());
    let Some(wish) = read::read(&app, treasurer.visit.lang, lists, form, &mut view) else {
        let wrong = view.errors.into_iter().collect();
        return desk.again(&upload, form.clone(), StatusCode::UNPROCESSABLE_ENTITY, wrong).await;
    };
    let (wish, doubts) = desk.doubted(form, wish).await?;
    if !doubts.is_empty() {
        let mut form = form.clone();
        for (n, value, _) in &doubts {
            form.set(&field(*n, "lagi"), value.as_str());
        }
        let wrong = doubts.into_iter().map(|(n, _, said)| (field(n, "yakin"), said)).collect();
        return desk.again(&upload, form, StatusCode::UNPROCESSABLE_ENTITY, wrong).await;
    }
    match desk.write_down(&upload, &wish).await {
        Err(Error::Refused(refusal)) => {
            let status = super::acts::status_of(&refusal);
            let wrong = vec![(field_of(&refusal).to_owned(), app.say(treasurer.visit.lang, &refusal.said))];
            desk.again(&upload, form.clone(), status, wrong).await
        }
        done => done,
    }
}

/// Beside which field a refusal is said.
fn field_of(refusal: &Refusal) -> &'static str {
    match refusal.said.key {
        "purchase.day" => "tanggal",
        "supplier.known" | "supplier.known_away" => "pemasok_nama",
        "supplier.pay_more" | "supplier.pay_nothing" => "dibayar",
        key if key.starts_with("photo.") => "foto",
        _ => "",
    }
}

/// Where a purchase is written down: who is there, and what can be bought from whom.
struct Desk<'a> {
    treasurer: &'a Treasurer,
    app: &'a App,
    goods: Vec<Buyable>,
    suppliers: Vec<row::Model>,
}

impl<'a> Desk<'a> {
    async fn open(treasurer: &'a Treasurer, app: &'a App) -> Result<Desk<'a>> {
        let goods = buyable::all(&app.db, treasurer.outlet.id).await?;
        let suppliers = supplier::list(&app.db, treasurer.outlet.id).await?;
        Ok(Desk { treasurer, app, goods, suppliers })
    }

    /// The lines that cost far more or less than before and were not said to be meant so: their number on the form, what
    /// is asked about, and the question. The wish knows those that are.
    async fn doubted(&self, form: &Form, mut wish: Wish) -> Result<(Wish, Vec<(usize, String, String)>)> {
        let mut open = Vec::new();
        for doubt in purchase_doubt::doubts(&self.app.db, &wish.purchase.lines).await? {
            let (Some(line), Some(n)) = (wish.purchase.lines.get(doubt.line), wish.numbers.get(doubt.line)) else {
                continue;
            };
            // Another price, or another quantity, is another question.
            let value = format!("{}:{}:{}", line.item_id, line.packs * line.pack_quantity, line.price.0);
            if form.get(&field(*n, "yakin")) == value {
                wish.purchase.sure.push(doubt.line);
            } else {
                open.push((*n, value, self.question(line.item_id, &doubt)));
            }
        }
        Ok((wish, open))
    }

    fn question(&self, item_id: i64, doubt: &Doubt) -> String {
        let (app, lang) = (self.app, self.treasurer.visit.lang);
        let Some(good) = self.goods.iter().find(|good| good.item_id == item_id) else { return String::new() };
        let each = |price| said::each(app, lang, good.measure, price);
        let key = if doubt.bought_on.is_some() { "purchase.doubt" } else { "purchase.doubt_sold" };
        let said = Said::new(key).with("each", each(doubt.each)).with("before", each(doubt.before));
        let said = match doubt.bought_on {
            Some(day) => said.with("day", date(lang, day)),
            None => said,
        };
        app.say(lang, &said)
    }

    async fn write_down(&self, upload: &Upload, wish: &Wish) -> Result<HttpResponse> {
        let (app, outlet, by) = (self.app, &self.treasurer.outlet, self.treasurer.person_id);
        let key = upload.form.request_key().ok_or_else(|| Refusal::invalid("form.stale"))?;
        let (scope, hash) = (format!("purchase {}", outlet.id), upload.content_hash());
        let kept = note::kept(app, upload).await?;
        let tx = db::begin(&app.db).await?;
        if let Some(answer) = once::answered(&tx, &scope, key, &hash).await? {
            drop(tx);
            note::discard(app, kept).await?;
            return Ok(see_other(&answer));
        }
        let mut new = wish.purchase.clone();
        if let Some(from) = &wish.new_supplier {
            new.supplier_id = supplier::add(&tx, &app.clock, outlet.id, from).await?.id;
        }
        let bought = purchase::buy(&tx, &app.clock, outlet, &new, by, &format!("form:{by}:{key}")).await?;
        if let Some(kept) = &kept {
            let hand = Hand { village_id: Some(outlet.village_id), person_id: Some(by), side: Side::Operator };
            photo::enter(&tx, &app.clock, &hand, Subject::Purchase, bought.id, kept).await?;
        }
        let answer = format!("/kelola/belanja/{}", bought.id);
        once::remember(&tx, &app.clock, &scope, key, &hash, &answer).await?;
        tx.commit().await?;
        Ok(done(&answer, "purchase.bought"))
    }

    /// The form again, as typed and with its photo.
    async fn again(
        &self,
        upload: &Upload,
        mut form: Form,
        status: StatusCode,
        mut wrong: Vec<(String, String)>,
    ) -> Result<HttpResponse> {
        let (app, lang) = (self.app, self.treasurer.visit.lang);
        let before = upload.form.get(note::KEPT).to_owned();
        form.set(note::KEPT, "");
        match note::kept(app, upload).await {
            Ok(Some(kept)) => form.set(note::KEPT, note::sealed(app, &kept)),
            Ok(None) => {}
            Err(Error::Refused(refusal)) => {
                form.set(note::KEPT, before);
                wrong.push(("foto".to_owned(), app.say(lang, &refusal.said)));
            }
            Err(error) => return Err(error),
        }
        let mut view = FormView::new(&form, &Wrong::default(), app.templates.words(), lang);
        view.errors.extend(wrong);
        self.draw(status, &form, view)
    }

    fn draw(&self, status: StatusCode, form: &Form, view: FormView) -> Result<HttpResponse> {
        let lang: Lang = self.treasurer.visit.lang;
        let (lines, goods_total) = sketch::lines(self.app, lang, &self.goods, form, &view.errors);
        let freight = crate::form::amount(form.get("ongkos")).unwrap_or(0);
        let today = self.app.clock.today();
        let tile = |good: &Buyable| Tile { item_id: good.item_id, name: good.name.clone(), cover: good.cover.clone() };
        let named =
            |one: &row::Model| Named { id: one.id.to_string(), name: one.name.clone(), kind: said::kind_key(one.kind) };
        let page = PurchaseNewPage {
            lines,
            goods: self.goods.iter().map(tile).collect(),
            suppliers: self.suppliers.iter().map(named).collect(),
            kinds: kinds(),
            goods_total,
            total: Rupiah(goods_total.0.saturating_add(freight)),
            today,
            oldest: today.checked_sub_days(Days::new(DAYS_BACK)).unwrap_or(today),
            has_photo: !form.get(note::KEPT).is_empty(),
            form: view,
        };
        self.treasurer.visit.page_with(status, &self.app.templates, &page)
    }
}
