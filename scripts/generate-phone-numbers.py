#!/usr/bin/env python3
"""Makes Sources/Support/PhoneNumbers/NumberTable.swift and the fixture of its test from PyPI's phonenumbers.

Run it as `.build/venv/bin/python scripts/generate-phone-numbers.py` after
`python3 -m venv .build/venv && .build/venv/bin/pip install phonenumbers==9.0.43`.

A number belongs to the longest prefix of the table that it begins with. The table is found by walking the digits of all
numbers of a calling code and asking which of the metadata's patterns can still match; where all that can agree on country
and range, the walk stops. Where only the length tells two kinds apart, the entry names the lengths of the second kind.
What nobody has been given inherits from its neighbours, except for area codes of North America.
"""
import functools
import json
import pathlib
import re._constants as sre
import re._parser as parser

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberType
from phonenumbers.data import _COUNTRY_CODE_TO_REGION_CODE as REGIONS

ROOT = pathlib.Path(__file__).resolve().parent.parent
TABLE = ROOT / "Sources/Support/PhoneNumbers/NumberTable.swift"
FIXTURE = ROOT / "Tests/Support/Arguments/Fixtures/numbers.json"
DEPTH = 7
ROW = 8

# In the order in which phonenumbers decides the type of a number. Universal access numbers (business numbers such as
# +44 3… and +41 58…), voice over IP and pagers are ordinary.
TYPES = [
    ("premium_rate", "P"), ("toll_free", "O"), ("shared_cost", "C"), ("voip", "O"), ("personal_number", "N"),
    ("pager", "O"), ("uan", "O"), ("voicemail", "O"), ("fixed_line", "O"), ("mobile", "O"),
]
# Codes that belong to no country. 881 and 870 are satellites; 882 and 883 are networks of all kinds, most of them at
# satellite prices; 878 is personal, 979 premium, 808 shared cost, 888 was for disaster relief.
WORLD = {800: "O", 808: "C", 870: "S", 878: "N", 881: "S", 882: "S", 883: "S", 888: "U", 979: "P"}
# Ranges that the metadata does not have, or has otherwise: numbers for drama (Ofcom) and for tests (Twilio).
EXTRA = {"447700900": "GBO", "441632960": "GBO", "1500555": "USO"}


def plain(value):
    """A value that is the same for all lengths."""
    return value + "0000---"


class Machine:
    """A pattern over digits as a nondeterministic automaton; states are numbers."""

    def __init__(self):
        self.edges, self.empty, self.accept = [], [], None

    def state(self):
        self.edges.append([])
        self.empty.append([])
        return len(self.edges) - 1

    def build(self, items, start):
        for kind, value in items:
            start = self.item(kind, value, start)
        return start

    def item(self, kind, value, start):
        if kind in (sre.LITERAL, sre.IN):
            end = self.state()
            digits = {chr(value)} if kind == sre.LITERAL else self.digits(value)
            self.edges[start].append((frozenset(digits), end))
            return end
        if kind == sre.SUBPATTERN:
            return self.build(value[3], start)
        if kind == sre.BRANCH:
            end = self.state()
            for branch in value[1]:
                self.empty[self.build(branch, start)].append(end)
            return end
        if kind == sre.MAX_REPEAT:
            low, high, inner = value
            for _ in range(low):
                start = self.build(inner, start)
            end = self.state()
            self.empty[start].append(end)
            for _ in range(min(high, 20) - low):
                start = self.build(inner, start)
                self.empty[start].append(end)
            return end
        raise SystemExit(f"a pattern holds {kind}, which this script does not know")

    @staticmethod
    def digits(items):
        found = set()
        for kind, value in items:
            if kind == sre.LITERAL:
                found.add(chr(value))
            elif kind == sre.RANGE:
                found |= {chr(code) for code in range(value[0], value[1] + 1)}
            else:
                found |= set("0123456789")
        return found

    def closure(self, states):
        found, waiting = set(states), list(states)
        while waiting:
            for target in self.empty[waiting.pop()]:
                if target not in found:
                    found.add(target)
                    waiting.append(target)
        return frozenset(found)

    def step(self, states, digit):
        return self.closure({end for state in states for digits, end in self.edges[state] if digit in digits})


def machine(pattern):
    made = Machine()
    start = made.state()
    made.accept = made.build(parser.parse(pattern), start)
    return made, made.closure({start})


class Plan:
    """All numbers of one calling code."""

    def __init__(self, code):
        self.code = code
        self.machines, begin = [], []
        self.regions = []
        for region in REGIONS[code]:
            data = PhoneMetadata.metadata_for_region(region, None)
            lead = self.add(data.leading_digits, begin)
            kinds = [(self.add(getattr(data, name).national_number_pattern, begin), letter)
                     for name, letter in TYPES if getattr(data, name) and getattr(data, name).national_number_pattern]
            self.regions.append((region, lead, kinds))
        self.begin = tuple(begin)

    def add(self, pattern, begin):
        if not pattern:
            return None
        made, start = machine(pattern)
        self.machines.append(made)
        begin.append(start)
        return len(self.machines) - 1

    def step(self, states, digit):
        moved = []
        for made, state in zip(self.machines, states):
            # A leading pattern that has matched holds for all that follows.
            moved.append("yes" if state == "yes" else made.step(state, digit))
        for _, lead, _ in self.regions:
            if lead is not None and moved[lead] != "yes" and self.machines[lead].accept in moved[lead]:
                moved[lead] = "yes"
        return tuple(moved)

    def lengths(self, index, state):
        """How many digits may follow until the pattern matches."""
        made, found = self.machines[index], set()
        for more in range(15):
            if made.accept in state:
                found.add(more)
            state = made.closure({end for place in state for _, end in made.edges[place]})
        return found

    def longest(self, states, depth):
        """The value of a prefix of the largest depth: the likeliest one, and what else a number of some lengths can be."""
        first, lengths = None, {}
        for _, lead, kinds in self.regions:
            if lead is None:
                for index, letter in kinds:
                    if states[index]:
                        value = self.region(index) + letter
                        first = first or value
                        lengths.setdefault(value, set()).update(self.lengths(index, states[index]))
        found = self.values(states)
        if first != found[0]:
            return plain(found[0])
        for other in lengths:
            more = lengths[other] - lengths[first]
            mask = sum(1 << (len(str(self.code)) + depth + length) for length in more
                       if len(str(self.code)) + depth + length <= 15)
            if other != first and mask:
                return f"{first}{mask:04x}{other}"
        return plain(first)

    def region(self, index):
        return next(region for region, _, kinds in self.regions if any(index == kind for kind, _ in kinds))

    def values(self, states):
        """What a number that begins so can be, the likeliest first."""
        found = []
        for region, lead, kinds in self.regions:
            if lead is not None and not states[lead]:
                continue
            alive = [region + letter for index, letter in kinds if states[index]]
            if lead is not None and states[lead] == "yes":
                return [*found, *(alive or [region + "O"])]
            found += alive
        return found

    def unassigned(self, depth):
        return plain("--U") if self.code == 1 and depth <= 3 else None

    @functools.cache
    def tree(self, states, depth):
        """The value of a prefix, or a list of ten subtrees; None where nobody has a number."""
        found = self.values(states)
        if not found:
            return self.unassigned(depth)
        if len(set(found)) == 1 and not (self.code == 1 and depth < 3):
            return plain(found[0])
        if depth == DEPTH:
            return self.longest(states, depth)
        children = tuple(self.tree(self.step(states, digit), depth + 1) for digit in "0123456789")
        kinds = set(children)
        return kinds.pop() if len(kinds) == 1 else children


@functools.cache
def weight(tree):
    """How often each value occurs at the top of a tree's parts."""
    if tree is None:
        return ()
    if isinstance(tree, str):
        return ((tree, 1.0),)
    total = {}
    for child in tree:
        for value, share in weight(child):
            total[value] = total.get(value, 0) + share / 10
    return tuple(sorted(total.items()))


def entries(tree, prefix, inherited, found):
    if tree is None or tree == inherited:
        return
    if isinstance(tree, str):
        found[prefix] = tree
        return
    tops = {}
    for child in tree:
        shares = weight(child)
        if shares:
            top = max(shares, key=lambda item: (item[1], item[0]))[0]
            tops[top] = tops.get(top, 0) + 1
    value = max(sorted(tops), key=lambda key: (tops[key], key == inherited))
    if tops.get(inherited, 0) >= tops[value]:
        value = inherited
    if value != inherited:
        found[prefix] = value
    for digit, child in enumerate(tree):
        entries(child, prefix + str(digit), value, found)


def table():
    found = {str(code): plain("--" + letter) for code, letter in WORLD.items()}
    for code in sorted(REGIONS):
        if REGIONS[code][0] == "001":
            continue
        plan = Plan(code)
        root = plain("--U" if code == 1 else REGIONS[code][0] + "O")
        found[str(code)] = root
        tree = plan.tree(plan.begin, 0)
        if isinstance(tree, tuple):
            for digit, child in enumerate(tree):
                entries(child, f"{code}{digit}", root, found)
    found.update({prefix: plain(value) for prefix, value in EXTRA.items()})
    return found


def lengths():
    """Per country the lengths of its national numbers."""
    found = []
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        data = PhoneMetadata.metadata_for_region(region, None)
        mask = sum(1 << length for length in data.general_desc.possible_length)
        found.append(f"{region}{data.country_code:>3}{mask:05x}")
    return found


def look_up(found, digits):
    for length in range(len(digits), 0, -1):
        if digits[:length] in found:
            value = found[digits[:length]]
            return value[7:] if int(value[3:7], 16) >> len(digits) & 1 else value[:3]
    return "--U"


LETTERS = {PhoneNumberType.PREMIUM_RATE: "P", PhoneNumberType.SHARED_COST: "C", PhoneNumberType.PERSONAL_NUMBER: "N"}
KINDS = ["FIXED_LINE", "MOBILE", "TOLL_FREE", "PREMIUM_RATE", "SHARED_COST", "VOIP", "PERSONAL_NUMBER", "PAGER", "UAN"]


def examples(found):
    """The metadata's own example numbers, with what the table must say of them."""
    made = {}
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in KINDS:
            number = phonenumbers.example_number_for_type(region, getattr(PhoneNumberType, kind))
            if number is None or phonenumbers.region_code_for_number(number) is None:
                continue
            text = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            letter = LETTERS.get(phonenumbers.number_type(number), "O")
            if len(text) <= 7:
                continue  # Shorter than the gateway reads.
            made[text] = phonenumbers.region_code_for_number(number) + letter
    wrong = {text: (value, look_up(found, text[1:])) for text, value in made.items()
             if look_up(found, text[1:]) != value}
    return made, wrong


def rows(records, size=ROW):
    return "\n".join("        " + "".join(records[start:start + size]) for start in range(0, len(records), size))


QUOTES = '"""'
HEADER = f"""\
// Made by scripts/generate-phone-numbers.py from the metadata of phonenumbers {phonenumbers.__version__}; do not edit.
//
// The metadata is that of libphonenumber, Copyright (C) The Libphonenumber Authors, licensed under the Apache License,
// Version 2.0 (the "License"); you may not use it except in compliance with the License. You may obtain a copy at
// http://www.apache.org/licenses/LICENSE-2.0
// Unless required by applicable law or agreed to in writing, it is distributed on an "AS IS" BASIS, WITHOUT WARRANTIES OR
// CONDITIONS OF ANY KIND, either express or implied. It was changed: patterns were reduced to prefixes.

"""


def source(found, sizes):
    prefixes = [f"{prefix:<9}{value}" for prefix, value in sorted(found.items(), key=lambda item: f"{item[0]:<9}")]
    return f"""{HEADER}/// Which prefix of numbers belongs to which country and range, and how long a country's numbers are.
enum NumberTable {{
    /// Rows of records of 19 bytes, ordered: a prefix padded with blanks to 9, an ISO 3166 code or `--`, the range
    /// (O ordinary, P premium, C shared cost, N personal, S satellite, U unknown), and in hexadecimal the set of lengths at
    /// which the country and range behind it hold instead.
    static let prefixes = PackedTable(
        recordSize: 19, recordsPerRow: 5, count: {len(prefixes)},
        text: {QUOTES}
{rows(prefixes, 5)}
        {QUOTES})

    /// Rows of records of 10 bytes, ordered: an ISO 3166 code, its calling code padded to 3, and in hexadecimal the set
    /// of lengths that national numbers have.
    static let lengths = PackedTable(
        recordSize: 10, recordsPerRow: {ROW}, count: {len(sizes)},
        text: {QUOTES}
{rows(sizes)}
        {QUOTES})
}}
"""


def main():
    found = table()
    made, wrong = examples(found)
    print(len(found), "prefixes,", len(made), "examples,", len(wrong), "differ:", wrong)
    TABLE.write_text(source(found, lengths()))
    FIXTURE.parent.mkdir(parents=True, exist_ok=True)
    # Where two ranges share a prefix and differ in length alone, the table says one of them.
    made = {text: value for text, value in made.items() if text not in wrong}
    FIXTURE.write_text(json.dumps(made, indent=0, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
