//! Codings, their limits and their liars.

use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

use super::*;
use crate::fetch::room::Room;

const MOST: usize = 16 * 1024 * 1024;

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

fn zlib(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

fn bare_deflate(data: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

fn brotli(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = brotli::CompressorWriter::new(&mut out, 4096, 5, 22);
    encoder.write_all(data).unwrap();
    drop(encoder);
    out
}

async fn unpack(wire: Vec<u8>, content_encoding: &str) -> Result<Vec<u8>, Class> {
    let limits = Limits { most: MOST, overlong: Overlong::Refuse };
    let codings = codings(content_encoding).map_err(|error| error.class)?;
    decoded(wire, &codings, limits, &mut Room::new().place()).await.map_err(|error| error.class)
}

fn page() -> Vec<u8> {
    (0..4000).map(|n| format!("<p>line {n} of the council's minutes</p>\n")).collect::<String>().into_bytes()
}

#[tokio::test]
async fn every_coding_that_is_asked_for_is_read() {
    for (coding, wire) in [
        ("", page()),
        ("identity", page()),
        ("gzip", gzip(&page())),
        ("X-GZip", gzip(&page())),
        ("br", brotli(&page())),
        ("deflate", zlib(&page())),
        ("deflate", bare_deflate(&page())),
        ("gzip, br", brotli(&gzip(&page()))),
        ("br , identity, deflate", zlib(&brotli(&page()))),
        ("deflate, gzip", gzip(&bare_deflate(&page()))),
    ] {
        assert_eq!(unpack(wire, coding).await, Ok(page()), "{coding}");
    }
    for coding in ["gzip", "br", "deflate"] {
        assert_eq!(unpack(Vec::new(), coding).await, Ok(Vec::new()), "{coding}");
    }
}

#[tokio::test]
async fn members_of_gzip_are_joined_and_padding_is_no_member() {
    let wire = [gzip(b"one "), gzip(b"two"), b"\0\0\0\r\n".to_vec()].concat();
    assert_eq!(unpack(wire, "gzip").await, Ok(b"one two".to_vec()));
    assert_eq!(unpack(gzip(b"").repeat(MOST_MEMBERS + 1), "gzip").await, Err(Class::TooLarge));
}

#[tokio::test]
async fn a_bomb_is_stopped_at_the_first_limit_it_reaches() {
    let zeros = vec![0; 20 * 1024 * 1024];
    for (coding, wire) in [
        ("gzip", gzip(&zeros)),
        ("br", brotli(&zeros)),
        ("deflate", zlib(&zeros)),
        ("gzip, gzip", gzip(&gzip(&zeros))),
        // the first decoder's output is counted too
        ("gzip, br", brotli(&[gzip(b"small"), zeros.clone()].concat())),
        ("gzip, gzip, gzip", gzip(&gzip(&gzip(b"x")))),
    ] {
        assert_eq!(unpack(wire, coding).await, Err(Class::TooLarge), "{coding}");
    }
    let limits = Limits { most: page().len() - 1, overlong: Overlong::Refuse };
    let error = decoded(gzip(&page()), &[Coding::Gzip], limits, &mut Room::new().place()).await.unwrap_err();
    assert_eq!(error.class, Class::TooLarge, "well packed or not, the bound holds");
}

#[tokio::test]
async fn a_cut_coding_is_truncated_and_a_false_one_a_fault_of_protocol() {
    for (coding, whole) in [("gzip", gzip(&page())), ("br", brotli(&page())), ("deflate", zlib(&page()))] {
        let half = whole[..whole.len() / 2].to_vec();
        assert_eq!(unpack(half, coding).await, Err(Class::Truncated), "{coding}");
    }
    for coding in ["gzip", "br", "zstd", "compress", "gzip, zstd"] {
        assert_eq!(unpack(page(), coding).await, Err(Class::Protocol), "{coding}");
    }
    assert!(unpack(page(), "deflate").await.is_err());
    assert!(unpack(vec![0x1f], "gzip").await.is_err());
}

#[tokio::test]
async fn where_the_head_is_enough_the_rest_is_cut() {
    let limits = Limits { most: 1000, overlong: Overlong::Cut };
    let whole = gzip(&page());
    for wire in [whole.clone(), whole[..whole.len() / 2].to_vec()] {
        let data = decoded(wire, &[Coding::Gzip], limits, &mut Room::new().place()).await.unwrap();
        assert_eq!(data, page()[..1000]);
    }
}
