//! Letters of five by seven dots, without those that are mistaken for one another.

pub(super) const WIDTH: usize = 5;
pub(super) const HEIGHT: usize = 7;

pub(super) struct Glyph {
    pub(super) letter: char,
    /// From top to bottom; the leftmost dot is the highest of five bits.
    pub(super) rows: [u8; HEIGHT],
}

impl Glyph {
    pub(super) fn of(letter: char) -> Option<&'static Self> {
        LETTERS.iter().find(|glyph| glyph.letter == letter)
    }

    /// 1 where there is a dot, 0 where there is none or outside, and in between between dots.
    pub(super) fn ink(&self, x: f32, y: f32) -> f32 {
        let (left, top) = (x.floor(), y.floor());
        let (right_share, bottom_share) = (x - left, y - top);
        let (left, top) = (left as i32, top as i32);
        let upper =
            self.dot(left, top) * (1.0 - right_share) + self.dot(left + 1, top) * right_share;
        let lower = self.dot(left, top + 1) * (1.0 - right_share)
            + self.dot(left + 1, top + 1) * right_share;
        upper * (1.0 - bottom_share) + lower * bottom_share
    }

    fn dot(&self, x: i32, y: i32) -> f32 {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else {
            return 0.0;
        };
        let row = self.rows.get(y).copied().unwrap_or_default();
        match x < WIDTH && row >> (WIDTH - 1 - x) & 1 == 1 {
            true => 1.0,
            false => 0.0,
        }
    }
}

const fn glyph(letter: char, rows: [u8; HEIGHT]) -> Glyph {
    Glyph { letter, rows }
}

#[rustfmt::skip] // A letter a line.
pub(super) const LETTERS: &[Glyph] = &[
    glyph('A', [0b01110, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001]),
    glyph('C', [0b01110, 0b10001, 0b10000, 0b10000, 0b10000, 0b10001, 0b01110]),
    glyph('E', [0b11111, 0b10000, 0b10000, 0b11110, 0b10000, 0b10000, 0b11111]),
    glyph('F', [0b11111, 0b10000, 0b10000, 0b11110, 0b10000, 0b10000, 0b10000]),
    glyph('H', [0b10001, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001]),
    glyph('J', [0b00111, 0b00010, 0b00010, 0b00010, 0b00010, 0b10010, 0b01100]),
    glyph('K', [0b10001, 0b10010, 0b10100, 0b11000, 0b10100, 0b10010, 0b10001]),
    glyph('L', [0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b11111]),
    glyph('M', [0b10001, 0b11011, 0b10101, 0b10101, 0b10001, 0b10001, 0b10001]),
    glyph('N', [0b10001, 0b11001, 0b11001, 0b10101, 0b10011, 0b10011, 0b10001]),
    glyph('R', [0b11110, 0b10001, 0b10001, 0b11110, 0b10100, 0b10010, 0b10001]),
    glyph('T', [0b11111, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100]),
    glyph('W', [0b10001, 0b10001, 0b10001, 0b10101, 0b10101, 0b11011, 0b10001]),
    glyph('X', [0b10001, 0b10001, 0b01010, 0b00100, 0b01010, 0b10001, 0b10001]),
    glyph('Y', [0b10001, 0b10001, 0b01010, 0b00100, 0b00100, 0b00100, 0b00100]),
    glyph('3', [0b11110, 0b00001, 0b00001, 0b01110, 0b00001, 0b00001, 0b11110]),
    glyph('4', [0b00010, 0b00110, 0b01010, 0b10010, 0b11111, 0b00010, 0b00010]),
    glyph('6', [0b01110, 0b10000, 0b10000, 0b11110, 0b10001, 0b10001, 0b01110]),
    glyph('7', [0b11111, 0b00001, 0b00010, 0b00100, 0b01000, 0b01000, 0b01000]),
    glyph('9', [0b01110, 0b10001, 0b10001, 0b01111, 0b00001, 0b00001, 0b01110]),
];
