//! Routing: to which channels an alert goes, and which channels get the same.

use crate::domain::{Alert, ChannelId, Doubt, Route};

/// Where alerts go.
#[derive(Debug, Clone, Copy)]
pub struct Routing<'a> {
    /// The routes, in the order of the configuration.
    pub routes: &'a [Route],
    /// Where what no route takes goes.
    pub default: &'a [ChannelId],
}

impl Routing<'_> {
    /// The channels of every route that takes `alert`, with the routes' numbers, counted from 1; the default ones, and no
    /// number, where none does.
    pub fn of_alert(&self, alert: &Alert) -> (Vec<ChannelId>, Vec<usize>) {
        self.of(|route| route.takes(alert))
    }

    /// The channels to which what could not be told goes.
    pub fn of_doubt(&self, doubt: &Doubt) -> Vec<ChannelId> {
        self.of(|route| route.takes_doubt(doubt)).0
    }

    fn of(&self, takes: impl Fn(&Route) -> bool) -> (Vec<ChannelId>, Vec<usize>) {
        let (mut channels, mut numbers): (Vec<ChannelId>, Vec<usize>) = (Vec::new(), Vec::new());
        for (route, number) in self.routes.iter().zip(1..).filter(|(route, _)| takes(route)) {
            numbers.push(number);
            channels.extend(route.channels.iter().filter(|c| !channels.contains(c)).cloned().collect::<Vec<_>>());
        }
        if numbers.is_empty() { (self.default.to_vec(), numbers) } else { (channels, numbers) }
    }
}

/// `channels` in groups that get the same things, in their order: for each group its channels, and the positions in `sent` of
/// what it gets. `sent` names the channels of each thing. Who gets nothing is in no group.
pub fn groups(channels: &[ChannelId], sent: &[Vec<ChannelId>]) -> Vec<(Vec<ChannelId>, Vec<usize>)> {
    let mut out: Vec<(Vec<ChannelId>, Vec<usize>)> = Vec::new();
    for channel in channels {
        let gets: Vec<usize> =
            sent.iter().enumerate().filter(|(_, to)| to.contains(channel)).map(|(at, _)| at).collect();
        if gets.is_empty() {
            continue;
        }
        match out.iter_mut().find(|(_, same)| *same == gets) {
            Some((group, _)) => group.push(channel.clone()),
            None => out.push((vec![channel.clone()], gets)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{DevelopmentType as T, Level};
    use crate::stages::digest::sample::Case;

    fn channel(name: &str) -> ChannelId {
        ChannelId::parse(name).unwrap()
    }

    fn alert(event: Option<T>, tracked: &[&str]) -> Alert {
        Case { n: 1, event, tracked, headline: "h", detail: "", date: "2024-05-14", evidence: "e" }.alert()
    }

    fn names(list: &[&str]) -> Vec<String> {
        list.iter().map(|n| (*n).to_owned()).collect()
    }

    #[test]
    fn an_alert_goes_to_every_route_that_takes_it_else_to_the_default() {
        let to = |list: &[&str]| list.iter().map(|n| channel(n)).collect::<Vec<_>>();
        let routes = [
            Route { entities: names(&["ellery"]), channels: to(&["desk"]), ..Route::default() },
            Route {
                entities: names(&["ellery", "corran"]),
                types: names(&["charge", "arrest"]),
                channels: to(&["phone", "desk"]),
                ..Route::default()
            },
            Route { keywords: names(&["spit-hood"]), channels: to(&["research"]), ..Route::default() },
            Route {
                level: Some(Level::Minor),
                types: names(&["statement"]),
                channels: to(&["low"]),
                ..Route::default()
            },
        ];
        let default = to(&["all"]);
        let routing = Routing { routes: &routes, default: &default };
        for (event, tracked, channels, numbers) in [
            (Some(T::Charge), &["ellery"][..], &["desk", "phone"][..], &[1, 2][..]),
            (Some(T::Dismissal), &["westmarch", "ellery"], &["desk"], &[1]),
            (Some(T::Charge), &["corran"], &["phone", "desk"], &[2]),
            (Some(T::Dismissal), &["corran"], &["all"], &[]),
            (Some(T::Statement), &["westmarch"], &["low"], &[4]),
            (None, &["spit-hood"], &["research"], &[3]),
            (None, &["custody-death"], &["all"], &[]),
        ] {
            let found = routing.of_alert(&alert(event, tracked));
            assert_eq!(found, (to(channels), numbers.to_vec()), "{event:?} {tracked:?}");
        }
        let doubt = |kind, concerns: &[&str]| Doubt {
            kind,
            concerns: names(concerns),
            evidence: String::new(),
            reason: String::new(),
        };
        assert_eq!(routing.of_doubt(&doubt(None, &["ellery"])), to(&["desk"]));
        assert_eq!(routing.of_doubt(&doubt(Some(T::Charge), &["corran"])), to(&["phone", "desk"]));
        assert_eq!(routing.of_doubt(&doubt(Some(T::Statement), &[])), to(&["all"]));
        assert_eq!(routing.of_doubt(&doubt(Some(T::Sentence), &["corran"])), to(&["all"]));
        let none = Routing { routes: &[], default: &default };
        assert_eq!(none.of_alert(&alert(None, &["x"])), (default.clone(), Vec::new()));
    }

    #[test]
    fn channels_that_get_the_same_are_one_group() {
        let (a, b, c, d) = (channel("a"), channel("b"), channel("c"), channel("d"));
        let sent = [vec![a.clone(), b.clone(), c.clone()], vec![b.clone()], vec![c.clone(), a.clone()]];
        let found = groups(&[a.clone(), b.clone(), c.clone(), d], &sent);
        assert_eq!(found, [(vec![a, c], vec![0, 2]), (vec![b], vec![0, 1])]);
    }
}
