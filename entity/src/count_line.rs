//! What was counted of one item, and what the books said at that moment.
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// How a difference came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// It dried, or became less by weighing out.
    #[sea_orm(string_value = "shrunk")]
    Shrunk,
    #[sea_orm(string_value = "spilled")]
    Spilled,
    #[sea_orm(string_value = "mice")]
    Mice,
    /// An earlier count or hand-over was wrong.
    #[sea_orm(string_value = "miscounted")]
    Miscounted,
    #[sea_orm(string_value = "theft")]
    Theft,
    #[sea_orm(string_value = "other")]
    Other,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "count_line")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub count_sheet_id: i64,
    pub item_id: i64,
    pub counted: i64,
    /// What the books said when it was counted.
    pub books: i64,
    /// The last move of the item that the books knew then.
    pub last_move_id: i64,
    pub counted_by: i64,
    pub counted_at: DateTimeUtc,
    pub cause: Option<Cause>,
    #[sea_orm(column_type = "Text")]
    pub words: Option<String>,
    /// What was booked.
    pub difference: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::count_sheet::Entity",
        from = "Column::CountSheetId",
        to = "super::count_sheet::Column::Id"
    )]
    Sheet,
}

impl Related<super::count_sheet::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Sheet.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
