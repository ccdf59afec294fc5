//! Who is asking: a [`Visit`] for anyone, and a type for each right. Handlers name the type; nothing is checked further in.
use std::{future::Future, net::IpAddr, ops::Deref, pin::Pin};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite, time},
    dev::Payload,
    http::{Method, StatusCode, Uri, header},
    web,
};
use chrono::{DateTime, Duration, Utc};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{session, token};
pub use crate::locale::LANG_COOKIE;
use crate::{
    clock::Clock,
    config::Config,
    db::Db,
    error::{Error, Result},
    form::SESSION_COOKIE,
    locale::{self, Lang},
    page::{Brand, Page, Shell, Templates, Who, see_other},
    secret::{self, Secret},
};
use entity::{crafter, outlet, person, person_role, person_role::Role, session as session_row};

/// The cookie that names a basket.
pub const CART_COOKIE: &str = "warong_cart";
/// How many pieces are in it, for the badge only; the basket itself is counted on the server.
pub const CART_COUNT_COOKIE: &str = "warong_isi";
/// The outlet somebody serves who runs several; looked up among their own at each request.
pub const OUTLET_COOKIE: &str = "warong_di";
/// A sentence to show on the next page: the key of a word.
pub const FLASH_COOKIE: &str = "pesan";

/// Somebody signed in, with the roles they hold now.
#[derive(Clone, Debug)]
pub struct Signed {
    pub id: i64,
    pub name: String,
    pub session_id: i64,
    /// When this device was last seen, to the hour.
    pub seen_at: DateTime<Utc>,
    pub roles: Vec<person_role::Model>,
}

impl Signed {
    /// The first role of this kind, with its place.
    pub fn role(&self, role: Role) -> Option<&person_role::Model> {
        self.roles.iter().find(|held| held.role == role)
    }
}

/// One request, as far as people are concerned.
#[derive(Clone, Debug)]
pub struct Visit {
    pub lang: Lang,
    pub signed: Option<Signed>,
    /// The token of the basket, untrusted.
    pub cart: Option<String>,
    pub shell: Shell,
    /// True when nothing about this request is personal, so that its page may be kept for others.
    pub guest: bool,
}

impl Visit {
    /// Draws a page for whoever asked.
    pub fn page<P: Page>(&self, templates: &Templates, page: &P) -> Result<HttpResponse> {
        self.page_with(StatusCode::OK, templates, page)
    }

    /// The same with another status, for a form that was refused.
    pub fn page_with<P: Page>(&self, status: StatusCode, templates: &Templates, page: &P) -> Result<HttpResponse> {
        let mut answer = templates.page(status, &self.shell, page)?;
        if self.shell.flash.is_some() {
            let gone = actix_web::cookie::Cookie::build(FLASH_COOKIE, "").path("/").finish();
            answer.add_removal_cookie(&gone).ok();
        }
        Ok(answer)
    }
}

/// Reads a request without judging it. A session that does not exist counts as none.
pub async fn of_request(request: &HttpRequest) -> Result<Visit> {
    let db = state::<Db>(request)?;
    let clock = state::<Clock>(request)?;
    let config = state::<Config>(request)?;
    let templates = state::<Templates>(request)?;
    let cookie = |name: &str| request.cookie(name).map(|c| c.value().to_owned());
    let lang = locale::lang(cookie(LANG_COOKIE).as_deref().unwrap_or("id"));
    let session = cookie(SESSION_COOKIE);
    let cart = cookie(CART_COOKIE).filter(|token| (20..=64).contains(&token.len()));
    let flash = cookie(FLASH_COOKIE);
    let signed = match &session {
        Some(token) => signed_in(&**db, &clock, token).await?,
        None => None,
    };
    if let Some(signed) = &signed {
        note_seen(&db, &clock, signed);
    }
    let uri = request.uri();
    let shell = Shell {
        lang: locale::code(lang),
        path: match request.method() {
            &Method::GET => uri.path_and_query().map_or("/", |p| p.as_str()).to_owned(),
            // A refused form is drawn where it was sent to; the way back is the page it stood on.
            _ => stood_on(request).unwrap_or_else(|| "/".to_owned()),
        },
        csrf: session.as_deref().map_or_else(String::new, |token| config.secret.mac("csrf", token.as_bytes())),
        request_key: if cart.is_some() || signed.is_some() { secret::short_token() } else { String::new() },
        who: signed.as_ref().map(|signed| Who {
            name: signed.name.clone(),
            roles: signed
                .roles
                .iter()
                .filter_map(|r| Some(serde_json::to_value(r.role).ok()?.as_str()?.to_owned()))
                .collect(),
        }),
        cart_count: cookie(CART_COUNT_COOKIE)
            .and_then(|n| n.parse().ok())
            .filter(|n| (0..1_000_000).contains(n))
            .unwrap_or(0),
        public_url: config.public_url.clone(),
        place: state::<Brand>(request)?.place(),
        demo: !config.is_production(),
        whatsapp: String::new(),
        flash: flash.as_deref().and_then(|key| templates.words().text(lang, key, None)).map(str::to_owned),
    };
    let guest = session.is_none() && cart.is_none() && flash.is_none();
    Ok(Visit { lang, signed, cart, shell, guest })
}

/// Path and query of the page of this site that a form was sent from, as the browser says.
fn stood_on(request: &HttpRequest) -> Option<String> {
    let from: Uri = request.headers().get(header::REFERER)?.to_str().ok()?.parse().ok()?;
    let here = request.connection_info().host().to_owned();
    let same = from.authority().is_some_and(|authority| authority.as_str() == here);
    same.then(|| from.path_and_query().map(|path| path.as_str().to_owned()))?
}

/// The person behind a session token, with roles; `None` when it ended.
pub async fn signed_in(db: &impl ConnectionTrait, clock: &Clock, token: &str) -> Result<Option<Signed>> {
    let found = session_row::Entity::find()
        .filter(session_row::Column::TokenHash.eq(secret::sha256(token.as_bytes())))
        .find_also_related(person::Entity)
        .one(db)
        .await?;
    let Some((session, Some(person))) = found else { return Ok(None) };
    if session.expires_at <= clock.now() || person.disabled_at.is_some() {
        return Ok(None);
    }
    let roles = person_role::Entity::find()
        .filter(person_role::Column::PersonId.eq(person.id))
        .filter(person_role::Column::RevokedAt.is_null())
        .all(db)
        .await?;
    Ok(Some(Signed { id: person.id, name: person.name, session_id: session.id, seen_at: session.seen_at, roles }))
}

/// Writes down that a device was seen, at most hourly and beside the page: nobody waits for it.
fn note_seen(db: &Db, clock: &Clock, signed: &Signed) {
    if clock.now() - signed.seen_at < Duration::hours(1) {
        return;
    }
    let (db, clock, id) = (db.clone(), clock.clone(), signed.session_id);
    actix_web::rt::spawn(async move {
        if let Err(e) = session::touch(&db, &clock, id).await {
            tracing::debug!("a device was not noted as seen: {e}");
        }
    });
}

/// Where a request comes from, for counting tries. Behind a proxy on this machine or one named in the settings, what the
/// proxy says it is; the last part of an IPv6 address is left out, since one household may use all of it.
pub fn origin(request: &HttpRequest) -> String {
    let Some(peer) = request.peer_addr().map(|peer| peer.ip()) else { return String::new() };
    let named = request.app_data::<web::Data<Config>>().is_some_and(|config| config.proxies.contains(&peer));
    let near = peer.is_loopback() || named;
    let told = || {
        let list = request.headers().get("x-forwarded-for")?.to_str().ok()?;
        list.rsplit(',').next()?.trim().parse::<IpAddr>().ok()
    };
    match if near { told().unwrap_or(peer) } else { peer } {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => ip.segments().iter().take(4).map(|part| format!("{part:x}:")).collect(),
    }
}

/// A sentence for the next page, by the key of its words.
pub fn flash(key: &'static str) -> Cookie<'static> {
    Cookie::build(FLASH_COOKIE, key)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(time::Duration::minutes(1))
        .finish()
}

/// After an act: look at `url`, where a sentence says that it is done.
pub fn done(url: &str, key: &'static str) -> HttpResponse {
    let mut answer = see_other(url);
    answer.add_cookie(&flash(key)).ok();
    answer
}

fn state<T: 'static>(request: &HttpRequest) -> Result<web::Data<T>> {
    request
        .app_data::<web::Data<T>>()
        .cloned()
        .ok_or_else(|| anyhow::anyhow!("the server was built without {}", std::any::type_name::<T>()).into())
}

type Extracted<T> = Pin<Box<dyn Future<Output = Result<T>>>>;

impl FromRequest for Visit {
    type Error = Error;
    type Future = Extracted<Visit>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { of_request(&request).await })
    }
}

/// Anyone who is signed in.
#[derive(Clone, Debug)]
pub struct Person {
    pub visit: Visit,
    pub signed: Signed,
}

impl FromRequest for Person {
    type Error = Error;
    type Future = Extracted<Person>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let visit = of_request(&request).await?;
            let signed = visit.signed.clone().ok_or(Error::SignIn)?;
            Ok(Person { visit, signed })
        })
    }
}

/// Somebody who runs an outlet.
#[derive(Clone, Debug)]
pub struct Operator {
    pub visit: Visit,
    pub person_id: i64,
    pub outlet: outlet::Model,
    /// Other outlets this person runs, one of which may be chosen instead.
    pub others: Vec<outlet::Model>,
}

impl FromRequest for Operator {
    type Error = Error;
    type Future = Extracted<Operator>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let visit = of_request(&request).await?;
            let signed = visit.signed.as_ref().ok_or(Error::SignIn)?;
            let (outlet, others) = outlets_as(&request, signed, &[Role::Operator]).await?;
            Ok(Operator { person_id: signed.id, visit, outlet, others })
        })
    }
}

/// Somebody who moves an outlet's money: who runs it, or the administrator. That two people are needed where money goes
/// out is for the document to judge.
#[derive(Clone, Debug)]
pub struct Treasurer {
    pub visit: Visit,
    pub person_id: i64,
    pub outlet: outlet::Model,
    /// Other outlets this person may choose instead.
    pub others: Vec<outlet::Model>,
}

/// Somebody who may read an outlet's books: a treasurer, or an auditor, who changes nothing.
#[derive(Clone, Debug)]
pub struct BookReader {
    pub visit: Visit,
    pub person_id: i64,
    pub outlet: outlet::Model,
    pub others: Vec<outlet::Model>,
    /// Whether this reader is also a [`Treasurer`], and is shown what can be done.
    pub may_act: bool,
}

/// Somebody who watches prices: a treasurer, or an officer of the village. They write down what the market asks, and say
/// yes to a price above the ceiling; that it is another person than asked is for the question to judge.
#[derive(Clone, Debug)]
pub struct PriceJudge {
    pub visit: Visit,
    pub person_id: i64,
    pub outlet: outlet::Model,
}

impl FromRequest for PriceJudge {
    type Error = Error;
    type Future = Extracted<PriceJudge>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let visit = of_request(&request).await?;
            let signed = visit.signed.as_ref().ok_or(Error::SignIn)?;
            let (outlet, _) = outlets_as(&request, signed, &JUDGES).await?;
            Ok(PriceJudge { person_id: signed.id, visit, outlet })
        })
    }
}

impl Treasurer {
    /// Goes on if this is an outlet of theirs; another's does not exist for them.
    pub fn must_have(&self, outlet_id: i64) -> Result<()> {
        must_have(&self.outlet, &self.others, outlet_id)
    }
}

impl BookReader {
    /// Goes on if this is an outlet whose books they may read.
    pub fn must_have(&self, outlet_id: i64) -> Result<()> {
        must_have(&self.outlet, &self.others, outlet_id)
    }
}

fn must_have(outlet: &outlet::Model, others: &[outlet::Model], id: i64) -> Result<()> {
    if others.iter().chain([outlet]).any(|own| own.id == id) { Ok(()) } else { Err(Error::NotFound) }
}

impl FromRequest for Treasurer {
    type Error = Error;
    type Future = Extracted<Treasurer>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let visit = of_request(&request).await?;
            let signed = visit.signed.as_ref().ok_or(Error::SignIn)?;
            let (outlet, others) = outlets_as(&request, signed, &MONEY).await?;
            Ok(Treasurer { person_id: signed.id, visit, outlet, others })
        })
    }
}

impl FromRequest for BookReader {
    type Error = Error;
    type Future = Extracted<BookReader>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let visit = of_request(&request).await?;
            let signed = visit.signed.as_ref().ok_or(Error::SignIn)?;
            let (outlet, others) = outlets_as(&request, signed, &BOOKS).await?;
            let money = outlets_as(&request, signed, &MONEY).await;
            let may_act = money.is_ok_and(|(chosen, others)| must_have(&chosen, &others, outlet.id).is_ok());
            Ok(BookReader { person_id: signed.id, visit, outlet, others, may_act })
        })
    }
}

/// Roles that move money, and roles that may look at it.
const MONEY: [Role; 2] = [Role::Operator, Role::Administrator];
const JUDGES: [Role; 3] = [Role::Operator, Role::Administrator, Role::VillageOfficer];
const BOOKS: [Role; 3] = [Role::Operator, Role::Administrator, Role::Auditor];

/// The outlets somebody is at in one of these roles: the chosen one, and the others. A role for a village stands for its
/// outlets, one for no place for all.
async fn outlets_as(
    request: &HttpRequest,
    signed: &Signed,
    roles: &[Role],
) -> Result<(outlet::Model, Vec<outlet::Model>)> {
    let mut places = Condition::any();
    for held in signed.roles.iter().filter(|held| roles.contains(&held.role)) {
        places = places.add(match (held.outlet_id, held.village_id) {
            (Some(outlet_id), _) => outlet::Column::Id.eq(outlet_id),
            (None, Some(village_id)) => outlet::Column::VillageId.eq(village_id),
            (None, None) => outlet::Column::Id.is_not_null(),
        });
    }
    if places.is_empty() {
        return Err(Error::Forbidden);
    }
    let db = state::<Db>(request)?;
    let mut others = outlet::Entity::find().filter(places).order_by_asc(outlet::Column::Id).all(&**db).await?;
    if others.is_empty() {
        return Err(Error::Forbidden);
    }
    let chosen = request.cookie(OUTLET_COOKIE).and_then(|cookie| cookie.value().parse::<i64>().ok());
    let at = others.iter().position(|outlet| Some(outlet.id) == chosen).unwrap_or(0);
    let outlet = others.remove(at);
    Ok((outlet, others))
}

/// Somebody who weaves, on their own phone.
#[derive(Clone, Debug)]
pub struct Crafter {
    pub visit: Visit,
    pub person_id: i64,
    pub crafter: crafter::Model,
}

impl FromRequest for Crafter {
    type Error = Error;
    type Future = Extracted<Crafter>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let visit = of_request(&request).await?;
            let signed = visit.signed.as_ref().ok_or(Error::SignIn)?;
            signed.role(Role::Crafter).ok_or(Error::Forbidden)?;
            let db = state::<Db>(&request)?;
            let crafter = crafter::Entity::find()
                .filter(crafter::Column::PersonId.eq(signed.id))
                .one(&**db)
                .await?
                .ok_or(Error::Forbidden)?;
            Ok(Crafter { person_id: signed.id, visit, crafter })
        })
    }
}

/// A right that is a role and nothing more; its place is in the role.
macro_rules! role {
    ($(#[$doc:meta])* $name:ident, $($role:ident)|+) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            pub visit: Visit,
            pub person_id: i64,
            pub role: person_role::Model,
        }

        impl Deref for $name {
            type Target = Visit;
            fn deref(&self) -> &Visit {
                &self.visit
            }
        }

        impl FromRequest for $name {
            type Error = Error;
            type Future = Extracted<$name>;

            fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
                let request = request.clone();
                Box::pin(async move {
                    let visit = of_request(&request).await?;
                    let signed = visit.signed.as_ref().ok_or(Error::SignIn)?;
                    let role = None$(.or_else(|| signed.role(Role::$role)))+.ok_or(Error::Forbidden)?.clone();
                    Ok($name { person_id: signed.id, visit, role })
                })
            }
        }
    };
}

role!(
    /// Somebody who looks after people and outlets.
    Administrator, Administrator
);
role!(
    /// Somebody of the village government.
    VillageOfficer, VillageOfficer
);
role!(
    /// Somebody who writes down what the law says: for all villages, or for their own.
    LawKeeper, Administrator | VillageOfficer
);
role!(
    /// Somebody of a KUBE group's board.
    KubeOfficer, KubeOfficer
);
role!(
    /// Somebody who accompanies groups.
    Mentor, Mentor
);
role!(
    /// Somebody who may read the books and change nothing.
    Auditor, Auditor | Administrator
);

/// A program that showed a bearer token: the one role it stands for.
#[derive(Clone, Debug)]
pub struct Program {
    pub token_id: i64,
    pub role: person_role::Model,
}

impl Program {
    /// Goes on if the token stands for one of these roles.
    pub fn may(&self, roles: &[Role]) -> Result<&Program> {
        if roles.contains(&self.role.role) { Ok(self) } else { Err(Error::Forbidden) }
    }
}

impl FromRequest for Program {
    type Error = Error;
    type Future = Extracted<Program>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let shown = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
            let shown = shown.and_then(|text| text.strip_prefix("Bearer ")).ok_or(Error::SignIn)?;
            let db = state::<Db>(&request)?;
            let (token, role) = token::role_of(&**db, shown.trim()).await?.ok_or(Error::SignIn)?;
            Ok(Program { token_id: token.id, role })
        })
    }
}

/// The key of the token cookie in forms.
pub fn csrf(secret: &Secret, session_token: &str) -> String {
    secret.mac("csrf", session_token.as_bytes())
}
