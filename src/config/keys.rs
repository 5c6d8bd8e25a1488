//! Every key there is. `config/conductwatch.toml` documents each of them; a test compares the two.

/// The known keys of one table.
pub(super) type Keys = &'static [&'static str];

/// The main file and the files it includes.
pub(super) const TOP: Keys = &[
    "include",
    "store",
    "control",
    "poll",
    "alerts",
    "digest",
    "retention",
    "heartbeat",
    "log",
    "metrics",
    "shutdown",
    "feed",
    "person",
    "body",
    "keyword",
    "guard",
    "merge",
    "mute",
    "anonymity",
    "channel",
    "route",
];
/// A file that holds a watchlist alone.
pub(super) const WATCHLIST: Keys = &["person", "body", "keyword", "guard", "merge", "mute"];

pub(super) const STORE: Keys = &["path", "alarm_free", "alarm_size"];
pub(super) const CONTROL: Keys = &["socket"];
pub(super) const POLL: Keys = &[
    "interval",
    "min_interval",
    "max_interval",
    "backfill",
    "concurrency",
    "user_agent_contact",
    "host_pause",
    "timeout",
    "max_bytes",
    "allow_private",
    "proxy",
];
pub(super) const ALERTS: Keys = &["flood"];
pub(super) const DIGEST: Keys = &["hours", "zone", "days", "channels", "past"];
pub(super) const RETENTION: Keys = &["snapshots", "articles", "decisions", "digests", "alerts"];
pub(super) const HEARTBEAT: Keys = &["url", "url_file", "url_env", "every", "allow_private"];
pub(super) const LOG: Keys = &["level", "format"];
pub(super) const METRICS: Keys = &["listen", "allow_remote"];
pub(super) const SHUTDOWN: Keys = &["deadline"];
pub(super) const FEED: Keys = &[
    "id",
    "name",
    "url",
    "kind",
    "entry",
    "link",
    "title",
    "date",
    "folder",
    "select",
    "interval",
    "backfill",
    "enabled",
    "username",
    "password_file",
    "password_env",
    "headers_file",
    "headers_env",
    "note",
];
pub(super) const PERSON: Keys = &["id", "name", "aliases", "bodies", "roles", "excludes", "former_ids", "note"];
pub(super) const BODY: Keys = &["id", "name", "aliases", "former_ids", "note"];
pub(super) const KEYWORD: Keys =
    &["id", "name", "any", "all", "none", "regex", "case_sensitive", "inside_words", "feeds", "alert", "note"];
pub(super) const GUARD: Keys = &["entity", "developments", "words", "alert", "note"];
pub(super) const MERGE: Keys = &["developments", "alert", "note"];
pub(super) const MUTE: Keys = &["name", "story", "development", "until", "alert", "note"];
pub(super) const ANONYMITY: Keys = &["name", "person", "aliases", "reason", "until", "mask", "note"];
pub(super) const CHANNEL: Keys = &[
    "id",
    "kind",
    "path",
    "host",
    "port",
    "tls",
    "username",
    "password_file",
    "password_env",
    "from",
    "to",
    "ehlo_name",
    "url",
    "url_file",
    "url_env",
    "secret_file",
    "secret_env",
    "allow_private",
    "timeout",
    "title",
    "address",
    "entries",
];
pub(super) const ROUTE: Keys = &["entities", "keywords", "types", "level", "channels", "note"];

/// Every table and its keys; the files themselves have the empty name.
pub(super) const ALL: &[(&str, Keys)] = &[
    ("", TOP),
    ("store", STORE),
    ("control", CONTROL),
    ("poll", POLL),
    ("alerts", ALERTS),
    ("digest", DIGEST),
    ("retention", RETENTION),
    ("heartbeat", HEARTBEAT),
    ("log", LOG),
    ("metrics", METRICS),
    ("shutdown", SHUTDOWN),
    ("feed", FEED),
    ("person", PERSON),
    ("body", BODY),
    ("keyword", KEYWORD),
    ("guard", GUARD),
    ("merge", MERGE),
    ("mute", MUTE),
    ("anonymity", ANONYMITY),
    ("channel", CHANNEL),
    ("route", ROUTE),
];
