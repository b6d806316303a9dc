package dev.holdpoint.machine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Base64;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A key and its certificate, signed by itself: whoever trusts it trusts no other.
 * The files are made once for all tests.
 */
public record Identity(String name, String host) {
    /** The key stores need one; it protects nothing. */
    public static final String PASSWORD = "changeit";
    private static final Path FOLDER = Path.of("target/identities");
    private static final char[] LETTERS = PASSWORD.toCharArray();

    public Identity {
        try {
            Path store = store(name);
            if (!Files.exists(store)) {
                Files.createDirectories(FOLDER);
                Command.run(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair",
                        "-alias", name, "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=" + name,
                        "-ext", "san=" + host, "-validity", "3650", "-storetype", "PKCS12",
                        "-keystore", store.toString(), "-storepass", PASSWORD).orFail();
            }
            KeyStore keys = load(store);
            Files.writeString(file(name, "key"), pem("PRIVATE KEY", keys.getKey(name, LETTERS).getEncoded()));
            Files.writeString(file(name, "crt"), pem("CERTIFICATE", keys.getCertificate(name).getEncoded()));
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Of this machine, by its loopback address. */
    public static Identity of(String name) {
        return new Identity(name, "ip:127.0.0.1,dns:localhost");
    }

    public Path store() { return store(name); }

    public Path certificate() { return file(name, "crt"); }

    public Path key() { return file(name, "key"); }

    public PrivateKey privateKey() {
        try {
            return (PrivateKey) load(store()).getKey(name, LETTERS);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public X509Certificate x509() {
        try {
            return (X509Certificate) load(store()).getCertificate(name);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** How a client that trusts this one connects, itself without a certificate. */
    public SSLContext trusted() {
        return context(null);
    }

    /** How a client that trusts this one connects with its own certificate. */
    public SSLContext trustedBy(Identity client) {
        return context(client);
    }

    private SSLContext context(Identity client) {
        try {
            KeyStore anchors = KeyStore.getInstance("PKCS12");
            anchors.load(null, null);
            anchors.setCertificateEntry(name, x509());
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(anchors);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(client == null ? new KeyManager[0] : client.keyManagers(), trust.getTrustManagers(),
                    new SecureRandom());
            return context;
        } catch (GeneralSecurityException | IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private KeyManager[] keyManagers() throws GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(load(store()), LETTERS);
        return keys.getKeyManagers();
    }

    private static Path store(String name) { return file(name, "p12"); }

    private static Path file(String name, String kind) { return FOLDER.resolve(name + "." + kind).toAbsolutePath(); }

    private static KeyStore load(Path file) {
        try (InputStream bytes = Files.newInputStream(file)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(bytes, LETTERS);
            return keys;
        } catch (IOException | GeneralSecurityException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    private static String pem(String what, byte[] der) {
        return "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(der)
                + "\n-----END " + what + "-----\n";
    }
}
