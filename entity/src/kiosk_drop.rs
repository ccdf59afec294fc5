//! Goods that were taken to a kiosk: the delivery note.
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "kiosk_drop")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub kiosk_id: i64,
    /// Names the delivery note: whoever has its link or code sees it.
    #[sea_orm(column_type = "Text", unique)]
    pub secret: String,
    /// The ship, the driver, the consignment number.
    #[sea_orm(column_type = "Text")]
    pub carrier: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub note: Option<String>,
    pub person_id: i64,
    #[sea_orm(column_type = "Text", unique)]
    pub source_key: String,
    pub at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::kiosk::Entity", from = "Column::KioskId", to = "super::kiosk::Column::Id")]
    Kiosk,
    #[sea_orm(belongs_to = "super::person::Entity", from = "Column::PersonId", to = "super::person::Column::Id")]
    Person,
    #[sea_orm(has_many = "super::kiosk_drop_line::Entity")]
    Line,
}

impl Related<super::kiosk_drop_line::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Line.def()
    }
}

impl Related<super::kiosk::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Kiosk.def()
    }
}

impl Related<super::person::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Person.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
