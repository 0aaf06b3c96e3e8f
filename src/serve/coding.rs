//! Content codings (RFC 9110 section 8.4): made once, chosen per request.

use std::io::{Read, Write};
use std::panic::catch_unwind;

use flate2::{Compression, write::GzEncoder};
use ruzstd::decoding::StreamingDecoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

/// Smaller bodies gain nothing.
const WORTH: usize = 128;

/// Brotli's middle: most of the gain at a tenth of the time of its best.
const BROTLI_QUALITY: u32 = 5;
const BROTLI_WINDOW: u32 = 22;
const BROTLI_LEAST: u32 = 16;

/// How a body is coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Coding {
    Identity,
    Gzip,
    Brotli,
    Zstd,
}

impl Coding {
    /// The name in `Content-Encoding`; None for identity.
    pub(super) fn token(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
            Self::Zstd => Some("zstd"),
        }
    }

    /// What tells its entity tag from that of the plain body.
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Self::Identity => "",
            Self::Gzip => "-gz",
            Self::Brotli => "-br",
            Self::Zstd => "-zs",
        }
    }
}

/// Every coding of a body that makes it smaller, itself first. The same body gives the same bytes.
pub(super) fn all(body: &[u8]) -> Vec<(Coding, Vec<u8>)> {
    let mut codings = vec![(Coding::Identity, body.to_vec())];
    if body.len() >= WORTH {
        let made = [(Coding::Gzip, gzip(body)), (Coding::Brotli, brotli(body)), (Coding::Zstd, zstd(body))];
        let smaller = |(coding, bytes): (Coding, Option<Vec<u8>>)| {
            bytes.filter(|bytes| bytes.len() < body.len()).map(|bytes| (coding, bytes))
        };
        codings.extend(made.into_iter().filter_map(smaller));
    }
    codings
}

fn gzip(body: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(body).ok()?;
    encoder.finish().ok()
}

fn brotli(body: &[u8]) -> Option<Vec<u8>> {
    // a window beyond the body costs memory and finds nothing (RFC 7932 section 9.1)
    let window = (body.len() + 16).next_power_of_two().trailing_zeros().clamp(BROTLI_LEAST, BROTLI_WINDOW);
    let mut encoder = brotli::CompressorWriter::new(Vec::new(), 4096, BROTLI_QUALITY, window);
    encoder.write_all(body).ok()?;
    encoder.flush().ok()?;
    Some(encoder.into_inner())
}

/// The encoder is young: what it made is read back before it is offered, and a panic of it costs this coding only.
fn zstd(body: &[u8]) -> Option<Vec<u8>> {
    let round = catch_unwind(|| {
        let made = compress_to_vec(body, CompressionLevel::Fastest);
        let mut back = Vec::with_capacity(body.len());
        let limit = u64::try_from(body.len()).unwrap_or(u64::MAX).saturating_add(1);
        StreamingDecoder::new(made.as_slice()).ok()?.take(limit).read_to_end(&mut back).ok()?;
        (back == body).then_some(made)
    });
    round.ok().flatten()
}

/// Chooses among `offered` (coding and size) by `Accept-Encoding` (RFC 9110 section 12.5.3): the one wanted most,
/// of equals the smallest; identity where nothing is wanted.
pub(super) fn choose(accept: Option<&str>, offered: impl Iterator<Item = (Coding, usize)>) -> Coding {
    let Some(accept) = accept else { return Coding::Identity };
    let wanted = Wanted::read(accept);
    let mut best = (0, usize::MAX, Coding::Identity);
    for (coding, size) in offered {
        let weight = wanted.weight(coding);
        if weight > best.0 || (weight == best.0 && weight > 0 && size < best.1) {
            best = (weight, size, coding);
        }
    }
    best.2
}

/// Weights of an `Accept-Encoding`, in thousandths.
#[derive(Default)]
struct Wanted {
    named: [Option<u16>; 4],
    star: Option<u16>,
}

impl Wanted {
    fn read(accept: &str) -> Self {
        let mut wanted = Self::default();
        for element in accept.split(',') {
            let mut parts = element.split(';');
            let name = parts.next().unwrap_or_default().trim();
            let Some(weight) = weight(parts) else { continue };
            if name == "*" {
                wanted.star = Some(weight);
            }
            let names: [&[&str]; 4] = [&["identity"], &["gzip", "x-gzip"], &["br"], &["zstd"]];
            for (place, names) in wanted.named.iter_mut().zip(names) {
                if names.iter().any(|known| name.eq_ignore_ascii_case(known)) {
                    *place = Some(weight);
                }
            }
        }
        wanted
    }

    fn weight(&self, coding: Coding) -> u16 {
        let [identity, gzip, br, zstd] = self.named;
        match coding {
            // plain is always acceptable unless refused, but anything that was asked for by name is better
            Coding::Identity => identity.or(self.star.filter(|w| *w == 0)).unwrap_or(1),
            Coding::Gzip => gzip.or(self.star).unwrap_or(0),
            Coding::Brotli => br.or(self.star).unwrap_or(0),
            Coding::Zstd => zstd.or(self.star).unwrap_or(0),
        }
    }
}

/// The `q` of an element's parameters in thousandths, 1000 without one; None when it is no weight
/// (RFC 9110 section 12.4.2).
pub(super) fn weight<'a>(parameters: impl Iterator<Item = &'a str>) -> Option<u16> {
    for parameter in parameters {
        let Some((name, value)) = parameter.split_once('=') else { continue };
        if name.trim().eq_ignore_ascii_case("q") {
            return thousandths(value.trim());
        }
    }
    Some(1000)
}

fn thousandths(value: &str) -> Option<u16> {
    let (whole, rest) = value.split_once('.').unwrap_or((value, ""));
    if rest.len() > 3 || !rest.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let part = format!("{rest:0<3}").parse::<u16>().ok()?;
    match whole {
        "0" => Some(part),
        "1" if part == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(accept: Option<&str>) -> Coding {
        let offered =
            [(Coding::Identity, 900), (Coding::Gzip, 300), (Coding::Brotli, 250), (Coding::Zstd, 280)];
        choose(accept, offered.into_iter())
    }

    #[test]
    fn the_wanted_coding_is_chosen_and_of_equals_the_smallest() {
        for (accept, expected) in [
            (None, Coding::Identity),
            (Some(""), Coding::Identity),
            (Some("gzip, deflate"), Coding::Gzip),
            (Some("gzip, br, zstd"), Coding::Brotli),
            (Some("GZIP;q=1.0, br;q=0.1"), Coding::Gzip),
            (Some("gzip;q=0.1, br;q=1"), Coding::Brotli),
            (Some("gzip;q=0"), Coding::Identity),
            (Some("*"), Coding::Brotli),
            (Some("br;q=0, *;q=0.5"), Coding::Zstd),
            (Some("identity, *;q=0"), Coding::Identity),
            (Some("identity;q=0, *;q=0"), Coding::Identity),
            (Some("identity;q=0.9, gzip;q=0.5"), Coding::Identity),
            (Some("x-nothing"), Coding::Identity),
            (Some("gzip;q=abc,,;;, br;q=7"), Coding::Identity),
        ] {
            assert_eq!(chosen(accept), expected, "{accept:?}");
        }
    }

    #[test]
    fn every_coding_gives_the_body_back() {
        let body = "<p>唐山新闻 the same words again and again</p>".repeat(3000).into_bytes();
        let codings = all(&body);
        assert_eq!(codings.len(), 4);
        assert_eq!(codings, all(&body));
        let mut back = Vec::new();
        flate2::read::GzDecoder::new(codings[1].1.as_slice()).read_to_end(&mut back).unwrap();
        assert_eq!(back, body);
        back.clear();
        brotli::Decompressor::new(codings[2].1.as_slice(), 4096).read_to_end(&mut back).unwrap();
        assert_eq!(back, body);
        assert_eq!(all(b"small").len(), 1);
        assert_eq!(all(&body[..50]).len(), 1);
    }
}
