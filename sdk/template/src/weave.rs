//! Weaves our own nodes into a parsed template: steps that charge for the nodes behind them (so
//! that work is bounded and the line of a fault known), and around each value that is printed our
//! way of printing it.

use super::functions::{NOTHING, SHOW, STEP};
use gotmpl::parse::{
    ActionNode, BranchNode, CommandNode, Expr, ListNode, Node, Number, PipeNode, Pos, SmolStr,
};
use std::sync::Arc;

pub(super) fn weave(list: &mut ListNode) {
    let nodes = std::mem::take(&mut list.nodes);
    list.nodes.reserve(nodes.len() + 4);
    // The first one also pays for the turns of a loop whose body is text or empty.
    let mut steps = Steps::new(list);
    for mut node in nodes {
        if let Some(pos) = position(&node) {
            steps.pay_for(list, pos);
        }
        inside(&mut node);
        if !matches!(node, Node::Action(_) | Node::Text(_)) {
            steps.leave();
        }
        list.nodes.push(node);
    }
}

/// One step pays for all nodes of its line, as long as none between them leads elsewhere.
struct Steps {
    last: Option<Step>,
}

struct Step {
    index: usize,
    pos: Pos,
    nodes: i64,
}

impl Steps {
    fn new(list: &mut ListNode) -> Self {
        let mut steps = Self { last: None };
        steps.pay_for(list, list.pos);
        steps
    }

    fn pay_for(&mut self, list: &mut ListNode, pos: Pos) {
        match &mut self.last {
            Some(step) if step.pos.line == pos.line => {
                step.nodes += 1;
                list.nodes[step.index] = step.node();
            }
            _ => {
                let step = Step {
                    index: list.nodes.len(),
                    pos,
                    nodes: 1,
                };
                list.nodes.push(step.node());
                self.last = Some(step);
            }
        }
    }

    fn leave(&mut self) {
        self.last = None;
    }
}

impl Step {
    fn node(&self) -> Node {
        let number = |number| Expr::Number(self.pos, Number::Int(number));
        let line = i64::try_from(self.pos.line).unwrap_or(0);
        let args = vec![name(self.pos, STEP), number(line), number(self.nodes)];
        Node::Action(ActionNode {
            pos: self.pos,
            pipe: pipe(self.pos, args),
        })
    }
}

fn inside(node: &mut Node) {
    match node {
        Node::Action(action) if action.pipe.decl.is_empty() => show(&mut action.pipe),
        Node::If(branch) | Node::With(branch) | Node::Range(branch) => bodies(branch),
        // Without an argument dot is nothing inside; gotmpl would hand on the caller's.
        Node::Template(call) if call.pipe.is_none() => {
            call.pipe = Some(pipe(call.pos, vec![name(call.pos, NOTHING)]))
        }
        Node::List(list) => weave(list),
        Node::Action(_)
        | Node::Template(_)
        | Node::Text(_)
        | Node::Define(_)
        | Node::Break(_)
        | Node::Continue(_) => {}
    }
}

fn bodies(branch: &mut BranchNode) {
    weave(&mut branch.body);
    if let Some(otherwise) = &mut branch.else_body {
        weave(otherwise);
    }
}

/// Makes `{{value}}` print through [`SHOW`], which for a field learns where it comes from.
fn show(shown: &mut PipeNode) {
    let pos = shown.pos;
    let from = match shown.commands.as_slice() {
        [only] => match only.args.as_slice() {
            [Expr::Field(_, fields)] => fields.first().map(|first| (Expr::Dot(pos), first.clone())),
            [Expr::Variable(_, variable, fields)] => fields.first().map(|first| {
                (
                    Expr::Variable(pos, variable.clone(), Vec::new()),
                    first.clone(),
                )
            }),
            _ => None,
        },
        _ => None,
    };
    let Some((base, first)) = from else {
        shown.commands.push(command(pos, vec![name(pos, SHOW)]));
        return;
    };
    if let Some(only) = shown.commands.first_mut() {
        only.args.insert(0, name(pos, SHOW));
        only.args
            .extend([base, Expr::String(pos, Arc::from(first.as_str()))]);
    }
}

fn pipe(pos: Pos, args: Vec<Expr>) -> PipeNode {
    PipeNode {
        pos,
        decl: Vec::new(),
        commands: vec![command(pos, args)],
        is_assign: false,
    }
}

fn command(pos: Pos, args: Vec<Expr>) -> CommandNode {
    CommandNode { pos, args }
}

fn name(pos: Pos, function: &'static str) -> Expr {
    Expr::Identifier(pos, SmolStr::new_static(function))
}

fn position(node: &Node) -> Option<Pos> {
    match node {
        Node::Action(action) => Some(action.pos),
        Node::If(branch) | Node::With(branch) | Node::Range(branch) => Some(branch.pos),
        Node::Template(call) => Some(call.pos),
        Node::Break(pos) | Node::Continue(pos) => Some(*pos),
        Node::Text(_) | Node::Define(_) | Node::List(_) => None,
    }
}
