//! Tables for people: as wide as what they hold, and at a terminal never wider than that.

use super::output::{self, Paint};

/// Blanks between two columns.
const GAP: usize = 2;
/// A column is not made narrower than this.
const NARROWEST: usize = 8;

/// A column, by what becomes of it where there is little room.
#[derive(Debug, Clone, Copy)]
pub(super) enum Column {
    /// It stays as wide as its widest cell.
    Whole(&'static str),
    /// The same for numbers, which stand at its right side.
    Number(&'static str),
    /// Its cells are shortened.
    Cut(&'static str),
    /// The last one: its cells go on below themselves.
    Rest(&'static str),
}

impl Column {
    const fn head(self) -> &'static str {
        match self {
            Self::Whole(head) | Self::Number(head) | Self::Cut(head) | Self::Rest(head) => head,
        }
    }
}

/// What stands in a row under a column.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    text: String,
    /// The colour of it, see [`output::paint`].
    colour: Option<&'static str>,
}

impl Cell {
    /// `text` in a colour.
    pub(super) fn painted(text: &str, colour: &'static str) -> Self {
        Self { text: output::plain(text), colour: Some(colour) }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self { text: output::plain(text), colour: None }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<u64> for Cell {
    fn from(number: u64) -> Self {
        Self { text: number.to_string(), colour: None }
    }
}

/// A table in the making.
#[derive(Debug)]
pub(super) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// An empty one of these columns.
    pub(super) fn new(columns: Vec<Column>) -> Self {
        Self { rows: vec![columns.iter().map(|c| Cell::from(c.head())).collect()], columns }
    }

    /// Adds a row, a cell for each column.
    pub(super) fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }

    /// The lines of it, at most `width` columns wide where that can be.
    pub(super) fn lines(&self, width: Option<usize>, paint: Paint) -> Vec<String> {
        let widths = self.widths(width);
        let mut out = Vec::new();
        for row in &self.rows {
            let (mut line, mut at) = (String::new(), 0);
            for ((column, cell), wide) in self.columns.iter().zip(row).zip(&widths) {
                let text = match column {
                    Column::Number(_) => format!("{:>wide$}", cell.text),
                    Column::Whole(_) | Column::Cut(_) => output::cell(&cell.text, *wide),
                    // Wrapped as if the columns before were its indent, which the line has already.
                    Column::Rest(_) => {
                        let hung = output::wrap(&format!("{}{}", " ".repeat(at), cell.text), at, width);
                        hung.get(at..).unwrap_or_default().to_owned()
                    }
                };
                line += &cell.colour.map_or_else(|| text.clone(), |colour| paint.text(colour, &text));
                line += &" ".repeat(GAP);
                at += wide + GAP;
            }
            out.push(line.trim_end().to_owned());
        }
        out
    }

    /// How wide each column is.
    fn widths(&self, width: Option<usize>) -> Vec<usize> {
        let widest = |n: usize| self.rows.iter().filter_map(|r| r.get(n)).map(|c| c.text.chars().count()).max();
        let mut widths: Vec<usize> = (0..self.columns.len()).map(|n| widest(n).unwrap_or(0)).collect();
        let Some(room) = width else { return widths };
        let rest = self.columns.iter().position(|c| matches!(c, Column::Rest(_)));
        loop {
            // What goes on below itself needs a third of the line to be read.
            let taken = |n: usize, wide: usize| if Some(n) == rest { wide.min(room / 3) } else { wide };
            let all: usize = widths.iter().enumerate().map(|(n, wide)| taken(n, *wide) + GAP).sum::<usize>();
            let cut = self.columns.iter().zip(widths.iter_mut());
            let cut = cut.filter(|(column, wide)| matches!(column, Column::Cut(_)) && **wide > NARROWEST);
            match cut.map(|(_, wide)| wide).max() {
                Some(wide) if all > room + GAP => *wide -= 1,
                _ => return widths,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let columns = vec![Column::Cut("FEED"), Column::Whole("ON"), Column::Number("SEEN"), Column::Rest("WHAT")];
        let mut table = Table::new(columns);
        table.row(vec![
            "the-westmarch-evening-echo".into(),
            "on".into(),
            12.into(),
            "RSS, 30 entries, the newest of today".into(),
        ]);
        table.row(vec!["mail".into(), "off".into(), 7.into(), "".into()]);
        table
    }

    #[test]
    fn a_table_fits_the_terminal_and_is_whole_when_piped() {
        let shown = |width| table().lines(width, Paint::none()).join("\n");
        assert_eq!(
            shown(None),
            "FEED                        ON   SEEN  WHAT\n\
             the-westmarch-evening-echo  on     12  RSS, 30 entries, the newest of today\n\
             mail                        off     7"
        );
        assert_eq!(
            shown(Some(45)),
            "FEED               ON   SEEN  WHAT\n\
             the-westmarch-ev…  on     12  RSS, 30\n                              entries, the\n                              newest of today\n\
             mail               off     7"
        );
        for width in 40..100 {
            let text = shown(Some(width));
            assert!(text.lines().all(|line| line.chars().count() <= width), "{width}:\n{text}");
        }
    }
}
