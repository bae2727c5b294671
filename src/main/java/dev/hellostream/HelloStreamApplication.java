package dev.hellostream;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/**
 * Starts Hello Stream: a fan-out of three greetings at {@code /hello}, and a queue that
 * any number of browsers watch at {@code /messages}.
 */
@SpringBootApplication
@ConfigurationPropertiesScan
public class HelloStreamApplication {

	public static void main(String[] args) {
		SpringApplication.run(HelloStreamApplication.class, args);
	}

}
