//! Tests of messages in Slack's form: the limits of who reads them; whole payloads are held in `tests/it/deliver.rs`.

use super::*;
use crate::adapters::deliver::message_for_tests;
use std::time::Duration;

fn channel(address: &str) -> SlackChannel {
    let settings =
        PeerSettings { address: address.into(), allow: Vec::new(), timeout: Duration::from_secs(1), contact: None };
    SlackChannel::new(ChannelId::parse("room").unwrap(), settings).unwrap()
}

fn message(blocks: &[usize]) -> Message {
    let blocks = blocks.iter().zip(('a'..='z').cycle()).map(|(length, c)| c.to_string().repeat(*length)).collect();
    Message { blocks, ..message_for_tests("20240515-0730-d09940", "2024-05-15T06:30Z") }
}

#[test]
fn a_digest_is_split_to_the_limits_of_who_reads_it() {
    let (slack, discord) = ("https://hooks.example/services/T/B/x", "https://discord.example/api/webhooks/1/x/slack");
    let many = [10; 120];
    let long = [1_900; 14];
    let endless = [1_900; 100];
    for (address, blocks, expected) in [
        (slack, &[100, 200][..], vec![2]),
        (slack, &many, vec![50, 50, 20]),
        (slack, &long, vec![6, 6, 2]),
        (discord, &[100, 200], vec![2]),
        (discord, &many, vec![120]),
        (discord, &[1_000, 997, 3], vec![1, 1]),
        (discord, &long[..3], vec![1, 1, 1]),
        (discord, &endless, vec![1; 10]),
        (slack, &[], vec![0]),
    ] {
        let (channel, message) = (channel(address), message(blocks));
        let parts = channel.pack(&message);
        let limit = if channel.discord { MOST_TEXT_DISCORD } else { MOST_TEXT };
        for part in &parts {
            let payload = channel.payload(part);
            assert!(payload["text"].as_str().unwrap().chars().count() <= limit);
            assert!(payload["blocks"].as_array().map_or(0, Vec::len) <= MOST_BLOCKS);
            assert_eq!(payload["blocks"].is_null(), channel.discord);
        }
        if blocks == many && channel.discord {
            assert_eq!(parts.iter().map(Vec::len).sum::<usize>(), 120);
            continue;
        }
        if blocks == [1_000, 997, 3] {
            // 1,000 and the gap and 997 are 1,999: the third begins a new message.
            assert_eq!(parts.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
            continue;
        }
        assert_eq!(parts.iter().map(Vec::len).collect::<Vec<_>>(), expected, "{address} {}", blocks.len());
        assert_eq!(channel.parts(&message), parts.len());
    }
    let rest = channel(discord).pack(&message(&endless)).pop().unwrap();
    assert!(rest[0].contains("conductwatch digest show 20240515-0730-d09940"), "{rest:?}");
}
