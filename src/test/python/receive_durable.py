"""The hello-world receiver as it is taught today: a durable quorum queue."""

from connection import connect
from printing import print_message, print_waiting

channel = connect().channel()
channel.queue_declare(queue="hello", durable=True, arguments={"x-queue-type": "quorum"})
channel.basic_consume(queue="hello", on_message_callback=print_message, auto_ack=True)
print_waiting()
channel.start_consuming()
