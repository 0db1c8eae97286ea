//! The forms of names in type files.

/// A name of a type, group or choice: `service-category`.
pub fn is_type_name(name: &str) -> bool {
    is_name(name, '-')
}

/// A name of a field: `price_range`.
pub fn is_field_name(name: &str) -> bool {
    is_name(name, '_')
}

fn is_name(name: &str, joint: char) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == joint;
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.len() <= 40
        && name.chars().all(fits)
        && !name.ends_with(joint)
        && !name.contains(&format!("{joint}{joint}"))
}

/// A locale as this site writes it: `fa`, `pt-BR`, `zh-Hant`.
pub fn is_locale(name: &str) -> bool {
    let mut parts = name.split('-');
    let language = parts.next().unwrap_or_default();
    (2..=3).contains(&language.len())
        && language.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts.all(|part| {
            (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

/// The form of a schema.org type: `LocalBusiness`.
pub fn is_schema_type(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The form of a schema.org property: `openingHoursSpecification`.
pub fn is_schema_property(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The marks of template languages, none of which has a place in a type file.
pub const TEMPLATE_MARKS: [&str; 7] = ["{{", "}}", "{%", "%}", "{#", "${", "<%"];
