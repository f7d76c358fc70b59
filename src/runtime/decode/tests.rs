//! Keys as terminals send them, whole and in pieces; and that no bytes do harm.

use proptest::prelude::*;

use super::*;

fn heard(pieces: &[&[u8]]) -> Vec<Input> {
    let (mut decoder, mut heard) = (Decoder::default(), VecDeque::new());
    for piece in pieces {
        decoder.take(piece, &mut heard);
    }
    if decoder.waits() {
        decoder.give_up(&mut heard);
    }
    heard.into()
}

fn keys(bytes: &[u8]) -> Vec<Key> {
    heard(&[bytes]).into_iter().filter_map(|input| if let Input::Key(key) = input { Some(key) } else { None }).collect()
}

const fn with(code: Code, ctrl: bool, alt: bool, shift: bool) -> Key {
    Key::new(code, ctrl, alt, shift)
}

#[test]
fn keys_are_what_terminals_send() {
    let plain: &[(&[u8], Code)] = &[
        (b"j", Code::Char('j')),
        ("é".as_bytes(), Code::Char('é')),
        ("漢".as_bytes(), Code::Char('漢')),
        (b"\r", Code::Enter),
        (b"\t", Code::Tab),
        (b"\x7f", Code::Backspace),
        (b"\x1b", Code::Esc),
        (b"\x1b[A", Code::Up),
        (b"\x1bOB", Code::Down),
        (b"\x1b[H", Code::Home),
        (b"\x1b[4~", Code::End),
        (b"\x1b[5~", Code::PageUp),
        (b"\x1b[6~", Code::PageDown),
        (b"\x1b[3~", Code::Delete),
        (b"\x1bOP", Code::F(1)),
        (b"\x1b[[B", Code::F(2)),
        (b"\x1b[15~", Code::F(5)),
        (b"\x1b[17~", Code::F(6)),
        (b"\x1b[24~", Code::F(12)),
        (b"\x1b[13u", Code::Enter),
    ];
    for (bytes, code) in plain {
        assert_eq!(keys(bytes), [Key::plain(*code)], "{:?}", String::from_utf8_lossy(bytes));
    }
    let letter = Code::Char;
    let held: &[(&[u8], Key)] = &[
        (b"G", with(letter('G'), false, false, false)),
        (b"\x03", with(letter('c'), true, false, false)),
        (b"\x1a", with(letter('z'), true, false, false)),
        (b"\x00", with(letter(' '), true, false, false)),
        (b"\x0c", with(letter('l'), true, false, false)),
        (b"\x1bj", with(letter('j'), false, true, false)),
        (b"\x1b[", with(letter('['), false, true, false)),
        (b"\x1b[Z", with(Code::Tab, false, false, true)),
        (b"\x1b[1;2A", with(Code::Up, false, false, true)),
        (b"\x1b[1;5C", with(Code::Right, true, false, false)),
        (b"\x1b[3;3~", with(Code::Delete, false, true, false)),
        (b"\x1b[27;5;105~", with(letter('i'), true, false, false)),
        (b"\x1b[105;5u", with(letter('i'), true, false, false)),
    ];
    for (bytes, key) in held {
        assert_eq!(keys(bytes), [*key], "{:?}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn what_is_no_key_is_passed_over_and_takes_nothing_with_it() {
    let strange: &[&[u8]] = &[
        b"\x1b[I",
        b"\x1b[?2026;2$y",
        b"\x1b]11;rgb:0000/0000/0000\x1b\\",
        b"\x1b]11;rgb:0/0/0\x07",
        b"\x1bP>|xterm\x1b\\",
        b"\xff",
        b"\xc3\x28",
        b"\x1b[105;5:3u",
        b"\x1b[12;40R",
    ];
    for bytes in strange {
        let mut all = bytes.to_vec();
        all.extend_from_slice(b"jk");
        let keys = keys(&all);
        let last: Vec<_> = keys.iter().rev().take(2).rev().copied().collect();
        assert_eq!(last, [Key::letter('j'), Key::letter('k')], "{:?}", String::from_utf8_lossy(bytes));
    }
    assert_eq!(keys(b"\x1b\x1b"), [Key::plain(Code::Esc); 2], "escape twice is two keys");
}

#[test]
fn a_paste_is_text_whatever_it_holds() {
    let text = "q\x1b[A\x03 naïve\n漢";
    let bytes = format!("i\x1b[200~{text}\x1b[201~x");
    let wanted = [Input::Key(Key::letter('i')), Input::Paste(text.to_owned()), Input::Key(Key::letter('x'))];
    assert_eq!(heard(&[bytes.as_bytes()]), wanted);
    let huge = format!("\x1b[200~{}\x1b[201~x", "a".repeat(2 * PASTE));
    let lengths: Vec<_> = heard(&[huge.as_bytes()])
        .iter()
        .map(|input| if let Input::Paste(text) = input { text.len() } else { 0 })
        .collect();
    assert_eq!(lengths, [PASTE, 0]);
}

proptest! {
    /// However the bytes are cut, the same is heard.
    #[test]
    fn cuts_change_nothing(parts in prop::collection::vec(prop::sample::select(vec![
        "j", "漢", "\u{1b}[A", "\u{1b}[1;5C", "\u{1b}OP", "\u{3}", "\u{1b}[200~a\u{1b}[B\u{1b}[201~", "\u{1b}[15~", "\r",
    ]), 1..12), cut in 1_usize..7) {
        let whole = parts.concat();
        let pieces: Vec<&[u8]> = whole.as_bytes().chunks(cut).collect();
        prop_assert_eq!(heard(&pieces), heard(&[whole.as_bytes()]));
    }

    /// No bytes make it panic, hold on to more than a little, or swallow the key that comes after a pause.
    #[test]
    fn any_bytes_are_survived(pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..80), 0..8)) {
        let (mut decoder, mut heard) = (Decoder::default(), VecDeque::new());
        for piece in &pieces {
            decoder.take(piece, &mut heard);
            prop_assert!(decoder.paste.is_some() || decoder.held.len() <= LONGEST);
        }
        if decoder.paste.is_none() {
            decoder.give_up(&mut heard);
            heard.clear();
            decoder.take(b"j", &mut heard);
            prop_assert_eq!(heard.pop_back(), Some(Input::Key(Key::letter('j'))));
        }
    }
}

#[test]
fn the_answer_of_a_terminal_that_was_asked_is_no_key() {
    assert_eq!(heard(&[b"j\x1b[0nk"]), [Input::Key(Key::letter('j')), Input::Answer, Input::Key(Key::letter('k'))]);
    assert_eq!(heard(&[b"\x1b[", b"0n"]), [Input::Answer]);
    assert_eq!(heard(&[b"\x1b[3n\x1b[10n"]), []);
}
