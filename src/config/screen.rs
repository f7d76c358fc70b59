//! `[ui]`: theme, keys, preset, time zone, writer and language. Not what a key text means, nor
//! whether a theme of that name exists.

use chrono_tz::{TZ_VARIANTS, Tz};
use toml::de::DeValue;

use super::nearest::nearest;
use super::problem::{Found, Problem, Sink};
use super::section::{Section, kind, shown, texts_of};
use crate::domain::slo::Language;

pub(super) const TITLE: &str = "[ui]";
pub(super) const KEYS: &[&str] = &["theme", "keys", "preset", "timezone", "writer", "language"];

/// In which zone times are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimeZone {
    #[default]
    Utc,
    /// The zone of this machine.
    Local,
    Named(Tz),
}

/// How frames are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FrameWriter {
    /// With all that the terminal is known to understand.
    #[default]
    Auto,
    /// With what every terminal understands, and many more bytes.
    Plain,
}

/// `action = "key"` or `action = ["key", ..]`; an empty list takes the action's keys away. The texts are as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    pub action: Found<String>,
    pub keys: Vec<Found<String>>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Screen {
    /// The name of a theme, or of a file; `None` leaves the choice to the terminal.
    pub theme: Option<Found<String>>,
    pub preset: Option<Found<String>>,
    pub keys: Vec<Binding>,
    pub timezone: TimeZone,
    pub writer: FrameWriter,
    /// Of the sentences.
    pub language: Language,
}

pub(super) fn read(section: &Section<'_>, sink: &Sink) -> Screen {
    Screen {
        theme: section.line("theme"),
        preset: section.line("preset"),
        keys: read_keys(section, sink),
        timezone: read_timezone(section).unwrap_or_default(),
        writer: read_writer(section).unwrap_or_default(),
        language: section
            .choice("language", &Language::CODES)
            .and_then(|found| Language::of_code(found.value))
            .unwrap_or_default(),
    }
}

fn read_keys(section: &Section<'_>, sink: &Sink) -> Vec<Binding> {
    let Some(value) = section.value("keys") else { return Vec::new() };
    let DeValue::Table(table) = value.get_ref() else {
        let message = format!("`keys` must be a table, not {}", kind(value.get_ref()));
        let hint = "write [ui.keys] and a line for each action: next-error = \"e\"";
        section.problem(Problem::at(value.span(), message).hint(hint));
        return Vec::new();
    };
    let bindings = table.iter().filter_map(|(action, keys)| {
        let name = action.get_ref().to_string();
        let keys = texts_of(&shown(&name), keys, true, sink)?;
        Some(Binding { action: Found { value: name, span: action.span() }, keys })
    });
    bindings.collect()
}

fn read_writer(section: &Section<'_>) -> Option<FrameWriter> {
    let found = section.text("writer")?;
    match found.value.as_str() {
        "auto" => Some(FrameWriter::Auto),
        "plain" => Some(FrameWriter::Plain),
        other => {
            let message = format!("`writer` cannot be `{}`", shown(other));
            section.problem(Problem::at(found.span, message).hint("\"auto\" or \"plain\""));
            None
        }
    }
}

fn read_timezone(section: &Section<'_>) -> Option<TimeZone> {
    let found = section.text("timezone")?;
    match found.value.to_lowercase().as_str() {
        "utc" => return Some(TimeZone::Utc),
        "local" => return Some(TimeZone::Local),
        _ => {}
    }
    if let Some(zone) = TZ_VARIANTS.iter().find(|zone| zone.name().eq_ignore_ascii_case(&found.value)) {
        return Some(TimeZone::Named(*zone));
    }
    let hint = match nearest(&found.value, TZ_VARIANTS.iter().map(|zone| zone.name())) {
        Some(zone) => format!("did you mean `{zone}`?"),
        None => "\"utc\", \"local\", or a name such as \"Europe/Paris\"".to_owned(),
    };
    let message = format!("`timezone` cannot be `{}`", shown(&found.value));
    section.problem(Problem::at(found.span, message).hint(hint));
    None
}
