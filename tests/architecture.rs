//! The import law, enforced: does for the folders of one crate what Cargo does between crates. It reads every `use` and
//! every inline path of `src`; it compiles nothing.

#![cfg(test)]

#[path = "architecture/check.rs"]
mod check;
#[path = "architecture/circle.rs"]
mod circle;
#[path = "architecture/law.rs"]
mod law;
#[path = "architecture/paths.rs"]
mod paths;
#[path = "architecture/planted.rs"]
mod planted;
#[path = "architecture/scan.rs"]
mod scan;
#[path = "architecture/tokens.rs"]
mod tokens;

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::check::{self, Source};

    fn read(folder: &Path, root: &Path, sources: &mut Vec<Source>) {
        for found in std::fs::read_dir(folder).expect("the folder can be read") {
            let path = found.expect("an entry of the folder").path();
            if path.is_dir() {
                read(&path, root, sources);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
                let text = std::fs::read_to_string(&path).expect("a source is UTF-8");
                sources.push(Source { name, text });
            }
        }
    }

    /// The names under `[dependencies]` and `[dev-dependencies]`, as a path writes them.
    fn dependencies(root: &Path) -> Vec<String> {
        let manifest = std::fs::read_to_string(root.join("Cargo.toml")).expect("the manifest can be read");
        let manifest: toml::Table = manifest.parse().expect("the manifest is TOML");
        ["dependencies", "dev-dependencies"]
            .iter()
            .filter_map(|section| manifest.get(*section)?.as_table())
            .flat_map(|section| section.keys().map(|name| name.replace('-', "_")))
            .collect()
    }

    #[test]
    fn the_house_stands_as_planned() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut sources = Vec::new();
        read(&root.join("src"), &root.join("src"), &mut sources);
        sources.sort_by(|one, other| one.name.cmp(&other.name));
        assert!(sources.len() > 10, "only {} sources were found", sources.len());
        let mut violations = check::all(&sources, &dependencies(root));
        violations.extend(check::orphans(&sources));
        assert!(violations.is_empty(), "{} violations:\n{}", violations.len(), violations.join("\n"));
    }

    /// Tests are read by people as well: the same length, the same head.
    #[test]
    fn tests_have_heads_and_ends() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut sources = Vec::new();
        for folder in ["tests", "benches"].iter().map(|name| root.join(name)).filter(|folder| folder.is_dir()) {
            read(&folder, root, &mut sources);
        }
        assert!(!sources.is_empty());
        let violations: Vec<String> = sources.iter().flat_map(check::shape).collect();
        assert!(violations.is_empty(), "{} violations:\n{}", violations.len(), violations.join("\n"));
    }
}
