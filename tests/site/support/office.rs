//! Somebody at the back office: a browser without scripts that keeps its cookie.

use atlas::actions::Change;
use atlas::actions::accounts::{self, Arrival, Invitation};
use atlas::entry::{Actor, Role};
use atlas::store::users::User;
use url::form_urlencoded;

use super::client::{Answer, Client};
use super::html::Html;
use super::web::{Node, path_of};

/// The password of everybody in these tests.
pub const PASSWORD: &str = "a boat of paper and rain";

/// A browser that is, or is not yet, signed in.
pub struct Browser<'a> {
    node: &'a Node,
    pub cookie: Option<String>,
}

impl Node {
    /// Somebody who has not signed in.
    pub fn browser(&self) -> Browser<'_> {
        Browser { node: self, cookie: None }
    }

    /// A user of this role who has chosen their password.
    pub async fn user(&self, name: &str, role: Role) -> User {
        let mut change = Change::begin(&self.app, &Actor::Operator).await.unwrap();
        let email = format!("{}@example.org", name.to_lowercase());
        let invitation = Invitation { email, name: name.to_owned(), role };
        let (_, secret) = accounts::invite(&mut change, &invitation).await.unwrap();
        change.commit().await.unwrap();
        let arrival = Arrival { name: name.to_owned(), password: PASSWORD.to_owned(), ..Arrival::default() };
        accounts::arrive(&self.app, secret.reveal(), arrival).await.unwrap()
    }

    /// Somebody of this role, signed in.
    pub async fn signed_in(&self, name: &str, role: Role) -> Browser<'_> {
        let user = self.user(name, role).await;
        let mut browser = self.browser();
        assert_eq!(browser.sign_in(&user.email, PASSWORD).await.hop(), "303 /admin");
        browser
    }
}

impl Browser<'_> {
    pub async fn sign_in(&mut self, email: &str, password: &str) -> Answer {
        self.post("/admin/sign-in", &[("email", email), ("password", password)]).await
    }

    pub async fn get(&mut self, target: &str) -> Answer {
        self.ask("GET", target, &[("sec-fetch-site", "none")], "").await
    }

    /// The page at an address, which must be one.
    pub async fn page(&mut self, target: &str) -> Html {
        let answer = self.get(target).await;
        assert_eq!(answer.hop(), "200", "{target}: {}", answer.text());
        Html::parse(answer.text())
    }

    /// Sends a form of the site's own.
    pub async fn post(&mut self, target: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form(fields);
        self.ask("POST", target, &[("sec-fetch-site", "same-origin")], &body).await
    }

    /// Sends a form as a page drew it, with these fields typed over.
    pub async fn submit(&mut self, page: &Html, action: &str, typed: &[(&str, &str)]) -> Answer {
        let mut fields = page.fields_of(action);
        for (name, value) in typed {
            fields.retain(|(known, _)| known != name);
            fields.push(((*name).to_owned(), (*value).to_owned()));
        }
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.post(action, &fields).await
    }

    /// Sends a form that brings files along, each of a field with its name and bytes.
    pub async fn send_files(
        &mut self,
        target: &str,
        accept: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> Answer {
        const BETWEEN: &str = "between-the-parts-of-a-form";
        let mut body = Vec::new();
        for (name, value) in fields {
            let part = format!("--{BETWEEN}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n");
            body.extend([part.as_bytes(), value.replace('\n', "\r\n").as_bytes(), b"\r\n"].concat());
        }
        for (name, file, bytes) in files {
            let part = format!(
                "--{BETWEEN}\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\
                 content-type: application/octet-stream\r\n\r\n"
            );
            body.extend([part.as_bytes(), bytes, b"\r\n"].concat());
        }
        body.extend(format!("--{BETWEEN}--\r\n").as_bytes());
        let cookie = self.cookie.clone().map_or_else(String::new, |cookie| format!("cookie: {cookie}\r\n"));
        let head = format!(
            "POST {target} HTTP/1.1\r\nhost: site.test\r\nsec-fetch-site: same-origin\r\naccept: {accept}\r\n\
             {cookie}content-type: multipart/form-data; boundary={BETWEEN}\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        let mut client = Client::to(self.node.at).await;
        client.send(&[head.as_bytes(), &body].concat()).await.unwrap();
        client.answer("POST").await.unwrap()
    }

    /// A request with these headers, the cookie besides.
    pub async fn ask(&mut self, method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = format!("{method} {target} HTTP/1.1\r\nhost: site.test\r\n");
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        if let Some(cookie) = &self.cookie {
            request += &format!("cookie: {cookie}\r\n");
        }
        if method == "POST" {
            request += "content-type: application/x-www-form-urlencoded\r\n";
            request += &format!("content-length: {}\r\n", body.len());
        }
        request += &format!("\r\n{body}");
        let mut client = Client::to(self.node.at).await;
        client.send(request.as_bytes()).await.unwrap();
        let answer = client.answer(method).await.unwrap();
        if let Some(pair) = answer.header("set-cookie").split(';').next().filter(|pair| !pair.is_empty()) {
            self.cookie = (!pair.ends_with('=')).then(|| pair.to_owned());
        }
        answer
    }

    /// Where an answer leads, followed once.
    pub async fn follow(&mut self, answer: &Answer) -> Html {
        assert_eq!(answer.status, 303, "{}", answer.text());
        let to = answer.header("location");
        let to = if to.starts_with('/') { to } else { path_of(to) };
        self.page(to).await
    }
}

/// A form as a body.
pub fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

impl Html {
    /// What the form that leads to an address would send untouched, its buttons apart.
    pub fn fields_of(&self, action: &str) -> Vec<(String, String)> {
        let form = self.0.iter().position(|element| {
            element.name == "form" && element.get("action").is_some_and(|known| known == action)
        });
        let form = form.unwrap_or_else(|| panic!("no form leads to {action}"));
        let inside = |at: usize| {
            std::iter::successors(self.0[at].parent, |at| self.0[*at].parent).any(|above| above == form)
        };
        let mut fields = Vec::new();
        for (at, element) in self.0.iter().enumerate().filter(|(at, _)| inside(*at)) {
            let Some(name) = element.get("name").map(str::to_owned) else { continue };
            let value = element.get("value").unwrap_or_default().to_owned();
            match element.name.as_str() {
                "textarea" => {
                    // The first line break of a textarea is not part of it (HTML, 13.2.6.4.7).
                    fields.push((name, element.text.clone()));
                }
                "select" => {
                    let options = self.0.iter().filter(|option| option.name == "option");
                    let own = options.filter(|option| option.parent == Some(at));
                    let chosen = own.clone().find(|option| option.get("selected").is_some());
                    let chosen = chosen.or_else(|| own.clone().next());
                    fields
                        .extend(chosen.map(|option| (name, option.get("value").unwrap_or_default().into())));
                }
                "input"
                    if matches!(element.get("type"), Some("checkbox" | "radio"))
                        && element.get("checked").is_none() => {}
                "input" => fields.push((name, value)),
                _ => {}
            }
        }
        fields
    }

    /// The text of the elements of a class.
    pub fn text_of(&self, class: &str) -> Vec<String> {
        let texts = self.0.iter().filter(|element| element.is(class));
        texts.map(|element| element.text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    }
}
