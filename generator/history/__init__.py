"""What Git remembers of the environments: which versions they pinned, since which commit. Only reads.

git        asks Git
log        which commits touched environments/, and what they made of its files
between    what differs between two commits, or between one and the work tree
blobs      files as commits have them
documents  the spec as a commit has it
change     what a history consists of: releases, commits, states
distance   how far a commit is from the remote's branch
tracks     the history of each environment's `versions:`, through renames and merges
"""

from generator.history.between import Changed, between, fork
from generator.history.blobs import contents, listed, resolved
from generator.history.change import SECTIONS, Commit, History, Release, State, Track, pinned
from generator.history.distance import Distance, differing, distance, fetched, tip
from generator.history.documents import documents
from generator.history.git import HistoryError
from generator.history.log import recent
from generator.history.tracks import read

__all__ = [
    "SECTIONS",
    "Changed",
    "Commit",
    "Distance",
    "History",
    "HistoryError",
    "Release",
    "State",
    "Track",
    "between",
    "contents",
    "differing",
    "distance",
    "documents",
    "fetched",
    "fork",
    "listed",
    "pinned",
    "read",
    "recent",
    "resolved",
    "tip",
]
