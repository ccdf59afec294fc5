//! What stories stand on: a running shop of their own, a clock that stands still, and browsers without a screen.
pub mod browser;
pub mod chrome;
pub mod database;
pub mod people;

use std::{net::TcpListener, sync::Arc};

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
    _folder: TempDir,
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
        rustls::crypto::ring::default_provider().install_default().ok();
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().display().to_string();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let url = database::fresh(folder.path());
        let config = Config::read(&|name| {
            if let Some((_, value)) = settings.iter().find(|(known, _)| *known == name) {
                return Some((*value).to_owned());
            }
            match name {
                "WARONG_DATA" => Some(data.clone()),
                "DATABASE_URL" => Some(url.clone()),
                "PUBLIC_URL" => Some(base.clone()),
                "WARONG_WORKERS" => Some("1".into()),
                "REDIS_URL" => std::env::var("REDIS_URL").ok(),
                _ => None,
            }
        })
        .expect("settings");
        let clock = Clock::stopped(morning());
        let app = App::open_with(config, clock.clone(), base.clone(), provider).await.expect("the shop opens");
        let server = warong::app::serve(app.clone(), listener).expect("the shop answers");
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Shop { app, clock, base, server: handle, _folder: folder }
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

    /// Ends the shop and looks that no work was set aside.
    pub async fn close(self) {
        self.settle().await;
        let (waiting, dead) = warong::outbox::waiting(&self.app.db).await.expect("the outbox can be read");
        assert_eq!((waiting, dead), (0, 0), "work was left in the outbox");
        self.server.stop(false).await;
    }
}
