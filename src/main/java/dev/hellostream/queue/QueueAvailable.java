package dev.hellostream.queue;

/**
 * The queue can be consumed. Published when it is seen for the first time, when it is
 * available again after it was missing or refused, when it was declared again, and when
 * it has had no consumer for five seconds. A broker need not tell a consumer that its
 * queue was deleted (the embedded one does not), so a consumer starts again on this event
 * unless it is certain to be consuming.
 * <p>
 * Published on the thread of {@link QueueWatch}; with the embedded broker, the first time
 * on the thread that starts the application.
 *
 * @param queue the name of the queue
 */
public record QueueAvailable(String queue) {

}
