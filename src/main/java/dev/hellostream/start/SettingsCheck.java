package dev.hellostream.start;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.springframework.beans.factory.BeanFactoryInitializer;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.stereotype.Component;

/**
 * Ends the start, before anything listens, if a setting or a profile is misspelt, if a
 * value is wrong, or if a setting needs the profile rabbitmq, which is not active.
 *
 * <p>
 * Among environment variables and system properties, other names that begin with
 * {@code hello-stream} are allowed. In configuration files and on the command line, each
 * of them must be a setting.
 */
@Component
class SettingsCheck implements BeanFactoryInitializer<ConfigurableListableBeanFactory> {

	private static final String RABBITMQ = "rabbitmq";

	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("hello-stream");

	@Override
	public void initialize(ConfigurableListableBeanFactory beans) {
		ConfigurableEnvironment environment = beans.getBean(ConfigurableEnvironment.class);
		requireKnownProfiles(environment);
		requireKnownNames(environment, names(beans));
		// Bind the settings now, before the beans that depend on them are created and
		// before the embedded broker listens.
		settings(beans).forEach(beans::getBean);
		requireRabbitWhereMeant(environment);
	}

	/** Refuse a profile that no configuration mentions: it would have no effect. */
	private static void requireKnownProfiles(ConfigurableEnvironment environment) {
		for (String profile : environment.getActiveProfiles()) {
			if (!profile.equals(RABBITMQ)
					&& environment.getPropertySources().stream().noneMatch((source) -> isAbout(source, profile))) {
				throw new StartFailure(
						"Profile %s is unknown: there is rabbitmq, and one of your own needs a file, application-%s.yml."
							.formatted(profile, profile));
			}
		}
	}

	private static boolean isAbout(PropertySource<?> source, String profile) {
		return source.getName().contains("-" + profile + ".")
				|| (source instanceof EnumerablePropertySource<?> names && Arrays.stream(names.getPropertyNames())
					.anyMatch((name) -> name.startsWith("spring.profiles.group." + profile)
							|| (name.startsWith("spring.config.activate.on-profile")
									&& List.of(String.valueOf(source.getProperty(name)).split("[^\\w.@+-]+"))
										.contains(profile))));
	}

	private static void requireKnownNames(ConfigurableEnvironment environment, Set<ConfigurationPropertyName> known) {
		var onlySettings = new UnboundElementsSourceFilter();
		for (var source : ConfigurationPropertySources.get(environment)) {
			if (source instanceof IterableConfigurationPropertySource settings && onlySettings.apply(source)) {
				settings.stream()
					.filter(ROOT::isAncestorOf)
					.filter((name) -> !known.contains(name.isLastElementIndexed() ? name.getParent() : name))
					.findFirst()
					.map(settings::getConfigurationProperty)
					.ifPresent((unknown) -> {
						throw new StartFailure(
								"%s is not a setting: %s".formatted(Setting.inWords(unknown), advice(unknown, known)));
					});
			}
		}
	}

	private static String advice(ConfigurationProperty unknown, Set<ConfigurationPropertyName> known) {
		List<String> names = known.stream().map((name) -> name.subName(1).toString()).toList();
		return NearestName.of(unknown.getName().subName(1).toString(), names)
			.map((name) -> "did you mean %s.%s?".formatted(ROOT, name))
			.orElse("application.yml, in the jar and in the sources, lists all.");
	}

	/** Refuse settings for RabbitMQ if the embedded broker would be used. */
	private static void requireRabbitWhereMeant(ConfigurableEnvironment environment) {
		if (environment.matchesProfiles(RABBITMQ)) {
			return;
		}
		if ("stream".equalsIgnoreCase(environment.getProperty("hello-stream.log.store"))) {
			throw new StartFailure(Setting
				.inWords("hello-stream.log.store needs RabbitMQ, since the embedded broker has no RabbitMQ streams: "
						+ "add --spring.profiles.active=rabbitmq, or use memory.", environment));
		}
		for (String name : List.of("spring.rabbitmq.host", "spring.rabbitmq.addresses")) {
			if (environment.containsProperty(name)) {
				throw new StartFailure("%s is set, and the embedded broker would be used: ".formatted(name)
						+ "add --spring.profiles.active=rabbitmq, or leave it out.");
			}
		}
	}

	/**
	 * Return the names of all settings.
	 * @param beans contains the definitions of the records that the settings are bound to
	 * @return full names
	 */
	static Set<ConfigurationPropertyName> names(ConfigurableListableBeanFactory beans) {
		return settings(beans).flatMap(
				(bean) -> names(bean.substring(0, bean.lastIndexOf('-')), Objects.requireNonNull(beans.getType(bean))))
			.map(ConfigurationPropertyName::of)
			.collect(Collectors.toSet());
	}

	private static Stream<String> names(String prefix, Class<?> type) {
		return Arrays.stream(type.getRecordComponents()).flatMap((component) -> {
			String name = prefix + "." + DataObjectPropertyName.toDashedForm(component.getName());
			return component.getType().isRecord() ? names(name, component.getType()) : Stream.of(name);
		});
	}

	/** Return the names of the settings beans, in the form {@code prefix-class}. */
	private static Stream<String> settings(ConfigurableListableBeanFactory beans) {
		return Arrays.stream(beans.getBeanDefinitionNames()).filter((bean) -> bean.startsWith(ROOT + "."));
	}

}
