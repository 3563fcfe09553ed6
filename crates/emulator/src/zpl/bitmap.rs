//! A rectangle of dots, as it goes under the print head and into the PNG: 1 is black.

use anyhow::{Context, Result};

/// Dots per metre of a 203 dpi head (8 dots per millimetre), written into each PNG.
const DOTS_PER_METRE: u32 = 8_000;

/// Dots in rows padded to whole bytes, most significant bit left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bitmap {
    width: usize,
    height: usize,
    row_bytes: usize,
    bits: Vec<u8>,
}

impl Bitmap {
    /// White paper of `width` by `height` dots.
    pub fn white(width: usize, height: usize) -> Self {
        let row_bytes = width.div_ceil(8);
        Self { width, height, row_bytes, bits: vec![0; row_bytes * height] }
    }

    /// Rows of `row_bytes` bytes each; a last row that is not whole is left out.
    pub fn from_rows(row_bytes: usize, mut bits: Vec<u8>) -> Self {
        let height = bits.len().checked_div(row_bytes).unwrap_or(0);
        bits.truncate(height * row_bytes);
        Self { width: row_bytes * 8, height, row_bytes, bits }
    }

    /// Dots across.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Dots down.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Whether the dot at column `x`, row `y` is black; outside it is white.
    pub fn is_black(&self, x: usize, y: usize) -> bool {
        x < self.width && y < self.height && self.bits[y * self.row_bytes + x / 8] & (0x80 >> (x % 8)) != 0
    }

    /// Makes the dot at `x`, `y` black; what lies outside the paper is cut off.
    pub fn blacken(&mut self, x: usize, y: usize) {
        if x < self.width && y < self.height {
            self.bits[y * self.row_bytes + x / 8] |= 0x80 >> (x % 8);
        }
    }

    /// Prints `stamp` with its upper left corner at (`left`, `top`); negative means partly off the paper.
    pub fn stamp(&mut self, stamp: &Self, left: i64, top: i64) {
        for (index, &byte) in stamp.bits.iter().enumerate() {
            // Most of a label is white, and a debug build feels every dot looked at.
            if byte == 0 {
                continue;
            }
            let row = usize::try_from(top + (index / stamp.row_bytes) as i64);
            for bit in (0..8).filter(|bit| byte & (0x80 >> bit) != 0) {
                let column = usize::try_from(left + (index % stamp.row_bytes * 8 + bit) as i64);
                if let (Ok(column), Ok(row)) = (column, row) {
                    self.blacken(column, row);
                }
            }
        }
    }

    /// The same page turned by half a turn.
    pub fn upside_down(&self) -> Self {
        let mut turned = Self::white(self.width, self.height);
        for y in 0..self.height {
            for x in 0..self.width {
                if self.is_black(x, y) {
                    turned.blacken(self.width - 1 - x, self.height - 1 - y);
                }
            }
        }
        turned
    }

    /// A frame and two diagonals: what this printer feeds out when it could not read a label.
    pub fn crossed_out(width: usize, height: usize) -> Self {
        let mut page = Self::white(width, height);
        for x in 0..width {
            page.blacken(x, 0);
            page.blacken(x, height.saturating_sub(1));
            let y = x * height / width;
            page.blacken(x, y);
            page.blacken(width - 1 - x, y);
        }
        for y in 0..height {
            page.blacken(0, y);
            page.blacken(width.saturating_sub(1), y);
        }
        page
    }

    /// The page as a one-bit grey PNG: one dot is one pixel, paper white.
    pub fn to_png(&self) -> Result<Vec<u8>> {
        let mut file = Vec::new();
        let mut encoder =
            png::Encoder::new(&mut file, u32::try_from(self.width)?, u32::try_from(self.height)?);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::One);
        encoder.set_pixel_dims(Some(png::PixelDimensions {
            xppu: DOTS_PER_METRE,
            yppu: DOTS_PER_METRE,
            unit: png::Unit::Meter,
        }));
        // In a grey PNG 1 is white, under the print head 1 is black.
        let pixels: Vec<u8> = self.bits.iter().map(|byte| !byte).collect();
        let mut writer = encoder.write_header().context("the PNG header was refused")?;
        writer.write_image_data(&pixels).context("the PNG pixels were refused")?;
        writer.finish().context("the PNG was not finished")?;
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_that_hangs_over_the_edge_is_cut_off() {
        let mut page = Bitmap::white(4, 2);
        page.stamp(&Bitmap::from_rows(1, vec![0b1100_0000, 0b1000_0000]), -1, 1);
        assert!(page.is_black(0, 1));
        assert_eq!((0..4).filter(|&x| page.is_black(x, 0) || page.is_black(x, 1)).count(), 1);
    }

    #[test]
    fn half_a_turn_moves_the_first_dot_to_the_last() {
        let mut page = Bitmap::white(5, 3);
        page.blacken(0, 0);
        assert!(page.upside_down().is_black(4, 2));
        assert_eq!(page.upside_down().upside_down(), page);
    }
}
