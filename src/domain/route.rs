//! Routes: which alerts go to which channels.

use super::{Alert, AlertKind, ChannelId, Doubt, Level};
use serde::{Deserialize, Serialize};

/// One route: what it takes, and where that goes. A list that is empty asks for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// Ids of persons and bodies: it takes what concerns one of them, or one of the keywords.
    pub entities: Vec<String>,
    /// Ids of keywords: it takes their hits.
    pub keywords: Vec<String>,
    /// Types (`charge`, `keyword`, `silent_edit` …): it takes what is of one of them.
    pub types: Vec<String>,
    /// It takes what is of this level alone.
    pub level: Option<Level>,
    /// Where what it takes goes; never empty.
    pub channels: Vec<ChannelId>,
}

impl Route {
    /// Whether it takes `alert`.
    pub fn takes(&self, alert: &Alert) -> bool {
        let named = match &alert.content {
            AlertKind::Keyword { keyword } => self.keywords.contains(keyword),
            AlertKind::Development { .. } | AlertKind::Correction { .. } | AlertKind::SilentEdit { .. } => {
                alert.tracked.iter().any(|id| self.entities.contains(id))
            }
        };
        (named || self.names_nobody())
            && (self.types.is_empty() || self.types.iter().any(|t| t == alert.type_name()))
            && self.level.is_none_or(|level| level == alert.level)
    }

    /// Whether it takes what could not be told of those whom `doubt` concerns. A doubt has no level, and may have no type: a
    /// route that asks for one takes none.
    pub fn takes_doubt(&self, doubt: &Doubt) -> bool {
        let of_type = |kind: super::DevelopmentType| self.types.iter().any(|t| t == kind.as_str());
        (doubt.concerns.iter().any(|id| self.entities.contains(id)) || self.names_nobody())
            && (self.types.is_empty() || doubt.kind.is_some_and(of_type))
            && self.level.is_none()
    }

    fn names_nobody(&self) -> bool {
        self.entities.is_empty() && self.keywords.is_empty()
    }
}
