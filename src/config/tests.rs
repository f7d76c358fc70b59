//! Whole files: what is right is read, what is wrong is told, all of it at once.

mod mistakes;
mod promises;
mod reading;
mod slis;

use std::path::{Path, PathBuf};

use super::*;

fn around() -> Surroundings {
    Surroundings { user: Some("ana".to_owned()), home: Some(PathBuf::from("/home/ana")), ..Surroundings::default() }
}

fn parse(text: &str) -> Result<Config, String> {
    Config::parse("config.toml", text, Path::new("/etc/warroom"), &around()).map_err(|problems| problems.to_string())
}

fn told(text: &str) -> String {
    parse(text).expect_err("a problem")
}
