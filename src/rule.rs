//! Rules as Prometheus has them: groups of recording and alerting rules that are known to be well formed.

mod name;
mod expr;
mod templated;
mod alerting;
mod recording;
mod group;

pub use alerting::Alerting;
pub use expr::Expr;
pub use group::{Group, Rule};
pub use name::{AlertName, AnnotationName, GroupName, LabelName, NameError, RecordName};
pub use recording::Recording;
pub use templated::Templated;
