//! How the war room looks on this terminal: what the environment tells, and the responder's own themes.

use std::env;
use std::path::{Path, PathBuf};

use crate::runtime::Look;
use crate::ui::{Depth, Glyphs, Theme};

/// No theme is longer.
const THEME_BYTES: u64 = 64 * 1024;

/// `plain` leaves colour out, for frames that are read as text. What is wrong with a theme goes to `problems`.
pub(super) fn choose(
    name: Option<&str>,
    folder: Option<&Path>,
    ascii: bool,
    plain: bool,
    problems: &mut Vec<String>,
) -> Look {
    let set = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    let term = set("TERM");
    let depth = if plain {
        Depth::Mono
    } else {
        Depth::of(set("NO_COLOR").is_some(), set("COLORTERM").as_deref(), term.as_deref())
    };
    // Some terminals tell the number of their background as the last.
    let light = set("COLORFGBG").is_some_and(|told| matches!(told.rsplit(';').next(), Some("7" | "15")));
    let text = name.filter(|name| !Theme::is_embedded(name)).and_then(|name| read(name, folder, problems));
    let locale = set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG"));
    let glyphs = if ascii { Glyphs::Ascii } else { Glyphs::of(locale.as_deref(), term.as_deref()) };
    Look { theme: Theme::choose(name, text.as_deref(), depth, light, problems), glyphs }
}

/// A file as it is named, or a name in the responder's folder of themes; a name does not lead out of it.
fn read(name: &str, folder: Option<&Path>, problems: &mut Vec<String>) -> Option<String> {
    let named = PathBuf::from(name);
    let is_file = named.extension().is_some_and(|extension| extension == "toml") && named.exists();
    let own = folder.map(|folder| folder.join(format!("{name}.toml"))).filter(|file| file.parent() == folder);
    let file = if is_file { named } else { own.filter(|file| file.exists())? };
    let size = file.metadata().map_or(0, |metadata| metadata.len());
    match std::fs::read_to_string(&file) {
        Ok(text) if size <= THEME_BYTES => Some(text),
        Ok(_) => {
            problems.push(format!("theme {name}: larger than {} kB", THEME_BYTES / 1024));
            None
        }
        Err(error) => {
            problems.push(format!("theme {name}: {error}"));
            None
        }
    }
}
