//! Tests of webhooks: what is signed and how; the whole body and the conversation are held in `tests/it/deliver.rs`.

use super::*;
use crate::adapters::deliver::message_for_tests;
use std::time::Duration;

fn channel(secret: Option<&str>) -> Result<WebhookChannel, ChannelError> {
    let peer = PeerSettings {
        address: "https://hooks.example/a-secret-path".into(),
        allow: Vec::new(),
        timeout: Duration::from_secs(1),
        contact: None,
    };
    let settings = WebhookSettings { peer, secret: secret.map(str::to_owned) };
    WebhookChannel::new(ChannelId::parse("desk").unwrap(), settings)
}

#[test]
fn the_signature_is_that_of_the_specification() {
    // The example of the Standard Webhooks reference libraries.
    let signer = signer("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
    let signature = sign(&signer, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", br#"{"test": 2432232314}"#);
    assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

#[test]
fn secrets_that_cannot_sign_are_refused_without_being_shown() {
    for (secret, said) in [
        ("too-short", "has 9 bytes"),
        ("whsec_not base64", "no base64"),
        ("whsec_c2hvcnQ=", "has 5 bytes"),
        (&"x".repeat(65), "has 65 bytes"),
    ] {
        let error = channel(Some(secret)).err().unwrap().to_string();
        assert!(error.contains(said) && error.starts_with("channel \"desk\": ") && !error.contains(secret), "{error}");
    }
    let settings = WebhookSettings {
        peer: PeerSettings { address: "s3cr3t".into(), allow: vec![], timeout: Duration::ZERO, contact: None },
        secret: Some("s3cr3t".into()),
    };
    assert!(!format!("{settings:?}").contains("s3cr3t"));
}

#[test]
fn every_attempt_says_the_same_but_for_the_time_and_what_is_signed_with_it() {
    let channel = channel(Some("a secret of twenty-four bytes")).unwrap();
    let message = message_for_tests("20240515-0730-d09940", "2024-05-15T06:30Z");
    let body = channel.body(&message);
    assert_eq!(body, channel.body(&message));
    let at = |t: &str| channel.headers(&message, &body, t.parse().unwrap());
    let (first, second) = (at("2024-05-15T06:31Z"), at("2024-05-15T06:33Z"));
    let value = |headers: &[(&'static str, String)], name: &str| {
        headers.iter().find(|(n, _)| *n == name).map(|(_, v)| v.clone()).unwrap()
    };
    for name in ["content-type", "idempotency-key", "webhook-id"] {
        assert_eq!(value(&first, name), value(&second, name), "{name}");
    }
    for name in ["webhook-timestamp", "webhook-signature"] {
        assert_ne!(value(&first, name), value(&second, name), "{name}");
    }
    let id = value(&first, "webhook-id");
    assert!(id.starts_with("20240515-0730-d09940-desk-") && !id.contains('.'), "{id}");
    // Another key, another identity, also where only its odd characters differ.
    let other = Message { key: "20240515-0730-d09940 desk".into(), ..message };
    assert_ne!(value(&channel.headers(&other, &body, Timestamp::UNIX_EPOCH), "webhook-id"), id);
}
