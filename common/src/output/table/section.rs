//! One section of a table, how wide its columns are and how it is drawn.

use std::iter;

use icu_properties::CodePointMapData;
use icu_properties::props::EastAsianWidth;

/// A cell's text has two columns of space on either side.
const PADDING: usize = 4;

const RESET: &str = "\x1b[0m";
const BRIGHT_BLUE: &str = "\x1b[1m\x1b[34m";
const DIM_YELLOW: &str = "\x1b[2m\x1b[33m";

/// A title, perhaps headers, and rows.
pub(super) struct Section {
    title: Option<String>,
    /// How many sections are around this one.
    level: usize,
    headers: Vec<String>,
    rows: Vec<Vec<String>>,
    /// Of each column, the width of its widest cell.
    widths: Vec<usize>,
}

impl Section {
    pub(super) fn new(title: Option<&str>, level: usize) -> Self {
        let title = title.map(str::to_owned);
        Section { title, level, headers: Vec::new(), rows: Vec::new(), widths: Vec::new() }
    }

    pub(super) fn set_headers(&mut self, headers: Vec<String>) {
        self.make_room_for(&headers);
        self.headers = headers;
    }

    pub(super) fn add_row(&mut self, row: Vec<String>) {
        self.make_room_for(&row);
        self.rows.push(row);
    }

    fn make_room_for(&mut self, cells: &[String]) {
        self.widths.resize(self.widths.len().max(cells.len()), 0);
        for (width, cell) in self.widths.iter_mut().zip(cells) {
            *width = (*width).max(display_width(cell));
        }
    }

    /// With the borders, its own and those of the sections around it.
    fn total_width(&self) -> usize {
        // aws-cli measures a title that is not there as it would print it: `None`.
        let title = self.title.as_deref().map_or(4, display_width);
        let columns: usize = self.widths.iter().map(|width| width + PADDING).sum();
        2 + 2 * self.level + title.max(columns)
    }

    /// A section with headers and a single row becomes a list of `header | cell`.
    fn into_vertical(mut self) -> Self {
        if self.headers.is_empty() || self.rows.len() != 1 {
            return self;
        }
        let mut section = Section::new(self.title.as_deref(), self.level);
        for (header, cell) in self.headers.into_iter().zip(self.rows.remove(0)) {
            section.add_row(vec![header, cell]);
        }
        section
    }

    /// The columns stretched to fill `width`, each in proportion.
    fn stretched_widths(&self, width: usize) -> Vec<usize> {
        let natural: usize = self.widths.iter().map(|width| width + PADDING).sum();
        let scale = width as f64 / natural as f64;
        let mut widths: Vec<usize> = self
            .widths
            .iter()
            .map(|width| (scale * (width + PADDING) as f64).round_ties_even() as usize)
            .collect();
        // What rounding lost is given out from the right, what it added is taken from the left.
        let sum: usize = widths.iter().sum();
        let count = widths.len();
        for index in (0..count).rev().cycle().take(width.saturating_sub(sum)) {
            widths[index] += 1;
        }
        for index in (0..count).cycle().take(sum.saturating_sub(width)) {
            widths[index] = widths[index].saturating_sub(1);
        }
        widths
    }
}

/// Draws `sections` below each other, all as wide as the widest; above `limit`, sections of a
/// single row are turned on their side first.
pub(super) fn draw(mut sections: Vec<Section>, limit: usize, colour: bool) -> String {
    let widest = |sections: &[Section]| sections.iter().map(Section::total_width).max();
    let mut width = widest(&sections).unwrap_or_default();
    if width > limit {
        sections = sections.into_iter().map(Section::into_vertical).collect();
        width = widest(&sections).unwrap_or_default();
    }
    let mut pen = Pen { out: String::new(), colour };
    pen.write(&format!("{}\n", "-".repeat(width)));
    for section in &sections {
        pen.draw(section, width - 2 * section.level);
    }
    pen.out
}

struct Pen {
    out: String,
    colour: bool,
}

impl Pen {
    fn draw(&mut self, section: &Section, width: usize) {
        let level = section.level;
        let title = section.title.as_deref().unwrap_or_default();
        if !title.is_empty() {
            self.line(level, &centred(title, width, "|"));
            if section.headers.is_empty() && section.rows.is_empty() {
                self.line(level, &rule(&[width]));
            }
        }
        let widths = section.stretched_widths(width);
        if widths.is_empty() {
            return;
        }
        if !section.headers.is_empty() {
            self.line(level, &rule(&widths));
            let cells = widths.iter().zip(left_edges()).zip(&section.headers);
            let cells = cells.map(|((&width, edge), text)| centred(text, width, edge));
            self.line(level, &cells.collect::<String>());
        }
        if !section.rows.is_empty() {
            self.line(level, &rule(&widths));
            for row in &section.rows {
                let texts = row.iter().map(String::as_str).chain(iter::repeat(""));
                let cells = widths.iter().zip(left_edges()).zip(texts);
                let cells =
                    cells.map(|((&width, edge), text)| self.left_aligned(text, width, edge));
                self.line(level, &cells.collect::<String>());
            }
            self.line(level, &rule(&widths));
        }
    }

    /// A line between the borders of the sections around it.
    fn line(&mut self, level: usize, text: &str) {
        let border = if self.colour { format!("{DIM_YELLOW}|{RESET}") } else { "|".to_owned() };
        let borders = border.repeat(level);
        for part in [&borders, text, &borders, "\n"] {
            self.write(part);
        }
    }

    /// aws-cli's colorama resets the terminal after every single write, empty ones included.
    fn write(&mut self, part: &str) {
        self.out.push_str(part);
        if self.colour {
            self.out.push_str(RESET);
        }
    }

    fn left_aligned(&self, text: &str, width: usize, edge: &str) -> String {
        let taken = display_width(text) + edge.len() + 1;
        let indent = if taken + 2 <= width { "  " } else { "" };
        let space = " ".repeat(width.saturating_sub(taken + indent.len()));
        if self.colour {
            format!("{edge}{indent}{BRIGHT_BLUE}{text}{RESET}{space}|")
        } else {
            format!("{edge}{indent}{text}{space}|")
        }
    }
}

/// The first cell of a line has a border on either side, the others share theirs.
fn left_edges() -> impl Iterator<Item = &'static str> {
    iter::once("|").chain(iter::repeat(""))
}

/// `text` in the middle of `width` columns, between `edge` and `|`.
fn centred(text: &str, width: usize, edge: &str) -> String {
    let taken = display_width(text);
    let left = (width / 2).saturating_sub(taken / 2 + 1);
    let right = width.saturating_sub(edge.len() + left + taken + 1);
    format!("{edge}{}{text}{}|", " ".repeat(left), " ".repeat(right))
}

/// `+----+---+`, the first column's width counting both of its borders.
fn rule(widths: &[usize]) -> String {
    let mut line = String::new();
    for (index, width) in widths.iter().enumerate() {
        let borders = if index == 0 { 2 } else { 1 };
        line.push_str(if index == 0 { "+" } else { "" });
        line.push_str(&"-".repeat(width.saturating_sub(borders)));
        line.push('+');
    }
    line
}

/// The columns `text` takes in the eyes of aws-cli: two for a character that Unicode calls wide,
/// full-width or ambiguous, one for any other, be it a combining mark or a control character.
fn display_width(text: &str) -> usize {
    let map = CodePointMapData::<EastAsianWidth>::new();
    let columns = |c| match map.get(c) {
        EastAsianWidth::Wide | EastAsianWidth::Fullwidth | EastAsianWidth::Ambiguous => 2,
        _ => 1,
    };
    text.chars().map(columns).sum()
}
