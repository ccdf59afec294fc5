//! The catalogue for programs: the same goods as on the pages, as JSON, open to everybody.
use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use serde::Serialize;
use serde_json::{Value, json};

use super::{list, public::look};
use crate::{
    app::App,
    catalogue::{
        shelf::{self, Card, Shelf},
        show::{self, Product, Sheet, Size},
    },
    error::{Error, Refusal, Result},
    form::{Form, SESSION_COOKIE},
    outlet::web::sync,
};
use entity::{
    Rupiah,
    product::{State, Unit},
};

/// Routes as they stand in the description; the last is answered by the orders.
const ROUTES: [&str; 4] = ["/api/v1/products", "/api/v1/products/{slug}", "/api/v1/openapi.json", "/api/v1/orders"];

/// Routes of this file.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.route(ROUTES[0], look().to(products)).route(ROUTES[1], look().to(product)).route(ROUTES[2], look().to(openapi));
}

#[derive(Serialize)]
struct ProductsJson<'a> {
    products: Vec<CardJson<'a>>,
    total: usize,
    page: usize,
    pages: usize,
    /// The words as they were understood, when they were typed with errors.
    understood: Option<String>,
}

#[derive(Serialize)]
struct CardJson<'a> {
    slug: &'a str,
    name: &'a str,
    category: &'a str,
    unit: Unit,
    price_min: Rupiah,
    price_max: Rupiah,
    available: i64,
    days_to_make: Option<i64>,
    maker: Option<MakerJson<'a>>,
    url: String,
    photo: Option<String>,
}

#[derive(Serialize)]
struct MakerJson<'a> {
    slug: &'a str,
    name: &'a str,
    dusun: &'a str,
}

#[derive(Serialize)]
struct ProductJson<'a> {
    slug: &'a str,
    name: &'a str,
    description: &'a str,
    category: &'a str,
    unit: Unit,
    maker: Option<MakerJson<'a>>,
    village: &'a str,
    outlet: &'a str,
    days_to_make: Option<i64>,
    pieces_per_week: Option<i64>,
    pickup_only: bool,
    items: Vec<ItemJson<'a>>,
    photos: Vec<String>,
    url: String,
}

#[derive(Serialize)]
struct ItemJson<'a> {
    id: i64,
    name: &'a str,
    price: Rupiah,
    /// What of the price is whose; the parts sum to it.
    shares: SharesJson,
    available: i64,
    length_mm: i64,
    width_mm: i64,
    height_mm: i64,
    weight_grams: i64,
}

#[derive(Serialize)]
struct SharesJson {
    maker: Rupiah,
    outlet: Rupiah,
    group: Rupiah,
}

/// `GET /api/v1/products`: the same questions as `/produk`.
async fn products(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse> {
    let shelf = app.shelves.now(&app.db).await?;
    let asked = Form::parse(request.query_string().as_bytes());
    let (wish, wrong) = list::read(&asked, &shelf)?;
    if let Some(said) = wrong.0.values().next() {
        return Err(Refusal::invalid(said.key).into());
    }
    let picked = list::find(&app, &shelf, &wish).await?;
    let cards = shelf::cards(&app.db, &picked.ids).await?;
    let answer = ProductsJson {
        products: cards.iter().map(|card| card_json(card, &shelf, &app.config.public_url)).collect(),
        total: picked.total,
        page: picked.page,
        pages: picked.pages,
        understood: picked.understood,
    };
    Ok(HttpResponse::Ok().json(answer))
}

fn card_json<'a>(card: &'a Card, shelf: &'a Shelf, public_url: &str) -> CardJson<'a> {
    CardJson {
        slug: &card.slug,
        name: &card.name,
        category: category(shelf, card.category_id),
        unit: card.unit,
        price_min: card.price_min,
        price_max: card.price_max,
        available: card.available.max(0),
        days_to_make: card.days_to_make,
        maker: maker(card.maker_slug.as_deref(), card.maker.as_deref(), card.dusun.as_deref()),
        url: format!("{public_url}/produk/{}", card.slug),
        photo: card.cover.as_ref().map(|name| photo(public_url, name)),
    }
}

fn category(shelf: &Shelf, id: i64) -> &str {
    shelf.categories.iter().find(|row| row.id == id).map_or("", |row| &row.slug)
}

fn maker<'a>(slug: Option<&'a str>, name: Option<&'a str>, dusun: Option<&'a str>) -> Option<MakerJson<'a>> {
    Some(MakerJson { slug: slug?, name: name?, dusun: dusun.unwrap_or_default() })
}

fn photo(public_url: &str, name: &str) -> String {
    format!("{public_url}/foto/{name}-640.jpg")
}

/// `GET /api/v1/products/{slug}`
async fn product(slug: web::Path<String>, app: web::Data<App>) -> Result<HttpResponse> {
    let shelf = app.shelves.now(&app.db).await?;
    let Sheet { product: found, sizes, photos } = show::sheet(&app.db, &slug).await?.ok_or(Error::NotFound)?;
    match found.state {
        State::Published => {}
        State::Withdrawn => return Ok(gone()),
        State::Draft | State::Submitted => return Err(Error::NotFound),
    }
    let public_url = &app.config.public_url;
    Ok(HttpResponse::Ok().json(ProductJson {
        slug: &found.slug,
        name: &found.name,
        description: &found.description,
        category: category(&shelf, found.category_id),
        unit: found.unit,
        maker: maker(found.maker_slug.as_deref(), found.maker.as_deref(), found.dusun.as_deref()),
        village: &found.village,
        outlet: &found.outlet,
        days_to_make: found.days_to_make,
        pieces_per_week: found.pieces_per_week,
        pickup_only: found.pickup_only,
        items: sizes.iter().map(|size| item_json(&found, size)).collect(),
        photos: photos.iter().map(|name| photo(public_url, name)).collect(),
        url: format!("{public_url}/produk/{}", found.slug),
    }))
}

fn item_json<'a>(product: &Product, size: &'a Size) -> ItemJson<'a> {
    let [maker, outlet, group] = show::shares(product, size.price).map(|(_, amount)| amount);
    ItemJson {
        id: size.id,
        name: &size.name,
        price: size.price,
        shares: SharesJson { maker, outlet, group },
        available: size.available.max(0),
        length_mm: size.length_mm,
        width_mm: size.width_mm,
        height_mm: size.height_mm,
        weight_grams: size.weight_grams,
    }
}

/// A product that was sold once: not an unknown address, and not coming back by trying again.
fn gone() -> HttpResponse {
    HttpResponse::build(StatusCode::GONE)
        .content_type("application/problem+json")
        .body(json!({ "type": "urn:warong:withdrawn", "title": "Gone", "status": 410 }).to_string())
}

/// `GET /api/v1/openapi.json`
async fn openapi(app: web::Data<App>) -> HttpResponse {
    HttpResponse::Ok().json(description(&app.config.public_url))
}

/// The description of the API, by OpenAPI 3.1.
fn description(public_url: &str) -> Value {
    let query = |name: &str, schema: Value, about: &str| json!({ "name": name, "in": "query", "schema": schema, "description": about });
    let answer = |name: &str| {
        json!({ "description": "OK", "content": {
            "application/json": { "schema": { "$ref": format!("#/components/schemas/{name}") } } } })
    };
    let problem = |about: &str| {
        json!({ "description": about, "content": {
            "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } })
    };
    let amount = json!({ "type": "integer", "minimum": 0 });
    let mut whole = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Warong UEP", "version": "1",
            "description": "The catalogue is open; orders want a token, devices a session. Amounts are whole rupiah.",
        },
        "servers": [{ "url": public_url }],
        "paths": {
            ROUTES[0]: { "get": {
                "operationId": "listProducts", "summary": "Goods by words, category and price; pages of 24.",
                "parameters": [
                    query("q", json!({ "type": "string" }), "Words; typing errors are forgiven."),
                    query("kategori", json!({ "type": "string" }), "Slug of a category."),
                    query("harga_min", amount.clone(), "Lowest price."),
                    query("harga_max", amount, "Highest price."),
                    query("urut", json!({ "enum": ["terbaru", "termurah", "termahal", "siap"] }), "Order."),
                    query("hal", json!({ "type": "integer", "minimum": 1 }), "Page."),
                ],
                "responses": { "200": answer("Products"), "404": problem("No such category"),
                    "422": problem("A price that is no amount") },
            } },
            ROUTES[1]: { "get": {
                "operationId": "showProduct", "summary": "One product with its sizes and where its price goes.",
                "parameters": [{ "name": "slug", "in": "path", "required": true, "schema": { "type": "string" } }],
                "responses": { "200": answer("Product"), "404": problem("No such product"),
                    "410": problem("No longer sold") },
            } },
            ROUTES[2]: { "get": {
                "operationId": "describe", "summary": "This description.",
                "responses": { "200": { "description": "OK", "content": { "application/json": {} } } },
            } },
            ROUTES[3]: { "get": {
                "operationId": "listOrders",
                "summary": "Orders of the outlets a token reaches, oldest first, without the buyer.",
                "security": [{ "token": [] }],
                "parameters": [query("after", json!({ "type": "integer", "minimum": 0 }), "Orders after this id.")],
                "responses": { "200": answer("Orders"), "401": problem("No token, or one that was withdrawn"),
                    "403": problem("The token's role may not read orders") },
            } },
        },
        "components": {
            "schemas": schemas(),
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" },
                "session": { "type": "apiKey", "in": "cookie", "name": SESSION_COOKIE } },
        },
    });
    extend(&mut whole["paths"], sync::paths());
    extend(&mut whole["components"]["schemas"], sync::schemas());
    whole
}

/// Puts what another module describes beside what is there.
fn extend(object: &mut Value, more: Value) {
    if let (Some(object), Value::Object(more)) = (object.as_object_mut(), more) {
        object.extend(more);
    }
}

fn schemas() -> Value {
    let (text, number, flag) =
        (json!({ "type": "string" }), json!({ "type": "integer" }), json!({ "type": "boolean" }));
    let maybe_text = json!({ "type": ["string", "null"] });
    let maybe_number = json!({ "type": ["integer", "null"] });
    let unit = json!({ "enum": ["piece", "square_metre", "pack"] });
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let list = |name: &str| json!({ "type": "array", "items": { "$ref": format!("#/components/schemas/{name}") } });
    let object = |properties: Value| json!({ "type": "object", "properties": properties });
    let maker = json!({ "oneOf": [reference("Maker"), { "type": "null" }] });
    json!({
        "Products": object(json!({ "products": list("Card"), "total": number, "page": number, "pages": number,
            "understood": maybe_text })),
        "Card": object(json!({ "slug": text, "name": text, "category": text, "unit": unit, "price_min": number,
            "price_max": number, "available": number, "days_to_make": maybe_number, "maker": maker, "url": text,
            "photo": maybe_text })),
        "Product": object(json!({ "slug": text, "name": text, "description": text, "category": text, "unit": unit,
            "maker": maker, "village": text, "outlet": text, "days_to_make": maybe_number,
            "pieces_per_week": maybe_number, "pickup_only": flag, "items": list("Item"),
            "photos": { "type": "array", "items": text }, "url": text })),
        "Item": object(json!({ "id": number, "name": text, "price": number, "shares": reference("Shares"),
            "available": number, "length_mm": number, "width_mm": number, "height_mm": number,
            "weight_grams": number })),
        "Shares": object(json!({ "maker": number, "outlet": number, "group": number })),
        "Maker": object(json!({ "slug": text, "name": text, "dusun": text })),
        "Orders": object(json!({ "orders": list("Order"), "after": maybe_number })),
        "Order": object(json!({ "id": number, "number": text, "outlet_id": number, "state": text, "payment": text,
            "method": text, "delivery": text, "placed_at": text, "paid_at": maybe_text, "shipping_total": number,
            "due": number, "refund_due": number, "lines": list("OrderLine") })),
        "OrderLine": object(json!({ "item_id": number, "name": text, "quantity": number, "cancelled": number,
            "packed": number, "unit_price": number })),
        "Problem": object(json!({ "type": text, "title": text, "status": number, "detail": maybe_text,
            "instance": maybe_text })),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(value: &Value) -> Vec<&str> {
        value.as_object().unwrap().keys().map(String::as_str).collect()
    }

    #[test]
    fn the_description_names_each_route_and_each_schema_it_uses() {
        let description = description("http://warong");
        let paths = description["paths"].as_object().unwrap();
        let of_devices = sync::paths().as_object().unwrap().len();
        assert_eq!(paths.len(), ROUTES.len() + of_devices);
        assert!(ROUTES.iter().all(|route| paths.contains_key(*route)));
        let text = description.to_string();
        for part in text.split("#/components/schemas/").skip(1) {
            let name = part.split('"').next().unwrap();
            assert!(description["components"]["schemas"].get(name).is_some(), "{name}");
        }
    }

    #[test]
    fn the_description_says_what_is_answered() {
        let maker = || maker(Some("s"), Some("n"), Some("d"));
        let card = CardJson {
            slug: "",
            name: "",
            category: "",
            unit: Unit::Piece,
            price_min: Rupiah(1),
            price_max: Rupiah(1),
            available: 0,
            days_to_make: None,
            maker: maker(),
            url: String::new(),
            photo: None,
        };
        let item = ItemJson {
            id: 1,
            name: "",
            price: Rupiah(1),
            available: 0,
            length_mm: 0,
            width_mm: 0,
            height_mm: 0,
            weight_grams: 0,
            shares: SharesJson { maker: Rupiah(1), outlet: Rupiah(0), group: Rupiah(0) },
        };
        let product = ProductJson {
            slug: "",
            name: "",
            description: "",
            category: "",
            unit: Unit::Pack,
            maker: maker(),
            village: "",
            outlet: "",
            days_to_make: None,
            pieces_per_week: None,
            pickup_only: false,
            items: vec![item],
            photos: vec![],
            url: String::new(),
        };
        let products = ProductsJson { products: vec![card], total: 1, page: 1, pages: 1, understood: None };
        let schemas = schemas();
        let answers = [
            ("Product", serde_json::to_value(&product).unwrap()),
            ("Products", serde_json::to_value(&products).unwrap()),
        ];
        for (name, answer) in &answers {
            assert_eq!(keys(answer), keys(&schemas[*name]["properties"]), "{name}");
        }
        assert_eq!(keys(&answers[0].1["items"][0]), keys(&schemas["Item"]["properties"]));
        assert_eq!(keys(&answers[0].1["items"][0]["shares"]), keys(&schemas["Shares"]["properties"]));
        assert_eq!(keys(&answers[1].1["products"][0]), keys(&schemas["Card"]["properties"]));
        assert_eq!(keys(&answers[0].1["maker"]), keys(&schemas["Maker"]["properties"]));
    }
}
