//! The text of a file from outside: bounded, UTF-8, and what is wrong with it in words.

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// No config is longer.
const LONGEST: u64 = 1024 * 1024;

/// The text of a file that is no larger than a config may be; `Err` in words.
pub(super) fn read(path: &Path) -> Result<String, String> {
    let file = File::open(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "this user may not read it".to_owned(),
        _ => error.to_string(),
    })?;
    text_of(file)
}

/// See [`read`].
pub(super) fn text_of(source: impl Read) -> Result<String, String> {
    let mut bytes = Vec::new();
    source.take(LONGEST + 1).read_to_end(&mut bytes).map_err(|error| match error.kind() {
        std::io::ErrorKind::IsADirectory => "it is a directory; name the file in it".to_owned(),
        _ => error.to_string(),
    })?;
    if bytes.len() as u64 > LONGEST {
        return Err("larger than 1 MiB; that is no config".to_owned());
    }
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let line = error.as_bytes().iter().take(good).filter(|byte| **byte == b'\n').count() + 1;
        format!("not UTF-8 at line {line}; save it as UTF-8")
    })
}
