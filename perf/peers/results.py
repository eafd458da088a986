"""What came out of a race: whether all computed the same, and who was how fast."""

import statistics

# 500 trees leave Grove and the peers with losses that differ by some 1e-8 (single precision, summed
# in another order) and tensors by 1e-5 of their way; an error in the maths shows in the first or
# second digit.
CHECK_TREES = 500
LOSS_TOLERANCE = 1e-5  # relative
ACCURACY_TOLERANCE = 1.5 / CHECK_TREES  # a tie may break the other way
WEIGHT_TOLERANCE = 1e-3  # of the way that a tensor went


def agrees(result: dict) -> bool:
    """Written so that a value that is not a number does not agree."""
    accuracy = abs(result["grove_accuracy"] - result["peer_accuracy"])
    return (result["loss_difference"] <= LOSS_TOLERANCE and accuracy <= ACCURACY_TOLERANCE and
            result["weight_difference"] <= WEIGHT_TOLERANCE)


def print_check(results: list[dict]) -> None:
    print(f"Same maths? Loss of an epoch of {CHECK_TREES} trees; the tensor that differs most, by "
          "the way it went")
    print(f"{'work':<24}{'peer':<10}{'Grove loss':>13}{'peer loss':>13}{'difference':>12}"
          f"{'weights':>10}")
    for r in results:
        verdict_of = "" if agrees(r) else f"  DIFFERS ({r['worst_tensor']})"
        print(f"{r['work']:<24}{r['peer']:<10}{r['grove_loss']:>13.8f}{r['peer_loss']:>13.8f}"
              f"{r['loss_difference']:>12.1e}{r['weight_difference']:>10.1e}{verdict_of}")


def summarise(lines: list[dict], libraries: dict[str, str]) -> list[dict]:
    """By work and peer: medians, and the ratios Grove / peer of the rounds. `lines` has one for
    each round, work and program, `libraries` that of each peer."""
    speeds: dict[tuple[str, str], list[float]] = {}  # by round
    for line in lines:
        speeds.setdefault((line["work"], line["program"]), []).append(line["trees_per_second"])
    summary = []
    for (work, program), values in speeds.items():
        if program == "grove":
            continue
        ours = speeds[work, "grove"]
        ratios = [a / b for a, b in zip(ours, values)]
        summary.append({
            "work": work, "peer": program, "library": libraries[program],
            "grove_trees_per_second": statistics.median(ours),
            "peer_trees_per_second": statistics.median(values),
            "ratio": statistics.median(ratios), "ratio_min": min(ratios), "ratio_max": max(ratios),
        })
    return summary


def print_summary(summary: list[dict]) -> None:
    print(f"{'work':<24}{'peer':<10}{'Grove trees/s':>15}{'peer trees/s':>14}"
          f"{'Grove / peer':>14}  lowest-highest of the rounds")
    for s in summary:
        print(f"{s['work']:<24}{s['peer']:<10}{s['grove_trees_per_second']:>15,.0f}"
              f"{s['peer_trees_per_second']:>14,.0f}{s['ratio']:>14.1f}"
              f"  {s['ratio_min']:.1f}-{s['ratio_max']:.1f}")


def verdicts(summary: list[dict]) -> list[str]:
    """A line for each library, against the fastest of its programs on each work."""
    lines = []
    for library in dict.fromkeys(s["library"] for s in summary):
        best: dict[str, float] = {}
        for s in summary:
            if s["library"] == library:
                best[s["work"]] = min(s["ratio"], best.get(s["work"], s["ratio"]))
        low, high = f"{min(best.values()):.1f}", f"{max(best.values()):.1f}"
        span = low if low == high else f"{low} to {high}"
        lines.append(f"Grove trains {span} times as many trees a second as the fastest {library} "
                     "program here.")
    return lines
