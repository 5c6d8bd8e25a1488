//! `feed test`, `find`, `verify`, `import` and `export` as their user runs them, against a loopback server.

use conductwatch::demo::server::{Answer, Asked, serve};
use std::path::Path;

const RSS: &str = "<rss version=\"2.0\"><channel><title>Westmarch Echo</title><item><title>Sergeant charged</title><link>/a</link>\
    <pubDate>Tue, 10 Mar 2026 08:00:00 GMT</pubDate></item></channel></rss>";

fn site(asked: &Asked) -> Answer {
    let html = |body: &str| Answer::ok("text/html", format!("<!doctype html><html><head>{body}</html>"));
    match asked.path.as_str() {
        "/feed" => Answer::ok("application/rss+xml", RSS).with("etag", "\"1\""),
        "/" => html("<link rel=alternate type=application/rss+xml href=/feed></head><body>Welcome"),
        "/list" => html(
            "</head><body><main><li><a href=/n/1>Officer to face a hearing</a> <time>9 March 2026</time>\
             <li><a href=/n/2>Report into custody is published</a> <time>8 March 2026</time></main>",
        ),
        "/empty" => html("</head><body><p>Hello"),
        "/slow-down" => Answer::status(429),
        _ => Answer::status(404),
    }
}

async fn program(args: &[&str]) -> (i32, String, String) {
    let out = tokio::process::Command::new(env!("CARGO_BIN_EXE_conductwatch")).args(args).output().await.unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (out.status.code().unwrap(), text(out.stdout), text(out.stderr))
}

fn config(dir: &Path, base: &str) -> String {
    let path = dir.join("c.toml");
    let feed = |id: &str, path: &str, extra: &str| {
        format!("[[feed]]\nid = \"{id}\"\nname = \"The {id}\"\nurl = \"{base}{path}\"\n{extra}")
    };
    let text = format!(
        "[poll]\nallow_private = [\"127.0.0.0/8\"]\nhost_pause = \"0s\"\n[[person]]\nname = \"Ada Marrick\"\n{}{}{}{}",
        feed("echo", "/feed", "folder = \"Local / Kent\"\n"),
        feed("hearings", "/list", "kind = \"page\"\n"),
        feed("gone", "/nowhere", "enabled = false\n"),
        feed("busy", "/slow-down", ""),
    );
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_are_tried_before_they_are_followed() {
    let dir = tempfile::tempdir().unwrap();
    let (address, serving) = serve(site).await.unwrap();
    let server = tokio::spawn(serving);
    let base = format!("http://{address}");
    let config = config(dir.path(), &base);
    let with = |args: &[&str]| {
        let mut all: Vec<String> = args.iter().map(|a| (*a).to_owned()).collect();
        all.extend(["--config".to_owned(), config.clone()]);
        async move { program(&all.iter().map(String::as_str).collect::<Vec<_>>()).await }
    };
    let at = |path: &str| format!("{base}{path}");

    let (code, out, err) = with(&["feed", "test", &at("/feed")]).await;
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("Sergeant charged") && out.contains("[[feed]]\nname = \"Westmarch Echo\""), "{out}");

    let (code, out, err) = with(&["feed", "test", &at("/list")]).await;
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("Officer to face a hearing") && out.contains("kind = \"page\""), "{out}");

    let (code, out, err) = with(&["feed", "find", &at("/")]).await;
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(
        out.starts_with(&format!("{base}/feed  (feed, 1 entry, the newest of 2026-03-10)  Westmarch Echo")),
        "{out}"
    );

    for (args, code, said) in [
        (vec!["feed", "test", &at("/empty")], 65, "no list found in the page"),
        (vec!["feed", "test", &at("/missing")], 69, "status 404"),
        (vec!["feed", "find", &at("/empty")], 65, "no feed and no list found"),
        (vec!["feed", "test", "--entry", "li..x", &at("/list")], 64, "no CSS selector"),
    ] {
        let (got, out, err) = with(&args).await;
        assert_eq!(got, code, "{args:?}: {out}{err}");
        assert!(err.contains(said), "{args:?}: {err}");
    }

    let (code, out, err) = program(&["feed", "verify", "--config", &config]).await;
    assert_eq!(code, 65, "{out}{err}");
    let rows: Vec<Vec<&str>> = out.lines().map(|l| l.split_whitespace().take(3).collect()).collect();
    assert_eq!(
        rows[1..5],
        [["echo", "on", "well"], ["hearings", "on", "well"], ["gone", "off", "fails"], ["busy", "on", "fails"]]
    );
    assert!(out.contains("2 of 4 answer; 1 of those that are on do not"), "{out}");
    assert!(err.contains("1 feed that should be polled cannot be read"), "{err}");
    let (_, out, _) = program(&["feed", "verify", "--json", "--enabled", "--config", &config]).await;
    let ids: Vec<String> =
        out.lines().map(|l| serde_json::from_str::<serde_json::Value>(l).unwrap()["id"].to_string()).collect();
    assert_eq!(ids, ["\"echo\"", "\"hearings\"", "\"busy\""]);
    server.abort();
}

#[tokio::test]
async fn opml_goes_out_and_comes_in_with_its_folders() {
    let dir = tempfile::tempdir().unwrap();
    let config = config(dir.path(), "https://news.example");
    let (code, out, _) = program(&["feed", "export", "--config", &config]).await;
    assert_eq!(code, 0);
    assert!(out.contains("<outline text=\"Local\">") && out.contains("xmlUrl=\"https://news.example/feed\""), "{out}");
    let opml = dir.path().join("feeds.opml");
    std::fs::write(&opml, &out).unwrap();
    let opml = opml.display().to_string();
    let made = dir.path().join("imported.toml").display().to_string();
    let (code, _, err) = program(&["feed", "import", "--output", &made, &opml]).await;
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("3 feeds of 3 taken"), "{err}");
    let text = std::fs::read_to_string(&made).unwrap();
    assert!(text.contains("folder = \"Local / Kent\"") && text.contains("kind = \"page\""), "{text}");
    // What was written is a configuration, and is never written over.
    let main = dir.path().join("main.toml").display().to_string();
    std::fs::write(&main, "include = [\"imported.toml\"]\n").unwrap();
    let (code, out, err) = program(&["check", "--config", &main]).await;
    assert_eq!(code, 0, "{out}{err}");
    assert_eq!(program(&["feed", "import", "--output", &made, &opml]).await.0, 73);
    let (code, out, err) = program(&["feed", "import", "--config", &config, &opml]).await;
    assert_eq!((code, out.trim()), (0, ""), "{err}");
    assert!(err.contains("0 feeds of 3 taken; 3 followed already or given twice"), "{err}");
    std::fs::write(&opml, "hello").unwrap();
    let (code, _, err) = program(&["feed", "import", &opml]).await;
    assert_eq!(code, 65);
    assert!(err.contains("no OPML"), "{err}");
}
