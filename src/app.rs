//! The state of a running service and its server.
use std::sync::Arc;

use actix_web::{
    App as ActixApp, HttpResponse, HttpServer,
    dev::Server,
    http::StatusCode,
    middleware::{Compress, from_fn},
    web,
};

use crate::{
    accounts::outlet,
    catalogue::shelf::Shelves,
    clock::Clock,
    config::{Config, MidtransKeys, PayoutKeys, Payouts},
    db::Db,
    edge,
    error::{Error, Result},
    gateway::{cache::Cache, files::Store, mail::Post, midtrans},
    locale::Said,
    outlet::iris,
    page::{Brand, Templates},
    page_cache::{self, PageCache},
    payments::{self, provider::Provider},
    routes,
    sandbox::{self, midtrans::Sandbox},
    work,
};

/// Everything a handler or a job may need. Foundations are also handed out one by one, for extractors.
pub struct App {
    pub config: Config,
    pub db: Db,
    pub clock: Clock,
    pub templates: web::Data<Templates>,
    pub cache: Cache,
    /// Photos and what people sent with their forms.
    pub files: Store,
    /// Where this process itself answers, for the stand-ins that are reached over HTTP like the real ones.
    pub own_url: String,
    pub post: Post,
    /// Where this shop is.
    pub brand: web::Data<Brand>,
    /// Ready pages for guests.
    pub pages: web::Data<PageCache>,
    /// What can be found in the shop.
    pub shelves: Arc<Shelves>,
    pub payments: payments::Gate,
    /// Payouts through Midtrans, where they are switched on.
    pub payouts: Option<iris::Door>,
    /// The Midtrans with play money, when there are no keys of the real one.
    pub sandbox: Option<Arc<Sandbox>>,
}

impl App {
    /// Connects and migrates. Templates and words are read here, so a mistake in them stops the start.
    pub async fn open(config: Config, clock: Clock, own_url: String) -> anyhow::Result<Arc<App>> {
        App::open_with(config, clock, own_url, None).await
    }

    /// The same with another payment provider than Midtrans, for tests.
    pub async fn open_with(
        config: Config,
        clock: Clock,
        own_url: String,
        provider: Option<Arc<dyn Provider>>,
    ) -> anyhow::Result<Arc<App>> {
        let db = Db::connect(&config.database_url).await?;
        db.migrate().await?;
        let brand = Brand::default();
        brand.set(&outlet::place(&db).await.map_err(|e| anyhow::anyhow!("where this is: {e}"))?);
        let (mut payments, sandbox) = payment_gate(&config, &clock, &own_url)?;
        payments.provider = provider.unwrap_or(payments.provider);
        let payouts = payout_door(&config, sandbox.as_deref(), &own_url)?;
        Ok(Arc::new(App {
            files: Store::open(config.data.join("blobs")).await?,
            payments,
            payouts,
            sandbox,
            cache: Cache::open(config.redis_url.as_deref(), &config.database_url)?,
            post: Post::open(config.smtp_url.as_deref(), config.smtp_ca.as_deref(), config.mail_folder())?,
            templates: web::Data::new(Templates::load()?),
            pages: web::Data::new(PageCache::new(config.page_cache)),
            brand: web::Data::new(brand),
            shelves: Arc::default(),
            db,
            clock,
            config,
            own_url,
        }))
    }

    /// A sentence in a language.
    pub fn say(&self, lang: crate::locale::Lang, said: &Said) -> String {
        self.templates.words().say(lang, said)
    }
}

/// Midtrans by its keys, or without keys the stand-in, which is reached over HTTP like the real one.
fn payment_gate(
    config: &Config,
    clock: &Clock,
    own_url: &str,
) -> anyhow::Result<(payments::Gate, Option<Arc<Sandbox>>)> {
    let (keys, sandbox) = match &config.midtrans {
        Some(keys) => (keys.clone(), None),
        None => {
            let now = clock.clone();
            let sandbox =
                Sandbox::open(&config.data, &config.public_url, Arc::new(move || now.now()), config.sandbox_seed)?;
            sandbox.set_notify_url(&format!("{own_url}/midtrans/notifikasi"));
            sandbox.set_payout_url(&format!("{own_url}/midtrans/payout"));
            let keys = MidtransKeys {
                server: sandbox.server_key(),
                client: sandbox.client_key(),
                production: false,
                server_before: None,
                merchant_id: Some(sandbox.merchant_id()),
            };
            (keys, Some(sandbox))
        }
    };
    let environment = match keys.production {
        true => midtrans::Environment::Production,
        false => midtrans::Environment::Sandbox,
    };
    let base = sandbox.as_ref().map(|_| format!("{own_url}{}", crate::sandbox::midtrans::MOUNT));
    let server = midtrans::ServerKey::new(&keys.server);
    let pair = midtrans::Keys { server: server.clone(), client: midtrans::ClientKey::new(&keys.client) };
    let client = midtrans::Client::new(midtrans::Config::new(environment, pair, base.as_deref())?)?;
    let signers = [Some(server), keys.server_before.map(midtrans::ServerKey::new)].into_iter().flatten().collect();
    let gate = payments::Gate {
        provider: Arc::new(payments::midtrans::Midtrans::new(client, &config.public_url, signers)),
        merchant_id: keys.merchant_id,
    };
    Ok((gate, sandbox))
}

/// Payouts with the keys of the settings, or with those of the stand-in.
fn payout_door(config: &Config, sandbox: Option<&Sandbox>, own_url: &str) -> anyhow::Result<Option<iris::Door>> {
    let (keys, base) = match (&config.payouts, sandbox) {
        (Payouts::Off, _) | (Payouts::StandIn, None) => return Ok(None),
        (Payouts::Real(keys), _) => (keys.clone(), None),
        (Payouts::StandIn, Some(sandbox)) => {
            let (creator, approver) = sandbox.payout_keys();
            let keys = PayoutKeys { merchant: creator.clone(), creator, approver };
            (keys, Some(format!("{own_url}{}", crate::sandbox::midtrans::MOUNT)))
        }
    };
    let environment = match &config.midtrans {
        Some(keys) if keys.production => midtrans::Environment::Production,
        _ => midtrans::Environment::Sandbox,
    };
    let merchant = vec![midtrans::MerchantKey::new(&keys.merchant)];
    let keys = midtrans::payouts::PayoutKeys {
        creator: midtrans::CreatorKey::new(&keys.creator),
        approver: midtrans::ApproverKey::new(&keys.approver),
        merchant: merchant.clone(),
    };
    let config = midtrans::payouts::PayoutsConfig::new(environment, keys, base.as_deref())?;
    Ok(Some(iris::Door { payouts: midtrans::payouts::Payouts::new(config)?, keys: merchant }))
}

/// Starts answering on a listener that is already bound, so that tests know the port.
pub fn serve(app: Arc<App>, listener: std::net::TcpListener) -> std::io::Result<Server> {
    let db = web::Data::new(app.db.clone());
    let clock = web::Data::new(app.clock.clone());
    let config = web::Data::new(app.config.clone());
    let secret = web::Data::new(app.config.secret.clone());
    let data = web::Data::from(app.clone());
    let stand_in = app.sandbox.clone();
    let workers = app.config.workers;
    actix_web::rt::spawn(work::watch(Arc::downgrade(&app)));
    let server = HttpServer::new(move || {
        ActixApp::new()
            .app_data(data.clone())
            .app_data(db.clone())
            .app_data(clock.clone())
            .app_data(config.clone())
            .app_data(secret.clone())
            .app_data(data.templates.clone())
            .app_data(data.pages.clone())
            .app_data(data.brand.clone())
            .wrap(from_fn(edge::pass))
            .wrap(Compress::default())
            .wrap(from_fn(page_cache::serve))
            .wrap(edge::security_headers(&data.config.public_url))
            .configure(routes::configure)
            .configure(sandbox::mail::configure)
            .configure(|cfg| {
                if let Some(sandbox) = &stand_in {
                    cfg.app_data(web::Data::from(sandbox.clone()));
                    sandbox::midtrans::configure(cfg);
                }
            })
            .default_service(web::to(nothing_here))
    });
    Ok(server.workers(workers).shutdown_timeout(10).listen(listener)?.run())
}

async fn nothing_here() -> Result<HttpResponse> {
    Err(Error::NotFound)
}

/// `/healthz`: the process answers; nothing else is asked.
pub async fn healthz() -> &'static str {
    "ok"
}

/// `/readyz`: the database answers, and Redis if it is set.
pub async fn readyz(app: web::Data<App>) -> HttpResponse {
    let database = app.db.ping().await.is_ok();
    let redis = app.cache.ping().await;
    let status = if database && redis { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    HttpResponse::build(status).json(serde_json::json!({ "database": database, "redis": redis }))
}

/// `/metrics`: counts and times for Prometheus.
pub async fn metrics() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(edge::meter().render())
}
