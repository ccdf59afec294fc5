//! How much of something a family may have within some days, from a day on.
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "household_limit")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Of one village; none: of all.
    pub village_id: Option<i64>,
    /// What the rows of the law call it.
    #[sea_orm(column_type = "Text")]
    pub commodity: String,
    /// In grams, millilitres or pieces.
    pub most: i64,
    /// For so many days together.
    pub days: i64,
    pub valid_from: Date,
    /// The last day; none: until further notice.
    pub valid_to: Option<Date>,
    #[sea_orm(column_type = "Text")]
    pub instrument: String,
    /// Where it stands.
    #[sea_orm(column_type = "Text")]
    pub source: String,
    /// Who wrote it down; none: it came with the program.
    pub person_id: Option<i64>,
    pub created_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
