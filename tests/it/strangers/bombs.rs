//! Packed bodies: what unpacks to more than it should, and what is not what it says.

use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use tidings::model::Class;

use super::site::Play;
use super::{LIMIT, SLACK, class_of_list, each, stand};
use crate::portal;

const MIB: usize = 1 << 20;

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

fn zlib(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

fn deflate(data: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

fn brotli(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    brotli::CompressorWriter::new(&mut out, 4096, 5, 22).write_all(data).unwrap();
    out
}

/// Bytes that pack badly.
fn noise(length: usize) -> Vec<u8> {
    let mut seed = 88_172_645_463_325_252_u64;
    let mut next = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed.to_le_bytes()[3]
    };
    (0..length).map(|_| next()).collect()
}

fn list() -> String {
    let rows: String = (1..=4).rev().map(|n| portal::row(n, &portal::title(n))).collect();
    portal::list(&rows)
}

fn play(coding: &str, body: &[u8]) -> Play {
    let head = format!("Content-Type: text/html\r\nContent-Encoding: {coding}\r\n");
    Play::answer("200 OK", &head, body)
}

/// What is played; None is a list that serves.
pub(super) fn cases() -> Vec<(&'static str, Play, Option<Class>)> {
    use Class::{Protocol, TooLarge, Truncated};
    let page = list();
    let zeros = vec![b' '; 64 * MIB];
    let (large, packed) = (gzip(&zeros), gzip(page.as_bytes()));
    let cut = packed[..packed.len() / 2].to_vec();
    let mut wrong_sum = packed.clone();
    let end = wrong_sum.len() - 6;
    wrong_sum[end] ^= 0x55;
    let mut named = vec![0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3];
    named.extend(vec![b'n'; 2 * MIB]);
    let many = gzip(b"<p>").repeat(5000);
    let half = noise(9 * MIB);
    vec![
        ("a bomb of gzip", play("gzip", &large), Some(TooLarge)),
        ("a bomb of gzip by its old name", play("x-gzip", &large), Some(TooLarge)),
        ("a bomb of zlib", play("deflate", &zlib(&zeros)), Some(TooLarge)),
        ("a bomb of bare deflate", play("deflate", &deflate(&zeros)), Some(TooLarge)),
        ("a bomb of br", play("br", &brotli(&zeros)), Some(TooLarge)),
        ("gzip in gzip", play("gzip, gzip", &gzip(&large)), Some(TooLarge)),
        ("br in gzip", play("br, gzip", &gzip(&brotli(&zeros))), Some(TooLarge)),
        ("three codings", play("gzip, gzip, gzip", &gzip(&gzip(&packed))), Some(TooLarge)),
        ("a hundred codings", play(&vec!["gzip"; 100].join(","), &packed), Some(TooLarge)),
        ("over the ratio", play("gzip", &gzip(&vec![b' '; 8 * MIB])), Some(TooLarge)),
        ("large, and packed badly", play("gzip", &gzip(&[half.clone(), half].concat())), Some(TooLarge)),
        ("five thousand members", play("gzip", &many), Some(TooLarge)),
        ("a name without end", play("gzip", &named), Some(Truncated)),
        ("cut", play("gzip", &cut), Some(Truncated)),
        ("cut br", play("br", &brotli(page.as_bytes())[..60]), Some(Truncated)),
        ("a wrong sum", play("gzip", &wrong_sum), Some(Protocol)),
        ("plain, said to be gzip", play("gzip", page.as_bytes()), Some(Protocol)),
        ("plain, said to be br", play("br", page.as_bytes()), Some(Protocol)),
        ("plain, said to be deflate", play("deflate", page.as_bytes()), Some(Protocol)),
        ("gzip, said to be br", play("br", &packed), Some(Protocol)),
        (
            "a coding that was not asked for",
            play("zstd", &[0x28, 0xb5, 0x2f, 0xfd, 0, 0, 1, 0, 0]),
            Some(Protocol),
        ),
        ("a coding of no name", play("\u{1b}[31m", page.as_bytes()), Some(Protocol)),
        ("noise, said to be gzip", play("gzip", &noise(MIB)), Some(Protocol)),
        ("a good one", play("gzip", &packed), None),
        (
            "three members and padding",
            play(
                "gzip",
                &[gzip(&page.as_bytes()[..300]), gzip(&page.as_bytes()[300..]), gzip(b""), vec![0; 99]]
                    .concat(),
            ),
            None,
        ),
        ("twice packed", play("gzip, br", &brotli(&packed)), None),
        ("said to be nothing", play("identity", page.as_bytes()), None),
    ]
}

#[test]
fn no_body_unpacks_to_more_than_it_may() {
    each(&cases(), |(name, play, expected)| {
        let (class, told, took, _stand) = class_of_list(play.clone());
        // the articles behind a list that serves are not there
        let class = class.filter(|class| *class != Class::Http);
        if class != *expected {
            return Err(format!("{name}: {class:?} ({told}), expected {expected:?}"));
        }
        if took > LIMIT + SLACK { Err(format!("{name}: took {took:?}")) } else { Ok(()) }
    });
}

#[test]
fn what_stands_beside_pages_is_no_way_in_for_bombs() {
    let bomb = gzip(&vec![b'#'; 64 * MIB]);
    let head = "Content-Encoding: gzip\r\n";
    let site = super::paper(&[1, 2, 4]);
    site.put("/robots.txt", Play::answer("200 OK", head, &bomb));
    site.put(&portal::path(3), Play::answer("500 Oh No", head, &bomb));
    let stand = stand(&site.url("/news/"));
    let visited = stand.visit();
    assert_eq!((visited.error, visited.counts.new), (None, 3));
    assert!(stand.status().notes.iter().any(|note| note.class == Class::Http), "{:?}", stand.status().notes);
}
