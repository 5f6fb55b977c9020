# Asks sev-snp-measure for many answers in one process: a JSON document a line in, one out, in the same order.
# {"digest": {...}} -> {"digest": HEX}; {"id-block": {...}} -> {"text": what its own program prints}; or {"error": TEXT}.

import json
import sys

from sevsnpmeasure import guest, id_block
from sevsnpmeasure.sev_mode import SevMode


def digest(ask):
    answer = guest.calc_launch_digest(
        SevMode.SEV_SNP,
        ask["vcpus"],
        ask["signature"],
        ask["image"],
        ask["kernel"],
        ask["initrd"],
        ask["append"],
        int(ask["features"]),
    )
    return {"digest": answer.hex()}


def id_block_of(ask):
    return {"text": id_block.snp_calc_id_block(bytes.fromhex(ask["measurement"]), ask["idKey"], ask["authorKey"])}


for line in sys.stdin:
    question = json.loads(line)
    try:
        reply = digest(question["digest"]) if "digest" in question else id_block_of(question["id-block"])
    except Exception as error:
        reply = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(reply))
