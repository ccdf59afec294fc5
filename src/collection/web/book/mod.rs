//! A crafter's book: `/karya/buku` on their own phone, and the same at `/kelola/perajin/{crafter}/buku` for who keeps the
//! outlet's books.
mod all;
mod document;
mod goods;
mod home;
mod kiosk;
mod lines;
mod money;
mod paper;
mod replaced;
mod sale;

use std::{collections::BTreeMap, future::Future, pin::Pin};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    web::{self, Data},
};
use sea_orm::EntityTrait;
use serde::{Deserialize, Serialize};

use crate::{
    accounts::{
        self,
        visit::{BookReader, Crafter, Visit},
    },
    app::App,
    collection::{
        amount,
        goods::{Thing, things},
    },
    db::Db,
    error::{Error, Result},
    page::Sample,
};
use entity::{crafter, outlet, product::Unit};

pub(super) fn configure(cfg: &mut web::ServiceConfig) {
    for base in ["/karya/buku", "/kelola/perajin/{crafter}/buku"] {
        cfg.route(base, web::get().to(home::show))
            .route(&format!("{base}/setoran"), web::get().to(goods::handed_in))
            .route(&format!("{base}/jualan"), web::get().to(goods::on_shelf))
            .route(&format!("{base}/laku"), web::get().to(sale::list))
            .route(&format!("{base}/laku/{{id}}"), web::get().to(sale::show))
            .route(&format!("{base}/uang"), web::get().to(money::show))
            .route(&format!("{base}/kios"), web::get().to(kiosk::list))
            .route(&format!("{base}/kios/{{id}}"), web::get().to(kiosk::visit))
            .route(&format!("{base}/ganti/{{id}}"), web::get().to(replaced::show))
            .route(&format!("{base}/bayar/{{id}}"), web::get().to(document::payout))
            .route(&format!("{base}/utang/{{id}}"), web::get().to(document::debt))
            .route(&format!("{base}/cetak"), web::get().to(paper::print))
            .route(&format!("{base}/gambar.png"), web::get().to(paper::picture));
    }
    cfg.route("/karya/uang", web::get().to(money::moved)).route("/kelola/buku", web::get().to(all::list));
}

pub(super) fn samples() -> Vec<Sample> {
    [
        home::samples(),
        goods::samples(),
        sale::samples(),
        money::samples(),
        document::samples(),
        kiosk::samples(),
        replaced::samples(),
        paper::samples(),
        all::samples(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Whose book is read, and by whom: a crafter their own, or somebody who may read the outlet's books.
struct Owner {
    visit: Visit,
    crafter: crafter::Model,
    outlet: outlet::Model,
    head: Head,
}

/// What stands at the head of each page of a book.
#[derive(Clone, Serialize)]
struct Head {
    name: String,
    face: Option<String>,
    outlet: String,
    /// The address of the book.
    base: String,
    is_own: bool,
}

impl Head {
    fn sample(is_own: bool) -> Head {
        Head {
            name: "Bu Sati".into(),
            face: Some("c0123456789abcdef0123".into()),
            outlet: "e-Warong Kemuning Lor".into(),
            base: if is_own { "/karya/buku" } else { "/kelola/perajin/1/buku" }.into(),
            is_own,
        }
    }
}

impl FromRequest for Owner {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Owner>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let app = Data::<App>::extract(&request).await.map_err(|e| anyhow::anyhow!("{e}"))?;
            let of = request.match_info().get("crafter");
            let (visit, crafter, outlet, base) = match of {
                None => {
                    let own = Crafter::extract(&request).await?;
                    let outlet = outlet::Entity::find_by_id(own.crafter.outlet_id).one(&app.db).await?;
                    let outlet = outlet.ok_or(Error::NotFound)?;
                    (own.visit, own.crafter, outlet, "/karya/buku".to_owned())
                }
                Some(id) => {
                    let reader = BookReader::extract(&request).await?;
                    let id = id.parse().map_err(|_| Error::NotFound)?;
                    let crafter = accounts::crafter::in_outlet(&app.db, reader.outlet.id, id).await?;
                    (reader.visit, crafter, reader.outlet, format!("/kelola/perajin/{id}/buku"))
                }
            };
            let head = Head {
                name: crafter.name.clone(),
                face: crafter.face.clone(),
                outlet: outlet.name.clone(),
                base,
                is_own: of.is_none(),
            };
            Ok(Owner { visit, crafter, outlet, head })
        })
    }
}

/// The document a page is about.
#[derive(Deserialize)]
struct One {
    id: i64,
}

/// Goods as pages show them.
#[derive(Clone, Debug, Default, Serialize)]
struct Seen {
    name: String,
    cover: Option<String>,
    is_area: bool,
}

impl Seen {
    fn of(thing: Option<&Thing>) -> Seen {
        let Some(thing) = thing else { return Seen::default() };
        let is_area = thing.unit == Unit::SquareMetre;
        Seen { name: thing.name.clone(), cover: thing.cover.clone(), is_area }
    }

    fn sample() -> Seen {
        Seen { name: "Keranjang sampah anyam".into(), cover: Some("p0123456789abcdef0123".into()), is_area: false }
    }
}

/// Goods by their items.
async fn seen(db: &Db, ids: impl IntoIterator<Item = i64>) -> Result<BTreeMap<i64, Seen>> {
    let things = things(db, ids).await?;
    Ok(things.iter().map(|(id, thing)| (*id, Seen::of(Some(thing)))).collect())
}

/// A number of the books of hand-overs as it is said.
fn said(seen: &Seen, number: i64) -> String {
    amount::written(if seen.is_area { Unit::SquareMetre } else { Unit::Piece }, number)
}
