//! The aggregations of PromQL.

use crate::promql::value::ValueType;
use std::fmt;

/// How many series are made into few.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aggregator {
    /// The sum of the values.
    Sum,
    /// Their mean.
    Avg,
    /// How many there are.
    Count,
    /// The smallest.
    Min,
    /// The largest.
    Max,
    /// 1 for each group.
    Group,
    /// Their standard deviation.
    Stddev,
    /// Their variance.
    Stdvar,
    /// The series with the largest values.
    Topk,
    /// The series with the smallest values.
    Bottomk,
    /// The value that so large a share lies below.
    Quantile,
    /// How often each value occurs.
    CountValues,
    /// Some series, however many.
    Limitk,
    /// Some share of the series.
    LimitRatio,
}

impl Aggregator {
    /// Every aggregation.
    pub const EACH: [Self; 14] = [
        Self::Sum,
        Self::Avg,
        Self::Count,
        Self::Min,
        Self::Max,
        Self::Group,
        Self::Stddev,
        Self::Stdvar,
        Self::Topk,
        Self::Bottomk,
        Self::Quantile,
        Self::CountValues,
        Self::Limitk,
        Self::LimitRatio,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Avg => "avg",
            Self::Count => "count",
            Self::Min => "min",
            Self::Max => "max",
            Self::Group => "group",
            Self::Stddev => "stddev",
            Self::Stdvar => "stdvar",
            Self::Topk => "topk",
            Self::Bottomk => "bottomk",
            Self::Quantile => "quantile",
            Self::CountValues => "count_values",
            Self::Limitk => "limitk",
            Self::LimitRatio => "limit_ratio",
        }
    }

    /// The aggregation of that name, whatever its case.
    pub fn named(name: &str) -> Option<Self> {
        Self::EACH.into_iter().find(|op| op.name().eq_ignore_ascii_case(name))
    }

    /// What its parameter must be, where it takes one.
    pub const fn parameter(self) -> Option<ValueType> {
        match self {
            Self::Topk | Self::Bottomk | Self::Quantile | Self::Limitk | Self::LimitRatio => {
                Some(ValueType::Scalar)
            }
            Self::CountValues => Some(ValueType::String),
            Self::Sum
            | Self::Avg
            | Self::Count
            | Self::Min
            | Self::Max
            | Self::Group
            | Self::Stddev
            | Self::Stdvar => None,
        }
    }

    /// Whether a feature must be on for it.
    pub const fn experimental(self) -> bool {
        matches!(self, Self::Limitk | Self::LimitRatio)
    }
}

impl fmt::Display for Aggregator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
