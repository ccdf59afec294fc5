//! What the provider says of a transaction, as last fetched.
use sea_orm::entity::prelude::*;

use crate::Rupiah;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payment_transaction")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(unique, column_type = "Text")]
    pub transaction_id: String,
    pub attempt_id: i64,
    #[sea_orm(column_type = "Text")]
    pub status: String,
    #[sea_orm(column_type = "Text")]
    pub fraud: Option<String>,
    pub gross: Rupiah,
    /// How much of it was given back so far.
    pub refunded: Rupiah,
    /// Its money pays no bill: a person has booked it by itself.
    pub apart: bool,
    #[sea_orm(column_type = "Text")]
    pub issuer: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub acquirer: Option<String>,
    pub settled_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "JsonBinary")]
    pub fetched: Json,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::payment_attempt::Entity",
        from = "Column::AttemptId",
        to = "super::payment_attempt::Column::Id"
    )]
    Attempt,
}

impl Related<super::payment_attempt::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Attempt.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
