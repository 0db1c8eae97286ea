//! `atlas check --structured`, as a person and as a program call it.

use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::on_both;
use crate::structured::full;
use crate::support::web::{ORIGIN, Site, content};

fn run_check(site: &Site, more: &[&str]) -> Output {
    let data = site.database.folder.path().display().to_string();
    Command::new(env!("CARGO_BIN_EXE_atlas"))
        .args([
            "check",
            "--structured",
            "--database-url",
            &site.database.url,
            "--data",
            &data,
            "--origin",
            ORIGIN,
        ])
        .args(["--log-level", "error"])
        .args(more)
        .env_clear()
        .output()
        .expect("the program runs")
}

fn text(output: &Output) -> String {
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    String::from_utf8(output.stdout.clone()).unwrap()
}

on_both! {
    async fn what_is_missing_is_named_with_its_entry_and_its_field(site: Site) {
        let region = site.publish("region", content("Iran", json!({}))).await;
        let city = site.publish("city", content("Tehran", json!({ "region": region }))).await;
        site.publish("place", content("Bare", json!({ "city": city, "business_type": "cafe" }))).await;
        let untitled = json!({ "video": "https://vimeo.com/76979871" });
        site.publish("article", content("Story", untitled)).await;
        site.draft("article", content("Draft", json!({}))).await;
        let output = run_check(&site, &[]);
        assert_eq!(output.status.code(), Some(1));
        insta::assert_snapshot!("check_text", text(&output));

        let output = run_check(&site, &["--json"]);
        assert_eq!(output.status.code(), Some(1));
        let report: Value = serde_json::from_str(&text(&output)).unwrap();
        assert_eq!((&report["entries"], &report["errors"]), (&json!(4), &json!(4)));
        let findings = report["findings"].as_array().unwrap();
        assert_eq!(findings.len(), 4 + report["hints"].as_u64().unwrap() as usize);
        let address = findings.iter().find(|finding| finding["property"] == "address" && finding["level"] == "error");
        assert_eq!(address, Some(&json!({
            "level": "error",
            "entry": city + 1,
            "path": "/iran/tehran/bare",
            "type": "LocalBusiness",
            "property": "address",
            "reason": "is missing",
            "field": "address",
            "source": "https://developers.google.com/search/docs/appearance/structured-data/local-business",
        })));
    }

    async fn a_site_that_says_all_of_it_has_no_error(site: Site) {
        full(&site).await;
        let output = run_check(&site, &["--json"]);
        let report: Value = serde_json::from_str(&text(&output)).unwrap();
        let errors: Vec<&Value> =
            report["findings"].as_array().unwrap().iter().filter(|finding| finding["level"] == "error").collect();
        // The museum's address is the one thing that it lacks on purpose.
        assert_eq!(errors.len(), 1, "{errors:#?}");
        assert_eq!(errors[0]["path"], "/iran/tehran/glass-museum");
        assert_eq!(output.status.code(), Some(1));
    }

    async fn an_empty_site_is_checked_in_no_time(site: Site) {
        let output = run_check(&site, &[]);
        assert_eq!(output.status.code(), Some(0));
        assert!(text(&output).ends_with("0 entries: 0 errors, 11 hints\n"), "{}", text(&output));
    }
}
