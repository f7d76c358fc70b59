//! Everything a face needs, whichever world it looks at: the configured servers, or the demo's. Composed here once.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{Offset, TimeZone as _, Utc};

use super::args::Common;
use super::connect::{self, Secrets};
use super::groups;
use crate::config::{Config, FrameWriter, Surroundings, TimeZone};
use crate::domain::Timestamp;
use crate::domain::runbook::{Catalog, Page, parse};
use crate::domain::slo::Slo;
use crate::port::{Clock, HourStore, Journal, Ports};
use crate::room::{Keymap, Preset, Settings, ZoneOffset};
use crate::runtime::{Plan, Sender};

/// A runbook is a page, not a book; folders hold other things too.
const PAGE_BYTES: u64 = 1024 * 1024;
const PAGES: usize = 2_000;

pub(super) struct World {
    pub ports: Ports,
    pub plan: Plan,
    pub settings: Settings,
    pub keymap: Keymap,
    pub catalog: Catalog,
    /// The name of a theme or a file, as the command line or the config has it.
    pub theme: Option<String>,
    pub themes: Option<PathBuf>,
    pub ascii: bool,
    /// To be shown once: what is wrong and did not stop the start.
    pub problems: Vec<String>,
    /// Is given the inbox of the war room, when a face opens one.
    pub colleagues: Box<dyn FnOnce(Sender)>,
}

/// The clock of the wall.
pub(super) struct Wall;

impl Clock for Wall {
    fn now(&self) -> Timestamp {
        Timestamp::from_utc(Utc::now())
    }
}

/// What differs between the real world and the demo.
pub(super) struct Given {
    pub journal: Arc<dyn Journal>,
    pub hours: Arc<dyn HourStore>,
    pub clock: Arc<dyn Clock>,
    /// Pages beside those of the config.
    pub pages: Vec<Page>,
}

/// What the config alone tells: enough for a first frame, before any server, file of the record or runbook is touched.
#[derive(Clone)]
pub(super) struct Early {
    pub settings: Settings,
    pub keymap: Keymap,
    pub slos: Vec<Arc<Slo>>,
    pub theme: Option<String>,
    pub themes: Option<PathBuf>,
    pub ascii: bool,
    /// Frames are written with what every terminal understands.
    pub plain_writer: bool,
    /// What is wrong with the config and did not stop the start.
    pub problems: Vec<String>,
}

/// Asks nobody and opens nothing.
pub(super) fn early(config: &Config, common: &Common, around: &Surroundings) -> Early {
    let mut problems = config.warnings.clone();
    let changes: Vec<_> = config
        .screen
        .keys
        .iter()
        .map(|binding| {
            let keys = binding.keys.iter().map(|key| key.value.clone()).collect();
            (binding.action.value.clone(), keys)
        })
        .collect();
    let (keymap, complaints) = Keymap::of(preset(config, &mut problems), &changes);
    problems.extend(complaints.iter().map(ToString::to_string));
    let settings = Settings {
        responder: config.responder.clone(),
        zone: zone(config.screen.timezone),
        business_keys: config.business_keys.clone(),
        entrypoints: config.entrypoints.clone(),
        sampler: config.sampler,
        log_query: config.logs_query.clone(),
        slow_link: common.slow_link,
        clock_speed: 1.0,
        logs_alone: false,
        language: config.screen.language,
        board: common.board,
        first_ids: u64::try_from(Utc::now().timestamp_micros()).unwrap_or_default() ^ u64::from(std::process::id()),
        sources: connect::sources(config),
        addresses: config.sources.iter().map(connect::address).collect(),
        unusable: Vec::new(),
    };
    Early {
        settings,
        keymap,
        slos: config.slos.iter().cloned().map(Arc::new).collect(),
        theme: common.theme.clone().or_else(|| config.screen.theme.as_ref().map(|theme| theme.value.clone())),
        themes: around.themes(),
        ascii: common.ascii,
        plain_writer: config.screen.writer == FrameWriter::Plain,
        problems,
    }
}

/// Makes the clients, asks for the members of groups, and reads the runbooks.
pub(super) async fn build(config: &Config, early: Early, secrets: Secrets, given: Given) -> World {
    let Early { settings, keymap, theme, themes, ascii, mut problems, .. } = early;
    let connected = connect::all(config, secrets, &mut problems);
    let now = given.clock.now();
    let (slos, groups) = groups::expanded(config, &connected.metrics, now, &mut problems).await;
    let mut pages = given.pages;
    for folder in &config.runbooks {
        read_pages(folder, &mut pages, &mut problems);
    }
    World {
        plan: Plan {
            slos: slos.into_iter().map(Arc::<Slo>::new).collect(),
            groups,
            deploys: config.deploys.clone(),
            budgets: config
                .sources
                .iter()
                .filter_map(|source| Some((source.name.clone(), source.queries_per_minute?)))
                .collect(),
            business_keys: config.business_keys.clone(),
            sampler: config.sampler,
        },
        settings: Settings { unusable: connected.unusable, clock_speed: given.clock.speed(), ..settings },
        ports: Ports {
            metrics: connected.metrics,
            logs: connected.logs,
            traces: connected.traces,
            alerts: connected.alerts,
            changes: connected.changes,
            journal: given.journal,
            hours: given.hours,
            clock: given.clock,
        },
        keymap,
        catalog: Catalog::new(pages, config.runbook_url_prefix.clone()),
        theme,
        themes,
        ascii,
        problems,
        colleagues: Box::new(drop),
    }
}

/// A name that is not known costs the preset and not the war room.
fn preset(config: &Config, problems: &mut Vec<String>) -> Preset {
    let Some(named) = &config.screen.preset else { return Preset::default() };
    Preset::from_word(&named.value).unwrap_or_else(|| {
        let known = Preset::ALL.map(Preset::word).join(", ");
        problems.push(format!("no preset `{}`: the default keys are used (there are {known})", named.value));
        Preset::default()
    })
}

fn zone(timezone: TimeZone) -> ZoneOffset {
    match timezone {
        TimeZone::Utc => ZoneOffset::utc(),
        TimeZone::Local => ZoneOffset::new("local", |at: Timestamp| {
            chrono::Local.offset_from_utc_datetime(&at.to_utc().naive_utc()).fix().local_minus_utc()
        }),
        TimeZone::Named(zone) => ZoneOffset::new(zone.name(), move |at: Timestamp| {
            zone.offset_from_utc_datetime(&at.to_utc().naive_utc()).fix().local_minus_utc()
        }),
    }
}

/// Every Markdown file of a folder and of the folders in it, in the order of their names.
fn read_pages(folder: &Path, pages: &mut Vec<Page>, problems: &mut Vec<String>) {
    let mut waiting = vec![folder.to_owned()];
    let mut files = Vec::new();
    while let Some(next) = waiting.pop() {
        match std::fs::read_dir(&next) {
            Err(error) => problems.push(format!("runbooks: {}: {error}", next.display())),
            Ok(entries) => {
                for path in entries.flatten().map(|entry| entry.path()) {
                    // A link could lead round in a circle, or out of the folder that was named.
                    let Ok(metadata) = path.symlink_metadata() else { continue };
                    let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
                    if metadata.is_dir() && !hidden {
                        waiting.push(path);
                    } else if metadata.is_file()
                        && metadata.len() <= PAGE_BYTES
                        && path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("md"))
                    {
                        files.push(path);
                    }
                }
            }
        }
        if files.len() > PAGES {
            problems.push(format!("runbooks: only {PAGES} pages are read; there are more in {}", folder.display()));
            files.truncate(PAGES);
            break;
        }
    }
    files.sort();
    for path in files {
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        match std::fs::read_to_string(&path) {
            Ok(text) => pages.push(parse(&name, &text)),
            Err(error) => problems.push(format!("runbook {name}: {error}")),
        }
    }
}
