"""How the live Applications and AppProjects differ from what the spec renders, and the way back. Pure.

difference  two documents, field by field, without what Argo CD and Kubernetes add
blame       who set a field, and when
finding     one thing that drifted
compare     everything in an environment
converge    how to get back, and how to keep it
text        for people
document    for machines
"""

from generator.drift.compare import Live, Synced, compare
from generator.drift.document import document
from generator.drift.finding import Drift, Drifted, Finding
from generator.drift.text import text

__all__ = ["Drift", "Drifted", "Finding", "Live", "Synced", "compare", "document", "text"]
