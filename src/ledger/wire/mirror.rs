//! How a mirror is declared: once, as a table of fields or variants, from which both directions follow.

use std::collections::BTreeSet;

use crate::ledger::entry::Malformed;

/// The shape of `T` as it is written.
pub(super) trait Mirror<T>: Sized {
    /// The shape of this.
    fn of(it: &T) -> Self;

    /// What this is the shape of.
    fn back(self) -> Result<T, Malformed>;
}

/// A struct's mirror: each field with the shape it has.
macro_rules! mirror_struct {
    ($name:ident of $domain:ty { $($(#[$as:meta])* $field:ident: $shape:ty),* $(,)? }) => {
        #[derive(Debug, serde::Serialize, serde::Deserialize)]
        pub(super) struct $name {
            $($(#[$as])* $field: $shape),*
        }

        impl $crate::ledger::wire::mirror::Mirror<$domain> for $name {
            fn of(it: &$domain) -> Self {
                Self { $($field: <$shape as $crate::ledger::wire::mirror::Mirror<_>>::of(&it.$field)),* }
            }

            fn back(self) -> Result<$domain, $crate::ledger::entry::Malformed> {
                type It = $domain;
                Ok(It { $($field: $crate::ledger::wire::mirror::Mirror::back(self.$field)?),* })
            }
        }
    };
}

/// The one value of a variant, whatever shape it has.
macro_rules! inner {
    ($name:ident, $shape:ty) => {
        $name
    };
}

/// An enum's mirror: each variant with the shape of what it holds.
macro_rules! mirror_enum {
    ($name:ident of $domain:ty {
        $($variant:ident $(($shape:ty))? $({ $($(#[$as:meta])* $field:ident: $of:ty),* $(,)? })?),* $(,)?
    }) => {
        #[derive(Debug, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[allow(clippy::large_enum_variant, reason = "a mirror is moved once, into bytes or out of them")]
        pub(super) enum $name {
            $($variant $(($shape))? $({ $($(#[$as])* $field: $of),* })?),*
        }

        impl $crate::ledger::wire::mirror::Mirror<$domain> for $name {
            fn of(it: &$domain) -> Self {
                type It = $domain;
                match it {
                    $(It::$variant $((inner!(held, $shape)))? $({ $($field),* })? => Self::$variant
                        $((<$shape as $crate::ledger::wire::mirror::Mirror<_>>::of(held)))?
                        $({ $($field: <$of as $crate::ledger::wire::mirror::Mirror<_>>::of($field)),* })?,)*
                }
            }

            fn back(self) -> Result<$domain, $crate::ledger::entry::Malformed> {
                type It = $domain;
                Ok(match self {
                    $(Self::$variant $((inner!(held, $shape)))? $({ $($field),* })? => It::$variant
                        $((<$shape as $crate::ledger::wire::mirror::Mirror<_>>::back(held)?))?
                        $({ $($field: $crate::ledger::wire::mirror::Mirror::back($field)?),* })?,)*
                })
            }
        }
    };
}

impl<T, M: Mirror<T>> Mirror<Box<T>> for Box<M> {
    fn of(it: &Box<T>) -> Self {
        Self::new(M::of(it))
    }

    fn back(self) -> Result<Box<T>, Malformed> {
        (*self).back().map(Box::new)
    }
}

impl<T, M: Mirror<T>> Mirror<Option<T>> for Option<M> {
    fn of(it: &Option<T>) -> Self {
        it.as_ref().map(M::of)
    }

    fn back(self) -> Result<Option<T>, Malformed> {
        self.map(M::back).transpose()
    }
}

impl<T, M: Mirror<T>> Mirror<Vec<T>> for Vec<M> {
    fn of(it: &Vec<T>) -> Self {
        it.iter().map(M::of).collect()
    }

    fn back(self) -> Result<Vec<T>, Malformed> {
        self.into_iter().map(M::back).collect()
    }
}

impl<T: Ord, M: Mirror<T>> Mirror<BTreeSet<T>> for Vec<M> {
    fn of(it: &BTreeSet<T>) -> Self {
        it.iter().map(M::of).collect()
    }

    fn back(self) -> Result<BTreeSet<T>, Malformed> {
        self.into_iter().map(M::back).collect()
    }
}
