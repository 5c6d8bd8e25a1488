//! The language of a text.

use whatlang::{Info, Lang};

/// Characters that nearly always tell; detecting costs time by the character.
const GLANCE: usize = 400;
/// Characters that are looked at where a glance does not tell.
const LOOK: usize = 2_000;

/// Words that are common in English and in no other language.
const ENGLISH: [&str; 20] = [
    "the", "and", "that", "with", "which", "were", "been", "from", "said", "after", "who", "his", "she", "they",
    "this", "would", "their", "should", "about", "could",
];
/// So many of them, and one word in so many, make a text English beyond doubt.
const ENGLISH_WORDS: usize = 5;
const ENGLISH_SHARE: usize = 12;

/// The beginning of `text`.
fn start(text: &str, length: usize) -> &str {
    text.char_indices().nth(length).map_or(text, |(end, _)| text.get(..end).unwrap_or(text))
}

/// Whether the commonest words at the beginning of `text` are English ones. Detecting costs a hundred times as much, and
/// nearly all texts are English.
pub(in crate::stages) fn is_plainly_english(text: &str) -> bool {
    let text = start(text, GLANCE);
    let mut words = 0;
    let mut english = 0;
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
        words += 1;
        let short = (3..=6).contains(&word.len());
        english += usize::from(short && ENGLISH.iter().any(|e| word.eq_ignore_ascii_case(e)));
    }
    english >= ENGLISH_WORDS && english * ENGLISH_SHARE >= words
}

/// The language of `text`, where there is enough of it to tell.
pub(in crate::stages) fn detect(text: &str) -> Option<Lang> {
    let reliable = |text: &str| whatlang::detect(text).filter(Info::is_reliable).map(|found| found.lang());
    let glance = start(text, GLANCE);
    if glance.len() < text.len() && is_plainly_english(glance) {
        return Some(Lang::Eng);
    }
    // Another language at a glance is looked at again: a quotation or a name may stand first.
    match reliable(glance) {
        Some(Lang::Eng) => Some(Lang::Eng),
        found if glance.len() == text.len() => found,
        _ => reliable(start(text, LOOK)),
    }
}

#[cfg(test)]
mod tests {
    use super::{detect, is_plainly_english};
    use whatlang::Lang;

    #[test]
    fn a_glance_tells_english_and_a_look_the_rest() {
        let english =
            "The officer was dismissed without notice after a hearing at headquarters, the force said. ".repeat(10);
        let french = "Le policier a été révoqué après une audience au siège de la police, a déclaré le porte-parole. "
            .repeat(10);
        assert!(is_plainly_english(&english) && !is_plainly_english(&french));
        for (text, expected) in [(english, Some(Lang::Eng)), (french, Some(Lang::Fra)), (String::new(), None)] {
            assert_eq!(detect(&text), expected, "{}", text.chars().take(60).collect::<String>());
        }
    }
}
