"""The image's health check: exits 0 when `/healthz` of this container answers; with a URL, when that one does.

It asks in the name of an allowed host, because the service answers to no other.
"""

import os
import ssl
import sys
from http.client import HTTPException
from urllib.request import Request, urlopen

_PATIENCE = 4.0


def main() -> int:
    scheme = "https" if os.environ.get("HILUM_TLS_CERTIFICATE") else "http"
    own = f"{scheme}://127.0.0.1:{os.environ.get('HILUM_PORT', '8000')}/healthz"
    url = sys.argv[1] if len(sys.argv) > 1 else own
    host = os.environ.get("HILUM_ALLOWED_HOSTS", "localhost").split(",")[0].strip()
    try:
        request = Request(url, headers={"Host": host.replace("*", "localhost")})  # noqa: S310 - our own
        # The certificate is for another name than this machine's.
        context = ssl._create_unverified_context() if url.startswith("https") else None  # noqa: S323
        with urlopen(request, timeout=_PATIENCE, context=context) as answer:  # noqa: S310
            print(answer.status)
    except (OSError, HTTPException) as error:
        print(f"{url} must answer, but: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
