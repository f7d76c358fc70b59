//! `warroom demo --serve`: the simulated servers alone, the config that leads any other client to them, and the runbook
//! pages that this config names. Not the servers: those are `demo`'s.

use std::fs::{self, DirBuilder};
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tokio::signal::unix::{SignalKind, signal};
use uuid::Uuid;

use crate::demo::{Company, Running};

/// Prints the config and `# ready`, and stays until someone says that it is enough. The pages lie below `data`; without
/// it in a fresh directory that ends with the servers.
pub(super) async fn run(running: &Running, data: Option<&Path>, out: &mut impl Write) -> io::Result<ExitCode> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hangup = signal(SignalKind::hangup())?;
    let pages = Pages::write(&*running.site.company, data)?;
    out.write_all(running.config().as_bytes())?;
    writeln!(out, "\n[runbooks]\npaths = [{}]\n# ready", pages.quoted()?)?;
    out.flush()?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        _ = hangup.recv() => {}
    }
    Ok(ExitCode::SUCCESS)
}

/// The company's runbooks as files.
struct Pages {
    folder: PathBuf,
    passing: bool,
}

impl Pages {
    fn write(company: &dyn Company, data: Option<&Path>) -> io::Result<Self> {
        let pages = match data {
            Some(data) => {
                let folder = std::path::absolute(data)?.join("demo-runbooks");
                fs::create_dir_all(&folder).map_err(|error| about(&folder, &error))?;
                Self { folder, passing: false }
            }
            None => {
                let folder = std::env::temp_dir().join(format!("warroom-demo-{}", Uuid::now_v7()));
                // Nobody else may have made it, nor write to it.
                DirBuilder::new().mode(0o700).create(&folder).map_err(|error| about(&folder, &error))?;
                Self { folder, passing: true }
            }
        };
        for (name, text) in company.runbooks() {
            let file = pages.folder.join(name);
            fs::write(&file, text).map_err(|error| about(&file, &error))?;
        }
        Ok(pages)
    }

    /// As a text of TOML.
    fn quoted(&self) -> io::Result<String> {
        let path = self.folder.to_str().ok_or_else(|| {
            let message = format!("{}: a config can name only a path in UTF-8", self.folder.display());
            io::Error::new(io::ErrorKind::InvalidInput, message)
        })?;
        Ok(toml::Value::from(path).to_string())
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        if self.passing {
            // What stays behind is a few small pages where such things are swept away.
            drop(fs::remove_dir_all(&self.folder));
        }
    }
}

fn about(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("the runbooks cannot be written: {}: {error}", path.display()))
}
