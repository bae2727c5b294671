package dev.hellostream.testing;

import kotlin.jvm.functions.Function1;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionResult;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.kotlinx.lincheck.util.ExceptionResult;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jetbrains.lincheck.datastructures.verifier.Verifier;
import org.jetbrains.lincheck.util.LoggingLevel;

/**
 * Searches the interleavings of a few operations for one that violates a guarantee, with
 * the model checker of Lincheck. The search is bounded and deterministic.
 *
 * <p>
 * The operations belong to a public class with a public constructor. Its methods with
 * {@link Operation} run on several threads, those of one {@code nonParallelGroup} on one
 * of these threads only; its method with {@link Validate} runs when all have ended. A
 * check fails if any of these methods throws or hangs. The checker switches threads
 * between any two accesses to shared memory, and assumes sequentially consistent memory:
 * this is right only for state that is shared by volatile fields, atomics and monitors.
 */
public final class Interleavings {

	/** The percentage of the scenarios to try, at least one of each check. */
	private static final int SHARE = Integer.getInteger("hello-stream.interleavings", 100);

	private Interleavings() {
	}

	/**
	 * Search for an interleaving that fails.
	 * @param operations the class with the operations
	 * @param threads the number of threads that run them
	 * @param length the number of operations on each thread
	 * @param scenarios the number of selections of operations that the full check tries
	 * @param schedules the maximum number of interleavings of each selection
	 */
	public static void check(Class<?> operations, int threads, int length, int scenarios, int schedules) {
		Function1<String, Boolean> buffers = (type) -> type.startsWith("io.netty.");
		new ModelCheckingOptions().threads(threads)
			.actorsBefore(0)
			.actorsPerThread(length)
			.actorsAfter(0)
			.iterations(Math.max(1, scenarios * SHARE / 100))
			.invocationsPerIteration(schedules)
			.verifier(NothingThrown.class)
			.logLevel(LoggingLevel.ERROR)
			// Buffers are confined to one loop, and their allocator is not under test.
			.addGuarantee(ManagedStrategyGuaranteeKt.forClasses(buffers).allMethods().ignore())
			.check(operations);
	}

	/**
	 * Fail unless a condition holds.
	 * @param condition the condition
	 * @param broken the message of the failure
	 */
	public static void require(boolean condition, String broken) {
		if (!condition) {
			throw new AssertionError(broken);
		}
	}

	/**
	 * Accepts every result except an exception.
	 */
	public static final class NothingThrown implements Verifier {

		/**
		 * Create a verifier, as Lincheck does.
		 * @param specification not used
		 */
		@SuppressWarnings("UnusedVariable")
		public NothingThrown(Class<?> specification) {
		}

		@Override
		public boolean verifyResults(ExecutionScenario scenario, ExecutionResult results) {
			return results.getThreadsResultsWithClock()
				.stream()
				.flatMap((thread) -> thread.stream())
				.noneMatch((result) -> result.getResult() instanceof ExceptionResult);
		}

	}

}
