//! Random expressions, of what every Prometheus from 3.5 on knows and answers alike.

use crate::chance::Chance;
use crate::data::within;

pub(crate) struct Grammar {
    pub(crate) chance: Chance,
    /// How many subqueries stand around. Functions that are rounded differently do not stand in one: a slope or a spread
    /// of what they give may be nothing but rounding.
    within: usize,
}

const RATES: &[&str] = &["rate", "increase", "delta", "irate", "idelta", "changes", "resets", "deriv"];

const OVER_TIME: &[&str] = &[
    "avg_over_time",
    "min_over_time",
    "max_over_time",
    "sum_over_time",
    "count_over_time",
    "last_over_time",
    "present_over_time",
    "stddev_over_time",
    "stdvar_over_time",
    "absent_over_time",
];

const EACH: &[&str] = &["abs", "ceil", "floor", "sgn", "round", "absent", "sort"];

/// Of large numbers they tell the last digits.
const PERIODIC: &[&str] = &["hour", "minute", "day_of_week", "days_in_month", "month", "year", "sin", "cos"];

const ROUNDED: &[&str] = &["sqrt", "exp", "ln", "log2", "log10", "atan", "deg", "rad"];

const FOLDS: &[&str] = &["sum", "avg", "min", "max", "count", "group", "stddev", "stdvar"];

const ARITHMETIC: &[&str] = &["+", "-", "*", "/"];

const COMPARISONS: &[&str] = &["==", "!=", "<", ">", "<=", ">="];

impl Grammar {
    pub(crate) const fn new(seed: u64) -> Self {
        Self { chance: Chance(seed), within: 0 }
    }

    pub(crate) fn expression(&mut self) -> String {
        match self.below(12) {
            0 => self.scalar(3),
            _ => self.vector(4),
        }
    }

    fn below(&mut self, below: i64) -> i64 {
        within(&mut self.chance, below)
    }

    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        let count = i64::try_from(of.len()).unwrap();
        of[usize::try_from(self.below(count)).unwrap()]
    }

    fn number(&mut self) -> String {
        self.one(&["0", "1", "2", "0.5", "-1", "3.25", "1e3", "Inf", "NaN", "-0.1"]).to_owned()
    }

    fn scalar(&mut self, depth: usize) -> String {
        match self.below(if depth == 0 { 1 } else { 6 }) {
            0 | 1 => self.number(),
            2 => "time()".to_owned(),
            3 => format!("scalar({})", self.vector(depth - 1)),
            4 => format!("-({})", self.scalar(depth - 1)),
            _ => {
                let op = self.one(ARITHMETIC);
                format!("({}) {op} ({})", self.scalar(depth - 1), self.scalar(depth - 1))
            }
        }
    }

    fn matchers(&mut self) -> String {
        let some =
            ["a=\"1\"", "a!=\"2\"", "b=~\"x|\"", "b!~\"y\"", "b=\"\"", "a=~\"[12]\"", "c=\"\"", "a=~\".+\""];
        match self.below(3) {
            0 => format!("{{{}}}", self.one(&some)),
            1 => format!("{{{},{}}}", self.one(&some), self.one(&some)),
            _ => String::new(),
        }
    }

    fn series(&mut self) -> String {
        let name = self.one(&["gauge", "gauge", "other", "events_total", "took_bucket", "one", "nothing"]);
        format!("{name}{}", self.matchers())
    }

    fn shift(&mut self) -> String {
        let at = 1_700_000_000 + self.below(4_000);
        let offset = self.below(600);
        match self.below(10) {
            0 => format!(" offset {offset}s"),
            1 => format!(" offset -{offset}s"),
            2 => format!(" @ {at}"),
            3 => format!(" @ end() offset {offset}s"),
            4 => " @ start()".to_owned(),
            _ => String::new(),
        }
    }

    fn span(&mut self) -> String {
        self.one(&["15s", "30s", "1m", "90s", "5m", "20m", "1h", "47s"]).to_owned()
    }

    fn matrix(&mut self, depth: usize) -> String {
        let (span, shift) = (self.span(), self.shift());
        if 0 < depth && self.below(4) == 0 {
            let step = self.one(&["", "15s", "1m", "7s"]);
            let range = self.one(&["1m", "5m", "20m"]);
            self.within += 1;
            let of = self.vector(depth - 1);
            self.within -= 1;
            return format!("({of})[{range}:{step}]{shift}");
        }
        format!("{}[{span}]{shift}", self.series())
    }

    fn vector(&mut self, depth: usize) -> String {
        if depth == 0 {
            return format!("{}{}", self.series(), self.shift());
        }
        match self.below(14) {
            0 | 1 => format!("{}({})", self.one(RATES), self.matrix(depth - 1)),
            2 => format!("{}({})", self.one(OVER_TIME), self.matrix(depth - 1)),
            3 if self.within == 0 && self.below(2) == 0 => {
                format!("{}({})", self.one(ROUNDED), self.vector(depth - 1))
            }
            3 => format!("{}({})", self.one(EACH), self.vector(depth - 1)),
            4 | 5 => self.aggregation(depth - 1),
            6 => self.beside(depth - 1),
            7 | 8 => self.join(depth - 1),
            9 => self.set(depth - 1),
            10 => self.special(depth - 1),
            11 => format!("-({})", self.vector(depth - 1)),
            12 => self.quantiles(depth - 1),
            _ => format!("{}{}", self.series(), self.shift()),
        }
    }

    fn grouping(&mut self) -> String {
        let labels = self.one(&["a", "b", "a, b", "le", "a, le", "", "c"]);
        match self.below(3) {
            0 => format!("by ({labels}) "),
            1 => format!("without ({labels}) "),
            _ => String::new(),
        }
    }

    fn aggregation(&mut self, depth: usize) -> String {
        let grouping = self.grouping();
        let of = self.vector(depth);
        let share = self.one(&["0.5", "0", "1", "0.9", "0.25"]);
        match self.below(8) {
            0 => format!("quantile {grouping}({share}, {of})"),
            // Which of several equal values is chosen is nobody's promise, so only that some are is asked.
            1 => format!("count {grouping}(topk {grouping}({}, {of}))", self.one(&["1", "2", "5"])),
            2 => format!("max {grouping}(bottomk {grouping}({}, {of}))", self.one(&["1", "2", "5"])),
            // A last bit would make another label.
            3 => format!("count_values {grouping}(\"v\", {})", self.series()),
            _ => format!("{} {grouping}({of})", self.one(FOLDS)),
        }
    }

    fn beside(&mut self, depth: usize) -> String {
        let (vector, scalar) = (self.vector(depth), self.scalar(depth.min(1)));
        let op = if self.below(2) == 0 {
            self.one(ARITHMETIC).to_owned()
        } else {
            format!("{}{}", self.one(COMPARISONS), self.one(&["", " bool"]))
        };
        if self.below(2) == 0 {
            format!("({vector}) {op} ({scalar})")
        } else {
            format!("({scalar}) {op} ({vector})")
        }
    }

    fn join(&mut self, depth: usize) -> String {
        let op = if self.below(2) == 0 {
            self.one(ARITHMETIC).to_owned()
        } else {
            format!("{}{}", self.one(COMPARISONS), self.one(&["", " bool"]))
        };
        let matching = self.one(&["", "", "on(a, b)", "on(a)", "ignoring(b)", "ignoring(le)", "on()"]);
        let grouping = match self.below(4) {
            0 if !matching.is_empty() => {
                self.one(&["group_left", "group_right", "group_left(b)", "group_right(le)"])
            }
            _ => "",
        };
        format!("({}) {op} {matching} {grouping} ({})", self.vector(depth), self.vector(depth))
    }

    fn set(&mut self, depth: usize) -> String {
        let op = self.one(&["and", "or", "unless"]);
        let matching = self.one(&["", "on(a)", "ignoring(b)", "on()"]);
        format!("({}) {op} {matching} ({})", self.vector(depth), self.vector(depth))
    }

    fn special(&mut self, depth: usize) -> String {
        let of = self.vector(depth);
        match self.below(10) {
            // With `@` and `offset` it looked at other moments up to 3.5. As they are, they differ in their last digits alone.
            6 => format!("timestamp({}) - 1.7e9", self.series()),
            5 => format!("{}({})", self.one(PERIODIC), self.series()),
            8 => format!("{} % ({})", self.series(), self.number()),
            7 if self.within == 0 => format!("({of}) {} ({})", self.one(&["^", "atan2"]), self.scalar(0)),
            0 => format!("clamp({of}, -1, {})", self.number()),
            1 => format!("label_replace({of}, \"c\", \"$1\", \"a\", \"(.).*\")"),
            2 => format!("label_join({of}, \"c\", \"-\", \"a\", \"b\")"),
            3 => format!("vector({})", self.scalar(1)),
            4 => format!("predict_linear({}, {})", self.matrix(0), self.one(&["60", "-30", "3600"])),
            _ => format!("quantile_over_time({}, {})", self.one(&["0.5", "0.1", "1"]), self.matrix(depth)),
        }
    }

    fn quantiles(&mut self, depth: usize) -> String {
        let share = self.one(&["0.5", "0.9", "0.99", "0", "1"]);
        match self.below(3) {
            0 => format!("histogram_quantile({share}, took_bucket{})", self.matchers()),
            1 => format!("histogram_quantile({share}, rate(took_bucket{}[5m]))", self.matchers()),
            _ => format!("histogram_quantile({share}, sum by (le, a) ({}))", self.vector(depth)),
        }
    }
}
