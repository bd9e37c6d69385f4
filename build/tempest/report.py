#!/usr/bin/python3
"""report.py LIST STREAM [--json FILE] [--passed FILE] [--than FILE]: how each test of LIST ended in the subunit STREAM.

A class that failed or was skipped in its set-up decides for all of its tests; a test of which nothing is known has failed.
Exit code 1 when a test failed, or one that passed in --than did not pass now.
"""
import argparse
import json
import re
import sys

import subunit
import testtools


def bare(test):
    return test.split("[")[0]


class Results(testtools.StreamResult):
    def __init__(self):
        super().__init__()
        self.ended, self.texts, self.began, self.seconds = {}, {}, {}, {}

    def status(self, test_id=None, test_status=None, file_name=None, file_bytes=None, timestamp=None, **_):
        if test_id is None:
            return
        if file_bytes and file_name in ("traceback", "reason"):
            self.texts[test_id] = self.texts.get(test_id, "") + file_bytes.decode(errors="replace")
        if test_status == "inprogress" and timestamp:
            self.began[test_id] = timestamp
        if test_status in ("success", "fail", "skip", "xfail", "uxsuccess"):
            self.ended[test_id] = {"success": "passed", "xfail": "passed", "skip": "skipped"}.get(test_status, "failed")
            if timestamp and test_id in self.began:
                self.seconds[test_id] = round((timestamp - self.began[test_id]).total_seconds(), 1)

    def of(self, test):
        """How it ended, why, and in how many seconds."""
        if test in self.ended:
            return self.ended[test], self.texts.get(test, ""), self.seconds.get(test, 0)
        name = bare(test)
        # "setUpClass (module.Class)" stands for every test of the class; a failure weighs more than a skip.
        fixtures = [(end, key) for key, end in self.ended.items() if "(" in key and name.startswith(key.split("(")[1].rstrip(")") + ".")]
        for wanted in ("failed", "skipped"):
            for end, key in fixtures:
                if end == wanted:
                    return end, key.split(" ")[0] + ": " + self.texts.get(key, ""), 0
        return "failed", "it never ended", 0


def cause(text):
    """What says most in a traceback: the last exception's line, and its details."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r"[A-Za-z_][\w.]*(: |$)", line) and not line.startswith(("Details", "setUpClass"))]
    details = [line for line in lines if line.startswith("Details: ")]
    said = " ".join(errors[-1:] + details[-1:]) or (lines or ["?"])[-1]
    return ("setUpClass: " if text.startswith("setUpClass") and not said.startswith("setUpClass") else "") + said


def main():
    parser = argparse.ArgumentParser()
    for name in ("list", "stream"):
        parser.add_argument(name)
    for name in ("--json", "--passed", "--than"):
        parser.add_argument(name)
    options = parser.parse_args()

    tests = sorted(line.strip() for line in open(options.list) if line.startswith("tempest."))
    results = Results()
    with open(options.stream, "rb") as stream:
        results.startTestRun()
        subunit.ByteStreamToStreamResult(stream, non_subunit_name="stdout").run(results)
        results.stopTestRun()
    rows = [dict(zip(("test", "end", "why", "seconds"), (bare(test), *results.of(test)))) for test in tests]
    count = {end: sum(row["end"] == end for row in rows) for end in ("passed", "failed", "skipped")}

    for row in rows:
        if row["end"] == "failed":
            print(f"FAILED  {row['test']}\n        {cause(row['why'])[:240]}")
    passed = {row["test"] for row in rows if row["end"] == "passed"}
    lost = won = []
    if options.than:
        before = {bare(line.strip()) for line in open(options.than)} & {row["test"] for row in rows}
        lost, won = sorted(before - passed), sorted(passed - before)
        ends = {row["test"]: row["end"] for row in rows}
        for test in lost:
            print(f"LOST    {test} ({ends[test]})")
        print(f"than before: {len(won)} more, {len(lost)} lost, of {len(before)}")
    if options.passed:
        with open(options.passed, "w") as file:
            file.writelines(test + "\n" for test in sorted(passed))
    if options.json:
        with open(options.json, "w") as file:
            json.dump({**count, "lost": lost, "won": won, "tests": rows}, file, indent=1)
    print(f"{len(rows)} tests: {count['passed']} passed, {count['failed']} failed, {count['skipped']} skipped")
    sys.exit(1 if count["failed"] or lost else 0)


main()
