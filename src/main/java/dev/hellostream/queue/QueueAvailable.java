package dev.hellostream.queue;

/**
 * The queue can be consumed: published when it is seen for the first time, when it is
 * there again after it was missing, when it was declared anew, and when it is found
 * without any consumer although it has been there for a while. A broker need not tell a
 * consumer that its queue is gone (the embedded one does not), so whoever consumes starts
 * anew on this event unless it surely does consume.
 * <p>
 * Published on a thread of {@link QueueWatch} or, the first time, on the one that starts
 * the application.
 *
 * @param queue the name of the queue
 */
public record QueueAvailable(String queue) {

}
