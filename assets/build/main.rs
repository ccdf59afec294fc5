//! Builds files into the program: templates, words, style and scripts (compressed, with a checksum in the name).
use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

#[path = "modules.rs"]
mod modules;
#[path = "region.rs"]
mod region;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    for folder in ["templates", "assets/css", "assets/js", "assets/img", "assets/demo"] {
        println!("cargo:rerun-if-changed={folder}");
    }
    println!("cargo:rerun-if-changed=assets/build");

    let mut code = String::new();
    embedded_texts(&mut code, &root.join("templates"), "html", "TEMPLATES")?;
    embedded_texts(&mut code, &root.join("templates"), "txt", "TEXT_TEMPLATES")?;
    embedded_texts(&mut code, &root.join("templates/words"), "toml", "WORDS")?;
    embedded_bytes(&mut code, &root.join("assets/demo"), "webp", "DEMO_PHOTOS")?;

    // For a buyer; for crafters and staff, which a buyer on a weak network does not load; for the price board, which
    // stands alone on a wall, a sheet or a phone; and for a till.
    let styles = [("app.css", "assets/css"), ("work.css", "assets/css/work"), ("board.css", "assets/css/board")];
    let styles = styles.into_iter().chain([("till.css", "assets/css/till")]);
    let mut assets =
        styles.map(|(name, folder)| Ok((name.to_owned(), style(&root.join(folder))?))).collect::<Result<Vec<_>>>()?;
    let [shop, field, till] = ["assets/js", "assets/js/field", "assets/js/till"].map(|folder| root.join(folder));
    assets.push(("till.js".to_owned(), modules::bundle("till.js", &[field.clone(), till])?));
    assets.extend(modules::scripts(&[shop, field])?);
    for file in files(&root.join("assets/img"))? {
        assets.push((name_of(&file), fs::read(&file)?));
    }
    writeln!(code, "/// Everything browsers fetch.\npub static ASSETS: &[Asset] = &[")?;
    for (name, content) in assets {
        asset(&mut code, &out, &name, &content)?;
    }
    writeln!(code, "];")?;
    fs::write(out.join("assets.rs"), code)?;
    region::build()
}

/// One file of style: tokens, base and layout first, then components and pages by name.
fn style(folder: &Path) -> Result<Vec<u8>> {
    let mut parts = files(folder)?;
    let order = |path: &PathBuf| {
        let name = name_of(path);
        let rank = ["tokens.css", "base.css", "layout.css"].iter().position(|first| *first == name).unwrap_or(3);
        (rank, path.clone())
    };
    parts.sort_by_key(order);
    let mut css = String::new();
    for part in parts {
        css.push_str(&fs::read_to_string(part)?);
    }
    Ok(without_comments(&css).into_bytes())
}

/// Comments and indentation are for people who read the source.
fn without_comments(css: &str) -> String {
    let mut out = String::new();
    let mut rest = css;
    while let Some(open) = rest.find("/*") {
        out.push_str(&rest[..open]);
        rest = rest[open..].find("*/").map_or("", |close| &rest[open + close + 2..]);
    }
    out.push_str(rest);
    out.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn asset(code: &mut String, out: &Path, name: &str, content: &[u8]) -> Result<()> {
    let hashed = hashed(name, content)?;
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let content_type = match extension {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" => "image/jpeg",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    };
    let plain = out.join(&hashed);
    fs::write(&plain, content)?;
    let text = matches!(extension, "css" | "js" | "svg");
    let (mut br, mut gz) = ("None".to_owned(), "None".to_owned());
    if text {
        let mut packed = Vec::new();
        let params = brotli::enc::BrotliEncoderParams { quality: 11, ..Default::default() };
        brotli::BrotliCompress(&mut &content[..], &mut packed, &params)?;
        let file = out.join(format!("{hashed}.br"));
        fs::write(&file, packed)?;
        br = format!("Some(include_bytes!({:?}))", file);
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packed.write_all(content)?;
        let file = out.join(format!("{hashed}.gz"));
        fs::write(&file, packed.finish()?)?;
        gz = format!("Some(include_bytes!({:?}))", file);
    }
    writeln!(
        code,
        "    Asset {{ name: {name:?}, url: \"/aset/{hashed}\", content_type: {content_type:?}, \
         plain: include_bytes!({plain:?}), brotli: {br}, gzip: {gz} }},"
    )?;
    Ok(())
}

/// The name of an asset with the checksum of what is in it.
fn hashed(name: &str, content: &[u8]) -> Result<String> {
    let (stem, extension) = name.rsplit_once('.').ok_or("an asset needs an extension")?;
    let hash: String = Sha256::digest(content).iter().take(6).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    });
    Ok(format!("{stem}-{hash}.{extension}"))
}

fn embedded_texts(code: &mut String, folder: &Path, extension: &str, name: &str) -> Result<()> {
    writeln!(code, "/// Built-in `{extension}` files by their path.\npub static {name}: &[(&str, &str)] = &[")?;
    for file in all_files(folder)? {
        if file.extension().is_some_and(|e| e == extension) {
            let short = file.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
            writeln!(code, "    ({short:?}, include_str!({file:?})),")?;
        }
    }
    writeln!(code, "];")?;
    Ok(())
}

fn embedded_bytes(code: &mut String, folder: &Path, extension: &str, name: &str) -> Result<()> {
    writeln!(code, "/// Built-in `{extension}` files by their path.\npub static {name}: &[(&str, &[u8])] = &[")?;
    for file in all_files(folder)? {
        if file.extension().is_some_and(|e| e == extension) {
            let short = file.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
            writeln!(code, "    ({short:?}, include_bytes!({file:?})),")?;
        }
    }
    writeln!(code, "];")?;
    Ok(())
}

/// All files below a folder, by name.
fn all_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The files of one folder, by name.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found: Vec<PathBuf> = match fs::read_dir(folder) {
        Ok(entries) => entries.filter_map(|e| Some(e.ok()?.path())).filter(|p| p.is_file()).collect(),
        Err(_) => Vec::new(),
    };
    found.sort();
    Ok(found)
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}
