//! The real program as a service: the notify socket, the control socket, signals, exit codes.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::net::UnixDatagram;
use tokio::process::Command;
use tokio::time::timeout;

fn config(dir: &Path) -> std::path::PathBuf {
    let path = dir.join("conductwatch.toml");
    let text = format!(
        "[store]\npath = {:?}\n[control]\nsocket = {:?}\n[[channel]]\nid = \"folder\"\nkind = \"file\"\npath = {:?}\n\
         [[feed]]\nid = \"dead\"\nname = \"Dead\"\nurl = \"http://127.0.0.1:1/feed\"\n[[person]]\nid = \"ada\"\nname = \"Ada Marrick\"\n",
        dir.join("store"),
        dir.join("control.sock"),
        dir.join("digests"),
    );
    std::fs::write(&path, text).unwrap();
    path
}

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_conductwatch"));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

#[tokio::test]
async fn it_tells_systemd_and_answers_while_it_runs_and_ends_on_sigterm() {
    let dir = tempfile::tempdir().unwrap();
    let config = config(dir.path());
    let socket = dir.path().join("notify.sock");
    let notify = UnixDatagram::bind(&socket).unwrap();
    let daemon = program().args(["run", "--config"]).arg(&config).env("NOTIFY_SOCKET", &socket).spawn().unwrap();
    let mut said = String::new();
    let mut hear = async |until: &str| {
        let mut buffer = vec![0; 4096];
        while !said.contains(until) {
            let n = timeout(Duration::from_secs(30), notify.recv(&mut buffer))
                .await
                .expect("systemd waits in vain")
                .unwrap();
            said.push_str(&String::from_utf8_lossy(&buffer[..n]));
            said.push('\n');
        }
    };
    hear("READY=1").await;
    let status = program().args(["status", "--json", "--config"]).arg(&config).output().await.unwrap();
    assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stderr));
    let status: serde_json::Value = serde_json::from_slice(&status.stdout).unwrap();
    assert!(status["since_start"].is_object(), "the daemon itself answered: {status}");
    // SIGTERM, as systemd sends it.
    let id = daemon.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().await.unwrap().success());
    hear("STOPPING=1").await;
    let output = timeout(Duration::from_secs(30), daemon.wait_with_output()).await.unwrap().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("STATUS=watching 1 feed for 1 name"), "{said}");
    assert!(!dir.path().join("control.sock").exists(), "the socket goes with the daemon");
}

#[tokio::test]
async fn exit_codes_are_as_documented() {
    let dir = tempfile::tempdir().unwrap();
    let good = config(dir.path());
    let bad = dir.path().join("bad.toml");
    std::fs::write(&bad, "[poll]\nintervall = \"30m\"\n[[feed]]\nurl = \"nonsense\"\n").unwrap();
    let missing = dir.path().join("missing.toml");
    for (args, code, says) in [
        (vec!["run", "--config", bad.to_str().unwrap()], 78, "did you mean `interval`"),
        (vec!["check", "--config", bad.to_str().unwrap()], 78, "bad.toml:4"),
        (vec!["check", "--config", missing.to_str().unwrap()], 78, "missing.toml"),
        (vec!["check", "--config", good.to_str().unwrap()], 0, ""),
        (vec!["why", "https://nowhere.example/", "--config", good.to_str().unwrap()], 66, "no store yet"),
        (vec!["extract", "--watchlist", "/nonexistent.toml", "x"], 66, "/nonexistent.toml"),
        (vec!["no-such-command"], 64, "no-such-command"),
    ] {
        let output = program().args(&args).output().await.unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
        assert!(said.contains(says), "{args:?}: {said}");
    }
    assert!(!dir.path().join("store").exists(), "wrong configuration starts nothing");
}

#[tokio::test]
async fn one_pass_delivers_and_ends_and_the_demo_ends_by_itself() {
    let dir = tempfile::tempdir().unwrap();
    let config = config(dir.path());
    let once = program().args(["run", "--once", "--config"]).arg(&config).output().await.unwrap();
    let said = String::from_utf8_lossy(&once.stdout).into_owned();
    assert_eq!(once.status.code(), Some(0), "{}", String::from_utf8_lossy(&once.stderr));
    assert!(said.contains("1 failed poll") && said.contains("not all is well"), "{said}");

    let demo = program().args(["demo", "--dir"]).arg(dir.path().join("demo")).output().await.unwrap();
    let said = String::from_utf8_lossy(&demo.stdout).into_owned();
    assert_eq!(demo.status.code(), Some(0), "{}", String::from_utf8_lossy(&demo.stderr));
    assert!(said.contains("the last digest as HTML"), "{said}");
}
