//! The configuration as it is understood: every default filled in, paths resolved, nothing secret.

use super::{
    Address, ChannelConfig, ChannelKind, Config, FeedAccess, IpRange, PeerConfig, SecretFrom, SecretSource, TlsMode,
    duration_text,
};
use crate::domain::{
    Anonymity, Backfill, DigestTimes, FeedKind, FeedSpec, Mute, Muted, Retention, SelectMode, shown_address,
};
use serde_json::{Value, json};

/// `config` under the keys of its file. Secrets are not read; where they come from is told. What looks like one in an address is
/// redacted.
pub fn dump(config: &Config) -> Value {
    let watch = &config.watchlist;
    let mut out = json!({
        "store": {
            "path": config.store.path, "alarm_free": size(config.store.alarms.least_free as usize),
            "alarm_size": size(config.store.alarms.most_used as usize),
        },
        "control": { "socket": config.control.socket },
        "poll": poll(config),
        "alerts": { "flood": config.alerts.flood },
        "digest": digest(config),
        "retention": retention(&config.retention),
        "heartbeat": config.heartbeat.as_ref().map(|heartbeat| {
            let ranges = ranges(&heartbeat.allow_private);
            let mut out = json!({ "every": duration_text(heartbeat.every), "allow_private": ranges });
            address(&mut out, &heartbeat.address);
            out
        }),
        "route": config.routes,
        "log": { "level": config.log.level.as_str(), "format": config.log.format.as_str() },
        "metrics": { "listen": config.metrics.listen, "allow_remote": config.metrics.allow_remote },
        "shutdown": { "deadline": duration_text(config.shutdown.deadline) },
        "channel": config.channels.iter().map(channel).collect::<Vec<_>>(),
        "feed": config.feeds.iter().map(|f| feed(f, &config.feed_access)).collect::<Vec<_>>(),
        "person": watch.persons, "body": watch.bodies, "keyword": watch.keywords,
        "guard": watch.rulings.guards, "merge": watch.rulings.merges,
        "mute": watch.rulings.mutes.iter().map(mute).collect::<Vec<_>>(),
        "anonymity": config.anonymity.iter().map(anonymity).collect::<Vec<_>>(),
    });
    drop_nothings(&mut out);
    out
}

fn poll(config: &Config) -> Value {
    let poll = &config.poll;
    json!({
        "interval": duration_text(poll.interval),
        "min_interval": duration_text(poll.min_interval),
        "max_interval": duration_text(poll.max_interval),
        "backfill": backfill(poll.backfill),
        "concurrency": poll.concurrency,
        "user_agent_contact": poll.user_agent_contact,
        "timeout": duration_text(poll.timeout),
        "host_pause": duration_text(poll.host_pause),
        "max_bytes": size(poll.max_bytes),
        "allow_private": ranges(&poll.allow_private),
        "proxy": poll.proxy.as_ref().map(shown_address),
    })
}

fn ranges(list: &[IpRange]) -> Vec<String> {
    list.iter().map(|r| format!("{}/{}", r.address, r.prefix)).collect()
}

/// Where an address comes from; of one that is given only its host, for the rest of it is a secret.
fn address(into: &mut Value, address: &Address) {
    match address {
        Address::Given(_) => into["url"] = json!(format!("{}/…", address.shown())),
        Address::From(from) => source(into, "url", Some(from)),
    }
}

fn peer(into: &mut Value, peer: &PeerConfig) {
    address(into, &peer.address);
    into["allow_private"] = json!(ranges(&peer.allow_private));
    into["timeout"] = json!(duration_text(peer.timeout));
}

/// A size as the configuration has them: every one that can be written there is whole in one of these units.
fn size(bytes: usize) -> String {
    let units =
        [("GB", 1_000_000_000), ("GiB", 1 << 30), ("MB", 1_000_000), ("MiB", 1 << 20), ("kB", 1_000), ("KiB", 1 << 10)];
    let (unit, of) = units.into_iter().find(|(_, of)| bytes.is_multiple_of(*of)).unwrap_or(("kB", 1_000));
    format!("{}{unit}", bytes / of)
}

/// Who must not be named is not named here either.
fn anonymity(rule: &Anonymity) -> Value {
    json!({ "name": "…", "reason": rule.reason.as_str(), "until": rule.until, "mask": rule.mask })
}

fn mute(mute: &Mute) -> Value {
    let (key, id) = match &mute.of {
        Muted::Name(id) => ("name", id.as_str()),
        Muted::Story(id) => ("story", id.as_str()),
        Muted::Development(id) => ("development", id.as_str()),
    };
    let mut out = json!({ "until": mute.until, "alert": mute.alert });
    out[key] = json!(id);
    out
}

fn retention(retention: &Retention) -> Value {
    let kept = |time: Option<jiff::SignedDuration>| time.map_or_else(|| "forever".to_owned(), duration_text);
    json!({
        "snapshots": kept(retention.snapshots), "articles": kept(retention.articles), "decisions": kept(retention.decisions),
        "digests": kept(retention.digests), "alerts": kept(retention.alerts),
    })
}

fn backfill(backfill: Backfill) -> String {
    match backfill {
        Backfill::None => "none".to_owned(),
        Backfill::All => "all".to_owned(),
        Backfill::Within(time) => duration_text(time),
    }
}

fn digest(config: &Config) -> Value {
    let schedule = &config.digest.schedule;
    let hours = match &schedule.times {
        DigestTimes::Immediate => vec!["immediate".to_owned()],
        DigestTimes::At(times) => times.iter().map(|t| t.strftime("%H:%M").to_string()).collect(),
    };
    let days: Vec<String> = schedule.days.iter().map(|d| format!("{d:?}").to_lowercase()).collect();
    let channels: Vec<&str> = config.digest.channels.iter().map(|c| c.as_str()).collect();
    json!({ "hours": hours, "zone": schedule.zone, "days": days, "channels": channels, "past": backfill(config.digest.past) })
}

/// Where a secret comes from, under the key that says so.
fn source(into: &mut Value, name: &str, source: Option<&SecretSource>) {
    let Some(source) = source else { return };
    match &source.from {
        SecretFrom::File(path) => into[format!("{name}_file")] = json!(path),
        SecretFrom::Credential(credential) => {
            into[format!("{name}_file")] = json!(format!("${}/{credential}", super::secret::CREDENTIALS));
        }
        SecretFrom::Env(variable) => into[format!("{name}_env")] = json!(variable),
    }
}

fn channel(channel: &ChannelConfig) -> Value {
    match &channel.kind {
        ChannelKind::File { path } => json!({ "id": channel.id, "kind": "file", "path": path }),
        ChannelKind::Email(email) => {
            let tls = match email.tls {
                TlsMode::StartTls => "starttls",
                TlsMode::Tls => "tls",
                TlsMode::None => "none",
            };
            let to: Vec<String> = email.to.iter().map(ToString::to_string).collect();
            let mut out = json!({
                "id": channel.id, "kind": "email", "host": email.host, "port": email.port, "tls": tls,
                "from": email.from.to_string(), "to": to, "ehlo_name": email.ehlo_name,
                "username": email.login.as_ref().map(|l| &l.username),
            });
            source(&mut out, "password", email.login.as_ref().map(|l| &l.password));
            out
        }
        ChannelKind::Webhook(webhook) => {
            let mut out = json!({ "id": channel.id, "kind": "webhook" });
            peer(&mut out, &webhook.peer);
            source(&mut out, "secret", webhook.secret.as_ref());
            out
        }
        ChannelKind::Slack(slack) => {
            let mut out = json!({ "id": channel.id, "kind": "slack" });
            peer(&mut out, slack);
            out
        }
        ChannelKind::Atom(atom) => json!({
            "id": channel.id, "kind": "atom", "path": atom.path, "title": atom.title, "address": atom.address,
            "entries": atom.entries,
        }),
    }
}

fn feed(feed: &FeedSpec, access: &[FeedAccess]) -> Value {
    let select = match feed.select {
        SelectMode::All => "all",
        SelectMode::Topic => "topic",
        SelectMode::Names => "names",
    };
    let mut out = json!({
        "id": feed.id, "name": feed.name, "url": shown_address(&feed.url), "folder": feed.folder, "select": select,
        "interval": duration_text(feed.interval), "backfill": backfill(feed.backfill), "enabled": feed.enabled,
    });
    if let FeedKind::Page(page) = &feed.kind {
        out["kind"] = json!("page");
        for (key, selector) in
            [("entry", &page.entry), ("link", &page.link), ("title", &page.title), ("date", &page.date)]
        {
            out[key] = json!(selector);
        }
    }
    if let Some(access) = access.iter().find(|a| a.url == feed.url) {
        if let Some(login) = &access.login {
            out["username"] = json!(login.username);
            source(&mut out, "password", Some(&login.password));
        }
        source(&mut out, "headers", access.headers.as_ref());
    }
    out
}

/// Takes away what is not given (null) and lists that are empty: TOML has no null, and a table that is not there has no entries.
fn drop_nothings(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, v| !v.is_null() && v.as_array().is_none_or(|list| !list.is_empty()));
            map.values_mut().for_each(drop_nothings);
        }
        Value::Array(list) => list.iter_mut().for_each(drop_nothings),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Outside, load};
    use std::path::Path;

    /// The configuration that `text` is, read with the environment of nobody.
    fn read(text: &str) -> Config {
        let text = text.to_owned();
        let read = move |path: &Path| match path.to_str() {
            Some("/etc/conductwatch/conductwatch.toml") => Ok(text.clone()),
            _ => Err(std::io::ErrorKind::NotFound.into()),
        };
        let outside = Outside { read: &read, env: &|_| None };
        load(Path::new("/etc/conductwatch/conductwatch.toml"), &outside, &[]).unwrap_or_else(|p| panic!("{p:?}"))
    }

    const FULL: &str = r#"
        [poll]
        interval = "1h"
        max_bytes = "512KiB"
        allow_private = ["10.0.0.0/8"]
        proxy = "http://proxy.example:3128"
        user_agent_contact = "desk@example.org"
        [alerts]
        flood = 7
        [digest]
        hours = ["08:00"]
        days = ["mon"]
        channels = ["desk"]
        [log]
        format = "json"
        [metrics]
        listen = "127.0.0.1:9464"
        [[channel]]
        id = "folder"
        kind = "file"
        path = "/var/lib/conductwatch/digests"
        [[channel]]
        id = "desk"
        kind = "email"
        host = "mail.example.org"
        username = "watch"
        password_file = "$CREDENTIALS_DIRECTORY/smtp"
        from = "Watch <watch@example.org>"
        to = ["desk@example.org"]
        [[channel]]
        id = "program"
        kind = "webhook"
        url = "https://hooks.example.org/s3cr3t-path"
        secret_file = "/etc/conductwatch/webhook-secret"
        allow_private = ["10.0.0.0/8"]
        [[channel]]
        id = "room"
        kind = "slack"
        url_env = "ROOM"
        timeout = "5s"
        [[channel]]
        id = "feed"
        kind = "atom"
        path = "/var/lib/conductwatch/alerts.xml"
        address = "https://watch.example.org/alerts.xml"
        [[route]]
        entities = ["ada-marrick"]
        keywords = ["strip-search"]
        types = ["charge", "keyword"]
        level = "major"
        channels = ["room"]
        [heartbeat]
        url_file = "/etc/conductwatch/heartbeat"
        allow_private = ["10.0.0.0/8"]
        [[feed]]
        url = "https://news.example/private.rss"
        username = "reader"
        password_env = "PW"
        headers_file = "/etc/conductwatch/headers"
        folder = "Local / Kent"
        backfill = "none"
        [[feed]]
        id = "hearings"
        url = "https://force.example/hearings"
        kind = "page"
        entry = "li.notice"
        [[person]]
        name = "Ada Marrick"
        aliases = ["A. Marrick"]
        [[body]]
        name = "Wexmoor Police"
        [[keyword]]
        any = ["strip search*"]
        [[mute]]
        name = "ada-marrick"
        until = "2026-12-31"
        [[guard]]
        entity = "ada-marrick"
        words = ["novelist"]
        [[anonymity]]
        name = "Cora Vell"
        reason = "court-order"
        until = "2030-01-01"
    "#;

    #[test]
    fn what_is_printed_is_a_configuration_that_means_the_same() {
        for text in [FULL, ""] {
            let config = read(text);
            let printed = toml::to_string(&dump(&config)).unwrap();
            let again = read(&printed);
            assert_eq!(dump(&again), dump(&config), "{printed}");
            assert!(!printed.contains("Cora Vell"), "{printed}");
            // Lines differ, and what was never given is given now; all that the service works with is equal.
            let same = (again.feeds == config.feeds, again.watchlist == config.watchlist, again.poll == config.poll);
            assert_eq!(same, (true, true, true), "{printed}");
            assert_eq!(
                (again.digest, again.alerts, again.log),
                (config.digest, config.alerts, config.log),
                "{printed}"
            );
        }
    }

    #[test]
    fn every_key_of_the_file_is_printed_where_it_is_given() {
        let printed = dump(&read(FULL));
        for (table, keys) in crate::config::known_keys() {
            let has = |key: &str| match (*table, &printed[*table]) {
                ("", _) => key == "include" || printed.get(key).is_some(),
                (_, Value::Array(rows)) => rows.iter().any(|row| row.get(key).is_some()),
                (_, section) => section.get(key).is_some(),
            };
            let missing: Vec<_> = keys.iter().filter(|key| !has(key)).collect();
            // Given by nobody here, or (notes) for the user alone.
            let left_out = [
                "merge",
                "person",
                "note",
                "ehlo_name",
                "password_file",
                "password_env",
                "headers_env",
                "url",
                "url_file",
                "url_env",
                "secret_env",
                "link",
                "title",
                "date",
                "former_ids",
                "bodies",
                "roles",
                "excludes",
                "aliases",
                "all",
                "none",
                "regex",
                "feeds",
                "alert",
                "developments",
                "story",
                "development",
            ];
            assert!(
                *table == "merge" || missing.iter().all(|key| left_out.contains(key)),
                "[{table}] {missing:?}: {printed}"
            );
        }
    }

    #[test]
    fn an_address_with_a_token_is_not_printed_whole() {
        let printed = dump(&read(FULL)).to_string();
        assert!(printed.contains("https://hooks.example.org/…") && !printed.contains("s3cr3t"), "{printed}");
        let config = read("[[feed]]\nid = \"a\"\nurl = \"https://news.example/feed?api_key=hunter2\"\n");
        assert_eq!(dump(&config)["feed"][0]["url"], "https://news.example/feed?api_key=…");
    }
}
