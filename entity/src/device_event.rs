//! Something that happened on a phone, as the phone told it, with what became of it. Only the decision is added later.
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    #[sea_orm(string_value = "accepted")]
    Accepted,
    /// It can be mended and sent again as another event.
    #[sea_orm(string_value = "refused")]
    Refused,
    /// A person must decide.
    #[sea_orm(string_value = "held")]
    Held,
}

/// What a person made of a held event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    #[sea_orm(string_value = "accepted")]
    Accepted,
    #[sea_orm(string_value = "dismissed")]
    Dismissed,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "device_event")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub device_id: i64,
    pub outlet_id: i64,
    /// The event's id; what was not proven to come from the device has a key that stands in nobody's way.
    #[sea_orm(unique, column_type = "Text")]
    pub source_key: String,
    #[sea_orm(column_type = "Text")]
    pub event_id: String,
    pub counter: i64,
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    /// As the phone's clock had it, letter for letter.
    #[sea_orm(column_type = "Text")]
    pub recorded_at: String,
    /// The same by our clock.
    pub corrected_at: DateTimeUtc,
    pub received_at: DateTimeUtc,
    /// Who did it on the phone.
    pub person_id: Option<i64>,
    /// Who was signed in when it was sent.
    pub sender_id: i64,
    #[sea_orm(column_type = "Text")]
    pub body: String,
    #[sea_orm(column_type = "Text")]
    pub signature: String,
    #[sea_orm(column_type = "Text")]
    pub content_hash: String,
    pub verdict: Verdict,
    /// The key of the sentence of a no, or of what a person must decide.
    #[sea_orm(column_type = "Text")]
    pub reason: Option<String>,
    #[sea_orm(column_type = "JsonBinary")]
    pub reason_values: Option<Json>,
    #[sea_orm(column_type = "JsonBinary")]
    pub answer: Option<Json>,
    pub decision: Option<Decision>,
    pub decided_by: Option<i64>,
    pub decided_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::device::Entity", from = "Column::DeviceId", to = "super::device::Column::Id")]
    Device,
}

impl Related<super::device::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Device.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
