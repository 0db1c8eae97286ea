//! What a folder holds.

use std::fs;

use crate::source::walk;
use crate::source::walk::is_image;

#[test]
fn a_folder_is_documents_images_and_what_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    for file in [
        "b.md",
        "a/index.markdown",
        "a/Z.PNG",
        "a/b.svg",
        "a/x.txt",
        "README",
        ".git/c.md",
        ".hidden.md",
        "a/.DS_Store",
    ] {
        let path = dir.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "x").unwrap();
    }
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc", dir.path().join("out")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(dir.path().join("b.md"), dir.path().join("c.md")).unwrap();
    let folder = walk(dir.path()).unwrap();
    assert_eq!(folder.documents, ["a/index.markdown", "b.md"]);
    assert_eq!(folder.images, ["a/Z.PNG", "a/b.svg"]);
    let ignored: Vec<String> = folder.ignored.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(ignored.join("\n"), @r#"
    README: neither Markdown nor an image: the name has no ending
    a/x.txt: neither Markdown nor an image
    c.md: a symbolic link is not followed
    out: a symbolic link is not followed
    "#);
    assert!(is_image("x/a.JPG") && !is_image("a.md") && !is_image(".png"));
}

#[cfg(unix)]
#[test]
fn a_name_that_is_not_utf8_is_told() {
    use std::os::unix::ffi::OsStrExt;
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join(std::ffi::OsStr::from_bytes(b"a\xff.md")), "x").unwrap();
    let folder = walk(dir.path()).unwrap();
    assert!(folder.documents.is_empty());
    assert_eq!(folder.ignored[0].to_string(), "a\u{fffd}.md: the name is not UTF-8");
}

#[test]
fn what_is_no_folder_is_a_problem() {
    let error = walk("no/such/folder".as_ref()).unwrap_err().to_string();
    assert_eq!(error, "no/such/folder: this is not a folder that can be read: no such file or directory");
    let file = tempfile::NamedTempFile::new().unwrap();
    assert!(walk(file.path()).unwrap_err().to_string().ends_with("read: not a directory"));
}
