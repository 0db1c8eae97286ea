//! `[organization]`: who publishes the site, as search engines and readers may know it (Google Search
//! Central, "Organization"; schema.org/Organization).

use serde::Deserialize;
use serde_json::Value as Json;
use time::Date;
use toml::Spanned;

use super::place::Place;
use crate::error::Problems;
use crate::schema::{Address, Field, Kind, Phone, Value, email, read_value, web_address};

/// The smallest logo that Google takes, in pixels a side.
const SMALLEST_LOGO: u32 = 112;

/// The section as it is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    schema: Option<Spanned<String>>,
    name: Option<String>,
    legal_name: Option<String>,
    #[serde(default)]
    alternate_names: Vec<String>,
    description: Option<String>,
    logo: Option<Spanned<WrittenLogo>>,
    email: Option<Spanned<String>>,
    telephone: Option<Spanned<String>>,
    address: Option<Spanned<Json>>,
    founding_date: Option<Spanned<String>>,
    vat_id: Option<Spanned<String>>,
    iso6523: Option<Spanned<String>>,
    #[serde(default, rename = "contact")]
    contacts: Vec<WrittenContact>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenLogo {
    src: String,
    width: u32,
    height: u32,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenContact {
    label: String,
    email: Option<Spanned<String>>,
    telephone: Option<Spanned<String>>,
    #[serde(default)]
    languages: Vec<Spanned<String>>,
}

/// Who publishes the site, checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Organization {
    /// A narrower type of schema.org than `Organization`: `NewsMediaOrganization`.
    pub schema: Option<String>,
    /// The site's name when absent.
    pub name: Option<String>,
    pub legal_name: Option<String>,
    pub alternate_names: Vec<String>,
    pub description: Option<String>,
    pub logo: Option<Logo>,
    pub email: Option<String>,
    pub telephone: Option<Phone>,
    pub address: Option<Address>,
    pub founding_date: Option<Date>,
    pub vat_id: Option<String>,
    /// An identifier of ISO 6523, its scheme first: `0199:724500PMK2A2M1SQQ228`.
    pub iso6523: Option<String>,
    pub contacts: Vec<Contact>,
}

/// A picture that stands for the publisher: at least 112 pixels a side.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Logo {
    /// A path of this site or an address of the web.
    pub src: String,
    pub width: u32,
    pub height: u32,
}

/// One way to reach the publisher.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contact {
    /// What it is for, as readers see it: `Customer service`.
    pub label: String,
    pub email: Option<String>,
    pub telephone: Option<Phone>,
    /// BCP 47: `en`, `fa`.
    pub languages: Vec<String>,
}

/// Collects what is wrong, each with the line it stands on.
struct Reading<'a> {
    place: &'a Place,
    problems: &'a mut Problems,
}

impl Written {
    /// Checks every value. What is wrong is added to `problems` and left out.
    pub fn checked(&self, place: &Place, problems: &mut Problems) -> Organization {
        let mut reading = Reading { place, problems };
        Organization {
            schema: reading.take("schema", self.schema.as_ref(), schema),
            name: self.name.clone(),
            legal_name: self.legal_name.clone(),
            alternate_names: self.alternate_names.clone(),
            description: self.description.clone(),
            logo: reading.take("logo", self.logo.as_ref(), logo),
            email: reading.take("email", self.email.as_ref(), |raw| email(raw)),
            telephone: reading.take("telephone", self.telephone.as_ref(), |raw| Phone::parse(raw)),
            address: reading.take("address", self.address.as_ref(), Address::read),
            founding_date: reading.take("founding_date", self.founding_date.as_ref(), |raw| date(raw)),
            vat_id: reading.take("vat_id", self.vat_id.as_ref(), |raw| vat_id(raw)),
            iso6523: reading.take("iso6523", self.iso6523.as_ref(), |raw| iso6523(raw)),
            contacts: self.contacts.iter().map(|contact| contact.checked(&mut reading)).collect(),
        }
    }
}

impl WrittenContact {
    fn checked(&self, reading: &mut Reading<'_>) -> Contact {
        let (field_email, field_telephone) = ("contact.email", "contact.telephone");
        let at = self.email.as_ref().or(self.telephone.as_ref()).map_or(0, |way| way.span().start);
        if self.label.trim().is_empty() {
            let problem =
                reading.place.problem(at, "is empty; say what it is for, such as `Customer service`");
            reading.problems.push(problem.field("organization.contact.label"));
        }
        let languages = self.languages.iter();
        Contact {
            label: self.label.clone(),
            email: reading.take(field_email, self.email.as_ref(), |raw| email(raw)),
            telephone: reading.take(field_telephone, self.telephone.as_ref(), |raw| Phone::parse(raw)),
            languages: languages
                .filter_map(|code| reading.take("contact.languages", Some(code), |raw| language(raw)))
                .collect(),
        }
    }
}

impl Reading<'_> {
    fn take<T, U>(
        &mut self,
        key: &str,
        written: Option<&Spanned<T>>,
        read: impl FnOnce(&T) -> Result<U, String>,
    ) -> Option<U> {
        let written = written?;
        read(written.get_ref())
            .map_err(|reason| {
                let problem = self.place.problem(written.span().start, reason);
                self.problems.push(problem.field(format!("organization.{key}")));
            })
            .ok()
    }
}

fn schema(raw: &String) -> Result<String, String> {
    let fits =
        raw.starts_with(|c: char| c.is_ascii_uppercase()) && raw.bytes().all(|b| b.is_ascii_alphanumeric());
    if fits {
        Ok(raw.clone())
    } else {
        Err(format!("is {raw:?}; a type such as `NewsMediaOrganization` is right"))
    }
}

fn logo(raw: &WrittenLogo) -> Result<Logo, String> {
    if raw.width.min(raw.height) < SMALLEST_LOGO {
        return Err(format!(
            "is {} by {} pixels; at least {SMALLEST_LOGO} by {SMALLEST_LOGO} are right",
            raw.width, raw.height
        ));
    }
    Ok(Logo { src: web_address(&raw.src)?, width: raw.width, height: raw.height })
}

fn date(raw: &str) -> Result<Date, String> {
    let field = Field::new("founding_date", Kind::Date);
    match read_value(&field, &Json::from(raw)) {
        Ok(Some(Value::Date(date))) => Ok(date),
        Ok(_) => Err("is empty; a day such as `2026-03-01` is right".to_owned()),
        Err(problem) => Err(problem.reason),
    }
}

fn vat_id(raw: &str) -> Result<String, String> {
    let id = raw.trim();
    let fits = (4..=20).contains(&id.len())
        && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '.'));
    if fits { Ok(id.to_owned()) } else { Err(format!("is {raw:?}; a number such as `DE123456789` is right")) }
}

fn iso6523(raw: &str) -> Result<String, String> {
    let parts = raw.trim().split_once(':');
    let fits = parts.is_some_and(|(scheme, id)| {
        scheme.len() == 4
            && scheme.bytes().all(|byte| byte.is_ascii_digit())
            && (1..=35).contains(&id.len())
            && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    });
    if fits {
        return Ok(raw.trim().to_owned());
    }
    Err(format!(
        "is {raw:?}; the scheme's four digits and the number, such as `0199:724500PMK2A2M1SQQ228`, are right"
    ))
}

fn language(raw: &str) -> Result<String, String> {
    match crate::seo::Hreflang::parse(raw) {
        Ok(_) => Ok(raw.to_owned()),
        Err(_) => Err(format!("`{raw}` is no language code such as `en`, `fa` or `de-AT`")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Site;

    const SITE: &str = "name = \"A\"\n[[locale]]\ncode = \"en\"\nlabel = \"English\"\n";

    fn wrong(section: &str) -> String {
        Site::parse("site.toml", &format!("{SITE}{section}")).unwrap_err().to_string()
    }

    #[test]
    fn a_whole_organization_is_read() {
        let section = r#"
            [organization]
            schema = "NewsMediaOrganization"
            name = "Atlas Media"
            legal_name = "Atlas Media GmbH"
            alternate_names = ["AM"]
            description = "A small publisher."
            logo = { src = "/static/logo.png", width = 512, height = 512 }
            email = "hello@example.org"
            telephone = "+49 30 123456"
            address = { street = "Torstr. 1", locality = "Berlin", postal_code = "10119", country = "DE" }
            founding_date = "2024-05-01"
            vat_id = "DE123456789"
            iso6523 = "0199:724500PMK2A2M1SQQ228"
            [[organization.contact]]
            label = "Readers' letters"
            email = "letters@example.org"
            languages = ["en", "fa"]
        "#;
        let site = Site::parse("site.toml", &format!("{SITE}{section}")).unwrap();
        insta::assert_debug_snapshot!(site.organization);
        assert_eq!(Site::parse("site.toml", SITE).unwrap().organization, super::Organization::default());
    }

    #[test]
    fn every_wrong_value_is_named_with_its_line() {
        insta::assert_snapshot!(wrong(
            r#"
[organization]
schema = "news media"
logo = { src = "/static/logo.png", width = 512, height = 111 }
email = "hello"
telephone = "030 123456"
address = { country = "Germany" }
founding_date = "May 2024"
vat_id = "?"
iso6523 = "724500"
[[organization.contact]]
label = "Letters"
email = "letters@"
languages = ["english"]
"#
        ));
        for (section, message) in [
            ("[organization]\ncolour = 1\n", "site.toml:6: unknown field `colour`"),
            ("[organization]\nlogo = { src = \"/a.png\" }\n", "site.toml:6: missing field `width`"),
            (
                "[organization]\nlogo = { src = \"javascript:x\", width = 112, height = 112 }\n",
                "site.toml:6: ",
            ),
        ] {
            let said = wrong(section);
            assert!(said.starts_with(message), "{said}");
        }
    }
}
