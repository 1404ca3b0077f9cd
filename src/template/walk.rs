//! What a template uses, for those who ask without rendering it.

use crate::unit::Extent;

use super::tree::{Branch, List, Name, Node, Operand, Pipeline, Template, Term};

/// What a chain of fields is taken of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Root<'t> {
    /// The dot, whatever it is at that point.
    Dot,
    /// A variable, with its `$`.
    Variable(&'t str),
    /// The value of a function or of a pipeline in parentheses.
    Value,
}

/// One use of a variable or of fields: `$value`, `$labels.job`, `.Value`, `(query "up").X`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Access<'t> {
    /// All its characters.
    pub extent: Extent,
    /// What the fields are taken of.
    pub root: Root<'t>,
    /// The fields; empty for a bare variable.
    pub fields: &'t [Name],
}

impl Template {
    /// Every use of a variable or a field, in the order of the text, definitions last.
    pub fn fields(&self) -> Vec<Access<'_>> {
        self.operands().into_iter().filter_map(access).collect()
    }

    /// Every call of a function by name, in the order of the text, definitions last.
    pub fn functions(&self) -> Vec<(&str, Extent)> {
        self.operands()
            .into_iter()
            .filter_map(|operand| {
                let Term::Function(name) = &operand.term else { return None };
                Some((name.as_str(), operand.extent))
            })
            .collect()
    }

    /// Whether it calls that function anywhere.
    pub fn calls(&self, function: &str) -> bool {
        self.functions().iter().any(|(name, _)| *name == function)
    }

    /// Every operand, those around others first.
    pub fn operands(&self) -> Vec<&Operand> {
        let mut found = Vec::new();
        list(&self.root, &mut found);
        for definition in &self.definitions {
            list(&definition.body, &mut found);
        }
        found
    }
}

fn access(operand: &Operand) -> Option<Access<'_>> {
    let (root, fields) = match &operand.term {
        Term::Field(fields) => (Root::Dot, fields),
        Term::Variable(variable) => (Root::Variable(&variable.name.text), &variable.fields),
        Term::Chain { fields, .. } => (Root::Value, fields),
        Term::Dot
        | Term::Nil
        | Term::Bool(_)
        | Term::Number(_)
        | Term::String(_)
        | Term::Function(_)
        | Term::Pipeline(_) => return None,
    };
    Some(Access { extent: operand.extent, root, fields })
}

fn list<'t>(of: &'t List, found: &mut Vec<&'t Operand>) {
    for node in &of.nodes {
        match node {
            Node::Text(_) | Node::Break(_) | Node::Continue(_) => {}
            Node::Action { pipeline: of, .. } => pipeline(of, found),
            Node::If(of) | Node::With(of) => branch(of, found),
            Node::Range(range) => {
                pipeline(&range.arm.pipeline, found);
                list(&range.arm.body, found);
                range.otherwise.iter().for_each(|of| list(of, found));
            }
            Node::Call(call) => call.argument.iter().for_each(|of| pipeline(of, found)),
        }
    }
}

fn branch<'t>(of: &'t Branch, found: &mut Vec<&'t Operand>) {
    for arm in &of.arms {
        pipeline(&arm.pipeline, found);
        list(&arm.body, found);
    }
    of.otherwise.iter().for_each(|of| list(of, found));
}

fn pipeline<'t>(of: &'t Pipeline, found: &mut Vec<&'t Operand>) {
    for operand in of.commands.iter().flat_map(|command| &command.operands) {
        self::operand(operand, found);
    }
}

fn operand<'t>(of: &'t Operand, found: &mut Vec<&'t Operand>) {
    found.push(of);
    match &of.term {
        Term::Pipeline(inner) => pipeline(inner, found),
        Term::Chain { of, .. } => operand(of, found),
        Term::Dot
        | Term::Nil
        | Term::Bool(_)
        | Term::Number(_)
        | Term::String(_)
        | Term::Field(_)
        | Term::Variable(_)
        | Term::Function(_) => {}
    }
}
