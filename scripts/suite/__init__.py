"""What the programs in ``scripts/`` share: set-up, databases, servers and test runs.

End-to-end tests may rely on :mod:`suite.databases`, :mod:`suite.templates` and :mod:`suite.server`;
the other modules serve the programs. Only the standard library is used, since ``scripts/setup``
starts before anything is installed.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - an older python3 shall get a sentence, no traceback
    sys.exit("Python 3.11 or newer is needed: run this with a newer python3.")
