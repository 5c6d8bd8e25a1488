//! What the words beside a name tell of its bearer: rank, force, office, sex.

use super::*;
use std::sync::LazyLock;

/// "dc" of "t/dc".
fn unprefixed(word: &str) -> &str {
    if word.bytes().any(|b| b == b'/') { word.rsplit_once('/').map_or(word, |(_, rank)| rank) } else { word }
}

/// One spelling for each rank.
pub(super) fn rank(word: &str) -> Option<&'static str> {
    // "t/dc", "a/sgt": temporary, acting.
    let word = unprefixed(word);
    Some(match word {
        "constable" | "constables" | "pc" | "pcs" | "wpc" | "dc" | "dcs" | "wdc" | "tdc" | "patrolman"
        | "patrolmen" => "constable",
        "sergeant" | "sergeants" | "sgt" | "sgts" | "ds" => "sergeant",
        "inspector" | "inspectors" | "insp" | "di" | "dci" | "ci" | "tdi" | "tdci" => "inspector",
        "superintendent" | "superintendents" | "supt" | "dsu" | "dsupt" | "csupt" | "dcsupt" => "superintendent",
        "commander" | "cdr" => "commander",
        "commissioner" | "dac" | "ac" => "commissioner",
        "dcc" | "acc" => "chief",
        "pcso" | "pcsos" => "pcso",
        _ => return None,
    })
}

pub(super) fn ranks_of<S: AsRef<str>>(words: &[S]) -> BTreeSet<&'static str> {
    let mut out = BTreeSet::new();
    for (i, word) in words.iter().enumerate() {
        let word = word.as_ref();
        let before = i.checked_sub(1).and_then(|k| words.get(k)).map_or("", AsRef::as_ref);
        let abbreviated = word == "con" && matches!(before, "det" | "ch");
        if let Some(r) = rank(word).or(abbreviated.then_some("constable")) {
            out.insert(if r == "constable" && matches!(before, "chief" | "ch") { "chief" } else { r });
        }
        let word = unprefixed(word);
        if matches!(
            word,
            "detective" | "det" | "detectives" | "dc" | "dcs" | "wdc" | "ds" | "di" | "dci" | "tdc" | "tdi"
        ) {
            out.insert("detective");
        }
    }
    out
}

/// Whether what stands before a name ends at `word`: no title holds it.
fn before_a_title(word: &str) -> bool {
    matches!(
        word,
        "by" | "to"
            | "with"
            | "that"
            | "and"
            | "said"
            | "told"
            | "for"
            | "from"
            | "against"
            | "in"
            | "at"
            | "on"
            | "when"
            | "after"
            | "over"
            | "about"
            | "as"
            | "was"
            | "is"
            | "are"
            | "were"
            | "be"
            | "been"
            | "has"
            | "had"
            | "have"
            | "will"
            | "would"
            | "who"
            | "whom"
            | "which"
            | "whose"
            | "since"
            | "until"
            | "before"
            | "because"
            | "but"
            | "or"
            | "than"
            | "if"
            | "while"
            | "whether"
            | "where"
            | "how"
            | "into"
            | "towards"
            | "between"
            | "during"
            | "under"
            | "behind"
            | "alongside"
            | "including"
            | "like"
            | "it"
            | "he"
            | "she"
            | "they"
    )
}

/// Words of those who act in a case for the court.
pub(super) const COURT: &[&str] =
    &["judge", "justice", "sheriff", "coroner", "recorder", "kc", "qc", "prosecutor", "barrister", "lord", "chair"];

/// The sex that a title or a noun for a person tells.
fn sex(word: &str) -> Option<char> {
    match word {
        "mr" | "sir" | "lord" | "man" | "boy" | "father" | "husband" | "brother" | "son" | "policeman" | "widower"
        | "uncle" | "nephew" | "grandfather" | "cllr-m" => Some('m'),
        "mrs" | "ms" | "miss" | "dame" | "lady" | "woman" | "girl" | "mother" | "wife" | "sister" | "daughter"
        | "policewoman" | "widow" | "aunt" | "niece" | "grandmother" | "mum" | "mum-of-three" | "mum-of-two" => {
            Some('f')
        }
        _ => None,
    }
}

pub(super) fn sex_of(words: &[&str]) -> Option<char> {
    let mut told = words.iter().filter_map(|w| sex(w));
    let first = told.next()?;
    told.all(|sex| sex == first).then_some(first)
}

/// The forms of the built-in bodies as they stand among words, each with its body's id.
static FORMS: LazyLock<Vec<(&str, String)>> = LazyLock::new(|| {
    let forms = known_body_ids().flat_map(|id| known_body_forms(id).map(move |form| (id, form.to_lowercase())));
    forms.filter(|(_, form)| form.len() > 2).map(|(id, form)| (id, format!(" {form} "))).collect()
});

/// A person's own words in the article: before the name, inside it, and in apposition.
pub(super) fn evidence(
    cast: &mut Cast,
    doc: &Doc,
    named: &Named,
    standing: &Standing,
    mention_of: &[Option<usize>],
    parsed: &[Parsed],
) {
    for (m, mention) in named.mentions.iter().enumerate() {
        if mention.kind != EntityKind::Person {
            continue;
        }
        if mention.nominal {
            // "A former Kent Police sergeant" stands for somebody: he or she is one.
            if let Some(&who) = cast.by_key.get(&mention.entity) {
                let words: Vec<String> = doc
                    .tokens
                    .iter()
                    .skip(doc.tokens.partition_point(|t| t.span.end <= mention.span.start))
                    .take_while(|t| t.span.start < mention.span.end)
                    .map(|t| t.lower.clone())
                    .collect();
                let borrowed: Vec<&str> = words.iter().map(String::as_str).collect();
                // With what follows: "a former inspector" may be one "with East Yorkshire buses".
                let after = doc.tokens.partition_point(|t| t.span.start < mention.span.end);
                let goes_on = doc.tokens.iter().skip(after).take(6).map(|t| t.lower.clone());
                let with: Vec<String> =
                    words.iter().cloned().chain(goes_on.take_while(|w| w != "," && w != ".")).collect();
                let (police, official, ranks, sex) = (
                    standing.officer(&words) && standing.officer(&with),
                    standing.official(&words),
                    ranks_of(&words),
                    sex_of(&borrowed),
                );
                // A force named inside the description is no mention of its own.
                let text = format!(" {} ", words.join(" "));
                if police
                    && ["police", "constabulary", "met", "psni", "gmp", "btp"]
                        .iter()
                        .any(|w| words.iter().any(|x| x == w))
                {
                    let inside = FORMS.iter().find(|(_, form)| text.contains(form.as_str())).map(|(id, _)| *id);
                    let inside = inside
                        .map(str::to_owned)
                        .or_else(|| text.contains(" met ").then(|| "metropolitan-police".to_owned()));
                    if let Some(id) = inside {
                        let kind = standing.body(&id, &id.replace('-', " "));
                        if kind == BodyKind::Force {
                            cast.kinds.entry(id.clone()).or_insert(kind);
                            if !cast.people[who].own.contains(&id) {
                                cast.people[who].own.push(id);
                            }
                        }
                    }
                }
                let person = &mut cast.people[who];
                person.police |= police && !official;
                person.official |= official;
                person.ranks.extend(ranks);
                person.sex = person.sex.or(sex);
                person.words.extend(words);
            }
            continue;
        }
        let Some(&who) = cast.by_key.get(&mention.entity) else { continue };
        let Some(sentence) = doc.sentence_at(mention.span.start) else { continue };
        let range = doc.sentences[sentence].first..doc.sentences[sentence].last;
        let Some(start) = range.clone().find(|&i| mention_of[i] == Some(m)) else { continue };
        let end = range.clone().rev().find(|&i| mention_of[i] == Some(m)).map_or(start + 1, |i| i + 1);
        let word = |i: usize| doc.tokens[i].lower.as_str();
        let mut words: Vec<&str> = (start..end).map(word).collect();
        let mut own: Vec<String> = Vec::new();
        let force_at = |i: usize| {
            mention_of[i]
                .and_then(|k| named.mentions.get(k))
                .filter(|k| k.kind == EntityKind::Body)
                .map(|k| k.entity.clone())
        };
        // Before the name: "Greater Manchester Police sergeant", "former Met constable".
        let mut i = start;
        let mut title: Vec<&str> = Vec::new();
        while i > range.start && start - i < 9 {
            let prev = &doc.tokens[i - 1];
            if prev.shape == Shape::Punctuation && !matches!(prev.lower.as_str(), "'") {
                break;
            }
            let lower = prev.lower.as_str();
            // "chief constable of Kent Police Jo Orr", not "the death of".
            let of_body = lower == "of" && i < start && (i..start).all(|k| force_at(k).is_some());
            let verb = parsed[sentence].words.get(i - 1 - range.start).is_some_and(|w| w.verb.is_some())
                && !standing.rank(lower)
                && prev.shape != Shape::Capitalised;
            // "shot dead Jo Orr" is done to her; "the sacked constable Jo Orr" is told of her.
            let acts = verb && !title.iter().any(|w| standing.rank(w));
            let time = parsed[sentence].words.get(i - 1 - range.start).is_some_and(|w| w.time);
            if before_a_title(lower) || lower == "of" && !of_body || acts || time {
                break;
            }
            if mention_of[i - 1]
                .and_then(|k| named.mentions.get(k))
                .is_some_and(|k| k.kind == EntityKind::Person && k.entity != mention.entity)
            {
                break;
            }
            if let Some(body) = force_at(i - 1) {
                own.push(body);
            }
            title.push(lower);
            i -= 1;
        }
        title.reverse();
        words.splice(0..0, title);
        // "the chief constable, Anthea Broughton," and "The force's chief, X,": apposition before the name.
        if i == start && start > range.start + 1 && word(start - 1) == "," {
            let mut j = start - 1;
            let mut back = Vec::new();
            while j > range.start && start - j < 10 {
                let lower = word(j - 1);
                if matches!(
                    lower,
                    "," | "."
                        | ":"
                        | ";"
                        | "“"
                        | "by"
                        | "to"
                        | "with"
                        | "that"
                        | "and"
                        | "said"
                        | "told"
                        | "after"
                        | "before"
                        | "from"
                ) || mention_of[j - 1]
                    .and_then(|k| named.mentions.get(k))
                    .is_some_and(|k| k.kind == EntityKind::Person)
                {
                    break;
                }
                back.push(j - 1);
                j -= 1;
            }
            let text: Vec<&str> = back.iter().rev().map(|&k| word(k)).collect();
            let starts =
                text.first().is_some_and(|w| matches!(*w, "the" | "its" | "their" | "a" | "his" | "her" | "an"));
            let verbless = !text.iter().any(|w| matches!(*w, "was" | "is" | "had" | "has" | "said" | "were" | "will"));
            if starts && verbless && text.len() < 9 {
                words.extend(&text);
                own.extend(back.iter().filter_map(|&k| force_at(k)));
            }
        }
        // "Mr Briggs' mother, Margaret,": kin named by the given name alone.
        if i == start && start >= range.start + 2 && word(start - 1) == "," && end == start + 1 {
            words.extend(sex_of(&[word(start - 2)]).map(|_| word(start - 2)));
        }
        if end < range.end && matches!(word(end), "kc" | "qc") {
            words.push(word(end));
        }
        // After the name: ", 38, of Kent Police,", ", a constable with Kent Police,", ", who serves with Kent Police,".
        let mut j = end;
        if j < range.end && word(j) == "'s" {
            j = range.end;
        }
        if j < range.end && word(j) == "," {
            let mut segments = 0;
            let mut k = j + 1;
            while k < range.end && segments < 4 {
                let stop = (k..range.end.min(k + 22))
                    .find(|&x| matches!(word(x), "," | "." | ":" | ";" | "“" | "\"" | "–"))
                    .unwrap_or(range.end.min(k + 22));
                let segment: Vec<&str> = (k..stop).map(word).collect();
                let other = (k..stop).any(|x| {
                    mention_of[x]
                        .and_then(|n| named.mentions.get(n))
                        .is_some_and(|n| n.kind == EntityKind::Person && n.entity != mention.entity)
                });
                let first = segment.first().copied().unwrap_or("");
                let number = segment.len() <= 2
                    && segment.iter().all(|w| w.chars().all(|c| c.is_ascii_digit()) || *w == "now" || *w == "then");
                let opens = matches!(
                    first,
                    "of" | "both"
                        | "all"
                        | "also"
                        | "a"
                        | "an"
                        | "the"
                        | "once"
                        | "now"
                        | "formerly"
                        | "head"
                        | "chair"
                        | "president"
                        | "who"
                        | "based"
                        | "from"
                        | "its"
                        | "then"
                        | "deputy"
                        | "assistant"
                        | "chief"
                        | "for"
                        | "one"
                ) || standing.rank(first)
                    || (k..stop).next().is_some_and(|x| force_at(x).is_some());
                if number {
                    k = stop + 1;
                    segments += 1;
                    continue;
                }
                if segment.contains(&"tipped") || !opens || other && first != "the" {
                    break;
                }
                let relative = first == "who";
                // "who has been acting chief constable since"
                let been = usize::from(matches!(segment.get(1..3), Some(["has" | "had", "been"])));
                let became = relative
                    && (been == 1 || segment.get(1).is_some_and(|w| matches!(*w, "became" | "is" | "was" | "becomes")))
                    && standing.officer(segment.get(2 + been..segment.len().min(7)).unwrap_or(&[]))
                    && !segment.contains(&"by");
                if relative
                    && !became
                    && !segment.iter().any(|w| {
                        matches!(
                            *w,
                            "serves"
                                | "serve"
                                | "served"
                                | "joined"
                                | "leads"
                                | "runs"
                                | "works"
                                | "worked"
                                | "heads"
                                | "chairs"
                        )
                    })
                {
                    break;
                }
                if !other {
                    let upto = segment
                        .iter()
                        .position(|w| matches!(*w, "said" | "told" | "was" | "has" | "had" | "is" | "will" | "accused"))
                        .unwrap_or(segment.len());
                    // "the murder of Dalby, the search of a child and officers being caught": no longer of the name.
                    let list = segment.windows(2).position(|w| {
                        w[0] == "and" && matches!(w[1], "officers" | "police" | "detectives" | "constables")
                    });
                    let upto = list.map_or(upto, |k| k.min(upto));
                    if first != "for" {
                        words.extend(segment.iter().take(upto));
                    }
                    own.extend((k..k + upto).filter_map(force_at));
                }
                k = stop + 1;
                segments += 1;
            }
        }
        // "PCs Ann Orr and Lee Hale": the rank holds for both.
        if i == start
            && start >= range.start + 2
            && matches!(word(start - 1), "and" | ",")
            && let Some(before) = mention_of[start - 2]
        {
            let first = (range.start..start - 1).find(|&k| mention_of[k] == Some(before)).unwrap_or(start - 2);
            let lead = first.checked_sub(1).filter(|&k| k >= range.start).map_or("", |k| word(k));
            let inside = word(first);
            for plural in [lead, inside] {
                if matches!(
                    plural,
                    "pcs" | "constables" | "sergeants" | "sgts" | "officers" | "dcs" | "detectives" | "inspectors"
                ) {
                    words.push(plural);
                }
            }
        }
        // "Ann Orr and Lee Hale, both constables": what follows the last name of a list holds for the one before it.
        if end + 1 < range.end
            && word(end) == "and"
            && let Some(next) = mention_of[end + 1]
            && named.mentions.get(next).is_some_and(|n| n.kind == EntityKind::Person)
        {
            let after = (end + 1..range.end).find(|&k| mention_of[k] != Some(next)).unwrap_or(range.end);
            let both = after + 1 < range.end && word(after) == "," && matches!(word(after + 1), "both" | "all");
            if both {
                words.extend((after + 1..range.end.min(after + 9)).map(word).take_while(|w| !matches!(*w, "," | ".")));
            }
        }
        // "Colin Marsh of Kent Police", "Jo Orr, of the Met,": of the force.
        let of = (end..range.end.min(end + 5))
            .find(|&k| word(k) == "of")
            .filter(|&k| (end..k).all(|x| matches!(word(x), "," | "also") || doc.tokens[x].shape == Shape::Number));
        let of_force = of.and_then(|k| (k + 1..range.end.min(k + 3)).find_map(force_at));
        own.extend(of_force.clone());
        let police = standing.officer(&words) || of_force.is_some_and(|b| cast.kind(&b) == BodyKind::Force);
        let official = standing.official(&words);
        let ranks = ranks_of(&words);
        let sex = sex_of(&words);
        let kinds: Vec<(String, BodyKind)> = own.iter().map(|b| (b.clone(), cast.kind(b))).collect();
        let person = &mut cast.people[who];
        person.police |= police && !(official && ranks.iter().all(|r| *r == "commissioner" || *r == "inspector"));
        person.official |= official;
        person.ranks.extend(ranks);
        person.sex = person.sex.or(sex);
        person.words.extend(words.iter().map(|w| (*w).to_owned()));
        if person.given.is_none() && end - start >= 2 {
            // The last word is the surname, which may be a given name too.
            let male = (start..end - 1).map(word).find_map(word_is_male);
            person.given = male.map(|male| if male { 'm' } else { 'f' });
        }
        for (body, kind) in kinds {
            let fits = match kind {
                BodyKind::Force => true,
                BodyKind::Watchdog | BodyKind::Inspectorate | BodyKind::Union | BodyKind::Prosecutor => true,
                BodyKind::Court | BodyKind::Other => false,
            };
            if kind == BodyKind::Other && !person.sides.contains(&body) {
                person.sides.push(body.clone());
            }
            if fits {
                person.official |= !matches!(kind, BodyKind::Force | BodyKind::Prosecutor);
                if !person.own.contains(&body) {
                    person.own.push(body);
                }
            }
        }
    }
}
