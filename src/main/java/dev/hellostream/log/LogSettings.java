package dev.hellostream.log;

import jakarta.validation.constraints.Positive;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How much the log keeps. Whichever limit is reached first makes the oldest entries go.
 *
 * @param maxEntries Number of entries that the log in memory keeps.
 * @param maxBytes Heap that the log in memory takes, about. The newest entry is kept
 * whatever its size.
 */
@ConfigurationProperties("hello-stream.log")
@Validated
public record LogSettings(@DefaultValue("100000") @Positive int maxEntries, @DefaultValue("64MB") DataSize maxBytes) {

}
