//! Hostile queries: what takes too long, and what takes too much.

use backstop::promql::When;
use backstop::unit::{Span, UnixMillis};

use crate::data::END;

/// A query that somebody asks who should not.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hostile {
    pub(crate) expr: &'static str,
    /// How long before the end it begins, and how far apart its steps lie, in milliseconds.
    pub(crate) range: Option<(i64, u64)>,
}

const fn at(expr: &'static str) -> Hostile {
    Hostile { expr, range: None }
}

const fn over(expr: &'static str, back: i64, step: u64) -> Hostile {
    Hostile { expr, range: Some((back, step)) }
}

impl Hostile {
    pub(crate) fn when(self) -> When {
        let end = UnixMillis::new(END);
        match self.range {
            None => When::At(end),
            Some((back, step)) => {
                When::Range { from: UnixMillis::new(END - back), to: end, step: Span::from_millis(step) }
            }
        }
    }
}

const HOUR: i64 = 3_600_000;

/// They hold little and take long, over few series.
pub(crate) const LONG: &[Hostile] = &[
    over("quantile_over_time(0.5, long[9h])", 11_000, 1),
    over("mad_over_time(long[9h])", 11_000, 1),
    over("mad_over_time(long[9h])", HOUR, 10_000),
    over("stddev_over_time(long[9h])", 11_000, 1),
    over("sum_over_time(long[9h])", HOUR, 1_000),
    over("predict_linear(long[9h], time())", 11_000, 1),
    over("deriv(long[9h])", 11_000, 1),
    over("double_exponential_smoothing(long[9h], 0.5, 0.5)", 11_000, 1),
    over("changes(long[9h])", 11_000, 1),
    over("rate(long[9h])", 11_000, 1),
    over("rate(shapes[1h])", 1_000_000, 1_000),
    over("sum_over_time(shapes[1h])", 1_000_000, 1_000),
    over("increase(shapes[1h] smoothed)", 1_000_000, 1_000),
    at("quantile_over_time(0.5, vector(time())[6h:1ms])"),
    at("mad_over_time((vector(time()) % 1000)[6h:1ms])"),
    at("stddev_over_time(vector(time())[6h:1ms])"),
    at("predict_linear(vector(time())[6h:1ms], 5)"),
    at("double_exponential_smoothing(vector(time())[6h:1ms], 0.5, 0.5)"),
    at("max_over_time(sum_over_time(long[1h:1s])[2h:10ms])"),
    at("avg_over_time(avg_over_time(avg_over_time(long[10m:100ms])[10m:100ms])[10m:100ms])"),
    at("sum_over_time(quantile_over_time(0.9, long[1h])[6h:10ms])"),
    at("sum_over_time(exp(exp(sin(cos(vector(time())))))[6h:1ms])"),
    at("sum_over_time((vector(time()) ^ 1.5 ^ 1.1)[6h:1ms])"),
    at("sum_over_time((vector(time()) ^ vector(1.5))[4h:1ms])"),
    at("sum_over_time(vector(scalar(long))[3h:1ms])"),
    at("sum_over_time(vector(time() ^ 1.5)[3h:1ms])"),
    at("sum_over_time(day_of_month(vector(time()))[6h:1ms])"),
    at("sum_over_time(minute()[6h:1ms])"),
    at("sum_over_time((shapes * 2)[1h:10ms])"),
    at("sum_over_time((shapes + shapes)[10m:10ms])"),
    at("sum_over_time(sum(shapes)[1h:10ms])"),
    at("sum_over_time(histogram_quantile(0.9, shapes)[1h:10ms])"),
    at("sum_over_time(histogram_stddev(shapes)[1h:10ms])"),
    at("sum_over_time(timestamp(long)[6h:1ms])"),
    at("sum_over_time(vector(time())[6h:1ms]) and vector(1)"),
    at("sum_over_time((vector(time()) and vector(1))[3h:1ms])"),
    at("sum_over_time((vector(time()) or vector(1))[3h:1ms])"),
    at("sum_over_time(topk(1, vector(time()))[3h:1ms])"),
    at("sum_over_time(quantile(0.5, vector(time()))[3h:1ms])"),
    at("sum_over_time(stddev(vector(time()))[3h:1ms])"),
    at("count_over_time(info(vector(time()))[3h:1ms])"),
    over("count_values(\"value\", long)", 2_000_000, 1_000),
    over("histogram_quantiles(shapes, \"share\", time())", 2_000_000, 1_000),
    over("left * on() group_left(turn) last_over_time(turn[1s])", TURNING, 1_000),
    over("left + on() group_left(turn) fill_right(1) last_over_time(turn[1s])", TURNING, 1_000),
];

/// While the series take turns.
const TURNING: i64 = 290_000;

/// They go through all series, in one step or in some.
pub(crate) const WIDE: &[Hostile] = &[
    at("{__name__=~\".+\"}"),
    at("sort({__name__=~\".+\"})"),
    at("sort_by_label_desc(many, \"path\", \"instance\")"),
    at("topk(10, many)"),
    at("quantile by (instance) (0.5, many)"),
    at("sum by (instance) (many)"),
    at("count_values by (instance) (\"value\", many)"),
    at("many * on (instance) group_left many"),
    at("many and many"),
    at("many or many"),
    at("many unless on () many"),
    at("info(many)"),
    at("label_replace(many, \"to\", \"$1$2$1\", \"path\", \"((a|b|/|.)*)(.*)\")"),
    at("label_join(many, \"to\", \"-\", \"instance\", \"path\", \"instance\")"),
    at("histogram_quantile(0.9, label_replace(many, \"le\", \"$1\", \"instance\", \".*:(.*)\"))"),
    at("{instance=~\"(.*(0|1)){30}(2|3|.)*\"}"),
    at("{instance=~\"(.?){500}[0-9.:]{8,300}\"}"),
    at("many{instance!~\"(a|b|[^b])*[^0](a|[^c]){10,12}(x|y)\"}"),
    over("rate(many[5m])", 200_000, 10_000),
    over("sum by (path) (many)", 200_000, 10_000),
    over("many + many", 200_000, 10_000),
    over("sum without (instance) (many)", 200_000, 10_000),
];

/// They hold more than they may.
pub(crate) const LARGE: &[Hostile] = &[
    over("{__name__=~\".+\"}", 200_000, 20),
    over("sum by (instance) (many)", 200_000, 20),
    over("topk(1, many)", 200_000, 20),
    over("sum_over_time(many[5m:1ms])", 1_000_000, 1_000),
    over("up", 365 * 24 * HOUR, 1),
    at("sum_over_time(vector(1)[1y:1ms])"),
    at("count_over_time(count_over_time(long[1y:1ms])[1y:1ms])"),
    at("sum_over_time(sum_over_time(vector(1)[1y:1s])[1y:1s])"),
    over("left * on() group_left(turn) last_over_time(turn[1s])", TURNING, 1_000),
    over("count_values(\"value\", {__name__=~\".+\"})", 200_000, 20),
    over("many and many", 200_000, 20),
    over("many or many", 200_000, 20),
    at(
        "sum_over_time(vector(time() + (time() + (time() + (time() + (time() + (time() + (time() + (time() + (time() + (time() + (time() + time())))))))))))[1h:100ms])",
    ),
    at(
        "sum_over_time((vector(time()) + (vector(time()) + (vector(time()) + (vector(time()) + (vector(time()) + (vector(time()) + (vector(time()) + vector(time()))))))))[1h:50ms])",
    ),
    at("{__name__=~\".+\"}[1y]"),
    over("count_values(\"value\", shapes)", 4_000_000, 200),
];
