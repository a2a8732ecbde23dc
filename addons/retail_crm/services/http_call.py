"""One call of a provider over HTTP: short, bounded, going nowhere else than asked."""

import requests

#: seconds, for the connection as for the answer
TIMEOUT = 15
#: an answer is a few lines; the rest of a longer one is not read
MAX_ANSWER = 64 * 1024


def call(method, url, **options):
    """``(status, text)`` of the answer; whoever answers cannot send the call on to other places.

    ``options`` are those of ``requests.request``. Raises requests.RequestException.
    """
    with requests.request(
        method, url, timeout=TIMEOUT, allow_redirects=False, stream=True, **options
    ) as answer:
        words = next(answer.iter_content(MAX_ANSWER), b"")
        return answer.status_code, words.decode("utf-8", "replace")


def without(words, secret):
    """These words with nothing of the secret in them."""
    return words.replace(secret, "***") if secret else words
