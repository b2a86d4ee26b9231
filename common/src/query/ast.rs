//! An expression as a tree of steps. Each takes a value to an answer; what it is applied to is not
//! part of the tree.

use jmespath::ast::Comparator;
use serde_json::Value;

/// How many steps may lie between a document and the answer. The parser, the evaluation and the
/// release of a tree recurse by its depth, and an answer can be as many levels deeper than the
/// document. jmespath.py ends at about the same depth, with Python's recursion limit.
pub(super) const MAX_DEPTH: usize = 400;

#[derive(Clone, Debug)]
pub(super) struct Node {
    pub step: Step,
    depth: usize,
}

#[derive(Clone, Debug)]
pub(super) enum Step {
    Identity,
    Field(String),
    Literal(Value),
    Index(i64),
    Slice([Option<i64>; 3]),
    /// The second step on the answer of the first: `a.b` and `a | b`.
    Then(Box<Node>, Box<Node>),
    /// The second step on each element of the first one's list.
    Projection(Box<Node>, Box<Node>),
    /// The second step on each value of the first one's object.
    Values(Box<Node>, Box<Node>),
    /// The second step on those elements of the first one's list that fulfil the third.
    Filter(Box<Node>, Box<Node>, Box<Node>),
    Flatten(Box<Node>),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
    Compare(Comparator, Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    And(Box<Node>, Box<Node>),
    Not(Box<Node>),
    Function(String, Vec<Node>),
    /// `&a`: the expression itself, for the functions that apply it.
    Reference(Box<Node>),
}

impl Node {
    /// Nothing if the tree would be deeper than [`MAX_DEPTH`].
    pub(super) fn new(step: Step) -> Option<Node> {
        let depth = step.depth();
        (depth <= MAX_DEPTH).then_some(Node { step, depth })
    }

    fn is_reference(&self) -> bool {
        matches!(self.step, Step::Reference(_))
    }
}

impl Step {
    /// Steps that follow one another add up, of alternatives the deepest counts. A function applies
    /// its references to its other arguments, so those follow one another.
    fn depth(&self) -> usize {
        match self {
            Step::Identity | Step::Field(_) | Step::Literal(_) => 1,
            Step::Index(_) | Step::Slice(_) => 1,
            Step::Then(first, second)
            | Step::Projection(first, second)
            | Step::Values(first, second) => first.depth + second.depth,
            Step::Filter(list, then, condition) => list.depth + then.depth.max(condition.depth),
            Step::Flatten(node) | Step::Not(node) | Step::Reference(node) => 1 + node.depth,
            Step::List(nodes) => 1 + deepest(nodes),
            Step::Object(pairs) => 1 + deepest(pairs.iter().map(|(_, node)| node)),
            Step::Compare(_, left, right) | Step::Or(left, right) | Step::And(left, right) => {
                1 + left.depth.max(right.depth)
            }
            Step::Function(_, arguments) => {
                let (references, values): (Vec<_>, Vec<_>) =
                    arguments.iter().partition(|argument| argument.is_reference());
                1 + deepest(references) + deepest(values)
            }
        }
    }
}

fn deepest<'n>(nodes: impl IntoIterator<Item = &'n Node>) -> usize {
    nodes.into_iter().map(|node| node.depth).max().unwrap_or(0)
}
