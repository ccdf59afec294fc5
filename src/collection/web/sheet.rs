//! What pages show of a hand-over.
use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::Serialize;

use crate::{
    collection::{
        amount,
        intake::{self, Model, percent},
    },
    error::Result,
    outlet::earning::Shares,
};
use entity::{Rupiah, crafter, item, lot, lot::Terms, person, product, product::Unit};

/// One hand-over as it is read.
#[derive(Clone, Debug, Serialize)]
pub(in crate::collection) struct Sheet {
    pub id: i64,
    pub number: String,
    pub receipt_url: String,
    pub crafter_id: i64,
    pub crafter: String,
    pub face: Option<String>,
    pub home: String,
    pub goods: String,
    pub item_id: i64,
    pub cover: Option<String>,
    /// Measured in square metres.
    pub measured: bool,
    /// "12", "2,5"; none where there are none.
    pub grade_a: Option<String>,
    pub grade_b: Option<String>,
    pub rejected: Option<String>,
    pub reject_reason: Option<String>,
    pub bought: bool,
    pub cost: i64,
    pub cost_b: i64,
    /// What a sold piece brings its maker.
    pub maker: i64,
    pub maker_percent: String,
    pub material: i64,
    /// What is owed for bought goods.
    pub owed: i64,
    /// Whole pieces or square metres that came onto the shelf.
    pub whole: i64,
    pub note: Option<String>,
    pub who: String,
    pub taken_at: DateTime<Utc>,
    /// When the books heard of it, where that was later.
    pub late: Option<DateTime<Utc>>,
    pub reversed_at: Option<DateTime<Utc>>,
    pub reverse_reason: Option<String>,
}

/// Heard of so much later, a hand-over was written down without signal.
const LATE_MINUTES: i64 = 10;

impl Sheet {
    pub fn sample(terms: Terms) -> Sheet {
        let bought = terms == Terms::Bought;
        Sheet {
            id: 7,
            number: "S-2611-0042-7".into(),
            receipt_url: "/setoran/abcdefghijklmnopqrstuv".into(),
            crafter_id: 4,
            crafter: "Bu Sati".into(),
            face: Some("c0123456789abcdef0123".into()),
            home: "RT 3, Krajan".into(),
            goods: "Keranjang sampah anyam, Besar".into(),
            item_id: 9,
            cover: Some("p0123456789abcdef0123".into()),
            measured: !bought,
            grade_a: Some("12".into()),
            grade_b: Some("2".into()),
            rejected: Some("1".into()),
            reject_reason: Some("Retak".into()),
            bought,
            cost: if bought { 20_000 } else { 0 },
            cost_b: if bought { 15_000 } else { 0 },
            maker: 21_280,
            maker_percent: "76".into(),
            material: 2_000,
            owed: if bought { 270_000 } else { 0 },
            whole: 14,
            note: Some("Ujungnya belum dirapikan".into()),
            who: "Bu Siti Aminah".into(),
            taken_at: DateTime::UNIX_EPOCH,
            late: bought.then_some(DateTime::UNIX_EPOCH),
            reversed_at: bought.then_some(DateTime::UNIX_EPOCH),
            reverse_reason: bought.then(|| "Salah orang".into()),
        }
    }
}

/// Where a household lives, in a few words.
pub(in crate::collection) fn home(crafter: &crafter::Model) -> String {
    let rt = crafter.rt.trim_start_matches('0');
    if rt.is_empty() { crafter.dusun.clone() } else { format!("RT {rt}, {}", crafter.dusun) }
}

/// The name of goods with their size.
pub(in crate::collection) fn goods_name(product: &product::Model, item: &item::Model) -> String {
    if item.name.is_empty() { product.name.clone() } else { format!("{}, {}", product.name, item.name) }
}

/// Hand-overs with everything that is read on them, in the order given.
pub(in crate::collection) async fn of(db: &impl ConnectionTrait, intakes: &[Model]) -> Result<Vec<Sheet>> {
    let ids = |of: fn(&Model) -> i64| intakes.iter().map(of).collect::<Vec<i64>>();
    let crafters = crafter::Entity::find().filter(crafter::Column::Id.is_in(ids(|one| one.crafter_id))).all(db).await?;
    let crafters: HashMap<_, _> = crafters.into_iter().map(|row| (row.id, row)).collect();
    let goods = item::Entity::find()
        .filter(item::Column::Id.is_in(ids(|one| one.item_id)))
        .find_also_related(product::Entity)
        .all(db)
        .await?;
    let goods: HashMap<_, _> =
        goods.into_iter().filter_map(|(item, product)| Some((item.id, (item, product?)))).collect();
    let people = person::Entity::find().filter(person::Column::Id.is_in(ids(|one| one.person_id))).all(db).await?;
    let people: HashMap<_, _> = people.into_iter().map(|row| (row.id, row.name)).collect();
    let rows = lot::Entity::find()
        .filter(lot::Column::IntakeId.is_in(ids(|one| one.id)))
        .filter(lot::Column::OriginId.is_null())
        .all(db)
        .await?;
    let mut lots: HashMap<i64, Vec<lot::Model>> = HashMap::new();
    for row in rows {
        lots.entry(row.intake_id.unwrap_or_default()).or_default().push(row);
    }
    let sheet = |intake: &Model| {
        let crafter = crafters.get(&intake.crafter_id)?;
        let (item, product) = goods.get(&intake.item_id)?;
        let who = people.get(&intake.person_id).cloned().unwrap_or_default();
        let lots = lots.get(&intake.id).map(Vec::as_slice).unwrap_or_default();
        Some(one(intake, crafter, (item, product), who, lots))
    };
    Ok(intakes.iter().filter_map(sheet).collect())
}

fn one(
    intake: &Model,
    crafter: &crafter::Model,
    (item, product): (&item::Model, &product::Model),
    who: String,
    lots: &[lot::Model],
) -> Sheet {
    let bought = intake.terms == Terms::Bought;
    let written = |number: i64| (number > 0).then(|| amount::written(product.unit, number));
    let agreed = [intake.maker_bp, intake.outlet_bp, intake.group_bp];
    // What was said at the hand-over stands, whatever the price became.
    let said = lots.first().filter(|_| !bought).map(|lot| lot.cost);
    let owed = lots.iter().filter(|_| bought).filter_map(|lot| lot.cost.times(lot.received)).sum::<Rupiah>();
    let minutes = (intake.received_at - intake.taken_at).num_minutes();
    Sheet {
        id: intake.id,
        number: intake.number.clone(),
        receipt_url: intake::receipt_url(intake),
        crafter_id: crafter.id,
        crafter: crafter.name.clone(),
        face: crafter.face.clone(),
        home: home(crafter),
        goods: goods_name(product, item),
        item_id: item.id,
        cover: product.cover.clone(),
        measured: product.unit == Unit::SquareMetre,
        grade_a: written(intake.grade_a),
        grade_b: written(intake.grade_b),
        rejected: written(intake.rejected),
        reject_reason: intake.reject_reason.clone(),
        bought,
        cost: intake.cost.0,
        cost_b: intake.cost_b.0,
        maker: said.unwrap_or_else(|| Shares::cut(item.price, agreed).maker).0,
        maker_percent: percent(intake.maker_bp),
        material: intake.material.0,
        owed: owed.0,
        whole: lots.iter().map(|lot| lot.received).sum(),
        note: intake.note.clone(),
        who,
        taken_at: intake.taken_at,
        late: (minutes >= LATE_MINUTES).then_some(intake.received_at),
        reversed_at: intake.reversed_at,
        reverse_reason: intake.reverse_reason.clone(),
    }
}
