"""What a flow costs: bytes along its edges, slots and swaps, peaks, requests, its critical path, and other ways.

`cost` is a pure function from a graph to a value; `text` and `json` print it. Every figure is an upper bound, or an
estimate from upper bounds and stated rates; nothing here measures. It refuses to guess: where only the data knows how
often something happens, a figure is absent, and said to be.

`across` is the same for a flow across pods, with the cost of each of its units.

`anatomy` says for each kind of node what it reads and writes; all else is made from that, so a new kind is one
function there. `edges` → `traffic`, `requests`, `swaps`, `critical` → `report.cost`.
"""

from podpipec.costing.across import AcrossCost, cost_across
from podpipec.costing.report import Cost, cost

__all__ = ["AcrossCost", "Cost", "cost", "cost_across"]
