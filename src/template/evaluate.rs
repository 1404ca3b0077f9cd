//! Pipelines, commands and operands.

use crate::template::call::Wants;
use crate::template::clock;
use crate::template::number::Number;
use crate::template::quote::quote;
use crate::template::render::{Stop, Walk, Walked};
use crate::template::tree::{BindingKind, Command, Name, Operand, Pipeline, Term};
use crate::template::value::Value;
use crate::unit::{Extent, Fault, nearest};

impl<'t> Walk<'t> {
    pub(super) fn pipeline(&mut self, dot: &Value, pipeline: &'t Pipeline) -> Walked<Value> {
        let mut last = None;
        for command in &pipeline.commands {
            last = Some(self.command(dot, command, last)?);
        }
        let value = last.unwrap_or(Value::Missing);
        for name in pipeline.binding.iter().flat_map(|binding| &binding.variables) {
            match pipeline.binding.as_ref().map(|binding| binding.kind) {
                Some(BindingKind::Assign) => self.assign(name, value.clone())?,
                Some(BindingKind::Declare) | None => self.variables.push((&name.text, value.clone())),
            }
        }
        Ok(value)
    }

    pub(super) fn assign(&mut self, name: &Name, value: Value) -> Walked<()> {
        let known = self.variables.iter_mut().rev().find(|(known, _)| *known == name.text);
        let Some((_, variable)) = known else { return Err(unknown(name).into()) };
        *variable = value;
        Ok(())
    }

    fn variable(&self, name: &Name) -> Walked<Value> {
        let known = self.variables.iter().rev().find(|(known, _)| *known == name.text);
        known.map(|(_, value)| value.clone()).ok_or_else(|| unknown(name).into())
    }

    fn command(&mut self, dot: &Value, command: &'t Command, last: Option<Value>) -> Walked<Value> {
        let Some((first, arguments)) = command.operands.split_first() else { return Ok(Value::Missing) };
        self.evaluated(dot, first, Rest { arguments, last, extent: command.extent })
    }

    /// The value of an operand that stands alone.
    fn alone(&mut self, dot: &Value, operand: &'t Operand) -> Walked<Value> {
        self.evaluated(dot, operand, Rest { arguments: &[], last: None, extent: operand.extent })
    }

    /// The value of an operand with what is handed to it.
    fn evaluated(&mut self, dot: &Value, operand: &'t Operand, rest: Rest<'t>) -> Walked<Value> {
        self.step(1, operand.extent)?;
        match &operand.term {
            Term::Function(name) => {
                return self.function(dot, name, rest);
            }
            Term::Field(fields) => return self.fields(dot, dot.clone(), fields, rest),
            Term::Variable(variable) if !variable.fields.is_empty() => {
                let value = self.variable(&variable.name)?;
                return self.fields(dot, value, &variable.fields, rest);
            }
            Term::Chain { of, fields } => {
                let value = self.alone(dot, of)?;
                return self.fields(dot, value, fields, rest);
            }
            Term::Dot
            | Term::Nil
            | Term::Bool(_)
            | Term::Number(_)
            | Term::String(_)
            | Term::Variable(_)
            | Term::Pipeline(_) => {}
        }
        if !rest.is_empty() {
            let fault = Fault::new(operand.extent, "this is no function, and takes no arguments");
            return Err(fault.help("a function comes first, its arguments after it").into());
        }
        match &operand.term {
            Term::Dot => Ok(dot.clone()),
            Term::Bool(truth) => Ok(Value::Bool(*truth)),
            Term::Number(number) => ideal(number).map_err(|why| Fault::new(operand.extent, why).into()),
            Term::String(bytes) => Ok(Value::text(bytes)),
            Term::Variable(variable) => self.variable(&variable.name),
            Term::Pipeline(pipeline) => self.pipeline(dot, pipeline),
            Term::Nil | Term::Field(_) | Term::Function(_) | Term::Chain { .. } => {
                Err(Fault::new(operand.extent, "`nil` alone is no command").into())
            }
        }
    }

    /// An argument, as the function wants it.
    pub(super) fn argument(&mut self, dot: &Value, operand: &'t Operand, wants: Wants) -> Walked<Value> {
        self.step(1, operand.extent)?;
        let constant = match &operand.term {
            Term::Nil => return wants.of_nothing().map_err(|why| Fault::new(operand.extent, why).into()),
            Term::Bool(_) | Term::Number(_) | Term::String(_) => true,
            Term::Dot
            | Term::Field(_)
            | Term::Variable(_)
            | Term::Function(_)
            | Term::Pipeline(_)
            | Term::Chain { .. } => false,
        };
        let value = self.alone(dot, operand)?;
        if constant && matches!(wants, Wants::Anything) {
            return Ok(value);
        }
        wants.fit(value).map_err(|why| Fault::new(operand.extent, why).into())
    }

    fn fields(&mut self, dot: &Value, of: Value, fields: &'t [Name], rest: Rest<'t>) -> Walked<Value> {
        let Some((name, before)) = fields.split_last() else { return Ok(of) };
        let mut value = of;
        for name in before {
            let made = matches!(value, Value::Arguments(_));
            value =
                self.field(dot, &value, name, Rest { arguments: &[], last: None, extent: rest.extent })?;
            // Go tells what is missing among arguments from what was never there, and looks no further.
            if made && value == Value::Missing {
                let fault =
                    Fault::new(name.extent, format!("`.{}` is nothing, and has no fields", name.text));
                return Err(fault.into());
            }
        }
        self.field(dot, &value, name, rest)
    }

    fn field(&mut self, dot: &Value, of: &Value, name: &Name, rest: Rest<'t>) -> Walked<Value> {
        self.step(1, name.extent)?;
        let failed = |message: String| -> Stop { Fault::new(name.extent, message).into() };
        if let Value::Time(at) = *of {
            let arguments = self.arguments(dot, rest, |_| Wants::Anything)?;
            return clock::method(at, &name.text, &arguments).map_err(failed);
        }
        let value = match of {
            Value::Missing => return Ok(Value::Missing),
            Value::Record(record) => {
                let known = record.fields.iter().map(|(known, _)| *known);
                of.field(&name.text).cloned().ok_or_else(|| no_field(name, known))?
            }
            Value::Labels(labels) => Value::text(labels.get(&name.text).map_or("", String::as_str)),
            Value::Arguments(made) => made.entries.get(&name.text).cloned().unwrap_or(Value::Missing),
            Value::Bool(_)
            | Value::Int(_)
            | Value::Byte(_)
            | Value::Float(_)
            | Value::Complex(..)
            | Value::Text(_)
            | Value::Html(_)
            | Value::List(_)
            | Value::Time(_) => {
                return Err(failed(format!(
                    "`.{}` is taken of {}, which has no fields",
                    name.text,
                    of.kind()
                )));
            }
        };
        if rest.is_empty() {
            return Ok(value);
        }
        Err(failed(format!("`.{}` is no function, and takes no arguments", name.text)))
    }
}

/// What is handed to an operand.
pub(super) struct Rest<'t> {
    pub(super) arguments: &'t [Operand],
    /// What came through the pipe.
    pub(super) last: Option<Value>,
    /// The characters of all of it.
    pub(super) extent: Extent,
}

impl Rest<'_> {
    fn is_empty(&self) -> bool {
        self.arguments.is_empty() && self.last.is_none()
    }

    pub(super) fn len(&self) -> usize {
        self.arguments.len() + usize::from(self.last.is_some())
    }
}

fn unknown(name: &Name) -> Fault {
    Fault::new(name.extent, format!("there is no variable {} here", quote(&name.text)))
        .help(format!("declare it before: `{{{{{} := ..}}}}`", name.text))
}

fn no_field(name: &Name, known: impl Iterator<Item = &'static str>) -> Fault {
    let known: Vec<_> = known.collect();
    let fault = Fault::new(name.extent, format!("there is no `.{}` here", name.text));
    match nearest(&name.text, known.iter().copied()) {
        Some(near) => fault.help(format!("did you mean `.{near}`?")),
        None => fault.help(format!("there is `.{}`", known.join("`, `."))),
    }
}

/// A constant where nothing asks for a type.
fn ideal(number: &Number) -> Result<Value, String> {
    if let Some((real, imaginary)) = number.complex {
        return Ok(Value::Complex(real, imaginary));
    }
    let hex = number.text.trim_start_matches(['+', '-']).to_ascii_lowercase();
    let hex = hex.starts_with("0x") && !hex.contains('p');
    let written_as_float =
        !hex && !number.text.starts_with('\'') && number.text.contains(['.', 'e', 'E', 'p', 'P']);
    match (number.float, number.int) {
        (Some(float), _) if written_as_float => Ok(Value::Float(float)),
        (_, Some(int)) => Ok(Value::Int(int)),
        _ => Err(format!("{} does not fit a whole number of 64 bits", quote(&number.text))),
    }
}
