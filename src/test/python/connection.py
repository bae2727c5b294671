"""Connects to the broker named on the command line: HOST PORT [VIRTUAL_HOST]."""

import sys
import time

import pika
import pika.exceptions


def connect(seconds=60):
    """Connect, trying again while nothing listens there yet."""
    virtual_host = sys.argv[3] if len(sys.argv) > 3 else "/"
    parameters = pika.ConnectionParameters(sys.argv[1], int(sys.argv[2]), virtual_host)
    deadline = time.monotonic() + seconds
    while True:
        try:
            return pika.BlockingConnection(parameters)
        except pika.exceptions.AMQPConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
