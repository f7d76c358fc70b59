//! Traces as protobuf, from the answer down to its spans. Of many the second half is read on a thread of its own, so that the
//! first frame comes sooner; what comes of it is the same. Not what a span is made of: `proto.rs`.

use std::{mem, thread};

use super::super::words;
use super::fields::{Field, fields};
use super::proto::{Read, attributes, has_ids, messages, read, spans};
use super::spans::{Assembler, Decoded, MOST_SPANS, Process, Raw};

/// Spans that take longer to read than a thread to start.
const WORTH_A_THREAD: usize = 4_000;

/// The body of `/api/v2/traces`: 1 the trace, 3 its status (1 is PARTIAL), 4 what the server says to that.
pub(in crate::backend) fn decode_by_id(body: &[u8]) -> Read<Decoded> {
    let mut assembler = Assembler::new();
    let (mut status, mut said) = (0, String::new());
    for field in fields(body) {
        match field? {
            (1, Field::Bytes(trace)) => resources(trace, &mut assembler)?,
            (3, Field::Number(number)) => status = number,
            (4, Field::Bytes(text)) => said = words::clean(&String::from_utf8_lossy(text)),
            _ => {}
        }
    }
    if status == 1 {
        let said = if said.is_empty() { "the server has a part of it".into() } else { said };
        assembler.decoded.partial = Some(said);
    }
    Ok(assembler.decoded)
}

/// The body of `/api/traces`: OTLP's `TracesData`.
pub(in crate::backend) fn decode_traces(body: &[u8]) -> Read<Decoded> {
    let mut assembler = Assembler::new();
    resources(body, &mut assembler)?;
    Ok(assembler.decoded)
}

fn resources(bytes: &[u8], assembler: &mut Assembler) -> Read<()> {
    let mut count = 0;
    for process in messages(bytes, 1) {
        for span in spans(process?) {
            span?;
            count += 1;
        }
    }
    if (WORTH_A_THREAD..=MOST_SPANS).contains(&count) {
        return twofold(bytes, count, assembler);
    }
    one_by_one(bytes, assembler)
}

fn one_by_one(bytes: &[u8], assembler: &mut Assembler) -> Read<()> {
    let mut raw = Raw::default();
    for process in messages(bytes, 1) {
        let process = process?;
        assembler.resource(attributes(process)?);
        for span in spans(process) {
            read(span?, &mut raw, assembler)?;
        }
    }
    Ok(())
}

/// A process, and spans that it sent, unread.
struct Sent<'a> {
    process: Process,
    spans: Vec<&'a [u8]>,
}

fn twofold(bytes: &[u8], count: usize, assembler: &mut Assembler) -> Read<()> {
    let mut all: Vec<Sent<'_>> = Vec::new();
    for process in messages(bytes, 1) {
        let process = process?;
        let shared = assembler.resource(attributes(process)?);
        all.push(Sent { process: shared, spans: spans(process).collect::<Result<_, _>>()? });
    }
    let later = split(&mut all, count / 2);
    let mut second = Assembler::new();
    let (one, other) = thread::scope(|scope| {
        let other = thread::Builder::new().spawn_scoped(scope, || gather(&later, &mut second));
        (gather(&all, assembler), other.map(|other| other.join()))
    });
    one?;
    match other {
        Ok(Ok(read)) => read?,
        // Where no thread is to be had, it is read here.
        _ => return gather(&later, assembler),
    }
    assembler.decoded.append(second.decoded);
    assembler.decoded = mem::take(&mut assembler.decoded).joined();
    Ok(())
}

/// Leaves the first so many spans, and gives the others.
fn split<'a>(all: &mut Vec<Sent<'a>>, first: usize) -> Vec<Sent<'a>> {
    let mut left = first;
    let mut later = Vec::new();
    for sent in all {
        if sent.spans.len() > left {
            let rest = sent.spans.split_off(left);
            // What was cut of a process is told by the first of its spans that has ids.
            let is_told = sent.process.has_cuts() && sent.spans.iter().any(|span| has_ids(span));
            let process = if is_told { sent.process.again() } else { sent.process.clone() };
            later.push(Sent { process, spans: rest });
        }
        left -= sent.spans.len();
    }
    later
}

fn gather(all: &[Sent<'_>], assembler: &mut Assembler) -> Read<()> {
    let mut raw = Raw::default();
    for sent in all.iter().filter(|sent| !sent.spans.is_empty()) {
        assembler.of(sent.process.clone());
        for span in &sent.spans {
            read(span, &mut raw, assembler)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use prost::encoding::{WireType, bytes as blob, encode_key, encode_varint};

    use super::super::spans::LONGEST_VALUE;
    use super::*;

    fn message(number: u32, inner: &[u8], into: &mut Vec<u8>) {
        encode_key(number, WireType::LengthDelimited, into);
        encode_varint(inner.len() as u64, into);
        into.extend(inner);
    }

    fn pair(key: &str, text: &[u8]) -> Vec<u8> {
        let (mut value, mut pair) = (Vec::new(), Vec::new());
        blob::encode(1, &text.to_vec(), &mut value);
        blob::encode(1, &key.as_bytes().to_vec(), &mut pair);
        message(2, &value, &mut pair);
        pair
    }

    /// So many processes of so many spans; every ninth span has no id, and what is cut is cut in processes and spans.
    fn written(processes: usize, each: usize) -> Vec<u8> {
        let mut trace = Vec::new();
        for at in 0..processes {
            let (mut resource, mut scope, mut process) = (Vec::new(), Vec::new(), Vec::new());
            message(1, &pair("service.name", format!("service-{at}").as_bytes()), &mut resource);
            message(1, &pair("long", &vec![b'x'; LONGEST_VALUE + at % 2]), &mut resource);
            for number in 0..each {
                let (mut span, id) = (Vec::new(), (at * each + number) as u64 + 1);
                blob::encode(1, &vec![1], &mut span);
                let has_none = id.is_multiple_of(9) || at % 2 == 1 && number < each / 2;
                blob::encode(2, &if has_none { vec![] } else { id.to_be_bytes().to_vec() }, &mut span);
                message(9, &pair("key", format!("value-{}", number % 40).as_bytes()), &mut span);
                message(2, &span, &mut scope);
            }
            message(2, &scope, &mut process);
            message(1, &resource, &mut process);
            message(1, &process, &mut trace);
        }
        trace
    }

    #[test]
    fn two_threads_give_what_one_gives() {
        for (processes, each) in [(1, 9), (3, 5), (4, 4), (7, 1), (2, 0)] {
            let bytes = written(processes, each);
            for first in 0..=processes * each {
                let (mut one, mut two) = (Assembler::new(), Assembler::new());
                one_by_one(&bytes, &mut one).expect("a trace");
                twofold(&bytes, first * 2, &mut two).expect("a trace");
                let told = |read: &Assembler| {
                    read.decoded.spans.iter().map(|span| (span.id, span.warnings.clone())).collect::<Vec<_>>()
                };
                assert_eq!(told(&one), told(&two), "{processes} of {each}, {first} first");
                assert!(one.decoded.spans == two.decoded.spans, "{processes} of {each}, {first} first");
                assert_eq!(one.decoded.skipped, two.decoded.skipped);
            }
        }
    }

    #[test]
    fn what_is_cut_short_is_told_of_either_half() {
        let whole = written(1, WORTH_A_THREAD);
        assert_eq!(decode_traces(&whole).expect("a trace").spans.len(), WORTH_A_THREAD - WORTH_A_THREAD / 9);
        for length in [whole.len() - 1, whole.len() / 2] {
            assert!(decode_traces(&whole[..length]).is_err());
        }
    }
}
