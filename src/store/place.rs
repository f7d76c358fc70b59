//! Where the journal lies: its directories for this user alone (0700), its file too (0600). An existing file is left as
//! it is.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io;
use std::path::Path;

use crate::port::JournalError;

/// The file's own name, for messages; a whole path may tell more of a machine than a screenshot should.
pub(super) fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// Makes the directories and an empty file where there are none. Blocks: to be called off the loop.
pub(super) fn prepare(path: &Path) -> Result<(), JournalError> {
    let name = name_of(path);
    if let Some(directory) = path.parent().filter(|directory| !directory.as_os_str().is_empty()) {
        make_directory(directory).map_err(|error| {
            JournalError(format!("{name}: its directory cannot be made: {}; {}", words(&error), hint(&error)))
        })?;
    }
    match make_file(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => may_be_written(path),
        other => other,
    }
    .map_err(|error| JournalError(format!("{name}: cannot be written: {}; {}", words(&error), hint(&error))))
}

fn make_directory(directory: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}

fn make_file(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.sync_all()
}

fn may_be_written(path: &Path) -> io::Result<()> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "not a file"));
    }
    OpenOptions::new().append(true).open(path).map(drop)
}

/// The operating system's words without its number.
fn words(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_lowercase()
}

fn hint(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "give this user the right to write there, or set XDG_DATA_HOME to a directory that may be written"
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "make room on the disk",
        _ => "set XDG_DATA_HOME to a directory that may be written",
    }
}
