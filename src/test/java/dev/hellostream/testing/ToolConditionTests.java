package dev.hellostream.testing;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link ToolCondition}.
 */
class ToolConditionTests {

	@Test
	void evaluateWhenToolIsThereShouldEnable() {
		ToolCondition condition = new ToolCondition((tool) -> true, true);
		assertThat(condition.evaluate(Tool.RABBITMQ).isDisabled()).isFalse();
	}

	@Test
	void evaluateWhenToolIsMissingShouldDisableAndNameThePackage() {
		ToolCondition condition = new ToolCondition((tool) -> tool != Tool.PIKA, false);
		ConditionEvaluationResult result = condition.evaluate(Tool.RABBITMQ, Tool.PIKA);
		assertThat(result.isDisabled()).isTrue();
		assertThat(result.getReason()).hasValue("PIKA was not found: apt-get install python3-pika");
	}

	@Test
	void evaluateWhenToolIsMissingAndRequiredShouldFail() {
		ToolCondition condition = new ToolCondition((tool) -> false, true);
		assertThatIllegalStateException().isThrownBy(() -> condition.evaluate(Tool.RABBITMQ, Tool.PIKA))
			.withMessageContaining("apt-get install rabbitmq-server")
			.withMessageContaining("apt-get install python3-pika");
	}

}
