//! The names in a parsed template: functions, `$variables` and named templates must exist (gotmpl would find out only
//! where an action is executed), and the variables of the data are listed.

use super::{error::Fault, functions};
use gotmpl::parse::{
    BranchNode, CommandNode, DefineNode, Expr, ListNode, Node, PipeNode, Pos, SmolStr,
};
use std::collections::{BTreeSet, VecDeque};

/// `$variables` in scope at one place.
const MAX_VARIABLES: usize = 200;

/// Checks the main text and all named templates. Returns the names that are taken from the data itself, in the order of
/// their first use; those of a named template follow those of the text that calls it.
pub(super) fn check(main: &ListNode, defines: &[DefineNode]) -> Result<Vec<String>, Fault> {
    let mut walk = Walk {
        defines: defines.iter().map(|define| &define.name).collect(),
        used: Vec::new(),
        noted: BTreeSet::new(),
        scope: Vec::new(),
        root: true,
        calls: VecDeque::new(),
    };
    walk.template(main, true)?;
    let mut seen = BTreeSet::new();
    // Those that are never called come last and know nothing of the data.
    let uncalled = defines.iter().map(|define| (define.name.clone(), false));
    let mut uncalled = uncalled.collect::<VecDeque<_>>();
    while let Some((name, root)) = walk.calls.pop_front().or_else(|| uncalled.pop_front()) {
        if !seen.insert((name.clone(), root)) {
            continue;
        }
        if let Some(define) = defines.iter().rfind(|define| define.name == name) {
            walk.template(&define.body, root)?;
        }
    }
    Ok(walk.used)
}

struct Walk<'a> {
    defines: BTreeSet<&'a SmolStr>,
    used: Vec<String>,
    noted: BTreeSet<String>,
    /// The variables in scope, the newest last, each with whether it holds the data itself.
    scope: Vec<(SmolStr, bool)>,
    /// Whether dot is the data itself.
    root: bool,
    /// Calls of named templates, each with whether it passes on the data itself.
    calls: VecDeque<(SmolStr, bool)>,
}

impl Walk<'_> {
    fn template(&mut self, body: &ListNode, root: bool) -> Result<(), Fault> {
        self.scope = vec![(SmolStr::new_static("$"), root)];
        self.root = root;
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
                let root = match &call.pipe {
                    Some(pipe) => {
                        self.pipe(pipe)?;
                        self.is_root_pipe(pipe)
                    }
                    None => false,
                };
                self.calls.push_back((call.name.clone(), root));
                Ok(())
            }
        }
    }

    fn branch(&mut self, branch: &BranchNode, dot: Dot) -> Result<(), Fault> {
        let outer = (self.scope.len(), self.root);
        // The variables of a range hold elements, and exist in its body only.
        let looped = matches!(dot, Dot::Element);
        if looped {
            self.commands(&branch.pipe)?;
            self.bind(&branch.pipe, false)?;
        } else {
            self.pipe(&branch.pipe)?;
        }
        let declared = if looped { outer.0 } else { self.scope.len() };
        self.root = match dot {
            Dot::Same => self.root,
            Dot::Value => self.is_root_pipe(&branch.pipe),
            Dot::Element => false,
        };
        self.list(&branch.body)?;
        self.scope.truncate(declared);
        self.root = outer.1;
        if let Some(otherwise) = &branch.else_body {
            self.list(otherwise)?;
        }
        self.scope.truncate(outer.0);
        Ok(())
    }

    fn pipe(&mut self, pipe: &PipeNode) -> Result<(), Fault> {
        self.commands(pipe)?;
        self.bind(pipe, self.is_root_pipe(pipe))
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
                let Some(root) = self.variable(name) else {
                    return Err(fault(*pos, format!("variable {name} is not defined")));
                };
                if root {
                    self.note_first(fields);
                }
                Ok(())
            }
            Expr::Field(_, fields) => {
                if self.root {
                    self.note_first(fields);
                }
                Ok(())
            }
            Expr::Pipe(_, pipe) => self.pipe(pipe),
            Expr::Chain(_, inner, fields) => {
                self.expr(inner)?;
                if self.is_root(inner) {
                    self.note_first(fields);
                }
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
    fn bind(&mut self, pipe: &PipeNode, root: bool) -> Result<(), Fault> {
        for name in &pipe.decl {
            if !pipe.is_assign {
                if self.scope.len() > MAX_VARIABLES {
                    return Err(fault(
                        pipe.pos,
                        format!("more than {MAX_VARIABLES} variables"),
                    ));
                }
                self.scope.push((name.clone(), root));
                continue;
            }
            match self.scope.iter_mut().rfind(|(known, _)| known == name) {
                Some((_, holds_root)) => *holds_root = root,
                None => return Err(fault(pipe.pos, format!("variable {name} is not defined"))),
            }
        }
        Ok(())
    }

    fn variable(&self, name: &str) -> Option<bool> {
        self.scope
            .iter()
            .rfind(|(known, _)| known == name)
            .map(|(_, root)| *root)
    }

    fn is_root(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Dot(_) => self.root,
            Expr::Variable(_, name, fields) => {
                fields.is_empty() && self.variable(name) == Some(true)
            }
            Expr::Pipe(_, pipe) => self.is_root_pipe(pipe),
            _ => false,
        }
    }

    fn is_root_pipe(&self, pipe: &PipeNode) -> bool {
        match pipe.commands.as_slice() {
            [only] => matches!(only.args.as_slice(), [expr] if self.is_root(expr)),
            _ => false,
        }
    }

    fn note_first(&mut self, fields: &[SmolStr]) {
        if let Some(name) = fields.first() {
            self.note(name);
        }
    }

    fn note(&mut self, name: &str) {
        if self.noted.insert(name.to_owned()) {
            self.used.push(name.to_owned());
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

fn fault(pos: Pos, message: impl Into<String>) -> Fault {
    Fault {
        line: u32::try_from(pos.line).ok(),
        message: message.into(),
    }
}
