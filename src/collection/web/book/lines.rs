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
    Rupiah, debt, earning, intake, payout as payout_row,
    payout::{State, Way},
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
    seen: BTreeMap<i64, Seen>,
}

/// Lines of a crafter with what stands behind them. `base` is the address of the book.
pub(super) async fn views(db: &Db, base: &str, crafter_id: i64, lines: &[Line]) -> Result<Vec<View>> {
    let behind = behind(db, crafter_id, lines).await?;
    Ok(lines.iter().map(|line| view(base, line, &behind)).collect())
}

async fn behind(db: &Db, crafter_id: i64, lines: &[Line]) -> Result<Behind> {
    let (mut keys, mut intakes, mut debts, mut payouts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for line in lines {
        match &line.document {
            Document::Sale(key) => keys.push(key.as_str()),
            Document::Intake(id) => intakes.push(*id),
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
    let items = sales.iter().map(|sale| sale.item_id).chain(intakes.iter().map(|intake| intake.item_id));
    Ok(Behind {
        seen: seen(db, items.collect::<Vec<_>>()).await?,
        sales: sales.into_iter().map(|sale| (sale.entry_key.clone(), sale)).collect(),
        intakes: intakes.into_iter().map(|intake| (intake.id, intake)).collect(),
        debts: debts.into_iter().map(|debt| (debt.id, debt)).collect(),
        payouts: payouts.into_iter().map(|payout| (payout.id, payout)).collect(),
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
        amount: line.amount,
        balance: line.balance,
        url: None,
        sign: "goods",
    };
    match &line.document {
        Document::Sale(key) => {
            view.key = if line.what == What::Sold { "book.line_sold" } else { "book.line_returned" };
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
