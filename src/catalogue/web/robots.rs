//! What search engines read: which pages there are, and which are nobody's business.
use std::fmt::Write;

use actix_web::{HttpResponse, web};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, Statement};

use crate::{app::App, clock, error::Result};

/// A sitemap may name 50,000 pages; the newest goods are named.
const MOST_GOODS: usize = 45_000;

/// `GET /sitemap.xml`
pub async fn sitemap(app: web::Data<App>) -> Result<HttpResponse> {
    let db = &app.db;
    let shelf = app.shelves.now(db).await?;
    let base = &app.config.public_url;
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for path in ["/", "/produk", "/perajin"] {
        place(&mut xml, base, path, "", None);
    }
    for category in shelf.categories.iter().filter(|category| shelf.count(category.id) > 0) {
        place(&mut xml, base, "/kategori/", &category.slug, None);
    }
    let sql = format!(
        "SELECT slug, updated_at FROM product WHERE state = 'published' ORDER BY published_at DESC LIMIT {MOST_GOODS}"
    );
    for row in db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await? {
        let slug: String = row.try_get("", "slug")?;
        place(&mut xml, base, "/produk/", &slug, row.try_get("", "updated_at")?);
    }
    for maker in crate::catalogue::maker::makers(db, 4_000, 0).await? {
        place(&mut xml, base, "/perajin/", &maker.slug, None);
    }
    xml.push_str("</urlset>\n");
    Ok(HttpResponse::Ok().content_type("application/xml; charset=utf-8").body(xml))
}

fn place(xml: &mut String, base: &str, folder: &str, slug: &str, changed: Option<DateTime<Utc>>) {
    let slug = percent_encoding::utf8_percent_encode(slug, SLUG);
    write!(xml, "<url><loc>{}{folder}{slug}</loc>", escaped(base)).ok();
    if let Some(changed) = changed {
        write!(xml, "<lastmod>{}</lastmod>", clock::local_date(changed)).ok();
    }
    xml.push_str("</url>\n");
}

const SLUG: &percent_encoding::AsciiSet =
    &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// `GET /robots.txt`
pub async fn robots(app: web::Data<App>) -> HttpResponse {
    // Not the order pages: an engine that may not look at one never reads there that it must not keep it.
    let closed = ["/keranjang", "/masuk", "/akun", "/kelola", "/karya", "/admin", "/bayar", "/sandbox"];
    let mut text = String::from("User-agent: *\n");
    for path in closed {
        writeln!(text, "Disallow: {path}").ok();
    }
    // Filters and searches are views of the same goods.
    for parameter in ["q", "urut", "harga_min", "harga_max"] {
        writeln!(text, "Disallow: /*?*{parameter}=").ok();
    }
    write!(text, "\nSitemap: {}/sitemap.xml\n", app.config.public_url).ok();
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(text)
}
