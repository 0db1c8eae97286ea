//! A postal address.

use serde_json::Value as Json;

use super::object::{Object, kind_of};
use super::text::line;

/// A postal address; at least one part is there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Address {
    /// Street and number.
    pub street: Option<String>,
    /// Town or city.
    pub locality: Option<String>,
    /// State or province.
    pub region: Option<String>,
    pub postal_code: Option<String>,
    /// ISO 3166-1 alpha-2: `IR`.
    pub country: Option<String>,
}

const KEYS: [&str; 5] = ["street", "locality", "region", "postal_code", "country"];

impl Address {
    pub fn read(raw: &Json) -> Result<Address, String> {
        if let Json::String(text) = raw {
            return Address::parse(text);
        }
        if !raw.is_object() {
            return Err(format!("is {}; a table with {} is right", kind_of(raw), KEYS.join(", ")));
        }
        let object = Object::with(raw, &KEYS)?;
        let [street, locality, region, postal_code, country] = KEYS.map(|key| object.line(key));
        Address::of([street?, locality?, region?, postal_code?, country?])
    }

    /// `STREET|LOCALITY|REGION|POSTAL CODE|COUNTRY`, each of which may be empty, and the last ones
    /// left out.
    pub fn parse(text: &str) -> Result<Address, String> {
        let parts: Vec<&str> = text.split('|').collect();
        if parts.len() > KEYS.len() {
            return Err(format!(
                "has {} parts; street|locality|region|postal code|country is right",
                parts.len()
            ));
        }
        let part = |i: usize| -> Result<Option<String>, String> {
            let text = line(parts.get(i).copied().unwrap_or_default())?;
            Ok(Some(text).filter(|text| !text.is_empty()))
        };
        Address::of([part(0)?, part(1)?, part(2)?, part(3)?, part(4)?])
    }

    fn of([street, locality, region, postal_code, country]: [Option<String>; 5]) -> Result<Address, String> {
        let country = country.map(|code| country_code(&code)).transpose()?;
        let address = Address { street, locality, region, postal_code, country };
        if address == Address::default() {
            return Err(format!("is an empty address; give at least one of {}", KEYS.join(", ")));
        }
        Ok(address)
    }
}

fn country_code(text: &str) -> Result<String, String> {
    let code = text.to_ascii_uppercase();
    if code.len() == 2 && COUNTRIES.split_whitespace().any(|known| known == code) {
        return Ok(code);
    }
    Err(format!("`country` is {text:?}; the two letters of ISO 3166-1 such as `IR` are right"))
}

/// ISO 3166-1 alpha-2, the officially assigned codes, and XK, which the world uses for Kosovo.
const COUNTRIES: &str = "
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS
    BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE
    EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM
    HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC
    LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
    NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
    SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO
    TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW";

#[cfg(test)]
mod tests {
    #[test]
    fn all_assigned_countries_are_there_once_and_in_order() {
        let codes: Vec<&str> = super::COUNTRIES.split_whitespace().collect();
        assert_eq!(codes.len(), 249 + 1);
        assert!(codes.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
