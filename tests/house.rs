//! The shape of the house.

#[test]
fn stands() {}
