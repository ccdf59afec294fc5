//! The demonstration village as it is written in `assets/demo/village.toml`.
use serde::Deserialize;

/// The whole file.
#[derive(Debug, Deserialize)]
pub struct Village {
    pub village: Place,
    pub outlet: Outlet,
    pub person: Vec<Person>,
    pub crafter: Vec<Crafter>,
    pub category: Vec<Category>,
    pub product: Vec<Product>,
    pub courier: Vec<Courier>,
}

#[derive(Debug, Deserialize)]
pub struct Place {
    pub code: String,
    pub name: String,
}

#[derive(Debug, Deserialize)]
pub struct Outlet {
    pub slug: String,
    pub name: String,
    pub phone: String,
    pub address: String,
    pub rt: String,
    pub rw: String,
    pub hours: String,
    /// Maker, outlet, group, in parts of ten thousand.
    pub shares: [i64; 3],
    pub cod_max: i64,
    /// Bank, account, holder.
    pub bank: [String; 3],
}

#[derive(Debug, Deserialize)]
pub struct Person {
    pub name: String,
    pub phone: String,
    pub role: String,
}

#[derive(Debug, Deserialize)]
pub struct Crafter {
    pub name: String,
    pub phone: Option<String>,
    pub face: String,
    pub dusun: String,
    pub rt: String,
    pub rw: String,
    pub group: Option<String>,
    pub story: String,
}

#[derive(Debug, Deserialize)]
pub struct Category {
    pub slug: String,
    /// Indonesian, Madurese, English.
    pub names: [String; 3],
    pub kind: String,
}

#[derive(Debug, Deserialize)]
pub struct Product {
    pub picture: String,
    pub category: String,
    pub maker: Option<String>,
    pub name: String,
    pub description: String,
    #[serde(default)]
    pub unit: Option<String>,
    pub days: Option<i64>,
    pub week: Option<i64>,
    pub items: Vec<Item>,
}

/// Name, price, length, width, height (cm), grams, how many nest, how many in stock.
#[derive(Debug, Deserialize)]
pub struct Item(pub String, pub i64, pub i64, pub i64, pub i64, pub i64, pub i64, pub i64);

#[derive(Debug, Deserialize)]
pub struct Courier {
    pub code: String,
    pub name: String,
    pub divisor: i64,
    pub min_grams: i64,
    pub step_grams: i64,
    pub rates: Vec<Rate>,
}

/// Zone, first step, each further step, days from, days to.
#[derive(Debug, Deserialize)]
pub struct Rate(pub String, pub i64, pub i64, pub i64, pub i64);

/// Reads the built-in file.
pub fn read() -> anyhow::Result<Village> {
    Ok(toml::from_str(include_str!("../../assets/demo/village.toml"))?)
}
