//! The real binary in a process of its own, to be killed.
use std::{
    fs::File,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

use rand::RngExt;

/// Where it stands, and how it is started there.
pub struct Service {
    pub folder: PathBuf,
    pub database_url: String,
    pub port: u16,
    child: Option<Child>,
}

impl Service {
    pub fn at(folder: &Path, database_url: String) -> Service {
        Service { folder: folder.to_owned(), database_url, port: port(), child: None }
    }

    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The binary with the settings of this place; what it says goes into a file beside its data.
    fn command(&self) -> Command {
        let log = File::options().create(true).append(true).open(self.folder.join("log")).expect("a log");
        let mut command = Command::new(env!("CARGO_BIN_EXE_warong"));
        command
            .current_dir(&self.folder)
            .env("WARONG_DATA", &self.folder)
            .env("WARONG_BIND", format!("127.0.0.1:{}", self.port))
            .env("DATABASE_URL", &self.database_url)
            .env("WARONG_PAGE_CACHE", "off")
            .env("WARONG_WORKERS", "2")
            .env("WARONG_LOG", "warn")
            .env("RUST_BACKTRACE", "0")
            .stdout(Stdio::null())
            .stderr(log);
        command
    }

    pub fn start(&mut self) {
        self.child = Some(self.command().spawn().expect("the service starts"));
    }

    /// Waits until it answers, at most half a minute. Fails when it ends by itself.
    pub async fn answers(&mut self) {
        let client = reqwest::Client::builder().timeout(Duration::from_secs(1)).build().expect("a client");
        for _ in 0..1_500 {
            let ended = self.child.as_mut().and_then(|child| child.try_wait().expect("it can be asked"));
            assert!(ended.is_none(), "it ended by itself: {ended:?}\n{}", self.said());
            let answer = client.get(format!("{}/healthz", self.base())).send().await;
            if answer.is_ok_and(|answer| answer.status().is_success()) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("it never answered:\n{}", self.said());
    }

    /// SIGKILL: nothing is finished, nothing is written.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("it can be killed");
            child.wait().expect("it is gone");
        }
    }

    /// `warong check --json`.
    pub fn check(&self) -> Output {
        self.command().args(["check", "--json"]).stdout(Stdio::piped()).output().expect("the check runs")
    }

    /// The end of what it wrote to its log.
    pub fn said(&self) -> String {
        let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(40)..].join("\n")
    }
}

/// A free port below those the system gives out by itself, so that nobody takes it while the service is down.
fn port() -> u16 {
    let free = |port: &u16| TcpListener::bind(("127.0.0.1", *port)).is_ok();
    std::iter::repeat_with(|| rand::rng().random_range(15_000..32_000)).find(free).expect("a port")
}

impl Drop for Service {
    fn drop(&mut self) {
        self.kill();
    }
}
