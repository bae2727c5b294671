package dev.hellostream.web;

import java.net.InetAddress;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Ends the start, before anything listens, if the application is to be reached from other
 * machines and nobody has said by which names: the guard would refuse all of them, and an
 * address that was opened by mistake stays closed.
 */
@Component
class ListenAddressCheck implements BeanFactoryPostProcessor {

	private static final Bindable<InetAddress> ADDRESS = Bindable.of(InetAddress.class);

	private final Environment environment;

	ListenAddressCheck(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		if (!this.environment.getProperty("hello-stream.web.allowed-hosts", "").isBlank()
				|| this.environment.containsProperty("hello-stream.web.allowed-hosts[0]")) {
			return;
		}
		require("server.address");
		if (ManagementPortType.get(this.environment) == ManagementPortType.DIFFERENT) {
			require("management.server.address");
		}
	}

	private void require(String property) {
		InetAddress address = Binder.get(this.environment).bind(property, ADDRESS).orElse(null);
		if (!isLoopback(address)) {
			throw new OpenAddressException(property, address);
		}
	}

	/** No address is every address. */
	private static boolean isLoopback(@Nullable InetAddress address) {
		return address != null && address.isLoopbackAddress();
	}

}
