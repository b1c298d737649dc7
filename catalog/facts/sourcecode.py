"""Programming languages by the endings of names, and names under which licences are kept."""

import re
from pathlib import PurePosixPath
from typing import Final

_ENDINGS: Final = {
    "C": ".c .h", "C++": ".cc .cpp .cxx .hh .hpp", "C#": ".cs", "CSS": ".css .scss",
    "Dart": ".dart", "Elixir": ".ex .exs",
    "Erlang": ".erl", "Fortran": ".f .f90", "Go": ".go", "Haskell": ".hs", "HTML": ".html .htm",
    "Java": ".java",
    "JavaScript": ".js .mjs .jsx", "Julia": ".jl", "Kotlin": ".kt", "Lua": ".lua", "Objective-C": ".m",
    "OCaml": ".ml",
    "Perl": ".pl .pm", "PHP": ".php", "Python": ".py .pyi", "R": ".r", "Ruby": ".rb", "Rust": ".rs",
    "Scala": ".scala",
    "Shell": ".sh .bash", "SQL": ".sql", "Swift": ".swift", "TypeScript": ".ts .tsx", "Zig": ".zig",
}  # fmt: skip
_LANGUAGES: Final = {ending: name for name, endings in _ENDINGS.items() for ending in endings.split()}
_LICENCE: Final = re.compile(r"(licen[cs]e|copying|unlicense)([.-].*)?$", re.IGNORECASE)


def language_of(name: str) -> str | None:
    """Return the programming language that a file's name promises."""
    return _LANGUAGES.get(PurePosixPath(name).suffix.lower())


def may_be_licence(name: str) -> bool:
    """Tell whether a file of this name usually holds a licence's text."""
    return _LICENCE.match(PurePosixPath(name).name) is not None
