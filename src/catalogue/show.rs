//! One product as buyers see it: its sizes and what is left of each, its pictures, its maker, and where the money goes.
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};

use crate::error::Result;
use entity::{
    Rupiah,
    product::{State, Unit},
};

/// A product with whoever made it and wherever it is sold.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Product {
    pub id: i64,
    pub slug: String,
    pub name: String,
    pub description: String,
    pub state: State,
    pub unit: Unit,
    pub maker_bp: i64,
    pub outlet_bp: i64,
    pub group_bp: i64,
    pub days_to_make: Option<i64>,
    pub pieces_per_week: Option<i64>,
    pub pickup_only: bool,
    pub cover: Option<String>,
    pub category_id: i64,
    pub maker_slug: Option<String>,
    pub maker: Option<String>,
    pub dusun: Option<String>,
    pub face: Option<String>,
    pub group_name: Option<String>,
    pub village: String,
    pub kecamatan: String,
    pub kabupaten: String,
    pub outlet: String,
    pub outlet_phone: String,
}

/// One size, with what is left of it.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Size {
    pub id: i64,
    pub name: String,
    pub price: Rupiah,
    pub length_mm: i64,
    pub width_mm: i64,
    pub height_mm: i64,
    pub weight_grams: i64,
    pub available: i64,
}

/// A row of the one statement that reads a product: the product again for each of its sizes.
#[derive(FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    product: Product,
    photos: Option<String>,
    size_id: Option<i64>,
    size_name: Option<String>,
    price: Option<Rupiah>,
    length_mm: Option<i64>,
    width_mm: Option<i64>,
    height_mm: Option<i64>,
    weight_grams: Option<i64>,
    available: Option<i64>,
}

impl Row {
    fn size(&self) -> Option<Size> {
        Some(Size {
            id: self.size_id?,
            name: self.size_name.clone()?,
            price: self.price?,
            length_mm: self.length_mm?,
            width_mm: self.width_mm?,
            height_mm: self.height_mm?,
            weight_grams: self.weight_grams?,
            available: self.available?,
        })
    }
}

/// A product with everything that is shown of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    pub product: Product,
    /// The sizes that are sold, in the order the maker gave them.
    pub sizes: Vec<Size>,
    /// Names of the pictures that are ready, the cover first.
    pub photos: Vec<String>,
}

/// The product of an address in any state, in one statement; what may be shown of it is for the page to say.
pub async fn sheet(db: &impl ConnectionTrait, slug: &str) -> Result<Option<Sheet>> {
    let sql = "SELECT p.id, p.slug, p.name, p.description, p.state, p.unit, p.maker_bp, p.outlet_bp, p.group_bp, \
               p.days_to_make, p.pieces_per_week, p.pickup_only, p.cover, p.category_id, \
               c.slug AS maker_slug, c.name AS maker, c.dusun, c.face, c.group_name, \
               v.name AS village, v.kecamatan, v.kabupaten, o.name AS outlet, o.phone AS outlet_phone, \
               (SELECT string_agg(f.name, ',' ORDER BY f.position, f.id) FROM photo f WHERE f.subject = 'product' \
               AND f.subject_id = p.id AND f.state = 'ready') AS photos, \
               i.id AS size_id, i.name AS size_name, i.price, i.length_mm, i.width_mm, i.height_mm, i.weight_grams, \
               CAST((SELECT COALESCE(SUM(s.on_hand - s.promised), 0) FROM stock s WHERE s.item_id = i.id AND s.on_shelf) \
               AS BIGINT) \
               AS available \
               FROM product p JOIN outlet o ON o.id = p.outlet_id LEFT JOIN crafter c ON c.id = p.crafter_id \
               JOIN village v ON v.id = COALESCE(c.village_id, o.village_id) \
               LEFT JOIN item i ON i.product_id = p.id AND i.archived_at IS NULL \
               WHERE p.slug = $1 ORDER BY i.position, i.id";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [slug.into()]);
    let rows = Row::find_by_statement(statement).all(db).await?;
    let sizes = rows.iter().filter_map(Row::size).collect();
    let Some(Row { product, photos, .. }) = rows.into_iter().next() else { return Ok(None) };
    let mut names: Vec<String> = product.cover.iter().cloned().collect();
    for name in photos.iter().flat_map(|all| all.split(',')).filter(|name| !name.is_empty()) {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    Ok(Some(Sheet { product, sizes, photos: names }))
}

/// Where the money of one piece goes: maker, outlet, group. The parts sum to the price.
pub fn shares(product: &Product, price: Rupiah) -> [(i64, Rupiah); 3] {
    let weights = [product.maker_bp, product.outlet_bp, product.group_bp];
    let parts = price.split(&weights);
    std::array::from_fn(|n| (weights[n], parts[n]))
}
