#!/usr/bin/python3
"""report.py [--failed] REPORT.xml... [--passed FILE] [--than FILE] [--why FILE]: counts the suite's results; a later report overrules an earlier one.

--failed only prints the failed tests as pytest wants them. --than compares with a list of tests that passed before.
--why names a file of failures that are known, each with a tab and its reason.
"""
import argparse
import sys
import xml.etree.ElementTree as tree

parser = argparse.ArgumentParser()
parser.add_argument("--failed", action="store_true")
parser.add_argument("--passed")
parser.add_argument("--than")
parser.add_argument("--why")
parser.add_argument("reports", nargs="+")
options = parser.parse_args()

results = {}
for report in options.reports:
  cases = {}
  for case in tree.parse(report).iter("testcase"):
    name = case.get("classname").replace(".", "/") + ".py::" + case.get("name")
    kinds = {child.tag for child in case}
    verdict = "failed" if kinds & {"failure", "error"} else "skipped" if "skipped" in kinds else "passed"
    if cases.get(name) != "failed":
      cases[name] = verdict
  results.update(cases)

named = {verdict: sorted(name for name, found in results.items() if found == verdict) for verdict in ("passed", "failed", "skipped")}
if options.failed:
  print("".join(name + "\n" for name in named["failed"]), end="")
  sys.exit()

short = {name.split("/")[-1].replace(".py::", "::"): verdict for name, verdict in results.items()}
passed = sorted(name for name, verdict in short.items() if verdict == "passed")
why = {}
if options.why:
  with open(options.why, encoding="utf-8") as file:
    why = dict(line.split("\t") for line in file.read().splitlines())
for name in sorted(name for name, verdict in short.items() if verdict == "failed"):
  print(f"failed  {name}: {why.get(name, 'NOT EXPLAINED')}")
print(f"{len(passed)} passed, {len(named['failed'])} failed, {len(named['skipped'])} skipped")
if options.passed:
  with open(options.passed, "w", encoding="utf-8") as file:
    file.write("".join(name + "\n" for name in passed))
if options.than:
  with open(options.than, encoding="utf-8") as file:
    lost = [name for name in file.read().split("\n") if name and short.get(name, "passed") != "passed"]
  for name in lost:
    print("lost    " + name)
  sys.exit(1 if lost else 0)
