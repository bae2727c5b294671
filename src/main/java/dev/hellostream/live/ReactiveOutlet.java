package dev.hellostream.live;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ScheduledExecutorService;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;

/**
 * Writes chunks through WebFlux, for any server and protocol: as a publisher of groups,
 * each of them flushed. Each requested group permits one chunk; no demand means that the
 * socket accepts nothing. A server requests some groups in advance: Reactor Netty about
 * 160, which is the number of chunks that a stuck subscriber holds here.
 */
final class ReactiveOutlet implements Outlet, Publisher<Publisher<DataBuffer>>, Subscription {

	private final ScheduledExecutorService loop;

	private final DataBufferFactory buffers;

	private @Nullable Cursor cursor;

	private @Nullable Subscriber<? super Publisher<DataBuffer>> subscriber;

	private final Disposable connection;

	private boolean open;

	private long requested;

	/**
	 * Create an outlet.
	 * @param loop the thread of the outlet and its cursor
	 * @param buffers creates buffers for the server
	 * @param connection disposed of when the live stream is aborted
	 */
	ReactiveOutlet(ScheduledExecutorService loop, DataBufferFactory buffers, Disposable connection) {
		this.loop = loop;
		this.connection = connection;
		this.buffers = buffers;
	}

	@Override
	public ScheduledExecutorService loop() {
		return this.loop;
	}

	@Override
	public Publisher<? extends Publisher<DataBuffer>> body(DataBuffer start, Cursor cursor) {
		this.cursor = cursor;
		return Flux.concat(Mono.just(Flux.just(start)), this);
	}

	@Override
	public void subscribe(Subscriber<? super Publisher<DataBuffer>> subscriber) {
		this.subscriber = subscriber;
		subscriber.onSubscribe(this);
	}

	@Override
	public void request(long count) {
		this.loop.execute(() -> {
			boolean waiting = (this.requested == 0);
			this.requested = Operators.addCap(this.requested, count);
			if (this.cursor != null && !this.open) {
				this.open = true;
				this.cursor.open();
			}
			else if (this.cursor != null && waiting) {
				this.cursor.onDrained();
			}
		});
	}

	@Override
	public void cancel() {
		// responseEnded() follows, and closes the cursor.
	}

	@Override
	public void responseEnded() {
		if (this.cursor != null) {
			this.cursor.close();
		}
	}

	@Override
	public boolean write(Chunk chunk) {
		if (this.subscriber != null) {
			this.subscriber.onNext(Flux.just(this.buffers.wrap(chunk.data())));
		}
		return --this.requested > 0;
	}

	@Override
	public long pending() {
		return 0;
	}

	@Override
	public void complete() {
		if (this.subscriber != null) {
			this.subscriber.onComplete();
		}
	}

	@Override
	public void abort() {
		if (this.subscriber != null) {
			this.subscriber.onError(new CancellationException("The subscriber has read nothing for too long"));
		}
		this.connection.dispose();
	}

}
