package dev.hellostream.start;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.bind.validation.ValidationErrors;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;

/**
 * Explains why the start ended and what to do, for {@link StartFailure} and for frequent
 * causes: a wrong value, and a port in use. All others are reported by Spring Boot.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class StartFailureAnalyzer implements FailureAnalyzer {

	private static final Map<Class<?>, String> FORMS = Map.of(Duration.class, "a duration such as 500ms, 1s or 2m",
			DataSize.class, "a size such as 512KB or 1MB", Integer.class, "a whole number", Long.class,
			"a whole number", Boolean.class, "true or false", InetAddress.class,
			"the name or address of a network interface of this machine, such as 127.0.0.1");

	/** Start of the message of {@link java.net.InetSocketAddress}. */
	private static final String NO_PORT = "port out of range:";

	private final @Nullable Environment environment;

	StartFailureAnalyzer(@Nullable Environment environment) {
		this.environment = environment;
	}

	@Override
	public @Nullable FailureAnalysis analyze(Throwable failure) {
		String sentence = sentence(failure);
		return (sentence != null) ? new FailureAnalysis(sentence, null, failure) : null;
	}

	private @Nullable String sentence(Throwable failure) {
		StartFailure ours = find(failure, StartFailure.class);
		if (ours != null) {
			return ours.getMessage();
		}
		PortInUseException taken = find(failure, PortInUseException.class);
		if (taken != null) {
			return "Port %d is taken by another program: stop that one, or use another port, --%s=%d, or 0 for any."
				.formatted(taken.getPort(), setting(taken.getPort()),
						(taken.getPort() < 65_535) ? taken.getPort() + 1 : 8080);
		}
		String sentence = wrongValue(failure);
		return (sentence != null && this.environment != null) ? Setting.inWords(sentence, this.environment) : sentence;
	}

	private String setting(int port) {
		return (this.environment != null
				&& String.valueOf(port).equals(this.environment.getProperty("management.server.port")))
						? "management.server.port" : "server.port";
	}

	private @Nullable String wrongValue(Throwable failure) {
		BindValidationException invalid = find(failure, BindValidationException.class);
		if (invalid != null) {
			ValidationErrors errors = invalid.getValidationErrors();
			return errors.getAllErrors()
				.stream()
				.map((error) -> sentence(errors.getName().toString(), error))
				.collect(Collectors.joining(System.lineSeparator()));
		}
		BindException unbound = find(failure, BindException.class);
		InvalidConfigurationPropertyValueException unread = find(failure,
				InvalidConfigurationPropertyValueException.class);
		ConversionFailedException conversion = find(failure, ConversionFailedException.class);
		Object name = (unbound != null) ? unbound.getName() : (unread != null) ? unread.getName() : null;
		if (conversion != null && name != null) {
			String form = form(ClassUtils.resolvePrimitiveIfNecessary(conversion.getTargetType().getType()));
			return (form != null) ? "%s must be %s.".formatted(name, form) : null;
		}
		String message = NestedExceptionUtils.getMostSpecificCause(failure).getMessage();
		if (message != null && message.startsWith(NO_PORT)) {
			int port = Integer.parseInt(message.substring(NO_PORT.length()));
			return "%s must be between 0 and 65535.".formatted(setting(port));
		}
		// The settings records' own messages begin with the name of a setting.
		return (message != null && message.startsWith("hello-stream.")) ? message + "." : null;
	}

	private static String sentence(String prefix, ObjectError error) {
		String message = error.getDefaultMessage() + ".";
		return (error instanceof FieldError field && !message.startsWith("hello-stream."))
				? "%s.%s %s".formatted(prefix, DataObjectPropertyName.toDashedForm(field.getField()), message)
				: message;
	}

	private static @Nullable String form(Class<?> type) {
		if (type.isEnum()) {
			return Arrays.stream(type.getEnumConstants())
				.map((constant) -> constant.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
				.collect(Collectors.joining(" or "));
		}
		return FORMS.get(type);
	}

	private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (type.isInstance(cause)) {
				return type.cast(cause);
			}
		}
		return null;
	}

}
