"""What runs in an environment beside what the spec wants there: model and live objects in, data out. Pure.

desired      the releases that the spec wants
application  what a live Application says of itself
pods         why a pod is not ready
owners       which release a pod belongs to
row          one release, and all that is not as it should be
report       the whole environment
text         for people
document     for machines
"""

from generator.status.document import document
from generator.status.report import Distance, Git, Live, Report, report, revisions
from generator.status.text import changes, text

__all__ = ["Distance", "Git", "Live", "Report", "changes", "document", "report", "revisions", "text"]
