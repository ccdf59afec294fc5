//! `/kelola/pesanan/{id}/kembali`: how much is to be sent back by hand, and which way.
use actix_web::{
    HttpResponse, ResponseError,
    http::StatusCode,
    web::{Data, Path},
};
use serde::Serialize;

use crate::{
    accounts::visit::{Treasurer, done},
    app::App,
    bank_account::Account,
    db,
    error::{Error, Result},
    form::{Form, FormView, Wrong},
    once,
    orders::{
        docket::Docket,
        refund_account,
        refund_transfer::{self as transfer, Proposal, Way},
    },
    page::{self, Page, Sample, see_other},
};
use entity::Rupiah;

/// What is asked before one is made.
#[derive(Serialize)]
struct AskPage {
    id: i64,
    number: String,
    buyer: String,
    owed: Rupiah,
    /// What the buyer named, as a start: bank, number, holder.
    account: [String; 3],
    is_named: bool,
    form: FormView,
}

impl Page for AskPage {
    const TEMPLATE: &'static str = "counter/refund_ask.html";
    fn samples() -> Vec<AskPage> {
        let page = |is_named| AskPage {
            id: 42,
            number: "K-2611-0042".into(),
            buyer: "Ibu Ratna".into(),
            owed: Rupiah(74_000),
            account: ["BRI".into(), "002101000123507".into(), "Ratna".into()],
            is_named,
            form: FormView::default(),
        };
        vec![page(true), page(false)]
    }
}

/// `GET /kelola/pesanan/{id}/kembali`
pub async fn ask(treasurer: Treasurer, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    draw_ask(&treasurer, &app, *id, StatusCode::OK, FormView::default()).await
}

async fn draw_ask(
    treasurer: &Treasurer,
    app: &App,
    id: i64,
    status: StatusCode,
    form: FormView,
) -> Result<HttpResponse> {
    let docket = docket_of(treasurer, app, id).await?;
    if docket.order.refund_due == Rupiah::ZERO && status == StatusCode::OK {
        return Ok(done("/kelola/uang", "order.nothing_owed"));
    }
    let named = refund_account::of(&app.db, id).await?;
    let page = AskPage {
        id,
        number: docket.number(),
        buyer: docket.order.buyer_name.clone(),
        owed: docket.order.refund_due,
        is_named: named.is_some(),
        account: named.map_or_else(Default::default, |account| [account.bank, account.number, account.holder]),
        form,
    };
    treasurer.visit.page_with(status, &app.templates, &page)
}

async fn docket_of(treasurer: &Treasurer, app: &App, order_id: i64) -> Result<Docket> {
    let outlets = treasurer.others.iter().chain([&treasurer.outlet]);
    for outlet in outlets {
        match Docket::read(&app.db, outlet.id, order_id).await {
            Err(Error::NotFound) => {}
            found => return found,
        }
    }
    Err(Error::NotFound)
}

/// `POST /kelola/pesanan/{id}/kembali`: makes one.
pub async fn propose(treasurer: Treasurer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    docket_of(&treasurer, &app, *id).await?;
    let made = match proposal(&form) {
        Ok(wish) => make(&treasurer, &app, *id, &form, &wish).await,
        Err(wrong) => Err(Ok(wrong)),
    };
    let (status, wrong) = match made {
        Ok(url) => return Ok(see_other(&url)),
        Err(Ok(wrong)) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
        Err(Err(Error::Refused(refusal))) => {
            let field = if refusal.said.key == "money.at_most_owed" { "amount" } else { "" };
            (Error::Refused(refusal.clone()).status_code(), Wrong::refusal(field, refusal))
        }
        Err(Err(fault)) => return Err(fault),
    };
    let view = FormView::new(&form, &wrong, app.templates.words(), treasurer.visit.lang);
    draw_ask(&treasurer, &app, *id, status, view).await
}

fn proposal(form: &Form) -> Result<Proposal, Wrong> {
    let mut reader = form.read();
    let amount = reader.rupiah("amount", 1, 1_000_000_000_000);
    let note = reader.optional("note", 200);
    let way = reader.choice("cara", |way| match way {
        "transfer" => Some(Way::Transfer),
        "tunai" => Some(Way::Cash),
        _ => None,
    });
    let base = reader.done(Proposal { amount, account: None, note });
    match (way, base) {
        (Some(Way::Transfer), base) => match (base, Account::read(form)) {
            (Ok(base), Ok(account)) => Ok(Proposal { account: Some(account), ..base }),
            (Ok(_), Err(wrong)) | (Err(wrong), Ok(_)) => Err(wrong),
            (Err(Wrong(mut all)), Err(Wrong(more))) => {
                all.extend(more);
                Err(Wrong(all))
            }
        },
        (_, base) => base,
    }
}

async fn make(
    treasurer: &Treasurer,
    app: &App,
    order_id: i64,
    form: &Form,
    wish: &Proposal,
) -> std::result::Result<String, Result<Wrong, Error>> {
    let made = async {
        let tx = db::begin(&app.db).await?;
        let docket = Docket::lock_any(&tx, order_id).await?;
        let scope = format!("refund {order_id}");
        let hash = form.content_hash();
        if let Some(key) = form.request_key()
            && let Some(answer) = once::answered(&tx, &scope, key, &hash).await?
        {
            return Ok(answer);
        }
        let row = transfer::propose(&tx, &app.clock, &docket, wish, treasurer.person_id).await?;
        let answer = format!("/kelola/uang/kembali/{}", row.id);
        if let Some(key) = form.request_key() {
            once::remember(&tx, &app.clock, &scope, key, &hash, &answer).await?;
        }
        tx.commit().await?;
        Ok(answer)
    };
    made.await.map_err(Err)
}

pub fn samples() -> Vec<Sample> {
    page::samples::<AskPage>()
}
