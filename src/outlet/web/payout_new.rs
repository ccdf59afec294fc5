//! `/kelola/bayar-perajin/baru`: everybody who is owed money, ticked, with what is set off of their debts and all the rest
//! filled in; whoever makes the list lowers an amount or leaves somebody out.
use std::collections::BTreeMap;

use actix_web::{HttpResponse, http::StatusCode, web::Data};
use serde::Serialize;

use crate::{
    accounts::visit::Treasurer,
    app::App,
    bank_account::end_of,
    error::Result,
    form::{Form, FormView, Wrong, amount},
    locale::{Said, grouped},
    outlet::{
        debt,
        payee::{self, Owed, Payee, bank_code},
        payout_run::Line,
        repayment::{self, Due, SetOff},
    },
    page::{self, Page, Sample},
};
use entity::{Rupiah, payout::Way};

use super::debt::kind_key as debt_key;

#[derive(Default, Serialize)]
struct PayoutNewPage {
    rows: Vec<Row>,
    total: Rupiah,
    /// Who has received more than they earned, and how much.
    ahead: Vec<(String, Rupiah)>,
    form: FormView,
}

/// One payee.
#[derive(Clone, Serialize)]
struct Row {
    id: i64,
    name: String,
    owed: Rupiah,
    /// How it came about since the last payout, when something of it was taken back.
    since: Option<Changed>,
    /// Where the money goes by transfer: "BRI …3507, Sati".
    account: Option<String>,
    ticked: bool,
    amount: String,
    ways: Vec<Choice>,
    wrong: String,
    set_offs: Vec<Part>,
}

/// What was left, what came, and what was taken back.
#[derive(Clone, Serialize)]
struct Changed {
    left: Rupiah,
    came: Rupiah,
    back: Rupiah,
}

/// What of one debt is set off.
#[derive(Clone, Serialize)]
struct Part {
    debt_id: i64,
    /// The words of its kind.
    key: &'static str,
    reason: String,
    rest: Rupiah,
    due: Rupiah,
    amount: String,
    wrong: String,
}

#[derive(Clone, Serialize)]
struct Choice {
    code: &'static str,
    key: &'static str,
    chosen: bool,
}

impl Page for PayoutNewPage {
    const TEMPLATE: &'static str = "outlet/payout_new.html";
    fn samples() -> Vec<PayoutNewPage> {
        let choice = |way, chosen| Choice { code: code(way), key: key(way), chosen };
        let bamboo = Part {
            debt_id: 3,
            key: "debt.material",
            reason: "40 batang bambu apus".into(),
            rest: Rupiah(150_000),
            due: Rupiah(6_000),
            amount: "6.000".into(),
            wrong: "Paling banyak Rp6.000".into(),
        };
        let sati = Row {
            id: 1,
            name: "Bu Sati".into(),
            owed: Rupiah(21_280),
            since: Some(Changed { left: Rupiah(-21_280), came: Rupiah(85_120), back: Rupiah(42_560) }),
            account: Some("BRI …3507, Sati".into()),
            ticked: true,
            amount: "21.280".into(),
            ways: vec![choice(Way::Transfer, true), choice(Way::Cash, false), choice(Way::Midtrans, false)],
            wrong: "Bu Sati hanya berhak Rp21.280".into(),
            set_offs: vec![bamboo],
        };
        let marsuki = Row {
            name: "Pak Marsuki".into(),
            since: None,
            account: None,
            ticked: false,
            ways: vec![choice(Way::Cash, true)],
            wrong: String::new(),
            set_offs: Vec::new(),
            ..sati.clone()
        };
        let (total, form) = (Rupiah(42_560), FormView::default());
        let ahead = vec![("Bu Lasmi".to_owned(), Rupiah(5_000))];
        let full = PayoutNewPage { rows: vec![sati, marsuki], total, ahead, form };
        vec![PayoutNewPage::default(), full]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<PayoutNewPage>()
}

fn code(way: Way) -> &'static str {
    match way {
        Way::Transfer => "transfer",
        Way::Cash => "tunai",
        Way::Midtrans => "midtrans",
    }
}

/// The words of a way.
pub(super) fn key(way: Way) -> &'static str {
    match way {
        Way::Transfer => "payout.way_transfer",
        Way::Cash => "payout.way_cash",
        Way::Midtrans => "payout.way_midtrans",
    }
}

/// The ways this payee's money can go, the usual one first.
fn ways(owed: &Owed, through_midtrans: bool) -> Vec<Way> {
    let Some(account) = &owed.account else { return vec![Way::Cash] };
    let by_midtrans = through_midtrans && bank_code(&account.bank).is_some();
    [Some(Way::Transfer), Some(Way::Cash), by_midtrans.then_some(Way::Midtrans)].into_iter().flatten().collect()
}

/// `GET /kelola/bayar-perajin/baru`
pub async fn blank(treasurer: Treasurer, app: Data<App>) -> Result<HttpResponse> {
    draw(&treasurer, &app, StatusCode::OK, None, FormView::default()).await
}

/// The page, as it was typed where it was.
pub(super) async fn draw(
    treasurer: &Treasurer,
    app: &App,
    status: StatusCode,
    typed: Option<&Form>,
    form: FormView,
) -> Result<HttpResponse> {
    let owed = payee::owed(&app.db, treasurer.outlet.id).await?;
    let total = owed.iter().map(|one| one.amount).sum();
    let dues = dues(app, treasurer.outlet.id).await?;
    let since = payee::since_paid(&app.db, treasurer.outlet.id).await?;
    let none = Due::default();
    let row = |one: &Owed| {
        let due = dues.get(&one.payee).unwrap_or(&none);
        let since = since.iter().find(|since| Payee::Crafter(since.id) == one.payee);
        let since = since.filter(|since| since.back > Rupiah::ZERO || since.left < Rupiah::ZERO);
        let since = since.map(|since| Changed { left: since.left, came: since.came, back: since.back });
        Row { since, ..row(one, due, app.payouts.is_some(), typed, &form) }
    };
    let rows = owed.iter().map(row).collect();
    let ahead = since.iter().filter(|one| one.owed() < Rupiah::ZERO);
    let ahead = ahead.map(|one| (one.name.clone(), -one.owed())).collect();
    treasurer.visit.page_with(status, &app.templates, &PayoutNewPage { rows, total, ahead, form })
}

/// What may be set off, for those who have a debt.
async fn dues(app: &App, outlet_id: i64) -> Result<BTreeMap<Payee, Due>> {
    let mut dues = BTreeMap::new();
    for (crafter, standing) in debt::open(&app.db, outlet_id).await? {
        let payee = Payee::Crafter(crafter.id);
        if standing.rest() > Rupiah::ZERO && !dues.contains_key(&payee) {
            dues.insert(payee, repayment::due(&app.db, crafter.id).await?);
        }
    }
    Ok(dues)
}

fn row(owed: &Owed, due: &Due, through_midtrans: bool, typed: Option<&Form>, form: &FormView) -> Row {
    let Payee::Crafter(id) = owed.payee;
    let (tick, sum) = (format!("pilih_{id}"), format!("jumlah_{id}"));
    let chosen = typed.map(|typed| typed.get(&format!("cara_{id}")).to_owned());
    let ways = ways(owed, through_midtrans);
    let first = ways.first().copied();
    let is_chosen = |way| match chosen.as_deref() {
        Some(typed) if ways.iter().any(|way| code(*way) == typed) => typed == code(way),
        _ => Some(way) == first,
    };
    let proposed = due.of(owed.amount);
    let set_off: Rupiah = proposed.iter().map(|one| one.amount).sum();
    Row {
        set_offs: proposed.iter().filter_map(|one| part(due, *one, typed, form)).collect(),
        id,
        name: owed.name.clone(),
        owed: owed.amount,
        since: None,
        account: owed.account.as_ref().map(|a| format!("{} …{}, {}", a.bank, end_of(&a.number), a.holder)),
        ticked: typed.is_none_or(|typed| typed.has(&tick)),
        amount: typed.map_or_else(|| grouped((owed.amount - set_off).0), |typed| typed.get(&sum).to_owned()),
        ways: ways.iter().map(|way| Choice { code: code(*way), key: key(*way), chosen: is_chosen(*way) }).collect(),
        wrong: form.errors.get(&sum).cloned().unwrap_or_default(),
    }
}

fn part(due: &Due, one: SetOff, typed: Option<&Form>, form: &FormView) -> Option<Part> {
    let standing = due.debts.iter().find(|standing| standing.debt.id == one.debt_id)?;
    let field = format!("potong_{}", one.debt_id);
    Some(Part {
        debt_id: one.debt_id,
        key: debt_key(standing.debt.kind),
        reason: standing.debt.reason.clone(),
        rest: standing.rest(),
        due: one.amount,
        amount: typed.map_or_else(|| grouped(one.amount.0), |typed| typed.get(&field).to_owned()),
        wrong: form.errors.get(&field).cloned().unwrap_or_default(),
    })
}

/// What was ticked, or none when something is wrong with it; and the form with the sentences beside the amounts.
pub(super) async fn read(treasurer: &Treasurer, app: &App, form: &Form) -> Result<(Option<Vec<Line>>, FormView)> {
    let lang = treasurer.visit.lang;
    let mut view = FormView::new(form, &Wrong::default(), app.templates.words(), lang);
    let owed = payee::owed(&app.db, treasurer.outlet.id).await?;
    let dues = dues(app, treasurer.outlet.id).await?;
    let mut lines = Vec::new();
    for name in form.pairs().map(|(name, _)| name).filter(|name| name.starts_with("pilih_")) {
        let id = name.trim_start_matches("pilih_");
        // Who is owed nothing any more goes on to the books, which say so.
        let payee = Payee::Crafter(id.parse().unwrap_or_default());
        let one = owed.iter().find(|one| one.payee == payee);
        let mut wrong = Vec::new();
        let set_offs = set_offs(one.zip(dues.get(&payee)), form, &mut wrong);
        let set_off: Rupiah = set_offs.iter().map(|one| one.amount).sum();
        match amount(form.get(&format!("jumlah_{id}"))) {
            None => wrong.push((format!("jumlah_{id}"), Said::new("form.not_an_amount"))),
            Some(0) if set_off == Rupiah::ZERO => {}
            Some(typed) => match one {
                Some(one) if typed > (one.amount - set_off).0 => {
                    wrong.push((format!("jumlah_{id}"), too_much(one, set_off)));
                }
                _ => {
                    let is_way = |way: &Way| form.get(&format!("cara_{id}")) == code(*way);
                    let way = [Way::Transfer, Way::Midtrans].into_iter().find(is_way).unwrap_or(Way::Cash);
                    lines.push(Line { payee, amount: Rupiah(typed), way, set_offs });
                }
            },
        }
        view.errors.extend(wrong.into_iter().map(|(field, said)| (field, app.say(lang, &said))));
    }
    let is_sound = view.errors.is_empty();
    Ok((is_sound.then_some(lines), view))
}

fn too_much(one: &Owed, set_off: Rupiah) -> Said {
    if set_off == Rupiah::ZERO {
        return Said::new("payout.more_than_owed").with("name", one.name.as_str()).with("owed", one.amount);
    }
    Said::new("payout.more_than_left").with("name", one.name.as_str()).with("left", one.amount - set_off)
}

/// What shall be set off for one payee. A debt that is not on the form is left alone.
fn set_offs(one: Option<(&Owed, &Due)>, form: &Form, wrong: &mut Vec<(String, Said)>) -> Vec<SetOff> {
    let Some((owed, due)) = one else { return Vec::new() };
    let mut all = Vec::new();
    for proposed in due.of(owed.amount) {
        let field = format!("potong_{}", proposed.debt_id);
        if !form.has(&field) {
            continue;
        }
        match amount(form.get(&field)).map(Rupiah) {
            None => wrong.push((field, Said::new("form.not_an_amount"))),
            Some(typed) if typed > proposed.amount => {
                wrong.push((field, Said::new("debt.more_than_due").with("due", proposed.amount)));
            }
            Some(typed) => all.push(SetOff { amount: typed, ..proposed }),
        }
    }
    all
}
