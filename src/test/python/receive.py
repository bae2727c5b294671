"""The hello-world receiver as most programs have it: a plain queue, automatic acknowledgement."""

from connection import connect
from printing import print_message, print_waiting

channel = connect().channel()
channel.queue_declare(queue="hello")
channel.basic_consume(queue="hello", on_message_callback=print_message, auto_ack=True)
print_waiting()
channel.start_consuming()
