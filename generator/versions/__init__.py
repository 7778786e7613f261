"""What runs where, what lags, and where back leads to: judged from histories, without reading anything.

runs       how long each version of a release ran in an environment; the way that led to the present one
semver     which of two versions is the newer one
lag        how far a version lags behind another environment's
matrix     releases and environments, with all of that
words      how versions, ages and lags are written
table, markdown, document   the matrix for a terminal, a page, a machine
"""

from generator.versions.document import document
from generator.versions.markdown import markdown
from generator.versions.matrix import Matrix, matrix
from generator.versions.table import plain, table

__all__ = ["Matrix", "document", "markdown", "matrix", "plain", "table"]
