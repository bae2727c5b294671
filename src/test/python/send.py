"""The hello-world sender as most programs have it. HOST PORT VIRTUAL_HOST PREFIX COUNT."""

import sys

from connection import connect

connection = connect()
channel = connection.channel()
channel.queue_declare(queue="hello")
for number in range(int(sys.argv[5])):
    channel.basic_publish(exchange="", routing_key="hello", body=f"{sys.argv[4]}{number}")
connection.close()
