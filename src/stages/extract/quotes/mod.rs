//! Who said what: quoted runs and their speakers.
//!
//! `marks` finds the runs, `speaker` the subject of the verb of speech beside each; a run without one of its own goes on
//! with the speaker of the run before, in the same paragraph or over paragraphs. The person spoken to is never the
//! speaker; captions are no part of the text and quote nobody. The verbs are data: `config/quotes.toml`.

mod marks;
mod scene;
mod speaker;
mod words;

use super::{Named, doc::Doc};
use crate::domain::Quote;
use marks::Run;
use scene::Scene;
use speaker::{Cue, Speakers};

/// Words up to which a run inside a sentence is a fragment.
const FRAGMENT_WORDS: usize = 9;

/// Words from which a run of which nobody is known to be the speaker is still kept.
const KEEP_WORDS: usize = 6;

/// Quotes of `doc` with their speakers, in order. A fragment of which nobody is the speaker (a nickname, a word that
/// the paper keeps at a distance) is left out.
pub fn find(doc: &Doc, named: &Named) -> Vec<Quote> {
    let runs = marks::runs(doc);
    let scene = Scene::new(doc, named, &runs);
    let mut speakers = Speakers { scene: &scene, spoken: Vec::with_capacity(runs.len()) };
    let mut out: Vec<Quote> = Vec::new();
    let mut group = 0;
    for (index, run) in runs.iter().enumerate() {
        let found = resolve(&scene, &speakers, index);
        speakers.spoken.push(found.cue.and_then(|c| c.speaker));
        if !found.same_utterance {
            group += 1;
        }
        let text = doc.slice(run.span);
        let count = text.split_whitespace().count();
        let partial = found.inside && count <= FRAGMENT_WORDS;
        let speaker = found.cue.and_then(|c| c.speaker);
        if speaker.is_none() && (partial || count < KEEP_WORDS) {
            continue;
        }
        out.push(Quote {
            text: text.to_owned(),
            span: run.span,
            speaker: speaker.map(str::to_owned),
            group,
            partial,
            rule: found.cue.map_or("none", |c| c.rule).to_owned(),
        });
    }
    out
}

/// What is found of one run.
struct Found<'a> {
    cue: Option<Cue<'a>>,
    /// Whether it is one utterance with the run before.
    same_utterance: bool,
    /// Whether it stands inside a sentence of the article.
    inside: bool,
}

fn resolve<'a>(scene: &Scene<'a>, speakers: &Speakers<'_, 'a>, index: usize) -> Found<'a> {
    let runs = scene.runs;
    let run = &runs[index];
    let previous = index.checked_sub(1).map(|p| (&runs[p], speakers.spoken.get(p).copied().flatten()));
    let before = previous.filter(|(p, _)| p.block == run.block);
    let inherited = |speaker: Option<&'a str>| Some(Cue { speaker, rule: "continued" });
    let (first, last) = scene.run_tokens[index];
    let (block_first, block_last) = scene.block_tokens(run.block);
    // The words of the same sentence that lead to the run, and those that follow it.
    let lead = lead(scene, block_first, first);
    let lead_words =
        (lead..first).filter(|i| scene.doc.slice(scene.doc.tokens[*i].span).chars().any(char::is_alphanumeric));
    let has_lead = lead_words.count() > 0;
    let text = scene.doc.slice(run.span);
    let starts_small = text.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_lowercase);
    let introduced = first.checked_sub(1).is_some_and(|p| p >= block_first && matches!(scene.lower(p), ":" | ","));
    let inside = has_lead && (starts_small || !introduced);
    if run.continues {
        let speaker = previous.and_then(|(_, s)| s);
        if speaker.is_some() {
            return Found { cue: inherited(speaker), same_utterance: true, inside: false };
        }
    }
    let ends_open = text.ends_with([',', '?', '!', '—', '–', '-', '…'])
        || !text.ends_with(['.', '\'', '’', '”', '"'])
        || scene.token(last).is_some_and(|t| t.lower == ",");
    let tail = tail(scene, last, block_last);
    let after = || if run.closed { speakers.after(last, tail, ends_open, has_lead) } else { None };
    let own = || speakers.opens_with_verb(lead, first, (first, last));
    let cue = if has_lead { own().or_else(|| speakers.before(lead, first)).or_else(after) } else { after() };
    // “One,” she said. “Two.”, “One,” she said, “and two.”
    let goes_on = before.is_some_and(|(p, speaker)| {
        let (_, p_last) = scene.run_tokens[index - 1];
        speaker.is_some() && p.closed && only_a_cue(scene, p_last, first)
    });
    if let Some((_, speaker)) = before.filter(|(_, s)| s.is_some()) {
        let own = cue.filter(|c| c.speaker.is_some());
        let same_utterance = goes_on && own.is_none_or(|c| c.speaker == speaker);
        let unnamed = cue.is_some_and(|c| c.speaker.is_none()) && !same_utterance;
        let cue = own.or_else(|| if unnamed { cue } else { inherited(speaker) });
        return Found { cue, same_utterance, inside: inside && !same_utterance };
    }
    if cue.is_some() || has_lead {
        return Found { cue, same_utterance: false, inside };
    }
    // A paragraph that opens with a quotation and does not say whose: the paragraph before introduces it, or its speaker
    // goes on.
    let cue = (first == block_first).then(|| opening(scene, speakers, run)).flatten();
    Found { cue, same_utterance: false, inside }
}

/// The first token of the sentence part that leads to token `first`, not before `floor` and after any run.
fn lead(scene: &Scene, floor: usize, first: usize) -> usize {
    let mut i = first;
    while i > floor && scene.run(i - 1).is_none() && scene.sentence(i - 1) == scene.sentence(first) {
        i -= 1;
    }
    i
}

/// One past the last token of the sentence part that follows token `last`, not beyond `ceiling` and before any run.
fn tail(scene: &Scene, last: usize, ceiling: usize) -> usize {
    let sentence = scene.sentence(last);
    let mut i = last;
    while i < ceiling && scene.run(i).is_none() && scene.sentence(i) == sentence {
        i += 1;
    }
    i
}

/// Whether the tokens `first..last` between two runs are one cue and no more: at most one sentence of at most 14 words.
fn only_a_cue(scene: &Scene, first: usize, last: usize) -> bool {
    let ends = (first..last).filter(|i| matches!(scene.lower(*i), "." | "!" | "?")).count();
    ends <= 1 && last - first <= 18
}

/// The speaker of a run that opens its paragraph without a cue.
fn opening<'a>(scene: &Scene<'a>, speakers: &Speakers<'_, 'a>, run: &Run) -> Option<Cue<'a>> {
    let before = run.block.checked_sub(1)?;
    let (first, last) = scene.block_tokens(before);
    let end = last.checked_sub(1).filter(|e| *e >= first)?;
    if scene.lower(end) == ":" {
        let start = lead(scene, first, end);
        return speakers.before(start, last);
    }
    let quoted = (first..last).rev().find_map(|i| scene.run(i))?;
    let speaker = speakers.spoken.get(quoted).copied().flatten()?;
    Some(Cue { speaker: Some(speaker), rule: "continued" })
}

#[cfg(test)]
mod tests;
