//! The binary as a person at a terminal meets it.

use std::process::{Command, Stdio};

#[test]
fn a_reader_who_has_seen_enough_is_no_fault() {
    let data = tempfile::tempdir().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_atlas"))
        .args(["check", "--json", "--data"])
        .arg(data.path())
        .env_clear()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !said.contains("panicked"), "{}\n{said}", output.status);
}
