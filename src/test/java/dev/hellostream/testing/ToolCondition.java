package dev.hellostream.testing;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Decides whether a test with {@link RequiresTool} runs.
 */
class ToolCondition implements ExecutionCondition {

	static final String REQUIRE_TOOLS = "HELLO_STREAM_REQUIRE_TOOLS";

	private static final Map<Tool, Boolean> FOUND = new ConcurrentHashMap<>();

	private final Predicate<Tool> found;

	private final boolean required;

	ToolCondition() {
		this((tool) -> FOUND.computeIfAbsent(tool, (key) -> key.find().isPresent()),
				Boolean.parseBoolean(System.getenv(REQUIRE_TOOLS)));
	}

	ToolCondition(Predicate<Tool> found, boolean required) {
		this.found = found;
		this.required = required;
	}

	@Override
	public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
		return evaluate(AnnotationSupport.findAnnotation(context.getElement(), RequiresTool.class)
			.map(RequiresTool::value)
			.orElseGet(() -> new Tool[0]));
	}

	ConditionEvaluationResult evaluate(Tool... tools) {
		String missing = Arrays.stream(tools)
			.filter(this.found.negate())
			.map(Tool::missing)
			.collect(Collectors.joining("; "));
		if (missing.isEmpty()) {
			return ConditionEvaluationResult.enabled("every tool is here");
		}
		if (this.required) {
			// JUnit reports a failure only for an exception.
			throw new IllegalStateException(missing + " (" + REQUIRE_TOOLS + " is set)");
		}
		return ConditionEvaluationResult.disabled(missing);
	}

}
