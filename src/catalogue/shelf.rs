//! What stands on the shelves, kept in memory: enough to find, filter, sort and count. What is *shown* of a product,
//! its price and its stock above all, is read from the database each time, in one statement for a page of cards.
use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, QueryOrder, Statement};

use super::search::{Index, Texts};
use crate::{db::Db, error::Result};
use entity::{Rupiah, category, category::Kind, outlet, product::Unit, village};

/// Cards on a page.
pub const PAGE: usize = 24;
/// From so many goods on the shelves are put in order beside the requests, which meanwhile see them as they were.
const MANY: usize = 20_000;

/// How a list is ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Best answer first when words were asked for, else newest first.
    #[default]
    Usual,
    Newest,
    Cheapest,
    Dearest,
    /// What can be sent today comes first.
    Ready,
}

impl Sort {
    /// All orders with the word that stands for them in an address.
    pub const ALL: [(Sort, &'static str); 4] =
        [(Sort::Newest, "terbaru"), (Sort::Cheapest, "termurah"), (Sort::Dearest, "termahal"), (Sort::Ready, "siap")];

    /// The order of a word, the usual one for anything unknown.
    pub fn of(word: &str) -> Sort {
        Sort::ALL.iter().find(|(_, name)| *name == word).map_or(Sort::Usual, |(sort, _)| *sort)
    }

    /// The word of an order; empty for the usual one.
    pub fn word(self) -> &'static str {
        Sort::ALL.iter().find(|(sort, _)| *sort == self).map_or("", |(_, name)| name)
    }
}

/// What somebody is looking for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    pub words: String,
    pub category: Option<i64>,
    pub min: Option<i64>,
    pub max: Option<i64>,
    pub sort: Sort,
    /// From 1.
    pub page: usize,
}

/// One page of what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picked {
    pub ids: Vec<i64>,
    pub total: usize,
    pub page: usize,
    pub pages: usize,
    /// The words as they were understood, when they were typed with errors.
    pub understood: Option<String>,
}

#[derive(Clone, Copy, Debug)]
struct Good {
    id: i64,
    category: i64,
    min: i64,
    max: i64,
}

/// The published goods at one moment. Numbers in it count from the newest.
#[derive(Debug, Default)]
pub struct Shelf {
    mark: String,
    goods: Vec<Good>,
    cheapest: Vec<u32>,
    by_category: HashMap<i64, Vec<u32>>,
    index: Index,
    pub categories: Vec<category::Model>,
    /// The outlet of the front page, with its village.
    pub outlet: Option<(outlet::Model, village::Model)>,
}

impl Shelf {
    /// How many goods stand in a category.
    pub fn count(&self, category_id: i64) -> usize {
        self.by_category.get(&category_id).map_or(0, Vec::len)
    }

    pub fn len(&self) -> usize {
        self.goods.len()
    }

    pub fn is_empty(&self) -> bool {
        self.goods.is_empty()
    }

    /// The category of an address.
    pub fn category(&self, slug: &str) -> Option<&category::Model> {
        self.categories.iter().find(|category| category.slug == slug)
    }

    /// The newest goods of a kind.
    pub fn newest(&self, kind: Kind, n: usize) -> Vec<i64> {
        let of_kind = |id: i64| self.categories.iter().any(|category| category.id == id && category.kind == kind);
        self.goods.iter().filter(|good| of_kind(good.category)).take(n).map(|good| good.id).collect()
    }

    /// Other goods of the same category, or else of any.
    pub fn similar(&self, product_id: i64, category_id: i64, n: usize) -> Vec<i64> {
        let near = self.by_category.get(&category_id).into_iter().flatten().map(|at| self.goods[*at as usize].id);
        let mut ids: Vec<i64> = near.filter(|id| *id != product_id).take(n).collect();
        for good in self.goods.iter().take(4 * n) {
            if ids.len() < n && good.id != product_id && !ids.contains(&good.id) {
                ids.push(good.id);
            }
        }
        ids
    }

    /// One page of what answers a wish. `ready` are the goods in stock, needed only for that order.
    pub fn pick(&self, wish: &Wish, ready: &HashSet<i64>) -> Picked {
        let mut understood = None;
        let found = match self.index.find(&wish.words) {
            Some(found) => {
                understood = found.understood;
                Some(found.goods)
            }
            None => None,
        };
        let plain = found.is_none() && wish.min.is_none() && wish.max.is_none();
        if plain && matches!(wish.sort, Sort::Usual | Sort::Newest) {
            return match wish.category {
                None => self.page(wish.page, self.goods.len(), |n| n),
                Some(category) => {
                    let numbers = self.by_category.get(&category).map_or(&[][..], Vec::as_slice);
                    self.page(wish.page, numbers.len(), |n| numbers[n] as usize)
                }
            };
        }
        let fits = |number: &u32| {
            let good = self.goods[*number as usize];
            wish.category.is_none_or(|category| good.category == category)
                && wish.min.is_none_or(|min| good.max >= min)
                && wish.max.is_none_or(|max| good.min <= max)
        };
        let mut numbers: Vec<u32> = match (found, wish.sort) {
            (Some(found), _) => found.into_iter().filter(fits).collect(),
            (None, Sort::Cheapest | Sort::Dearest) => self.cheapest.iter().copied().filter(fits).collect(),
            (None, _) => (0..self.goods.len() as u32).filter(fits).collect(),
        };
        match wish.sort {
            Sort::Usual => {}
            Sort::Newest => numbers.sort_unstable(),
            Sort::Cheapest => numbers.sort_by_key(|number| self.goods[*number as usize].min),
            Sort::Dearest => numbers.sort_by_key(|number| std::cmp::Reverse(self.goods[*number as usize].max)),
            Sort::Ready => numbers.sort_by_key(|number| !ready.contains(&self.goods[*number as usize].id)),
        }
        Picked { understood, ..self.page(wish.page, numbers.len(), |n| numbers[n] as usize) }
    }

    /// Cuts a page out of `total` goods; a page after the last is the last.
    fn page(&self, page: usize, total: usize, number: impl Fn(usize) -> usize) -> Picked {
        let pages = total.div_ceil(PAGE).max(1);
        let page = page.clamp(1, pages);
        let ids = ((page - 1) * PAGE..total).take(PAGE).map(|n| self.goods[number(n)].id).collect();
        Picked { ids, total, page, pages, understood: None }
    }
}

/// The shelf of this process, made anew when a product has changed, not at each change of stock.
#[derive(Debug)]
pub struct Shelves {
    now: RwLock<Arc<Shelf>>,
    seen: AtomicU64,
    building: Arc<tokio::sync::Mutex<()>>,
}

impl Default for Shelves {
    fn default() -> Shelves {
        Shelves { now: RwLock::default(), seen: AtomicU64::new(u64::MAX), building: Arc::default() }
    }
}

impl Shelves {
    /// The shelf as it stands. Asks the database only after something that guests see has changed.
    pub async fn now(self: &Arc<Self>, db: &Db) -> Result<Arc<Shelf>> {
        let version = db.shown_version();
        if self.seen.load(Ordering::Acquire) == version {
            return Ok(self.current());
        }
        if self.current().len() < MANY {
            let _turn = self.building.lock().await;
            self.renew(db, version).await?;
        } else if let Ok(turn) = self.building.clone().try_lock_owned() {
            let (shelves, db) = (self.clone(), db.clone());
            tokio::spawn(async move {
                let _turn = turn;
                if let Err(e) = shelves.renew(&db, version).await {
                    tracing::error!("the shelves stay as they were: {e}");
                }
            });
        }
        Ok(self.current())
    }

    fn current(&self) -> Arc<Shelf> {
        self.now.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn renew(&self, db: &Db, version: u64) -> Result<()> {
        if self.seen.load(Ordering::Acquire) == version {
            return Ok(());
        }
        let mark = mark(db).await?;
        if self.current().mark != mark {
            let shelf = load(db, mark).await?;
            *self.now.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(shelf);
        }
        self.seen.store(version, Ordering::Release);
        Ok(())
    }
}

/// Changes with every change of a product's text, price or state: each moves `updated_at` or adds a row.
async fn mark(db: &impl ConnectionTrait) -> Result<String> {
    let row = db
        .query_one_raw(Statement::from_string(
            db.get_database_backend(),
            "SELECT CAST(MAX(updated_at) AS TEXT) AS latest, \
             (SELECT COUNT(*) FROM product WHERE state = 'published') AS published, \
             (SELECT COALESCE(MAX(id), 0) FROM price_change) AS prices, \
             (SELECT COALESCE(MAX(id), 0) FROM category) AS categories, \
             (SELECT COALESCE(MAX(id), 0) FROM outlet) AS outlets FROM product",
        ))
        .await?;
    let Some(row) = row else { return Ok(String::new()) };
    let latest: Option<String> = row.try_get("", "latest")?;
    let mut mark = latest.unwrap_or_default();
    for column in ["published", "prices", "categories", "outlets"] {
        let number: i64 = row.try_get("", column)?;
        mark.push_str(&format!(" {number}"));
    }
    Ok(mark)
}

#[derive(FromQueryResult)]
struct GoodRow {
    id: i64,
    name: String,
    description: String,
    search: String,
    category_id: i64,
    price_min: i64,
    price_max: i64,
    maker: Option<String>,
    dusun: Option<String>,
}

async fn load(db: &impl ConnectionTrait, mark: String) -> Result<Shelf> {
    let categories = category::Entity::find().order_by_asc(category::Column::Position).all(db).await?;
    let outlet = outlet::Entity::find()
        .order_by_asc(outlet::Column::Id)
        .find_also_related(village::Entity)
        .one(db)
        .await?
        .and_then(|(outlet, village)| Some((outlet, village?)));
    // Goods by weight are sold at the counter, where there are scales.
    let rows = GoodRow::find_by_statement(Statement::from_string(
        db.get_database_backend(),
        "SELECT p.id, p.name, p.description, p.search, p.category_id, p.price_min, p.price_max, \
         c.name AS maker, c.dusun FROM product p LEFT JOIN crafter c ON c.id = p.crafter_id \
         WHERE p.state = 'published' AND NOT EXISTS \
         (SELECT 1 FROM item l WHERE l.product_id = p.id AND l.measure <> 'piece') \
         ORDER BY p.published_at DESC, p.id DESC",
    ))
    .all(db)
    .await?;
    let mut shelf = Shelf { mark, outlet, ..Shelf::default() };
    for (number, row) in rows.iter().enumerate() {
        let category = categories.iter().find(|category| category.id == row.category_id);
        let category = category.map_or(String::new(), |c| format!("{} {} {}", c.name_id, c.name_mad, c.name_en));
        shelf.index.add(&Texts {
            name: &row.name,
            category: &category,
            maker: row.maker.as_deref().unwrap_or(""),
            dusun: row.dusun.as_deref().unwrap_or(""),
            more: &format!("{} {}", row.description, row.search),
        });
        shelf.goods.push(Good { id: row.id, category: row.category_id, min: row.price_min, max: row.price_max });
        shelf.by_category.entry(row.category_id).or_default().push(number as u32);
    }
    shelf.cheapest = (0..rows.len() as u32).collect();
    shelf.cheapest.sort_by_key(|number| shelf.goods[*number as usize].min);
    shelf.categories = categories;
    Ok(shelf)
}

/// What a card shows, as it stands in the database now.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Card {
    pub id: i64,
    pub slug: String,
    pub name: String,
    pub unit: Unit,
    pub price_min: Rupiah,
    pub price_max: Rupiah,
    pub cover: Option<String>,
    pub days_to_make: Option<i64>,
    pub category_id: i64,
    pub maker: Option<String>,
    pub maker_slug: Option<String>,
    pub dusun: Option<String>,
    /// Pieces on hand that nobody was promised, over all sizes.
    pub available: i64,
}

/// Columns of a card; what can be sold now is summed where the pieces lie. The state is wrapped so that no engine takes
/// its index, which leads through all published goods, in place of the few ids.
const CARD: &str = "SELECT p.id, p.slug, p.name, p.unit, p.price_min, p.price_max, p.cover, p.days_to_make, \
     p.category_id, c.name AS maker, c.slug AS maker_slug, c.dusun, \
     CAST((SELECT COALESCE(SUM(s.on_hand - s.promised), 0) FROM item i JOIN stock s ON s.item_id = i.id AND s.on_shelf \
     WHERE i.product_id = p.id AND i.archived_at IS NULL) AS BIGINT) AS available \
     FROM product p LEFT JOIN crafter c ON c.id = p.crafter_id WHERE COALESCE(p.state, '') = 'published' AND ";

/// Cards of these goods, in this order, in one statement. Goods no longer published are left out.
pub async fn cards(db: &impl ConnectionTrait, ids: &[i64]) -> Result<Vec<Card>> {
    let Some(last) = ids.last() else { return Ok(Vec::new()) };
    // Lists are filled up to a multiple of eight, so that few different statements are prepared.
    let filled = ids.iter().copied().chain(std::iter::repeat(*last)).take(ids.len().next_multiple_of(8));
    let marks = (1..=ids.len().next_multiple_of(8)).map(|n| format!("${n}")).collect::<Vec<_>>().join(",");
    let sql = format!("{CARD} p.id IN ({marks})");
    let rows = Card::find_by_statement(statement(db, sql, filled)).all(db).await?;
    let mut by_id: HashMap<i64, Card> = rows.into_iter().map(|card| (card.id, card)).collect();
    Ok(ids.iter().filter_map(|id| by_id.remove(id)).collect())
}

/// Cards of a maker's goods, newest first.
pub async fn cards_of_maker(db: &impl ConnectionTrait, crafter_id: i64, n: i64) -> Result<Vec<Card>> {
    let sql = format!("{CARD} p.crafter_id = $1 ORDER BY p.published_at DESC, p.id DESC LIMIT $2");
    Ok(Card::find_by_statement(statement(db, sql, [crafter_id, n])).all(db).await?)
}

/// Goods of which at least one piece can be sent now.
pub async fn ready(db: &impl ConnectionTrait) -> Result<HashSet<i64>> {
    let sql = "SELECT DISTINCT i.product_id FROM item i JOIN stock s ON s.item_id = i.id AND s.on_shelf \
               WHERE i.archived_at IS NULL AND s.on_hand > s.promised";
    let rows = db.query_all_raw(statement(db, sql.to_owned(), [])).await?;
    rows.iter().map(|row| Ok(row.try_get("", "product_id")?)).collect()
}

/// `$1` is understood by both engines.
pub(super) fn statement(db: &impl ConnectionTrait, sql: String, values: impl IntoIterator<Item = i64>) -> Statement {
    Statement::from_sql_and_values(db.get_database_backend(), sql, values.into_iter().map(Into::into))
}
