use super::{Coding, unpacked};
use crate::{http::ApiError, pipeline::BodyPermit};
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use flate2::{
    Compression,
    write::{DeflateEncoder, GzEncoder, ZlibEncoder},
};
use std::io::Write as _;

fn of(lines: &[&str]) -> Result<Option<Coding>, u16> {
    let mut headers = HeaderMap::new();
    for line in lines {
        headers.append(header::CONTENT_ENCODING, line.parse().expect("a value"));
    }
    Coding::of(&headers).map_err(|error| error.status.as_u16())
}

#[test]
fn codings_are_known_by_their_names() {
    let gzip = Ok(Some(Coding::Gzip));
    for (lines, expected) in [
        (&[][..], Ok(None)),
        (&[""], Ok(None)),
        (&["identity"], Ok(None)),
        (&["gzip"], gzip),
        (&["GZIP"], gzip),
        (&["x-gzip"], gzip),
        (&[" gzip , identity"], gzip),
        (&["identity", "gzip"], gzip),
        (&["deflate"], Ok(Some(Coding::Deflate))),
        (&["br"], Err(415)),
        (&["zstd"], Err(415)),
        (&["gzip, gzip"], Err(415)),
        (&["gzip", "deflate"], Err(415)),
        (&["gzip;q=1"], Err(415)),
    ] {
        assert_eq!(of(lines), expected, "{lines:?}");
    }
}

async fn read(packed: &[u8], coding: Coding, most: usize) -> Result<Bytes, ApiError> {
    let mut room = BodyPermit::for_tests();
    unpacked(&Bytes::copy_from_slice(packed), coding, most, &mut room).await
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text).expect("memory");
    encoder.finish().expect("memory")
}

#[tokio::test]
async fn what_was_packed_is_read() {
    let text = br#"{"ref": "refs/heads/main"}"#.repeat(1000);
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
    zlib.write_all(&text).expect("memory");
    let mut bare = DeflateEncoder::new(Vec::new(), Compression::fast());
    bare.write_all(&text).expect("memory");
    let (first, second) = text.split_at(500);
    for (packed, coding) in [
        (gzip(&text), Coding::Gzip),
        ([gzip(first), gzip(second)].concat(), Coding::Gzip),
        (zlib.finish().expect("memory"), Coding::Deflate),
        (bare.finish().expect("memory"), Coding::Deflate),
    ] {
        assert_eq!(
            read(&packed, coding, text.len())
                .await
                .expect("it is sound"),
            text
        );
    }
}

#[tokio::test]
async fn a_bomb_is_too_large_and_what_is_damaged_malformed() {
    let bomb = gzip(&vec![0; 30 << 20]);
    assert!(bomb.len() < 40_000);
    let whole = gzip(b"{}");
    let more = [whole.as_slice(), b"rest"].concat();
    let cases: [(&[u8], u16); 6] = [
        (&bomb, 413),
        (&whole[..whole.len() - 1], 400),
        (&whole[..5], 400),
        (b"{}", 400),
        (b"\x1f\x8b", 400),
        (&more, 400),
    ];
    for (packed, expected) in cases {
        let refused = read(packed, Coding::Gzip, 1 << 20).await.err();
        assert_eq!(refused.map(|error| error.status.as_u16()), Some(expected));
    }
}
