//! The whole file: its sections, their defaults, and what must hold between them.

use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys;
use super::nearest::hint;
use super::place::{Place, Surroundings};
use super::problem::{Found, Problem, Problems, Sink};
use super::screen::{self, Screen};
use super::section::{Section, kind};
use super::slo_files::{self, import_paths};
use super::source::{self, Source, SourceKind};
use super::unreadable::{follows, unreadable};
use super::{sections, slo};
use crate::domain::Symbol;
use crate::domain::slo::Slo;
use crate::domain::trace::Sampler;
use crate::room::Keymap;

/// What the user wants, checked. Defaults are those of `config.example.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The order of the file, which is the order of the header.
    pub sources: Vec<Source>,
    /// The order of the file, which breaks ties on the screen.
    pub slos: Vec<Slo>,
    /// What was wrong in files that the config names, and did not stop the start.
    pub warnings: Vec<String>,
    /// Those of them that are a promise for each value of some labels.
    pub groups: Vec<Group>,
    /// Services where a user's request comes in; empty: any root span's.
    pub entrypoints: Vec<Symbol>,
    /// What decides which traces are kept, on their way to the traces' server; `None`: not known.
    pub sampler: Option<Sampler>,
    /// Attributes that are shown first.
    pub business_keys: Vec<Symbol>,
    pub runbooks: Vec<PathBuf>,
    /// What comes before a page's name in alerts' `runbook_url`.
    pub runbook_url_prefix: Option<String>,
    /// PromQL: one series for each version of each service that runs.
    pub deploys: String,
    /// LogQL of the tail.
    pub logs_query: String,
    /// The author of notes.
    pub responder: Symbol,
    pub screen: Screen,
    /// For pointing at a mistake that is found later.
    origin: Origin,
}

/// An SLO that stands for one of each combination of values of these labels. Its texts hold `{{.group}}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub slo: Symbol,
    pub by: Vec<Symbol>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Origin {
    name: String,
    text: String,
}

const KEYS: &[&str] =
    &["source", "slo", "services", "sampling", "business", "runbooks", "timeline", "logs", "responder", "ui"];

impl Config {
    /// What an empty file says.
    #[must_use]
    pub fn defaults(around: &Surroundings) -> Self {
        let origin = Origin::default();
        Self {
            sources: Vec::new(),
            slos: Vec::new(),
            warnings: Vec::new(),
            groups: Vec::new(),
            entrypoints: Vec::new(),
            sampler: None,
            business_keys: sections::BUSINESS_KEYS.map(Symbol::from).to_vec(),
            runbooks: Vec::new(),
            runbook_url_prefix: None,
            deploys: sections::DEPLOYS.to_owned(),
            logs_query: sections::LOGS_QUERY.to_owned(),
            responder: Symbol::from(around.user.as_deref().unwrap_or("responder")),
            screen: Screen::default(),
            origin,
        }
    }

    /// `name` is the file as the user knows it, `directory` what its relative paths are relative to. Looks at the files
    /// that the config names, and at nothing else.
    pub fn parse(name: &str, text: &str, directory: &Path, around: &Surroundings) -> Result<Self, Problems> {
        let (document, errors) = DeTable::parse_recoverable(text);
        let no_toml = unreadable(text, &errors);
        let sink = Sink::default();
        let mut config = Self::defaults(around);
        config.origin = Origin { name: name.to_owned(), text: text.to_owned() };
        config.fill(&document, &Place { directory, home: around.home.as_deref() }, &sink);
        let mut problems = sink.into_inner();
        problems.retain(|problem| !follows(text, problem, &no_toml));
        problems.extend(no_toml);
        if problems.is_empty() {
            return Ok(config);
        }
        problems.extend(keys::keymap(&config.screen).1);
        Err(Problems::new(name, text, problems))
    }

    /// The keys that the file asks for. What is wrong with some of them is told and costs these alone; `Problems` may be
    /// empty.
    #[must_use]
    pub fn keymap(&self) -> (Keymap, Problems) {
        let (keymap, problems) = keys::keymap(&self.screen);
        (keymap, self.tell(problems))
    }

    /// These servers and objectives, with the screen and the name of another config.
    #[must_use]
    pub fn shown_as(self, other: Self) -> Self {
        Self { responder: other.responder, screen: other.screen, origin: other.origin, ..self }
    }

    /// Problems that were found after loading (a theme that is not there), told like those of loading.
    #[must_use]
    pub fn tell(&self, problems: Vec<Problem>) -> Problems {
        Problems::new(&self.origin.name, &self.origin.text, problems)
    }

    fn fill(&mut self, document: &Spanned<DeTable<'_>>, place: &Place<'_>, sink: &Sink) {
        let top = Section::open("", document.get_ref(), 0..0, KEYS, sink);
        let mut named: Vec<(Symbol, Found<()>)> = Vec::new();
        for section in top.tables("source", source::TITLE, source::KEYS) {
            if let Some((source, mark)) = source::read(&section, place) {
                unique(&named, &source.name, &mark, sink);
                named.push((source.name.clone(), mark));
                self.sources.push(source);
            }
        }
        self.fill_slos(&top, place, sink);
        if let Some(section) = one(&top, "services", sections::SERVICES, sink) {
            self.entrypoints = sections::symbols(&section, "entrypoints").unwrap_or_default();
        }
        if let Some(section) = one(&top, "sampling", sections::SAMPLING, sink) {
            self.sampler = Some(sections::sampler(&section));
        }
        if let Some(section) = one(&top, "business", sections::BUSINESS, sink)
            && let Some(keys) = sections::symbols(&section, "keys")
        {
            self.business_keys = keys;
        }
        if let Some(section) = one(&top, "runbooks", sections::RUNBOOKS, sink) {
            let paths = section.texts("paths", true).unwrap_or_default();
            self.runbooks = paths.iter().map(|path| place.path(&path.value)).collect();
            self.runbook_url_prefix = section.line("url_prefix").map(|found| found.value);
        }
        if let Some(section) = one(&top, "timeline", sections::TIMELINE, sink)
            && let Some(deploys) = section.text("deploys")
        {
            self.deploys = deploys.value;
        }
        if let Some(section) = one(&top, "logs", sections::LOGS, sink)
            && let Some(query) = section.text("query")
        {
            self.logs_query = query.value;
        }
        if let Some(section) = one(&top, "responder", sections::RESPONDER, sink)
            && let Some(responder) = section.line("name")
        {
            self.responder = Symbol::from(responder.value);
        }
        if let Some(section) = one(&top, "ui", (screen::TITLE, screen::KEYS), sink) {
            self.screen = screen::read(&section, sink);
        }
    }

    /// `[[slo]]`, each; `[[slo]] files = [..]` and, where it is the only one, `[slo] files = [..]`.
    fn fill_slos(&mut self, top: &Section<'_>, place: &Place<'_>, sink: &Sink) {
        let alone = matches!(top.value("slo").map(Spanned::get_ref), Some(DeValue::Table(table)) if table.contains_key("files"));
        if alone {
            let files = one(top, "slo", (slo_files::TITLE, slo_files::KEYS), sink);
            return files.into_iter().for_each(|section| self.fill_files(&section, place));
        }
        let mut promised: Vec<(Symbol, Found<()>)> = Vec::new();
        for section in top.tables("slo", slo::TITLE, slo::KEYS) {
            if section.has("files") {
                for key in slo::KEYS.iter().filter(|key| **key != "files" && section.has(key)) {
                    let span = section.value(key).map_or(0..0, Spanned::span);
                    let problem = Problem::at(span, format!("`{key}` beside `files`"));
                    section.problem(problem.hint("an [[slo]] with files has nothing else: each file says the rest"));
                }
                self.fill_files(&section, place);
            } else if let Some((slo, marks)) = slo::read(&section) {
                unique(&promised, &slo.name, &marks.name, sink);
                promised.push((slo.name.clone(), marks.name));
                if let Some(asked) = marks.source {
                    self.must_be_metrics(&asked, sink);
                }
                if !marks.by.is_empty() {
                    self.groups.push(Group { slo: slo.name.clone(), by: marks.by });
                }
                self.slos.push(slo);
            }
        }
    }

    /// What is wrong in such a file costs the SLO that it is about, never the start.
    fn fill_files(&mut self, section: &Section<'_>, place: &Place<'_>) {
        let paths = section.texts("files", true).unwrap_or_default();
        let paths: Vec<PathBuf> = paths.iter().map(|path| place.path(&path.value)).collect();
        let (files, read, unreadable) = import_paths(&paths);
        self.warnings.extend(unreadable);
        self.warnings.extend(read.problems.iter().map(ToString::to_string));
        for one in read.slos {
            let name = &one.slo.name;
            let file = files.get(one.file).map_or("", |file| file.name.as_str());
            let known = |source: &Symbol| {
                self.sources.iter().any(|known| known.name == *source && known.kind == SourceKind::Prometheus)
            };
            if self.slos.iter().any(|slo| slo.name == *name) {
                self.warnings.push(format!("{file}: a second `{name}`; the first is kept"));
            } else if let Some(source) = one.slo.source.as_ref().filter(|source| !known(source)) {
                self.warnings.push(format!("{file}: `{name}`: no source of kind prometheus is called `{source}`"));
            } else {
                if !one.by.is_empty() {
                    self.groups.push(Group { slo: name.clone(), by: one.by });
                }
                self.slos.push(one.slo);
            }
        }
    }

    fn must_be_metrics(&self, asked: &Found<String>, sink: &Sink) {
        let metrics = || self.sources.iter().filter(|source| source.kind == SourceKind::Prometheus);
        if metrics().any(|source| source.name == asked.value.as_str()) {
            return;
        }
        let names: Vec<&str> = metrics().map(|source| source.name.as_str()).collect();
        let hint = if names.is_empty() {
            "add a [[source]] with kind = \"prometheus\" and this name".to_owned()
        } else {
            hint(&asked.value, &names)
        };
        let message = format!("no source of kind prometheus is called `{}`", asked.value);
        sink.borrow_mut().push(Problem::at(asked.span.clone(), message).hint(hint));
    }
}

fn unique(named: &[(Symbol, Found<()>)], name: &Symbol, mark: &Found<()>, sink: &Sink) {
    if named.iter().any(|(known, _)| known == name) {
        let problem = Problem::at(mark.span.clone(), format!("a second `{name}`")).hint("give each its own name");
        sink.borrow_mut().push(problem);
    }
}

/// `[key]`.
fn one<'a>(
    top: &Section<'a>,
    key: &'static str,
    (title, known): (&'static str, &[&'static str]),
    sink: &'a Sink,
) -> Option<Section<'a>> {
    let value = top.value(key)?;
    if let DeValue::Table(table) = value.get_ref() {
        return Some(Section::open(title, table, value.span(), known, sink));
    }
    let problem = Problem::at(value.span(), format!("`{key}` must be a table, not {}", kind(value.get_ref())));
    sink.borrow_mut().push(problem.hint(format!("write {title} on a line of its own, with one bracket")));
    None
}
