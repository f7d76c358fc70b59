//! Large answers of one server are read in turns, small ones beside them.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use url::Url;

use super::super::endpoint::Endpoint;
use super::super::http::{Ask, Http, LARGE_AT_ONCE, SMALL};

/// Of a large answer the first half at once, the rest when it may go on.
async fn answer(mut socket: TcpStream, mut go_on: watch::Receiver<bool>) {
    let mut head = vec![0; 4096];
    let read = socket.read(&mut head).await.expect("a question");
    let is_large = String::from_utf8_lossy(&head[..read]).starts_with("GET /large");
    let length = if is_large { 2 * SMALL } else { 2 };
    let told = format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n");
    socket.write_all(told.as_bytes()).await.expect("a reader");
    let (first, rest) = (length / 2, length - length / 2);
    socket.write_all(&vec![b' '; first]).await.expect("a reader");
    if is_large {
        go_on.wait_for(|go_on| *go_on).await.expect("somebody says so");
    }
    socket.write_all(&vec![b' '; rest]).await.expect("a reader");
}

#[tokio::test]
async fn large_answers_wait_for_each_other_and_small_ones_for_nobody() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let base = Url::parse(&format!("http://{}/", listener.local_addr().expect("an address"))).expect("a URL");
    let (release, go_on) = watch::channel(false);
    let server = tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(answer(socket, go_on.clone()));
        }
    });
    let http = Arc::new(Http::new(Endpoint::new("lab", base)).expect("a client"));
    let large: Vec<_> = (0..LARGE_AT_ONCE + 3)
        .map(|_| {
            let http = Arc::clone(&http);
            tokio::spawn(async move { http.body(&Ask::get(&["large"])).await })
        })
        .collect();
    let all_turns_taken = async {
        while http.free_turns() > 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), all_turns_taken).await.expect("large answers take turns");
    assert_eq!(http.body(&Ask::get(&["small"])).await.expect("an answer").len(), 2);
    assert!(large.iter().all(|ask| !ask.is_finished()));
    release.send(true).expect("the server listens");
    for ask in large {
        assert_eq!(ask.await.expect("no panic").expect("an answer").len(), 2 * SMALL);
    }
    assert_eq!(http.free_turns(), LARGE_AT_ONCE);
    server.abort();
}
