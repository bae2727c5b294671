package dev.hellostream.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.springframework.core.io.ClassPathResource;

/**
 * Accessibility checks of a page, by
 * <a href="https://github.com/dequelabs/axe-core">axe-core</a>.
 */
public final class Accessibility {

	private static final String AXE = source();

	private static final String RUN = """
			return axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, help, nodes }) =>
			  `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`));
			""";

	private Accessibility() {
	}

	/**
	 * Check the whole page as it is now.
	 * @param browser the browser that shows the page
	 * @return the violated rules, each with the elements that violate it
	 */
	@SuppressWarnings("unchecked")
	public static List<String> violations(Browser browser) {
		browser.script(AXE);
		return (List<String>) browser.script(RUN);
	}

	private static String source() {
		try {
			return new ClassPathResource("axe.min.js").getContentAsString(StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
