#!/usr/bin/env python3
"""Applies the FinOps Foundation's machine-readable FOCUS rule model to a CSV export.

rules.py MODEL.json EXPORT.csv    prints how many rules held, failed or did not apply, and why; ends with 1 where one failed.

Then it breaks the export in ways that each must be noticed: a judge that cannot condemn proves nothing.
"""
import collections
import csv
import decimal
import json
import os
import re
import sys

# Where the model's check says something other than the rule's own sentence and the specification.
CONTRADICTIONS = {
    "CommitmentDiscountStatus-C-003-C": "its check wants a value where its sentence wants null",
    "CommitmentDiscountStatus-C-004-C": "its check's condition is the opposite of its sentence's",
    "CommitmentDiscountStatus-C-005-M": "its check's values are not those of the specification (Used, Unused)",
}

# Where the model left out a condition that its other rules on the same column make necessary.
OMITTED = {
    "CommitmentDiscountCategory-C-005-M": {"CheckFunction": "CheckNotValue", "ColumnName": "CommitmentDiscountCategory", "Value": None},
}

SIZE = "(?:[KMGTPE]i?)?[bB]"
TIME = "(?:Year|Month|Day|Hour|Minute|Second)"
COUNT = r"[A-Za-z][A-Za-z0-9]*(?: [A-Za-z][A-Za-z0-9]*)*"
THING = f"(?:{SIZE}|{TIME}s?|{COUNT})"
FORMATS = {
    "TypeDecimal": re.compile(r"-?\d+(\.\d+)?([eE]-?\d+)?"),
    "FormatNumeric": re.compile(r"-?\d+(\.\d+)?([eE]-?\d+)?"),
    "CheckDecimalValue": re.compile(r"-?\d+(\.\d+)?([eE]-?\d+)?"),
    "TypeDateTime": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"),
    "FormatDateTime": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"),
    "TypeString": re.compile(r".*", re.S),
    "FormatString": re.compile(r"\S|\S.*\S", re.S),
    "FormatCurrency": re.compile(r"[A-Z]{3}"),
    "FormatUnit": re.compile(f"{THING}|(?:{SIZE}|{COUNT})-{TIME}s|{THING}/{TIME}|[0-9]+ {THING}|{THING}/[0-9]+ {TIME}s"),
}


class Judge:
    def __init__(self, model, columns, rows, currencies):
        self.rules, self.columns, self.rows, self.currencies = model["ModelRules"], columns, rows, currencies
        self.results = {}

    def run(self, root):
        self.rule(root, [], False)
        return self.results

    def rule(self, name, conditions, alternative):
        """Judges a rule and those that it is made of: passed, failed, or the reason why it does not apply."""
        rule = self.rules[name]
        criteria = rule["ValidationCriteria"]
        condition = criteria.get("Condition") or OMITTED.get(name) or {}
        conditions = conditions + ([condition] if condition else [])
        check = criteria["Requirement"]
        verdict = self.verdict(name, rule, criteria, check, conditions)
        if verdict == "failed" and alternative:
            verdict = "another alternative holds"
        # A rule that several others are made of fails where it fails for one.
        order = {"failed": 0, "passed": 1}
        before = self.results.get(name)
        self.results[name] = verdict if before is None or order.get(verdict, 2) < order.get(before, 2) else before
        return verdict

    def verdict(self, name, rule, criteria, check, conditions):
        if name in CONTRADICTIONS:
            return "the model contradicts itself: " + CONTRADICTIONS[name]
        if not check:
            return "dynamic: the model has a sentence for it and no check"
        if criteria["Keyword"] == "MAY":
            return "optional (MAY)"
        parts = references(check)
        if parts:
            return self.composite(check, parts, conditions)
        if check["CheckFunction"] == "ColumnPresent":
            return "passed" if check["ColumnName"] in self.columns else "failed"
        missing = [c for c in mentioned(check) + mentioned(conditions) if c not in self.columns]
        if missing:
            return "failed"
        rows = [r for r in self.rows if all(self.holds(c, r) for c in conditions)]
        if not rows:
            return "no row meets its condition"
        if check["CheckFunction"] == "CheckDistinctCount":
            return "passed" if self.distinct(check, rows) else "failed"
        return "passed" if all(self.holds(check, r) for r in rows) else "failed"

    def composite(self, check, parts, conditions):
        either = check["CheckFunction"] == "OR"
        verdicts = [self.rule(p, conditions, False) for p in parts] if not either else [self.trial(p, conditions) for p in parts]
        if either:
            good = "passed" in verdicts
            for part in parts:
                self.rule(part, conditions, good)
            return "passed" if good else "failed" if "failed" in verdicts else "none of its parts applies"
        return "failed" if "failed" in verdicts else "passed" if "passed" in verdicts else "none of its parts applies"

    def trial(self, name, conditions):
        before = dict(self.results)
        verdict = self.rule(name, conditions, False)
        self.results = before
        return verdict

    def distinct(self, check, rows):
        groups = collections.defaultdict(set)
        for row in rows:
            if row[check["ColumnBName"]] is not None and row[check["ColumnAName"]] is not None:
                groups[row[check["ColumnAName"]]].add(row[check["ColumnBName"]])
        return all(len(g) == check["ExpectedCount"] for g in groups.values())

    def holds(self, check, row):
        """Whether one row satisfies a check."""
        kind = check.get("CheckFunction")
        if kind is None:  # Some conditions are written as {"AND": …}.
            (kind, items), = check.items()
            check = {"Items": items if isinstance(items, list) else [items]}
        if kind in ("AND", "OR"):
            return (all if kind == "AND" else any)(self.holds(c, row) for c in check["Items"])
        if kind in ("CheckSameValue", "CheckNotSameValue"):
            return (row[check["ColumnAName"]] == row[check["ColumnBName"]]) == (kind == "CheckSameValue")
        if kind == "ColumnByColumnEqualsColumnValue":
            a, b, product = (row[check[c]] for c in ("ColumnAName", "ColumnBName", "ResultColumnName"))
            return None in (a, b, product) or number(a) * number(b) == number(product)
        value = row[column_of(check)]
        if kind == "CheckValue":
            return same(value, check["Value"])
        if kind == "CheckNotValue":
            return not same(value, check["Value"])
        if value is None:
            return True
        if kind == "CheckGreaterOrEqualThanValue":
            return number(value) >= number(str(check["Value"]))
        if kind == "CheckNationalCurrency":
            return value in self.currencies if self.currencies else bool(FORMATS["FormatCurrency"].fullmatch(value))
        if kind == "FormatKeyValue":
            return is_key_value(value)
        return bool(FORMATS[kind].fullmatch(value))


def column_of(check):
    return check.get("ColumnName") or check["CheckCondition"]  # One condition of 1.2 calls it so.


def references(check):
    items = check.get("Items", [check])
    return [i["ModelRuleId"] for i in items if i.get("CheckFunction") == "CheckModelRule"]


def mentioned(check):
    if isinstance(check, list):
        return [c for item in check for c in mentioned(item)]
    if not isinstance(check, dict):
        return []
    return [v for k, v in check.items() if k.endswith("ColumnName") or k in ("ColumnAName", "ColumnBName")] + [c for v in check.values() if isinstance(v, (dict, list)) for c in mentioned(v)]


def same(value, wanted):
    if value is None or wanted is None:
        return value is None and wanted is None
    return number(value) == number(str(wanted)) if isinstance(wanted, (int, float)) else value == wanted


def number(text):
    try:
        return decimal.Decimal(text)
    except decimal.InvalidOperation:
        return decimal.Decimal("NaN")


def is_key_value(text):
    try:
        value = json.loads(text, object_pairs_hook=pairs)
    except ValueError:
        return False
    return isinstance(value, dict) and not any(isinstance(v, (dict, list)) for v in value.values())


def pairs(items):
    if len({k for k, _ in items}) != len(items):
        raise ValueError("a key twice")
    return dict(items)


def judge(model, columns, rows, currencies):
    root = model["ModelDatasets"]["CostAndUsage"]["ModelRules"][0]
    judging = Judge(model, columns, rows, currencies)
    judging.run(root)
    for name in model["ModelRules"]:  # The attributes' rules, to which no other rule refers.
        if name not in judging.results and name.endswith(("-000-M", "-000-C")):
            judging.rule(name, [], False)
    return {name: judging.results.get(name, "no other rule refers to it") for name in model["ModelRules"]}


def failures(results):
    return sorted(n for n, v in results.items() if v == "failed")


def broken(columns, rows):
    """The export spoilt in ways that each break a rule."""
    def change(column, to, where=lambda r: True):
        spoilt, done = [], False
        for row in rows:
            if not done and where(row):
                row, done = {**row, column: to(row[column]) if callable(to) else to}, True
            spoilt.append(row)
        return columns, spoilt
    usage = lambda r: r["ChargeCategory"] == "Usage" and r["ChargeClass"] is None
    yield "a column is missing", ([c for c in columns if c != "BilledCost"], rows)
    yield "a cost is null", change("BilledCost", None)
    yield "a cost has a comma", change("BilledCost", "1,5")
    yield "a category is unknown", change("ChargeCategory", "Fee")
    yield "a list cost is not price times quantity", change("ListCost", lambda v: str(number(v) + 1), usage)
    yield "a contracted cost is not price times quantity", change("ContractedCost", lambda v: str(number(v) + 1), usage)
    yield "a unit price is negative", change("ListUnitPrice", "-1", usage)
    yield "a time has no zone", change("ChargePeriodStart", "2026-01-01T00:00:00")
    yield "a currency is none", change("BillingCurrency", "Euro")
    yield "a quantity without a unit", change("PricingUnit", None, usage)
    yield "a unit in no format", change("PricingUnit", "vCPU per-hour!", usage)
    yield "usage without a SKU", change("SkuId", None, usage)
    yield "tax with a price", change("ListUnitPrice", "1", lambda r: r["ChargeCategory"] == "Tax")
    yield "a class that is none", change("ChargeClass", "Mistake")
    yield "a resource without a type", change("ResourceType", None, lambda r: r["ResourceId"] is not None)
    yield "a project without a name", change("SubAccountName", None, lambda r: r["SubAccountId"] is not None)
    yield "tags that are no object", change("Tags", "[1]")
    yield "a subcategory in another category", change("ServiceCategory", "Media", lambda r: r["ServiceCategory"] != "Media")
    yield "another provider than the issuer", change("ProviderName", "Somebody", lambda r: number(r["BilledCost"]) != 0)


def main(model_path, export_path):
    decimal.getcontext().prec = 60
    with open(model_path, encoding="utf-8") as file:
        model = json.load(file)
    with open(export_path, encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = [{k: v if v != "" else None for k, v in row.items()} for row in reader]
        columns = reader.fieldnames
    codes = os.path.join(os.path.dirname(model_path), "currency_codes.csv")
    currencies = set(re.findall(r"\b[A-Z]{3}\b", open(codes, encoding="utf-8").read())) if os.path.exists(codes) else set()
    if not rows:
        print("the export has no rows: nothing is shown by it")
        return 1
    results = judge(model, columns, rows, currencies)
    counts = collections.Counter(v if v in ("passed", "failed") else "not applicable" for v in results.values())
    print(f"{len(rows)} rows, {len(columns)} columns; {len(results)} rules: {counts['passed']} passed, {counts['failed']} failed, {counts['not applicable']} not applicable")
    print("  all of the model's applicability criteria are taken to be met")
    for reason, count in collections.Counter(v for v in results.values() if v not in ("passed", "failed")).most_common():
        print(f"  {count:4} not applicable: {reason}")
    for name in failures(results):
        rule = model["ModelRules"][name]["ValidationCriteria"]
        print(f"  FAILED {name} ({rule['Keyword']}): {rule['MustSatisfy']}")
    missed = [what for what, (c, r) in broken(columns, rows) if (c, r) != (columns, rows) and not set(failures(judge(model, c, r, currencies))) - set(failures(results))]
    spoilt = sum(1 for _ in broken(columns, rows))
    print(f"  {spoilt - len(missed)} of {spoilt} spoilt exports were noticed" + "".join(f"\n  NOT NOTICED: {m}" for m in missed))
    return 1 if counts["failed"] or missed else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
