//! One simulated server on loopback: its listener, its end, and `down`. Not what it answers: that is a router of `api/`.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

use super::fault::Schedule;

/// How long after its time a server looks whether it has gone down, and how long it waits after an accept that failed.
const LOOK: Duration = Duration::from_millis(50);
/// How long a stopping server waits for the answers that it is giving.
const FAREWELL: Duration = Duration::from_secs(1);

/// A running server. Dropping it closes the listener and cuts every connection.
pub struct Server {
    address: SocketAddr,
    stop: CancellationToken,
    connections: Connections,
    task: Option<JoinHandle<()>>,
}

impl Server {
    /// Serves until it is stopped or dropped.
    ///
    /// # Errors
    /// The listener has no address any more.
    pub fn serve(listener: TcpListener, router: Router, schedule: Schedule) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let stop = CancellationToken::new();
        let connections = Connections::default();
        let gate = Gate { listener, schedule: schedule.clone(), connections: connections.clone() };
        tokio::spawn(stop.clone().run_until_cancelled_owned(cut_when_down(schedule, connections.clone())));
        let end = stop.clone().cancelled_owned();
        let task = tokio::spawn(async move {
            // It ends with `end` alone: the gate turns every accept error into another try.
            let _ended = axum::serve(gate, router).with_graceful_shutdown(end).await;
        });
        Ok(Self { address, stop, connections, task: Some(task) })
    }

    /// `http://127.0.0.1:PORT`, without a slash at its end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Lets the answers under way finish for a second, then cuts what is left, websockets too.
    pub async fn stop(mut self) {
        self.stop.cancel();
        if let Some(task) = self.task.take() {
            let _late = tokio::time::timeout(FAREWELL, task).await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.cancel();
        self.connections.cut();
    }
}

async fn cut_when_down(schedule: Schedule, connections: Connections) {
    let mut was_down = false;
    loop {
        let down = schedule.is_down();
        if down && !was_down {
            connections.cut();
        }
        was_down = down;
        let Some(wait) = schedule.changes_in() else { return };
        // Two clocks round differently: a moment later it has surely changed.
        tokio::time::sleep(wait + LOOK).await;
    }
}

/// The token that the connections of the present hold; cutting them starts a new present.
#[derive(Clone, Default)]
struct Connections(Arc<Mutex<CancellationToken>>);

impl Connections {
    fn token(&self) -> CancellationToken {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn cut(&self) {
        let mut token = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *token).cancel();
    }
}

/// Accepts, and closes at once whoever comes while the server is down.
struct Gate {
    listener: TcpListener,
    schedule: Schedule,
    connections: Connections,
}

impl axum::serve::Listener for Gate {
    type Io = Severable;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Severable, SocketAddr) {
        loop {
            match self.listener.accept().await {
                Ok((stream, address)) if !self.schedule.is_down() => {
                    let cut = Box::pin(self.connections.token().cancelled_owned());
                    return (Severable { stream, cut, severed: false }, address);
                }
                Ok(_) => {}
                Err(_) => tokio::time::sleep(LOOK).await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection that breaks when its token is cancelled, whoever holds it by then.
struct Severable {
    stream: TcpStream,
    cut: Pin<Box<WaitForCancellationFutureOwned>>,
    severed: bool,
}

impl Severable {
    fn check(&mut self, context: &mut Context<'_>) -> io::Result<&mut TcpStream> {
        if self.severed || self.cut.as_mut().poll(context).is_ready() {
            self.severed = true;
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        Ok(&mut self.stream)
    }
}

impl AsyncRead for Severable {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut().check(context) {
            Ok(stream) => Pin::new(stream).poll_read(context, buffer),
            Err(error) => Poll::Ready(Err(error)),
        }
    }
}

impl AsyncWrite for Severable {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut().check(context) {
            Ok(stream) => Pin::new(stream).poll_write(context, bytes),
            Err(error) => Poll::Ready(Err(error)),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut().check(context) {
            Ok(stream) => Pin::new(stream).poll_flush(context),
            Err(error) => Poll::Ready(Err(error)),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}
