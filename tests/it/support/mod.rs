//! What stories stand on: a running shop of their own, a clock that stands still, and browsers without a screen.
pub mod browser;
pub mod chrome;
pub mod database;
pub mod people;

use std::{net::TcpListener, path::Path, sync::Arc};

use actix_web::dev::ServerHandle;
use chrono::{DateTime, Utc};
use tempfile::TempDir;
use warong::{app::App, clock::Clock, config::Config, payments::provider::Provider, work};

pub use browser::Browser;

/// A shop that answers on a port of its own. It ends with the test.
pub struct Shop {
    pub app: Arc<App>,
    pub clock: Clock,
    pub base: String,
    server: ServerHandle,
    /// Gone with the shop, unless the test keeps its own.
    folder: Option<TempDir>,
}

/// Where a shop stands: its data folder, its database, and its port, any if it is 0.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    pub data: &'a Path,
    pub database_url: &'a str,
    pub port: u16,
}

/// A fault that a story came upon is told with its cause.
fn tells_faults() {
    tracing_subscriber::fmt().with_env_filter("error").with_test_writer().try_init().ok();
}

/// Saturday, 21 November 2026, 10.00 in Jember.
pub fn morning() -> DateTime<Utc> {
    "2026-11-21T03:00:00Z".parse().expect("a date")
}

impl Shop {
    /// A shop with empty tables.
    pub async fn empty() -> Shop {
        Shop::open(&[]).await
    }

    /// The same with settings of its own.
    pub async fn open(settings: &[(&str, &str)]) -> Shop {
        Shop::open_with(settings, None).await
    }

    /// The same with a payment provider of the test's own.
    pub async fn open_with(settings: &[(&str, &str)], provider: Option<Arc<dyn Provider>>) -> Shop {
        let folder = tempfile::tempdir().expect("a folder");
        let url = database::fresh(folder.path());
        let ground = Ground { data: folder.path(), database_url: &url, port: 0 };
        let mut shop = Shop::on(ground, Clock::stopped(morning()), settings, provider).await;
        shop.folder = Some(folder);
        shop
    }

    /// A shop on what is there already.
    pub async fn on(
        ground: Ground<'_>,
        clock: Clock,
        settings: &[(&str, &str)],
        provider: Option<Arc<dyn Provider>>,
    ) -> Shop {
        rustls::crypto::ring::default_provider().install_default().ok();
        tells_faults();
        let listener = TcpListener::bind(("127.0.0.1", ground.port)).expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let config = Config::read(&|name| {
            if let Some((_, value)) = settings.iter().find(|(known, _)| *known == name) {
                return Some((*value).to_owned());
            }
            match name {
                "WARONG_DATA" => Some(ground.data.display().to_string()),
                "DATABASE_URL" => Some(ground.database_url.to_owned()),
                "PUBLIC_URL" => Some(base.clone()),
                "WARONG_WORKERS" => Some("1".into()),
                "REDIS_URL" => std::env::var("REDIS_URL").ok(),
                _ => None,
            }
        })
        .expect("settings");
        let app = App::open_with(config, clock.clone(), base.clone(), provider).await.expect("the shop opens");
        let server = warong::app::serve(app.clone(), listener).expect("the shop answers");
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Shop { app, clock, base, server: handle, folder: None }
    }

    /// Somebody who comes in with an empty pocket of cookies.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.base)
    }

    /// What the watch would find out within a second, so that no page changes in the middle of a story.
    pub async fn knows_its_place(&self) {
        let place = warong::accounts::outlet::place(&self.app.db).await.expect("a place");
        if self.app.brand.set(&place) {
            self.app.db.bump_shown();
        }
    }

    /// Does all work that is due, until nothing is left; the stand-in delivers its notices in between.
    pub async fn settle(&self) {
        for _ in 0..100 {
            if let Some(sandbox) = &self.app.sandbox {
                sandbox.tick().await;
            }
            if work::step(&self.app).await.expect("the worker works") == 0 {
                return;
            }
        }
        panic!("the worker never came to rest");
    }

    /// Signal is gone: nobody answers at its address any more. Its connections end with the workers that made them, so the
    /// story looks at the books through new ones.
    pub async fn goes_dark(&mut self) {
        self.server.stop(false).await;
        let (config, clock) = (self.app.config.clone(), self.clock.clone());
        self.app = App::open(config, clock, self.base.clone()).await.expect("the shop opens again");
    }

    /// It answers again where it did, with the books it had.
    pub fn is_back(&mut self) {
        let listener = TcpListener::bind(self.base.trim_start_matches("http://")).expect("its port");
        let server = warong::app::serve(self.app.clone(), listener).expect("the shop answers");
        self.server = server.handle();
        actix_web::rt::spawn(server);
    }

    /// Ends the shop and looks that no work was set aside.
    pub async fn close(self) {
        self.settle().await;
        let (waiting, dead) = warong::outbox::waiting(&self.app.db).await.expect("the outbox can be read");
        assert_eq!((waiting, dead), (0, 0), "work was left in the outbox");
        self.server.stop(false).await;
    }
}
