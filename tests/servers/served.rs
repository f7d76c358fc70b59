//! `warroom demo --serve` as a program of its own, and the config that it prints.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;

use rustix::process::{Pid, Signal, kill_process};
use warroom::config::{Config, SourceKind, Surroundings};

use crate::child::{Child, PATIENCE, warroom};

pub(crate) struct Served {
    /// What it printed before `# ready`.
    pub(crate) text: String,
    child: Child,
}

impl Served {
    /// Starts the servers and waits until they say that they are ready.
    pub(crate) fn start(home: &Path, arguments: &[&str]) -> Self {
        let mut command = warroom(home);
        command.args(["demo", "--serve"]).args(arguments).stdout(Stdio::piped());
        let mut child = Child::start(&mut command);
        let out = BufReader::new(child.0.stdout.take().expect("piped"));
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        let mut text = String::new();
        loop {
            let line = lines.recv_timeout(PATIENCE).expect("a line, and `# ready` as the last one");
            if line == "# ready" {
                return Self { text, child };
            }
            text.push_str(&line);
            text.push('\n');
        }
    }

    pub(crate) fn config(&self) -> Config {
        let here = std::env::temp_dir();
        Config::parse("the printed config", &self.text, &here, &Surroundings::default()).expect("a config")
    }

    /// The printed text as a file.
    pub(crate) fn file(&self, folder: &Path) -> PathBuf {
        let path = folder.join("config.toml");
        std::fs::write(&path, &self.text).expect("written");
        path
    }

    /// Without a slash at its end.
    pub(crate) fn url(&self, kind: SourceKind) -> String {
        let config = self.config();
        let source = config.sources.iter().find(|source| source.kind == kind).expect("a source of each kind");
        source.url.as_str().trim_end_matches('/').to_owned()
    }

    /// Asks it to end, as a service manager does.
    pub(crate) fn end(mut self) -> ExitStatus {
        let id = i32::try_from(self.child.0.id()).ok().and_then(Pid::from_raw).expect("an id");
        kill_process(id, Signal::TERM).expect("it still runs");
        self.child.wait()
    }
}
