"""A process that decodes for the API: ``python -m serving.decoder_process DESCRIPTOR MEMORY``.

It does what it is asked over a connection, one thing at a time, and ends with the connection. It answers in plain
bytes, never in pickles: whoever takes it over by a hostile file gains nothing on the other side.
"""

import importlib
import json
import logging
import pickle
import sys
import warnings
from multiprocessing.connection import Connection

from model.errors import NotReadable
from serving.processes import bound_memory

#: What an answer begins with.
DONE, NOT_READABLE, FAILED = b"D", b"N", b"F"


def main(descriptor: int, most_memory: int, modules: str) -> None:
    bound_memory(most_memory)
    warnings.simplefilter("ignore")  # they quote what they read
    logging.disable(logging.CRITICAL)
    for module in filter(None, modules.split(",")):
        importlib.import_module(module)
    connection: Connection[bytes, bytes] = Connection(descriptor)
    while True:
        try:
            request = connection.recv_bytes()
        except EOFError:
            return
        kind, data = _answer(request)
        connection.send_bytes(kind)
        connection.send_bytes(data)


def _answer(request: bytes) -> tuple[bytes, bytes]:
    function, arguments = pickle.loads(request)  # noqa: S301 - of the process that started us
    try:
        return DONE, function(*arguments)
    except NotReadable as error:
        return NOT_READABLE, json.dumps([str(error.code), error.reason]).encode()
    except Exception as error:  # noqa: BLE001 - the other side says that we failed
        return FAILED, type(error).__name__.encode()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
