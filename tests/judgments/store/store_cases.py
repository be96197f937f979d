"""Sessions to keep; the store looks at the beginning of pictures only."""

from explorer.judgments.asking.trial import Plan, Trial

PNG = b"\x89PNG\r\n\x1a\n"


def plan_of(trials: int = 4, kind="2afc", **settings) -> Plan:
    """A session of trials whose pictures are called r0, a0, b0 …"""
    asked = tuple(
        Trial(
            place, kind, "noise", "cat 64x64", f"noise:{place}", "jpeg", f"r{place}", f"a{place}", f"b{place}"
        )
        for place in range(trials)
    )
    return Plan(**{"title": "Class 7b", "kind": kind, "trials": asked, "each": trials, **settings})


def images_of(plan: Plan) -> dict[str, bytes]:
    """A file for each of its pictures."""
    return {
        digest: PNG + digest.encode()
        for trial in plan.trials
        for digest in (trial.reference, trial.a, trial.b)
    }
