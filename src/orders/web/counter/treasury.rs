//! What a treasurer does about money: matches it, draws it to the bank, books what was unclear, and decides what is left.
use actix_web::{
    HttpResponse, ResponseError,
    http::StatusCode,
    web::{Data, Path},
};
use sea_orm::{EntityTrait, QuerySelect};

use super::money::{self, Place};
use crate::{
    accounts::visit::{Administrator, Treasurer, done},
    app::App,
    check, db,
    error::{Error, Refusal, Result},
    form::{Form, FormView, Wrong},
    locale::Said,
    once,
    orders::{
        docket::Docket,
        matching, surplus,
        withdrawal::{self, Withdrawal},
    },
    payments::{apart, inbox, reconcile},
};
use entity::{Rupiah, outlet};

const HERE: &str = "/kelola/uang";
/// So long a treasurer waits for the look at all the money.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(8);

/// The page again with the sentences of a form that was refused.
async fn refused(
    treasurer: &Treasurer,
    app: &App,
    form: &Form,
    wrong: Wrong,
    status: StatusCode,
) -> Result<HttpResponse> {
    let place = Place { visit: &treasurer.visit, outlet: &treasurer.outlet, others: &treasurer.others, may_act: true };
    let view = FormView::new(form, &wrong, app.templates.words(), treasurer.visit.lang);
    money::draw(&place, app, status, view).await
}

/// Done, or refused with the sentence on top of the page.
async fn answer(treasurer: &Treasurer, app: &App, form: &Form, outcome: Result<&'static str>) -> Result<HttpResponse> {
    match outcome {
        Ok(said) => Ok(done(HERE, said)),
        Err(Error::Refused(refusal)) => {
            let status = status_of(&refusal);
            refused(treasurer, app, form, Wrong::refusal("", refusal), status).await
        }
        Err(fault) => Err(fault),
    }
}

fn status_of(refusal: &Refusal) -> StatusCode {
    Error::Refused(refusal.clone()).status_code()
}

/// `POST /kelola/uang/cocokkan`: looks at everything that is not final, then holds the three books against each other.
pub async fn compare(treasurer: Treasurer, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let allowed = app.cache.allows("matching now", 6, std::time::Duration::from_secs(60)).await;
    if !allowed {
        return answer(&treasurer, &app, &form, Err(Refusal::slow_down("form.slow_down").into())).await;
    }
    // A provider that answers slowly keeps nobody before a page that hangs: the look goes on without them.
    let looks = actix_web::rt::spawn(async move {
        reconcile::sweep(&app.db, &app.clock, &app.payments).await?;
        matching::run(&app.db, &app.clock, &app.payments, check::first_broken(&app.db).await?).await
    });
    match tokio::time::timeout(PATIENCE, looks).await {
        Ok(looked) => looked.map_err(anyhow::Error::new)?.map(|_| done(HERE, "money.matched")),
        Err(_) => Ok(done(HERE, "money.matching")),
    }
}

/// `POST /kelola/uang/penarikan`: money has arrived at the bank from the provider.
pub async fn withdraw(treasurer: Treasurer, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut reader = form.read();
    let received = reader.rupiah("diterima", 1, 1_000_000_000_000);
    let fee = if reader.get("biaya").is_empty() { Rupiah::ZERO } else { reader.rupiah("biaya", 0, 100_000_000) };
    let reference = reader.text("bukti", 80);
    let drawn = match reader.done(Withdrawal { received, fee, reference }) {
        Ok(drawn) => drawn,
        Err(wrong) => return refused(&treasurer, &app, &form, wrong, StatusCode::UNPROCESSABLE_ENTITY).await,
    };
    match draw_down(&treasurer, &app, &form, &drawn).await {
        Ok(()) => Ok(done(HERE, "money.withdrawn")),
        Err(Error::Refused(refusal)) => {
            let field = if refusal.said.key == "counter.reference_used" { "bukti" } else { "diterima" };
            let status = status_of(&refusal);
            refused(&treasurer, &app, &form, Wrong::refusal(field, refusal), status).await
        }
        Err(fault) => Err(fault),
    }
}

async fn draw_down(treasurer: &Treasurer, app: &App, form: &Form, drawn: &Withdrawal) -> Result<()> {
    let tx = db::begin(&app.db).await?;
    let (scope, hash) = (format!("withdrawal {}", treasurer.outlet.id), form.content_hash());
    let key = form.request_key().unwrap_or_default();
    if once::answered(&tx, &scope, key, &hash).await?.is_some() {
        return Ok(());
    }
    withdrawal::record(&tx, &app.clock, &treasurer.outlet, drawn, treasurer.person_id).await?;
    once::remember(&tx, &app.clock, &scope, key, &hash, "").await?;
    Ok(tx.commit().await?)
}

/// `POST /kelola/uang/{id}/selesai`: somebody has found out what a notice was about, and says it.
pub async fn settle(treasurer: Treasurer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    must_concern(&treasurer, &app, *id).await?;
    let mut reader = form.read();
    let note = reader.text("note", 200);
    match reader.done(note) {
        Ok(note) => {
            let tx = db::begin(&app.db).await?;
            inbox::looked_at(&tx, &app.clock, *id, &note, treasurer.person_id).await?;
            tx.commit().await?;
            Ok(done(HERE, "money.noted"))
        }
        Err(wrong) => refused(&treasurer, &app, &form, wrong, StatusCode::UNPROCESSABLE_ENTITY).await,
    }
}

async fn must_concern(treasurer: &Treasurer, app: &App, id: i64) -> Result<()> {
    if money::concerns(&app.db, treasurer.outlet.id, id).await? { Ok(()) } else { Err(Error::NotFound) }
}

/// `POST /kelola/uang/{id}/catat`: asks the provider what there is, and books it by itself.
pub async fn take_in(treasurer: Treasurer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    must_concern(&treasurer, &app, *id).await?;
    let booked = book(&treasurer, &app, *id).await;
    answer(&treasurer, &app, &form, booked.map(|()| "money.booked")).await
}

async fn book(treasurer: &Treasurer, app: &App, id: i64) -> Result<()> {
    let (attempt, verified) = apart::look(&app.db, &app.payments, id).await?;
    let tx = db::begin(&app.db).await?;
    let by = treasurer.person_id;
    surplus::take_in(&tx, &app.clock, &treasurer.outlet, attempt.as_ref(), &verified, by).await?;
    let note = app.say(crate::locale::Lang::Id, &Said::new("money.booked_note"));
    inbox::looked_at(&tx, &app.clock, id, &note, by).await?;
    Ok(tx.commit().await?)
}

/// `POST /kelola/uang/lebih/{order}/kembali`: the surplus of an order goes back to its buyer.
pub async fn owe_back(treasurer: Treasurer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let owed = async {
        let tx = db::begin(&app.db).await?;
        let docket = Docket::lock(&tx, treasurer.outlet.id, *id).await?;
        surplus::owe_back(&tx, &app.clock, &docket, treasurer.person_id).await?;
        Ok::<_, Error>(tx.commit().await?)
    };
    answer(&treasurer, &app, &form, owed.await.map(|()| "money.owed_now")).await
}

/// What only the administrator decides.
enum Decision {
    Sold,
    Lost,
    /// So much more lies at the provider than was booked.
    Differs,
}

/// `POST /kelola/uang/putusan`: money that nobody will explain any more, with a reason.
pub async fn decide(
    administrator: Administrator,
    treasurer: Treasurer,
    form: Form,
    app: Data<App>,
) -> Result<HttpResponse> {
    let mut reader = form.read();
    let subject = reader.text("perihal", 120);
    let reason = reader.text("alasan", 200);
    let decision = reader.choice("putusan", |text| match text {
        "dijual" => Some(Decision::Sold),
        "rugi" => Some(Decision::Lost),
        "selisih" => Some(Decision::Differs),
        _ => None,
    });
    let (Ok(()), Some(decision)) = (reader.done(()), decision) else {
        let wrong = Wrong::field("", Said::new("money.reason_missing"));
        return refused(&treasurer, &app, &form, wrong, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let decided = carry_out(&administrator, &treasurer.outlet, &app, &subject, &reason, &decision).await;
    answer(&treasurer, &app, &form, decided.map(|()| "money.decided")).await
}

async fn carry_out(
    administrator: &Administrator,
    outlet: &outlet::Model,
    app: &App,
    subject: &str,
    reason: &str,
    decision: &Decision,
) -> Result<()> {
    let (clock, by) = (&app.clock, administrator.person_id);
    let tx = db::begin(&app.db).await?;
    // One decision at a time.
    outlet::Entity::find_by_id(outlet.id).lock_exclusive().one(&tx).await?;
    match decision {
        Decision::Sold => surplus::sold(&tx, clock, outlet, subject, reason, by).await?,
        Decision::Lost => surplus::lost(&tx, clock, outlet, subject, reason, by).await?,
        Decision::Differs => {
            let all = matching::differences(&tx).await?;
            let found = all.into_iter().find(|difference| difference.subject == subject);
            let found = found.ok_or_else(|| Refusal::conflict("money.no_difference"))?;
            let more = Rupiah(found.at_provider - found.booked);
            surplus::differs(&tx, clock, outlet, subject, more, reason, by).await?;
        }
    }
    tx.commit().await?;
    if matches!(decision, Decision::Differs) {
        matching::run(&app.db, clock, &app.payments, check::first_broken(&app.db).await?).await?;
    }
    Ok(())
}
