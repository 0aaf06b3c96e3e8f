//! Which of the dates seen is the article's: the surest that the address does not gainsay.

use chrono::{FixedOffset, NaiveDate, TimeDelta};

use crate::date::{self, Kind};
use crate::model::{FieldEvidence, PageUrl, Precision, Stamp};

use super::finder::{BEFORE_HEADLINE, BESIDE, FAR_OFF, Finder, GIVEN, LABELLED, MACHINE, SURER, Seen, Times};

/// A page later than this after its fetch shows another time.
const FUTURE: TimeDelta = TimeDelta::days(1);
/// A date this close to the first reading of its page may have been the page's own.
const FRESH: TimeDelta = TimeDelta::minutes(10);
/// Offsets of zones lie within this.
const MOST_OFFSET: i64 = 14 * 3600;

/// Whether both show seconds: their clocks agree by no chance.
fn both_exact(one: &Seen, other: &Seen) -> bool {
    one.stamp.precision == Precision::Second && other.stamp.precision == Precision::Second
}

impl Finder<'_> {
    /// Chooses, and tells the rest with the reason.
    pub(super) fn choose(mut self, url: &PageUrl) -> Times {
        let in_url = date::in_url(url);
        self.drop_days_of_visit();
        // stable: of equal rank the one where the portal's dates stood so far, then one of the day that the list says,
        // then the one seen first
        let (place, listed) = (self.known.place, self.listed_day());
        self.seen.sort_by_key(|seen| {
            let is_listed = listed.is_none_or(|day| seen.stamp.at.date_naive() == day);
            (seen.rank, place.is_none_or(|place| !place.starts_with(&seen.from)), !is_listed)
        });
        let near =
            |seen: &Seen| in_url.is_none_or(|day| (seen.stamp.at.date_naive() - day).num_days().abs() <= 1);
        let best = self.seen.first().map(|seen| seen.rank);
        // the address confirms or refuses; against a sure one it must itself be confirmed by a surer line
        let chosen = match best {
            None => None,
            Some(rank) if rank <= MACHINE => Some(self.exact(in_url).unwrap_or(0)),
            Some(rank) => {
                self.seen.iter().position(near).or((in_url.is_none() || rank <= LABELLED).then_some(0))
            }
        };
        if chosen.is_none() && in_url.is_some() {
            for seen in std::mem::take(&mut self.seen) {
                self.refuse(&seen.from, &seen.raw, "the address names another day");
            }
        }
        let Some(chosen) = chosen.filter(|place| *place < self.seen.len()) else {
            return self.nothing(in_url, url);
        };
        // a far line without a label is worth less than a change that the page names
        if self.seen.get(chosen).is_some_and(|seen| seen.rank > FAR_OFF + LABELLED) && self.has_near_change()
        {
            return self.nothing(in_url, url);
        }
        let mut best = self.seen.remove(chosen);
        self.first_shown(&mut best);
        self.correct(&mut best);
        self.localise(&mut best, in_url);
        self.refine(&mut best);
        self.freeze(&mut best);
        let others: Vec<Seen> = std::mem::take(&mut self.seen);
        for seen in others.iter().filter(|seen| seen.stamp.at.date_naive() != best.stamp.at.date_naive()) {
            self.refuse(&seen.from, &seen.raw, SURER);
        }
        let (modified, modified_evidence) = self.changed(&best);
        let evidence = FieldEvidence {
            from: format!("{}; {}", best.from, self.zone(&best)),
            raw: best.raw.chars().take(200).collect(),
            refused: self.refused,
        };
        Times { published: Some(best.stamp), evidence, modified, modified_evidence }
    }

    /// The day that the list says.
    fn listed_day(&self) -> Option<NaiveDate> {
        Some(self.listed()?.at.date_naive())
    }

    /// Takes out what shows the day of the visit when the list and another place of the page agree on an earlier one:
    /// templates put the day there on which they are filled.
    fn drop_days_of_visit(&mut self) {
        let today = self.known.now.with_timezone(&self.known.zone).date_naive();
        let Some(listed) = self.listed_day().filter(|listed| *listed < today) else { return };
        let is_on = |seen: &Seen, day: NaiveDate| seen.stamp.at.date_naive() == day;
        let agrees = |seen: &Seen| seen.from != "list" && seen.rank <= BEFORE_HEADLINE && is_on(seen, listed);
        if !self.seen.iter().any(agrees) {
            return;
        }
        let (of_visit, rest) = std::mem::take(&mut self.seen)
            .into_iter()
            .partition(|seen| seen.rank > GIVEN && is_on(seen, today));
        self.seen = rest;
        let of_visit: Vec<Seen> = of_visit;
        for seen in of_visit {
            self.refuse(&seen.from, &seen.raw, "the day of the visit; the list and the page say another");
        }
    }

    /// Where two of the page's own sure times are a day apart: the one on the day of the address.
    fn exact(&self, in_url: Option<NaiveDate>) -> Option<usize> {
        let (day, first) = (in_url?, self.seen.first()?.stamp.at.date_naive());
        let is_next = (first - day).num_days().abs() == 1;
        let on_day = |seen: &Seen| seen.rank <= LABELLED && seen.stamp.at.date_naive() == day;
        if is_next { self.seen.iter().position(on_day) } else { None }
    }

    fn zone(&self, seen: &Seen) -> String {
        if seen.zoned { "zone as written".to_owned() } else { format!("zone: {}", self.known.zone_from) }
    }

    fn has_near_change(&self) -> bool {
        self.changes.iter().any(|seen| seen.rank < FAR_OFF && seen.stamp.utc() <= self.known.now + FUTURE)
    }

    /// No date of publication: the day in the address, else what was read before, else the first change named.
    fn nothing(self, in_url: Option<NaiveDate>, url: &PageUrl) -> Times {
        let midnight = in_url.and_then(|day| day.and_hms_opt(0, 0, 0));
        let at = midnight
            .and_then(|at| at.and_local_timezone(self.known.zone).earliest())
            .map(|at| at.fixed_offset());
        let limit = self.known.now + FUTURE;
        let by_address = at.filter(|at| at.to_utc() <= limit).map(|at| {
            let from = format!("address; zone: {}", self.known.zone_from);
            (Stamp { at, precision: Precision::Day }, from, url.to_string())
        });
        let kept = self.known.first.and_then(|first| {
            let stamp = first.published.filter(|stamp| stamp.utc() < first.seen - FRESH)?;
            Some((stamp, "as read before".to_owned(), String::new()))
        });
        let change =
            self.changes.iter().filter(|seen| seen.stamp.utc() <= limit).min_by_key(|seen| seen.rank);
        let change =
            change.filter(|seen| self.known.first.is_none_or(|first| seen.stamp.utc() <= first.seen + FRESH));
        let change = change.map(|seen| {
            let from = format!("{}, of a change: no date of publication; {}", seen.from, self.zone(seen));
            (seen.stamp, from, seen.raw.chars().take(200).collect())
        });
        let (published, from, raw) = match by_address.or(kept).or(change) {
            Some((stamp, from, raw)) => (Some(stamp), from, raw),
            None => (None, String::new(), String::new()),
        };
        let evidence = FieldEvidence { from, raw, refused: self.refused };
        Times { published, evidence, ..Times::default() }
    }

    /// A machine's local time that is later than what the page shows of the same day: an edition of it.
    fn first_shown(&mut self, best: &mut Seen) {
        let offset = best.stamp.at.offset().local_minus_utc();
        if !best.zoned || best.rank > MACHINE || offset == 0 || best.stamp.precision > Precision::Minute {
            return;
        }
        let clock = best.stamp.at.naive_local();
        let is_earlier = |seen: &&Seen| {
            let shown = seen.stamp.at.naive_local();
            !seen.zoned
                && seen.rank > MACHINE
                && seen.rank <= BESIDE
                && seen.stamp.precision <= Precision::Minute
                && seen.stamp.at.offset().local_minus_utc() == offset
                && shown.date() == clock.date()
                && (clock - shown).num_seconds() >= 60
        };
        if let Some(line) = self.seen.iter().find(is_earlier).cloned() {
            self.refuse(&best.from.clone(), &best.raw.clone(), "later than what the page shows");
            *best = line;
        }
    }

    /// A machine's time in UTC whose clock shows what a visible line shows in local time: the `Z` is wrong.
    fn correct(&mut self, best: &mut Seen) {
        if !best.zoned || best.rank > MACHINE || best.stamp.at.offset().local_minus_utc() != 0 {
            return;
        }
        let clock = best.stamp.at.naive_local();
        let same_clock = |seen: &&Seen| {
            !seen.zoned
                && seen.rank <= BEFORE_HEADLINE
                && seen.stamp.precision <= Precision::Minute
                && (seen.stamp.at.naive_local() - clock).num_seconds().abs() < 60
                && seen.stamp.at != best.stamp.at
        };
        if let Some(line) = self.seen.iter().find(same_clock).cloned() {
            self.refuse(&best.from.clone(), &best.raw.clone(), "local time written as UTC");
            *best = line;
        }
    }

    /// A time in UTC that the page also shows in local time is told with the local offset: the instant stays.
    fn localise(&self, best: &mut Seen, in_url: Option<NaiveDate>) {
        if !best.zoned
            || best.stamp.at.offset().local_minus_utc() != 0
            || best.stamp.precision > Precision::Minute
        {
            return;
        }
        let utc = best.stamp.at.naive_utc();
        let known = best.stamp.at.with_timezone(&self.known.zone).fixed_offset();
        let is_default = self.known.zone_from == "default";
        let visible = || self.seen.iter().filter(|seen| seen.rank <= BEFORE_HEADLINE || seen.from == "time");
        // the same instant on another clock
        let by_clock = visible().filter(|seen| seen.stamp.precision <= Precision::Minute).find_map(|seen| {
            if seen.zoned {
                return (seen.stamp.at == best.stamp.at).then(|| *seen.stamp.at.offset());
            }
            let apart = (seen.stamp.at.naive_local() - utc).num_seconds();
            let rounded = (apart + if apart < 0 { -30 } else { 30 }) / 60 * 60;
            let is_zone = rounded == i64::from(known.offset().local_minus_utc());
            let is_exact = apart % 900 == 0 && both_exact(seen, best) || is_default && rounded % 3600 == 0;
            let is_plain = is_exact && rounded.abs() <= MOST_OFFSET;
            (rounded != 0 && (is_zone || is_plain))
                .then(|| FixedOffset::east_opt(i32::try_from(rounded).ok()?))?
        });
        // the day alone, where the page's own zone agrees with it
        let day = known.date_naive();
        let is_shown =
            in_url == Some(day) || visible().any(|seen| !seen.zoned && seen.stamp.at.date_naive() == day);
        let by_day = (!is_default && day != utc.date() && is_shown).then(|| *known.offset());
        if let Some(offset) = by_clock.or(by_day) {
            best.stamp.at = best.stamp.at.with_timezone(&offset);
        }
    }

    /// The day of one joined with the time of another that agrees on the day.
    fn refine(&self, best: &mut Seen) {
        let finer = self
            .seen
            .iter()
            .filter(|seen| {
                seen.stamp.precision < best.stamp.precision
                    && seen.stamp.at.date_naive() == best.stamp.at.date_naive()
            })
            .filter(|seen| {
                best.stamp.precision >= Precision::Hour
                    || (seen.stamp.at - best.stamp.at).num_seconds().abs() < 60
            })
            .min_by_key(|seen| (seen.rank, seen.stamp.precision));
        if let Some(finer) = finer {
            best.stamp = finer.stamp;
            best.zoned = finer.zoned;
            best.from = format!("{} and {}", best.from, finer.from);
            best.raw = format!("{} | {}", best.raw, finer.raw);
        }
    }

    /// What hangs on the fetch stays as it was first read.
    fn freeze(&self, best: &mut Seen) {
        let Some(stamp) = self.known.first.and_then(|first| first.published) else { return };
        let is_same_day = (stamp.at - best.stamp.at).num_hours().abs() < 36;
        let is_moving = best.kind == Kind::Relative && is_same_day
            || best.kind == Kind::Yearless
                && (stamp.at.date_naive() - best.stamp.at.date_naive()).num_days() % 365 == 0;
        if is_moving && stamp.at < best.stamp.at || best.kind == Kind::Relative && is_same_day {
            best.stamp = stamp;
            best.from = format!("{}, as first read", best.from);
        }
    }

    fn changed(&self, best: &Seen) -> (Option<Stamp>, FieldEvidence) {
        let limit = self.known.now + FUTURE;
        let real = self.changes.iter().filter(|seen| {
            seen.rank <= BESIDE && seen.stamp.utc() >= best.stamp.utc() && seen.stamp.utc() <= limit
        });
        match real.min_by_key(|seen| seen.rank) {
            Some(seen) => {
                let evidence =
                    FieldEvidence { from: seen.from.clone(), raw: seen.raw.clone(), refused: Vec::new() };
                (Some(seen.stamp), evidence)
            }
            None => (None, FieldEvidence::default()),
        }
    }
}
