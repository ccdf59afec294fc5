//! Goods that came in together and remember whose they are.
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Rupiah;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum Terms {
    #[sea_orm(string_value = "bought")]
    Bought,
    #[sea_orm(string_value = "consigned")]
    Consigned,
    #[sea_orm(string_value = "own")]
    Own,
}

/// How well a piece is made, as it was judged when it was handed in.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Grade {
    #[sea_orm(string_value = "A")]
    A,
    #[sea_orm(string_value = "B")]
    B,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lot")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub item_id: i64,
    pub place_id: i64,
    pub owner_id: Option<i64>,
    pub terms: Terms,
    pub cost: Rupiah,
    pub received: i64,
    pub remaining: i64,
    pub grade: Option<Grade>,
    pub received_at: DateTimeUtc,
    /// The hand-over it came by.
    pub intake_id: Option<i64>,
    /// The lot these pieces were moved out of, when they stand elsewhere.
    pub origin_id: Option<i64>,
    /// What was agreed: how the price of a piece is shared, in hundredths of a percent. None: as the product says.
    pub maker_bp: Option<i64>,
    pub outlet_bp: Option<i64>,
    pub group_bp: Option<i64>,
    /// What of a piece is material that the maker was given in advance, in rupiah.
    pub material: Rupiah,
    /// Names the lot on its tags.
    #[sea_orm(column_type = "Text", unique)]
    pub secret: Option<String>,
    /// The last day it may be sold on.
    pub expires_on: Option<Date>,
    #[sea_orm(column_type = "Text")]
    pub batch: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::item::Entity", from = "Column::ItemId", to = "super::item::Column::Id")]
    Item,
    #[sea_orm(belongs_to = "super::place::Entity", from = "Column::PlaceId", to = "super::place::Column::Id")]
    Place,
    #[sea_orm(belongs_to = "super::crafter::Entity", from = "Column::OwnerId", to = "super::crafter::Column::Id")]
    Owner,
}

impl Related<super::item::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Item.def()
    }
}

impl Related<super::place::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Place.def()
    }
}

impl Related<super::crafter::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Owner.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
