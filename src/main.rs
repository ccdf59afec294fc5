//! The commands of the service, nothing else.
use std::{net::TcpListener, process::ExitCode, sync::Arc};

use entity::person_role::Role;
use warong::{
    accounts::{person, pin, role},
    app::App,
    check,
    clock::Clock,
    config::Config,
    db::{self, Db},
    form,
    gateway::files::Store,
    seed, work,
};

const COMMANDS: &str = "serve (default), work, migrate, seed --scale N, administrator PHONE NAME, check [--json]";

#[actix_web::main]
async fn main() -> ExitCode {
    rustls::crypto::ring::default_provider().install_default().ok();
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("WARONG_LOG").unwrap_or_else(|_| "warn,warong=info".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let config = match Config::from_env() {
        Ok(config) => config,
        Err(wrong) => {
            for reason in wrong {
                eprintln!("warong: {reason}");
            }
            return ExitCode::from(2);
        }
    };
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        [] | ["serve"] => serve(config).await,
        ["work"] => work_alone(config).await,
        ["migrate"] => migrate(config).await,
        ["seed"] => sow(config, 1).await,
        ["seed", "--scale", n] => match n.parse() {
            Ok(n @ 1..=10_000) => sow(config, n).await,
            _ => Err(anyhow::anyhow!("--scale takes a number from 1 to 10000")),
        },
        ["administrator", phone, name] => administrator(config, phone, name).await,
        ["check"] | ["check", "--json"] => match check(config, words.len() == 2).await {
            Ok(true) => Ok(()),
            Ok(false) => return ExitCode::FAILURE,
            Err(e) => Err(e),
        },
        other => {
            eprintln!("warong: there is no command {:?}; there are {COMMANDS}", other.join(" "));
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
    let listener = TcpListener::bind(&config.bind).map_err(|e| anyhow::anyhow!("{}: {e}", config.bind))?;
    let own_url = format!("http://{}", listener.local_addr()?);
    let app = App::open(config, Clock::system(), own_url).await?;
    if !app.config.is_production() && seed::is_unfinished(&app.db).await? {
        seed::run(&app.db, &app.clock, &app.files, 1).await?;
    }
    println!("Warong UEP: {}", app.config.public_url);
    if !app.config.is_production() {
        println!("{}", seed::sign_ins(&app.db).await?);
    }
    actix_web::rt::spawn(work::run(Arc::clone(&app)));
    if let Some(sandbox) = app.sandbox.clone() {
        actix_web::rt::spawn(sandbox.run());
    }
    warong::app::serve(Arc::clone(&app), listener)?.await?;
    if let Some(sandbox) = &app.sandbox {
        sandbox.save()?;
    }
    Ok(())
}

async fn work_alone(config: Config) -> anyhow::Result<()> {
    let own_url = config.public_url.clone();
    let app = App::open(config, Clock::system(), own_url).await?;
    println!("Warong UEP: the worker is at work");
    tokio::select! {
        () = work::run(app) => {}
        stopped = tokio::signal::ctrl_c() => stopped?,
    }
    Ok(())
}

async fn migrate(config: Config) -> anyhow::Result<()> {
    let db = Db::connect(&config.database_url).await?;
    db.migrate().await?;
    println!("The schema is up to date.");
    Ok(())
}

async fn sow(config: Config, scale: usize) -> anyhow::Result<()> {
    anyhow::ensure!(!config.is_production(), "a production database is not filled with a demonstration");
    let db = Db::connect(&config.database_url).await?;
    db.migrate().await?;
    let files = Store::open(config.data.join("blobs")).await?;
    seed::run(&db, &Clock::system(), &files, scale).await?;
    println!("The village is there.");
    Ok(())
}

/// Says of every invariant whether it holds; as JSON with `--json`. The first broken record is named at the end.
async fn check(config: Config, json: bool) -> anyhow::Result<bool> {
    let db = Db::connect(&config.database_url).await?;
    let report = check::all(&db).await?;
    if json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print!("{}", check::in_words(&report));
    }
    if let Some(broken) = report.first_broken() {
        eprintln!("warong: {}: {}", broken.rule, broken.record.as_deref().unwrap_or("?"));
    }
    Ok(report.ok)
}

/// Makes somebody an administrator and prints a PIN for the first sign-in, so that a new installation has a beginning.
async fn administrator(config: Config, phone: &str, name: &str) -> anyhow::Result<()> {
    let phone = form::phone(phone).ok_or_else(|| anyhow::anyhow!("{phone:?} is no telephone number"))?;
    let db = Db::connect(&config.database_url).await?;
    db.migrate().await?;
    let clock = Clock::system();
    let pin = pin::Pin::random();
    let shown = pin.shown().to_owned();
    let hash = pin.hash().await?;
    let tx = db::begin(&db).await?;
    let known = person::by_phone(&tx, &phone).await?;
    let id = match &known {
        Some(known) => known.id,
        None => person::create(&tx, &clock, name, Some(&phone), None).await?,
    };
    person::lend_secret(&tx, &clock, id, hash).await?;
    role::grant(&tx, &clock, id, Role::Administrator, role::Place::Everywhere, None).await?;
    tx.commit().await?;
    println!("{name} may sign in with {phone} and the PIN {shown}, and is asked to choose another.");
    Ok(())
}
