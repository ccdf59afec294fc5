//! The commands: `serve` (default), `migrate`.
use std::{net::TcpListener, process::ExitCode};

use warong::{app, clock::Clock, config::Config, work};

#[actix_web::main]
async fn main() -> ExitCode {
    rustls::crypto::ring::default_provider().install_default().ok();
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("WARONG_LOG").unwrap_or_else(|_| "warn,warong=info".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    let config = match Config::from_env() {
        Ok(config) => config,
        Err(wrong) => {
            for reason in wrong {
                eprintln!("warong: {reason}");
            }
            return ExitCode::from(2);
        }
    };
    let command = std::env::args().nth(1).unwrap_or_else(|| "serve".into());
    let done = match command.as_str() {
        "serve" => serve(config).await,
        "migrate" => migrate(config).await,
        other => {
            eprintln!("warong: there is no command {other:?}; use serve or migrate");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("warong: {e:#}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(config: Config) -> anyhow::Result<()> {
    let listener = TcpListener::bind(&config.bind)?;
    let own_url = format!("http://{}", listener.local_addr()?);
    let app = app::App::open(config, Clock::system(), own_url).await?;
    println!("Warong UEP: http://{}", listener.local_addr()?);
    actix_web::rt::spawn(work::run(app.clone()));
    if let Some(sandbox) = app.sandbox.clone() {
        actix_web::rt::spawn(sandbox.run());
    }
    app::serve(app.clone(), listener)?.await?;
    if let Some(sandbox) = &app.sandbox {
        sandbox.save()?;
    }
    Ok(())
}

async fn migrate(config: Config) -> anyhow::Result<()> {
    let db = warong::db::Db::connect(&config.database_url).await?;
    db.migrate().await?;
    println!("The schema is up to date.");
    Ok(())
}
