//! `/kelola/grosir/harga`: prices by quantity, with what each brings the maker.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use serde::Serialize;

use super::{Tap, join::PriceRow, refused, status_of};
use crate::{
    accounts::visit::{Operator, done},
    app::App,
    db,
    error::{Error, Result},
    form::{Form, FormView, Wrong},
    page::{self, Page, Sample},
    wholesale::tier::{self, Lowers, MOST, Priced, Wish},
};
use entity::Rupiah;

#[derive(Serialize)]
struct PricesPage {
    rows: Vec<(i64, PriceRow)>,
}

/// One tier with its shares.
#[derive(Clone, Serialize)]
struct TierRow {
    id: i64,
    from: i64,
    price: Rupiah,
    maker: Rupiah,
    for_all: bool,
}

#[derive(Serialize)]
struct PricePage {
    id: i64,
    name: String,
    price: Rupiah,
    maker: Rupiah,
    floor: Rupiah,
    agreed: Option<String>,
    tiers: Vec<TierRow>,
    /// What was typed brings the maker less: from this to that.
    lowers: Option<(Rupiah, Rupiah)>,
    form: FormView,
}

impl Page for PricesPage {
    const TEMPLATE: &'static str = "wholesale/prices.html";
    fn samples() -> Vec<PricesPage> {
        let none = PriceRow { tiers: Vec::new(), ..PriceRow::sample() };
        vec![PricesPage { rows: vec![(1, PriceRow::sample()), (2, none)] }, PricesPage { rows: Vec::new() }]
    }
}

impl Page for PricePage {
    const TEMPLATE: &'static str = "wholesale/price.html";
    fn samples() -> Vec<PricePage> {
        let tier = TierRow { id: 1, from: 12, price: Rupiah(26_000), maker: Rupiah(19_760), for_all: true };
        let page = |lowers, tiers| PricePage {
            id: 1,
            name: "Keranjang sampah anyam".into(),
            price: Rupiah(28_000),
            maker: Rupiah(21_280),
            floor: Rupiah(19_000),
            agreed: Some("Bu Sati, 20 November".into()),
            tiers,
            lowers,
            form: FormView::default(),
        };
        vec![page(None, vec![tier]), page(Some((Rupiah(21_280), Rupiah(19_760))), Vec::new())]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    [page::samples::<PricesPage>(), page::samples::<PricePage>()].into_iter().flatten().collect()
}

/// `GET /kelola/grosir/harga`
pub async fn list(operator: Operator, app: Data<App>) -> Result<HttpResponse> {
    let rows = tier::list(&app.db, operator.outlet.id, true).await?;
    let page = PricesPage { rows: rows.iter().map(|priced| (priced.item.id, PriceRow::of(priced))).collect() };
    operator.visit.page(&app.templates, &page)
}

/// `GET /kelola/grosir/harga/{item}`
pub async fn show(operator: Operator, item: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    draw(&operator, &app, *item, StatusCode::OK, None, FormView::default()).await
}

async fn draw(
    operator: &Operator,
    app: &App,
    item_id: i64,
    status: StatusCode,
    lowers: Option<Lowers>,
    form: FormView,
) -> Result<HttpResponse> {
    let priced = tier::of_item(&app.db, operator.outlet.id, item_id).await?;
    operator.visit.page_with(status, &app.templates, &page_of(&priced, lowers, form))
}

fn page_of(priced: &Priced, lowers: Option<Lowers>, form: FormView) -> PricePage {
    let row = |tier: &tier::Model| TierRow {
        id: tier.id,
        from: tier.from_pieces,
        price: tier.price,
        maker: priced.maker_part(tier.price),
        for_all: tier.for_all,
    };
    PricePage {
        id: priced.item.id,
        name: priced.name(),
        price: priced.item.price,
        maker: priced.maker_part(priced.item.price),
        floor: priced.floor(),
        agreed: priced.floor.as_ref().map(|floor| floor.agreed.clone()),
        tiers: priced.tiers.iter().map(row).collect(),
        lowers: lowers.map(|lowers| (lowers.from, lowers.to)),
        form,
    }
}

/// `POST /kelola/grosir/harga/{item}`: asked twice where the maker gets less.
pub async fn set(operator: Operator, item: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let (status, wrong) = match read(&form) {
        Err(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
        Ok(wish) => match keep(&operator, &app, *item, &form, &wish).await {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(lowers)) => {
                let view = refused(&operator.visit, &app, &form, &Wrong::default());
                return draw(&operator, &app, *item, StatusCode::CONFLICT, Some(lowers), view).await;
            }
            Err(Error::Refused(refusal)) => {
                let field = if refusal.said.key == "wholesale.floor_too_high" { "lantai" } else { "harga" };
                (status_of(&refusal), Wrong::refusal(field, refusal))
            }
            Err(e) => return Err(e),
        },
    };
    let view = refused(&operator.visit, &app, &form, &wrong);
    draw(&operator, &app, *item, status, None, view).await
}

fn read(form: &Form) -> Result<Wish, Wrong> {
    let mut read = form.read();
    let from_pieces = read.number("dari", 2, MOST);
    let price = read.rupiah("harga", 1, 1_000_000_000);
    let floor = match read.get("lantai") {
        "" => None,
        _ => Some((read.rupiah("lantai", 0, 1_000_000_000), read.text("sepakat", 120))),
    };
    let wish = Wish { from_pieces, price, for_all: form.has("semua"), floor, sure: form.has("yakin") };
    read.done(wish)
}

async fn keep(
    operator: &Operator,
    app: &App,
    item_id: i64,
    form: &Form,
    wish: &Wish,
) -> Result<Result<HttpResponse, Lowers>> {
    let url = format!("/kelola/grosir/harga/{item_id}");
    let tap = Tap::of(format!("tier {item_id}"), form);
    let tx = db::begin(&app.db).await?;
    if let Some(answer) = tap.before(&tx).await? {
        return Ok(Ok(answer));
    }
    // A question keeps nothing: the transaction is dropped.
    if let Err(lowers) = tier::set(&tx, &app.clock, &operator.outlet, item_id, wish, operator.person_id).await? {
        return Ok(Err(lowers));
    }
    tap.keep(&tx, &app.clock, &url).await?;
    tx.commit().await?;
    Ok(Ok(done(&url, "wholesale.tier_set")))
}

/// `POST /kelola/grosir/jenjang/{tier}/akhiri`
pub async fn end(operator: Operator, tier: Path<i64>, _form: Form, app: Data<App>) -> Result<HttpResponse> {
    let tx = db::begin(&app.db).await?;
    let item_id = tier::end(&tx, &app.clock, &operator.outlet, *tier, operator.person_id).await?;
    tx.commit().await?;
    Ok(done(&format!("/kelola/grosir/harga/{item_id}"), "wholesale.tier_ended"))
}
