//! Taking a hand-over back that was entered wrongly: whole, while every piece of it is there.
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QuerySelect};
use serde_json::json;

use super::{
    amount,
    intake::{self, alike, lock, measured, product_of, read, remember, subject},
};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Refusal, Result},
    ledger,
    stock::{self, Cause},
};
use entity::{
    intake::{ActiveModel, Column, Entity, Model},
    lot,
    lot::Grade,
    outlet, product, stock_move,
};

/// Takes a hand-over back as if it had never been entered, with what was owed for it. Only while every piece of it is
/// there and none is promised beyond what else stands there.
pub async fn reverse(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    id: i64,
    reason: &str,
    person_id: i64,
) -> Result<Model> {
    let intake = read(tx, outlet.id, id).await?;
    lock(tx, clock, outlet.id, intake.item_id).await?;
    let intake = read(tx, outlet.id, id).await?;
    if intake.reversed_at.is_some() {
        return Err(Refusal::conflict("intake.already_reversed").into());
    }
    let lots = intake::lots(tx, id).await?;
    let gone: i64 = lots.iter().map(|lot| lot.received - lot.remaining).sum();
    if gone > 0 {
        return Err(Refusal::conflict("intake.some_are_gone").with("n", gone).into());
    }
    for lot in &lots {
        let source_key = format!("intake:{id}:reversed:{}", lot.id);
        let named = subject(id);
        let cause =
            Cause { subject: Some(&named), reason: Some(reason), person_id: Some(person_id), source_key: &source_key };
        stock::remove(tx, clock, lot.id, lot.remaining, stock_move::Kind::GivenBack, cause).await?;
    }
    let change = ActiveModel {
        id: Set(id),
        reversed_at: Set(Some(clock.now())),
        reverse_reason: Set(Some(reason.to_owned())),
        ..Default::default()
    };
    let reversed = Entity::update(change).exec(tx).await?;
    offcuts_stand(tx, &reversed).await?;
    ledger::reverse(tx, clock, &subject(id)).await?;
    remember(tx, clock, outlet, &reversed, "reversed", person_id, json!({ "reason": reason })).await?;
    Ok(reversed)
}

/// An offcut of a hand-over may have become part of a square metre of a later one, which then has to go first.
async fn offcuts_stand(tx: &Tx, intake: &Model) -> Result<()> {
    if product_of(tx, intake.item_id).await?.map(|product| product.unit) != Some(product::Unit::SquareMetre) {
        return Ok(());
    }
    for grade in [Grade::A, Grade::B] {
        let stands = measured(tx, intake, grade).await? / amount::SQUARE_METRE;
        let sum: Option<Option<i64>> = lot::Entity::find()
            .select_only()
            .column_as(lot::Column::Received.sum().cast_as("bigint"), "sum")
            .filter(
                lot::Column::IntakeId
                    .in_subquery(sea_orm::QueryTrait::into_query(alike(intake).select_only().column(Column::Id))),
            )
            .filter(lot::Column::OriginId.is_null())
            .filter(lot::Column::Grade.eq(grade))
            .into_tuple()
            .one(tx)
            .await?;
        if sum.flatten().unwrap_or(0) != stands {
            return Err(Refusal::conflict("intake.offcut_counted").into());
        }
    }
    Ok(())
}
