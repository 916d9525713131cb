//! The names in a parsed template: functions, `$variables` and named templates must exist (gotmpl
//! would find out only where an action is executed), and the variables of the data are listed, with
//! the first that a sample of the data has not.

use super::{error::Fault, functions};
use gotmpl::parse::{
    BranchNode, CommandNode, DefineNode, Expr, ListNode, Node, PipeNode, Pos, SmolStr,
};
use serde_json::Value;
use std::{
    collections::{BTreeSet, HashSet, VecDeque},
    ptr,
};

/// `$variables` in scope at one place.
const MAX_VARIABLES: usize = 200;

/// The names that a template takes from its data.
pub(super) struct Names {
    /// Those of the data itself, in the order of their first use; those of a named template follow
    /// those of the text that calls it.
    pub used: Vec<String>,
    /// The first that the sample has not.
    pub unknown: Option<Fault>,
}

/// Checks the main text and all named templates.
pub(super) fn check(
    main: &ListNode,
    defines: &[DefineNode],
    sample: &Value,
) -> Result<Names, Fault> {
    let mut walk = Walk {
        defines: defines.iter().map(|define| &define.name).collect(),
        data: sample,
        names: Names {
            used: Vec::new(),
            unknown: None,
        },
        noted: BTreeSet::new(),
        scope: Vec::new(),
        dot: Some(sample),
        calls: VecDeque::new(),
    };
    walk.template(main, Some(sample))?;
    let mut seen = HashSet::new();
    // Those that are never called come last and know nothing of the data.
    let uncalled = defines.iter().map(|define| (define.name.clone(), None));
    let mut uncalled = uncalled.collect::<VecDeque<_>>();
    while let Some((name, dot)) = walk.calls.pop_front().or_else(|| uncalled.pop_front()) {
        if !seen.insert((name.clone(), dot.map(ptr::from_ref))) {
            continue;
        }
        if let Some(define) = defines.iter().rfind(|define| define.name == name) {
            walk.template(&define.body, dot)?;
        }
    }
    Ok(walk.names)
}

/// What the sample has in the place of a value; None where that cannot be told.
type Shape<'a> = Option<&'a Value>;

struct Walk<'a> {
    defines: BTreeSet<&'a SmolStr>,
    data: &'a Value,
    names: Names,
    noted: BTreeSet<String>,
    /// The variables in scope, the newest last.
    scope: Vec<(SmolStr, Shape<'a>)>,
    dot: Shape<'a>,
    /// Calls of named templates, each with what it passes on.
    calls: VecDeque<(SmolStr, Shape<'a>)>,
}

impl<'a> Walk<'a> {
    fn template(&mut self, body: &ListNode, dot: Shape<'a>) -> Result<(), Fault> {
        self.scope = vec![(SmolStr::new_static("$"), dot)];
        self.dot = dot;
        self.list(body)
    }

    fn list(&mut self, list: &ListNode) -> Result<(), Fault> {
        list.nodes.iter().try_for_each(|node| self.node(node))
    }

    fn node(&mut self, node: &Node) -> Result<(), Fault> {
        match node {
            Node::Text(_) | Node::Break(_) | Node::Continue(_) | Node::Define(_) => Ok(()),
            Node::List(list) => self.list(list),
            Node::Action(action) => self.pipe(&action.pipe),
            Node::If(branch) => self.branch(branch, Dot::Same),
            Node::With(branch) => self.branch(branch, Dot::Value),
            Node::Range(branch) => self.branch(branch, Dot::Element),
            Node::Template(call) => {
                if !self.defines.contains(&call.name) {
                    return Err(fault(
                        call.pos,
                        format!("template {:?} is not defined", call.name),
                    ));
                }
                let dot = match &call.pipe {
                    Some(pipe) => {
                        self.pipe(pipe)?;
                        self.shape_of_pipe(pipe)
                    }
                    None => None,
                };
                self.calls.push_back((call.name.clone(), dot));
                Ok(())
            }
        }
    }

    fn branch(&mut self, branch: &BranchNode, dot: Dot) -> Result<(), Fault> {
        let outer = (self.scope.len(), self.dot);
        // The variables of a range hold elements, and exist in its body only.
        let looped = matches!(dot, Dot::Element);
        if looped {
            self.commands(&branch.pipe)?;
            let of = self.shape_of_pipe(&branch.pipe).and_then(element);
            // Of two variables the first is the position.
            let mut names = branch.pipe.decl.iter().rev();
            let newest = names.next().into_iter().map(|name| (name, of));
            let declared = newest.chain(names.map(|name| (name, None)));
            let declared: Vec<_> = declared.collect();
            self.bind(&branch.pipe, declared.into_iter().rev())?;
        } else {
            self.pipe(&branch.pipe)?;
        }
        let declared = if looped { outer.0 } else { self.scope.len() };
        self.dot = match dot {
            Dot::Same => self.dot,
            Dot::Value => self.shape_of_pipe(&branch.pipe),
            Dot::Element => self.shape_of_pipe(&branch.pipe).and_then(element),
        };
        self.list(&branch.body)?;
        self.scope.truncate(declared);
        self.dot = outer.1;
        if let Some(otherwise) = &branch.else_body {
            self.list(otherwise)?;
        }
        self.scope.truncate(outer.0);
        Ok(())
    }

    fn pipe(&mut self, pipe: &PipeNode) -> Result<(), Fault> {
        self.commands(pipe)?;
        let shape = self.shape_of_pipe(pipe);
        self.bind(pipe, pipe.decl.iter().map(|name| (name, shape)))
    }

    fn commands(&mut self, pipe: &PipeNode) -> Result<(), Fault> {
        for (stage, command) in pipe.commands.iter().enumerate() {
            let literal = matches!(
                command.args.first(),
                Some(
                    Expr::Bool(..)
                        | Expr::Dot(_)
                        | Expr::Nil(_)
                        | Expr::Number(..)
                        | Expr::String(..)
                )
            );
            if stage > 0 && literal {
                return Err(fault(command.pos, "a value cannot stand behind |"));
            }
            self.command(command)?;
        }
        Ok(())
    }

    fn command(&mut self, command: &CommandNode) -> Result<(), Fault> {
        if let [Expr::Identifier(_, function), of, Expr::String(_, name), ..] =
            command.args.as_slice()
            && function == "index"
            && self.is_root(of)
        {
            self.note(name);
        }
        command.args.iter().try_for_each(|expr| self.expr(expr))
    }

    fn expr(&mut self, expr: &Expr) -> Result<(), Fault> {
        match expr {
            Expr::Identifier(pos, name) if !functions::is_known(name) => {
                Err(fault(*pos, format!("function {name:?} is not defined")))
            }
            Expr::Variable(pos, name, fields) => {
                let Some(shape) = self.variable(name) else {
                    return Err(fault(*pos, format!("variable {name} is not defined")));
                };
                self.fields(*pos, shape, fields);
                Ok(())
            }
            Expr::Field(pos, fields) => {
                self.fields(*pos, self.dot, fields);
                Ok(())
            }
            Expr::Pipe(_, pipe) => self.pipe(pipe),
            Expr::Chain(pos, inner, fields) => {
                self.expr(inner)?;
                self.fields(*pos, self.shape(inner), fields);
                Ok(())
            }
            Expr::Identifier(..)
            | Expr::Dot(_)
            | Expr::String(..)
            | Expr::Number(..)
            | Expr::Bool(..)
            | Expr::Nil(_) => Ok(()),
        }
    }

    /// Declares or assigns the variables of `pipe`.
    fn bind<'n>(
        &mut self,
        pipe: &PipeNode,
        declared: impl Iterator<Item = (&'n SmolStr, Shape<'a>)>,
    ) -> Result<(), Fault> {
        for (name, shape) in declared {
            if !pipe.is_assign {
                if self.scope.len() > MAX_VARIABLES {
                    return Err(fault(
                        pipe.pos,
                        format!("more than {MAX_VARIABLES} variables"),
                    ));
                }
                self.scope.push((name.clone(), shape));
                continue;
            }
            match self.scope.iter_mut().rfind(|(known, _)| known == name) {
                // What it holds where the next action is reached depends on the data.
                Some((_, held)) => *held = if is_same(*held, shape) { shape } else { None },
                None => return Err(fault(pipe.pos, format!("variable {name} is not defined"))),
            }
        }
        Ok(())
    }

    fn variable(&self, name: &str) -> Option<Shape<'a>> {
        self.scope
            .iter()
            .rfind(|(known, _)| known == name)
            .map(|(_, shape)| *shape)
    }

    fn is_root(&self, expr: &Expr) -> bool {
        is_same(self.shape(expr), Some(self.data))
    }

    fn shape(&self, expr: &Expr) -> Shape<'a> {
        match expr {
            Expr::Dot(_) => self.dot,
            Expr::Variable(_, name, fields) => below(self.variable(name)?, fields),
            Expr::Field(_, fields) => below(self.dot, fields),
            Expr::Chain(_, inner, fields) => below(self.shape(inner), fields),
            Expr::Pipe(_, pipe) => self.shape_of_pipe(pipe),
            _ => None,
        }
    }

    fn shape_of_pipe(&self, pipe: &PipeNode) -> Shape<'a> {
        match pipe.commands.as_slice() {
            [only] => match only.args.as_slice() {
                [expr] => self.shape(expr),
                _ => None,
            },
            _ => None,
        }
    }

    /// Fields taken of a value with this shape.
    fn fields(&mut self, pos: Pos, shape: Shape<'a>, fields: &[SmolStr]) {
        if let Some(name) = fields.first()
            && is_same(shape, Some(self.data))
        {
            self.note(name);
        }
        let mut shape = shape;
        for (depth, name) in fields.iter().enumerate() {
            let Some(Value::Object(known)) = shape else {
                return;
            };
            shape = known.get(name.as_str());
            if shape.is_none() {
                let above: String = fields[..depth]
                    .iter()
                    .map(|name| format!(".{name}"))
                    .collect();
                let problem = unknown(&above, name, known.keys());
                self.names.unknown.get_or_insert(fault(pos, problem));
                return;
            }
        }
    }

    fn note(&mut self, name: &str) {
        if self.noted.insert(name.to_owned()) {
            self.names.used.push(name.to_owned());
        }
    }
}

/// What dot is inside a block.
#[derive(Clone, Copy)]
enum Dot {
    Same,
    Value,
    Element,
}

fn is_same(one: Shape<'_>, other: Shape<'_>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => ptr::eq(one, other),
        (None, None) => true,
        _ => false,
    }
}

fn below<'a>(shape: Shape<'a>, fields: &[SmolStr]) -> Shape<'a> {
    fields
        .iter()
        .try_fold(shape?, |value, name| value.get(name.as_str()))
}

fn element(list: &Value) -> Shape<'_> {
    list.as_array()?.first()
}

fn unknown<'k>(above: &str, name: &str, known: impl Iterator<Item = &'k String>) -> String {
    let likeness = |known: &str| {
        strsim::normalized_damerau_levenshtein(&known.to_lowercase(), &name.to_lowercase())
    };
    let nearest = known
        .map(|known| (likeness(known), known))
        .filter(|(likeness, _)| *likeness >= 0.5)
        .max_by(|(one, _), (other, _)| one.total_cmp(other));
    match nearest {
        Some((_, meant)) => {
            format!("there is no variable {above}.{name}; did you mean {above}.{meant}?")
        }
        None => format!("there is no variable {above}.{name}"),
    }
}

fn fault(pos: Pos, message: impl Into<String>) -> Fault {
    Fault {
        line: u32::try_from(pos.line).ok(),
        message: message.into(),
    }
}
