package dev.hellostream.amqp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.BlockedCallback;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConfirmCallback;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.Return;
import com.rabbitmq.client.ReturnCallback;
import com.rabbitmq.client.ShutdownListener;
import com.rabbitmq.client.ShutdownSignalException;
import com.rabbitmq.client.UnblockedCallback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

import org.springframework.amqp.AmqpConnectException;
import org.springframework.amqp.rabbit.connection.Connection;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.atLeast;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.mockingDetails;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link ConfirmingPublisher}, with a broker that behaves as each test says.
 */
class ConfirmingPublisherTests {

	private static final Duration TIMEOUT = Duration.ofMillis(400);

	private final Channel amqp = mock(Channel.class);

	private final com.rabbitmq.client.Connection delegate = mock(com.rabbitmq.client.Connection.class);

	private final ConnectionFactory connections = mock(ConnectionFactory.class);

	private final ConfirmingPublisher publisher = new ConfirmingPublisher(this.connections,
			Publishers.settings(TIMEOUT), new PublicationQueue(100, 1000));

	@BeforeEach
	void start() throws IOException {
		Connection connection = mock(Connection.class);
		given(connection.getDelegate()).willReturn(this.delegate);
		given(this.connections.createConnection()).willReturn(connection);
		given(this.delegate.createChannel()).willReturn(this.amqp);
		given(this.amqp.isOpen()).willReturn(true);
		this.publisher.start();
	}

	@AfterEach
	void stop() {
		this.publisher.stop();
	}

	@Test
	void publishWhenNotSubscribedShouldWriteNothing() throws Exception {
		Mono<Void> twice = this.publisher.publish(message("a")).onErrorComplete();
		verify(this.connections, never()).createConnection();
		twice.subscribe();
		twice.subscribe();
		written(2);
	}

	@Test
	void publishWhenConfirmedCumulativelyShouldCompleteAll() throws Exception {
		List<CompletableFuture<Void>> results = List.of(publish("a"), publish("b"), publish("c"));
		written(3);
		assertThat(this.publisher.outstanding()).isEqualTo(3);
		ack().handle(3, true);
		results.forEach((result) -> assertThat(result).succeedsWithin(1, TimeUnit.SECONDS));
		assertThat(this.publisher.outstanding()).isZero();
	}

	@Test
	void publishShouldSignalOnItsOwnThread() throws Exception {
		CompletableFuture<String> thread = new CompletableFuture<>();
		this.publisher.publish(message("a"))
			.doFinally((type) -> thread.complete(Thread.currentThread().getName()))
			.subscribe();
		written(1);
		ack().handle(1, false);
		assertThat(thread).succeedsWithin(1, TimeUnit.SECONDS).isEqualTo("publish-signals");
	}

	@Test
	void publishWhenReturnedThenConfirmedShouldFailThatOneOnly() throws Exception {
		List<CompletableFuture<Void>> results = List.of(publish("a"), publish("b"), publish("c"));
		Map<String, Object> headers = written(3).get(1).getHeaders();
		ArgumentCaptor<ReturnCallback> callback = ArgumentCaptor.captor();
		verify(this.amqp).addReturnListener(callback.capture());
		callback.getValue()
			.handle(new Return(312, "NO_ROUTE", "", "hello", new BasicProperties.Builder().headers(headers).build(),
					new byte[0]));
		ack().handle(3, true);
		assertThat(failure(results.get(1))).isInstanceOf(NotPublishedException.class).hasMessageContaining("NO_ROUTE");
		assertThat(results.get(0)).succeedsWithin(1, TimeUnit.SECONDS);
		assertThat(results.get(2)).succeedsWithin(1, TimeUnit.SECONDS);
	}

	@Test
	void publishWhenRefusedShouldFailAsUnconfirmed() throws Exception {
		CompletableFuture<Void> result = publish("a");
		written(1);
		ArgumentCaptor<ConfirmCallback> nack = ArgumentCaptor.captor();
		verify(this.amqp).addConfirmListener(any(), nack.capture());
		nack.getValue().handle(1, false);
		assertThat(failure(result)).as("RabbitMQ may have stored it").isInstanceOf(UnconfirmedException.class);
	}

	@Test
	void publishWhenRefusedForItsSizeShouldFailForGoodAndNoOtherWith() throws Exception {
		List<CompletableFuture<Void>> results = new ArrayList<>();
		for (int size : new int[] { 1, 300, 1, 201, 200 }) {
			Publication message = new Publication("", "a", new BasicProperties(), new byte[size]);
			results.add(this.publisher.publish(message).toFuture());
		}
		written(5);
		ArgumentCaptor<ShutdownListener> shutdown = ArgumentCaptor.captor();
		verify(this.amqp).addShutdownListener(shutdown.capture());
		String words = "PRECONDITION_FAILED - message size 300 is larger than configured max size 200";
		AMQP.Channel.Close close = new AMQP.Channel.Close.Builder().replyCode(AMQP.PRECONDITION_FAILED)
			.replyText(words)
			.build();
		shutdown.getValue().shutdownCompleted(new ShutdownSignalException(false, false, close, this.amqp));
		assertThat(failure(results.get(0))).isInstanceOf(UnconfirmedException.class);
		assertThat(failure(results.get(1))).isInstanceOf(TooLargeException.class)
			.hasMessage("The broker refused the message (406 %s).", words);
		assertThat(failure(results.get(2))).isInstanceOf(UnconfirmedException.class);
		assertThat(failure(results.get(3))).isInstanceOf(TooLargeException.class);
		assertThat(failure(results.get(4))).as("the last one").isExactlyInstanceOf(NotPublishedException.class);
	}

	@Test
	void publishWhenNoConfirmComesShouldFailAsUnconfirmed() throws Exception {
		CompletableFuture<Void> result = publish("a");
		written(1);
		assertThat(failure(result)).isInstanceOf(UnconfirmedException.class).hasMessageContaining("in time");
		ack().handle(1, false);
		assertThat(this.publisher.outstanding()).isZero();
	}

	@Test
	void publishWhenWriteIsStuckShouldTellSentFromUnsentAndOpenAnother() throws Exception {
		CountDownLatch freed = new CountDownLatch(1);
		willAnswer((call) -> freed.await(10, TimeUnit.SECONDS)).willDoNothing()
			.given(this.amqp)
			.basicPublish(anyString(), anyString(), eq(true), any(), any());
		CountDownLatch aborted = new CountDownLatch(1);
		willAnswer((call) -> {
			given(this.amqp.isOpen()).willReturn(false);
			aborted.countDown();
			return null;
		}).given(this.amqp).abort();
		CompletableFuture<Void> stuck = publish("a");
		CompletableFuture<Void> behind = publish("b");
		assertThat(failure(behind)).isInstanceOf(NotPublishedException.class).hasMessageContaining("could not be sent");
		assertThat(failure(stuck)).isInstanceOf(UnconfirmedException.class);
		assertThat(aborted.await(5, TimeUnit.SECONDS)).isTrue();
		freed.countDown();
		send("c");
		verify(this.delegate, timeout(5000).times(2)).createChannel();
	}

	@Test
	void publishWhenCancelledBeforeItIsWrittenShouldNotWriteIt() throws Exception {
		CountDownLatch freed = new CountDownLatch(1);
		willAnswer((call) -> freed.await(10, TimeUnit.SECONDS)).willDoNothing()
			.given(this.amqp)
			.basicPublish(anyString(), anyString(), eq(true), any(), any());
		send("a");
		verify(this.amqp, timeout(5000)).basicPublish(anyString(), eq("a"), eq(true), any(), any());
		Disposable cancelled = this.publisher.publish(message("b")).subscribe();
		send("c");
		cancelled.dispose();
		freed.countDown();
		verify(this.amqp, timeout(5000)).basicPublish(anyString(), eq("c"), eq(true), any(), any());
		verify(this.amqp, never()).basicPublish(anyString(), eq("b"), eq(true), any(), any());
	}

	@Test
	void publishWhenConnectionIsLostShouldFailAsUnconfirmedAndConnectAgain() throws Exception {
		CompletableFuture<Void> result = publish("a");
		written(1);
		ArgumentCaptor<ShutdownListener> shutdown = ArgumentCaptor.captor();
		verify(this.amqp).addShutdownListener(shutdown.capture());
		given(this.amqp.isOpen()).willReturn(false);
		shutdown.getValue().shutdownCompleted(new ShutdownSignalException(true, false, null, this.delegate));
		assertThat(failure(result)).isInstanceOf(UnconfirmedException.class).hasMessageContaining("lost");
		send("b");
		verify(this.connections, timeout(5000).times(2)).createConnection();
	}

	@Test
	void publishInOrderWhenConnectionIsLostShouldWriteNothingUntilResumed() throws Exception {
		ConfirmingPublisher inOrder = ConfirmingPublisher.inOrder(this.connections, Publishers.settings(TIMEOUT));
		inOrder.start();
		inOrder.resume();
		CompletableFuture<Void> lost = inOrder.publish(message("a")).toFuture();
		written(1);
		inOrder.resume();
		ArgumentCaptor<ShutdownListener> shutdown = ArgumentCaptor.captor();
		verify(this.amqp).addShutdownListener(shutdown.capture());
		given(this.amqp.isOpen()).willReturn(false);
		// Published before the loss is reported.
		assertThat(failure(inOrder.publish(message("b")).toFuture())).isInstanceOf(NotPublishedException.class);
		shutdown.getValue().shutdownCompleted(new ShutdownSignalException(true, false, null, this.delegate));
		assertThat(failure(lost)).isInstanceOf(UnconfirmedException.class);
		assertThat(failure(inOrder.publish(message("c")).toFuture())).isInstanceOf(NotPublishedException.class);
		verify(this.connections, times(1)).createConnection();
		inOrder.resume();
		inOrder.publish(message("a")).onErrorComplete().subscribe();
		verify(this.connections, timeout(5000).times(2)).createConnection();
		inOrder.stop();
	}

	@Test
	void publishWhenChannelIsFoundClosedShouldFailAsNotPublished() throws Exception {
		willThrow(new AlreadyClosedException(new ShutdownSignalException(true, false, null, this.delegate)))
			.given(this.amqp)
			.basicPublish(anyString(), anyString(), eq(true), any(), any());
		assertThat(failure(publish("a"))).isInstanceOf(NotPublishedException.class);
	}

	@Test
	void publishWhenMessageCannotBeEncodedShouldFailAndKeepTheCount() throws Exception {
		willThrow(new IllegalArgumentException("Short string too long")).willDoNothing()
			.given(this.amqp)
			.basicPublish(anyString(), anyString(), eq(true), any(), any());
		assertThat(failure(publish("a"))).isInstanceOf(NotPublishedException.class).hasMessageContaining("too long");
		CompletableFuture<Void> next = publish("b");
		written(2);
		ack().handle(1, false);
		assertThat(next).succeedsWithin(1, TimeUnit.SECONDS);
	}

	@Test
	void publishWhenBrokerIsDownShouldFailAtOnceAndTryAgainLater() throws Exception {
		given(this.connections.createConnection()).willThrow(new AmqpConnectException(new IOException("refused")));
		assertThat(failure(publish("a"))).isInstanceOf(NotPublishedException.class);
		for (int i = 0; i < 50; i++) {
			assertThat(failure(publish("b"))).isInstanceOf(NotPublishedException.class);
		}
		verify(this.connections, atLeast(1)).createConnection();
		int attempts = mockingDetails(this.connections).getInvocations().size();
		assertThat(attempts).isLessThan(10);
	}

	@Test
	void publishWhenBlockedByAlarmShouldFailAtOnceUntilUnblocked() throws Exception {
		CompletableFuture<Void> first = publish("a");
		written(1);
		ArgumentCaptor<BlockedCallback> blocked = ArgumentCaptor.captor();
		ArgumentCaptor<UnblockedCallback> unblocked = ArgumentCaptor.captor();
		verify(this.delegate).addBlockedListener(blocked.capture(), unblocked.capture());
		blocked.getValue().handle("low on memory");
		assertThat(failure(publish("b"))).isInstanceOf(NotPublishedException.class)
			.hasMessageContaining("low on memory");
		ack().handle(1, false);
		assertThat(first).succeedsWithin(1, TimeUnit.SECONDS);
		unblocked.getValue().handle();
		send("c");
		written(2);
	}

	@Test
	void publishPatientlyWhenBlockedByAlarmShouldWaitBeyondTheTimeLimit() throws Exception {
		CompletableFuture<Void> first = this.publisher.publishPatiently(message("a")).toFuture();
		written(1);
		ArgumentCaptor<BlockedCallback> blocked = ArgumentCaptor.captor();
		ArgumentCaptor<UnblockedCallback> unblocked = ArgumentCaptor.captor();
		verify(this.delegate).addBlockedListener(blocked.capture(), unblocked.capture());
		blocked.getValue().handle("low on memory");
		CompletableFuture<Void> second = this.publisher.publishPatiently(message("b")).toFuture();
		assertThat(this.publisher.refusal()).contains("low on memory");
		assertThatExceptionOfType(TimeoutException.class)
			.isThrownBy(() -> second.get(TIMEOUT.toMillis() * 2, TimeUnit.MILLISECONDS));
		assertThat(first).isNotDone();
		verify(this.amqp, never()).basicPublish(anyString(), eq("b"), eq(true), any(), any());
		unblocked.getValue().handle();
		written(2);
		assertThat(this.publisher.refusal()).isNull();
		ack().handle(2, true);
		assertThat(first).succeedsWithin(1, TimeUnit.SECONDS);
		assertThat(second).succeedsWithin(1, TimeUnit.SECONDS);
	}

	@Test
	void publishWhenTooManyWaitShouldFailAsBusy() throws Exception {
		CountDownLatch freed = new CountDownLatch(1);
		willAnswer((call) -> freed.await(10, TimeUnit.SECONDS)).given(this.amqp)
			.basicPublish(anyString(), anyString(), eq(true), any(), any());
		send("a");
		verify(this.amqp, timeout(5000)).basicPublish(anyString(), eq("a"), eq(true), any(), any());
		for (int i = 0; i < 100; i++) {
			send("b");
		}
		assertThat(failure(publish("c"))).isInstanceOf(NotPublishedException.class).hasMessageContaining("Too many");
		freed.countDown();
	}

	@Test
	void stopShouldWaitForOutstandingAndThenRefuse() throws Exception {
		CompletableFuture<Void> last = publish("a");
		written(1);
		ConfirmCallback ack = ack();
		CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS).execute(() -> confirm(ack));
		this.publisher.stop();
		assertThat(last).isCompleted();
		assertThat(failure(publish("b"))).isInstanceOf(NotPublishedException.class)
			.hasMessageContaining("shutting down");
	}

	@Test
	void stopWhenNoConfirmComesShouldEndInBoundedTime() throws Exception {
		CompletableFuture<Void> last = publish("a");
		written(1);
		assertThat(CompletableFuture.runAsync(this.publisher::stop)).succeedsWithin(2, TimeUnit.SECONDS);
		assertThat(failure(last)).isInstanceOf(UnconfirmedException.class);
	}

	private static void confirm(ConfirmCallback ack) {
		try {
			ack.handle(1, false);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private CompletableFuture<Void> publish(String routingKey) {
		return this.publisher.publish(message(routingKey)).toFuture();
	}

	private void send(String routingKey) {
		this.publisher.publish(message(routingKey)).onErrorComplete().subscribe();
	}

	private static Publication message(String routingKey) {
		return new Publication("", routingKey, MessageProperties.BASIC, new byte[1]);
	}

	private static Throwable failure(CompletableFuture<Void> result) throws Exception {
		return assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> result.get(5, TimeUnit.SECONDS))
			.actual()
			.getCause();
	}

	private List<BasicProperties> written(int count) throws IOException {
		ArgumentCaptor<BasicProperties> properties = ArgumentCaptor.captor();
		verify(this.amqp, timeout(5000).times(count)).basicPublish(anyString(), anyString(), eq(true),
				properties.capture(), any());
		return properties.getAllValues()
			.subList(properties.getAllValues().size() - count, properties.getAllValues().size());
	}

	private ConfirmCallback ack() {
		ArgumentCaptor<ConfirmCallback> ack = ArgumentCaptor.captor();
		verify(this.amqp, times(1)).addConfirmListener(ack.capture(), any());
		return ack.getValue();
	}

}
