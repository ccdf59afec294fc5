//! Lines of a passbook as pages and papers show them: each with its words, its picture, and the document behind it.
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::Serialize;

use super::{Seen, seen};
use crate::{
    clock,
    collection::{
        intake::receipt_url,
        statement::{Document, Line, What},
    },
    db::Db,
    error::Result,
    locale::Said,
    outlet::payout,
};
use entity::{
    Rupiah, debt, earning, intake, kiosk, kiosk_visit, payout as payout_row,
    payout::{State, Way},
    stock_move,
    stock_move::Kind,
};

/// One line.
#[derive(Clone, Debug, Serialize)]
pub(super) struct View {
    pub at: DateTime<Utc>,
    /// The same for a narrow column: 21/11/26.
    pub day: String,
    /// The words of what happened, and of the kind of debt where it needs one.
    pub key: &'static str,
    pub kind: &'static str,
    /// What goods or document: "Keranjang sampah anyam", "Tunai · diterima Bu Sati".
    pub goods: Option<Seen>,
    pub way: &'static str,
    pub reference: Option<String>,
    pub receiver: Option<String>,
    /// At which kiosk, or why.
    pub note: Option<String>,
    pub amount: Rupiah,
    pub balance: Rupiah,
    pub url: Option<String>,
    /// Which drawing stands before it where there is no picture: "paid", "set_off".
    pub sign: &'static str,
}

impl View {
    pub fn sample(key: &'static str, amount: i64, sign: &'static str) -> View {
        View {
            at: DateTime::<Utc>::UNIX_EPOCH,
            day: "21/11/26".into(),
            key,
            kind: "book.material",
            goods: (sign == "goods").then(Seen::sample),
            way: if sign == "paid" { "book.by_cash" } else { "" },
            reference: Some("TRX-1".into()),
            receiver: Some("Bu Sati".into()),
            note: (sign == "kiosk").then(|| "Kios Bu Rahma".into()),
            amount: Rupiah(amount),
            balance: Rupiah(49_400),
            url: Some("/karya/buku/laku/5".into()),
            sign,
        }
    }

    /// What happened, in words.
    pub fn said(&self, say: &dyn Fn(&Said) -> String) -> String {
        match self.key {
            "book.line_set_off" => say(&Said::new(self.key).with("kind", say(&Said::new(self.kind)))),
            key => say(&Said::new(key)),
        }
    }
}

/// Everything the lines of one crafter name.
struct Behind {
    sales: BTreeMap<String, earning::Model>,
    intakes: BTreeMap<i64, intake::Model>,
    debts: BTreeMap<i64, debt::Model>,
    payouts: BTreeMap<i64, payout_row::Model>,
    departures: BTreeMap<String, stock_move::Model>,
    /// The kiosk of each visit.
    visits: BTreeMap<i64, kiosk::Model>,
    seen: BTreeMap<i64, Seen>,
}

/// Lines of a crafter with what stands behind them. `base` is the address of the book.
pub(super) async fn views(db: &Db, base: &str, crafter_id: i64, lines: &[Line]) -> Result<Vec<View>> {
    let behind = behind(db, crafter_id, lines).await?;
    Ok(lines.iter().map(|line| view(base, line, &behind)).collect())
}

async fn behind(db: &Db, crafter_id: i64, lines: &[Line]) -> Result<Behind> {
    let (mut keys, mut intakes, mut debts, mut payouts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut departures, mut visits) = (Vec::new(), Vec::new());
    for line in lines {
        match &line.document {
            Document::Sale(key) => keys.push(key.as_str()),
            Document::Intake(id) => intakes.push(*id),
            Document::Departure(act) => departures.push(departure_key(act)),
            Document::KioskVisit(id) => visits.push(*id),
            Document::Debt(id) => debts.push(*id),
            Document::Payout(id) => payouts.push(*id),
        }
    }
    // One parcel may hold goods of several households.
    let sales = earning::Entity::find()
        .filter(earning::Column::EntryKey.is_in(keys))
        .filter(earning::Column::CrafterId.eq(crafter_id))
        .all(db)
        .await?;
    let intakes = intake::Entity::find().filter(intake::Column::Id.is_in(intakes)).all(db).await?;
    let debts = debt::Entity::find().filter(debt::Column::Id.is_in(debts)).all(db).await?;
    let payouts = payout_row::Entity::find().filter(payout_row::Column::Id.is_in(payouts)).all(db).await?;
    let departures = stock_move::Entity::find().filter(stock_move::Column::SourceKey.is_in(departures));
    let departures = departures.all(db).await?;
    let visits = kiosk_visit::Entity::find().filter(kiosk_visit::Column::Id.is_in(visits));
    let visits = visits.find_also_related(kiosk::Entity).all(db).await?;
    let items = sales.iter().map(|sale| sale.item_id).chain(intakes.iter().map(|intake| intake.item_id));
    let items = items.chain(departures.iter().map(|one| one.item_id));
    Ok(Behind {
        seen: seen(db, items.collect::<Vec<_>>()).await?,
        sales: sales.into_iter().map(|sale| (sale.entry_key.clone(), sale)).collect(),
        intakes: intakes.into_iter().map(|intake| (intake.id, intake)).collect(),
        debts: debts.into_iter().map(|debt| (debt.id, debt)).collect(),
        payouts: payouts.into_iter().map(|payout| (payout.id, payout)).collect(),
        departures: departures.into_iter().map(|one| (one.source_key.clone(), one)).collect(),
        visits: visits.into_iter().filter_map(|(visit, kiosk)| Some((visit.id, kiosk?))).collect(),
    })
}

fn view(base: &str, line: &Line, behind: &Behind) -> View {
    let mut view = View {
        at: line.at,
        day: day(line.at),
        key: "book.line_sold",
        kind: "book.loan",
        goods: None,
        way: "",
        reference: None,
        receiver: None,
        note: None,
        amount: line.amount,
        balance: line.balance,
        url: None,
        sign: "goods",
    };
    match &line.document {
        Document::Sale(key) => {
            view.key = match line.what {
                What::Replaced => "book.line_replaced",
                What::ReplacedUndone => "book.line_replaced_undone",
                What::Sold => "book.line_sold",
                _ => "book.line_returned",
            };
            if let Some(sale) = behind.sales.get(key) {
                view.goods = behind.seen.get(&sale.item_id).cloned();
                view.url = Some(format!("{base}/laku/{}", sale.id));
            }
        }
        Document::Intake(id) => {
            view.key = if line.what == What::Bought { "book.line_bought" } else { "book.line_bought_undone" };
            if let Some(intake) = behind.intakes.get(id) {
                view.goods = behind.seen.get(&intake.item_id).cloned();
                view.url = Some(receipt_url(intake));
            }
        }
        Document::Departure(act) => {
            let gone = behind.departures.get(&departure_key(act));
            view.key = match gone.map(|gone| gone.kind) {
                _ if line.what == What::ReplacedUndone => "book.line_replaced_undone",
                Some(Kind::Shrunk) => "book.line_lost",
                _ => "book.line_broken",
            };
            if let Some(gone) = gone {
                view.goods = behind.seen.get(&gone.item_id).cloned();
                view.note = gone.reason.clone();
                view.url = Some(format!("{base}/ganti/{}", gone.id));
            }
        }
        Document::KioskVisit(id) => {
            let came = line.what == What::KioskMoney;
            view.key = if came { "book.line_kiosk_money" } else { "book.line_kiosk_money_undone" };
            view.sign = "kiosk";
            view.note = behind.visits.get(id).map(|kiosk| kiosk.name.clone());
            view.url = Some(format!("{base}/kios/{id}"));
        }
        Document::Debt(id) => {
            view.key = if line.what == What::SetOff { "book.line_set_off" } else { "book.line_set_off_undone" };
            view.sign = "set_off";
            view.url = Some(format!("{base}/utang/{id}"));
            view.kind = behind.debts.get(id).map_or("book.loan", |debt| kind_key(debt.kind));
        }
        Document::Payout(id) => {
            view.sign = "paid";
            view.url = Some(format!("{base}/bayar/{id}"));
            view.key = "book.line_not_paid";
            if let Some(payout) = behind.payouts.get(id) {
                view.way = way_key(payout.way);
                if line.what == What::Paid {
                    view.key = if payout::is_open(payout.state) { "book.line_underway" } else { "book.line_paid" };
                    view.reference = payout.reference.clone();
                    view.receiver = payout.receiver.clone();
                }
            }
        }
    }
    view
}

/// The move of the goods that an act took out of a lot.
fn departure_key(act: &str) -> String {
    format!("{act}:0")
}

/// Some lines of a passbook, so that what stands before them and after them is told as well.
pub(super) struct Sheet<'a> {
    pub lines: &'a [Line],
    /// What was left before the first of them; none when they begin the book.
    pub before: Option<Rupiah>,
    /// How many lines are older.
    pub older: usize,
    /// Whether the book goes on after them.
    pub goes_on: bool,
}

/// The newest lines, or the newest of the first `until` ones: by this number a sheet stays the same as the book grows.
pub(super) fn sheet(lines: &[Line], until: Option<usize>, most: usize) -> Sheet<'_> {
    let to = until.filter(|until| *until > 0).map_or(lines.len(), |until| until.min(lines.len()));
    let older = to.saturating_sub(most);
    Sheet {
        lines: &lines[older..to],
        before: older.checked_sub(1).and_then(|last| lines.get(last)).map(|line| line.balance),
        older,
        goes_on: to < lines.len(),
    }
}

/// A day for a narrow column: 21/11/26.
pub(super) fn day(at: DateTime<Utc>) -> String {
    clock::local_date(at).format("%d/%m/%y").to_string()
}

/// The words of a kind of debt.
pub(super) fn kind_key(kind: debt::Kind) -> &'static str {
    match kind {
        debt::Kind::Material => "book.material",
        debt::Kind::Cash => "book.loan",
    }
}

/// The words of how money goes.
pub(super) fn way_key(way: Way) -> &'static str {
    match way {
        Way::Transfer => "book.by_transfer",
        Way::Cash => "book.by_cash",
        Way::Midtrans => "book.by_midtrans",
    }
}

/// How a payment stands: its words and its colour.
pub(super) fn standing(state: State) -> (&'static str, &'static str) {
    match state {
        State::Waiting | State::Approved => ("book.underway", "wait"),
        State::Paid => ("book.paid", ""),
        State::Failed | State::Dropped => ("book.failed", "off"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(n: usize) -> Vec<Line> {
        let line = |n: usize| Line {
            at: DateTime::<Utc>::UNIX_EPOCH,
            what: What::Paid,
            document: Document::Payout(1),
            amount: Rupiah(5),
            balance: Rupiah(5 * n as i64),
        };
        (1..=n).map(line).collect()
    }

    #[test]
    fn sheets_lie_end_to_end_and_each_says_what_was_left_before_it() {
        let all = lines(100);
        let (mut until, mut seen) = (None, 0);
        loop {
            let one = sheet(&all, until, 40);
            let sum: Rupiah = one.lines.iter().map(|line| line.amount).sum();
            assert_eq!(one.before.unwrap_or_default() + sum, one.lines[one.lines.len() - 1].balance);
            assert_eq!(one.goes_on, until.is_some());
            seen += one.lines.len();
            until = Some(one.older);
            if one.older == 0 {
                break;
            }
        }
        assert_eq!(seen, 100);
        assert!(sheet(&[], None, 40).lines.is_empty() && sheet(&all, Some(1_000), 40).lines.len() == 40);
    }
}
