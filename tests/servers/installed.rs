//! Real servers and tools: found on the PATH, started on loopback, and missed out loud.

use std::io::Write;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use url::Url;
use warroom::backend::Endpoint;

use crate::child::Child;
use crate::wait::eventually;

/// Set where a missing program must fail the tests.
const STRICT: &str = "WARROOM_CI_SERVERS";

/// The first of these programs that is installed; `None` after saying that there is none.
pub(crate) fn program(names: &[&str], package: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .find(|program| program.is_file());
    if found.is_none() {
        let missing = format!("SKIP: {} is not installed (Debian package {package})", names.join(" or "));
        assert!(std::env::var_os(STRICT).is_none(), "{missing}, and {STRICT} is set");
        // Not by a macro: what those print is hidden when a test passes.
        writeln!(std::io::stderr(), "{missing}").expect("standard error");
    }
    found
}

/// A real server on a port of its own, in a folder of its own.
pub(crate) struct Real {
    pub(crate) base: Url,
    _child: Child,
    _folder: TempDir,
}

impl Real {
    /// Starts a server with the command that `command` makes of the port and of the config's folder, and waits until it
    /// says that it is ready.
    pub(crate) async fn start(config: &str, command: impl Fn(u16, &TempDir) -> Command) -> Self {
        // Someone may take the port between our look and the server's.
        for _ in 0..3 {
            let folder = tempfile::tempdir().expect("a folder");
            std::fs::write(folder.path().join("config.yml"), config).expect("written");
            let port = free_port();
            let log = std::fs::File::create(folder.path().join("log")).expect("a file");
            let mut command = command(port, &folder);
            let mut child = Child::start(command.current_dir(&folder).stdout(Stdio::null()).stderr(log));
            let base = Url::parse(&format!("http://127.0.0.1:{port}/")).expect("a URL");
            let ready = base.join("-/ready").expect("a URL");
            let started = eventually("the server is ready", async || {
                if child.0.try_wait().expect("a child of ours").is_some() {
                    return Some(false);
                }
                let answer = http().get(ready.clone()).send().await.ok()?;
                answer.status().is_success().then_some(true)
            });
            if started.await {
                return Self { base, _child: child, _folder: folder };
            }
            let log = std::fs::read_to_string(folder.path().join("log")).unwrap_or_default();
            assert!(log.contains("address already in use"), "it ended at once:\n{log}");
        }
        panic!("no free port")
    }

    pub(crate) fn endpoint(&self) -> Endpoint {
        Endpoint { timeout: Duration::from_secs(20), ..Endpoint::new("real", self.base.clone()) }
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    listener.local_addr().expect("an address").port()
}

/// For what the clients of the program never do.
pub(crate) fn http() -> reqwest::Client {
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(10)).build().expect("a client")
}
