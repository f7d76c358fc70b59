//! What the process was started with, as far as files are concerned: where the config, the journal and the user's themes
//! are looked for, and what a path in the config means.

use std::path::{Path, PathBuf};

use directories::ProjectDirs;

/// Given by the caller, so that a test has its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// `$WARROOM_CONFIG`
    pub config: Option<PathBuf>,
    /// `$USER`
    pub user: Option<String>,
    pub home: Option<PathBuf>,
    /// `~/.config/warroom` on Linux.
    pub config_directory: Option<PathBuf>,
    /// `~/.local/share/warroom` on Linux.
    pub data_directory: Option<PathBuf>,
}

impl Surroundings {
    #[must_use]
    pub fn of_this_process() -> Self {
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let project = ProjectDirs::from("", "", "warroom");
        Self {
            config: set("WARROOM_CONFIG").map(PathBuf::from),
            user: set("USER").or_else(|| set("USERNAME")).map(|user| user.to_string_lossy().into_owned()),
            home: directories::BaseDirs::new().map(|base| base.home_dir().to_owned()),
            config_directory: project.as_ref().map(|project| project.config_dir().to_owned()),
            data_directory: project.as_ref().map(|project| project.data_dir().to_owned()),
        }
    }

    /// Where a config is looked for when neither `--config` nor `$WARROOM_CONFIG` names one.
    #[must_use]
    pub fn config_file(&self) -> Option<PathBuf> {
        self.config_directory.as_ref().map(|directory| directory.join("config.toml"))
    }

    /// The journal's file.
    #[must_use]
    pub fn journal(&self) -> Option<PathBuf> {
        self.data_directory.as_ref().map(|directory| directory.join("journal.db"))
    }

    /// The folder of the user's own themes.
    #[must_use]
    pub fn themes(&self) -> Option<PathBuf> {
        self.config_directory.as_ref().map(|directory| directory.join("themes"))
    }
}

/// What relative paths in the config are relative to.
pub(super) struct Place<'a> {
    /// The folder of the config.
    pub(super) directory: &'a Path,
    pub(super) home: Option<&'a Path>,
}

impl Place<'_> {
    /// `~/x` is below the home, `x` below the config's folder.
    pub(super) fn path(&self, text: &str) -> PathBuf {
        let below_home = text.strip_prefix("~/").or(if text == "~" { Some("") } else { None });
        match (below_home, self.home) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => self.directory.join(text),
        }
    }
}
