package dev.holdpoint.audit;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text form of keys. */
final class Pem {
    private Pem() {}

    /** The contents of all blocks with this label. */
    static List<byte[]> blocks(String pem, String label) throws UnusableKey {
        Matcher block = Pattern.compile("-----BEGIN " + label + "-----([^-]*)-----END " + label + "-----").matcher(pem);
        List<byte[]> contents = new ArrayList<>();
        while (block.find()) {
            try {
                contents.add(Base64.getDecoder().decode(block.group(1).replaceAll("\\s", "")));
            } catch (IllegalArgumentException notBase64) {
                throw new UnusableKey("a " + label + " block is not Base64");
            }
        }
        return contents;
    }

    static String block(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(content)
                + "\n-----END " + label + "-----\n";
    }
}
