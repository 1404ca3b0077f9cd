//! Groups: which series an aggregation makes one of.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::promql::eval::line::weight;
use crate::promql::eval::meter::SERIES;
use crate::promql::node::{Grouping, GroupingKind};
use crate::signal::{Labels, NAME};

/// How many labels of a grouping are looked through in the time that all else takes that is done for a series.
const LABELS: usize = 8;

/// The groups of an aggregation, in the order in which their first series came.
pub(super) struct Groups<'g> {
    grouping: Option<&'g Grouping>,
    /// By the hash of their labels; several where hashes collide.
    known: BTreeMap<u64, Vec<usize>>,
    labels: Vec<Labels>,
    /// Whether the metric's name is still to be taken off.
    unnamed: Vec<bool>,
}

impl<'g> Groups<'g> {
    pub(super) const fn new(grouping: Option<&'g Grouping>) -> Self {
        Self { grouping, known: BTreeMap::new(), labels: Vec::new(), unnamed: Vec::new() }
    }

    /// The group of a series with these labels.
    pub(super) fn of(&mut self, labels: &Labels, unnamed: bool) -> usize {
        let hash = self.hash(labels);
        let alike = self.known.get(&hash).into_iter().flatten().copied();
        let found = alike.into_iter().find(|group| self.is_of(*group, labels));
        let group = found.unwrap_or_else(|| self.begin(hash, labels));
        self.unnamed[group] |= unnamed;
        group
    }

    /// How much work it is to find the group of a series.
    pub(super) fn work(&self) -> usize {
        SERIES * (1 + self.grouping.map_or(0, |grouping| grouping.labels.len() / LABELS))
    }

    pub(super) fn len(&self) -> usize {
        self.labels.len()
    }

    /// How many samples the labels of a group are worth.
    pub(super) fn weight(&self, group: usize) -> usize {
        self.labels.get(group).map_or(0, weight)
    }

    /// The labels of each group, and whether its name is still to go.
    pub(super) fn each(self) -> impl Iterator<Item = (Labels, bool)> {
        self.labels.into_iter().zip(self.unnamed)
    }

    /// Whether the groups have no names that could go.
    pub(super) fn are_nameless(&self) -> bool {
        self.labels.iter().all(|labels| labels.get(NAME).is_empty())
    }

    /// What of labels tells groups apart.
    fn telling<'l>(&self, labels: &'l Labels) -> impl Iterator<Item = (&'l str, &'l str)> {
        labels.iter().filter(|(name, _)| self.tells(name))
    }

    fn tells(&self, name: &str) -> bool {
        let Some(Grouping { kind, labels }) = self.grouping else { return false };
        let listed = labels.iter().any(|label| label.name == name);
        match kind {
            GroupingKind::By => listed,
            GroupingKind::Without => !listed && name != NAME,
        }
    }

    fn hash(&self, labels: &Labels) -> u64 {
        if self.grouping.is_none() {
            return 0;
        }
        let mut hasher = DefaultHasher::new();
        self.telling(labels).for_each(|pair| pair.hash(&mut hasher));
        hasher.finish()
    }

    fn is_of(&self, group: usize, labels: &Labels) -> bool {
        self.labels[group].iter().eq(self.telling(labels))
    }

    fn begin(&mut self, hash: u64, labels: &Labels) -> usize {
        let group = self.labels.len();
        self.labels.push(labels.only(|name| self.tells(name)));
        self.unnamed.push(false);
        self.known.entry(hash).or_default().push(group);
        group
    }
}
