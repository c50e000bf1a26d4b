"""Expressions of Fortran (NM-TRAN), R (rxode2) and Mlxtran as Python source, by a parser of their own grammar.

Knows numbers, names, calls, + - * / and powers, comparisons, and and or; anything else is an error.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

FORTRAN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.(?![A-Za-z]+\.)\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)"
    r"|(?P<word>\.(?:EQ|NE|GT|GE|LT|LE|AND|OR)\.)|(?P<name>[A-Za-z]\w*)|(?P<sign>\*\*|[-+*/(),=]))"
)
OTHERS = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[A-Za-z_][\w.]*)|(?P<sign>==|!=|>=|<=|&&|\|\||[-+*/^(),<>]))"
)
WORDS = {".EQ.": "==", ".NE.": "!=", ".GT.": ">", ".GE.": ">=", ".LT.": "<", ".LE.": "<=", ".AND.": "and", ".OR.": "or"}
COMPARISONS = ("==", "!=", ">", ">=", "<", "<=")


def normal(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2.0))


def expit(x: float, lower: float = 0.0, upper: float = 1.0) -> float:
    return lower + (upper - lower) / (1.0 + math.exp(-x))


FUNCTIONS: dict[str, Callable] = {"exp": math.exp, "log": math.log, "sqrt": math.sqrt, "phi": normal, "expit": expit,
                                  "cos": math.cos}


class Parser:
    """Recursive descent over one expression. `name` and `call` say what names and calls of no function become."""

    def __init__(self, text: str, fortran: bool, name: Callable[[str], str], call: Callable[[str, list[str]], str]):
        self.text, self.fortran, self.name, self.call = text, fortran, name, call
        self.tokens: list[tuple[str, str]] = []
        place, pattern = 0, FORTRAN if fortran else OTHERS
        while text[place:].strip():
            match = pattern.match(text, place)
            if not match:
                raise ValueError(f"cannot read {text!r} at {text[place:]!r}")
            kind = str(match.lastgroup)
            self.tokens.append((kind, match.group(kind)))
            place = match.end()
        self.place = 0

    def peek(self) -> str:
        return self.tokens[self.place][1] if self.place < len(self.tokens) else ""

    def take(self, *expected: str) -> str:
        token = self.peek()
        if expected and token not in expected or not token:
            raise ValueError(f"{self.text!r}: {token!r} where {expected} was expected")
        self.place += 1
        return token

    def whole(self) -> str:
        result = self.either()
        if self.peek():
            raise ValueError(f"{self.text!r}: {self.peek()!r} is left over")
        return result

    def either(self) -> str:
        left = self.both()
        while self.peek() in (".OR.", "||"):
            self.take()
            left = f"({left} or {self.both()})"
        return left

    def both(self) -> str:
        left = self.comparison()
        while self.peek() in (".AND.", "&&"):
            self.take()
            left = f"({left} and {self.comparison()})"
        return left

    def comparison(self) -> str:
        left = self.sum()
        sign = WORDS.get(self.peek(), self.peek())
        if sign not in COMPARISONS:
            return left
        self.take()
        return f"({left} {sign} {self.sum()})"

    def sum(self) -> str:
        left = self.product()
        while self.peek() in ("+", "-"):
            sign = self.take()
            left = f"({left} {sign} {self.product()})"
        return left

    def product(self) -> str:
        left = self.signed()
        while self.peek() in ("*", "/"):
            sign = self.take()
            left = f"({left} {sign} {self.signed()})"
        return left

    def signed(self) -> str:
        if self.peek() in ("-", "+"):
            return f"({self.take()}{self.signed()})"
        return self.power()

    def power(self) -> str:
        base = self.atom()
        if self.peek() != ("**" if self.fortran else "^"):
            return base
        self.take()
        return f"({base} ** {self.signed()})"

    def atom(self) -> str:
        kind, token = self.tokens[self.place] if self.place < len(self.tokens) else ("", "")
        self.take()
        if token == "(":
            inner = self.either()
            self.take(")")
            return f"({inner})"
        if kind == "number":
            return repr(float(token))
        if kind != "name":
            raise ValueError(f"{self.text!r}: {token!r} where a value was expected")
        if self.peek() != "(":
            return self.name(token)
        self.take("(")
        arguments: list[str] = []
        while self.peek() != ")":
            arguments.append(self.either())
            if self.peek() == ",":
                self.take(",")
        self.take(")")
        function = token.lower()
        if function in FUNCTIONS:
            return f"functions[{function!r}]({', '.join(arguments)})"
        return self.call(token, arguments)


def translate(text: str, fortran: bool = False, name: Callable[[str], str] | None = None,
              call: Callable[[str, list[str]], str] | None = None) -> str:
    """The Python source of an expression. Names become v['NAME'] unless `name` says otherwise."""

    def plain(word: str) -> str:
        return f"v[{word!r}]"

    def refuse(word: str, _: list[str]) -> str:
        raise ValueError(f"{text!r}: {word} is no function that is known")

    return Parser(text, fortran, name or plain, call or refuse).whole()


def compiled(lines: list[str], arguments: str) -> Callable:
    """A function of these arguments with these lines of Python as its body."""
    space: dict = {"functions": FUNCTIONS}
    body = "\n".join(f"    {line}" for line in lines) or "    pass"
    exec(compile(f"def function({arguments}):\n{body}\n", "<model>", "exec"), space)  # noqa: S102
    return space["function"]
