//! Whether a hand-over can be taken in as it was told: judged whole, before anything is written.
use sea_orm::EntityTrait;

use super::{amount, handed::NewIntake, intake::Goods};
use crate::{db::Tx, error::Result, form::Wrong, locale::Said, outlet::earning::Shares, stock::Agreed};
use entity::{Rupiah, category, crafter, item, lot::Terms, outlet, product};

/// A hand-over whose every field was found good.
pub(super) struct Judged {
    pub grade_a: i64,
    pub grade_b: i64,
    pub rejected: i64,
    pub agreed: Agreed,
    /// What a piece costs the outlet, or is to cost it.
    pub cost: Rupiah,
    pub cost_b: Rupiah,
}

/// Looks at every field; what is wrong is named beside each.
pub(super) async fn judge(
    tx: &Tx,
    outlet: &outlet::Model,
    new: &NewIntake,
    Goods { item, product, .. }: &Goods,
) -> Result<Result<Judged, Wrong>> {
    let mut wrong = Wrong::default();
    let crafter = crafter::Entity::find_by_id(new.crafter_id).one(tx).await?;
    if crafter.is_none_or(|crafter| crafter.outlet_id != outlet.id) {
        wrong.0.insert("crafter_id", Said::new("intake.no_such_crafter"));
    }
    if let Some(said) = why_not_taken_in(tx, item, product).await? {
        wrong.0.insert("item_id", said);
    }
    let mut counted = |field, amount: amount::Amount| {
        amount.of(product.unit).unwrap_or_else(|odd| {
            wrong.0.insert(field, odd.said());
            1
        })
    };
    let grade_a = counted("grade_a", new.grade_a);
    let grade_b = counted("grade_b", new.grade_b);
    let rejected = counted("rejected", new.rejected);
    if grade_a + grade_b + rejected == 0 {
        wrong.0.insert("grade_a", Said::new("intake.nothing"));
    }
    if rejected > 0 && new.reject_reason.is_none() {
        wrong.0.insert("reject_reason", Said::new("form.required"));
    }
    let published = published(product);
    let agreed = agreed(published, new.maker_bp).unwrap_or_else(|said| {
        wrong.0.insert("maker_bp", said);
        published
    });
    let maker = Shares::cut(item.price, [agreed.maker_bp, agreed.outlet_bp, agreed.group_bp]).maker;
    let is_bought = new.terms == Terms::Bought;
    let (cost, cost_b) = if is_bought { (new.cost, new.cost_b) } else { (maker, maker) };
    let parts = [("cost", grade_a, cost), ("cost_b", grade_b, cost_b)];
    for (field, _, cost) in parts.into_iter().filter(|(_, handed, _)| is_bought && *handed > 0) {
        if cost < Rupiah(1) {
            wrong.0.insert(field, Said::new("form.required"));
        } else if cost > item.price && !new.price_confirmed {
            let said = Said::new("intake.above_price").with("cost", cost).with("price", item.price);
            wrong.0.insert("price_confirmed", said);
        }
    }
    let least = parts.into_iter().filter(|(_, handed, _)| *handed > 0).map(|(.., cost)| cost).min().unwrap_or(cost);
    if new.material < Rupiah::ZERO || new.material > least {
        wrong.0.insert("material", Said::new("intake.material_above").with("part", least));
    }
    let judged = Judged { grade_a, grade_b, rejected, agreed, cost, cost_b };
    Ok(if wrong.0.is_empty() { Ok(judged) } else { Err(wrong) })
}

/// Only what a crafter made and the shop has can be handed in.
async fn why_not_taken_in(tx: &Tx, item: &item::Model, product: &product::Model) -> Result<Option<Said>> {
    let category = category::Entity::find_by_id(product.category_id).one(tx).await?;
    let is_craft = category.is_some_and(|category| category.kind == category::Kind::Craft);
    let said = if !is_craft || product.crafter_id.is_none() {
        Said::new("intake.not_craft")
    } else if product.state == product::State::Withdrawn || item.archived_at.is_some() {
        Said::new("intake.withdrawn")
    } else if product.state == product::State::Draft {
        Said::new("intake.not_yet")
    } else {
        return Ok(None);
    };
    Ok(Some(said))
}

/// How the price is shared as the product says.
pub fn published(product: &product::Model) -> Agreed {
    Agreed { maker_bp: product.maker_bp, outlet_bp: product.outlet_bp, group_bp: product.group_bp }
}

/// What a maker's agreed part leaves the others: it is the outlet that gives or gains, never the group.
fn agreed(published: Agreed, maker_bp: Option<i64>) -> Result<Agreed, Said> {
    let most = published.maker_bp + published.outlet_bp;
    match maker_bp {
        None => Ok(published),
        Some(maker_bp) if (0..=most).contains(&maker_bp) => {
            Ok(Agreed { maker_bp, outlet_bp: most - maker_bp, group_bp: published.group_bp })
        }
        Some(_) => Err(Said::new("intake.share_beyond").with("percent", percent(most))),
    }
}

/// Hundredths of a percent as they are said: 7650 is "76,5".
pub fn percent(bp: i64) -> String {
    let text = format!("{},{:02}", bp / 100, bp % 100);
    text.trim_end_matches('0').trim_end_matches(',').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_agreed_comes_from_the_outlet_and_never_from_the_group() {
        let published = Agreed { maker_bp: 7600, outlet_bp: 1600, group_bp: 800 };
        let shares = |bp| agreed(published, bp).map(|a| (a.maker_bp, a.outlet_bp, a.group_bp)).map_err(|said| said.key);
        assert_eq!(shares(None), Ok((7600, 1600, 800)));
        assert_eq!(shares(Some(8000)), Ok((8000, 1200, 800)));
        assert_eq!(shares(Some(7000)), Ok((7000, 2200, 800)));
        assert_eq!(shares(Some(9200)), Ok((9200, 0, 800)));
        assert_eq!(shares(Some(9201)), Err("intake.share_beyond"));
        assert_eq!((percent(7650), percent(9200), percent(1)), ("76,5".into(), "92".into(), "0,01".into()));
    }
}
