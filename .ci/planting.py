"""Small faults of a module, each planted by itself: what a tired developer might write."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

OPERATORS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}

SQL = re.compile(r"\b(select|join|case when|nulls last|desc|\w+_us)\b")
IN_SQL = {
    r"\band\b": "or",
    r"\bor\b": "and",
    r"<=": "<",
    r"<(?![=>])": "<=",
    r">=": ">",
    r"(?<!<)>(?!=)": ">=",
    r"(?<![<>]) = ": " <> ",
    r" \+ ": " - ",
    r" - ": " + ",
    r"\bnot\b": "",
    r"\bmin\(": "max(",
    r"\bmax\(": "min(",
    r"\bleft join\b": "join",
    r"\bbool_or\b": "bool_and",
    r"\bdistinct\b": "",
    r"\bdesc\b": "",
}


class Planter(ast.NodeTransformer):
    """Lists the faults that a module can have, and plants the one that is wanted."""

    def __init__(self, wanted: int = -1) -> None:
        self.wanted = wanted
        self.faults: list[str] = []
        self.in_sql = False

    def offer(self, node: ast.expr, others: Iterable[ast.expr]) -> ast.expr:
        """The node, or that of the others which is wanted."""
        kept = node
        for other in others:
            if len(self.faults) == self.wanted:
                kept = ast.copy_location(other, node)
            told = f"{ast.unparse(node)} -> {ast.unparse(other)}"
            self.faults.append(f"line {node.lineno}: {' '.join(told.split())}")
        return kept

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        """Each comparison by its neighbour."""
        self.generic_visit(node)
        others = []
        for place, operator in enumerate(node.ops):
            ops = [*node.ops]
            ops[place] = OPERATORS[type(operator)]()
            others.append(ast.Compare(node.left, ops, node.comparators))
        return self.offer(node, others)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        """`and` for `or`, and the other way round."""
        self.generic_visit(node)
        return self.offer(node, [ast.BoolOp(OPERATORS[type(node.op)](), node.values)])

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        """Each sum by a difference, each product by a quotient."""
        self.generic_visit(node)
        other = OPERATORS.get(type(node.op))
        return self.offer(
            node, [ast.BinOp(node.left, other(), node.right)] if other else []
        )

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        """A `not`, a `~` and a sign are left out."""
        self.generic_visit(node)
        return self.offer(node, [node.operand])

    def visit_Return(self, node: ast.Return) -> ast.Return:
        """Nothing is given back."""
        self.generic_visit(node)
        nothing = ast.unparse(node) in ("return", "return None")
        if node.value is not None and not nothing:
            node.value = self.offer(node.value, [ast.Constant(None)])
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        """A text with names in it is SQL by all its parts."""
        parts = [part for part in node.values if isinstance(part, ast.Constant)]
        before = self.in_sql
        self.in_sql = bool(SQL.search(" ".join(str(part.value) for part in parts)))
        self.generic_visit(node)
        self.in_sql = before
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        """A number is one more, a truth value the other, SQL has one word changed."""
        value = node.value
        if isinstance(value, bool):
            return self.offer(node, [ast.Constant(not value)])
        if isinstance(value, int | float):
            return self.offer(node, [ast.Constant(value + 1)])
        if isinstance(value, str) and (self.in_sql or SQL.search(value)):
            return self.offer(node, [ast.Constant(text) for text in _changed(value)])
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.Expr:
        """A docstring stays."""
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AnnAssign:
        """A type stays."""
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """Decorators and types stay."""
        node.args.defaults = [self.visit(default) for default in node.args.defaults]
        node.body = [self.visit(line) for line in node.body]
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        """Decorators stay."""
        node.body = [self.visit(line) for line in node.body]
        return node


def _changed(sql: str) -> Iterable[str]:
    for pattern, other in IN_SQL.items():
        for found in re.finditer(pattern, sql):
            yield sql[: found.start()] + other + sql[found.end() :]


def faults_of(source: str) -> list[str]:
    """What can be planted in a module, in order: the line, what it says and what it would say."""
    planter = Planter()
    planter.visit(ast.parse(source))
    return planter.faults


def plant(source: str, wanted: int) -> ast.Module:
    """The module with one of its `faults_of`, by its number."""
    tree = ast.parse(source)
    Planter(wanted).visit(tree)
    return ast.fix_missing_locations(tree)
