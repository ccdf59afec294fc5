//! `/kelola/bayar-perajin/baru`: everybody who is owed money, ticked, with all of it filled in; whoever makes the list
//! lowers an amount or leaves somebody out.
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
        payee::{self, Owed, Payee, bank_code},
        payout_run::Line,
    },
    page::{self, Page, Sample},
};
use entity::{Rupiah, payout::Way};

#[derive(Default, Serialize)]
struct PayoutNewPage {
    rows: Vec<Row>,
    total: Rupiah,
    form: FormView,
}

/// One payee.
#[derive(Clone, Serialize)]
struct Row {
    id: i64,
    name: String,
    owed: Rupiah,
    /// Where the money goes by transfer: "BRI …3507, Sati".
    account: Option<String>,
    ticked: bool,
    amount: String,
    ways: Vec<Choice>,
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
        let sati = Row {
            id: 1,
            name: "Bu Sati".into(),
            owed: Rupiah(21_280),
            account: Some("BRI …3507, Sati".into()),
            ticked: true,
            amount: "21.280".into(),
            ways: vec![choice(Way::Transfer, true), choice(Way::Cash, false), choice(Way::Midtrans, false)],
            wrong: "Bu Sati hanya berhak Rp21.280".into(),
        };
        let marsuki = Row {
            name: "Pak Marsuki".into(),
            account: None,
            ticked: false,
            ways: vec![choice(Way::Cash, true)],
            wrong: String::new(),
            ..sati.clone()
        };
        let full = PayoutNewPage { rows: vec![sati, marsuki], total: Rupiah(42_560), form: FormView::default() };
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
    let rows = owed.iter().map(|one| row(one, app.payouts.is_some(), typed, &form)).collect();
    treasurer.visit.page_with(status, &app.templates, &PayoutNewPage { rows, total, form })
}

fn row(owed: &Owed, through_midtrans: bool, typed: Option<&Form>, form: &FormView) -> Row {
    let Payee::Crafter(id) = owed.payee;
    let (tick, sum) = (format!("pilih_{id}"), format!("jumlah_{id}"));
    let chosen = typed.map(|typed| typed.get(&format!("cara_{id}")).to_owned());
    let ways = ways(owed, through_midtrans);
    let first = ways.first().copied();
    let is_chosen = |way| match chosen.as_deref() {
        Some(typed) if ways.iter().any(|way| code(*way) == typed) => typed == code(way),
        _ => Some(way) == first,
    };
    Row {
        id,
        name: owed.name.clone(),
        owed: owed.amount,
        account: owed.account.as_ref().map(|a| format!("{} …{}, {}", a.bank, end_of(&a.number), a.holder)),
        ticked: typed.is_none_or(|typed| typed.has(&tick)),
        amount: typed.map_or_else(|| grouped(owed.amount.0), |typed| typed.get(&sum).to_owned()),
        ways: ways.iter().map(|way| Choice { code: code(*way), key: key(*way), chosen: is_chosen(*way) }).collect(),
        wrong: form.errors.get(&sum).cloned().unwrap_or_default(),
    }
}

/// What was ticked, or none when something is wrong with it; and the form with the sentences beside the amounts.
pub(super) async fn read(treasurer: &Treasurer, app: &App, form: &Form) -> Result<(Option<Vec<Line>>, FormView)> {
    let lang = treasurer.visit.lang;
    let mut view = FormView::new(form, &Wrong::default(), app.templates.words(), lang);
    let owed = payee::owed(&app.db, treasurer.outlet.id).await?;
    let mut lines = Vec::new();
    for name in form.pairs().map(|(name, _)| name).filter(|name| name.starts_with("pilih_")) {
        let id = name.trim_start_matches("pilih_");
        let sum = format!("jumlah_{id}");
        // Who is owed nothing any more goes on to the books, which say so.
        let payee = Payee::Crafter(id.parse().unwrap_or_default());
        let one = owed.iter().find(|one| one.payee == payee);
        let wrong = match amount(form.get(&sum)) {
            None => Some(Said::new("form.not_an_amount")),
            Some(0) => None,
            Some(typed) => match one {
                Some(one) if typed > one.amount.0 => {
                    let said = Said::new("payout.more_than_owed").with("name", one.name.as_str());
                    Some(said.with("owed", one.amount))
                }
                _ => {
                    let way = [Way::Transfer, Way::Midtrans]
                        .into_iter()
                        .find(|way| form.get(&format!("cara_{id}")) == code(*way));
                    lines.push(Line { payee, amount: Rupiah(typed), way: way.unwrap_or(Way::Cash) });
                    None
                }
            },
        };
        if let Some(said) = wrong {
            view.errors.insert(sum, app.say(lang, &said));
        }
    }
    let is_sound = view.errors.is_empty();
    Ok((is_sound.then_some(lines), view))
}
