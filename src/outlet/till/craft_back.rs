//! Pieces that households made and that come back to a till, by the rules of the page of their sale: into the lots they
//! came from, and what they had brought their makers is taken back. A till does not know whose pieces they are: those
//! that were sold last come back first.
use sea_orm::{ActiveValue::Set, EntityTrait};

use crate::{
    clock::Clock,
    db::Tx,
    error::Result,
    ledger::{self, Book, NewEntry},
    outlet::{
        sale,
        sale_return::{self, Bearer, NewLine, Part},
    },
    stock::Cause,
};
use entity::{
    Rupiah, earning,
    till_return::Model,
    till_return_line::{ActiveModel, Entity},
};

/// Pieces of one household, and what they had brought.
pub(super) type Pieces = (earning::Model, NewLine);

/// So many pieces of a line, by household; none when not so many can still come back.
pub(super) fn whose(parts: &mut [Part], line_id: i64, quantity: i64, is_good: bool) -> Option<Vec<Pieces>> {
    let mut wanted = quantity;
    let mut found = Vec::new();
    for part in parts.iter_mut().rev().filter(|part| part.line_id == line_id && part.left > 0) {
        let n = wanted.min(part.left);
        if n == 0 {
            break;
        }
        wanted -= n;
        part.left -= n;
        let (good, broken) = if is_good { (n, 0) } else { (0, n) };
        found.push((part.earning.clone(), NewLine { earning_id: part.earning.id, good, broken }));
    }
    (wanted == 0).then_some(found)
}

/// The pieces of a line go back to where they stood.
pub(super) async fn put_back(
    tx: &Tx,
    clock: &Clock,
    returned: &Model,
    sale_line_id: i64,
    pieces: &[Pieces],
    borne_by: Bearer,
) -> Result<()> {
    let subject = sale::subject(returned.sale_id);
    for (earning, one) in pieces {
        let quantity = one.good + one.broken;
        let row = ActiveModel {
            till_return_id: Set(returned.id),
            sale_line_id: Set(sale_line_id),
            quantity: Set(quantity),
            is_good: Set(one.broken == 0),
            amount: Set(Rupiah(earning.unit_price.0 * quantity)),
            earning_id: Set(Some(earning.id)),
            borne_by: Set((one.broken > 0).then_some(borne_by)),
            ..Default::default()
        };
        let line_id = Entity::insert(row).exec(tx).await?.last_insert_id;
        let key = format!("till_return:{}:{line_id}", returned.id);
        let (reason, person_id) = (Some(returned.reason.as_str()), Some(returned.person_id));
        let cause = Cause { subject: Some(&subject), reason, person_id, source_key: &key };
        sale_return::put_back(tx, clock, earning, one, cause).await?;
    }
    Ok(())
}

/// What the pieces had brought goes from their makers back into the outlet's own sales, out of which the buyer was paid.
pub(super) async fn post(
    tx: &Tx,
    clock: &Clock,
    returned: &Model,
    pieces: &[Pieces],
    (number, borne_by): (&str, Bearer),
) -> Result<()> {
    if pieces.is_empty() {
        return Ok(());
    }
    let key = format!("till_return:{}:makers", returned.id);
    let outlet_id = returned.outlet_id;
    let mut lines = sale_return::taken_from(tx, clock, outlet_id, &key, pieces, Some(borne_by)).await?;
    let value: Rupiah = lines.iter().map(|(_, amount)| *amount).sum();
    lines.push((Book::OwnSales(outlet_id), -value));
    let subject = sale::subject(returned.sale_id);
    let entry = NewEntry { source_key: &key, kind: "sale_returned", subject: &subject, memo: number, lines: &lines };
    ledger::post(tx, clock, entry).await?;
    Ok(())
}
