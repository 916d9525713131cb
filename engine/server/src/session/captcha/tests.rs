use super::{glyph, picture};
use push_notify_core::random;
use std::collections::HashSet;

#[test]
fn the_picture_is_a_png_and_never_the_same() {
    let mut random = random::generator();
    let first = picture::draw("ACE34", &mut random).unwrap();
    let second = picture::draw("ACE34", &mut random).unwrap();
    assert_ne!(first, second);
    let mut reader = png::Decoder::new(std::io::Cursor::new(&first))
        .read_info()
        .unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut pixels).unwrap();
    assert_eq!((frame.width, frame.height), (180, 60));
    let dark = pixels.iter().filter(|grey| **grey < 100).count();
    assert!(dark > 500, "{dark} dark pixels are no five letters");
}

#[test]
fn no_two_letters_look_alike() {
    let shapes: HashSet<_> = glyph::LETTERS.iter().map(|glyph| glyph.rows).collect();
    assert_eq!(shapes.len(), glyph::LETTERS.len());
    for (index, glyph) in glyph::LETTERS.iter().enumerate() {
        for other in &glyph::LETTERS[..index] {
            let difference: u32 = glyph
                .rows
                .iter()
                .zip(other.rows)
                .map(|(row, other)| (row ^ other).count_ones())
                .sum();
            assert!(difference >= 4, "{} and {}", glyph.letter, other.letter);
        }
    }
}
