//! Whether a sale that a till tells of can be booked, and what is odd about it.
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{
    amount,
    conflict::Kind,
    known::{Good, Known, Member},
    told::{Line, Sale, Tender},
};
use crate::{clock, error::Refusal, locale::Said, outlet::bill};
use entity::{Rupiah, sale_line::PriceOf, sale_tender::By};

/// What was odd about a sale, before it has an id.
pub type Odds = Vec<(Kind, Value)>;

/// A sale that can be booked, or why a person must decide first.
pub fn judge(known: &Known, told: &Sale, at: DateTime<Utc>, insisted: bool) -> Result<Odds, Said> {
    let mut odds = Odds::new();
    let mut sum = Rupiah::ZERO;
    for line in &told.lines {
        let good = known.goods.get(&line.item).ok_or_else(|| Said::new("kasir.unknown_goods"))?;
        if amount::of(good.item.measure, line.quantity, line.price) != Some(line.amount) {
            return Err(Said::new("kasir.sums").with("name", name(good)));
        }
        sum += line.amount;
        if good.is_withdrawn {
            odds.push((Kind::Withdrawn, json!({ "name": name(good) })));
        }
        odds.extend(priced(known, good, line, at, insisted)?);
        let most = known.ceilings.get(&(line.item, clock::local_date(at))).filter(|most| line.price > **most);
        odds.extend(
            most.map(|most| (Kind::AboveCeiling, json!({ "name": name(good), "price": line.price, "most": most }))),
        );
    }
    let paid: Rupiah = told.tenders.iter().map(|tender| tender.amount).sum();
    if sum != told.total || paid != told.total {
        return Err(Said::new("kasir.total").with("amount", sum).with("total", told.total).with("paid", paid));
    }
    for (n, tender) in told.tenders.iter().enumerate() {
        if tender.bill.is_some() && told.tenders[..n].iter().any(|other| other.bill == tender.bill) {
            return Err(Refusal::conflict("sale.bill_used").said);
        }
        tendered(known, told, tender)?;
    }
    odds.extend(above_limit(known, told));
    Ok(odds)
}

fn name(good: &Good) -> String {
    crate::outlet::sale::full_name(&good.product, &good.item)
}

/// Whether what was asked for is what the shop had posted.
fn priced(known: &Known, good: &Good, line: &Line, at: DateTime<Utc>, insisted: bool) -> Result<Odds, Said> {
    let never = || Said::new("kasir.never_posted").with("name", name(good)).with("price", line.price);
    match line.price_of {
        PriceOf::Posted => {
            let mut odds = Odds::new();
            // In force from its own day until the next one began.
            let mut until: Option<DateTime<Utc>> = None;
            let mut asked = None;
            for (since, price) in &good.prices {
                if *price == line.price {
                    asked = Some(until);
                    if until.is_none_or(|until| at < until) {
                        break;
                    }
                }
                until = Some(*since);
            }
            match asked {
                Some(Some(until)) if at >= until => {
                    let now = good.prices.first().map(|(_, price)| *price);
                    let detail = json!({ "name": name(good), "price": line.price, "now": now, "until": until });
                    odds.push((Kind::OldPrice, detail));
                }
                Some(_) => {}
                None if insisted => {
                    let now = good.prices.first().map(|(_, price)| *price);
                    odds.push((Kind::OldPrice, json!({ "name": name(good), "price": line.price, "now": now })));
                }
                None => return Err(never()),
            }
            Ok(odds)
        }
        PriceOf::Markdown => {
            let marked = line.markdown.and_then(|id| known.markdowns.get(&id)).filter(|one| one.item_id == line.item);
            match marked {
                Some(one) if one.price == line.price => {
                    let is_over = one.ended_at.is_some_and(|ended| at > ended);
                    let detail = json!({ "name": name(good), "price": line.price, "now": good.item.price });
                    Ok(if is_over { vec![(Kind::OldPrice, detail)] } else { Vec::new() })
                }
                _ if insisted => Ok(vec![(Kind::OldPrice, json!({ "name": name(good), "price": line.price }))]),
                _ => Err(never()),
            }
        }
        PriceOf::Market => match line.market.and_then(|id| known.offers.get(&(id, line.item))) {
            Some(price) if *price == line.price => Ok(Odds::new()),
            Some(price) if insisted => {
                Ok(vec![(Kind::OldPrice, json!({ "name": name(good), "price": line.price, "now": price }))])
            }
            _ => Err(never()),
        },
    }
}

/// Whether a part of the money is what it is said to be.
fn tendered(known: &Known, told: &Sale, tender: &Tender) -> Result<(), Said> {
    match tender.by {
        By::Qris => {
            let paid = tender.bill.and_then(|id| known.bills.get(&id));
            let paid = paid.filter(|one| one.bill.state == bill::State::Paid && one.bill.sold == tender.amount);
            match paid {
                None => Err(Said::new("kasir.bill_unpaid").with("amount", tender.amount)),
                Some(one) if one.is_used => Err(Refusal::conflict("sale.bill_used").said),
                Some(_) => Ok(()),
            }
        }
        By::Bansos if tender.reference.as_deref().is_none_or(|text| text.trim().is_empty()) => {
            Err(Said::new("kasir.no_reference").with("amount", tender.amount))
        }
        By::Account if member(known, told).is_none() => Err(Said::new("kasir.no_member")),
        By::Cash | By::Bansos | By::Account => Ok(()),
    }
}

fn member<'a>(known: &'a Known, told: &Sale) -> Option<&'a Member> {
    told.member.and_then(|id| known.members.get(&id))
}

/// What is written on the account, in all its parts together, may be more than the family may owe.
fn above_limit(known: &Known, told: &Sale) -> Option<(Kind, Value)> {
    let member = member(known, told)?;
    let written = told.tenders.iter().filter(|tender| tender.by == By::Account).map(|tender| tender.amount);
    let written: Rupiah = written.sum();
    let (limit, left) = (member.member.account_limit, member.room - written);
    let detail = json!({ "name": member.member.name, "owes": limit - left, "limit": limit });
    (written > Rupiah::ZERO && left < Rupiah::ZERO).then_some((Kind::Limit, detail))
}
