//! Reads sources and says what breaks the law, each with file and line.

use std::collections::BTreeSet;

use super::circle::{Edges, circles};
use super::law;
use super::paths::{Map, Target, home};
use super::scan::{File, scan};

/// `name` is relative to `src`, with `/`.
#[derive(Clone, Debug)]
pub struct Source {
    pub name: String,
    pub text: String,
}

const LONGEST: usize = 400;
const LONGEST_FACE: usize = 40;

/// Length and head of a file.
pub fn shape(source: &Source) -> Vec<String> {
    let name = &source.name;
    let lines = source.text.lines().count();
    let mut wrong = Vec::new();
    if lines > LONGEST {
        wrong.push(format!("{name}:{lines}: longer than {LONGEST} lines"));
    }
    if name.ends_with("/mod.rs") && lines > LONGEST_FACE {
        wrong.push(format!("{name}:{lines}: a face longer than {LONGEST_FACE} lines"));
    }
    if !source.text.lines().next().is_some_and(|first| first.starts_with("//! ") && first.len() > 10) {
        wrong.push(format!("{name}:1: does not open with `//!` and what it is for"));
    }
    wrong
}

/// Every violation, sorted by file.
pub fn all(sources: &[Source], dependencies: &[String]) -> Vec<String> {
    let names: Vec<&str> = sources.iter().map(|source| source.name.as_str()).collect();
    let files: Vec<File> = sources.iter().map(|source| scan(&source.text)).collect();
    let map = Map::new(&names, &files, dependencies);
    let tests = test_files(&names, &files);
    let mut wrong: Vec<String> = sources.iter().flat_map(shape).collect();
    let mut edges = Edges::new();
    for (index, (name, file)) in names.iter().zip(&files).enumerate() {
        wrong.extend(face(name, file));
        let floor = law::floor_of(name);
        let Some(below) = floor.map_or(Some(&[] as &[&str]), law::may_use) else {
            wrong.push(format!("{name}:1: the floor `{}` is not in the plan", floor.unwrap_or_default()));
            continue;
        };
        for path in &file.paths {
            let (line, test) = (path.line, path.test || tests.contains(&index));
            match map.target(index, path) {
                Some(Target::External(segments)) => {
                    let external = segments.first().map_or("", String::as_str);
                    if !test && *name != "main.rs" && !law::may_use_crate(name, external) {
                        wrong.push(format!("{name}:{line}: the crate `{external}` does not belong here"));
                    }
                    if let Some(world) = law::impurity(name, &segments).filter(|_| !test) {
                        wrong.push(format!("{name}:{line}: touches the world: `{world}`"));
                    }
                }
                Some(Target::Local { named, files: reached, past_face }) => {
                    let to = named.first().map_or("", String::as_str);
                    if floor.is_some_and(|floor| floor != to && !below.contains(&to)) {
                        wrong.push(format!("{name}:{line}: an import that climbs: `{}`", named.join("::")));
                    }
                    if let Some(inner) = past_face.filter(|_| !test).and_then(|inner| names.get(inner)) {
                        wrong.push(format!("{name}:{line}: imports `{inner}` and not the face of its folder"));
                    }
                    if !test {
                        for to in reached.iter().filter(|to| !is_face_of(name, names.get(**to).copied())) {
                            edges.entry(index).or_default().entry(*to).or_insert(line);
                        }
                    }
                }
                None => {}
            }
        }
    }
    for way in circles(&edges) {
        let first = way.first().copied();
        let steps = way.iter().zip(way.iter().skip(1).copied().chain(first));
        let told: Vec<String> = steps
            .filter_map(|(from, to)| Some(format!("{}:{}", names.get(*from)?, edges.get(from)?.get(&to)?)))
            .collect();
        wrong.push(format!(
            "{}: a circle of imports: {} and back",
            told.first().map_or("", String::as_str),
            told.join(" -> ")
        ));
    }
    wrong.sort();
    wrong.dedup();
    wrong
}

/// A face names its own children to show them; that is no dependency.
fn is_face_of(name: &str, child: Option<&str>) -> bool {
    let folder = name.strip_suffix("mod.rs");
    name == "lib.rs" || folder.is_some_and(|folder| child.is_some_and(|child| child.starts_with(folder)))
}

/// A face shows and defines nothing.
fn face(name: &str, file: &File) -> Vec<String> {
    if !name.ends_with("/mod.rs") {
        return Vec::new();
    }
    let defined = file.defines.iter().map(|(_, what, line)| format!("{name}:{line}: a face that defines `{what}`"));
    let inline = file.inline_modules.iter().map(|path| format!("{name}:1: a face with a body: `{}`", path.join("::")));
    defined.chain(inline).collect()
}

/// Files that no `mod` names: nobody compiles them, and their tests never run.
pub fn orphans(sources: &[Source]) -> Vec<String> {
    let names: Vec<&str> = sources.iter().map(|source| source.name.as_str()).collect();
    let files: Vec<File> = sources.iter().map(|source| scan(&source.text)).collect();
    let mut declared = BTreeSet::new();
    for (name, file) in names.iter().zip(&files) {
        declared.extend(file.children.iter().map(|child| {
            let mut path = home(name);
            path.push(child.clone());
            path
        }));
    }
    let is_orphan = |name: &&&str| !home(name).is_empty() && !declared.contains(&home(name));
    names.iter().filter(is_orphan).map(|name| format!("{name}:1: no `mod` names it, so it is never compiled")).collect()
}

/// The files that are compiled for tests alone.
fn test_files(names: &[&str], files: &[File]) -> BTreeSet<usize> {
    let mut homes = BTreeSet::new();
    for (name, file) in names.iter().zip(files) {
        for child in &file.test_children {
            let mut path = home(name);
            path.push(child.clone());
            homes.insert(path);
        }
    }
    let under =
        |path: Vec<String>| (0..=path.len()).any(|length| path.get(..length).is_some_and(|up| homes.contains(up)));
    (0..names.len()).filter(|index| names.get(*index).is_some_and(|name| under(home(name)))).collect()
}
