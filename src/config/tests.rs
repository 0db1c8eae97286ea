//! What a site owner can set, and what they are told when it is wrong.

use std::net::IpAddr;
use std::path::Path;

use super::*;

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
}

fn from_env(list: &[(&str, &str)]) -> Result<Config, Problems> {
    Config::load(&[], pairs(list), None)
}

fn from_file(text: &str) -> Result<Config, Problems> {
    Config::load(&[], [], Some(("atlas.toml", text)))
}

fn complaint(result: Result<Config, Problems>) -> String {
    result.expect_err("settings that should be refused").to_string()
}

#[test]
fn without_any_setting_the_defaults_hold() {
    let config = from_env(&[]).unwrap();
    insta::assert_debug_snapshot!(config, @r#"
    Config {
        listen: 127.0.0.1:8080,
        origin: "http://127.0.0.1:8080",
        data: "data",
        sample: true,
        content: None,
        database_url: "sqlite:data/atlas.db",
        database_pool: 10,
        log: Text,
        log_level: Info,
        cache_size: Size(
            67108864,
        ),
        trusted_proxies: [
            Network {
                address: 127.0.0.0,
                prefix: 8,
            },
            Network {
                address: ::1,
                prefix: 128,
            },
        ],
        max_connections: 10000,
        request_timeout: 30s,
        header_timeout: 10s,
        metrics: None,
        drain_timeout: 10s,
        workers: true,
        transliterate: false,
        smtp: None,
        mail_from: None,
        second_factor: Optional,
        stop_publishing: [],
        environment: Production,
    }
    "#);
}

#[test]
fn flags_win_over_variables_over_the_file_over_defaults() {
    let file = "listen = '127.0.0.1:1001'\ndata = 'file'\nlog_level = 'warn'";
    let env = pairs(&[("ATLAS_LISTEN", "127.0.0.1:1002"), ("ATLAS_DATA", "variable")]);
    let flags = pairs(&[("listen", "127.0.0.1:1003"), ("log-level", "debug")]);
    let config = Config::load(&flags, env, Some(("atlas.toml", file))).unwrap();
    assert_eq!(config.listen.port(), 1003);
    assert_eq!(config.data, Path::new("variable"));
    assert_eq!(config.log_level, LogLevel::Debug);
    assert_eq!(config.origin.as_str(), "http://127.0.0.1:1003");
    assert_eq!(config.database_url, Database::Sqlite("variable/atlas.db".into()));
}

#[test]
fn every_setting_can_be_set_from_every_source() {
    for setting in SETTINGS {
        let value = match (setting.name, setting.default) {
            ("metrics", "") => "127.0.0.1:9100",
            ("smtp", "") => "smtps://leila:secret@mail.example.org",
            ("mail_from", "") => "Atlas <atlas@example.org>",
            (_, "") => "elsewhere",
            (_, default) => default,
        };
        let value = value.replace("{listen}", "127.0.0.1:8080").replace("{data}", "data");
        from_file(&format!("{} = '{value}'", setting.name)).unwrap();
        from_env(&[(&setting.variable(), &value)]).unwrap();
        Config::load(&pairs(&[(&setting.flag(), &value)]), [], None).unwrap();
    }
}

#[test]
fn all_problems_are_named_at_once_each_with_its_source() {
    let file = "# settings\nlisten = 'everywhere'\ncache-size = '1 GiB'\n\n[cache]\nmemory = 1\n";
    let env = pairs(&[("ATLAS_SAMPEL", "false"), ("ATLAS_DRAIN_TIMEOUT", "soon"), ("ATLAS_ZZZ", "1")]);
    let flags = pairs(&[("workers", "maybe"), ("lisen", "x")]);
    insta::assert_snapshot!(complaint(Config::load(&flags, env, Some(("atlas.toml", file)))), @r"
    atlas.toml:3: `cache-size`: is no setting; did you mean `cache_size`?
    atlas.toml:5: `cache`: is no setting; docs/configuration.md lists them all
    `ATLAS_SAMPEL`: is no setting's variable; did you mean `ATLAS_SAMPLE`?
    `ATLAS_ZZZ`: is no setting's variable; docs/configuration.md lists them all
    `--lisen`: is no setting's flag; did you mean `--listen`?
    atlas.toml:2: `listen`: must be an IP address and a port, such as 127.0.0.1:8080 or [::]:8080, not `everywhere`
    `ATLAS_DRAIN_TIMEOUT`: must be a time from 1ms to 24h, such as 500ms, 30s, 5m or 1h, not `soon`
    `--workers`: must be `true` or `false`, not `maybe`
    ");
}

#[test]
fn a_broken_file_is_refused_with_its_lines() {
    let file = "data = 'x'\nlisten = \nlog = 'json'\ndata = 'y'\nsample = 2026-01-01\n";
    insta::assert_snapshot!(complaint(from_file(file)), @r"
    atlas.toml:2: string values must be quoted, expected literal string
    atlas.toml:4: duplicate key
    atlas.toml:5: `sample`: must be a text, a whole number, true, false or a list
    ");
}

#[test]
fn the_file_may_use_the_types_of_toml() {
    let config = from_file(
        "sample = false\ndatabase_pool = 3\ntrusted_proxies = ['10.0.0.0/8', '::1']\ncache_size = 0",
    );
    let config = config.unwrap();
    assert!(!config.sample);
    assert_eq!(config.database_pool.get(), 3);
    assert_eq!(config.trusted_proxies.len(), 2);
    assert_eq!(config.cache_size, Size(0));
    assert!(from_file("trusted_proxies = []").unwrap().trusted_proxies.is_empty());
}

#[test]
fn an_empty_variable_counts_as_unset_and_the_tests_own_are_left_alone() {
    let config = from_env(&[("ATLAS_LISTEN", ""), ("ATLAS_TEST_POSTGRES", "x"), ("HOME", "/root")]);
    assert_eq!(config.unwrap().listen.port(), 8080);
}

#[test]
fn database_url_is_read_under_its_common_name_and_ours_wins() {
    let theirs = ("DATABASE_URL", "postgres://theirs/site");
    let ours = ("ATLAS_DATABASE_URL", "postgres://ours/site");
    let shown = |list: &[(&str, &str)]| from_env(list).unwrap().database_url.to_string();
    assert_eq!(shown(&[theirs]), "postgres://theirs/site");
    assert_eq!(shown(&[ours, theirs]), "postgres://ours/site");
    assert_eq!(shown(&[theirs, ours]), "postgres://ours/site");
}

#[test]
fn a_password_is_never_printed() {
    for url in [
        "postgres://atlas:hunter2@db/site",
        "postgres://db/site?password=hunter2",
        "postgresql:///site?host=/run/postgresql&passw%6Frd=hunter2",
        "postgres:atlas:hunter2@db",
        "mysql://atlas:hunter2@db/site",
        "sqlite:hunter2?key=hunter2",
    ] {
        let printed = match from_env(&[("DATABASE_URL", url)]) {
            Ok(config) => format!("{config:?} {}", config.database_url),
            Err(problems) => format!("{problems} {problems:?}"),
        };
        assert!(!printed.contains("hunter2"), "{url} is printed as {printed}");
    }
}

#[test]
fn a_database_is_a_file_or_a_server() {
    let path = |text| match Database::from_text(text) {
        Ok(Database::Sqlite(path)) => path.to_str().unwrap().to_owned(),
        other => format!("{other:?}"),
    };
    assert_eq!(path("sqlite:data/atlas.db"), "data/atlas.db");
    assert_eq!(path("sqlite://data/atlas.db"), "data/atlas.db");
    assert_eq!(path("sqlite:///srv/atlas.db"), "/srv/atlas.db");
    assert_eq!(path("sqlite:50%25.db"), "50%.db");
    for text in [
        "",
        "sqlite:",
        "sqlite::memory:",
        "sqlite:a.db?mode=ro",
        "sqlite:data/",
        "atlas.db",
        "postgres:",
        "postgres:///site",
    ] {
        assert!(Database::from_text(text).is_err(), "{text}");
    }
}

#[test]
fn the_default_database_stands_in_the_data_folder_whatever_its_name() {
    for folder in ["data", "/srv/100% sure?", "a#b", "داده"] {
        let config = from_env(&[("ATLAS_DATA", folder)]).unwrap();
        assert_eq!(config.database_url, Database::Sqlite(Path::new(folder).join("atlas.db")));
    }
}

#[test]
fn a_server_that_listens_everywhere_is_visited_by_name() {
    for listen in ["0.0.0.0:8080", "[::]:8080"] {
        assert_eq!(from_env(&[("ATLAS_LISTEN", listen)]).unwrap().origin.as_str(), "http://localhost:8080");
    }
    let v6 = from_env(&[("ATLAS_LISTEN", "[::1]:80")]).unwrap().origin;
    assert_eq!((v6.as_str(), v6.host(), v6.authority()), ("http://[::1]", "[::1]", "[::1]"));
}

#[test]
fn an_origin_is_normalised() {
    for (text, expected) in [
        ("https://example.org", "https://example.org"),
        ("HTTPS://Example.ORG:443/", "https://example.org"),
        ("http://example.org:8080", "http://example.org:8080"),
        ("https://کافه.example", "https://xn--mgb6csa30b.example"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
    ] {
        assert_eq!(Origin::from_text(text).unwrap().as_str(), expected);
    }
    let origin = Origin::from_text("https://example.org:8443").unwrap();
    assert_eq!((origin.host(), origin.authority()), ("example.org", "example.org:8443"));
    assert!(origin.is_https());
    assert_eq!(origin.url("/caf%C3%A9?page=2"), "https://example.org:8443/caf%C3%A9?page=2");
    assert_eq!(origin.url("@evil.example"), "https://example.org:8443/@evil.example");
}

#[test]
fn an_origin_is_scheme_and_host_alone() {
    for text in [
        "",
        "example.org",
        "//example.org",
        "ftp://example.org",
        "https://",
        "https:///",
        "https:example.org",
        "https://example.org/blog",
        "https://example.org//",
        "https://example.org?",
        "https://example.org/#",
        "https://user@example.org",
        "https://:pw@example.org",
        "https:\\\\example.org",
        "https://exa mple.org",
        "https://exam\nple.org",
        "https://example.org.",
        "https://example.org:99999",
        "javascript://example.org",
    ] {
        assert!(Origin::from_text(text).is_err(), "{text:?}");
    }
}

#[test]
fn sizes_and_times_are_read_with_their_units() {
    for (text, bytes) in
        [("0", 0), ("4096", 4096), ("64 MiB", 64 << 20), ("1gib", 1 << 30), ("10 MB", 10_000_000)]
    {
        assert_eq!(Size::from_text(text), Ok(Size(bytes)), "{text}");
    }
    for text in ["", "MiB", "-1", "1.5 GiB", "64 MiB/s", "99999999999 GiB", "18446744073709551616"] {
        assert!(Size::from_text(text).is_err(), "{text}");
    }
    for (text, milliseconds) in [("500ms", 500), ("30s", 30_000), ("5 m", 300_000), ("24h", 86_400_000)] {
        assert_eq!(Duration::from_text(text), Ok(Duration::from_millis(milliseconds)), "{text}");
    }
    for text in ["", "30", "0s", "25h", "-1s", "1s30", "soon"] {
        assert!(Duration::from_text(text).is_err(), "{text}");
    }
}

#[test]
fn a_network_knows_its_addresses() {
    let holds = |network: &str, address: &str| {
        Network::from_text(network).unwrap().contains(address.parse::<IpAddr>().unwrap())
    };
    assert!(holds("10.0.0.0/8", "10.255.0.1"));
    assert!(!holds("10.0.0.0/8", "11.0.0.0"));
    assert!(holds("192.0.2.7", "192.0.2.7"));
    assert!(!holds("192.0.2.7", "192.0.2.6"));
    assert!(holds("127.0.0.0/8", "::ffff:127.0.0.1"));
    assert!(holds("2001:db8::/32", "2001:db8:ffff::1"));
    assert!(!holds("2001:db8::/32", "2001:db9::1"));
    assert!(holds("0.0.0.0/0", "203.0.113.9") && !holds("0.0.0.0/0", "::1"));
    for text in [
        "",
        "localhost",
        "10.0.0.0/33",
        "10.0.0.1/8",
        "::/129",
        "10.0.0.0/",
        "10.0.0.0/+8",
        "::ffff:10.0.0.1",
    ] {
        assert!(Network::from_text(text).is_err(), "{text}");
    }
}

proptest::proptest! {
    #[test]
    fn no_text_in_any_setting_makes_loading_panic(text in "\\PC*", index in 0..SETTINGS.len()) {
        let _ = from_env(&[(&SETTINGS[index].variable(), &text)]);
        let _ = from_file(&text);
    }

    #[test]
    fn an_accepted_origin_is_its_own_normal_form(text in "(http|HTTPS)://[a-zA-Z0-9.é-]{1,20}(:[0-9]{1,5})?/?") {
        if let Ok(origin) = Origin::from_text(&text) {
            proptest::prop_assert_eq!(Origin::from_text(origin.as_str()), Ok(origin.clone()));
        }
    }
}
