//! The language of a text.

use whatlang::{Info, Lang};

/// Characters that nearly always tell; detecting costs time by the character.
const GLANCE: usize = 400;
/// Characters that are looked at where a glance does not tell.
const LOOK: usize = 2_000;

/// The language of `text`, where there is enough of it to tell.
pub(in crate::stages) fn detect(text: &str) -> Option<Lang> {
    let start =
        |length: usize| text.char_indices().nth(length).map_or(text, |(end, _)| text.get(..end).unwrap_or(text));
    let reliable = |text: &str| whatlang::detect(text).filter(Info::is_reliable).map(|found| found.lang());
    let glance = start(GLANCE);
    // Another language at a glance is looked at again: a quotation or a name may stand first.
    match reliable(glance) {
        Some(Lang::Eng) => Some(Lang::Eng),
        found if glance.len() == text.len() => found,
        _ => reliable(start(LOOK)),
    }
}

#[cfg(test)]
mod tests {
    use super::detect;
    use whatlang::Lang;

    #[test]
    fn a_glance_tells_english_and_a_look_the_rest() {
        let english =
            "The officer was dismissed without notice after a hearing at headquarters, the force said. ".repeat(10);
        let french = "Le policier a été révoqué après une audience au siège de la police, a déclaré le porte-parole. "
            .repeat(10);
        for (text, expected) in [(english, Some(Lang::Eng)), (french, Some(Lang::Fra)), (String::new(), None)] {
            assert_eq!(detect(&text), expected, "{}", text.chars().take(60).collect::<String>());
        }
    }
}
