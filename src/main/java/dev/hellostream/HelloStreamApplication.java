package dev.hellostream;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/**
 * Starts Hello Stream: three concurrent greetings at {@code /hello}, and the messages of
 * a queue, live for many browsers, at {@code /messages}.
 */
@SpringBootApplication
@ConfigurationPropertiesScan
public class HelloStreamApplication {

	public static void main(String[] args) {
		SpringApplication.run(HelloStreamApplication.class, args);
	}

}
