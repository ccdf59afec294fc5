//! A real browser the size of a cheap phone: Chromium with its driver, as Debian ships them.
use std::{
    net::TcpListener,
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::json;
use tempfile::TempDir;
use thirtyfour::{
    ChromiumLikeCapabilities, DesiredCapabilities, WebDriver,
    prelude::{By, ElementQueryable, ElementWaitable, WebDriverResult, WebElement},
};

/// A phone in somebody's hand. Put down with [`Phone::put_down`].
pub struct Phone {
    pub driver: WebDriver,
    base: String,
    script: bool,
    chromedriver: Child,
    /// What the browser keeps; none once another phone goes on with it.
    profile: Option<TempDir>,
}

impl Phone {
    /// A phone 360 pixels wide; without script where the story says so.
    pub async fn new(base: &str, script: bool) -> Phone {
        Phone::with(base, script, tempfile::tempdir().expect("a folder")).await
    }

    /// Its page dies in the middle of things; the browser is closed, and opened again with all that it had kept.
    pub async fn dies_and_comes_back(mut self) -> Phone {
        // A page that died gives no answer.
        let tools = self.driver.cdp();
        tokio::time::timeout(Duration::from_secs(3), tools.send_raw("Page.crash", json!({}))).await.ok();
        let profile = self.profile.take().expect("what it kept");
        let (base, script) = (self.base.clone(), self.script);
        self.put_down().await;
        Phone::with(&base, script, profile).await
    }

    async fn with(base: &str, script: bool, profile: TempDir) -> Phone {
        let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
        let chromedriver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Chromium is in its group, so that nothing of it stays when a story ends in a panic.
            .process_group(0)
            .spawn()
            .expect("chromedriver, which tests/run installs");
        let mut capabilities = DesiredCapabilities::chrome();
        let profile_flag = format!("--user-data-dir={}", profile.path().display());
        for flag in [
            "--headless=new",
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--no-default-browser-check",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-default-apps",
            "--disable-features=OptimizationHints,Translate,MediaRouter",
            "--lang=id-ID",
            &profile_flag,
        ] {
            capabilities.add_arg(flag).expect("a flag");
        }
        if !script {
            let off = json!({ "profile.managed_default_content_settings.javascript": 2 });
            capabilities.add_experimental_option("prefs", off).expect("a setting");
        }
        let driver = start(port, capabilities).await;
        let size = json!({ "width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": true });
        driver.cdp().send_raw("Emulation.setDeviceMetricsOverride", size).await.expect("a small screen");
        Phone { driver, base: base.to_owned(), script, chromedriver, profile: Some(profile) }
    }

    pub async fn open(&self, path: &str) {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base) };
        self.driver.goto(url).await.expect("the page opens");
    }

    /// Path and query of the page that is open.
    pub async fn place(&self) -> String {
        let url = self.driver.current_url().await.expect("an address");
        url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()))
    }

    /// Waits until a page was left for another.
    pub async fn leaves(&self, path: &str) {
        for _ in 0..160 {
            if self.place().await != path {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("still on {path}:\n{}", self.text().await);
    }

    /// The first thing that fits a CSS selector, waiting a moment for it to come.
    pub async fn find(&self, css: &str) -> WebElement {
        match self.try_find(css).await {
            Ok(element) => element,
            Err(e) => panic!("{css}: {e}\non {}", self.text().await),
        }
    }

    async fn try_find(&self, css: &str) -> WebDriverResult<WebElement> {
        self.driver.query(By::Css(css)).wait(Duration::from_secs(8), Duration::from_millis(50)).first().await
    }

    pub async fn tap(&self, css: &str) {
        let mut element = self.find(css).await;
        // A screen that was drawn anew meanwhile has another one in its place.
        for _ in 0..20 {
            if element.scroll_into_view().await.is_ok() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
            element = self.find(css).await;
        }
        if let Err(e) = element.click().await {
            // Something may lie over it, as the bar at the bottom; people would scroll on, the driver does not.
            let element = self.find(css).await;
            element.wait_until().clickable().await.unwrap_or_else(|_| panic!("{css}: {e}"));
            let args = vec![element.to_json().expect("an element")];
            self.driver.execute("arguments[0].click()", args).await.expect("a tap");
        }
    }

    /// Taps the button that says this, within the last that fits a CSS selector: the window in front, the part that is
    /// drawn on the phone.
    pub async fn tap_on(&self, within: &str, text: &str) {
        let (within, quoted) = (json!(within), json!(text));
        let mark = format!(
            "document.querySelectorAll('[data-chosen]').forEach((b) => b.removeAttribute('data-chosen')); \
             const front = [...document.querySelectorAll({within})].at(-1); \
             const it = [...(front?.querySelectorAll('button') ?? [])].find((b) => b.offsetParent && !b.disabled && b.textContent.includes({quoted})); \
             it?.setAttribute('data-chosen', ''); it?.scrollIntoView({{ block: 'center' }}); return Boolean(it)"
        );
        for _ in 0..160 {
            if self.driver.execute(&mark, vec![]).await.expect("it runs").json() == &json!(true) {
                // The screen may be drawn anew in between; then it is looked for again.
                let found = self.driver.find(By::Css("[data-chosen]")).await;
                if let Ok(it) = found
                    && it.click().await.is_ok()
                {
                    return;
                }
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("nothing says {text:?}:\n{}", self.text().await);
    }

    pub async fn type_in(&self, css: &str, text: &str) {
        let element = self.find(css).await;
        element.clear().await.ok();
        element.send_keys(text).await.unwrap_or_else(|e| panic!("{css}: {e}"));
    }

    /// What can be read on the page.
    pub async fn text(&self) -> String {
        match self.driver.find(By::Tag("body")).await {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(e) => e.to_string(),
        }
    }

    /// Waits until the page says this.
    pub async fn sees(&self, text: &str) {
        for _ in 0..160 {
            if self.text().await.contains(text) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the page does not say {text:?}:\n{}", self.text().await);
    }

    /// Nothing on the page is wider than the screen, and nobody is kept from reading or reaching it.
    pub async fn fits(&self) {
        let wide = self.driver.execute("return document.documentElement.scrollWidth", vec![]).await.expect("a width");
        let wide = wide.json().as_i64().expect("a number");
        let url = self.driver.current_url().await.expect("an address");
        assert!(wide <= 360, "{url} is {wide} pixels wide");
        // Without script the page is the same, and axe-core could not run on it.
        let Some(axe) = std::env::var_os("AXE_CORE").filter(|_| self.script) else { return };
        let axe = std::fs::read_to_string(axe).expect("axe-core, which tests/run installs");
        let look = "const done = arguments[arguments.length - 1]; axe.run(document, { resultTypes: ['violations'] }).then(\
             (r) => done(r.violations.map((v) => `${v.impact} ${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(' | ')}`)),\
             (e) => done([String(e)]));";
        self.driver.execute(axe, vec![]).await.expect("axe-core runs");
        let found = self.driver.execute_async(look, vec![]).await.expect("axe-core answers");
        let found: Vec<String> = found.convert().expect("a list");
        assert!(found.is_empty(), "{url}: {found:#?}");
    }

    /// Keeps a picture of the screen in `WARONG_SCREENSHOTS`, where that is set.
    pub async fn picture(&self, name: &str) {
        if let Ok(folder) = std::env::var("WARONG_SCREENSHOTS") {
            let file = Path::new(&folder).join(format!("{name}.png"));
            self.driver.screenshot(&file).await.expect("a picture");
        }
    }

    pub async fn put_down(self) {
        self.driver.clone().quit().await.ok();
    }
}

impl Drop for Phone {
    fn drop(&mut self) {
        let group = format!("-{}", self.chromedriver.id());
        Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status().ok();
        self.chromedriver.wait().ok();
        // Its session ended with it; the driver would wait for an answer of a dead process.
        std::mem::forget(self.driver.clone());
    }
}

async fn start(port: u16, capabilities: impl Into<thirtyfour::Capabilities> + Clone) -> WebDriver {
    let address = format!("http://127.0.0.1:{port}");
    for _ in 0..100 {
        match WebDriver::new(&address, capabilities.clone()).await {
            Ok(driver) => return driver,
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
    panic!("Chromium does not start");
}
