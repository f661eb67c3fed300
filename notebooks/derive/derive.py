#!/usr/bin/env python3
"""Derive the tables of scenarios/fitted from real data (Python's standard library only).

    python3 notebooks/derive/derive.py --data ../shared/data --out scenarios/fitted

The raw files stay where they are.  What is written are quantiles, medians, counts and shares;
each file names its source and this command in its first line.  The same data gives the same bytes.
scenarios/fitted/README.md says what each file means.
"""

import argparse
import collections
import csv
import io
import json
import os
import re
import statistics

COMMAND = "python3 notebooks/derive/derive.py --data ../shared/data --out scenarios/fitted"
PPB = 1000000000
HOUR = 3600

# The last 30 days of openb: before them only long-lived survivors are in the trace.
WINDOW_FROM_S = 10309761
WINDOW_HOURS = 720
PODS = "jobs/openb_pod_list_gpuspec33.csv"
NODES = "jobs/openb_node_list_all_node.csv"
# openb's names of GPUs and the keys of protocol/gpu.def.  G2 and G3 are undisclosed models.
GPU_KEY = {"T4": "t4", "P100": "p100", "V100M16": "v100m16", "V100M32": "v100m32", "A10": "a10",
           "G2": "g2", "G3": "g3"}

# Names of GPUs in the two lists of offers.  Models that the SDK does not have are left out.
OFFER_KEY = {
    "H100_PCIE": "h100", "H100_SXM5": "h100", "H100_NVL": "h100", "H100_PCIE_BAREMETAL": "h100",
    "A100_80G_PCIE": "a100-80g", "A100_80G_SXM4": "a100-80g", "L40_PCIE": "l40",
    "L40S_PCIE": "l40s", "L40S_PCIE_BAREMETAL": "l40s", "L4_PCIE": "l4", "A4000_PCIE": "rtxa4000",
    "RTX6000ADA_PCIE": "rtx6000-ada", "A6000_PCIE_LOW_RAM": "rtxa6000",
    "A6000_PCIE_HIGH_PERF": "rtxa6000", "A5000_PCIE": "rtxa5000", "RTX5090_PCIE": "rtx5090",
    "RTX5090_PCIE_BAREMETAL": "rtx5090", "V100_32G_PCIE": "v100s", "RTX4090": "rtx4090",
    "RTX5090": "rtx5090", "H100": "h100", "RTX3090": "rtx3090", "L40S": "l40s", "V100": "v100",
    "RTXA5000": "rtxa5000", "RTXA6000": "rtxa6000", "RTX3060": "rtx3060",
    "RTX6000-Ada": "rtx6000-ada", "RTX4070": "rtx4070", "RTX4060": "rtx4060"}
SPHERON_OFFERS = "prices/skypilot-catalog-spheron/vms.csv"
VAST_OFFERS = "prices/anycloud-vast/vms.csv"
GPU_CONFIG = "prices/gpu-config-sdk-2.4.2.csv"
HOURS_A_MONTH = 720
USD_E8 = 100000000
LIST_STEP = USD_E8 // 10000  # list prices are rounded to 10^-4 USD
# Models without a price or offer of their own, as in protocol/gpu.def.
PRICED_AS = {"rtx8000": "rtxa6000", "a100-pcie-40g": "a100-sxm-40g", "v100m16": "v100",
             "v100m32": "v100s", "g2": "a10", "g3": "a100-sxm-40g"}

# Region of Spheron: ISO code of its country in the latency data.
REGIONS = [
    ("us-east", "USA"), ("us-central", "USA"), ("us-west", "USA"), ("canada", "CAN"),
    ("uk", "GBR"), ("france", "FRA"), ("netherlands", "NLD"), ("germany", "DEU"),
    ("switzerland", "CHE"), ("denmark", "DNK"), ("norway", "NOR"), ("sweden", "SWE"),
    ("iceland", "ISL"), ("poland", "POL"), ("czech-rep", "CZE"), ("romania", "ROU"),
    ("bulgaria", "BGR"), ("estonia", "EST"), ("russia", "RUS"), ("uae", "ARE"), ("india", "IND"),
    ("singapore", "SGP"), ("vietnam", "VNM"), ("china", "CHN"), ("taiwan", "TWN"),
    ("korea-south", "KOR"), ("japan", "JPN"), ("australia", "AUS"), ("brazil", "BRA"),
    ("south-africa", "ZAF")]
# Countries of the Vast offers.  Spheron has no Hong Kong: it counts as China.
VAST_REGION = {"CA": "canada", "TW": "taiwan", "FR": "france", "CN": "china", "KR": "korea-south",
               "JP": "japan", "RO": "romania", "CZ": "czech-rep", "VN": "vietnam", "RU": "russia",
               "IS": "iceland", "DK": "denmark", "CH": "switzerland", "BG": "bulgaria",
               "PL": "poland", "SE": "sweden", "EE": "estonia", "DE": "germany", "NO": "norway",
               "HK": "china", "NL": "netherlands"}
US_REGION = {"Oregon": "us-west", "Arizona": "us-west", "Montana": "us-west",
             "Michigan": "us-central", "North Carolina": "us-east", "Florida": "us-east",
             "Maryland": "us-east", "Georgia": "us-east"}
US_REGIONS = ("us-east", "us-central", "us-west")
LATENCY = "latency/country_pair_latency.csv"
RTT_FLOOR_MS = 5.0
RTT_WITHIN_US_MS = 40.0

HBD = "failures/infinitehbd/fault_trace.json"
HBD_SERVERS = 400  # stated by the source; 231 of them have rows
HBD_DAYS = 348.9798  # the last event; times count from the origin
G5K = "failures/g5k06/event_trace.tab"
G5K_FROM = 1115811139 + 240 * 86400
G5K_TO = 1115811139 + 285 * 86400
SPOT = "failures/spot-traces/aws-02-15-2023"

# Ranks at which a table states a quantile: finer towards the ends.
RANKS = ([0, 1000000, 2500000, 5000000] + [i * PPB // 100 for i in range(1, 100)] +
         [992500000, 995000000, 997500000, 999000000, 999500000, PPB])


class Writer:
    """Writes files of one folder, each with its source in the first line."""

    def __init__(self, folder):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)

    def table(self, name, source, header, rows):
        text = io.StringIO()
        text.write(f"# from {source}: {COMMAND}\n")
        out = csv.writer(text, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)
        with open(os.path.join(self.folder, name), "w", encoding="utf-8", newline="") as f:
            f.write(text.getvalue())

    def quantiles(self, name, source, values):
        """Quantiles of a sample, straight lines between its sorted values."""
        values = sorted(values)
        self.table(name, source, ["p_ppb", "value"],
                   [(p, quantile(values, p)) for p in RANKS])


def quantile(values, p_ppb):
    """Of sorted whole numbers, rounded to the nearest."""
    at = p_ppb * (len(values) - 1)
    i, part = divmod(at, PPB)
    if part == 0:
        return values[i]
    return values[i] + ((values[i + 1] - values[i]) * part + PPB // 2) // PPB


def read_csv(data, name):
    with open(os.path.join(data, name), encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def ratio(numerator, denominator, whole):
    """whole x numerator / denominator, rounded to the nearest whole number."""
    return (2 * whole * numerator + denominator) // (2 * denominator)


# Orders


def pods_of_window(data):
    return [p for p in read_csv(data, PODS) if int(p["creation_time"]) >= WINDOW_FROM_S]


def lifetime_s(pod):
    return int(pod["deletion_time"]) - int(pod["scheduled_time"])


def write_lifetimes(w, pods):
    """Of pods that began: those that did not fail by class, then those that failed."""
    begun = [p for p in pods if p["scheduled_time"] != ""]
    lasted = [p for p in begun if p["pod_phase"] != "Failed"]
    source = f"{PODS}, created in the last 30 d, not failed"
    w.quantiles("lifetime_cpu_s.csv", f"{source}, no GPU",
                [lifetime_s(p) for p in lasted if p["num_gpu"] == "0"])
    w.quantiles("lifetime_gpu_s.csv", f"{source}, 1 GPU or a part of it",
                [lifetime_s(p) for p in lasted if p["num_gpu"] == "1"])
    w.quantiles("lifetime_multi_gpu_s.csv", f"{source}, 2 GPUs or more",
                [lifetime_s(p) for p in lasted if int(p["num_gpu"]) > 1])
    w.quantiles("fail_after_s.csv", f"{PODS}, created in the last 30 d, begun and failed",
                [lifetime_s(p) for p in begun if p["pod_phase"] == "Failed"])
    w.quantiles("patience_s.csv", f"{PODS}, created in the last 30 d, never scheduled",
                [int(p["deletion_time"]) - int(p["creation_time"]) for p in pods
                 if p["scheduled_time"] == ""])


def write_workload(w, pods):
    """Rate, shape of the day, variance that is left over, and shares of outcomes."""
    counts = [0] * WINDOW_HOURS
    for p in pods:
        hour = (int(p["creation_time"]) - WINDOW_FROM_S) // HOUR
        counts[min(hour, WINDOW_HOURS - 1)] += 1
    by_hour = [sum(counts[h::24]) for h in range(24)]
    days = WINDOW_HOURS // 24
    # Var n = mean + v mean^2 in each hour of the day: the part beyond Poisson, over all hours.
    beyond = sum((n * days - by_hour[h % 24]) ** 2 - n * days * days for h, n in enumerate(counts))
    squares = sum(n * n for n in by_hour) * days
    begun = [p for p in pods if p["scheduled_time"] != ""]
    failed = sum(1 for p in pods if p["pod_phase"] == "Failed")
    rows = [("orders_per_day", ratio(len(pods), days, 1), "orders a day"),
            ("burst_variance_bps", ratio(beyond, squares, 10000),
             "relative variance of an hour's rate beside the shape of the day"),
            ("fail_share_of_begun_bps", ratio(failed, len(begun), 10000),
             "of orders that began: ended by a failure"),
            ("fail_share_of_all_bps", ratio(failed, len(pods), 10000),
             "of all orders: ended by a failure"),
            ("never_begun_share_bps", ratio(len(pods) - len(begun), len(pods), 10000),
             "of all orders: given up before they began")]
    rows += [(f"hour_{h:02d}", n, "orders created in this hour of the day; phase unknown")
             for h, n in enumerate(by_hour)]
    w.table("workload.csv", f"{PODS}, created in the last 30 d", ["name", "value", "meaning"], rows)


def write_shapes(w, name, source, shapes):
    rows = [shape + (weight,) for shape, weight in sorted(shapes.items())]
    w.table(name, source, ["cpu_milli", "memory_mib", "gpus", "models", "weight"], rows)


def gpu_keys(spec):
    """A|B of openb as keys of ours, each once, in the order of GPU_KEY."""
    names = set(spec.split("|")) if spec else set()
    return "|".join(key for name, key in GPU_KEY.items() if name in names)


def write_requests(w, pods):
    shapes = collections.Counter(
        (int(p["cpu_milli"]), int(p["memory_mib"]), int(p["num_gpu"]),
         gpu_keys(p["gpu_spec"]) if p["num_gpu"] != "0" else "") for p in pods)
    write_shapes(w, "requests.csv", f"{PODS}, created in the last 30 d", shapes)


# Providers


def write_machines(w, data):
    shapes = collections.Counter(
        (int(n["cpu_milli"]), int(n["memory_mib"]), int(n["gpu"]), gpu_keys(n["model"]))
        for n in read_csv(data, NODES))
    write_shapes(w, "machines.csv", NODES, shapes)


def vast_regions(region):
    """Regions of one Vast offer and how many thirds of it each gets."""
    state, country = region.split(", ")[:2]
    if country != "US":
        return {VAST_REGION[country]: 3}
    if state == "":
        return {r: 1 for r in US_REGIONS}
    return {US_REGION[state]: 3}


def write_regions(w, data):
    thirds = collections.Counter()
    for offer in read_csv(data, VAST_OFFERS):
        thirds.update(vast_regions(offer["Region"]))
    w.table("regions.csv", f"{VAST_OFFERS}, a third of an offer is 1", ["name", "value"],
            [(name, thirds[name]) for name, _ in REGIONS if thirds[name] > 0])


def offer_key(row):
    """The key of an offer's GPU; Vast has two sizes of the A100 under one name."""
    if row["AcceleratorName"] == "A100":
        vram_mib = int(re.search(r"'SizeInMiB': (\d+)", row["GpuInfo"]).group(1))
        each_mib = vram_mib // int(row["AcceleratorCount"])
        return "a100-80g" if each_mib > 50000 else "a100-sxm-40g"
    return OFFER_KEY.get(row["AcceleratorName"])


def offers(data):
    """Prices of one GPU in 10^-8 USD an hour, of both lists, by key."""
    found = collections.defaultdict(list)
    for name in (SPHERON_OFFERS, VAST_OFFERS):
        for row in read_csv(data, name):
            key = offer_key(row)
            if key is None or row["Price"] == "":
                continue
            price = round(float(row["Price"]) * USD_E8)
            found[key].append(ratio(price, round(float(row["AcceleratorCount"])), 1))
    return found


def write_asks(w, by_key, medians):
    """Asking prices by model, and how offers lie about the median of their model."""
    source = f"{SPHERON_OFFERS} and {VAST_OFFERS}"
    rows = [(key, medians[key], len(by_key[key]), min(by_key[key]), max(by_key[key]))
            for key in sorted(medians)]
    w.table("gpu_asks.csv", f"{source}, 10^-8 USD a GPU and hour",
            ["name", "value", "offers", "min", "max"], rows)
    w.quantiles("ask_ratio_bps.csv",
                f"{source}, price over the median of its model, 3 offers or more",
                [ratio(price, medians[key], 10000) for key, prices in by_key.items()
                 if len(prices) >= 3 for price in prices])


def write_price_list(w, data, medians):
    """What a unit costs by list: the SDK's price; where it has none, the median of the offers,
    or the price of the model that stands for it."""
    config = read_csv(data, GPU_CONFIG)
    price = {}
    for row in config:
        key = row["shortName"]
        sdk = round(float(row["gpuPricePerHour"]) * USD_E8)
        price[key] = sdk if sdk > 0 else ratio(medians.get(key, 0), LIST_STEP, 1) * LIST_STEP
    for key, other in PRICED_AS.items():
        price[key] = price[other]
    rows = list(price.items())
    for name, column in (("cpu", "cpuPricePerMonth"), ("ram_gib", "ramPricePerGbPerMonth"),
                         ("disk_gib", "storagePricePerGbPerMonth")):
        month = {round(float(row[column]) * USD_E8) for row in config} - {0}
        if len(month) != 1:
            raise SystemExit(f"{GPU_CONFIG}: expected one {column}, found {sorted(month)}")
        rows.append((name, ratio(month.pop(), HOURS_A_MONTH, 1)))
    w.table("price_list.csv",
            f"{GPU_CONFIG}, medians of offers where it has no price, 10^-8 USD a unit and hour",
            ["name", "value"], rows)


# Network


def write_latency(w, data):
    pairs = {(r["iso3_from"], r["iso3_to"]): r for r in read_csv(data, LATENCY)}
    rows = []
    for name, a in REGIONS:
        cells = []
        for other, b in REGIONS:
            pair = pairs.get((a, b)) or pairs[(b, a)]
            median_ms = float(pair["median_ms"])
            if a == b == "USA" and name != other:
                median_ms = RTT_WITHIN_US_MS
            elif name == other:
                median_ms = RTT_FLOOR_MS if a == "USA" else median_ms
            cells.append(round(1000 * max(median_ms, RTT_FLOOR_MS)))
        rows.append([name] + cells)
    w.table("rtt_us.csv", f"{LATENCY}, median round trip in us, at least 5 ms",
            ["region"] + [name for name, _ in REGIONS], rows)


JITTER_ONE = 65536
JITTER_STEPS = 40


def pair_factor(pair, p):
    """Quantile p of round trip over median of one pair: lines through what the row states."""
    median = float(pair["median_ms"])
    points = [(0.0, float(pair["min_ms"])), (0.5, median), (0.95, float(pair["p95_ms"])),
              (1.0, float(pair["max_ms"]))]
    for (p0, v0), (p1, v1) in zip(points, points[1:]):
        if p <= p1:
            return (v0 + (v1 - v0) * (p - p0) / (p1 - p0)) / median
    raise AssertionError(p)


def write_jitter(w, data):
    """Pooled over the pairs: as many values of each, at even ranks."""
    factors = []
    for pair in read_csv(data, LATENCY):
        if pair["iso3_from"] == pair["iso3_to"] or float(pair["median_ms"]) < RTT_FLOOR_MS:
            continue
        factors += [round(JITTER_ONE * pair_factor(pair, (i + 0.5) / JITTER_STEPS))
                    for i in range(JITTER_STEPS)]
    w.quantiles("jitter_65536.csv", f"{LATENCY}, round trip over its median, 65536 is 1", factors)


# Availability


def hbd_outages(data):
    """Outages (start, end) by server in whole seconds since the origin.  Faults of a server that
    overlap or touch are one: it is down while one of them is open."""
    with open(os.path.join(data, HBD), encoding="utf-8") as f:
        events = json.load(f)
    changes = collections.defaultdict(list)
    for e in events:
        is_end = e["event_type"] == "fault_end"
        changes[e["node_id"]].append((round(e["event_time"] * 86400), is_end))
    outages = collections.defaultdict(list)
    for node, moments in changes.items():
        faults = 0
        for at, is_end in sorted(moments):
            if not is_end and faults == 0:
                start = at
            faults += -1 if is_end else 1
            if faults == 0:
                outages[node].append((start, at))
    return outages


def survival_quantiles(complete, cut):
    """Quantiles of lengths of which some (cut) were only seen to be longer: Kaplan-Meier, lines
    between its steps, the end at the longest that was seen."""
    events = sorted([(v, 0) for v in complete] + [(v, 1) for v in cut])
    at_risk = len(events)
    alive, points = 1.0, [(0.0, 0)]
    for value, is_cut in events:
        if not is_cut:
            alive *= 1 - 1 / at_risk
            points.append((1 - alive, value))
        at_risk -= 1
    points.append((1.0, events[-1][0]))
    rows, i = [], 0
    for p_ppb in RANKS:
        p = p_ppb / PPB
        while i + 2 < len(points) and points[i + 1][0] <= p:
            i += 1
        (p0, v0), (p1, v1) = points[i], points[i + 1]
        part = (p - p0) / (p1 - p0) if p1 > p0 else 1.0
        rows.append((p_ppb, round(v0 + (v1 - v0) * min(part, 1.0))))
    return rows


def write_data_centre(w, data, figures):
    outages = hbd_outages(data)
    end = round(HBD_DAYS * 86400)
    up, cut, down = [], [], []
    for intervals in outages.values():
        last = 0
        for start, stop in intervals:
            up.append(start - last)
            down.append(stop - start)
            last = stop
        cut.append(end - last)
    rows = survival_quantiles(up, cut)
    w.table("up_data_centre_s.csv", f"{HBD}, servers that fail, Kaplan-Meier", ["p_ppb", "value"],
            rows)
    w.quantiles("down_data_centre_s.csv", f"{HBD}, overlapping faults of a server merged", down)
    figures.append(("data_centre_never_fails_bps",
                    ratio(HBD_SERVERS - len(outages), HBD_SERVERS, 10000),
                    "servers without a fault in 349 days"))
    figures.append(("data_centre_available_bps",
                    10000 - ratio(sum(down), HBD_SERVERS * end, 10000),
                    "seen: part of all server time that is up"))


def write_community(w, data, figures):
    """Intervals that begin within the window, whole: those that are long are not cut."""
    lengths = {0: [], 1: []}
    within = {0: 0, 1: 0}
    with open(os.path.join(data, G5K), encoding="utf-8") as f:
        for line in f:
            if line.startswith("#"):
                continue
            field = line.rstrip("\n").split("\t")
            kind, start, stop = int(field[5]), int(field[6]), int(field[7])
            within[kind] += max(0, min(stop, G5K_TO) - max(start, G5K_FROM))
            if G5K_FROM <= start < G5K_TO and stop > start:
                lengths[kind].append(stop - start)
    source = f"{G5K}, intervals that begin in the 45 d"
    w.quantiles("up_community_s.csv", source, lengths[1])
    w.quantiles("down_community_s.csv", source, lengths[0])
    figures.append(("community_available_bps", ratio(within[1], within[0] + within[1], 10000),
                    "seen: part of all node time that is up"))


def runs_of(samples):
    """(value, length) of the runs of a list."""
    out = []
    for v in samples:
        if out and out[-1][0] == v:
            out[-1][1] += 1
        else:
            out.append([v, 1])
    return out


def write_spot(w, data, figures):
    lengths = {0: [], 1: []}
    for name in sorted(os.listdir(os.path.join(data, SPOT))):
        with open(os.path.join(data, SPOT, name), encoding="utf-8") as f:
            trace = json.load(f)
        gap = trace["metadata"]["gap_seconds"]
        for value, samples in runs_of(trace["data"]):
            lengths[value].append(samples * gap)
    w.quantiles("up_spot_s.csv", f"{SPOT}, runs of 1", lengths[1])
    w.quantiles("down_spot_s.csv", f"{SPOT}, runs of 0", lengths[0])
    total = sum(lengths[0]) + sum(lengths[1])
    figures.append(("spot_available_bps", ratio(sum(lengths[1]), total, 10000),
                    "seen: part of all zone time in which a node can be had"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", required=True, help="folder of the raw data")
    parser.add_argument("--out", required=True, help="folder for the tables")
    args = parser.parse_args()
    w = Writer(args.out)

    pods = pods_of_window(args.data)
    write_lifetimes(w, pods)
    write_workload(w, pods)
    write_requests(w, pods)
    write_machines(w, args.data)
    write_regions(w, args.data)
    by_key = offers(args.data)
    medians = {key: int(statistics.median(prices)) for key, prices in by_key.items()}
    write_asks(w, by_key, medians)
    write_price_list(w, args.data, medians)
    write_latency(w, args.data)
    write_jitter(w, args.data)
    figures = []
    write_data_centre(w, args.data, figures)
    write_community(w, args.data, figures)
    write_spot(w, args.data, figures)
    w.table("availability.csv", "failures/", ["name", "value", "meaning"], figures)


if __name__ == "__main__":
    main()
