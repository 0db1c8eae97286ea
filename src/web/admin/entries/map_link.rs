//! A place on earth from what people have at hand: a pair of numbers, or the address of a map.

use url::Url;

/// Services whose links tell nothing before somebody follows them.
const SHORTENED: [&str; 4] = ["maps.app.goo.gl", "goo.gl", "maps.apple", "osm.org"];

/// The pair that a map's address names, as `35.7,51.4`; none where it names none.
pub fn pair(typed: &str) -> Option<String> {
    let typed = typed.trim();
    if let Some(rest) = typed.strip_prefix("geo:") {
        return numbers(rest.split(['?', ';']).next()?, ',');
    }
    let url = Url::parse(typed).ok().filter(|url| ["http", "https"].contains(&url.scheme()))?;
    let query = |names: &[&str]| {
        names
            .iter()
            .find_map(|name| url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value))
    };
    // The place that was looked for, before the middle of what was shown.
    let marked = marked(url.path());
    let said = ["q", "query", "ll", "coordinate", "destination", "daddr", "center", "sll"];
    let by_pair = || said.iter().find_map(|name| numbers(&query(&[*name])?, ','));
    let by_names = || {
        let latitude = query(&["mlat", "lat", "latitude"])?;
        let longitude = query(&["mlon", "lon", "lng", "longitude"])?;
        numbers(&format!("{latitude},{longitude}"), ',')
    };
    let by_hash = || {
        let map = url.fragment()?.split('&').find_map(|part| part.strip_prefix("map="))?.to_owned();
        numbers(map.split_once('/')?.1, '/')
    };
    let by_path = || {
        let after = url.path().split('@').nth(1).or_else(|| url.path().rsplit('/').next())?;
        numbers(&after.replace('+', " "), ',')
    };
    let by_bing = || numbers(&query(&["cp"])?, '~');
    marked.or_else(by_pair).or_else(by_names).or_else(by_bing).or_else(by_path).or_else(by_hash)
}

/// Whether a link has to be followed before it tells anything.
pub fn is_shortened(typed: &str) -> bool {
    let host = Url::parse(typed.trim()).ok().and_then(|url| url.host_str().map(str::to_owned));
    host.is_some_and(|host| SHORTENED.contains(&host.as_str())) && pair(typed).is_none()
}

/// `…!3d35.7!4d51.4…`, where a map has put its pin.
fn marked(path: &str) -> Option<String> {
    let (latitude, rest) = path.rsplit_once("!3d")?.1.split_once("!4d")?;
    numbers(&format!("{latitude},{}", rest.split('!').next()?), ',')
}

/// The first two numbers, if they are a place on earth.
fn numbers(text: &str, between: char) -> Option<String> {
    let mut parts = text.split(between).map(|part| part.trim().parse::<f64>().ok());
    let (latitude, longitude) = (parts.next()??, parts.next()??);
    (latitude.abs() <= 90.0 && longitude.abs() <= 180.0).then(|| format!("{latitude},{longitude}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_say_where_a_place_is() {
        for typed in [
            "https://www.google.com/maps/place/Milad/@35.70,51.30,17z/data=!3m1!4b1!4m6!8m2!3d35.7448!4d51.3753!16s",
            "https://www.google.com/maps/@35.7448,51.3753,15z?entry=ttu",
            "https://www.google.com/maps/search/?api=1&query=35.7448%2C51.3753",
            "https://maps.google.com/?q=35.7448,+51.3753",
            "https://www.google.com/maps/search/35.7448,+51.3753",
            "https://www.openstreetmap.org/?mlat=35.7448&mlon=51.3753#map=16/35.7/51.3",
            "https://www.openstreetmap.org/#map=16/35.7448/51.3753",
            "https://www.openstreetmap.org/node/1#map=16/35.7448/51.3753&layers=N",
            "https://maps.apple.com/?ll=35.7448,51.3753&q=Milad",
            "https://maps.apple.com/place?coordinate=35.7448,51.3753&name=Milad",
            "https://www.bing.com/maps?cp=35.7448~51.3753&lvl=16",
            "https://neshan.org/maps/@35.7448,51.3753,15z",
            "https://balad.ir/location?latitude=35.7448&longitude=51.3753",
            "geo:35.7448,51.3753?z=16",
        ] {
            assert_eq!(pair(typed).as_deref(), Some("35.7448,51.3753"), "{typed}");
        }
    }

    #[test]
    fn what_names_no_place_is_left_as_it_is() {
        for typed in [
            "35.7, 51.4",
            "",
            "https://example.org/",
            "https://maps.app.goo.gl/AbC",
            "https://maps.google.com/?q=200,10",
            "ftp://x/@1,2",
        ] {
            assert_eq!(pair(typed), None, "{typed}");
        }
        assert!(is_shortened("https://maps.app.goo.gl/AbC") && !is_shortened("https://example.org/"));
    }
}
