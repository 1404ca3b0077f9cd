//! The JSON Schema of rule and server files, by which editors complete them.

use schemars::generate::SchemaSettings;

use crate::config::raw;

/// The schema, as JSON.
pub fn schema() -> String {
    let generator = SchemaSettings::draft07().into_generator();
    let mut schema = generator.into_root_schema_for::<raw::File>();
    schema.insert("title".to_owned(), "backstop rule and server files".into());
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}
