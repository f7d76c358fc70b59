//! Programs that a test starts: their output, and an end for each, whatever becomes of the test.

use std::io::Read;
use std::path::Path;
use std::process::{self, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Longer than any machine needs; a test that reaches it has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// A running program. Dropping it ends it.
pub(crate) struct Child(pub(crate) process::Child);

impl Child {
    pub(crate) fn start(command: &mut Command) -> Self {
        let started = command.stdin(Stdio::null()).spawn();
        Self(started.unwrap_or_else(|error| panic!("{command:?}: {error}")))
    }

    pub(crate) fn wait(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.0.try_wait().expect("a child of ours") {
                return status;
            }
            assert!(Instant::now() < deadline, "a program does not end");
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// What a program that ended has said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs a program to its end.
pub(crate) fn run(command: &mut Command) -> Said {
    let mut child = Child::start(command.stdout(Stdio::piped()).stderr(Stdio::piped()));
    let out = collect(child.0.stdout.take().expect("piped"));
    let err = collect(child.0.stderr.take().expect("piped"));
    let code = child.wait().code();
    Said { code, out: out.join().expect("text"), err: err.join().expect("text") }
}

fn collect(mut from: impl Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut text = String::new();
        from.read_to_string(&mut text).expect("UTF-8");
        text
    })
}

/// The program itself, in an environment of its own: nothing of this machine's user reaches it.
pub(crate) fn warroom(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_warroom"));
    command.env_clear().env("HOME", home).env("TMPDIR", home).env("TZ", "UTC").env("USER", "lea");
    command
}
