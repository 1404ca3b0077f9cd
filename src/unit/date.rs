//! Dates of the calendar, as everybody uses it by now, for all times.

/// A day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Date {
    /// The year; the one before the first is 0.
    pub year: i128,
    /// The month, from 1.
    pub month: i128,
    /// The day of the month, from 1.
    pub day: i128,
}

impl Date {
    /// The day that is so many after the first of January 1970.
    pub const fn after_1970(days: i128) -> Self {
        // Years that begin in March have their odd day at the end; they come round after 400 of them.
        let since = days + 719_468;
        let (round, within) = (since.div_euclid(146_097), since.rem_euclid(146_097));
        let year = (within - within / 1_460 + within / 36_524 - within / 146_096) / 365;
        let of_year = within - (365 * year + year / 4 - year / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        // January and February are of the year that began in the March before.
        let (month, later) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
        Self { year: year + round * 400 + later, month, day }
    }

    /// How many days lie between 1970 and the first of a month.
    pub const fn days_before(year: i128, month: i128) -> i128 {
        let year = if month <= 2 { year - 1 } else { year };
        let (round, within) = (year.div_euclid(400), year.rem_euclid(400));
        let of_year = (153 * ((month + 9) % 12) + 2) / 5;
        round * 146_097 + within * 365 + within / 4 - within / 100 + of_year - 719_468
    }
}
