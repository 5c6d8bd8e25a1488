//! The form of a line: is it prose, a headline, a label?

/// Whether `text` ends like a sentence (or like the announcement of a quotation or list).
pub(super) fn is_terminated(text: &str) -> bool {
    let end = text.trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, '"' | '“' | '”' | '‘' | '’' | '\'' | ')' | ']' | '»' | '*' | '_')
    });
    end.chars().next_back().is_some_and(|c| {
        matches!(c, '.' | '!' | '?' | '…' | ':' | ';' | '。' | '！' | '？' | '؟' | '۔' | '।' | '։' | ',')
    })
}

/// Whether `text` ends with a full stop, not with a mark a headline may end with.
pub(super) fn is_full_sentence(text: &str) -> bool {
    is_terminated(text)
        && !text.trim_end().ends_with(['?', '!', ':', ';', ',', '…'])
        && !text.trim_end_matches(['’', '\'', '"', '”']).ends_with(['?', '!'])
}

/// Number of words.
pub(super) fn words(text: &str) -> usize {
    text.split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric)).count()
}

/// Whether `text` is a menu or a breadcrumb: short pieces between bars, arrows or dots.
pub(super) fn is_menu(text: &str) -> bool {
    ['|', '>', '›', '»', '•', '·', '/', '→'].iter().any(|mark| {
        let gap = format!(" {mark} ");
        let pieces: Vec<&str> = text.split(gap.as_str()).map(str::trim).collect();
        let bar = pieces.len() >= 3 || (pieces.len() == 2 && matches!(mark, '|'));
        bar && pieces.iter().all(|p| words(p) <= 6) && !is_full_sentence(text)
    })
}

/// The words of a text, as far as they tell what it is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Stems(Vec<u128>);

impl Stems {
    /// Number of different words.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many words both have.
    pub(super) fn shared(&self, other: &Self) -> usize {
        self.0.iter().filter(|stem| other.0.binary_search(stem).is_ok()).count()
    }

    /// Whether no word is shared.
    pub(super) fn is_disjoint(&self, other: &Self) -> bool {
        !self.0.iter().any(|stem| other.0.binary_search(stem).is_ok())
    }

    /// The words of all of `texts`.
    pub(super) fn of_all<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut all = Vec::new();
        texts.into_iter().for_each(|text| push_stems(text, &mut all));
        all.sort_unstable();
        all.dedup();
        Self(all)
    }
}

/// Words of at least four letters, in lower case, cut to their first six letters (a cheap stem).
pub(super) fn stems(text: &str) -> Stems {
    Stems::of_all([text])
}

/// A stem is a number of six times 21 bits, a letter each.
fn push_stems(text: &str, out: &mut Vec<u128>) {
    let long = |w: &&str| w.chars().nth(3).is_some();
    let pack =
        |w: &str| w.chars().flat_map(char::to_lowercase).take(6).fold(0, |n, c| n << 21 | u128::from(u32::from(c)));
    out.extend(text.split(|c: char| !c.is_alphanumeric()).filter(long).map(pack));
}

/// Whether two words in a row, or one after a title, look like a person's name inside a line written as a sentence.
pub(super) fn holds_name(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let capital =
        |w: &str| w.chars().next().is_some_and(char::is_uppercase) && w.chars().skip(1).any(char::is_lowercase);
    words.windows(2).any(|w| capital(w[0]) && capital(w[1]))
        && !words.iter().all(|w| capital(w) || w.chars().count() <= 3)
}

/// Whether `text` is a mark or a short number alone: a counter of the page.
pub(super) fn says_nothing(text: &str) -> bool {
    words(text) == 0 || (text.chars().all(|c| !c.is_alphabetic()) && text.chars().count() <= 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end() {
        for (text, expected) in [
            ("He left.", true),
            ("He left.”", true),
            ("isolated to the Met. “", true),
            ("Inspector Orr said:", true),
            ("to review its policy;", true),
            ("Sergeant cleared of theft", false),
            ("‘I was lied to’", false),
        ] {
            assert_eq!(is_terminated(text), expected, "{text}");
        }
    }

    #[test]
    fn menus_have_short_pieces() {
        for (text, expected) in [
            ("News | Jobs | Magazine", true),
            ("Home > About us > Outcomes", true),
            ("Email | Print", true),
            ("He said: yes | no, and then he left the room.", false),
            ("A sergeant was cleared", false),
        ] {
            assert_eq!(is_menu(text), expected, "{text}");
        }
    }
}
