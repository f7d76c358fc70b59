//! Keys in, text frame out: what every pane shows, at which size, in which state. One module a pane, as in `src/ui/pane`.
//! `INSTA_UPDATE=always cargo test --test frames` writes the frames anew; read each against the one before.

#![cfg(test)]

#[path = "frames/company.rs"]
mod company;
#[path = "frames/scene.rs"]
mod scene;
#[path = "frames/whole.rs"]
mod whole;
