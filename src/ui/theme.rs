//! Which role looks how. A colour says a state or a service and nothing else; a theme that is broken costs its colours and
//! never the war room.

use std::path::Path;

use ratatui::style::{Color, Modifier, Style};

use super::color::Depth;
use super::theme_file::{self, read};

/// What a piece of the screen is, for the eye.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Text,
    /// The one word or number of a row that answers.
    Strong,
    /// Labels, units, times: secondary, and still to be read.
    Dim,
    /// Rules, guides, empty tracks; never text.
    Faint,
    Focus,
    Key,
    Crit,
    Warn,
    Ack,
    Ok,
    /// What a person wrote.
    Note,
    /// Older than two refreshes.
    Stale,
    /// Behind the selected row.
    Sel,
    /// Behind what a search found.
    Match,
    /// Behind everything; the terminal's own but for a theme that brings one.
    Screen,
}

impl Role {
    /// The roles and their names in a theme file; the last three stand under `[backgrounds]`.
    pub(super) const NAMES: [(&'static str, Self); 15] = [
        ("text", Self::Text),
        ("strong", Self::Strong),
        ("dim", Self::Dim),
        ("faint", Self::Faint),
        ("focus", Self::Focus),
        ("key", Self::Key),
        ("crit", Self::Crit),
        ("warn", Self::Warn),
        ("ack", Self::Ack),
        ("ok", Self::Ok),
        ("note", Self::Note),
        ("stale", Self::Stale),
        ("sel", Self::Sel),
        ("match", Self::Match),
        ("screen", Self::Screen),
    ];

    pub(super) const fn is_background(self) -> bool {
        matches!(self, Self::Sel | Self::Match | Self::Screen)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    pub(super) styles: [Style; Role::NAMES.len()],
    pub(super) services: Vec<Color>,
}

const EMBEDDED: [(&str, &str); 6] = [
    ("dark", include_str!("../../themes/dark.toml")),
    ("light", include_str!("../../themes/light.toml")),
    ("high-contrast", include_str!("../../themes/high-contrast.toml")),
    ("deuteranopia", include_str!("../../themes/deuteranopia.toml")),
    ("sixteen", include_str!("../../themes/sixteen.toml")),
    ("mono", include_str!("../../themes/mono.toml")),
];

impl Theme {
    /// The theme that was asked for, in the colours that the terminal has. `plain` takes the one without colour. What is
    /// wrong goes to `problems`, and the default takes its place.
    #[must_use]
    pub fn choose(name: Option<&str>, folder: Option<&Path>, plain: bool, problems: &mut Vec<String>) -> Self {
        let depth = if plain { Depth::Mono } else { Depth::of_terminal() };
        let usual = match depth {
            Depth::Mono => "mono",
            Depth::Sixteen => "sixteen",
            _ if super::color::has_light_background() => "light",
            _ => "dark",
        };
        let name = match name {
            Some(name) if depth > Depth::Sixteen || matches!(name, "mono" | "sixteen") => name,
            _ => usual,
        };
        let theme = load(name, folder).unwrap_or_else(|problem| {
            problems.push(format!("theme {name}: {problem}; the default is used"));
            load(usual, None).unwrap_or_else(|_| Self::bare())
        });
        theme.limited(depth)
    }

    /// One of those that come with the program.
    #[must_use]
    pub fn embedded(name: &str) -> Option<Self> {
        let (_, text) = EMBEDDED.iter().find(|(known, _)| *known == name)?;
        read(text).ok()
    }

    /// Nothing but weight: what is left when no theme can be read.
    fn bare() -> Self {
        Self { styles: [Style::new(); Role::NAMES.len()], services: Vec::new() }
    }

    #[must_use]
    pub fn style(&self, role: Role) -> Style {
        self.styles.get(role as usize).copied().unwrap_or_default()
    }

    /// A service keeps its colour in every pane and every night.
    #[must_use]
    pub fn service(&self, name: &str) -> Style {
        let hash = name
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        let count = u64::try_from(self.services.len()).unwrap_or(1).max(1);
        let at = usize::try_from((hash ^ (hash >> 39)) % count).unwrap_or_default();
        self.services.get(at).map_or_else(|| self.style(Role::Strong), |color| Style::new().fg(*color))
    }

    fn limited(mut self, depth: Depth) -> Self {
        let limit = |color: Option<Color>| color.and_then(|color| depth.limit(color));
        for style in &mut self.styles {
            style.fg = limit(style.fg);
            if style.bg.is_some() && limit(style.bg).is_none() {
                *style = style.add_modifier(Modifier::REVERSED);
            }
            style.bg = limit(style.bg);
        }
        self.services = self.services.into_iter().filter_map(|color| depth.limit(color)).collect();
        self
    }
}

fn load(name: &str, folder: Option<&Path>) -> Result<Theme, String> {
    if let Some((_, text)) = EMBEDDED.iter().find(|(known, _)| *known == name) {
        return read(text);
    }
    let file = theme_file::find(name, folder).ok_or_else(|| {
        let known: Vec<&str> = EMBEDDED.iter().map(|(known, _)| *known).collect();
        format!("there is none of that name; there are {}", known.join(", "))
    })?;
    read(&std::fs::read_to_string(&file).map_err(|error| error.to_string())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_theme_is_whole() {
        for (name, _) in EMBEDDED {
            assert!(Theme::embedded(name).is_some(), "{name}");
        }
    }

    #[test]
    fn a_missing_theme_costs_its_colours_alone() {
        let mut problems = Vec::new();
        let theme = Theme::choose(Some("no-such-theme"), None, true, &mut problems);
        assert_eq!(theme, Theme::embedded("mono").expect("embedded").limited(Depth::Mono));
        assert!(problems.is_empty(), "without colours every theme is the plain one");
        assert_eq!(load("no-such", None).expect_err("none").split(';').next(), Some("there is none of that name"));
    }

    #[test]
    fn services_have_colours_of_their_own() {
        let theme = Theme::embedded("dark").expect("embedded");
        let of = |name: &str| theme.service(name).fg;
        assert_eq!(of("pricing"), of("pricing"));
        assert_ne!(of("pricing"), of("redis"));
        assert_ne!(of("pricing"), of("routing"));
    }
}
