//! A family, known at the counter by the token of its card and by nothing else.
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "family")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub village_id: i64,
    /// Printed on the card as a code; random.
    #[sea_orm(unique, column_type = "Text")]
    pub token: String,
    /// Keyed hash of the number of the family card, to find it again.
    #[sea_orm(column_type = "Text")]
    pub kk_hash: Option<String>,
    /// The number itself, sealed.
    #[sea_orm(column_type = "Text")]
    pub kk_sealed: Option<String>,
    /// Its last four digits.
    #[sea_orm(column_type = "Text")]
    pub kk_last: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub dusun: String,
    /// Who wrote it down.
    pub person_id: i64,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
