package dev.hellostream.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that needs programs which the build does not install. When one is missing, the
 * test is skipped and says what to install, or fails with
 * {@value ToolCondition#REQUIRE_TOOLS}{@code =true} in the environment. Tagged
 * {@code tool}, so that {@code -DexcludedGroups=slow,tool} excludes all of them.
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Tag("tool")
@ExtendWith(ToolCondition.class)
public @interface RequiresTool {

	/**
	 * The tools that the test needs.
	 * @return the tools
	 */
	Tool[] value();

}
