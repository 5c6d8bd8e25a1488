//! What the user decides by hand, as it is said back to them and to those who read their digests.

use crate::watch::{CHARGE, Desk, SUSPENSION, kinds};

#[tokio::test]
async fn what_was_said_of_an_alert_is_shown_and_its_readers_are_told_in_plain_words() {
    let desk = Desk::new();
    let alerts = desk.read(&[CHARGE, SUSPENSION]).await;
    let id = alerts[0].id.as_str();
    let row = |id: &str| {
        let list = desk.json(&["alerts"]);
        list["alerts"].as_array().unwrap().iter().find(|a| a["id"] == id).unwrap().clone()
    };
    assert_eq!((row(id)["waits"].as_bool(), row(id)["told_in"].is_null()), (Some(true), true));
    let service = desk.service().await;
    let digest = service.make_digest_now().await.unwrap().made.remove(0);
    drop(service);
    assert_eq!((row(id)["waits"].as_bool(), row(id)["told_in"].as_str()), (Some(false), Some(digest.as_str())));

    let said = desk.ok(&["alert", "wrong", id, "--not-them"]);
    assert!(said.contains("the next one corrects it for everybody who was sent that"), "{said}");
    assert!(desk.ok(&["alerts"]).contains("you said that it is about somebody else"));
    let again = desk.ok(&["alert", "wrong", id, "--not-them"]);
    assert_eq!(again.trim(), "The configuration says so already. Nothing was written.");
    // Of two whom it names, one is not meant; nothing of the configuration stands in what readers get.
    let service = desk.service().await;
    let correction = service.store.waiting_alerts().await.unwrap().remove(0);
    assert_eq!(correction.tracked.len(), 2, "{correction:#?}");
    assert_eq!(correction.changes()[0].what, "it is not about Ada Marrick");
    drop(service);

    // Taken back before anybody was sent it, the correction is told by no digest.
    desk.ok(&["alert", "wrong", id, "--undo"]);
    assert_eq!(row(correction.id.as_str())["waits"], false);
    let text = desk.ok(&["alerts"]);
    assert!(text.contains("no digest tells it") && !text.contains("you said"), "{text}");
}

#[tokio::test]
async fn what_is_done_by_hand_can_be_said_twice_and_taken_back_by_the_same_names() {
    let desk = Desk::new();
    let alerts = desk.read(&[CHARGE, SUSPENSION]).await;
    assert_eq!(kinds(&alerts), ["charge", "suspension"]);
    let (charge, suspension) = (alerts[0].id.as_str(), alerts[1].id.as_str());
    let developments = || desk.json(&["timeline", "Ada Marrick"])["developments"].as_array().unwrap().len();
    desk.ok(&["development", "merge", charge, suspension]);
    assert_eq!(developments(), 1);
    assert!(desk.ok(&["development", "merge", charge, suspension]).contains("one development already"));
    assert!(desk.ok(&["why", suspension]).contains("a part of "));
    // By their alerts, as it was asked for.
    desk.ok(&["development", "merge", charge, suspension, "--undo"]);
    assert_eq!(developments(), 2);
    let (code, _, err) = desk.run(&["development", "merge", charge, suspension, "--undo"]);
    assert!(code == 65 && err.contains("was not merged"), "{err}");

    let mute = ["mute", "Ada Marrick", "--until", "2099-12-31"];
    assert!(desk.ok(&mute).contains("conductwatch unmute 'Ada Marrick'"));
    assert_eq!(desk.ok(&mute).trim(), "The configuration says so already. Nothing was written.");
    assert_eq!(desk.json(&mute)["written"], false);
}
