package dev.hellostream.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that needs programs which the build does not bring. Without them it is skipped
 * and says what to install; with {@value ToolCondition#REQUIRE_TOOLS}{@code =true} in the
 * environment it fails instead. Tagged {@code tool}, so that
 * {@code -DexcludedGroups=slow,tool} leaves all of them out.
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Tag("tool")
@ExtendWith(ToolCondition.class)
public @interface RequiresTool {

	/**
	 * What has to be there.
	 * @return the tools
	 */
	Tool[] value();

}
