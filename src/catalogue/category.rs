//! Shelves of the shop by what stands on them.
use serde::Serialize;

use crate::locale::Lang;
use entity::category;

/// A category as pages show it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Category {
    pub slug: String,
    pub name: String,
    /// Goods in it.
    pub count: i64,
    pub chosen: bool,
}

/// The name of a category in a language.
pub fn name(row: &category::Model, lang: Lang) -> &str {
    match lang {
        Lang::Id => &row.name_id,
        Lang::Mad => &row.name_mad,
        Lang::En => &row.name_en,
    }
}
