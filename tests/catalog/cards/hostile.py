"""Texts that would act if one let them."""

HOSTILE = (
    "<script>alert(1)</script>",
    "---\nlicense: mit\n---",
    "# Heading\n\n- item\n1. first",
    "[link](javascript:alert(1)) ![x](http://x.example/y.png)",
    "| a | b |\n|---|---|",
    "~~~\nfence\n~~~",
    "```\nfence\n```",
    "\\input{/etc/passwd} 100% $x^2$ {unbalanced",
    "no",
    "key: [value, *anchor, &anchor, !!python/object:os.system]",
    "A & B <b>bold</b> &lt;",
    "line\r\nER  - \r\nTY  - BOOK",
    "bell\x07 and \u2028 separators\u0085",
    "=====",
)
