"""Addresses as links that open a map: on a screen, and in the navigation of a phone."""

from urllib.parse import quote, urlencode

MAP = "https://www.openstreetmap.org/"
#: close enough to see the houses
ZOOM = 17


def map_url(address, latitude=0.0, longitude=0.0):
    """The page of OpenStreetMap that shows the place; empty when nothing is known of it.

    ``address`` is one line; latitude and longitude are degrees, both 0 when nobody looked them up.

    >>> map_url("Via Mazzini 4, 40121 Bologna, Italy")
    'https://www.openstreetmap.org/search?query=Via+Mazzini+4%2C+40121+Bologna%2C+Italy'
    >>> map_url("", 44.4939, 11.3428)
    'https://www.openstreetmap.org/?mlat=44.4939&mlon=11.3428#map=17/44.4939/11.3428'
    >>> map_url("")
    ''
    """
    if latitude or longitude:
        mark = urlencode({"mlat": latitude, "mlon": longitude})
        return f"{MAP}?{mark}#map={ZOOM}/{latitude}/{longitude}"
    return f"{MAP}search?{urlencode({'query': address})}" if address else ""


def geo_uri(address, latitude=0.0, longitude=0.0):
    """The place as ``geo:`` address (RFC 5870), which a phone opens in its own navigation.

    Without coordinates the place is asked for by its address, as phones understand it.

    >>> geo_uri("Via Mazzini 4, Bologna")
    'geo:0,0?q=Via%20Mazzini%204%2C%20Bologna'
    >>> geo_uri("Via Mazzini 4", 44.4939, 11.3428)
    'geo:44.4939,11.3428?q=44.4939,11.3428(Via%20Mazzini%204)'
    """
    if latitude or longitude:
        place = f"{latitude},{longitude}"
        label = f"({quote(address)})" if address else ""
        return f"geo:{place}?q={place}{label}"
    return f"geo:0,0?q={quote(address, safe='')}" if address else ""
