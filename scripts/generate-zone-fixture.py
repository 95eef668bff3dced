#!/usr/bin/env python3
"""Makes the fixture of the tests of Zones: TZif files, and what Python's zoneinfo reads from the same files.

Needs zic and the source text of the tz database (/usr/share/zoneinfo/tzdata.zi, package tzdata).
"""
import datetime
import json
import pathlib
import shutil
import subprocess
import tempfile
import zoneinfo

OUT = pathlib.Path(__file__).resolve().parent.parent / "Tests/Support/Zones/Fixtures"
SYSTEM = pathlib.Path("/usr/share/zoneinfo")
SLIM = [
    "Europe/Zurich", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca", "Europe/Dublin",
    "America/Nuuk", "Asia/Kathmandu", "Antarctica/Troll", "Asia/Gaza", "America/Sao_Paulo", "America/Santiago",
]
FAT = ["Europe/London", "America/St_Johns"]
FIRST = 0
LAST = int(datetime.datetime(2100, 1, 1, tzinfo=datetime.timezone.utc).timestamp())
EPOCH = datetime.datetime(1970, 1, 1)


def offset(zone, instant):
    return int(datetime.datetime.fromtimestamp(instant, zone).utcoffset().total_seconds())


def changes(zone):
    found, last = [], FIRST
    for instant in range(FIRST, LAST, 6 * 3600):
        if offset(zone, instant) != offset(zone, last):
            low, high = last, instant
            while high - low > 1:
                middle = (low + high) // 2
                if offset(zone, middle) == offset(zone, low):
                    low = middle
                else:
                    high = middle
            found.append(high)
        last = instant
    return found


def samples(zone):
    edges = changes(zone)
    instants = {FIRST, LAST, *range(FIRST, LAST, 86400 * 97 + 12345)}
    for edge in edges:
        instants |= {edge - 1, edge}
    return [[t, offset(zone, t), datetime.datetime.fromtimestamp(t, zone).tzname()] for t in sorted(instants)], edges


def locals_near(zone, edges):
    """Wall clock readings around changes: [clock seconds, kind, instant, later instant]."""
    found = []
    for edge in edges[:: max(1, len(edges) // 24)]:
        before, after = offset(zone, edge - 1), offset(zone, edge)
        for clock in sorted({edge + before - 1, edge + before, edge + after - 1, edge + after,
                             edge + (before + after) // 2, edge + max(before, after) + 7200}):
            naive = EPOCH + datetime.timedelta(seconds=clock)
            instants = sorted({int(naive.replace(tzinfo=zone, fold=fold).timestamp()) for fold in (0, 1)})
            instants = [t for t in instants if t + offset(zone, t) == clock]
            if not instants:
                found.append([clock, "gap", edge, edge])
            else:
                found.append([clock, "one" if len(instants) == 1 else "overlap", instants[0], instants[-1]])
    return found


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["/usr/sbin/zic", "-b", "slim", "-d", folder, SYSTEM / "tzdata.zi"], check=True)
        for source, names in ((pathlib.Path(folder), SLIM), (SYSTEM, FAT)):
            for name in names:
                target = OUT / "zoneinfo" / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source / name, target)
    result = {}
    for name in sorted(SLIM + FAT):
        with open(OUT / "zoneinfo" / name, "rb") as file:
            zone = zoneinfo.ZoneInfo.from_file(file)
        instants, edges = samples(zone)
        result[name] = {"instants": instants, "locals": locals_near(zone, edges)}
    (OUT / "zones.json").write_text(json.dumps(result, separators=(",", ":")) + "\n")
    table = [line for line in (SYSTEM / "zone.tab").read_text().splitlines()
             if line[:2] in {"CH", "DE", "ES", "US", "NP", "GG"}]
    (OUT / "zoneinfo/zone.tab").write_text("# A part of the table of the tz database.\n" + "\n".join(table) + "\n")


if __name__ == "__main__":
    main()
