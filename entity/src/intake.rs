//! A hand-over of goods at the outlet or at a crafter's door (setoran): who, what, how many of which grade, on what terms.
//!
//! Amounts of goods are whole pieces, or whole square centimetres where the product is sold by the square metre.
use sea_orm::entity::prelude::*;

use crate::{Rupiah, lot::Terms};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "intake")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub outlet_id: i64,
    pub crafter_id: i64,
    pub item_id: i64,
    /// What people say and print: S-2611-0042-7, the last a check digit.
    #[sea_orm(unique, column_type = "Text")]
    pub number: String,
    /// Names its receipt for whoever holds it.
    #[sea_orm(unique, column_type = "Text")]
    pub secret: String,
    pub terms: Terms,
    pub grade_a: i64,
    pub grade_b: i64,
    pub rejected: i64,
    #[sea_orm(column_type = "Text")]
    pub reject_reason: Option<String>,
    /// The price agreed for a piece, or a square metre, of grade A that is bought; zero when it is consigned.
    pub cost: Rupiah,
    pub cost_b: Rupiah,
    /// How the price of a piece is shared, in hundredths of a percent; together 10,000.
    pub maker_bp: i64,
    pub outlet_bp: i64,
    pub group_bp: i64,
    /// What of a piece is material that the maker was given in advance, in rupiah.
    pub material: Rupiah,
    /// The part of a big order it was made for.
    pub assignment_id: Option<i64>,
    /// Who took it in.
    pub person_id: i64,
    #[sea_orm(column_type = "Text")]
    pub photo: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub note: Option<String>,
    /// Names the hand-over once and for all.
    #[sea_orm(unique, column_type = "Text")]
    pub source_key: String,
    /// When it happened, as far as anybody knows.
    pub taken_at: DateTimeUtc,
    /// When the books heard of it.
    pub received_at: DateTimeUtc,
    pub reversed_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text")]
    pub reverse_reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::outlet::Entity", from = "Column::OutletId", to = "super::outlet::Column::Id")]
    Outlet,
    #[sea_orm(belongs_to = "super::crafter::Entity", from = "Column::CrafterId", to = "super::crafter::Column::Id")]
    Crafter,
    #[sea_orm(belongs_to = "super::item::Entity", from = "Column::ItemId", to = "super::item::Column::Id")]
    Item,
    #[sea_orm(belongs_to = "super::person::Entity", from = "Column::PersonId", to = "super::person::Column::Id")]
    Person,
}

impl Related<super::outlet::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Outlet.def()
    }
}

impl Related<super::crafter::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Crafter.def()
    }
}

impl Related<super::item::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Item.def()
    }
}

impl Related<super::person::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Person.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
