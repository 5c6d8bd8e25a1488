//! Tables, one a phenomenon. `[words|key]` marks a mention, `[words|key|n]` a nominal one; all people are invented.

use super::*;
use crate::domain::{Block, BlockKind, WatchedBody, WatchedPerson};

/// A watchlist of invented people: id, name, aliases, bodies, excludes.
fn watchlist() -> Watchlist {
    let person = |id: &str, name: &str, aliases: &[&str], bodies: &[&str], excludes: &[&str]| {
        let strings = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect();
        WatchedPerson {
            id: id.to_owned(),
            name: name.to_owned(),
            aliases: strings(aliases),
            bodies: strings(bodies),
            excludes: strings(excludes),
            ..WatchedPerson::default()
        }
    };
    let body =
        |id: &str, name: &str| WatchedBody { id: id.to_owned(), name: name.to_owned(), ..WatchedBody::default() };
    Watchlist {
        persons: vec![
            person("orla-fenn", "Dame Orla Fenn", &[], &["met"], &[]),
            person("rhys-bracken", "Rhys Bracken", &["PC Bracken"], &["kent-police"], &["goalkeeper"]),
            person("zoe-tarn", "Zoë Tarn-Oduya", &["Tarn-Oduya"], &[], &[]),
            person("nick-sallis", "Nick Sallis", &["Z41"], &["west-midlands-police"], &[]),
            person("john-marl-a", "John Marl", &[], &["essex-police"], &[]),
            person("john-marl-b", "John Marl", &[], &["gwent-police"], &[]),
            person("eve-o-dare", "Eve O'Dare", &[], &[], &[]),
        ],
        bodies: vec![body("met", "Metropolitan Police"), body("hmi", "HMICFRS"), body("larkfield", "Larkfield Watch")],
        ..Watchlist::default()
    }
}

/// Text of an article with its headline; blocks are separated by blank lines.
fn article(headline: &str, text: &str) -> Article {
    let block = |t: &str| Block { kind: BlockKind::Paragraph, text: t.to_owned() };
    Article {
        headline: (!headline.is_empty()).then(|| headline.to_owned()),
        blocks: text.split("\n\n").map(block).collect(),
        ..Article::default()
    }
}

/// The text without the marks.
fn plain(marked: &str) -> String {
    let mut out = String::new();
    let mut rest = marked;
    while let Some((before, after)) = rest.split_once('[') {
        let (inside, tail) = after.split_once(']').expect("a mark is closed");
        out.push_str(before);
        out.push_str(inside.split('|').next().unwrap_or(""));
        rest = tail;
    }
    out + rest
}

/// The text with what was found marked.
fn marked(headline: &str, text: &str) -> String {
    let article = article(headline, text);
    let doc = Doc::new(&article);
    let named = Recogniser::new(&watchlist()).recognise(&doc, &article);
    let mut out = String::new();
    let mut at = 0;
    for mention in &named.mentions {
        out.push_str(doc.text.get(at..mention.span.start).unwrap_or("?"));
        let nominal = if mention.nominal { "|n" } else { "" };
        out.push_str(&format!("[{}|{}{nominal}]", mention.span.of(&doc.text), mention.entity));
        at = mention.span.end;
    }
    out + doc.text.get(at..).unwrap_or("?")
}

pub(super) fn check(expected: &str) {
    check_under("", expected);
}

fn check_under(headline: &str, expected: &str) {
    assert_eq!(marked(headline, &plain(expected)), expected);
}

#[test]
fn full_names_with_titles_and_ranks() {
    for text in [
        "[Det Ch Supt Marta Quill|Marta Quill] and [Mr Justice Penrow|Mr Justice Penrow] disagreed.",
        "Judge [Sunil Ashby|Sunil Ashby] KC spoke first.".replace("Judge [", "[Judge ").as_str(),
        "[Staff Sergeant Ned Orme|Ned Orme] and [Special Constable Ivy Cope|Ivy Cope] sat. [Special Constable Cope|Ivy Cope] wept.",
        "He saw [Chief Petty Officer Len Garth|Len Garth] and [Flight Sergeant Una Moss|Una Moss].",
        "[Acting Detective Superintendent Amit Rao|Amit Rao] left. HM Inspector [Clare Monk|Clare Monk] stayed.",
        "[Temporary Assistant Chief Constable Bella Thorne-Ware|Bella Thorne-Ware] said no.",
        "“It is over,” said [Prof Dilys Haverford|Dilys Haverford], who chaired it.",
        "[DS Tobi Okafor|Tobi Okafor] met [DCI Siân Prosser|Siân Prosser].",
        "[LENNY WARD|Lenny Ward], 52, of [Tipton|Tipton]: fined.",
        "Furious [Wanda Kerridge|Wanda Kerridge] left.",
    ] {
        check(text);
    }
}

#[test]
fn unknown_given_names_are_told_by_what_stands_around() {
    for text in [
        "Her solicitor, [Ksawera Brzozek|Ksawera Brzozek], wept.",
        "[Vashti Underhill|Vashti Underhill], from the [CPS|cps], said so.",
        "A jury cleared [Thandeka Mabuza|Thandeka Mabuza], 44, on Friday. [Ms Mabuza|Thandeka Mabuza] cried.",
        "They remembered [Sean Holt|Sean Holt], [Xanthus Ferrow|Xanthus Ferrow] and [Ivo Lowe|Ivo Lowe].",
        "[Xanthus Ferrow|Xanthus Ferrow], a keeper at the zoo, called for calm.",
        "The horse of [Xanthus Ferrow|Xanthus Ferrow] bolted. [Ferrow|Xanthus Ferrow]’s arm broke.",
    ] {
        check(text);
    }
}

#[test]
fn a_month_is_no_part_of_a_name_and_courts_may_be_written_small() {
    for text in [
        "In May [Sgt Dale Pruett|Dale Pruett] was jailed.",
        "[May Pruett|May Pruett] was jailed.",
        "He was cleared by the [court of appeal|court-of-appeal] and the [High Court|high-court].",
    ] {
        check(text);
    }
}

#[test]
fn the_force_that_the_sentence_before_names() {
    check(
        "[Kent Police|kent-police] sued. [Kent Police|kent-police] won. [Kent Police|kent-police] wept. [HMICFRS|hmi] graded [Essex Police|essex-police] inadequate. [The force|essex-police|n] will stay there.",
    );
}

#[test]
fn short_forms_bind_to_full_names() {
    for text in [
        "[Rhys Bracken|rhys-bracken] of [Kent Police|kent-police] sat down. [PC Bracken|rhys-bracken] wept. [Rhys|rhys-bracken] is ill, and [Bracken|rhys-bracken]’s wife too.",
        "[Dame Orla Fenn|orla-fenn] runs the [Met|met]. [Dame Orla|orla-fenn] rose. [Fenn|orla-fenn] left.",
        "[Zoë Tarn-Oduya|zoe-tarn] spoke. [Ms Tarn-Oduya|zoe-tarn] sat.",
        "[Zoe Tarn-Oduya|zoe-tarn] spoke.",
        "[Eve O’Dare|eve-o-dare] and [Eve O'Dare|eve-o-dare] are one. [Mrs O’Dare|eve-o-dare] agrees.",
        "[Rhys Bra\u{ad}cken|rhys-bracken] of [Kent Police|kent-police] sat.",
        "[Nicholas Sallis|nick-sallis] of [West Midlands Police|west-midlands-police] sued, and [Nick Sallis|nick-sallis] won.",
        // Kin, and those whom the article goes on to call by the given name.
        "[Tessa Yarrow|Tessa Yarrow] was jailed. Her brother [Gethin|Gethin Yarrow], 31, was fined. [Gethin|Gethin Yarrow] wept, and [Yarrow|Tessa Yarrow] too.",
        "[Gordon Tibb|Gordon Tibb] died in a cell. A vigil for [Gordon|Gordon Tibb] was held in [Ayr|Ayr].",
    ] {
        check(text);
    }
}

#[test]
fn one_surname_two_people() {
    for text in [
        // By title.
        "[Ada Pryor|Ada Pryor] sued [Liam Pryor|Liam Pryor]. [Mr Pryor|Liam Pryor] lost; [Ms Pryor|Ada Pryor] won.",
        // By rank.
        "[PC Tom Vane|Tom Vane] told [Sgt Una Vane|Una Vane]. [Sgt Vane|Una Vane] told no one. [PC Vane|Tom Vane] did.",
        // By habit: the councillor is never called by a bare surname.
        "[Ivor Lusk|Ivor Lusk], 40, was held. Council leader [Jo Lusk|Jo Lusk] said no. [Cllr Lusk|Jo Lusk] is his aunt.\n\n[Lusk|Ivor Lusk] was bailed.",
        // By sex, and by what is said of kin.
        "[Colm Reddy|Colm Reddy] lost an eye. [Noor Reddy|Noor Reddy], [Mr Reddy|Colm Reddy]’s sister, wept.",
        "[Colm Reddy|Colm Reddy] sued. [Joan Reddy|Joan Reddy] did too. Then [Mr Reddy|Colm Reddy] won.",
        // By pair.
        "[Moira Dunne|Moira Dunne] told us of [Kate Dunne|Kate Dunne] and [Amy Rudd|Amy Rudd]. [Ms Dunne|Moira Dunne] said that [Ms Dunne|Kate Dunne] and [Ms Rudd|Amy Rudd] had rung.",
    ] {
        check(text);
    }
}

#[test]
fn nobody_is_taken_by_a_surname_alone() {
    let article = article("", "PC Sallis gave evidence.");
    let doc = Doc::new(&article);
    let named = Recogniser::new(&watchlist()).recognise(&doc, &article);
    let entity = named.entities.first().expect("someone is named");
    assert!(!entity.watched);
    assert_eq!(entity.candidates, ["nick-sallis"]);
    // But the user may say that a short form is enough, and the headline may tell the rest.
    check("[PC Bracken|rhys-bracken] of [Kent Police|kent-police] gave evidence.");
    check_under("Nick Sallis gives evidence for West Midlands Police", "[PC Sallis|nick-sallis] said little.");
}

#[test]
fn a_namesake_with_another_life_is_another() {
    for text in [
        "Goalkeeper [Rhys Bracken|Rhys Bracken] was booked.",
        "[Coun Rhys Bracken|Rhys Bracken] resigned over the bins.",
        "[Rhys Bracken|Rhys Bracken], a sergeant with [Police Scotland|police-scotland], was charged.",
        "[PC John Marl|john-marl-b], of [Gwent Police|gwent-police], was charged.",
        "[PC John Marl|john-marl-a], of [Essex Police|essex-police], was charged.",
        // A report of a club, which names no body of his.
        "[Rhys Bracken|Rhys Bracken] signed a new contract with the club in the spring. The prop, whose late try won the cup, missed a match with a knee injury, said his coach. [Bracken|Rhys Bracken] was cleared to play on Saturday.",
        "The debut album of [Nick Sallis|Nick Sallis] has ten songs. The singer recorded it in a studio by the sea, and his band begins its tour in May. [Sallis|Nick Sallis] was charged with energy, wrote a critic of the concert.",
        // His force is named for what it did at the match.
        "[Rhys Bracken|Rhys Bracken] will miss three matches after the prop was sent off for a late tackle. It is a second ban of the season for [Bracken|Rhys Bracken]. [Kent Police|kent-police] officers arrested six supporters, and a constable and a sergeant were hurt. The superintendent thanked the detectives and the inspector.",
        "[Nick Sallis|Nick Sallis] struck his mount above the permitted level, and the stewards took the ride from the jockey. A [West Midlands Police|west-midlands-police] constable, an inspector and two detectives arrested a man. An officer was hurt and a sergeant bitten.",
        // The article says it itself.
        "[Rhys Bracken|Rhys Bracken], no relation to the [Kent Police|kent-police] constable of that name, has lost his appeal.",
    ] {
        check(text);
    }
    // Another force's officers may have come to arrest him.
    check("[Police Scotland|police-scotland] officers arrested [PC Rhys Bracken|rhys-bracken] on Monday.");
    // A match far from him makes no footballer of an officer.
    check("[Rhys Bracken|rhys-bracken] was jailed over the match. He had a season to coach, and no goal left.");
    // The same words in a story of his post make no other of him.
    check(
        "[PC Rhys Bracken|rhys-bracken], once captain of a rugby club, lost his appeal. His coach and players in the title season, the manager and the team, had written in support before the match.",
    );
    check(
        "[Kent Police|kent-police] said that [Rhys Bracken|rhys-bracken], who played for a club in the cup, was under investigation by [the force|kent-police|n] over a match, a ticket and a title. The misconduct hearing was told by an officer that the coach, the captain and the team knew.",
    );
    // An officer of another force has just been spoken of.
    let text = "A Police Scotland constable has been charged. PC Rhys Bracken will appear in court.";
    let other = article("", text);
    let named = Recogniser::new(&watchlist()).recognise(&Doc::new(&other), &other);
    assert!(named.entities.iter().all(|e| e.key != "rhys-bracken"), "{:?}", named.entities);
    // The text does not tell which of two.
    let article = article("", "John Marl was charged.");
    let doc = Doc::new(&article);
    let named = Recogniser::new(&watchlist()).recognise(&doc, &article);
    assert_eq!(named.entities.first().map(|e| e.candidates.len()), Some(2));
}

#[test]
fn a_watched_body_inherits_forms_and_guards() {
    for text in [
        "The [Met|met] said so. [Scotland Yard|met] agreed, and the [Metropolitan police|met] too. [Met Police|met] officers met on the Met line.",
        "The [Met Office|met-office] warned that they met rain.",
        "Met with silence, he left.",
        "The [inspectorate|hmi]".replace("[inspectorate|hmi]", "inspectorate").as_str(),
        "[HM Inspectorate of Constabulary|hmi] found faults.",
        "[Larkfield Watch|larkfield] complained.",
    ] {
        check(text);
    }
}

#[test]
fn guards_of_ambiguous_forms() {
    for text in [
        "[New South Wales Police|new-south-wales-police] said no.",
        "[Kent Police|kent-police] moved on. [Kent|kent-police] has earned this, said a judge in [Kent|Kent].",
        "[Gwent|gwent-police]’s chief constable [Pam Ashe|Pam Ashe] left [Gwent|Gwent].",
        "[Cleveland Police|cleveland-police] in [Middlesbrough|Middlesbrough] agreed.",
        "[GMP|greater-manchester-police] officers searched a house in [Manchester|Manchester].",
        "The GMP standard for medicines changed.",
        "The [IOPC|iopc] and the [CPS|cps] agreed.",
        "[Essex Police|essex-police] said so; Essex Police, Fire and Crime Commissioner [Jo Hirst|Jo Hirst] did not.",
        "The [Norfolk Police Federation|Norfolk Police Federation] and the [Kent Police Museum|Kent Police Museum] closed.",
        "A jury at the [High Court|high-court-of-justiciary] in [Glasgow|Glasgow] agreed; the [High Court|high-court] in [London|London] did not.",
        "The [Court of Session|court-of-session], [Ayr Sheriff Court|Ayr Sheriff Court] and the [Court Martial|court-martial] sat; so did a court martial.",
        "They sat in a home office. The [Home Office|home-office] did not.",
        "The coroner opened an inquest. The charity [Inquest|inquest] came.",
        "[Labour|labour-party] promised hard labour.",
    ] {
        check(text);
    }
}

#[test]
fn bodies_by_their_head_nouns() {
    for text in [
        "The [Kent Police and Crime Panel|Kent Police and Crime Panel] met. [The panel|Kent Police and Crime Panel|n] voted.",
        "The [Essex Police, Fire and Crime Panel|Essex Police, Fire and Crime Panel] met. The [Police, Fire and Crime Panel|Essex Police, Fire and Crime Panel] voted.",
        "She founded [Answers for Gordon|Answers for Gordon], and told the Commons so.",
        "The charity [Hearth|Hearth] wrote. “No,” said [Bea Lamb|Bea Lamb], [Hearth|Hearth]’s director.",
        "[Marfield Hornets|Marfield Hornets] asked the [Rugby Football League|Rugby Football League]. The [Hornets|Marfield Hornets] lost.",
        "She left [Leicester Crown Court|Leicester Crown Court] for the [University of Kent|University of Kent].",
        "He sat at [Southwark crown court|Southwark crown court].",
        "[Redcar and Cleveland Council|Redcar and Cleveland Council] paid [Teesside Coroner's Court|Teesside Coroner's Court].",
        "The [Alder Valley NHS Trust|Alder Valley NHS Trust] wrote. The [Trust|Alder Valley NHS Trust] regrets it.",
        "The [Fell Walkers Federation|Fell Walkers Federation] ([FWF|Fell Walkers Federation]) met. The [FWF|Fell Walkers Federation] left.",
        "He told the [Gazette|Gazette] that the campaign group [Stop Count|Stop Count] was right.",
        "[Mina Cole|Mina Cole] told [BBC Woman’s Hour|bbc] so.",
    ] {
        check(text);
    }
}

#[test]
fn a_post_is_whose_it_was_that_day() {
    let mut list = watchlist();
    for (id, name, role) in [
        ("ina", "Ina Gale", "Commissioner of the Metropolitan Police from 2017-04 until 2022-04"),
        ("max", "Max Rudd", "Commissioner of the Metropolitan Police since 2022-09-12"),
    ] {
        list.persons.push(WatchedPerson {
            id: id.to_owned(),
            name: name.to_owned(),
            bodies: vec!["met".to_owned()],
            roles: vec![role.to_owned()],
            ..WatchedPerson::default()
        });
    }
    for (day, expected) in
        [("2021-05-01", Some("ina")), ("2022-04-30", Some("ina")), ("2022-06-01", None), ("2023-01-01", Some("max"))]
    {
        let mut article = article("", "The Met is in turmoil, and the Commissioner said so.");
        article.published = format!("{day}T12:00:00Z").parse().ok();
        let doc = Doc::new(&article);
        let named = Recogniser::new(&list).recognise(&doc, &article);
        let got = named.mentions.iter().find(|m| m.nominal).map(|m| m.entity.as_str());
        assert_eq!(got, expected, "{day}");
    }
}

#[test]
fn names_that_look_like_something_else() {
    for text in [
        "[Sgt Lino Di Marco|Lino Di Marco] won. [Di Marco|Lino Di Marco] wept. [Di Marco|Lino Di Marco], who is ill, left.",
        "[Owen Ford|Owen Ford] drove a Ford. [J.K. Lowther|J.K. Lowther] and [A J Hall|A J Hall] walked.",
        "[Ivo House|Ivo House] left. [House|Ivo House] said no. House prices rose.",
        "[Mary May|Mary May] left in May. [Mrs May|Mary May] wept. [PC April Ashe|April Ashe] came in April.",
        "[Jean de Souza|Jean de Souza] spoke. [Mr de Souza|Jean de Souza] sat.",
        "He elected Crown Court trial at [St Helens|St Helens].",
    ] {
        check(text);
    }
}

#[test]
fn withheld_names_and_roads() {
    for text in [
        "[Child Q|Child Q] was searched. [Child Q|Child Q] is well.",
        "[Officer W80|Officer W80] fired on the [A28|A28].",
        "[Nick Sallis|nick-sallis] of [West Midlands Police|west-midlands-police] was known as [Z41|nick-sallis].",
    ] {
        check(text);
    }
}

#[test]
fn places() {
    for text in [
        "He was held in [West Street|West Street], [Brighton|Brighton], by an [Ohio|Ohio] man.",
        "[Charing Cross police station|Charing Cross police station] closed. [Charing Cross|Charing Cross police station]-based officers left.",
        "She lives in [north-west London|north-west London], near [Fennick Park|Fennick Park].",
        "The [Brent|Brent] MP left [James Cook University Hospital|James Cook University Hospital].",
    ] {
        check(text);
    }
}

#[test]
fn descriptions_stand_for_names() {
    for text in [
        "[Gwent Police|gwent-police] referred itself to the [IOPC|iopc]. [The force|gwent-police|n] said [the watchdog|iopc|n] was right. The force used was lawful.",
        "[Sgt Ann Teal|Ann Teal], of [Essex Police|essex-police], was held. [The sergeant|Ann Teal|n] denies it.",
        "[A detective|Lily Shaw|n] who lied has been sacked.\n\n[Det Sgt Lily Shaw|Lily Shaw] wept.",
        "The chief constable, [Ada Beck|Ada Beck], left.",
        "The rule came into force. They used force.",
    ] {
        check(text);
    }
}

#[test]
fn roles_and_bodies_as_the_text_tells() {
    for (text, key, role, bodies) in [
        ("Essex Police sergeant Ann Teal left.", "Ann Teal", "essex police sergeant", vec!["essex-police"]),
        ("Ann Teal, 38, of Essex Police, left.", "Ann Teal", "", vec!["essex-police"]),
        ("Its director of operations, Ann Teal, left.", "Ann Teal", "director of operations", vec![]),
        ("Ann Teal, a solicitor, left.", "Ann Teal", "a solicitor", vec![]),
        ("Ann Teal, who serves with Gwent Police, left.", "Ann Teal", "", vec!["gwent-police"]),
    ] {
        let article = article("", text);
        let doc = Doc::new(&article);
        let named = Recogniser::new(&watchlist()).recognise(&doc, &article);
        let entity = named.entities.iter().find(|e| e.key == key).unwrap_or_else(|| panic!("{key} in {text}"));
        let got = entity.role.clone().unwrap_or_default();
        assert!(got.contains(role), "{text}: role {got:?}");
        assert_eq!(entity.bodies, bodies, "{text}");
    }
}

#[test]
fn any_cut_of_the_text_is_an_answer() {
    let text = "“Sgt O’Neil-Ward’s—£1,200 (‘Sir Áine’), 46,” the Met’s J. R. Hall of St. Paul’s told PA…\n\nDet. Insp. Żaneta Ó\u{ad}Dea: Child Q. 人 [IOPC] &c";
    let recogniser = Recogniser::new(&watchlist());
    for (at, _) in text.char_indices() {
        for part in [text.get(..at), text.get(at..)] {
            let article = article("Met", part.unwrap_or(""));
            let doc = Doc::new(&article);
            for mention in recogniser.recognise(&doc, &article).mentions {
                assert!(!mention.span.of(&doc.text).is_empty(), "a mention lies on borders of characters");
            }
        }
    }
}

#[test]
fn descriptions_of_somebody_else() {
    for text in [
        "[A former chief constable|Jane Farrow|n] who helped the son of a friend was sacked. [Jane Farrow|Jane Farrow] lied.",
        "“I grieved for a man who was paid for it,” said [Ann Orr|Ann Orr]. [Leo Ash|Leo Ash], who died in a cell, was her brother.",
        "‘I grieved for a man who was paid for it,’ said [Ann Orr|Ann Orr]. [Leo Ash|Leo Ash], who died in a cell, was her brother.",
    ] {
        check(text);
    }
}
