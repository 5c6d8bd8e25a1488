//! Quoted runs: where quotation marks open and close.
//!
//! Marks are read block by block: “ ”, ‘ ’ (which is an apostrophe as well) and the straight ones. A run that is still open
//! when its block ends goes on in the next block if that opens with a mark again. Nothing looks back, so that the cost
//! grows with the length of the text only.

use super::words::words;
use crate::domain::Span;
use crate::stages::extract::doc::Doc;

/// A quoted run of words within one block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    /// The words, without the marks.
    pub(super) span: Span,
    /// The same with the marks.
    pub(super) outer: Span,
    /// Index of its block.
    pub(super) block: usize,
    /// Whether its mark closes within the block.
    pub(super) closed: bool,
    /// Whether it takes up a run that was left open at the end of the block before.
    pub(super) continues: bool,
}

/// What opened a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Double,
    StraightDouble,
    Single,
    StraightSingle,
}

/// All runs of `doc`, in order.
pub(super) fn runs(doc: &Doc) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    // The mark of a run that the block before left open, and whether that run may go on.
    let mut open: Option<Mark> = None;
    for (index, block) in doc.blocks.iter().enumerate() {
        let text = block.span.of(&doc.text);
        let found = block_runs(text);
        let first = out.len();
        for raw in &found.runs {
            let inner = text.get(raw.inner.start..raw.inner.end).unwrap_or("");
            let trimmed = inner.trim();
            if !trimmed.chars().any(char::is_alphanumeric) {
                continue;
            }
            let lead = inner.len() - inner.trim_start().len();
            let start = block.span.start + raw.inner.start + lead;
            out.push(Run {
                span: Span::new(start, start + trimmed.len()),
                outer: Span::new(block.span.start + raw.outer.start, block.span.start + raw.outer.end),
                block: index,
                closed: raw.closed,
                continues: false,
            });
        }
        let leads = out.get(first).is_some_and(|r| r.outer.start == block.span.start);
        if leads && open.is_some() && found.runs.first().map(|r| r.mark) == open {
            out[first].continues = true;
        }
        open = found.runs.last().filter(|r| !r.closed).map(|r| r.mark);
    }
    // A mark that never closes and is not taken up in the next block quotes nothing, unless it opens its block or
    // follows a colon or comma.
    let kept: Vec<bool> = out
        .iter()
        .enumerate()
        .map(|(n, run)| {
            let goes_on = out.get(n + 1).is_some_and(|next| next.continues);
            let before = doc.text.get(..run.outer.start).unwrap_or("").trim_end();
            let leads = doc.blocks.get(run.block).is_some_and(|b| b.span.start == run.outer.start);
            run.closed || goes_on || leads || before.ends_with([':', ','])
        })
        .collect();
    let mut keep = kept.iter();
    out.retain(|_| keep.next().copied().unwrap_or(true));
    out
}

/// A run within a block; spans count from the block's start.
struct Raw {
    inner: Span,
    outer: Span,
    mark: Mark,
    closed: bool,
}

struct Found {
    runs: Vec<Raw>,
}

/// Whether a mark that may open a run stands in `text`: most blocks quote nobody.
fn may_quote(text: &str) -> bool {
    let mut before = [0_u8; 2];
    text.bytes().any(|byte| {
        let opens = match byte {
            b'"' => true,
            // Behind a letter it is an apostrophe.
            b'\'' => !before[1].is_ascii_alphanumeric(),
            // The last bytes of ‘, “ and „.
            0x98 | 0x9c | 0x9e => before == [0xe2, 0x80],
            _ => false,
        };
        before = [before[1], byte];
        opens
    })
}

fn block_runs(text: &str) -> Found {
    if !may_quote(text) {
        return Found { runs: Vec::new() };
    }
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let at = |i: usize| chars.get(i).map(|c| c.1);
    let byte = |i: usize| chars.get(i).map_or(text.len(), |c| c.0);
    let before = |i: usize| i.checked_sub(1).and_then(at);
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let opens = |i: usize| {
        (blank(before(i)) || matches!(before(i), Some('(' | '[' | '—' | '–' | '-' | '/' | '“' | '‘' | '"' | '\'')))
            && !blank(at(i + 1))
    };
    // An opening mark with nothing behind it is a closing one turned round.
    let closes_single = |i: usize| match at(i) {
        Some('’' | '\'') => !blank(before(i)) && !word(at(i + 1)),
        Some('‘') => blank(at(i + 1)),
        _ => false,
    };
    let opens_single =
        |i: usize| matches!(at(i), Some('‘' | '\'')) && !word(before(i)) && opens(i) && !elision(text, byte(i + 1));
    let introduced = |i: usize| text.get(..byte(i)).is_some_and(|t| t.trim_end().ends_with([':', ',']));
    // "She said: \" (With) her help …": a mark set off by a space on both sides, where a quotation is announced.
    let spaced = |i: usize| blank(before(i)) && at(i + 1) == Some(' ') && introduced(i);
    // "… the word “banter” …": an opening mark in the middle of a sentence, its closing one further on.
    let last_double = chars.iter().rposition(|c| c.1 == '”');
    let announced = |i: usize| i == 0 || introduced(i);
    let within_words = |i: usize| {
        let last = chars.get(..i).and_then(|c| c.iter().rev().find(|c| !c.1.is_whitespace()));
        last.is_some_and(|c| c.1.is_alphanumeric()) && last_double > Some(i)
    };
    // For each place: the next one at or after it where a single mark closes, and where one opens; how many curly
    // double marks open and close from it on.
    let n = chars.len();
    let mut next_close = vec![usize::MAX; n + 1];
    let mut next_open = vec![usize::MAX; n + 1];
    let mut balance = vec![0_i32; n + 1];
    for i in (0..n).rev() {
        next_close[i] = if closes_single(i) { i } else { next_close[i + 1] };
        next_open[i] = if opens_single(i) { i } else { next_open[i + 1] };
        balance[i] = balance[i + 1] + i32::from(at(i) == Some('”')) - i32::from(at(i) == Some('“'));
    }
    let mut runs: Vec<Raw> = Vec::new();
    // The open mark, where it stands, and how many of its kind are open within it.
    let mut open: Option<(Mark, usize, usize)> = None;
    let mut i = 0;
    while i < n {
        let c = chars[i].1;
        let mut close = |open: &mut Option<(Mark, usize, usize)>, end: usize, after: usize, closed: bool| {
            if let Some((mark, start, _)) = open.take() {
                let inner = Span::new(byte(start + 1), byte(end));
                runs.push(Raw { inner, outer: Span::new(byte(start), byte(after)), mark, closed });
            }
        };
        match open {
            None => {
                let mark = match c {
                    '“' | '„' => Some(Mark::Double),
                    '"' if opens(i) || spaced(i) => Some(Mark::StraightDouble),
                    '‘' if opens_single(i) && (next_close[i + 1] < n || i == 0 || introduced(i)) => {
                        Some(Mark::Single)
                    }
                    '\'' if opens_single(i) && next_close[i + 1] < n => Some(Mark::StraightSingle),
                    _ => None,
                };
                open = mark.map(|m| (m, i, 0));
            }
            Some((Mark::Double, start, depth)) => match c {
                // An opening mark inside a run: a quotation in it if enough marks close later, else the run's own
                // closing mark is missing or wrong.
                '“' if blank(at(i + 1)) || i + 1 == n => close(&mut open, i, i + 1, true),
                '“' if balance[i] > 0 || announced(start) && within_words(i) => {
                    open = Some((Mark::Double, start, depth + 1));
                }
                '“' => {
                    close(&mut open, i, i, true);
                    open = Some((Mark::Double, i, 0));
                }
                '”' if depth > 0 => open = Some((Mark::Double, start, depth - 1)),
                '”' => close(&mut open, i, i + 1, true),
                '"' if !opens(i) => close(&mut open, i, i + 1, true),
                _ => {}
            },
            Some((Mark::StraightDouble, start, depth)) => {
                if c == '"' {
                    if opens(i) && word(at(i + 1)) && before(i).is_some_and(char::is_whitespace) {
                        open = Some((Mark::StraightDouble, start, depth + 1));
                    } else if depth > 0 {
                        open = Some((Mark::StraightDouble, start, depth - 1));
                    } else {
                        close(&mut open, i, i + 1, true);
                    }
                }
            }
            Some((Mark::Single | Mark::StraightSingle, ..)) => {
                if closes_single(i) {
                    // "the officers’ cameras": an apostrophe, if the run closes later and before another opens.
                    let plural = matches!(before(i), Some('s' | 'S')) && at(i + 1) == Some(' ') && word(at(i + 2));
                    let later = next_close[i + 1];
                    if !(plural && later < n && later < next_open[i + 1]) {
                        close(&mut open, i, i + 1, true);
                    }
                }
            }
        }
        i += 1;
    }
    if let Some((mark, start, _)) = open {
        let inner = Span::new(byte(start + 1), text.len());
        runs.push(Raw { inner, outer: Span::new(byte(start), text.len()), mark, closed: false });
    }
    Found { runs }
}

/// Whether a word that begins with an apostrophe stands at `start` (’em, ’90s).
fn elision(text: &str, start: usize) -> bool {
    let word: String = text
        .get(start..)
        .unwrap_or("")
        .chars()
        .take_while(|c| c.is_alphanumeric())
        .take(8)
        .flat_map(char::to_lowercase)
        .collect();
    let digits = word.trim_end_matches('s');
    words().elisions.contains(&word)
        || digits.len() == 2 && digits.chars().all(|c| c.is_ascii_digit()) && word.ends_with('s')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Article, Block, BlockKind};

    fn check(paragraphs: &[&str], expected: &[&str]) {
        let block = |text: &&str| Block { kind: BlockKind::Paragraph, text: (*text).to_owned() };
        let doc = Doc::new(&Article { blocks: paragraphs.iter().map(block).collect(), ..Article::default() });
        let runs = runs(&doc);
        let got: Vec<String> =
            runs.iter().map(|r| format!("{}{}", if r.continues { "+" } else { "" }, doc.slice(r.span))).collect();
        assert_eq!(got, expected, "{paragraphs:?}");
    }

    #[test]
    fn every_kind_of_mark_is_read() {
        check(&["He said: “We went home.” She left."], &["We went home."]);
        check(&["He said: \"We went home.\" She left."], &["We went home."]);
        check(&["He said: ‘We went home.’ She left."], &["We went home."]);
        check(&["He said: 'We went home.' She left."], &["We went home."]);
    }

    #[test]
    fn apostrophes_are_no_marks() {
        check(&["The officers’ union isn’t the force’s. Get ’em."], &[]);
        check(&["He called it ‘the officers’ own fault’ and left."], &["the officers’ own fault"]);
        check(&["‘It’s Ann’s,’ he said. ‘Don’t.’"], &["It’s Ann’s,", "Don’t."]);
        check(&["The '90s rock 'n' roll of the girls' school"], &[]);
        check(&["It was 6\" long."], &[]);
    }

    #[test]
    fn quotations_in_quotations_stay_inside() {
        check(&["“She said: ‘Go.’ I went.”"], &["She said: ‘Go.’ I went."]);
        check(&["“They call it “banter” there.”"], &["They call it “banter” there."]);
        check(&["\"The word \"banter\" is wrong.\""], &["The word \"banter\" is wrong."]);
        check(&["‘He said “no” twice.’"], &["He said “no” twice."]);
        let open = "Ann said: “The word “banter”, in my view, is wrong.";
        check(&[open, "“It is.”"], &["The word “banter”, in my view, is wrong.", "+It is."]);
    }

    #[test]
    fn a_run_goes_on_where_the_next_block_opens_with_a_mark() {
        check(&["Ann said: “One.", "“Two.", "“Three.” She left."], &["One.", "+Two.", "+Three."]);
        check(&["Ann said: ‘One.", "‘Two.’"], &["One.", "+Two."]);
        check(&["Ann said: “One.”", "“Two.”"], &["One.", "Two."]);
    }

    #[test]
    fn wrong_and_missing_marks_do_not_swallow_the_text() {
        check(&["“One. He left.", "Then “two” came."], &["One. He left.", "two"]);
        check(&["A stray “ mark stands here and no more."], &[]);
        check(&["“One.“", "Two."], &["One."]);
        check(&["“One. “Two,” he said. “Three.”"], &["One.", "Two,", "Three."]);
        for text in ["She said: “ (Then) we went.”", "She said: \" (Then) we went.\""] {
            check(&[text], &["(Then) we went."]);
        }
        for text in ["“One. “", "‘One. ‘"] {
            check(&[text, "Two."], &["One."]);
        }
    }

    #[test]
    fn a_thousand_marks_cost_no_more_than_their_length() {
        for mark in ["“", "\"", "‘", "'", "“a", "\" \"", "‘x’s "] {
            let text = format!("{} end {}", mark.repeat(20_000), "”".repeat(1000));
            let block = Block { kind: BlockKind::Paragraph, text };
            runs(&Doc::new(&Article { blocks: vec![block], ..Article::default() }));
        }
    }
}
