package dev.hellostream.testing;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.MessageProperties;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RabbitNode}.
 */
@Tag("slow")
@RequiresTool(Tool.RABBITMQ)
class RabbitNodeIT {

	@Test
	void startWhenKilledShouldComeBackWithItsData() throws Exception {
		RabbitNode node = RabbitNode.shared();
		BrokerAddress address = node.freshVirtualHost();
		Connection before = address.connect();
		try (Channel channel = before.createChannel()) {
			channel.queueDeclare("kept", true, false, false, null);
			channel.confirmSelect();
			channel.basicPublish("", "kept", MessageProperties.PERSISTENT_BASIC, new byte[] { 1 });
			channel.waitForConfirmsOrDie(60_000);
		}
		// A declaration is answered before it is on disk.
		node.ctl("eval", "mnesia:sync_log().");
		node.killHard();
		before.abort();
		node.start();
		try (Connection connection = address.connect(); Channel channel = connection.createChannel()) {
			assertThat(channel.basicGet("kept", true).getBody()).containsExactly(1);
		}
		assertThat(node.ctl("list_queues", "-p", address.virtualHost(), "name")).contains("kept");
	}

}
