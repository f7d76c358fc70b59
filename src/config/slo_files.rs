//! `files = [..]`: SLOs that lie in files of other tools, read at every start. What is refused in them costs itself and
//! is told: a file that others keep must not keep the war room shut.

use std::path::{Path, PathBuf};

use super::formats::{File, Import, import};
use super::text::{read, text_of};

pub(super) const TITLE: &str = "[slo]";
pub(super) const KEYS: &[&str] = &["files"];

/// A folder of manifests; more is a mistake in the path.
const MOST: usize = 500;
/// Standard input, as a path.
const INPUT: &str = "-";

/// Reads files, and the YAML files right in folders, together. Last, in words, those that could not be
/// read.
#[must_use]
pub fn import_paths(paths: &[PathBuf]) -> (Vec<File>, Import, Vec<String>) {
    let (mut files, mut wrong) = (Vec::new(), Vec::new());
    for path in paths {
        if path.as_os_str() == INPUT {
            match from_input() {
                Ok(text) => files.push(File { name: "standard input".to_owned(), text }),
                Err(why) => wrong.push(format!("standard input: {why}")),
            }
            continue;
        }
        let found = if path.is_dir() { in_folder(path) } else { Ok(vec![path.clone()]) };
        match found {
            Err(why) => wrong.push(format!("{}: {why}", path.display())),
            Ok(found) => {
                for path in found {
                    let name = path.display().to_string();
                    match read(&path) {
                        Ok(text) => files.push(File { name, text }),
                        Err(why) => wrong.push(format!("{name}: {why}")),
                    }
                }
            }
        }
    }
    let read = import(&files);
    (files, read, wrong)
}

fn in_folder(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = std::fs::read_dir(folder).map_err(|error| error.to_string())?;
    let is_yaml = |path: &PathBuf| {
        path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("yml") || ending.eq_ignore_ascii_case("yaml"))
    };
    let mut found: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(|path| is_yaml(path) && path.is_file()).collect();
    found.sort();
    match found.len() {
        0 => Err("no file in it ends in .yml or .yaml".to_owned()),
        count if count > MOST => Err(format!("more than {MOST} files")),
        _ => Ok(found),
    }
}

/// Bounded as a file is.
fn from_input() -> Result<String, String> {
    text_of(std::io::stdin())
}
