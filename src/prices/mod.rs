//! What things may and should cost: the dated ceilings of the law, the reference bands that only warn, how a selling
//! price is made, what was seen at markets, and what a family may buy of rice that the state pays for.
//!
//! All of it is rules: rows with the days they hold for, and functions that judge a price on a day.
pub mod added;
pub mod limit;
pub mod observation;
pub mod past;
pub mod pool;
pub mod reference;
pub mod selling;
