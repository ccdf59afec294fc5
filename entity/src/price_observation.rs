//! What a staple cost at a market on a day, as somebody saw it there.
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{Rupiah, reference_price::Per};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "price_observation")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub village_id: i64,
    /// As the rows of the law call it.
    #[sea_orm(column_type = "Text")]
    pub commodity: String,
    pub per: Per,
    pub price: Rupiah,
    /// "Pasar Arjasa".
    #[sea_orm(column_type = "Text")]
    pub place: String,
    pub seen_on: Date,
    pub person_id: i64,
    pub created_at: DateTimeUtc,
    /// Whoever saw that it was written wrongly.
    pub withdrawn_by: Option<i64>,
    pub withdrawn_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
