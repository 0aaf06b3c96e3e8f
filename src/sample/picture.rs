//! Small pictures drawn by number: sky, reeds and river as a valid PNG.

use std::io::Write as _;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};

const WIDTH: u32 = 240;
const HEIGHT: u32 = 160;

/// A picture; another number gives other colours.
pub(super) fn png(number: u64) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = Vec::new();
    header.extend(WIDTH.to_be_bytes());
    header.extend(HEIGHT.to_be_bytes());
    // eight bits a channel, RGB, deflate, plain filters, not interlaced (PNG specification, 11.2.2)
    header.extend([8, 2, 0, 0, 0]);
    chunk(&mut file, *b"IHDR", &header);
    chunk(&mut file, *b"IDAT", &deflated(&pixels(number)));
    chunk(&mut file, *b"IEND", &[]);
    file
}

fn pixels(number: u64) -> Vec<u8> {
    let hue = u32::try_from(number % 8).unwrap_or(0) * 9;
    let mut rows = Vec::new();
    for y in 0..HEIGHT {
        rows.push(0);
        for x in 0..WIDTH {
            let reed = (x * 7 + hue) % 31 < 3 && y > 70 + (x * 13) % 40;
            let [red, green, blue] = match y {
                _ if reed => [96 + hue, 110, 52],
                0..100 => [150 + y / 2, 180 + y / 4, 225],
                _ => [60 + hue, 110 + (y + x / 8) % 12, 150],
            };
            rows.extend([red, green, blue].map(|channel| u8::try_from(channel).unwrap_or(u8::MAX)));
        }
    }
    rows
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    // writing to memory does not fail; an empty picture would be the worst of it
    encoder.write_all(bytes).and_then(|()| encoder.finish()).unwrap_or_default()
}

fn chunk(file: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    let mut sum = Crc::new();
    sum.update(&kind);
    sum.update(data);
    file.extend(u32::try_from(data.len()).unwrap_or(0).to_be_bytes());
    file.extend(kind);
    file.extend(data);
    file.extend(sum.sum().to_be_bytes());
}
