//! A browser without a screen: it keeps cookies, follows what a form says, and reads what a person would see.
use std::collections::BTreeMap;

use reqwest::{Client, Method, Response, header, redirect::Policy};

/// Somebody looking at the shop.
#[derive(Clone)]
pub struct Browser {
    client: Client,
    base: String,
    pub cookies: BTreeMap<String, String>,
}

/// What came back.
pub struct Seen {
    pub status: u16,
    /// Where the browser was sent, if it was.
    pub location: Option<String>,
    pub headers: header::HeaderMap,
    pub body: String,
}

impl Browser {
    pub fn new(base: &str) -> Browser {
        let client = Client::builder().redirect(Policy::none()).build().expect("a client");
        Browser { client, base: base.to_owned(), cookies: BTreeMap::new() }
    }

    /// Looks at a page without following where it sends.
    pub async fn get(&mut self, path: &str) -> Seen {
        self.send(Method::GET, path, None, &[]).await
    }

    /// Looks at a page, going wherever it sends, as people see it.
    pub async fn visit(&mut self, path: &str) -> Seen {
        let seen = self.get(path).await;
        self.follow(seen).await
    }

    /// Follows redirects to the page they end on.
    pub async fn follow(&mut self, mut seen: Seen) -> Seen {
        for _ in 0..5 {
            match seen.location.clone() {
                Some(to) => seen = self.get(&to).await,
                None => return seen,
            }
        }
        panic!("sent round in a circle");
    }

    /// Sends a form as typed here, with nothing added.
    pub async fn post_raw(&mut self, path: &str, fields: &[(&str, &str)]) -> Seen {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(Method::POST, path, Some(body), &[]).await
    }

    /// Fills the form of a page whose action is `action`: hidden fields are taken from the page, `fields` are typed.
    pub async fn fill(&mut self, page: &Seen, action: &str, fields: &[(&str, &str)]) -> Seen {
        let hidden = page.hidden(action);
        let mut all: Vec<(&str, &str)> = hidden.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        all.retain(|(name, _)| !fields.iter().any(|(typed, _)| typed == name));
        all.extend_from_slice(fields);
        self.post_raw(action, &all).await
    }

    /// The same for a form that carries a picture in `field`; none leaves its input empty.
    pub async fn fill_with_picture(
        &mut self,
        page: &Seen,
        action: &str,
        fields: &[(&str, &str)],
        field: &str,
        picture: Option<&[u8]>,
    ) -> Seen {
        let mut body = Vec::new();
        let hidden = page.hidden(action);
        for (name, value) in hidden.iter().map(|(n, v)| (n.as_str(), v.as_str())).chain(fields.iter().copied()) {
            let part = format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        let part = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"b.png\"\r\n\
             Content-Type: image/png\r\n\r\n"
        );
        body.extend_from_slice(part.as_bytes());
        body.extend_from_slice(picture.unwrap_or_default());
        body.extend_from_slice(b"\r\n--edge--\r\n");
        let kind = [("content-type", "multipart/form-data; boundary=edge")];
        self.send_bytes(Method::POST, action, Some(body), &kind).await
    }

    /// Any request with a body and headers of the test's choice.
    pub async fn send(&mut self, method: Method, path: &str, body: Option<String>, headers: &[(&str, &str)]) -> Seen {
        self.send_bytes(method, path, body.map(String::into_bytes), headers).await
    }

    async fn send_bytes(
        &mut self,
        method: Method,
        path: &str,
        body: Option<Vec<u8>>,
        headers: &[(&str, &str)],
    ) -> Seen {
        self.try_send(method, path, body, headers).await.expect("an answer")
    }

    /// The same where the service may be gone before it has answered.
    pub async fn try_send(
        &mut self,
        method: Method,
        path: &str,
        body: Option<Vec<u8>>,
        headers: &[(&str, &str)],
    ) -> reqwest::Result<Seen> {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base) };
        let mut request = self.client.request(method, url);
        if !self.cookies.is_empty() {
            let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        if let Some(body) = body {
            let named = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
            if !named {
                request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            }
            request = request.body(body);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send().await?;
        self.keep_cookies(&answer);
        let location = answer.headers().get(header::LOCATION).map(|v| v.to_str().expect("text").to_owned());
        Ok(Seen {
            status: answer.status().as_u16(),
            headers: answer.headers().clone(),
            location,
            body: answer.text().await?,
        })
    }

    /// The answer as it comes over the wire.
    pub async fn raw(&mut self, path: &str, headers: &[(&str, &str)]) -> Response {
        let mut request = self.client.get(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.expect("an answer")
    }

    fn keep_cookies(&mut self, answer: &Response) {
        for cookie in answer.headers().get_all(header::SET_COOKIE) {
            let text = cookie.to_str().expect("text");
            let (pair, attributes) = text.split_once(';').unwrap_or((text, ""));
            let (name, value) = pair.split_once('=').expect("a cookie");
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

impl Seen {
    /// Fails with what was seen unless the page says this.
    #[track_caller]
    pub fn says(&self, text: &str) -> &Seen {
        assert!(self.body.contains(text), "status {}: the page does not say {text:?}:\n{}", self.status, self.body);
        self
    }

    #[track_caller]
    pub fn is(&self, status: u16) -> &Seen {
        assert_eq!(self.status, status, "location {:?}:\n{}", self.location, self.body);
        self
    }

    /// Hidden fields of the form with this action.
    pub fn hidden(&self, action: &str) -> Vec<(String, String)> {
        let Some(at) = self.body.find(&format!("action=\"{action}\"")) else {
            panic!("no form for {action} on:\n{}", self.body)
        };
        let form = &self.body[at..];
        let form = &form[..form.find("</form>").expect("the form ends")];
        form.split("<input ")
            .skip(1)
            .filter(|tag| tag.contains("type=\"hidden\""))
            .filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value")?)))
            .collect()
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let from = tag.find(&format!("{name}=\""))? + name.len() + 2;
    let text = &tag[from..];
    let text = &text[..text.find('"')?];
    Some(
        text.replace("&quot;", "\"")
            .replace("&#x27;", "'")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&"),
    )
}
