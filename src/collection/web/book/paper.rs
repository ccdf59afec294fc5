//! The passbook on paper, A6 or A5, and as one picture for WhatsApp.
use actix_web::{
    HttpResponse,
    http::header,
    web::{Data, Query},
};
use chrono::NaiveDate;
use entity::Rupiah;
use serde::{Deserialize, Serialize};

use super::{
    Head, Owner, Seen,
    lines::{View, sheet, views},
    money::{self, Purse},
    seen,
};
use crate::{
    app::App,
    catalogue::photo,
    collection::{goods, statement},
    error::Result,
    locale::{self, Lang, Said},
    page::{self, Page, Sample},
    picture::Card,
};

/// So many lines are printed unless all are wanted, and so many stand on the picture.
const PRINTED: usize = 40;
const PICTURED: usize = 8;
/// So many kinds of goods stand on the picture.
const GOODS: usize = 3;

#[derive(Serialize)]
struct PrintPage {
    head: Head,
    size: &'static str,
    purse: Purse,
    /// What was left before the first line that is shown.
    before: Option<Rupiah>,
    lines: Vec<View>,
    /// How many lines are older.
    older: usize,
    /// What is left after the last line, where the book goes on.
    carried: Option<Rupiah>,
    day: NaiveDate,
}

impl Page for PrintPage {
    const TEMPLATE: &'static str = "book/print.html";
    fn samples() -> Vec<PrintPage> {
        let lines = || {
            vec![
                View::sample("book.line_sold", 21_280, "goods"),
                View::sample("book.line_set_off", -10_000, "set_off"),
                View::sample("book.line_paid", -71_280, "paid"),
            ]
        };
        let page = |size, before| PrintPage {
            head: Head::sample(true),
            size,
            purse: Purse::sample(),
            before,
            lines: lines(),
            older: if before.is_some() { 40 } else { 0 },
            carried: before,
            day: NaiveDate::default(),
        };
        vec![page("a6", Some(Rupiah(60_000))), page("a5", None)]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<PrintPage>()
}

/// Paper, and which lines are wanted: those among the first so many, or all.
#[derive(Deserialize)]
pub struct Wish {
    kertas: Option<String>,
    sampai: Option<usize>,
    semua: Option<String>,
}

/// `GET /karya/buku/cetak?kertas=a5`
pub async fn print(owner: Owner, wish: Query<Wish>, app: Data<App>) -> Result<HttpResponse> {
    let crafter_id = owner.crafter.id;
    let lines = statement::of_crafter(&app.db, crafter_id).await?;
    let most = if wish.semua.is_some() { usize::MAX } else { PRINTED };
    let sheet = sheet(&lines, wish.sampai, most);
    let page = PrintPage {
        size: if wish.kertas.as_deref() == Some("a5") { "a5" } else { "a6" },
        purse: money::purse(&app.db, crafter_id).await?,
        before: sheet.before,
        lines: views(&app.db, &owner.head.base, crafter_id, sheet.lines).await?,
        older: sheet.older,
        carried: sheet.lines.last().filter(|_| sheet.goes_on).map(|last| last.balance),
        day: app.clock.today(),
        head: owner.head,
    };
    owner.visit.page(&app.templates, &page)
}

/// `GET /karya/buku/gambar.png`
pub async fn picture(owner: Owner, app: Data<App>) -> Result<HttpResponse> {
    let png = card(&owner, &app).await?.draw().await?;
    Ok(HttpResponse::Ok()
        .content_type("image/png")
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .body(png))
}

async fn card(owner: &Owner, app: &App) -> Result<Card> {
    let (crafter_id, lang) = (owner.crafter.id, owner.visit.lang);
    let say = |said: &Said| app.say(lang, said);
    let word = |key| say(&Said::new(key));
    let purse = money::purse(&app.db, crafter_id).await?;
    let summary = goods::summary(&app.db, crafter_id).await?;
    let seen = seen(&app.db, summary.handed_in.iter().chain(&summary.on_shelf).map(|count| count.item_id)).await?;
    let mut card = Card::new(say(&Said::new("book.of").with("name", owner.head.name.as_str())))
        .lead(owner.head.outlet.clone())
        .lead(locale::date(lang, app.clock.today()));
    for count in summary.handed_in.iter().take(GOODS) {
        let goods = seen.get(&count.item_id).cloned().unwrap_or_default();
        let left = summary.on_shelf.iter().find(|left| left.item_id == count.item_id).map_or(0, |left| left.n);
        let left = format!("{} {}", amount_of(app, lang, &goods, left), word("book.on_shelf").to_lowercase());
        let photo = cover(app, &goods).await?;
        let came = format!("{} {}", amount_of(app, lang, &goods, count.n), word("book.handed_in").to_lowercase());
        card = card.goods(photo.as_deref(), goods.name.clone(), left, came);
    }
    card = card.rule();
    if purse.ahead > Rupiah::ZERO {
        card = card.strong(say(&Said::new("book.ahead").with("amount", purse.ahead)));
    } else {
        let label = say(&Said::new("book.owed_to").with("name", owner.head.name.as_str()));
        card = card.amount(label, purse.owed).notes(purse.owed);
    }
    if purse.underway > Rupiah::ZERO {
        card = card.row(word("book.underway_sum"), purse.underway.to_string());
    }
    if purse.waiting > Rupiah::ZERO {
        card = card.row(word("book.waiting_sum"), purse.waiting.to_string());
    }
    card = card.row(word("book.paid_sum"), purse.paid.to_string());
    for debt in money::debts(&app.db, crafter_id).await? {
        let rest = say(&Said::new("book.debt_rest").with("amount", debt.rest));
        card = card.row(word(debt.kind), rest);
    }
    let lines = statement::of_crafter(&app.db, crafter_id).await?;
    let sheet = sheet(&lines, None, PICTURED);
    let shown = views(&app.db, &owner.head.base, crafter_id, sheet.lines).await?;
    if !shown.is_empty() {
        card = card.rule();
    }
    for line in shown.iter().rev() {
        let goods = line.goods.as_ref().map(|goods| format!(", {}", goods.name)).unwrap_or_default();
        let what = format!("{} · {}{goods}", line.day, line.said(&say));
        card = card.row(what, signed(line.amount));
    }
    if let Some(before) = sheet.before {
        card = card.row(word("book.before"), before.to_string());
    }
    Ok(card)
}

/// "+Rp21.280" for what came, "-Rp10.000" for what went.
fn signed(amount: Rupiah) -> String {
    if amount < Rupiah::ZERO { amount.to_string() } else { format!("+{amount}") }
}

fn amount_of(app: &App, lang: Lang, goods: &Seen, n: i64) -> String {
    app.say(lang, &Said::new(if goods.is_area { "book.metres" } else { "book.pieces" }).with("n", n))
}

/// The picture of goods as it is kept, if it is there.
async fn cover(app: &App, goods: &Seen) -> Result<Option<Vec<u8>>> {
    let Some(cover) = &goods.cover else { return Ok(None) };
    Ok(app.files.get(&photo::rendition_name(cover, "320.webp")?).await?)
}
