//! Finds the config and reads it: `--config`, then `$WARROOM_CONFIG`, then the user's config directory.

use std::fmt;
use std::path::{Path, PathBuf};

use super::file::Config;
use super::place::Surroundings;
use super::problem::Problems;
use super::text::read;

/// The commented file that shows every key; what it says is what holds without a file, its sources and SLOs aside.
pub const EXAMPLE: &str = include_str!("../../config.example.toml");

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadError {
    /// Nobody named a file, and there is none where one is looked for.
    NoConfig {
        looked_for: Option<PathBuf>,
    },
    /// A file was named, or found, and cannot be read.
    Unreadable {
        path: PathBuf,
        why: String,
    },
    Wrong(Problems),
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoConfig { looked_for: Some(path) } => write!(
                f,
                "no config: {} is not there\n  hint: start from config.example.toml, or try `warroom demo`",
                path.display()
            ),
            Self::NoConfig { looked_for: None } => {
                f.write_str("no config, and no home directory to look in\n  hint: name one with --config FILE")
            }
            Self::Unreadable { path, why } => write!(f, "{}: {why}", path.display()),
            Self::Wrong(problems) => problems.fmt(f),
        }
    }
}

impl std::error::Error for LoadError {}

/// `named` is the argument of `--config`. Blocks for the reading of a few small files.
pub fn load(named: Option<&Path>, around: &Surroundings) -> Result<Config, LoadError> {
    let asked = named.map(Path::to_owned).or_else(|| around.config.clone());
    let path = match (asked, around.config_file()) {
        (Some(path), _) => path,
        (None, Some(path)) if path.exists() => path,
        (None, looked_for) => return Err(LoadError::NoConfig { looked_for }),
    };
    let text = read(&path).map_err(|why| LoadError::Unreadable { path: path.clone(), why })?;
    let directory = path.parent().unwrap_or(Path::new(""));
    Config::parse(&path.display().to_string(), &text, directory, around).map_err(LoadError::Wrong)
}
