//! Inputs that no newsroom would write, each with its name: for the table of `cargo bench --bench bounds` and for the tests.

/// An input: its name, and what makes it; every count in it goes through the function that is handed in.
pub(crate) type Input = (&'static str, fn(&dyn Fn(usize) -> usize) -> Vec<u8>);

const SENTENCE: &str =
    "Pc Cora Vell of Kent Police was charged with fraud on Monday, the force said, and will appear in court. ";
const HEAD: &str = "Constable charged\n\nPolice said on Monday that it was so.\n\n";
const ARTICLE: &str = "<html><body><article><h1>Constable charged</h1>";

/// All of them.
pub(crate) const INPUTS: &[Input] = &[
    ("nothing", |_| Vec::new()),
    ("white space", |n| " \n\t\r\n".repeat(n(100_000)).into_bytes()),
    ("one word", |_| "Police".to_owned().into_bytes()),
    ("5 MB of text in paragraphs", |n| paragraph().repeat(n(5_000_000 / paragraph().len())).into_bytes()),
    ("5 MB of text in one line", |n| SENTENCE.repeat(n(5_000_000 / SENTENCE.len())).into_bytes()),
    ("5 MB without a space", |n| format!("{HEAD}{}", "Pc".repeat(n(2_500_000))).into_bytes()),
    ("5 MB of full stops", |n| format!("{HEAD}{}", ". ".repeat(n(2_500_000))).into_bytes()),
    ("5 MB of capital words", |n| format!("{HEAD}{}", "Kent Vell ".repeat(n(500_000))).into_bytes()),
    ("a list of 10,000 names", |n| format!("{HEAD}{}.", names(n(10_000), ", ")).into_bytes()),
    ("10,000 names, one a line", |n| format!("{HEAD}{}", names(n(10_000), "\n")).into_bytes()),
    ("10,000 names of officers", |n| format!("{HEAD}{}", officers(n(10_000))).into_bytes()),
    ("a sentence of 10,000 words", |n| {
        format!("{HEAD}The force {} said.", "which the panel of the court ".repeat(n(1_700))).into_bytes()
    }),
    ("a sentence of 10,000 verbs", |n| {
        format!("{HEAD}Pc Cora Vell {} on Monday.", "was charged, ".repeat(n(5_000))).into_bytes()
    }),
    ("a sentence of 10,000 commas", |n| {
        format!("{HEAD}Pc Vell{} said.", ", a constable".repeat(n(5_000))).into_bytes()
    }),
    ("1,000 nested quotations", |n| {
        format!("{HEAD}{}he{}.", "She said: “".repeat(n(1_000)), "” said he".repeat(n(1_000))).into_bytes()
    }),
    ("10,000 opened quotations", |n| format!("{HEAD}{}", "“Pc Vell said. ".repeat(n(10_000))).into_bytes()),
    ("10,000 single quotation marks", |n| format!("{HEAD}{}", "‘it’s ‘o’ ".repeat(n(10_000))).into_bytes()),
    ("10,000 brackets", |n| format!("{HEAD}{}x{}.", "(Vell ".repeat(n(10_000)), ")".repeat(n(10_000))).into_bytes()),
    ("10,000 dates that do not exist", |n| {
        format!("{HEAD}{}", "He was jailed on 31 February 2023, 99 May and 2023-13-45. ".repeat(n(3_400))).into_bytes()
    }),
    ("10,000 quotes with speakers", |n| {
        format!("{HEAD}{}", "“It is so,” Pc Vell said.\n\n".repeat(n(10_000))).into_bytes()
    }),
    ("1 MB of numbers", |n| format!("{HEAD}{}", "12,345.67 ".repeat(n(100_000))).into_bytes()),
    ("1 MB of hyphens and stops", |n| format!("{HEAD}A{}", "-a.b".repeat(n(250_000))).into_bytes()),
    ("right-to-left text", |_| foreign("قالت الشرطة يوم الثلاثاء إن الشرطي متهم بالاحتيال في لندن. ").into_bytes()),
    ("another language", |_| {
        foreign("Ein Polizist wurde am Dienstag wegen Betrugs angeklagt, sagte die Behörde. ").into_bytes()
    }),
    ("combining marks", |n| format!("{HEAD}e{} said Vell.", "\u{301}".repeat(n(500_000))).into_bytes()),
    ("control characters", |n| format!("{HEAD}{}", "\u{1b}[2J\u{7}\u{202e}Vell\u{0} ".repeat(n(100_000))).into_bytes()),
    ("random bytes", |n| noise(n(2_000_000))),
    ("page: 50,000 nested elements", |n| {
        format!("{ARTICLE}{}x{}", "<div>".repeat(n(50_000)), "</div>".repeat(n(50_000))).into_bytes()
    }),
    ("page: 50,000 open formats", |n| format!("{ARTICLE}{}x", "<b><i>".repeat(n(25_000))).into_bytes()),
    ("page: 50,000 open paragraphs", |n| format!("{ARTICLE}{}", "<p>Police".repeat(n(50_000))).into_bytes()),
    ("page: 50,000 links", |n| {
        format!("{ARTICLE}{}", "<a href=/news/1>Police say</a> ".repeat(n(50_000))).into_bytes()
    }),
    ("page: 50,000 tables", |n| format!("{ARTICLE}{}", "<table><tr><td>Police ".repeat(n(50_000))).into_bytes()),
    ("page: 50,000 attributes", |n| format!("{ARTICLE}<p {}>x", attributes(n(50_000))).into_bytes()),
    ("page: 40 MB of paragraphs", |n| {
        format!("{ARTICLE}{}", format!("<p>{SENTENCE}</p>").repeat(n(40_000_000 / 112))).into_bytes()
    }),
    ("page: 40 MB in one paragraph", |n| {
        format!("{ARTICLE}<p>{}", SENTENCE.repeat(n(40_000_000 / SENTENCE.len()))).into_bytes()
    }),
    ("page: 40 MB of scripts", |n| {
        format!("<html><script>{}</script>", "if (a < b) c();".repeat(n(2_660_000))).into_bytes()
    }),
    ("page: 50,000 scripts and nothing else", |n| {
        format!("<html>{}", "<script>x()</script>".repeat(n(50_000))).into_bytes()
    }),
    ("page: 10 MB of data in a script", |n| {
        format!("<html><script type=application/ld+json>{}", "[{\"a\":".repeat(n(1_600_000))).into_bytes()
    }),
    ("page: a comment never closed", |n| format!("{ARTICLE}<!-- {}", "<!- ".repeat(n(1_000_000))).into_bytes()),
    ("page: tags never closed", |n| format!("{ARTICLE}{}", "<p class=\"".repeat(n(500_000))).into_bytes()),
    ("page: only opening brackets", |n| format!("<html>{}", "<".repeat(n(5_000_000))).into_bytes()),
    ("page: ends of scripts", |n| format!("<html><script>{}", "</".repeat(n(2_500_000))).into_bytes()),
    ("page: many scripts never closed", |n| format!("<html>{}", "<script></scrip".repeat(n(300_000))).into_bytes()),
    ("page: ampersands", |n| format!("{ARTICLE}<p>{}", "&amp;&#x41;&#999999999;&".repeat(n(200_000))).into_bytes()),
    ("page: null bytes", |n| format!("{ARTICLE}{}", "<p>\0Po\0lice\0 said.".repeat(n(50_000))).into_bytes()),
    ("page: mixed encodings", |n| {
        [ARTICLE.as_bytes(), &b"<p>Caf\xe9 \xc3\xa9 \xff\xfe\x00 said.".repeat(n(50_000))].concat()
    }),
    ("page: UTF-16 cut in the middle", |n| {
        format!("{ARTICLE}{}", "<p>Police é".repeat(n(50_000)))
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .skip(1)
            .collect()
    }),
    ("page: 16,000 list items", |n| {
        format!("{ARTICLE}<ul>{}", "<li>By Ann Orr 12 March 2024".repeat(n(16_000))).into_bytes()
    }),
    ("page: 16,000 bylines", |n| {
        format!("{ARTICLE}{}", "<p class=byline>By Ann Orr and Bo Ek</p>".repeat(n(8_000))).into_bytes()
    }),
    ("page: 16,000 captions", |n| {
        format!("{ARTICLE}{}", "<figure><figcaption>Pc Vell. Picture: PA</figcaption></figure>".repeat(n(5_000)))
            .into_bytes()
    }),
];

fn paragraph() -> String {
    SENTENCE.repeat(4) + "\n\n"
}

/// Five paragraphs of `line`.
fn foreign(line: &str) -> String {
    format!("{}\n\n", line.repeat(4)).repeat(5)
}

/// Different names, joined.
pub(crate) fn names(count: usize, join: &str) -> String {
    (0..count).map(name).collect::<Vec<_>>().join(join)
}

/// Sentences each of which has an officer with a name of his own.
fn officers(count: usize) -> String {
    (0..count).map(|n| format!("Pc {}, 44, of Kent Police, was suspended. ", name(n))).collect()
}

fn name(number: usize) -> String {
    let syllable = |at: usize| ["an", "bo", "cel", "dar", "em", "fol", "gus", "hin", "il", "jor"][at % 10];
    let (a, b, c, d) = (number, number / 10, number / 100, number / 1_000);
    format!("A{}{} Be{}{}", syllable(a), syllable(b), syllable(c), syllable(d))
}

fn attributes(count: usize) -> String {
    (0..count).map(|n| format!("a{n}=\"{n}\" ")).collect()
}

/// Bytes without any order, the same in every run.
fn noise(count: usize) -> Vec<u8> {
    let mut state = 1u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (0..count).map(|_| next()).collect()
}
