//! An app that shows codes, as somebody's phone has it.

use atlas::account::{Seed, step_at};

use super::html::Html;
use super::office::Browser;
use super::web::Node;

/// A seed that was read from the page.
pub struct Phone(Seed);

impl Phone {
    /// What the page says under the picture.
    pub fn read(page: &Html) -> Phone {
        let secret = page.all("code").find(|code| code.get("id") == Some("secret")).unwrap();
        let secret = secret.text.replace(' ', "");
        Phone(Seed::from_bytes(&base32(&secret)).expect("a seed of twenty bytes"))
    }

    /// The seed itself, in hexadecimal digits.
    pub fn digits(&self) -> String {
        self.0.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The code so many steps from now.
    pub fn code(&self, node: &Node, off: i64) -> String {
        format!("{:06}", self.0.code(step_at(node.app.clock.now()) + off))
    }

    /// Sets a second factor up for somebody who is signed in; the phone, and the recovery codes.
    pub async fn set_up(node: &Node, browser: &mut Browser<'_>) -> (Phone, Vec<String>) {
        let page = browser.post("/admin/account/second-factor", &[]).await;
        assert_eq!(page.hop(), "200", "{}", page.text());
        let page = Html::parse(page.text());
        let phone = Phone::read(&page);
        let code = phone.code(node, 0);
        let on = browser.submit(&page, "/admin/account/second-factor/on", &[("code", &code)]).await;
        assert_eq!(on.hop(), "200", "{}", on.text());
        let codes = Html::parse(on.text()).all("code").map(|code| code.text.clone()).collect();
        (phone, codes)
    }
}

/// The bytes of base32 (RFC 4648, 6).
fn base32(text: &str) -> Vec<u8> {
    let digit = |letter: u8| match letter {
        b'A'..=b'Z' => letter - b'A',
        b'2'..=b'7' => letter - b'2' + 26,
        _ => panic!("{letter} is no digit of base32"),
    };
    let part = |part: &[u8]| {
        let bits = part.iter().fold(0_u64, |bits, letter| bits << 5 | u64::from(digit(*letter)));
        bits.to_be_bytes()[3..].to_vec()
    };
    text.as_bytes().chunks_exact(8).flat_map(part).collect()
}
