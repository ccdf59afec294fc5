//! One look at all the money: what the provider holds, what the books say, and where they differ.
use sea_orm::entity::prelude::*;

use crate::Rupiah;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payment_match")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub at: DateTimeUtc,
    /// What lay at the provider, in hundredths of a rupiah; none when it did not say.
    pub wallet_sen: Option<i64>,
    /// What our books said lay there.
    pub booked: Rupiah,
    /// How many orders were held against the provider.
    pub orders: i64,
    #[sea_orm(column_type = "JsonBinary")]
    pub findings: Json,
    /// The first sum of our own books that was wrong, if one was.
    #[sea_orm(column_type = "Text")]
    pub broken: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
