package dev.hellostream.web.guard;

import java.net.InetAddress;
import java.util.List;

import dev.hellostream.start.StartFailure;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Ends the start, before anything listens, if the application would listen beyond
 * loopback and no host names are allowed: the guard would refuse all but loopback names,
 * and an address that was opened by mistake stays closed.
 */
@Component
class ListenAddressCheck implements BeanFactoryPostProcessor {

	private static final Bindable<List<String>> HOSTS = Bindable.listOf(String.class);

	private static final Bindable<InetAddress> ADDRESS = Bindable.of(InetAddress.class);

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		Environment environment = beanFactory.getBean(Environment.class);
		if (!Binder.get(environment).bind("hello-stream.web.allowed-hosts", HOSTS).orElse(List.of()).isEmpty()) {
			return;
		}
		require(environment, "server.address");
		if (ManagementPortType.get(environment) == ManagementPortType.DIFFERENT) {
			require(environment, "management.server.address");
		}
	}

	private static void require(Environment environment, String property) {
		InetAddress address = Binder.get(environment).bind(property, ADDRESS).orElse(null);
		if (address == null || !address.isLoopbackAddress()) {
			throw new StartFailure(("%1$s is %2$s: other machines could reach the application, and no name is allowed "
					+ "by which they may. List the names, --hello-stream.web.allowed-hosts=app.example.org, "
					+ "or stay on this machine, --%1$s=127.0.0.1.")
				.formatted(property,
						(address != null) ? address.getHostAddress() : "every address, which is what no value means"));
		}
	}

}
