package dev.hellostream.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A certificate for 127.0.0.1 that signs itself, made by the JDK's keytool, and its
 * private key, both as PEM files.
 *
 * @param certificate the certificate's file
 * @param privateKey the file of the private key, not encrypted
 */
public record Certificate(Path certificate, Path privateKey) {

	private static final String PASSWORD = "of a test";

	private static final String ALIAS = "test";

	/**
	 * Make a certificate.
	 * @return one that no other test has
	 */
	public static Certificate create() {
		Path directory = ChildProcess.newDirectory("certificate");
		Path store = directory.resolve("store.p12");
		try (ChildProcess keytool = ChildProcess.start(
				List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias",
						ALIAS, "-keyalg", "EC", "-dname", "CN=test", "-ext", "SAN=IP:127.0.0.1", "-validity", "2",
						"-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD),
				directory, directory.resolve("keytool.log"), UnaryOperator.identity())) {
			if (keytool.awaitExit() != 0) {
				throw new IllegalStateException("keytool failed: " + keytool.output());
			}
			KeyStore keys = KeyStore.getInstance("PKCS12");
			try (InputStream input = Files.newInputStream(store)) {
				keys.load(input, PASSWORD.toCharArray());
			}
			return new Certificate(
					write(directory.resolve("certificate.pem"), "CERTIFICATE", keys.getCertificate(ALIAS).getEncoded()),
					write(directory.resolve("key.pem"), "PRIVATE KEY",
							keys.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Path write(Path file, String kind, byte[] encoded) throws IOException {
		String base64 = Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(encoded);
		return Files.write(file, "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(kind, base64)
			.getBytes(StandardCharsets.US_ASCII));
	}

}
