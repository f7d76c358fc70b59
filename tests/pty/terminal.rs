//! A pseudo terminal with an independent emulator behind it. Waits for what is on the screen, never for a time to pass.
#![cfg(test)]

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};

/// Longer than any machine needs; a test that reaches it has failed.
const PATIENCE: Duration = Duration::from_secs(60);
/// Longer than the program waits between two frames.
const FRAME: Duration = Duration::from_millis(40);

struct Seen {
    parser: vt100::Parser,
    /// The whole output, for what an emulator forgets (was the alternate screen left?).
    raw: Vec<u8>,
    ended: bool,
    /// Nobody reads: what is written stays in the kernel until it takes no more.
    is_held: bool,
}

pub(crate) struct Terminal {
    master: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
    writer: Box<dyn Write + Send>,
    seen: Arc<(Mutex<Seen>, Condvar)>,
}

impl Terminal {
    /// Starts `warroom` with these arguments; its config and data live under `home` alone.
    pub(crate) fn start(home: &Path, columns: u16, rows: u16, arguments: &[&str]) -> Self {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_warroom"));
        command.args(arguments);
        Self::spawn(home, columns, rows, command)
    }

    /// Starts a line of the shell, in which `warroom` may have other ends than the terminal's.
    pub(crate) fn start_shell(home: &Path, columns: u16, rows: u16, line: &str) -> Self {
        let mut command = CommandBuilder::new("/bin/sh");
        command.args(["-c", line]);
        command.env("PATH", "/usr/bin:/bin");
        Self::spawn(home, columns, rows, command)
    }

    /// Starts one test of this very program as a child that may panic; `switch` tells it that it is the child.
    pub(crate) fn start_test(home: &Path, name: &str, switch: &str) -> Self {
        let mut command = CommandBuilder::new(std::env::current_exe().expect("this test program"));
        command.args(["--exact", name, "--nocapture", "--test-threads=1"]);
        command.env(switch, "1");
        Self::spawn(home, 80, 24, command)
    }

    fn spawn(home: &Path, columns: u16, rows: u16, mut command: CommandBuilder) -> Self {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pseudo terminal");
        let given: Vec<_> = command.iter_extra_env_as_str().map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
        command.env_clear();
        for (name, value) in given {
            command.env(name, value);
        }
        command.env("HOME", home);
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        command.env("TZ", "UTC");
        command.env("USER", "lea");
        let child = pair.slave.spawn_command(command).expect("the program starts");
        drop(pair.slave);
        let seen = Seen {
            parser: vt100::Parser::new(cells(rows), cells(columns), 0),
            raw: Vec::new(),
            ended: false,
            is_held: false,
        };
        let seen = Arc::new((Mutex::new(seen), Condvar::new()));
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let writer = pair.master.take_writer().expect("a writer");
        let shared = Arc::clone(&seen);
        thread::spawn(move || {
            let mut buffer = [0; 64 * 1024];
            loop {
                let held = |seen: &mut Seen| seen.is_held;
                drop(shared.1.wait_while(shared.0.lock().expect("not poisoned"), held).expect("not poisoned"));
                let read = reader.read(&mut buffer).unwrap_or(0);
                let mut seen = shared.0.lock().expect("no test thread panicked with it");
                if read == 0 {
                    seen.ended = true;
                } else {
                    seen.parser.process(&buffer[..read]);
                    seen.raw.extend_from_slice(&buffer[..read]);
                }
                shared.1.notify_all();
                if read == 0 {
                    return;
                }
            }
        });
        Self { master: pair.master, child, writer, seen }
    }

    pub(crate) fn send(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).expect("the terminal takes keys");
        self.writer.flush().expect("the terminal takes keys");
    }

    pub(crate) fn resize(&mut self, columns: u16, rows: u16) {
        self.seen.0.lock().expect("not poisoned").parser.screen_mut().set_size(cells(rows), cells(columns));
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        self.master.resize(size).expect("a new size");
    }

    /// Stops reading, or goes on.
    pub(crate) fn hold(&self, is_held: bool) {
        self.seen.0.lock().expect("not poisoned").is_held = is_held;
        self.seen.1.notify_all();
    }

    /// So many whole frames, one after the other, wanted from the program.
    pub(crate) fn ask_for_frames(&mut self, count: u16, rows: u16) {
        for number in 0..count {
            self.resize(100 + number % 20, rows);
            thread::sleep(FRAME);
        }
    }

    /// Waits until these bytes were written.
    pub(crate) fn wait_for_bytes(&self, bytes: &str) {
        let deadline = Instant::now() + PATIENCE;
        while !self.raw().contains(bytes) {
            assert!(Instant::now() < deadline, "waited in vain for {bytes:?}");
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits for the end of the program, whether or not its output is read.
    pub(crate) fn wait_for_exit(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().expect("a child of ours") {
                return status;
            }
            assert!(Instant::now() < deadline, "the program does not end");
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until the screen shows this text; gives the screen.
    pub(crate) fn wait_for(&self, text: &str) -> String {
        self.wait_until(&format!("{text:?} on the screen"), |screen| screen.contains(text))
    }

    pub(crate) fn wait_until(&self, what: &str, holds: impl Fn(&str) -> bool) -> String {
        let deadline = Instant::now() + PATIENCE;
        let mut seen = self.seen.0.lock().expect("not poisoned");
        loop {
            let screen = seen.parser.screen().contents();
            if holds(&screen) {
                return screen;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero() && !seen.ended, "waited in vain for {what}; the screen was:\n{screen}");
            seen = self.seen.1.wait_timeout(seen, left).expect("not poisoned").0;
        }
    }

    pub(crate) fn uses_alternate_screen(&self) -> bool {
        self.seen.0.lock().expect("not poisoned").parser.screen().alternate_screen()
    }

    pub(crate) fn raw(&self) -> String {
        String::from_utf8_lossy(&self.seen.0.lock().expect("not poisoned").raw).into_owned()
    }

    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.process_id().expect("a running program").to_string();
        let sent = Command::new("kill").args([&format!("-{name}"), &id]).status().expect("kill is there");
        assert!(sent.success(), "kill -{name}");
    }

    /// Waits until the program is stopped, not ended.
    pub(crate) fn wait_until_stopped(&self) {
        let id = self.child.process_id().expect("a running program").to_string();
        let deadline = Instant::now() + PATIENCE;
        loop {
            let told = Command::new("ps").args(["-o", "state=", "-p", &id]).output().expect("ps is there");
            if told.stdout.starts_with(b"T") {
                return;
            }
            assert!(Instant::now() < deadline, "the program is not stopped; the screen was:\n{}", self.wait_for(""));
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Another program at the same terminal: a line of shell.
    pub(crate) fn others(&self, line: &str) {
        let name = self.master.tty_name().expect("a terminal has a name");
        let open = |write: bool| {
            std::fs::OpenOptions::new().read(!write).write(write).open(&name).expect("the terminal opens")
        };
        let mut command = Command::new("sh");
        let ran = command.args(["-c", line]).stdin(open(false)).stdout(open(true)).status().expect("a shell is there");
        assert!(ran.success(), "{line}");
    }

    /// Waits for the end of the program and of its output.
    pub(crate) fn wait_for_end(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().expect("a child of ours") {
                let mut seen = self.seen.0.lock().expect("not poisoned");
                while !seen.ended && Instant::now() < deadline {
                    seen = self.seen.1.wait_timeout(seen, Duration::from_millis(100)).expect("not poisoned").0;
                }
                return status;
            }
            assert!(Instant::now() < deadline, "the program does not end; the screen was:\n{}", self.wait_for(""));
            thread::yield_now();
            thread::sleep(Duration::from_millis(5));
        }
    }
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).expect("a terminal has cells")
}

impl Drop for Terminal {
    fn drop(&mut self) {
        drop(self.child.kill());
    }
}
