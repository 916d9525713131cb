//! Letters that people read more easily than programs: turned, bent by a wave, crossed by lines, in
//! noise.

use super::glyph::{self, Glyph};
use rand::{Rng, RngExt as _};
use std::f32::consts::TAU;

const WIDTH: usize = 180;
const HEIGHT: usize = 60;
const LINES: usize = 4;
/// Pixels of a dot of a letter.
const SCALE: f32 = 4.6;

/// A PNG in shades of grey.
pub(super) fn draw(text: &str, random: &mut impl Rng) -> Result<Vec<u8>, png::EncodingError> {
    let mut canvas = Canvas {
        grey: (0..WIDTH * HEIGHT)
            .map(|_| random.random_range(200..=255))
            .collect(),
    };
    let step = WIDTH as f32 / (text.chars().count().max(1) as f32 + 0.6);
    for (index, letter) in text.chars().enumerate() {
        if let Some(glyph) = Glyph::of(letter) {
            let x = step * (index as f32 + 0.8) + random.random_range(-3.0..3.0);
            canvas.letter(glyph, x, random);
        }
    }
    for _ in 0..LINES {
        canvas.line(random);
    }
    for _ in 0..WIDTH * HEIGHT / 25 {
        let at = random.random_range(0..WIDTH * HEIGHT);
        canvas.grey[at] = random.random_range(60..220);
    }
    encode(&canvas.grey)
}

struct Canvas {
    /// Row by row, 0 is black.
    grey: Vec<u8>,
}

impl Canvas {
    fn letter(&mut self, glyph: &Glyph, center_x: f32, random: &mut impl Rng) {
        let center_y = HEIGHT as f32 / 2.0 + random.random_range(-6.0..6.0);
        let (sin, cos) = random.random_range(-0.3_f32..0.3).sin_cos();
        let scale = SCALE * random.random_range(0.9..1.12);
        let wave = random.random_range(0.2..0.4);
        let phase = random.random_range(0.0..TAU);
        let shade = random.random_range(20.0..90.0);
        for y in 0..HEIGHT {
            for x in 0..WIDTH {
                let (dx, dy) = (x as f32 - center_x, y as f32 - center_y);
                if dx.abs() > 30.0 {
                    continue;
                }
                // Back from the picture to the letter.
                let u = (dx * cos + dy * sin) / scale + (glyph::WIDTH as f32 - 1.0) / 2.0;
                let v = (dy * cos - dx * sin) / scale + (glyph::HEIGHT as f32 - 1.0) / 2.0;
                let ink = glyph.ink(u + wave * (v + phase).sin(), v + wave * (u + phase).cos());
                self.ink(x, y, ((ink - 0.3) * 3.0).clamp(0.0, 1.0), shade);
            }
        }
    }

    fn line(&mut self, random: &mut impl Rng) {
        let shade = random.random_range(40.0..130.0);
        let height = random.random_range(10.0..HEIGHT as f32 - 10.0);
        let swing = random.random_range(4.0..14.0);
        let length = random.random_range(60.0..160.0);
        let phase = random.random_range(0.0..TAU);
        for x in 0..WIDTH {
            let y = height + swing * (x as f32 / length * TAU + phase).sin();
            for (row, share) in [(y.floor(), 1.0), (y.floor() + 1.0, 0.5)] {
                if (0.0..HEIGHT as f32).contains(&row) {
                    self.ink(x, row as usize, share, shade);
                }
            }
        }
    }

    /// Mixes `shade` into a pixel, `share` of 1 covers it.
    fn ink(&mut self, x: usize, y: usize, share: f32, shade: f32) {
        let pixel = &mut self.grey[y * WIDTH + x];
        *pixel = (f32::from(*pixel) * (1.0 - share) + shade * share) as u8;
    }
}

fn encode(grey: &[u8]) -> Result<Vec<u8>, png::EncodingError> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, WIDTH as u32, HEIGHT as u32);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(grey)?;
    writer.finish()?;
    Ok(file)
}
