//! Who may list goods, and what every page of listing shows.
use actix_web::{FromRequest, HttpResponse, cookie::Cookie, web};
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};
use serde::Serialize;

use crate::{
    accounts::visit::{Crafter, FLASH_COOKIE, Operator, Visit},
    app::App,
    catalogue::{Hand, Side, category as shelves, product as goods},
    db::Tx,
    error::{Error, Result},
    form::{Form, FormView, Wrong},
    locale::Lang,
    page::see_other,
};
use entity::{category, crafter, product};

/// Somebody who may list goods: a crafter their own, an operator those of the outlet.
pub(super) trait Keeper: FromRequest<Error = Error> + 'static {
    /// Where their list is.
    const BASE: &'static str;
    const STAFF: bool;

    fn visit(&self) -> &Visit;
    fn hand(&self) -> Hand;
    /// The outlet their new goods belong to.
    fn outlet_id(&self) -> i64;
    /// The column and value that pick the makers they may list for.
    fn makers(&self) -> (crafter::Column, i64);
    /// Whether a product is theirs to change.
    fn keeps(&self, product: &product::Model) -> bool;

    /// A product of theirs; another's is not there.
    async fn product(&self, db: &impl ConnectionTrait, id: i64) -> Result<product::Model> {
        let found = product::Entity::find_by_id(id).one(db).await?;
        found.filter(|product| self.keeps(product)).ok_or(Error::NotFound)
    }

    /// The same, locked for writing.
    async fn locked(&self, tx: &Tx, id: i64) -> Result<product::Model> {
        let product = goods::lock(tx, id).await?;
        if self.keeps(&product) { Ok(product) } else { Err(Error::NotFound) }
    }

    /// A form as its page shows it again.
    fn form(&self, app: &App, form: &Form, wrong: &Wrong) -> FormView {
        FormView::new(form, wrong, app.templates.words(), self.visit().lang)
    }
}

impl Keeper for Crafter {
    const BASE: &'static str = "/karya";
    const STAFF: bool = false;

    fn visit(&self) -> &Visit {
        &self.visit
    }

    fn hand(&self) -> Hand {
        Hand { person_id: Some(self.person_id), village_id: Some(self.crafter.village_id), side: Side::Crafter }
    }

    fn outlet_id(&self) -> i64 {
        self.crafter.outlet_id
    }

    fn makers(&self) -> (crafter::Column, i64) {
        (crafter::Column::Id, self.crafter.id)
    }

    fn keeps(&self, product: &product::Model) -> bool {
        product.crafter_id == Some(self.crafter.id)
    }
}

impl Keeper for Operator {
    const BASE: &'static str = "/kelola/produk";
    const STAFF: bool = true;

    fn visit(&self) -> &Visit {
        &self.visit
    }

    fn hand(&self) -> Hand {
        Hand { person_id: Some(self.person_id), village_id: Some(self.outlet.village_id), side: Side::Operator }
    }

    fn outlet_id(&self) -> i64 {
        self.outlet.id
    }

    fn makers(&self) -> (crafter::Column, i64) {
        (crafter::Column::OutletId, self.outlet.id)
    }

    fn keeps(&self, product: &product::Model) -> bool {
        product.outlet_id == self.outlet.id
    }
}

/// One line of a menu.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Choice {
    pub value: String,
    pub label: String,
}

/// A product at the head of its pages.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Head {
    pub base: &'static str,
    pub staff: bool,
    pub id: i64,
    pub name: String,
    pub crafter: Option<String>,
    /// The step of a first listing, 0 when it is not one.
    pub step: u8,
}

impl Head {
    pub async fn of<K: Keeper>(db: &impl ConnectionTrait, product: &product::Model, step: u8) -> Result<Head> {
        let crafter = match product.crafter_id.filter(|_| K::STAFF) {
            Some(id) => crafter::Entity::find_by_id(id).one(db).await?.map(|crafter| crafter.name),
            None => None,
        };
        Ok(Head { base: K::BASE, staff: K::STAFF, id: product.id, name: product.name.clone(), crafter, step })
    }

    pub fn sample(staff: bool) -> Head {
        Head {
            base: if staff { Operator::BASE } else { Crafter::BASE },
            staff,
            id: 7,
            name: "Keranjang sampah anyam".into(),
            crafter: staff.then(|| "Bu Sati".into()),
            step: u8::from(!staff) * 2,
        }
    }
}

/// Categories to choose from; what is woven comes first, and a crafter sees nothing else.
pub(super) async fn categories(db: &impl ConnectionTrait, lang: Lang, staff: bool) -> Result<Vec<Choice>> {
    let mut rows = category::Entity::find().order_by_asc(category::Column::Position).all(db).await?;
    rows.retain(|row| staff || row.kind == category::Kind::Craft);
    rows.sort_by_key(|row| row.kind == category::Kind::Sembako);
    Ok(rows
        .iter()
        .map(|row| Choice { value: row.id.to_string(), label: shelves::name(row, lang).to_owned() })
        .collect())
}

/// A sentence of the domain becomes a sentence beside a field; everything else stays what it is.
pub(super) fn beside(field: &'static str, error: Error) -> Result<Wrong> {
    match error {
        Error::Refused(refusal) => Ok(Wrong::refusal(field, refusal)),
        other => Err(other),
    }
}

/// Goes on to a page that first says this.
pub(super) fn saying(url: &str, key: &'static str) -> HttpResponse {
    let mut answer = see_other(url);
    answer.add_cookie(&Cookie::build(FLASH_COOKIE, key).path("/").http_only(true).finish()).ok();
    answer
}

/// The step of a first listing that a page or form belongs to.
#[derive(Debug, Default, serde::Deserialize)]
pub(super) struct Step {
    #[serde(default)]
    pub langkah: String,
}

/// 2 or 3 within a first listing, else 0.
pub(super) fn step(text: &str) -> u8 {
    text.parse().ok().filter(|step| (2..=3).contains(step)).unwrap_or(0)
}

/// The path of a product's page or of something below it.
pub(super) fn path<K: Keeper>(id: i64, below: &str) -> String {
    format!("{}/{id}{below}", K::BASE)
}

pub(super) type State = web::Data<App>;
