package dev.hellostream.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate for 127.0.0.1, its private key, and the certificate of the authority that
 * has signed it, created by the JDK's keytool, each as a PEM file.
 *
 * @param authority the authority's certificate
 * @param certificate the certificate
 * @param privateKey the certificate's private key, not encrypted
 */
public record Certificate(Path authority, Path certificate, Path privateKey) {

	private static final String PASSWORD = "of a test";

	/**
	 * Create a certificate.
	 * @return a new certificate, signed by a new authority
	 */
	public static Certificate create() {
		Path directory = ChildProcess.newDirectory("certificate");
		Path store = directory.resolve("store.p12");
		generate(store, "authority", "-ext", "bc:c");
		generate(store, "test", "-signer", "authority", "-ext", "SAN=IP:127.0.0.1");
		try (InputStream input = Files.newInputStream(store)) {
			KeyStore keys = KeyStore.getInstance("PKCS12");
			keys.load(input, PASSWORD.toCharArray());
			return new Certificate(
					write(directory, "CERTIFICATE", "authority", keys.getCertificate("authority").getEncoded()),
					write(directory, "CERTIFICATE", "certificate", keys.getCertificate("test").getEncoded()),
					write(directory, "PRIVATE KEY", "key", keys.getKey("test", PASSWORD.toCharArray()).getEncoded()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Create a TLS context that trusts the certificates of the authority.
	 * @return a context for clients
	 */
	public SSLContext trusting() {
		try (InputStream input = Files.newInputStream(this.authority)) {
			KeyStore trusted = KeyStore.getInstance("PKCS12");
			trusted.load(null, null);
			trusted.setCertificateEntry("authority",
					CertificateFactory.getInstance("X.509").generateCertificate(input));
			TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
			trust.init(trusted);
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(null, trust.getTrustManagers(), null);
			return context;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void generate(Path store, String name, String... options) {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias",
						name, "-dname", "CN=" + name, "-keyalg", "EC", "-validity", "2", "-storetype", "PKCS12",
						"-keystore", store.toString(), "-storepass", PASSWORD));
		command.addAll(List.of(options));
		Path directory = store.toAbsolutePath().getParent();
		try (ChildProcess keytool = ChildProcess.start(command, directory, directory.resolve("keytool.log"),
				UnaryOperator.identity())) {
			if (keytool.awaitExit() != 0) {
				throw new IllegalStateException("keytool failed: " + keytool.output());
			}
		}
	}

	private static Path write(Path directory, String kind, String name, byte[] encoded) throws IOException {
		String base64 = Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(encoded);
		return Files.writeString(directory.resolve(name + ".pem"),
				"-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(kind, base64));
	}

}
