#!/usr/bin/env python3
"""Makes the fixture of the tests of Patterns: patterns × texts, and which of them Python's re finds.

Where RE2 and re differ, the pattern is handed to re in its own words: `\\z` and a `$` without flag m mean the end of the text,
not the place before a last line feed, and `\\s` does not hold U+000B, which no text here has.
"""
import json
import pathlib
import random
import re

OUT = pathlib.Path(__file__).resolve().parent.parent / "Tests/Support/Patterns/Fixtures/patterns.json"
PATTERNS = [
    ("", ""), ("a", ""), ("abc", ""), ("^abc$", ""), ("^$", ""), ("a|b|cd", ""), ("(a|b)*c", ""), ("a*", ""), ("^a*$", ""),
    ("^a+b?$", ""), ("^(ab)+$", ""), ("^a{2}$", ""), ("^a{2,}$", ""), ("^a{2,4}$", ""), ("^a{0}$", ""), ("a{,2}", ""),
    ("^(a{1,2}){2}$", ""), ("x{", ""), ("x{a}", ""), ("[abc]", ""), ("^[^abc]+$", ""), ("^[a-c]+$", ""), ("[]a]", ""),
    ("[^]a]", ""), ("[a-]", ""), ("[-a]", ""), ("[a\\]]", ""), ("[x\\d-]", ""), ("^\\d+$", ""), ("\\D", ""), ("^\\w+$", ""),
    ("\\W", ""), ("\\s", ""), ("^\\S+$", ""), ("\\bfoo\\b", ""), ("\\Bfoo", ""), ("foo\\B", ""), ("^.$", ""), ("^.$", "s"),
    ("a.c", ""), ("a.c", "s"), ("^b", "m"), ("a$", "m"), ("a$", ""), ("^a$\\n^b$", "m"), ("^", "m"), ("$", "m"),
    ("warrant", "i"), ("ÄÖÜ", "i"), ("straße", "i"), ("[à-é]", "i"), ("σ", "i"), ("[^a]", "i"), ("[^k]", "i"), ("Д", "i"),
    ("k", "i"), ("(?i)ab", ""), ("(?i:ab)c", ""), ("(?s:a.)c", ""), ("(?m)^b", ""), ("a(?i:b)c", ""), ("(?P<n>a)b", ""),
    ("(?:a|b)c", ""), ("a??b", ""), ("a*?b", ""), ("^a{1,3}?$", ""), ("()", ""), ("(|a)b", ""), ("(a|)b", ""), ("|", ""),
    ("^(a*)*$", ""), ("^(a*)+b$", ""), ("^(a|b)*?c$", ""), ("(a?b?){3}$", ""), ("\\x41", ""), ("\\.", ""), ("\\*\\+\\?", ""),
    ("\\\\", ""), ("\\/", ""), ("\\-", ""), ("[\\w.]+@[\\w.]+", ""), ("^\\+?[0-9 ]{7,}$", ""), ("\\b\\d{4}\\b", ""), ("é", ""),
    ("^..$", ""), ("[α-ω]+", ""), ("😀", ""), ("^.{3}$", ""), ("\\Aab", ""), ("ab\\z", ""), ("\\t|\\n", ""), ("[\\n\\t]", ""),
    ("(\\bfoo|bar\\b)+", ""), ("^(?:\\b|x)a", ""), ("a\\b.", ""), ("^\\B$", ""), ("\\b", ""), ("\\B", ""), ("(^a|b$)", ""),
    ("(^|x)a($|y)", ""), ("(a+)+$", ""), ("(a|a)*b$", ""), ("(.*)(.*)(.*)x", ""), ("[[]", ""), ("[a^]", ""), ("a]", ""), ("}", ""),
]
TEXTS = [
    "", "a", "b", "c", "ab", "ba", "abc", "ABC", "aab", "aaa", "aaaa", "aaaaa", "abab", "ababc", "cd", "xabcx", "\n", "a\n",
    "a\nb", "b\na", "a\nc", "\na", "a\r\nb", "foo", "foobar", "foo bar", "barfoo", "a foo.", "x{", "x{a}", "xa}", "[a]", "]", "-",
    "^", "é", "É", "ä", "ÄÖÜ", "äöü", "strasse", "STRASSE", "Straße", "Σ", "σ", "ς", "Д", "д", "K", "k", "K", "ſ", "s", "😀", "😀a",
    "αβγ", "Warranty", "WARRANT", "+41 79 123 45 67", "2026", "20266", "me@x.example", "*+?", "\\", "/", "a b", " ", "\t", "_", "_a_",
    "1", "a1", "x", "xay", "xa", "ay", "abcabc", "aaaaaaaaaaaaaaaab", "..", "a.c", "a-c", "Ab", "aB", "aBc", "ABc", "{", "}", "a]",
]


def oracle(pattern, flags):
    # A brace that is no repetition is literal; re reads {,2} as {0,2}, RE2 does not.
    words = pattern.replace("\\z", "\\Z").replace("{,2}", "\\{,2\\}")
    if "m" not in flags and "(?m)" not in pattern:
        words = re.sub(r"(?<!\\)\$", r"\\Z", words)
    bits = 0
    for flag in flags:
        bits |= {"i": re.I, "s": re.S, "m": re.M}[flag]
    return words, bits


def made(count):
    """Patterns put together at random from a few parts."""
    draw = random.Random(5)

    def part(depth):
        kind = draw.randrange(9 if depth < 3 else 4)
        if kind < 2:
            return draw.choice("abc")
        if kind == 2:
            return draw.choice([".", "[ab]", "[^a]", "\\w", "\\d", "\\b", "\\B", "[b-c]"])
        if kind == 3:
            return draw.choice(["^", "$", "(?:a|)", "b"])
        if kind < 6:
            return part(depth + 1) + part(depth + 1)
        if kind == 6:
            return f"({part(depth + 1)}|{part(depth + 1)})"
        repeat = draw.choice(["*", "+", "?", "{2}", "{1,3}", "{0,2}"])
        return f"(?:{part(depth + 1)}){repeat}"

    return [(part(0), draw.choice(["", "", "i", "s", "m"])) for _ in range(count)]


def main():
    rows = []
    for pattern, flags in PATTERNS + made(400):
        words, bits = oracle(pattern, flags)
        # \w, \d, \s and \b are those of ASCII, while case is folded in all alphabets.
        words = (words.replace("\\w", "[0-9A-Za-z_]") if "[\\w" not in words else words.replace("\\w", "0-9A-Za-z_"))
        words = words.replace("\\W", "[^0-9A-Za-z_]")
        word = "0-9A-Za-z_"
        boundary = f"(?:(?<=[{word}])(?![{word}])|(?<![{word}])(?=[{word}]))"
        inside = f"(?:(?<=[{word}])(?=[{word}])|(?<![{word}])(?![{word}]))"
        if "i" in flags:
            boundary, inside = f"(?-i:{boundary})", f"(?-i:{inside})"
            words = words.replace("[0-9A-Za-z_]", "(?-i:[0-9A-Za-z_])")
        words = words.replace("\\b", boundary).replace("\\B", inside)
        program = re.compile(words, bits)
        rows.append([pattern, flags, "".join("1" if program.search(text) else "0" for text in TEXTS)])
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps({"texts": TEXTS, "patterns": rows}, ensure_ascii=False, indent=0) + "\n")


if __name__ == "__main__":
    main()
