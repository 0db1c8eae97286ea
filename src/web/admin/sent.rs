//! A form that may bring files along: its fields are read as of any form, its files go to disk as they
//! arrive (SECURITY T6).

use std::sync::Arc;

use axum::extract::multipart::Field;
use axum::extract::{FromRequest, Multipart, Request};

use super::failure::Failure;
use super::posted::{MOST_BYTES, MOST_FIELDS, Posted, is_form, is_multipart};
use crate::error::{Error, Result};
use crate::files::Files;
use crate::files::uploads::Upload;
use crate::web::Web;

/// Files of one form.
const MOST_FILES: usize = 100;

/// The fields of a form and its files.
#[derive(Debug, Default)]
pub struct Sent {
    pub posted: Posted,
    pub files: Vec<Came>,
}

/// A file as it came.
#[derive(Debug)]
pub struct Came {
    /// As its owner calls it.
    pub name: String,
    /// All of it, or why not.
    pub upload: Result<Arc<Upload>>,
}

impl FromRequest<Web> for Sent {
    type Rejection = Failure;

    async fn from_request(request: Request, web: &Web) -> Result<Sent, Failure> {
        if is_form(request.headers()) {
            let posted = Posted::from_request(request, web).await?;
            return Ok(Sent { posted, files: Vec::new() });
        }
        let read = async {
            if !is_multipart(request.headers()) {
                return Err(Error::field("form", "a form is right"));
            }
            let parts = Multipart::from_request(request, web).await;
            read(parts.map_err(|_| broken())?, Some(&web.app.files)).await
        };
        read.await.map_err(Failure)
    }
}

/// Reads a form of several parts; without a place for files they are passed over.
///
/// # Errors
/// `Invalid` when it has more than any form has; `Unavailable` on a full disk.
pub async fn read(mut parts: Multipart, files: Option<&Files>) -> Result<Sent> {
    let mut sent = Sent::default();
    let mut bytes = 0;
    while let Some(part) = parts.next_field().await.map_err(|_| broken())? {
        let Some(name) = part.name().map(str::to_owned) else { continue };
        match part.file_name().map(str::to_owned) {
            // A browser sends an empty one for a control in which nothing was chosen.
            Some(file) if file.is_empty() => {}
            Some(file) => {
                let Some(files) = files else { continue };
                if sent.files.len() == MOST_FILES {
                    return Err(Error::field("files", format!("are more than {MOST_FILES} at once")));
                }
                let upload = store(part, files).await?;
                sent.files.push(Came { name: file, upload });
            }
            None => {
                let value = text(part, MOST_BYTES.saturating_sub(bytes)).await?;
                bytes += name.len() + value.len();
                sent.posted.0.push((name, value.replace("\r\n", "\n")));
                if sent.posted.0.len() > MOST_FIELDS {
                    return Err(Error::field("form", "has too many fields"));
                }
            }
        }
    }
    Ok(sent)
}

fn broken() -> Error {
    Error::field("form", "ends early, or is larger than this site takes")
}

async fn text(mut part: Field<'_>, most: usize) -> Result<String> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(|_| broken())? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > most {
            return Err(Error::field("form", "is too large"));
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A file that is refused is read to its end all the same: the others and the fields come after it.
async fn store(mut part: Field<'_>, files: &Files) -> Result<Result<Arc<Upload>>> {
    let mut upload = Upload::begin(&files.uploads());
    while let Some(chunk) = part.chunk().await.map_err(|_| broken())? {
        if let Ok(open) = &mut upload
            && let Err(error) = open.write(&chunk)
        {
            upload = Err(error);
        }
    }
    match upload {
        // The machine's faults are nobody's file's.
        Err(error @ (Error::Unavailable(_) | Error::Internal(_))) => Err(error),
        upload => Ok(upload.map(Arc::new)),
    }
}
