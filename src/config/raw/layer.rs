//! Layering: what is not given is taken from what lies beneath.

use crate::config::yaml::Given;

/// Something of which keys may be left out.
pub(crate) trait Layer {
    /// The same with what is not given taken from `beneath`.
    fn over(self, beneath: &Self) -> Self;
}

impl<T: Clone> Layer for Given<T> {
    fn over(self, beneath: &Self) -> Self {
        if matches!(self, Self::Absent) { beneath.clone() } else { self }
    }
}

/// Declares a mirror of a mapping: a struct whose every key may be left out.
macro_rules! mirror {
    ($(#[$about:meta])* $name:ident { $($(#[$key_about:meta])* $key:ident: $type:ty,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Default, serde::Deserialize, schemars::JsonSchema)]
        #[serde(default, deny_unknown_fields)]
        #[allow(clippy::struct_field_names, reason = "a gate's name stands under `gate`, as it does in its file")]
        pub(crate) struct $name {
            $($(#[$key_about])* pub(crate) $key: $type,)*
        }

        impl $name {
            /// Its keys, as they are written.
            #[allow(dead_code, reason = "not every mirror is asked for its keys")]
            pub(crate) const KEYS: &[&str] = &[$(stringify!($key)),*];
        }

        impl $crate::config::raw::Layer for $name {
            fn over(self, beneath: &Self) -> Self {
                Self { $($key: $crate::config::raw::Layer::over(self.$key, &beneath.$key),)* }
            }
        }
    };
}

pub(super) use mirror;
