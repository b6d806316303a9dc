package dev.holdpoint.disk;

import static dev.holdpoint.store.Bench.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;

import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.StringDataType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir Path folder;
    private Path directory;

    @BeforeEach
    void setUp() { directory = folder.resolve("some/data"); }

    @Test
    void directoryIsMadeForItsOwnerOnly() throws IOException {
        Disks.close(Disks.open(directory));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory))).isEqualTo("rwx------");
        assertThat(PosixFilePermissions
                .toString(Files.getPosixFilePermissions(directory.resolve(DataDirectory.FILE)))).isEqualTo("rw-------");
    }

    @Test
    void whatWasWrittenIsThereAtTheNextOpening() {
        Disk disk = Disks.open(directory);
        Scribe scribe = new Scribe(disk);
        got(disk.answer(() -> scribe.alone(() -> {
            scribe.put("table", "key", () -> "value");
            return null;
        })));
        Disks.close(disk);

        Disk again = Disks.open(directory);
        Map<String, String> rows = new TreeMap<>();
        again.read("table", rows::put);
        Disks.close(again);

        assertThat(rows).isEqualTo(Map.of("key", "value"));
    }

    @Test
    void directoryIsOfOneProcessAtATime() {
        Disk disk = Disks.open(directory);

        assertThatThrownBy(() -> Disks.open(directory))
                .hasMessage("The data directory " + directory + " is in use by another process.");

        Disks.close(disk);
        Disks.close(Disks.open(directory));
    }

    @Test
    void draftThatACrashLeftIsNoHindrance() throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve(DataDirectory.FILE + ".new"), "half a head");

        Disks.close(Disks.open(directory));
    }

    @Test
    void fileOfSomebodyElseIsLeftAloneAndStopsTheStart() throws IOException {
        Files.createDirectories(directory);
        Path file = directory.resolve(DataDirectory.FILE);
        String letter = "Dear reader, ".repeat(2_000);
        Files.writeString(file, letter);

        assertThatThrownBy(() -> Disks.open(directory)).isInstanceOf(DiskUnusable.class)
                .hasMessageContaining("was not written by Holdpoint");
        assertThat(file).hasContent(letter);

        Files.writeString(file, "");
        assertThatThrownBy(() -> Disks.open(directory)).isInstanceOf(DiskUnusable.class);
        assertThat(file).isEmptyFile();
    }

    @Test
    void storeOfAnotherProgramStopsTheStart() throws IOException {
        Files.createDirectories(directory);
        try (MVStore other = MVStore.open(directory.resolve(DataDirectory.FILE).toString())) {
            other.openMap("something").put("a", "b");
        }

        assertThatThrownBy(() -> Disks.open(directory)).isInstanceOf(DiskUnusable.class)
                .hasMessageContaining("it was not written by Holdpoint");
    }

    @Test
    void anotherFormatStopsTheStart() {
        Disks.close(Disks.open(directory));
        try (MVStore store = MVStore.open(directory.resolve(DataDirectory.FILE).toString())) {
            MVMap<String, String> about = store.openMap("about", new MVMap.Builder<String, String>()
                    .keyType(StringDataType.INSTANCE).valueType(StringDataType.INSTANCE));
            about.put("format", "2");
        }

        assertThatThrownBy(() -> Disks.open(directory)).isInstanceOf(DiskUnusable.class)
                .hasMessageContaining("it has format 2, but this version knows format 1 only");
    }

    @Test
    void directoryThatIsAFileStopsTheStart() throws IOException {
        Files.createDirectories(directory.getParent());
        Files.writeString(directory, "");

        assertThatThrownBy(() -> Disks.open(directory)).isInstanceOf(DiskUnusable.class)
                .hasMessageContaining("The data directory " + directory + " can't be opened");
    }
}
