//! How British and Irish papers name people, bodies and places: tables of one sentence or two each. All people are invented.

use super::tests::check;

fn all(cases: &[&str]) {
    for case in cases {
        check(case);
    }
}

#[test]
fn irish_and_scottish_titles() {
    all(&[
        "[Garda Ronan Quirke|Ronan Quirke] gave evidence at [Naas District Court|Naas District Court].",
        "[Detective Garda Maeve Quirke|Maeve Quirke] told the [Special Criminal Court|special-criminal-court] so.",
        "The [Garda|an-garda-siochana] [Commissioner Brian Tallis|Brian Tallis] met [Chief Superintendent Nora Foyle|Nora Foyle].",
        "[Gardaí|an-garda-siochana] said that a [Garda|an-garda-siochana] sergeant was held. He was taken to [Trim Garda station|Trim Garda station].",
        "[Lord Balmerry|Lord Balmerry] sat at the [High Court|high-court-of-justiciary] in [Glasgow|Glasgow].",
        "[Lady Justice Aldersey|Lady Justice Aldersey] gave the lead judgment.",
        "[Recorder Miles Penhallow|Miles Penhallow] KC jailed him. [The judge|Miles Penhallow|n] said that he had lied.",
        "[Sheriff Ailsa Dunmore|Ailsa Dunmore] fined him. [The sheriff|Ailsa Dunmore|n] said that it was grave.",
        "[Councillor Ffion Madoc|Ffion Madoc], of [Plaid Cymru|plaid-cymru], agreed with [Ald Thomas Brisk|Thomas Brisk].",
        "[T/DCC Hazel Stroud|Hazel Stroud] and [Det Ch Insp Rory Askill|Rory Askill] left.",
        "[Temporary Chief Constable Anita Mistry|Anita Mistry] told members no. [Mrs Mistry|Anita Mistry] left.",
        "[Sergeant Colm McAteer|Colm McAteer] won. [COLM McATEER|Colm McAteer] (55), publican, [Bessbrook|Bessbrook]: fined.",
    ]);
}

#[test]
fn codes_and_initials() {
    all(&[
        "It was written up twice by an officer who is called only [Constable F|Constable F]. He denies it. [Constable F|Constable F] wept.",
        "[The marksman|NX121|n], who can be identified only as [NX121|NX121], was sure. [NX121|NX121] fired once.",
        "[The driver|VB7|n], who was named as [VB7|VB7], said so; [VB7|VB7] had a radio.",
        "Two officers, known as [E12|E12] and [E15|E15], gave evidence from behind a screen. [E15|E15] was calm.",
        "[Witness J4|Witness J4] saw [Officer Two|Officer Two] run along the [A127|A127].",
        "The form had a box marked FX9 on it, and a G20 badge.",
    ]);
}

#[test]
fn families_of_one_surname() {
    all(&[
        // The daughter is "Ms", so "Mrs" is her mother.
        "[Ada Corless|Ada Corless], 31, was killed. [Ms Corless|Ada Corless] had rung four times. Her mother, [Nora Corless|Nora Corless], wept.\n\n[Mrs Corless|Nora Corless] will march on Saturday.",
        "[Gwyn|Gwyn Parfitt] and [Carol Parfitt|Carol Parfitt] wept for their daughter [Lena|Lena Parfitt]. [Mr Parfitt|Gwyn Parfitt] spoke.",
    ]);
}

#[test]
fn laws_and_makes_name_nobody() {
    all(&[
        "It was charged under the Health and Safety at Work Act and the Police Reform Act 2002.",
        "The Police and Criminal Evidence Act is old. The Crime and Policing Bill is new.",
        "[Bill Hartnoll|Bill Hartnoll] acted in the Licensing Act case.",
        "A red Massey Ferguson and a Land Rover were stolen from [Alison Pybus|Alison Pybus].",
    ]);
}

#[test]
fn hospitals_and_schools() {
    all(&[
        "He died at [Our Lady of Lourdes Hospital|Our Lady of Lourdes Hospital] in the early hours.",
        "She was taken to the [Prince of Wales Hospital|Prince of Wales Hospital] and to the [Queen Elizabeth Hospital|Queen Elizabeth Hospital].",
    ]);
}

#[test]
fn small_places() {
    all(&[
        "A [Marnhull|Marnhull] man, 31, was jailed.",
        "Farmers in the [Trillick|Trillick] area were told to lock up.",
        "He lives in [Tarporley|Tarporley] and [Malpas|Malpas], and has a flat in [Kesgrave|Kesgrave].",
        "An inquest was opened by the coroner for [Ballinderry|Ballinderry], [Dr Eoin Tracey|Eoin Tracey].",
        "A father of two from [Termonbarry|Termonbarry] died in [Greenock|Greenock] police office.",
        "He was charged at [Trim District Court|Trim District Court], in [Co Meath|Co Meath].",
        "The [Weston-super-Mare|Weston-super-Mare] constable and the [Stockton-on-Tees|Stockton-on-Tees] sergeant won.",
    ]);
}

#[test]
fn bodies_of_the_world_around_the_police() {
    all(&[
        "The [Health and Safety Executive|hse] ([HSE|hse]) said so. The [HSE|hse] will not appeal.",
        "The [Health Service Executive|health-service-executive] and the [HSE|health-service-executive] in [Dublin|Dublin] agreed.",
        "A file went to the [Director of Public Prosecutions|director-of-public-prosecutions]. The [DPP|director-of-public-prosecutions] directed no prosecution.",
        "[Fiosrú|fiosru], which took the place of the [Garda Síochána Ombudsman Commission|gsoc], opened an inquiry. [The ombudsman|fiosru|n] has said little.",
        "The [Garda Representative Association|gra] and the [Association of Garda Sergeants and Inspectors|agsi] objected. In the [Dáil|dail] the minister said no.",
        "The [Police Federation for Northern Ireland|pfni] has no confidence in the [Northern Ireland Policing Board|nipb]. [The board|nipb|n] is unmoved.",
        "[PSNI|psni] data was lost. [The service|psni|n] has 28 days to appeal to the [Information Commissioner’s Office|ico].",
        "Regulations were laid before [Parliament|parliament] on Tuesday.",
        "[Police Scotland|police-scotland] told the [Scottish Police Authority|spa]. [The authority|spa|n] agreed, and said that [that force|police-scotland|n] had changed.",
        "[HMICS|hmics] and [HMICFRS|hmi] wrote to the [PIRC|pirc], the [COPFS|copfs] and the [Scottish Police Federation|spf].",
        "The [Royal Military Police|royal-military-police] was told. [The corps|royal-military-police|n] says no.",
        "He served in the [Royal Ulster Constabulary|ruc] and in the [RUC|ruc] Reserve, and not in the [PSNI|psni].",
        "The [Independent Police Conduct Authority|ipca] found that [New Zealand Police|new-zealand-police] had erred.",
        "The [Court of Appeal|court-of-appeal-ni] in [Belfast|Belfast] refused him leave. The [Court of Appeal|court-of-appeal] did not.",
        "The charity [Inquest|inquest] and the [Howard League|howard-league] agreed with the [Prison Officers’ Association|poa].",
        "[Gwenda Fry|Gwenda Fry], the [Labour|labour-party] MP, wrote to the [College of Policing|college-of-policing]. [The college|college-of-policing|n] has not answered.",
    ]);
}

#[test]
fn descriptions_that_papers_use() {
    all(&[
        "[A father of three|Owen Slatter|n] who was shot by police was lawfully killed.\n\n[Owen Slatter|Owen Slatter], 38, died in [Leeds|Leeds]. Lawyers say that [the dead man|Owen Slatter|n] was calm.",
        "[A sheriff|Ailsa Dunmore|n] has ruled that it could have been avoided.\n\n[Sheriff Ailsa Dunmore|Ailsa Dunmore] sat for ten days.",
        "[A coroner|Ida Mell|n] warns that more will die.\n\n[Dr Ida Mell|Ida Mell], senior coroner for [Oxfordshire|Oxfordshire], wrote to [Kent Police|kent-police] and the [Home Office|home-office].",
        "[A coroner|Miriam Thack|n] has warned that more will die.\n\n[Dr Miriam Thack|Miriam Thack], the senior coroner for [Oxfordshire|Oxfordshire], wrote on Tuesday.",
        "There was less comfort for [a former inspector|Dominic Pargeter|n]. An appeal by [Dominic Pargeter|Dominic Pargeter] failed.",
        "[Judge Anselm Cottrill|Anselm Cottrill] jailed her. He told her that she had lied.\n\n[The same judge|Anselm Cottrill|n] jailed a man for driving off.",
        "[A 16-year-old cadet|Niamh Corrie|n] lost her leg.\n\n[Niamh Corrie|Niamh Corrie] was crushed against a wall.",
        "He was sent to [Leeds Crown Court|Leeds Crown Court]. A man appeared at [the same court|Leeds Crown Court|n] on Friday.",
    ]);
}

#[test]
fn namesakes_by_what_the_text_tells() {
    all(&[
        // Only another force is named, and no rank.
        "A tractor belonging to [Rhys Bracken|Rhys Bracken], who has a suckler herd, was stolen, the [PSNI|psni] said. [Mr Bracken|Rhys Bracken] was at home.",
        "[Gwent Police|gwent-police] arrested [a man|Rhys Bracken|n]. He was named locally as [Rhys Bracken|Rhys Bracken].",
        // Another trade, or the text itself.
        "[Nick Sallis|Nick Sallis], who owns the chip shop next door, filmed it. “People ask if I’m the copper. I’m not the copper,” he said.",
        "[Rhys Bracken|Rhys Bracken], 26 and a joiner, scored twice. He was asked what station he was in: wrong [Rhys Bracken|Rhys Bracken].",
        "[PC Rhys Bracken|rhys-bracken], of [Kent Police|kent-police], was fined. He is not the [Rhys Bracken|Rhys Bracken] who coaches at [Deal|Deal].",
    ]);
}

#[test]
fn people_in_the_ways_of_local_papers() {
    all(&[
        "In May [Dean Trusk|Dean Trusk] was fined. [May Trusk|May Trusk] was not; last June [Ann Trusk|Ann Trusk] was.",
        "Mother-of-two [Kelly Trusk|Kelly Trusk] told the [Gazette|Gazette] that she had rung twice.",
        "Her MP, [Sorcha Bane|Sorcha Bane], wrote to [Chief Constable Jon Bouch|Jon Bouch].",
        "[Insp. Ivo Marsh|Ivo Marsh] and [Sgt. Dee Ames|Dee Ames] were off duty.",
        "Defence barrister [Rupert Ames-Holt|Rupert Ames-Holt] said that his client was sorry. [Mr Ames-Holt|Rupert Ames-Holt] sat down.",
        "[Dr Imelda Coyle|Imelda Coyle], a pathologist, told the jury so; [Professor Sir Neil Grath|Neil Grath] agreed.",
        "Ex-detective [Wayne Tibbet|Wayne Tibbet], 51, of [Marske|Marske], denies it.",
        "Prosecuting, [Helen Vardey|Helen Vardey] KC said that [Tibbet-Ross|Lee Tibbet-Ross] had lied. [Lee Tibbet-Ross|Lee Tibbet-Ross] denies it.",
        "[Pc Sukhdeep Gill|Sukhdeep Gill] was hurt; his colleague, [Pc Amy Stroud|Amy Stroud], was not.",
        "[Ms Justice Farrant|Ms Justice Farrant] gave judgment. [The judge|Ms Justice Farrant|n] said that the law was plain.",
        "[Baroness Hallow|Baroness Hallow] of the [House of Lords|house-of-lords] asked [Lord Pyke|Lord Pyke] why.",
        "Home Secretary [Nadia Crewe|Nadia Crewe] and Taoiseach [Cormac Deasy|Cormac Deasy] met at [Stormont|Stormont].",
        "[Rev Canon Ida Moss|Ida Moss] led the prayers for [PCSO Tom Ware|Tom Ware].",
    ]);
}

#[test]
fn forces_by_their_short_names() {
    all(&[
        "[Thames Valley Police|thames-valley-police] is short of cars. Nobody at [Thames Valley|thames-valley-police] has been disciplined. [Thames Valley|thames-valley-police] has said sorry.",
        "[West Mercia Police|west-mercia-police] was fined. Corners were cut at [West Mercia|west-mercia-police], she said, and people in [West Mercia|West Mercia] paid.",
        "[Avon and Somerset|avon-and-somerset-police]’s chief constable, [Una Kell|Una Kell], left.",
        "The [Met|met] and [Essex Police|essex-police] sent officers to [Essex|Essex].",
        "[BTP|british-transport-police] officers and the [MDP|ministry-of-defence-police] of the [Ministry of Defence|ministry-of-defence] were there.",
        "A [Kent Police|kent-police] sergeant and a [Surrey Police|surrey-police] spokesman said no.",
        "[Cheshire Constabulary|cheshire-constabulary] agreed to pay. A match between [Cheshire|cheshire-constabulary] and [Merseyside Police|merseyside-police] was off.",
        "[Police Scotland|police-scotland] has changed, the [Crown Office|copfs] said.",
        "He left [Gwent Police|gwent-police] for [Gwent|Gwent] council.",
    ]);
}

#[test]
fn courts_in_every_form() {
    all(&[
        "She is to appear at [Newry Crown Court|Newry Crown Court] and at [Belfast Magistrates’ Court|Belfast Magistrates’ Court].",
        "[Dundalk Circuit Criminal Court|Dundalk Circuit Criminal Court] heard that he ran. The [Central Criminal Court|central-criminal-court-ireland] in [Dublin|Dublin] was told by a [Garda|an-garda-siochana] inspector.",
        "[Selby Coroner’s Court|Selby Coroner’s Court] was told so, as was [Hull and East Riding Coroner’s Court|Hull and East Riding Coroner’s Court].",
        "[Forfar Justice of the Peace Court|Forfar Justice of the Peace Court] fined him.",
        "He appeared at [Westminster magistrates’ court|Westminster magistrates’ court] and the [Old Bailey|old-bailey].",
        "An employment tribunal in [Leeds|Leeds] agreed.",
    ]);
}

#[test]
fn what_stands_near_a_name_is_not_the_name() {
    all(&[
        "Chief among them was money. Justice demands more. May came.",
        "Police were called to [Hale Road|Hale Road] in [Widnes|Widnes] on Friday.",
        "The Ford belonged to [Mr Ford|Mr Ford].",
        "The Christmas party of the staff was held at [Ayr|Ayr] town hall.",
        "“I was sentenced before I was tried,” he said at what station I know not.",
        "A German shepherd called Rex bit him. He drove an Audi on the [M62|M62].",
        "Officers used PAVA and Taser on the man, who had PTSD and ADHD.",
    ]);
}

#[test]
fn names_of_every_day() {
    all(&[
        "[His Honour Judge Toby Vinnell|Toby Vinnell] agreed. [District Judge Ann Lowick|Ann Lowick] did not.",
        "[Deputy District Judge Ann Lowick|Ann Lowick] bailed him.",
        "Assistant coroner [Jo Birtles|Jo Birtles] opened an inquest at [Derby|Derby]. Area Coroner [Ned Strang|Ned Strang] closed it.",
        "Twins [Ada|Ada Lumley] and [Eve Lumley|Eve Lumley] wept. [Ada|Ada Lumley] spoke first.",
        "The MSP [Jackie Dunmuir|Jackie Dunmuir] and [Orla Tighe|Orla Tighe] TD wrote to [Angus Reay|Angus Reay] MP.",
        "[Mr van der Meer|van der Meer] told [Fatima al-Rashid|Fatima al-Rashid] so.",
        "[Ms MacAskie|Ms MacAskie] sued [Constable Iain MacAskie|Iain MacAskie].",
        "[Seán Ó Laoire|Seán Ó Laoire] of the [Garda Representative Association|gra] spoke.",
        "[Eoghan O’Dwyer|Eoghan O’Dwyer], 44, from [Nenagh|Nenagh], [Co Tipperary|Co Tipperary], was held.",
        "[Detective Chief Supt Ray Hobden|Ray Hobden] leads the case. [Supt Hobden|Ray Hobden] wept.",
        "[Lance Corporal Guy Fenn|Guy Fenn] faced the [Court Martial|court-martial] at [Bulford|Bulford].",
        "[Chief Con Amy Tull|Amy Tull] wrote to [ACC Ben Rudkin|Ben Rudkin] and [DCC Tam Ogden|Tam Ogden].",
        "She rang the [National Crime Agency|national-crime-agency] and the [NCA|national-crime-agency]; officers answered.",
        "The [Ministry of Justice|ministry-of-justice], the [CPS|cps], the [Ministry of Housing, Communities and Local Government|ministry-of-housing] and the [Home Office|home-office] agreed.",
        "The [Kent Police Federation|Kent Police Federation] chair [Neil Mott|Neil Mott] said no.",
        "[Kent Police Federation|Kent Police Federation]’s [Neil Mott|Neil Mott] said no.",
        "She works at [Queen’s Medical Centre|Queen’s Medical Centre] in [Nottingham|Nottingham].",
        "He was held at [HMP Wandsworth|HMP Wandsworth] and in [Barlinnie prison|Barlinnie prison].",
        "She studied at the [University of Leeds|University of Leeds] and [Leeds Beckett University|Leeds Beckett University].",
        "The [Scottish Sun|scottish-sun] and the [Belfast Telegraph|belfast-telegraph] reported it.",
        "[Simpson Millar Solicitors|Simpson Millar Solicitors] acts for the family.",
        "The [Independent Office for Police Conduct|iopc]’s director, [Sal Rehmat|Sal Rehmat], agreed with [IOPC|iopc] regional director [Emily Barrie|Emily Barrie].",
        "The [Sheku Bale Inquiry|Sheku Bale Inquiry] sits in [Edinburgh|Edinburgh]. [The inquiry|Sheku Bale Inquiry|n] resumes on Monday.",
        "The man, known only as [Kasim|Kasim], was found near [Ashby-de-la-Zouch|Ashby-de-la-Zouch].",
        "[Lady Elish Angell|Elish Angell] chairs it. [Lady Elish|Elish Angell] said so.",
        "A jury at [Bristol Crown Court|Bristol Crown Court] cleared [Sgt Rob Tarn|Rob Tarn] and [PC Lee Mold|Lee Mold], both of [Dorset Police|dorset-police].",
        "The brawl outside the [Red Lion|Red Lion] pub in [Castle Street|Castle Street], [Cirencester|Cirencester], was filmed.",
        "The [Old Swan|Old Swan] area of [Liverpool|Liverpool] was calm.",
        "[Kim Leadbetter|Kim Leadbetter] MP and [Cllr Mo Aziz-Khan|Mo Aziz-Khan] visited [Heckmondwike|Heckmondwike].",
    ]);
}
