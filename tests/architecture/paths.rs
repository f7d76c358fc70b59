//! Where a written path leads: to which file of the crate, or to which external crate. Follows what a face re-exports to
//! the file that defines it.

use std::collections::BTreeMap;

use super::scan::{File, Path, Role};

/// A module by its path from the root of the crate.
#[derive(Debug, Default)]
struct Module {
    file: usize,
    /// Imported name, and the path that it was written as.
    bound: Vec<(String, Vec<String>)>,
    globs: Vec<Vec<String>>,
    defines: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    Local {
        /// The path as named from the root, before any re-export was followed.
        named: Vec<String>,
        /// The files that it reaches: several for a glob over a face.
        files: Vec<usize>,
        /// A file that the path names by its module although it stands in another folder.
        past_face: Option<usize>,
    },
    External(Vec<String>),
}

pub struct Map {
    modules: BTreeMap<Vec<String>, Module>,
    externals: Vec<String>,
    /// The module that each file is.
    homes: Vec<Vec<String>>,
    faces: Vec<bool>,
}

/// The module that a file below `src` is: `room/pane/mod.rs` is `room::pane`, `lib.rs` is the root.
pub fn home(name: &str) -> Vec<String> {
    let name = name.trim_end_matches(".rs");
    let mut path: Vec<String> = name.split('/').map(str::to_owned).collect();
    if path.last().is_some_and(|last| last == "mod") || name == "lib" || name == "main" {
        path.pop();
    }
    path
}

const DEEPEST: usize = 24;

impl Map {
    pub fn new(names: &[&str], files: &[File], dependencies: &[String]) -> Self {
        let mut externals: Vec<String> = ["std", "core", "alloc"].map(str::to_owned).to_vec();
        externals.extend(dependencies.iter().cloned());
        let homes: Vec<Vec<String>> = names.iter().map(|name| home(name)).collect();
        let mut modules: BTreeMap<Vec<String>, Module> = BTreeMap::new();
        for (index, (file, home)) in files.iter().zip(&homes).enumerate().filter(|(at, _)| names[*at] != "main.rs") {
            let here = |inside: &[String]| [home.as_slice(), inside].concat();
            for inside in std::iter::once(&Vec::new()).chain(&file.inline_modules) {
                modules.entry(here(inside)).or_default().file = index;
            }
            for (inside, name, _) in &file.defines {
                modules.entry(here(inside)).or_default().defines.push(name.clone());
            }
            for path in &file.paths {
                let module = modules.entry(here(&path.inside)).or_default();
                match &path.role {
                    Role::Bound(name) => module.bound.push((name.clone(), path.segments.clone())),
                    Role::Glob => module.globs.push(path.segments.clone()),
                    Role::Inline => {}
                }
            }
        }
        let faces = names.iter().map(|name| name.ends_with("mod.rs") || *name == "lib.rs").collect();
        Self { modules, externals, homes, faces }
    }

    /// Where a path of this file leads; `None` when it starts at a type or a variable of the file itself.
    pub fn target(&self, file: usize, path: &Path) -> Option<Target> {
        let here = [self.homes.get(file)?.as_slice(), path.inside.as_slice()].concat();
        let absolute = match self.absolute(&here, &path.segments, 0)? {
            Target::Local { named, .. } => named,
            external @ Target::External(_) => return Some(external),
        };
        let mut files = Vec::new();
        let mut past_face = None;
        self.follow(&absolute, &mut files, &mut past_face, &here, 0);
        if path.role == Role::Glob {
            self.open_face(&absolute, &mut files);
        }
        files.retain(|reached| *reached != file);
        files.sort_unstable();
        files.dedup();
        Some(Target::Local { named: absolute, files, past_face })
    }

    /// From the root, imports of the module `here` followed, re-exports not.
    fn absolute(&self, here: &[String], segments: &[String], depth: usize) -> Option<Target> {
        let (first, rest) = segments.split_first()?;
        let local = |named: Vec<String>| Some(Target::Local { named, files: Vec::new(), past_face: None });
        match first.as_str() {
            _ if depth > DEEPEST => None,
            "crate" => local(rest.to_vec()),
            "self" => local([here, rest].concat()),
            "super" => {
                let mut up = here.to_vec();
                up.pop();
                let mut rest = rest;
                while let Some((_, after)) = rest.split_first().filter(|(next, _)| *next == "super") {
                    up.pop();
                    rest = after;
                }
                local([up.as_slice(), rest].concat())
            }
            _ => {
                let child = [here, std::slice::from_ref(first)].concat();
                if self.modules.contains_key(&child) {
                    return local([child.as_slice(), rest].concat());
                }
                let bound = self.modules.get(here).and_then(|module| {
                    module.bound.iter().find(|(name, to)| name == first && to.first() != Some(first))
                });
                if let Some((_, to)) = bound {
                    return self.absolute(here, &[to.as_slice(), rest].concat(), depth + 1);
                }
                self.externals.contains(first).then(|| Target::External(segments.to_vec()))
            }
        }
    }

    fn follow(
        &self,
        path: &[String],
        files: &mut Vec<usize>,
        past_face: &mut Option<usize>,
        asker: &[String],
        depth: usize,
    ) {
        let Some(root) = self.modules.get(&[] as &[String]) else { return };
        let (mut at, mut module): (Vec<String>, &Module) = (Vec::new(), root);
        for (index, segment) in path.iter().enumerate() {
            let child = [at.as_slice(), std::slice::from_ref(segment)].concat();
            // A face may show `time::time` as `time`: then the last name of a path is what it shows.
            let shown = index + 1 == path.len() && module.bound.iter().any(|(name, _)| name == segment);
            if let Some(found) = self.modules.get(&child).filter(|found| !shown || found.file == module.file) {
                let leaf = self.faces.get(found.file) == Some(&false) && found.file != module.file;
                if depth == 0 && leaf && !asker.starts_with(&at) {
                    *past_face = Some(found.file);
                }
                (at, module) = (child, found);
                continue;
            }
            if depth < DEEPEST {
                let rest = path.get(index + 1..).unwrap_or_default();
                let bound = module.bound.iter().find(|(name, _)| name == segment).map(|(_, to)| to);
                let through = bound.cloned().or_else(|| {
                    let glob = module.globs.iter().find(|glob| self.offers(&at, glob, segment, depth))?;
                    Some([glob.as_slice(), std::slice::from_ref(segment)].concat())
                });
                if let Some(Target::Local { named, .. }) = through.and_then(|to| self.absolute(&at, &to, depth + 1)) {
                    let before = files.len();
                    self.follow(&[named.as_slice(), rest].concat(), files, past_face, asker, depth + 1);
                    if files.len() > before {
                        return;
                    }
                }
            }
            break;
        }
        files.push(module.file);
    }

    /// Whether the module behind a glob defines this name.
    fn offers(&self, at: &[String], glob: &[String], name: &str, depth: usize) -> bool {
        let Some(Target::Local { named, .. }) = self.absolute(at, glob, depth + 1) else { return false };
        self.modules.get(&named).is_some_and(|module| {
            module.defines.iter().any(|defined| defined == name) || module.bound.iter().any(|(bound, _)| bound == name)
        })
    }

    /// A glob over a face reaches all that the face offers.
    fn open_face(&self, at: &[String], files: &mut Vec<usize>) {
        let Some(module) = self.modules.get(at) else { return };
        for (_, to) in &module.bound {
            if let Some(Target::Local { named, .. }) = self.absolute(at, to, 0) {
                self.follow(&named, files, &mut None, at, 1);
            }
        }
    }
}
