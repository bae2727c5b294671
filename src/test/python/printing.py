"""What the receivers print, a line each: nothing else begins with 'received'."""


def print_waiting():
    print("waiting", flush=True)


def print_message(_channel, _method, _properties, body):
    print("received", body.decode(), flush=True)
