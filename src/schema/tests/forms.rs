//! Addresses, mail and telephones that come from strangers (SECURITY T4).

use serde_json::json;

use super::super::{Kind, Value};
use super::{read, value};

#[test]
fn only_web_addresses_and_own_paths_pass() {
    for (written, kept) in [
        ("https://example.org", "https://example.org/"),
        ("HTTP://Example.ORG/A?b=c#d", "http://example.org/A?b=c#d"),
        ("https://کافه.ایران/منو", "https://xn--mgba9eva.xn--mgba3a4f16a/%D9%85%D9%86%D9%88"),
        ("/menu.pdf", "/menu.pdf"),
        ("  https://example.org/a b  ", "https://example.org/a%20b"),
        ("https:example.org", "https://example.org/"),
    ] {
        let kept_as = match value(Kind::Url, json!(written)) {
            Value::Url(address) => address,
            other => panic!("{other:?}"),
        };
        // The host's punycode is the URL standard's business.
        if kept_as.contains("xn--") {
            assert!(kept.contains("xn--") && kept_as.ends_with("/%D9%85%D9%86%D9%88"), "{kept_as}");
        } else {
            assert_eq!(kept_as, kept);
        }
    }
}

#[test]
fn no_address_runs_a_script_or_leads_astray() {
    for hostile in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "java\nscript:alert(1)",
        "\u{1}javascript:alert(1)",
        "javascript&colon;alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:msgbox(1)",
        "file:///etc/passwd",
        "ftp://example.org/",
        "blob:https://example.org/x",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\tevil",
        "https://user:secret@example.org/",
        "https://",
        "https://exa mple.org",
        "example.org",
        "mailto:a@example.org",
        "../up",
        "#top",
        "?x=1",
    ] {
        assert!(read(Kind::Url, json!(hostile)).is_err(), "url {hostile:?}");
        assert!(read(Kind::Video, json!(hostile)).is_err(), "video {hostile:?}");
    }
    for hostile in [
        "javascript:alert(1)",
        "java\tscript:alert(1)",
        "data:image/svg+xml,<svg/>",
        "//evil.example/a.png",
        "/\\evil.example/a.png",
        "..\\..\\a.png",
        "file:///a.png",
    ] {
        for raw in [json!(hostile), json!({ "src": hostile })] {
            assert!(read(Kind::Image, raw.clone()).is_err(), "{raw}");
            assert!(read(Kind::Gallery, json!([raw])).is_err(), "{hostile:?}");
        }
    }
}

#[test]
fn mail_addresses_are_one_address_and_nothing_else() {
    for right in ["leila@example.org", "a.b+c@mail.example.co.uk", "کاربر@مثال.ایران", "o'neil@example.org"]
    {
        assert_eq!(value(Kind::Email, json!(right)), Value::Email(right.to_owned()));
    }
    assert_eq!(value(Kind::Email, json!("mailto:a@example.org")), Value::Email("a@example.org".to_owned()));
    for wrong in [
        "nobody",
        "@example.org",
        "a@",
        "a@localhost",
        "a@b@example.org ",
        "a b@example.org",
        "Leila <leila@example.org>",
        "a@example.org,b@example.org",
        "a@example.org?bcc=b@example.org",
        "a@exa_mple.org",
        "a@-example.org",
        "a..b@example.org",
        ".a@example.org",
        "a@example..org",
        "a\r\nBcc: b@example.org",
    ] {
        assert!(read(Kind::Email, json!(wrong)).is_err(), "{wrong:?}");
    }
}

#[test]
fn telephones_keep_their_look_and_gain_a_number_to_dial() {
    for (written, dialled) in [
        ("+98 21 6670 1872", "+982166701872"),
        ("+49 (0)30 123456", "+4930123456"),
        ("0044 20 7946 0958", "+442079460958"),
        ("+1 (555) 010-9999", "+15550109999"),
        ("+۹۸ ۲۱ ۶۶۷۰ ۱۸۷۲", "+982166701872"),
    ] {
        let Value::Phone(phone) = value(Kind::Phone, json!(written)) else { panic!("{written}") };
        assert_eq!((phone.shown.as_str(), phone.e164.as_str()), (written, dialled));
    }
    for wrong in
        ["021 6670 1872", "+98", "+98 21 6670 1872 ext. 5", "+0 1234567", "++98216670", "+1234567890123456"]
    {
        assert!(read(Kind::Phone, json!(wrong)).is_err(), "{wrong:?}");
    }
}

#[test]
fn videos_are_known_by_every_address_people_copy() {
    for (written, url, embed) in [
        (
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=42s",
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
            Some("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
        ),
        (
            "https://youtu.be/dQw4w9WgXcQ?si=x",
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
            Some("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
        ),
        (
            "https://m.youtube.com/shorts/dQw4w9WgXcQ",
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
            Some("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
        ),
        (
            "https://vimeo.com/76979871",
            "https://vimeo.com/76979871",
            Some("https://player.vimeo.com/video/76979871"),
        ),
        (
            "https://vimeo.com/76979871/ab12",
            "https://vimeo.com/76979871/ab12",
            Some("https://player.vimeo.com/video/76979871?h=ab12"),
        ),
        (
            "https://www.aparat.com/v/x1y2z",
            "https://www.aparat.com/v/x1y2z",
            Some("https://www.aparat.com/video/video/embed/videohash/x1y2z/vt/frame"),
        ),
        ("/media/0123456789abcdef/film.MP4", "/media/0123456789abcdef/film.MP4", None),
    ] {
        let Value::Video(video) = value(Kind::Video, json!(written)) else { panic!("{written}") };
        assert_eq!((video.url.as_str(), video.embed_url().as_deref()), (url, embed), "{written}");
    }
    for wrong in [
        "https://youtube.com.evil.example/watch?v=x",
        "https://www.youtube.com/watch",
        "https://youtu.be/\"><script>",
        "https://vimeo.com/channels",
        "https://example.org/film",
    ] {
        assert!(read(Kind::Video, json!(wrong)).is_err(), "{wrong:?}");
    }
}
