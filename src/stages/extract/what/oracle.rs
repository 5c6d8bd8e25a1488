//! Reports measured on the labelled articles with the labelled mentions and quotes handed in.

use super::*;
use crate::domain::{Block, Entity, EntityKind, Mention, Span};
use crate::stages::extract::Named;
use serde_json::{Value, json};
use std::path::PathBuf;

fn shared() -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if path.exists() {
        return Some(path);
    }
    assert!(std::env::var_os("CI").is_none(), "../shared is absent under CI");
    println!("skipped: ../shared is absent");
    None
}

fn article(gold: &Value) -> Article {
    let text = gold["clean_text"].as_str().unwrap();
    let blocks = text.split("\n\n").map(|t| Block { kind: BlockKind::Paragraph, text: t.to_owned() }).collect();
    let time = |k: &str| crate_time(gold[k].as_str()?);
    Article {
        headline: gold["headline"].as_str().map(str::to_owned),
        standfirst: gold["standfirst"].as_str().map(str::to_owned),
        outlet: gold["outlet"].as_str().map(str::to_owned),
        published: time("published"),
        modified: time("modified"),
        blocks,
        ..Article::default()
    }
}

fn crate_time(text: &str) -> Option<jiff::Timestamp> {
    let full = if text.len() == 7 { format!("{text}-15") } else { text.to_owned() };
    full.parse::<jiff::Timestamp>()
        .ok()
        .or_else(|| full.parse::<Date>().ok()?.in_tz("Europe/London").ok().map(|z| z.timestamp()))
}

fn named(gold: &Value, watched: &[String], nominals: bool) -> Named {
    let text = gold["clean_text"].as_str().unwrap();
    let bytes: Vec<usize> = text.char_indices().map(|(b, _)| b).chain([text.len()]).collect();
    let kind = |k: &str| match k {
        "person" => EntityKind::Person,
        "body" => EntityKind::Body,
        _ => EntityKind::Place,
    };
    let entities = gold["entities"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(id, e)| Entity {
            key: id.clone(),
            name: e["name"].as_str().unwrap().to_owned(),
            kind: kind(e["kind"].as_str().unwrap()),
            watched: watched.contains(id),
            role: None,
            bodies: Vec::new(),
            candidates: Vec::new(),
        })
        .collect();
    let mut mentions: Vec<Mention> = gold["mentions"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|m| nominals || m["nominal"] != json!(true))
        .map(|m| Mention {
            span: Span::new(bytes[m["start"].as_u64().unwrap() as usize], bytes[m["end"].as_u64().unwrap() as usize]),
            kind: kind(m["kind"].as_str().unwrap()),
            entity: m["entity"].as_str().unwrap().to_owned(),
            nominal: m["nominal"] == json!(true),
            rule: String::new(),
        })
        .collect();
    mentions.sort_by_key(|m| m.span);
    Named { entities, mentions }
}

fn quotes(gold: &Value) -> Vec<Quote> {
    let text = gold["clean_text"].as_str().unwrap();
    let bytes: Vec<usize> = text.char_indices().map(|(b, _)| b).chain([text.len()]).collect();
    let mut out: Vec<Quote> = gold["quotes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|q| Quote {
            text: q["text"].as_str().unwrap().to_owned(),
            span: Span::new(bytes[q["start"].as_u64().unwrap() as usize], bytes[q["end"].as_u64().unwrap() as usize]),
            speaker: q["speaker"].as_str().map(str::to_owned),
            group: 0,
            partial: q["partial"] == json!(true),
            rule: String::new(),
        })
        .collect();
    out.sort_by_key(|q| q.span);
    out
}

/// Writes predictions for every set to the folder that `WHAT_OUT` names; a tool of development, silent otherwise.
#[test]
fn labelled_articles_are_read() {
    let Some(data) = shared() else { return };
    let out = std::env::var_os("WHAT_OUT").map(PathBuf::from);
    let only = std::env::var("WHAT_ONLY").ok();
    let nominals = std::env::var_os("WHAT_NOMINALS").is_some();
    let reader = Reader::new();
    for set in ["seeds", "stories", "stories-officers", "stories-bodies", "stories-everyday"] {
        let watched: Vec<String> = std::fs::read_to_string(data.join(set).join("watchlist.json"))
            .ok()
            .and_then(|t| serde_json::from_str::<Value>(&t).ok())
            .map(|v| {
                v["watchlist"]
                    .as_array()
                    .unwrap_or(&Vec::new())
                    .iter()
                    .filter_map(|w| w["id"].as_str().map(str::to_owned))
                    .collect()
            })
            .unwrap_or_else(|| {
                let story = std::fs::read_to_string(data.join(set).join("story.json")).unwrap_or_default();
                serde_json::from_str::<Value>(&story)
                    .ok()
                    .and_then(|v| v["tracked"].as_object().map(|t| t.keys().cloned().collect()))
                    .unwrap_or_default()
            });
        let mut articles = serde_json::Map::new();
        let mut files: Vec<PathBuf> = std::fs::read_dir(data.join(set)).unwrap().map(|e| e.unwrap().path()).collect();
        files.sort();
        for file in files.iter().filter(|f| f.to_string_lossy().ends_with(".gold.json")) {
            let name = file.file_name().unwrap().to_string_lossy().replace(".gold.json", "");
            let gold: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
            let article = article(&gold);
            let doc = Doc::new(&article);
            let (named, quotes) = (named(&gold, &watched, nominals), quotes(&gold));
            if only.as_ref().is_some_and(|o| name.contains(o.as_str())) {
                dump(&reader, &doc, &article, &named, &quotes);
            }
            let (reports, doubts) = reader.read(&doc, &article, &named, &quotes);
            let ids = |refs: &[crate::domain::EntityRef]| refs.iter().map(|r| r.id.clone()).collect::<Vec<_>>();
            let developments: Vec<Value> = reports
                .iter()
                .map(|r| json!({"type": r.kind, "who": ids(&r.who), "body": ids(&r.body), "about": ids(&r.about), "date": r.date,
                    "status": r.status, "evidence": r.evidence.text, "detail": r.detail, "unnamed": r.unnamed, "trace": r.trace}))
                .collect();
            articles
                .insert(name, json!({ "developments": developments, "mentions": [], "quotes": [], "doubts": doubts }));
        }
        if let Some(out) = &out {
            std::fs::write(
                out.join(format!("{set}.json")),
                serde_json::to_string(&json!({ "articles": articles })).unwrap(),
            )
            .unwrap();
        }
    }
}

/// Prints how an article is read: a tool of development.
#[cfg_attr(test, allow(dead_code))]
fn show(article: &Article) {
    let doc = Doc::new(article);
    let named =
        crate::stages::extract::who::Recogniser::new(&crate::domain::Watchlist::default()).recognise(&doc, article);
    let quotes = crate::stages::extract::quotes::find(&doc, &named);
    dump(&Reader::new(), &doc, article, &named, &quotes);
}

fn dump(reader: &Reader, doc: &Doc, article: &Article, named: &Named, quotes: &[Quote]) {
    let parsed = reader.parse(doc, named, quotes);
    let (mention_of, _) = indices(doc, named, quotes);
    let mut cast = Cast::new(doc, article, named, &reader.standing, &mention_of);
    cast.resolve(doc, named, quotes, &reader.standing, &parsed);
    for p in &cast.people {
        println!(
            "PERSON {} police={} official={} ranks={:?} own={:?} sex={:?}",
            p.key, p.police, p.official, p.ranks, p.own, p.sex
        );
    }
    println!("main force {:?} publisher {:?}", cast.main_force, cast.publisher);
    for (s, p) in parsed.iter().enumerate() {
        println!("\n{}", doc.slice(doc.sentences[s].span));
        let text = |a: usize, b: usize| {
            p.words[a..b.min(p.words.len())].iter().map(|w| w.lower.as_str()).collect::<Vec<_>>().join(" ")
        };
        for (k, c) in p.clauses.iter().enumerate() {
            let list = |l: &[usize]| {
                l.iter()
                    .map(|&n| {
                        let np = &p.phrases[n];
                        let party = cast.party(s, n);
                        let prep = np.prep.map_or(String::new(), |k| format!("{}:", p.words[k].lower));
                        let people: Vec<&str> = party.people.iter().map(|&w| cast.people[w].key.as_str()).collect();
                        format!(
                            "[{prep}{}{}{}={}{}{}]",
                            if np.joined { "&" } else { "" },
                            if np.fresh { "," } else { "" },
                            text(np.first, np.last),
                            people.join("+"),
                            party.bodies.join("+"),
                            party.unnamed.map_or(String::new(), |u| format!("?{}", u.police))
                        )
                    })
                    .collect::<Vec<_>>()
                    .join(" ")
            };
            let v = c.verb.as_ref().map_or("-".to_owned(), |v| {
                format!(
                    "{}{}{}{}{}{:?} {:?}",
                    v.lemma,
                    if v.passive { " pass" } else { "" },
                    if v.perfect { " perf" } else { "" },
                    if v.neg { " NEG" } else { "" },
                    if v.past { " past" } else { "" },
                    v.modal,
                    v.kind
                )
            });
            println!(
                "  {k} {:?}<{:?} q{:?} V({v}) S {} | B {} | O {} | A {}",
                c.link,
                c.parent,
                c.quote,
                list(&c.subject),
                list(&c.before),
                list(&c.object),
                list(&c.after)
            );
        }
    }
}
