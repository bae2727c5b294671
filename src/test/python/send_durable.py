"""The hello-world sender as it is taught today. HOST PORT VIRTUAL_HOST PREFIX COUNT."""

import sys

from connection import connect

connection = connect()
channel = connection.channel()
# Not in the hello world: RabbitMQ can drop the last messages to a quorum queue when their sender closes
# at once without confirms (seen on 3.10.8, nobody else connected: 3 of 1,500 in one of 12 runs).
channel.confirm_delivery()
channel.queue_declare(queue="hello", durable=True, arguments={"x-queue-type": "quorum"})
for number in range(int(sys.argv[5])):
    channel.basic_publish(exchange="", routing_key="hello", body=f"{sys.argv[4]}{number}")
connection.close()
