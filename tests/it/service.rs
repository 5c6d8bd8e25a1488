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
    let mut command = program();
    command.args(["run", "--config"]).arg(&config).env("NOTIFY_SOCKET", &socket);
    command.env("WATCHDOG_USEC", "60000000").env_remove("WATCHDOG_PID");
    let daemon = command.spawn().unwrap();
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
    hear("WATCHDOG=1").await;
    let status = program().args(["status", "--json", "--config"]).arg(&config).output().await.unwrap();
    let status: serde_json::Value = serde_json::from_slice(&status.stdout).unwrap();
    assert!(status["since_start"].is_object(), "the daemon itself answered: {status}");
    // SIGTERM, as systemd sends it.
    let id = daemon.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().await.unwrap().success());
    hear("STOPPING=1").await;
    let output = timeout(Duration::from_secs(30), daemon.wait_with_output()).await.unwrap().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("STATUS=watching 1 feed for 1 name"), "{said}");
    assert!(said.starts_with("EXTEND_TIMEOUT_USEC=60000000\nSTATUS=opening the store"), "{said}");
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

#[tokio::test]
async fn what_hangs_when_it_is_told_to_end_is_named_at_the_deadline() {
    // A site that takes the connection and never answers.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/feed", silent.local_addr().unwrap());
    for once in [false, true] {
        let dir = tempfile::tempdir().unwrap();
        let path = config(dir.path());
        let text = std::fs::read_to_string(&path).unwrap().replace("http://127.0.0.1:1/feed", &url);
        let text = format!(
            "[shutdown]\ndeadline = \"1s\"\n[poll]\nallow_private = [\"127.0.0.0/8\"]\ntimeout = \"5m\"\n{text}"
        );
        std::fs::write(&path, text).unwrap();
        let mut command = program();
        command.arg("run").args(once.then_some("--once")).arg("--config").arg(&path);
        let daemon = command.spawn().unwrap();
        let (_held, _) = timeout(Duration::from_secs(30), silent.accept()).await.unwrap().unwrap();
        let id = daemon.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().await.unwrap().success());
        let output = timeout(Duration::from_secs(30), daemon.wait_with_output()).await.unwrap().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(70), "{said}");
        assert!(said.contains("not finished within 1s: poll"), "{said}");
        // Nothing is broken: the store opens, and no lock is left.
        let status = program().args(["status", "--config"]).arg(&path).output().await.unwrap();
        // Nothing runs any more, and it says so with what the store holds.
        assert_eq!(status.status.code(), Some(69), "{}", String::from_utf8_lossy(&status.stderr));
        assert!(String::from_utf8_lossy(&status.stdout).contains("stored "), "{status:?}");
    }
}

#[tokio::test]
async fn a_second_run_on_the_same_store_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = config(dir.path());
    let socket = dir.path().join("notify.sock");
    let notify = UnixDatagram::bind(&socket).unwrap();
    let _daemon = program().args(["run", "--config"]).arg(&path).env("NOTIFY_SOCKET", &socket).spawn().unwrap();
    let mut buffer = vec![0; 4096];
    let mut said = String::new();
    while !said.contains("READY=1") {
        let n = timeout(Duration::from_secs(30), notify.recv(&mut buffer)).await.unwrap().unwrap();
        said = String::from_utf8_lossy(&buffer[..n]).into_owned();
    }
    for args in [&["run"][..], &["run", "--once"]] {
        let output = program().args(args).arg("--config").arg(&path).output().await.unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(75), "{said}");
        assert!(said.contains("another conductwatch is running") && said.contains("store"), "{said}");
    }
}

#[test]
fn the_unit_runs_as_a_user_that_systemd_can_make() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy");
    let unit = std::fs::read_to_string(folder.join("conductwatch.service")).unwrap();
    let groups = std::fs::read_to_string(folder.join("conductwatch.sysusers")).unwrap();
    let value = |key: &str| unit.lines().find_map(|l| l.strip_prefix(key)?.strip_prefix('=')).unwrap_or("conductwatch");
    // systemd refuses a dynamic user (by default one of the unit's name) where a static group bears its name.
    let statics: Vec<&str> =
        groups.lines().filter_map(|l| l.strip_prefix("g ")).filter_map(|l| l.split_whitespace().next()).collect();
    assert!(statics.contains(&value("Group")), "{groups}");
    assert!(!statics.contains(&value("User")), "{unit}");
}

#[tokio::test]
async fn told_to_end_it_starts_no_further_poll() {
    use conductwatch::demo::server::{Answer, serve};
    use std::sync::{Arc, OnceLock, atomic::AtomicUsize, atomic::Ordering};
    const FEEDS: usize = 40;
    for once in [false, true] {
        let (id, polls) = (Arc::new(OnceLock::<u32>::new()), Arc::new(AtomicUsize::new(0)));
        let site = {
            let (id, polls) = (Arc::clone(&id), Arc::clone(&polls));
            move |_: &_| {
                // The first poll is in hand when the signal comes.
                if polls.fetch_add(1, Ordering::Relaxed) == 0 {
                    let id = id.wait().to_string();
                    assert!(std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
                }
                Answer::status(404)
            }
        };
        let (address, serving) = serve(site).await.unwrap();
        let serving = tokio::spawn(serving);
        let dir = tempfile::tempdir().unwrap();
        let path = config(dir.path());
        let mut text = std::fs::read_to_string(&path).unwrap();
        text += "[poll]\nallow_private = [\"127.0.0.0/8\"]\nconcurrency = 1\n";
        for n in 0..FEEDS {
            text += &format!("[[feed]]\nurl = \"http://{address}/{n}\"\n");
        }
        std::fs::write(&path, text).unwrap();
        let mut command = program();
        command.arg("run").args(once.then_some("--once")).arg("--config").arg(&path);
        let daemon = command.spawn().unwrap();
        id.set(daemon.id().unwrap()).unwrap();
        let output = timeout(Duration::from_secs(30), daemon.wait_with_output()).await.unwrap().unwrap();
        serving.abort();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{said}");
        let polls = polls.load(Ordering::Relaxed);
        assert!((1..FEEDS / 2).contains(&polls), "{polls} polls: {said}");
    }
}
