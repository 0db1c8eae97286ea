//! What the lock file may hold. Advisory databases need the network and lag behind; these floors and
//! bans don't (SECURITY 2.3, T33).

use serde::Deserialize;

use crate::{assert_none, read};

/// The oldest version of each crate without a known hole, whether we use it yet or not.
const FLOORS: &[(&str, Version)] = &[
    ("ammonia", Version(4, 1, 4)),
    ("h2", Version(0, 4, 16)),
    ("idna", Version(1, 0, 0)),
    ("jsonwebtoken", Version(10, 3, 0)),
    // Bundles SQLite 3.51.3, the first without the WAL-reset race.
    ("libsqlite3-sys", Version(0, 37, 0)),
    ("libwebp-sys", Version(0, 9, 3)),
    ("quick-xml", Version(0, 41, 0)),
    ("sqlx", Version(0, 9, 0)),
    ("time", Version(0, 3, 47)),
    ("tracing-subscriber", Version(0, 3, 20)),
    ("webp", Version(0, 3, 1)),
    ("zip", Version(2, 3, 0)),
];

/// The floors that guard us today: if one of these were renamed away, the table would guard nothing.
const IN_USE: &[&str] =
    &["ammonia", "idna", "libsqlite3-sys", "libwebp-sys", "sqlx", "time", "tracing-subscriber", "webp"];

const FORBIDDEN: &[(&str, &str)] = &[
    ("atty", "unsound and abandoned"),
    ("native-tls", "links the system's TLS"),
    ("openssl-sys", "links the system's TLS"),
    ("rsa", "leaks keys through timing, unfixed (RUSTSEC-2023-0071)"),
    ("rustls-pemfile", "abandoned; rustls-pki-types reads PEM"),
    ("serde_yml", "unsound and abandoned"),
];

/// Two versions of these would not link, or would not share a migration table.
const ONLY_ONE: &[&str] = &["libsqlite3-sys", "sqlx-core"];

const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Version(u64, u64, u64);

#[derive(Deserialize)]
struct Lock {
    package: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    source: Option<String>,
    checksum: Option<String>,
}

#[test]
fn no_dependency_is_below_its_floor_forbidden_or_from_elsewhere() {
    assert_none(&faults(&lock()), "Cargo.lock holds what it must not");
}

#[test]
fn the_floors_guard_crates_that_we_use() {
    let lock = lock();
    for name in IN_USE {
        assert!(FLOORS.iter().any(|(floor, _)| floor == name), "{name} has lost its floor");
        assert!(lock.package.iter().any(|package| package.name == *name), "{name} is not in use any more");
    }
}

#[tokio::test]
async fn the_bundled_sqlite_is_free_of_the_wal_race() {
    use sqlx::Connection;
    let mut connection = sqlx::SqliteConnection::connect("sqlite::memory:").await.unwrap();
    let version: String =
        sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&mut connection).await.unwrap();
    assert!(Version::parse(&version) >= Version(3, 51, 3), "SQLite {version}");
}

#[test]
fn planted_dependencies_are_caught() {
    let lock = |entry: &str| -> Lock {
        let text = format!("[[package]]\n{entry}\nsource = '{REGISTRY}'\nchecksum = 'x'");
        toml::from_str(&text).unwrap()
    };
    assert_eq!(faults(&lock("name = 'ammonia'\nversion = '4.1.2'")), ["ammonia 4.1.2 is below 4.1.4"]);
    assert_eq!(faults(&lock("name = 'ammonia'\nversion = '4.1.4'")), [""; 0]);
    assert_eq!(faults(&lock("name = 'openssl-sys'\nversion = '1.0.0'")).len(), 1);
    let git = "[[package]]\nname = 'x'\nversion = '1.0.0'\nsource = 'git+https://example.org/x'";
    assert_eq!(faults(&toml::from_str(git).unwrap()).len(), 2);
    let twice = ["0.37.0", "0.38.0"]
        .map(|version| format!("[[package]]\nname = 'libsqlite3-sys'\nversion = '{version}'\n"));
    assert_eq!(faults(&toml::from_str(&twice.concat()).unwrap()), ["libsqlite3-sys is there 2 times"]);
}

fn lock() -> Lock {
    toml::from_str(&read("Cargo.lock".as_ref())).unwrap()
}

fn faults(lock: &Lock) -> Vec<String> {
    let mut faults = Vec::new();
    for Package { name, version, source, checksum } in &lock.package {
        let floor = FLOORS.iter().find(|(known, _)| known == name);
        if let Some((_, Version(major, minor, patch))) =
            floor.filter(|(_, floor)| Version::parse(version) < *floor)
        {
            faults.push(format!("{name} {version} is below {major}.{minor}.{patch}"));
        }
        if let Some((_, reason)) = FORBIDDEN.iter().find(|(known, _)| known == name) {
            faults.push(format!("{name} {version}: {reason}"));
        }
        if let Some(source) = source {
            if source != REGISTRY {
                faults.push(format!("{name} {version} comes from {source}"));
            }
            if checksum.is_none() {
                faults.push(format!("{name} {version} has no checksum"));
            }
        }
    }
    for name in ONLY_ONE {
        let versions = lock.package.iter().filter(|package| package.name == *name).count();
        if versions > 1 {
            faults.push(format!("{name} is there {versions} times"));
        }
    }
    faults
}

impl Version {
    /// The first three numbers of `1.2.3-rc.1+build`; a pre-release counts as its release.
    fn parse(text: &str) -> Version {
        let numbers = text.split(['-', '+']).next().unwrap_or_default();
        let mut numbers = numbers.split('.').map(|number| number.parse().unwrap());
        let mut next = || numbers.next().unwrap_or(0);
        Version(next(), next(), next())
    }
}
